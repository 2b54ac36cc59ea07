/* Deeds become sentences, in the words that deed_read.c understands. */
#include <string.h>

#include "deed.h"
#include "words.h"

#include "najimi/core/view.h"

static void write_duration(FILE *file, const char *name, usec_t value, usec_t usual)
{
	char text[DURATION_SIZE];

	if (value != usual)
		fprintf(file, ", %s %s", name, duration_text(value, text));
}

static void write_limits(FILE *file, const struct core_limits *limits)
{
	fprintf(file, "limits calls %u, agents %u, queues %u, memberships %u", limits->calls_max,
	        limits->agents_max, limits->queues_max, limits->memberships_max);
}

static void write_plan(FILE *file, const char *queue, const struct queue_plan *plan)
{
	const struct queue_plan *usual = &deed_plan;

	fprintf(file, "queue %s", queue);
	if (!plan->open)
		fprintf(file, ", closed");
	if (plan->overflows)
		fprintf(file, ", overflows");
	if (!plan->sticky)
		fprintf(file, ", not sticky");
	if (plan->priority != usual->priority)
		fprintf(file, ", priority %d", plan->priority);
	if (plan->in_turn)
		fprintf(file, ", in turn");
	if (plan->policy != usual->policy)
		fprintf(file, ", policy %s", deed_policies[plan->policy]);
	if (plan->skip_price != usual->skip_price)
		fprintf(file, ", skip_price %u", plan->skip_price);
	if (plan->line_max != usual->line_max)
		fprintf(file, ", line_max %u", plan->line_max);
	if (plan->waiting_max != usual->waiting_max)
		fprintf(file, ", waiting_max %u", plan->waiting_max);
	write_duration(file, "ring", plan->ring, usual->ring);
	write_duration(file, "wait_max", plan->wait_max, usual->wait_max);
	write_duration(file, "wrapup", plan->wrapup, usual->wrapup);
	write_duration(file, "service_level", plan->service_level, usual->service_level);
	write_duration(file, "short_abandon", plan->short_abandon, usual->short_abandon);
	write_duration(file, "window", plan->window, usual->window);
	write_duration(file, "wait_busy", plan->wait_busy, usual->wait_busy);
	write_duration(file, "min_talk", plan->min_talk, usual->min_talk);
	write_duration(file, "value", plan->value, usual->value);
	write_duration(file, "wait_idle", plan->wait_idle, usual->wait_idle);
	write_duration(file, "wait_skipped", plan->wait_skipped, usual->wait_skipped);
	write_duration(file, "credit", plan->credit, usual->credit);
	write_duration(file, "head_start", plan->head_start, usual->head_start);
	write_duration(file, "overtake_max", plan->overtake_max, usual->overtake_max);
	write_duration(file, "review", plan->review, usual->review);
	write_duration(file, "service_guard", plan->service_guard, usual->service_guard);
	write_duration(file, "talk_mean", plan->talk_mean, usual->talk_mean);
}

static void write_rules(FILE *file, const struct core_rules *rules)
{
	fprintf(file, "rules");
	for (int kind = 0; kind < MISS_KINDS; kind++)
		if (rules->misses_max[kind] != deed_rules.misses_max[kind])
			fprintf(file, ", %s %u", miss_kind_name((enum miss_kind)kind),
			        rules->misses_max[kind]);
	write_duration(file, "rona_return", rules->rona_return, deed_rules.rona_return);
	write_duration(file, "exclude_for", rules->exclude_for, deed_rules.exclude_for);
	write_duration(file, "ring_grace", rules->ring_grace, deed_rules.ring_grace);
	write_duration(file, "recall_max", rules->recall_max, deed_rules.recall_max);
	write_duration(file, "resume_max", rules->resume_max, deed_rules.resume_max);
}

static void write_memory(FILE *file, const struct cast *cast, const struct deed_caller *caller)
{
	char text[DURATION_SIZE];

	if (caller->known_count > 0)
		fprintf(file, "known to");
	for (unsigned i = 0; i < caller->known_count; i++)
		fprintf(file, "%s %s %s ago", i == 0 ? "" : ",",
		        cast->agents.items[caller->known[i].agent],
		        duration_text(caller->known[i].ago, text));
	if (!caller->left)
		return;
	fprintf(file, "%sleft %s %s ago", caller->known_count > 0 ? ", " : "",
	        cast->queues.items[caller->left_queue], duration_text(caller->left_ago, text));
	fprintf(file, " having waited %s", duration_text(caller->left_waited, text));
}

static void write_caller(FILE *file, const struct cast *cast, const struct deed_caller *caller)
{
	if (caller->kind == CALLER_UNSAID)
		return;
	fprintf(file, " (");
	switch (caller->kind) {
	case CALLER_UNSAID:
		break;
	case CALLER_NEW:
		fprintf(file, "new");
		break;
	case CALLER_WITHHELD:
		fprintf(file, "withheld");
		break;
	case CALLER_COMPANY:
		fprintf(file, "a company");
		break;
	case CALLER_MIXED:
		fprintf(file, "a mixed number");
		break;
	case CALLER_AGAIN:
		fprintf(file, "%s again", cast->calls.items[caller->again]);
		break;
	case CALLER_KNOWN:
		write_memory(file, cast, caller);
		break;
	}
	fprintf(file, ")");
}

static void write_wishes(FILE *file, const struct cast *cast, const struct deed *deed)
{
	char text[DURATION_SIZE];

	if (deed->has_queue)
		fprintf(file, " queue %s", cast->queues.items[deed->queue]);
	if (deed->has_priority)
		fprintf(file, " priority %d", deed->priority);
	for (unsigned i = 0; i < deed->needs_count; i++)
		fprintf(file, " needs %s %u", cast->skills.items[deed->needs[i].skill],
		        deed->needs[i].level);
	if (deed->has_needs && deed->needs_count == 0)
		fprintf(file, " needs nothing");
	if (deed->waited > 0)
		fprintf(file, " having waited %s", duration_text(deed->waited, text));
}

static void write_offer(FILE *file, const struct deed *deed)
{
	if (deed->offer > 0)
		fprintf(file, " offer %u", deed->offer);
}

static void write_service(FILE *file, const struct cast *cast, const struct deed *deed)
{
	fprintf(file, deed->keep_state ? " now serves" : " logs in to");
	for (unsigned i = 0; i < deed->queues_count; i++)
		fprintf(file, "%s %s", i == 0 ? "" : ",", cast->queues.items[deed->queues[i]]);
	if (deed->queues_count == 0)
		fprintf(file, " nothing");
	for (unsigned i = 0; i < deed->needs_count; i++)
		fprintf(file, "%s %s %u", i == 0 ? " with" : ",",
		        cast->skills.items[deed->needs[i].skill], deed->needs[i].level);
	if (deed->ready)
		fprintf(file, " and is ready");
}

static const char *ending(enum ended_by by)
{
	switch (by) {
	case BY_CALLER:
		return " hangs up";
	case BY_AGENT:
		return " is hung up by agent";
	case BY_SYSTEM:
		return " is hung up by system";
	case BY_LOSS:
		return " is lost";
	}
	return "";
}

static void write_call(FILE *file, const struct cast *cast, const struct deed *deed)
{
	fprintf(file, "%s", cast->calls.items[deed->call]);
	switch (deed->type) {
	case DEED_CALL_ARRIVES:
		write_caller(file, cast, &deed->caller);
		fprintf(file, " arrives in %s", cast->queues.items[deed->queue]);
		write_wishes(file, cast, deed);
		break;
	case DEED_CALL_CHANGES:
		fprintf(file, " changes to");
		write_wishes(file, cast, deed);
		if (deed->caller.kind != CALLER_UNSAID)
			fprintf(file, " caller");
		write_caller(file, cast, &deed->caller);
		break;
	case DEED_CALL_RINGS:
		fprintf(file, " rings");
		write_offer(file, deed);
		break;
	case DEED_CALL_ANSWERED:
		fprintf(file, " is answered");
		write_offer(file, deed);
		break;
	case DEED_CALL_FAILS:
		fprintf(file, " fails: %s", miss_kind_name(deed->miss));
		write_offer(file, deed);
		break;
	case DEED_CALL_HELD:
		fprintf(file, " is held");
		break;
	case DEED_CALL_RETRIEVED:
		fprintf(file, " is retrieved");
		break;
	case DEED_CALL_TRANSFERRED:
		fprintf(file, " is transferred to %s%s%s", deed->to_agent ? "" : "queue ",
		        deed->to_agent ? cast->agents.items[deed->agent]
		                       : cast->queues.items[deed->queue],
		        deed->consult ? " by consult" : "");
		break;
	default: /* deed_write() lets only calls' deeds come here */
		fprintf(file, "%s", ending(deed->by));
		break;
	}
}

static void write_agent(FILE *file, const struct cast *cast, const struct deed *deed)
{
	char text[DURATION_SIZE];

	fprintf(file, "%s", cast->agents.items[deed->agent]);
	switch (deed->type) {
	case DEED_AGENT_LOGS_IN:
		write_service(file, cast, deed);
		break;
	case DEED_AGENT_READY:
		fprintf(file, " is ready");
		break;
	case DEED_AGENT_PAUSES:
		fprintf(file, " pauses");
		break;
	case DEED_AGENT_LOGS_OUT:
		fprintf(file, " logs out");
		break;
	case DEED_AGENT_EXTENDS:
		fprintf(file, " extends wrapup by %s", duration_text(deed->extend, text));
		break;
	default: /* likewise */
		fprintf(file, " has telephone %s", device_state_name(deed->device));
		break;
	}
}

static void write_store(FILE *file, const struct cast *cast, const struct deed *deed)
{
	fprintf(file, "the store %s %s", deed->type == DEED_STORE_FAILS ? "fails for" : "answers",
	        cast->calls.items[deed->call]);
	write_caller(file, cast, &deed->caller);
}

void deed_write(FILE *file, const struct cast *cast, const struct deed *deed)
{
	char text[DURATION_SIZE];

	fprintf(file, "%8s  ", seconds_text(deed->at, text));
	switch (deed->type) {
	case DEED_TIME_PASSES:
		fprintf(file, "time passes");
		break;
	case DEED_LIMITS:
		write_limits(file, &deed->limits);
		break;
	case DEED_QUEUE:
		write_plan(file, cast->queues.items[deed->queue], &deed->plan);
		break;
	case DEED_RULES:
		write_rules(file, &deed->rules);
		break;
	case DEED_STORE_SILENT:
		fprintf(file, "the store is silent");
		break;
	case DEED_STORE_SPEAKS:
		fprintf(file, "the store speaks");
		break;
	case DEED_STORE_ANSWERS:
	case DEED_STORE_FAILS:
		write_store(file, cast, deed);
		break;
	case DEED_CALL_ARRIVES:
	case DEED_CALL_CHANGES:
	case DEED_CALL_RINGS:
	case DEED_CALL_ANSWERED:
	case DEED_CALL_FAILS:
	case DEED_CALL_HELD:
	case DEED_CALL_RETRIEVED:
	case DEED_CALL_TRANSFERRED:
	case DEED_CALL_ENDED:
		write_call(file, cast, deed);
		break;
	case DEED_AGENT_LOGS_IN:
	case DEED_AGENT_READY:
	case DEED_AGENT_PAUSES:
	case DEED_AGENT_LOGS_OUT:
	case DEED_AGENT_EXTENDS:
	case DEED_AGENT_TELEPHONE:
		write_agent(file, cast, deed);
		break;
	case DEED_CORE_COPIED:
		fprintf(file, "the core is copied");
		break;
	case DEED_DAEMON_RESTARTS:
		fprintf(file, "the daemon restarts");
		break;
	}
}

/* Deeds become sentences, in the words that deed_read.c understands. */
#include "deed.h"
#include "deed_plan.h"
#include "words.h"

#include "najimi/core/view.h"

static void write_limits(FILE *file, const struct core_limits *limits)
{
	fprintf(file, "limits calls %u, agents %u, queues %u, memberships %u", limits->calls_max,
	        limits->agents_max, limits->queues_max, limits->memberships_max);
}

/* Agents one after another, as long as they are known in the same way. */
static void write_known(FILE *file, const struct cast *cast, const struct deed_caller *caller)
{
	char text[DURATION_SIZE];

	for (unsigned i = 0; i < caller->known_count; i++) {
		bool pinned = caller->known[i].pinned;

		if (i > 0)
			fprintf(file, ", ");
		if (i == 0 || pinned != caller->known[i - 1].pinned)
			fprintf(file, pinned ? "pinned to " : "known to ");
		fprintf(file, "%s %s ago", cast->agents.items[caller->known[i].agent],
		        duration_text(caller->known[i].ago, text));
	}
}

static void write_memory(FILE *file, const struct cast *cast, const struct deed_caller *caller)
{
	const char *comma = caller->known_count > 0 ? ", " : "";
	char text[DURATION_SIZE];

	write_known(file, cast, caller);
	for (unsigned i = 0; i < caller->never_count; i++) {
		fprintf(file, "%snever %s", comma, cast->agents.items[caller->never[i]]);
		comma = ", ";
	}
	if (caller->tier > 0) {
		fprintf(file, "%stier %u", comma, caller->tier);
		comma = ", ";
	}
	if (caller->holdout) {
		fprintf(file, "%sin the holdout", comma);
		comma = ", ";
	}
	if (!caller->left)
		return;
	fprintf(file, "%sleft %s %s ago", comma, cast->queues.items[caller->left_queue],
	        duration_text(caller->left_ago, text));
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
	if (deed->releases)
		fprintf(file, " anybody");
	if (deed->has_tier)
		fprintf(file, " tier %u", deed->tier);
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
	if (deed->team > 0)
		fprintf(file, " in team %u", deed->team);
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
	char text[DURATION_SIZE];

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
		if (deed->ring != 0)
			fprintf(file, " for %s", duration_text(deed->ring, text));
		write_offer(file, deed);
		break;
	case DEED_CALL_ANSWERED:
		fprintf(file, " is answered");
		write_offer(file, deed);
		break;
	case DEED_CALL_FAILS:
		fprintf(file, " fails: %s%s", miss_kind_name(deed->miss),
		        deed->blameless ? " without blame" : "");
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
		if (deed->has_asked)
			fprintf(file, " in %s", cast->calls.items[deed->asked]);
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
		fprintf(file, deed->brief ? " pauses briefly" : " pauses");
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
		fprintf(file, "queue %s", cast->queues.items[deed->queue]);
		plan_write(file, &deed->plan);
		break;
	case DEED_RULES:
		fprintf(file, "rules");
		rules_write(file, &deed->rules);
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

#include "rpc_decision.h"

#define REJECT_CODE 480 /* SIP: temporarily unavailable */

/* An agent who is not known by name (before the first login after a start) is null. */
static void write_name(struct json_out *out, const char *name, struct directory *directory,
                       struct agent_id id)
{
	const struct agent_card *card = directory_agent(directory, id);

	json_text(out, name, card == NULL ? NULL : card->name);
}

/* Without the closing bracket. */
static void begin_sticky(struct json_out *out, struct directory *directory,
                         enum sticky_result result, enum sticky_why why,
                         const struct known_agent *preferred)
{
	json_object(out, "sticky");
	json_text(out, "result", sticky_result_name(result));
	if (why != WHY_NONE)
		json_text(out, "why", sticky_why_name(why));
	if (preferred->at != 0) {
		write_name(out, "preferred", directory, preferred->agent);
		json_instant(out, "last_contact", preferred->at);
		if (preferred->pinned)
			json_bool(out, "pinned", true);
	}
}

void write_sticky(struct json_out *out, struct directory *directory, enum sticky_result result,
                  enum sticky_why why, const struct known_agent *preferred)
{
	begin_sticky(out, directory, result, why, preferred);
	json_object_end(out);
}

static void write_connect(struct json_out *out, struct directory *directory,
                          const struct decision *decision)
{
	const struct agent_card *agent = directory_agent(directory, decision->agent);

	json_text(out, "agent", agent == NULL ? NULL : agent->name);
	json_text(out, "target", agent == NULL ? NULL : agent->target);
	json_uint(out, "offer", decision->offer);
	json_ms(out, "ring_ms", decision->ring);
	begin_sticky(out, directory, decision->sticky, decision->why, &decision->preferred);
	if (decision->preferred.at != 0)
		json_ms(out, "waited_for_ms", decision->waited_for);
	json_object_end(out);
}

static void write_place(struct json_out *out, struct directory *directory,
                        const struct decision *decision)
{
	json_uint(out, "position", decision->position);
	json_ms(out, "estimated_wait_ms", decision->estimated_wait);
	begin_sticky(out, directory, decision->sticky, decision->why, &decision->preferred);
	if (decision->sticky == STICKY_WAITING)
		json_ms(out, "until_ms", decision->until);
	json_object_end(out);
}

/* Without the closing bracket. */
static void begin_decision(struct json_out *out, const char *name, struct directory *directory,
                           const char *call_id, const char *client, const struct decision *decision)
{
	const char *to = directory_queue_overflow(directory, decision->queue);
	enum decision_kind kind = decision->kind;

	/* The core does not know whether there is a place to overflow to. */
	if (kind == DECIDE_OVERFLOW && to[0] == '\0')
		kind = DECIDE_REJECT;
	json_object(out, name);
	json_text(out, "call_id", call_id);
	if (client != NULL)
		json_text(out, "client", client);
	json_text(out, "action", decision_kind_name(kind));
	switch (kind) {
	case DECIDE_CONNECT:
		write_connect(out, directory, decision);
		break;
	case DECIDE_QUEUE:
		write_place(out, directory, decision);
		break;
	case DECIDE_OVERFLOW:
		json_text(out, "to", to);
		json_text(out, "reason", decision_reason_name(decision->reason));
		break;
	case DECIDE_REJECT:
		json_int(out, "code", REJECT_CODE);
		json_text(out, "reason", decision_reason_name(decision->reason));
		break;
	}
}

void write_decision(struct json_out *out, const char *name, struct directory *directory,
                    const char *call_id, const char *client, const struct decision *decision)
{
	begin_decision(out, name, directory, call_id, client, decision);
	json_object_end(out);
}

void write_telling(struct json_out *out, struct directory *directory, const char *call_id,
                   const char *client, const struct decision *decision)
{
	begin_decision(out, NULL, directory, call_id, client, decision);
	json_bool(out, "tell", true);
	json_object_end(out);
}

/* Whoever polls, or lost the answer, learns of an overflow only from here: where the
 * caller is to go is said again. */
void write_ended(struct json_out *out, const char *name, struct directory *directory,
                 const char *call_id, const struct contact *contact)
{
	bool turned_away =
	        contact->outcome == OUTCOME_OVERFLOW || contact->outcome == OUTCOME_REJECTED;
	const char *to = directory_queue_overflow(directory, contact->queue);

	json_object(out, name);
	json_text(out, "call_id", call_id);
	json_text(out, "action", "ended");
	json_text(out, "outcome", call_outcome_name(contact->outcome));
	if (contact->outcome == OUTCOME_OVERFLOW && to[0] != '\0')
		json_text(out, "to", to);
	else if (turned_away)
		json_int(out, "code", REJECT_CODE);
	json_object_end(out);
}

void write_outcome(struct json_out *out, const char *contact, const struct contact *facts,
                   struct directory *directory)
{
	json_text(out, "outcome", call_outcome_name(facts->outcome));
	json_text(out, "queue", directory_queue_name(directory, facts->queue));
	json_text(out, "by", ended_by_name(facts->by));
	json_text(out, "contact", contact);
	write_name(out, "agent", directory, facts->agent);
	json_instant(out, "arrived_at", facts->arrived_at);
	json_instant(out, "ended_at", facts->ended_at);
	json_ms(out, "wait_ms", facts->wait);
	json_ms(out, "ring_ms", facts->ring);
	json_ms(out, "talk_ms", facts->talk);
	json_ms(out, "hold_ms", facts->hold);
	json_uint(out, "legs", facts->legs);
	write_sticky(out, directory, facts->sticky, facts->why, &facts->preferred);
}

/* --- calls --- */

/* What is not known is left out: lists are long. */
static void write_known_text(struct json_out *out, const char *name, const char *value)
{
	if (value[0] != '\0')
		json_text(out, name, value);
}

static void write_known_instant(struct json_out *out, const char *name, usec_t at)
{
	if (at != 0 && at != USEC_NEVER)
		json_instant(out, name, at);
}

static void write_caller(struct json_out *out, const struct call_facts *facts, bool numbers)
{
	/* A withheld number is not shown to anybody; "from" might be it. */
	if (facts->restricted) {
		json_bool(out, "restricted", true);
	} else if (numbers) {
		write_known_text(out, "from", facts->from);
		write_known_text(out, "number", facts->number);
	}
	write_known_text(out, "customer_id", facts->customer_id);
	write_known_text(out, "to", facts->to);
	write_known_text(out, "tier", facts->tier);
	write_known_text(out, "reason", facts->reason);
	write_known_text(out, "case_id", facts->case_id);
	json_text(out, "channel", facts->channel[0] == '\0' ? "voice" : facts->channel);
}

static void write_needs(struct json_out *out, struct directory *directory,
                        const struct call_record *record)
{
	json_array(out, "skills");
	for (size_t i = 0; i < record->needs_count; i++) {
		json_object(out, NULL);
		json_text(out, "name", directory_skill_name(directory, record->needs[i].skill));
		json_uint(out, "min", record->needs[i].min);
		json_object_end(out);
	}
	json_array_end(out);
}

void write_call(struct json_out *out, const char *name, struct directory *directory,
                const struct call_card *card, const struct call_record *record,
                enum call_detail detail, bool numbers)
{
	json_object(out, name);
	json_text(out, "call_id", card->facts.name);
	json_text(out, "client", card->facts.client);
	json_text(out, "queue", directory_queue_name(directory, record->queue));
	json_text(out, "state", call_state_name(record->state));
	json_instant(out, "since", record->since);
	json_instant(out, "arrived_at", record->arrived_at);
	write_name(out, "agent", directory, record->agent);
	json_uint(out, "offer", record->offer);
	if (detail != CALL_BRIEF) {
		json_int(out, "priority", record->priority);
		write_known_instant(out, "answered_at", record->answered_at);
		write_known_instant(out, "overflow_at", record->overflow_at);
		write_known_instant(out, "ring_until", record->ring_until);
		json_uint(out, "legs", record->legs);
		write_caller(out, &card->facts, numbers);
	}
	if (detail == CALL_WHOLE) {
		write_needs(out, directory, record);
		json_raw(out, "data",
		         card->facts.data[0] == '\0' || !numbers ? TEXT("null")
		                                                 : text_of(card->facts.data));
		json_raw(out, "caller",
		         card->story == NULL || !numbers ? TEXT("null") : text_of(card->story));
	}
	write_sticky(out, directory, record->sticky, record->why,
	             record->known_count > 0 ? &record->known[0]
	                                     : &(struct known_agent){ .at = 0 });
	json_object_end(out);
}

/* --- agents --- */

/* Why they are in this state, as a word; NULL when the state says it all. */
static const char *why_of(const struct agent_record *record)
{
	switch (record->state) {
	case AGENT_LOGGED_OUT:
	case AGENT_READY:
		return NULL;
	case AGENT_OFFERED:
	case AGENT_TALKING:
		return "call";
	case AGENT_WRAPUP:
		return "after_call";
	case AGENT_PAUSED:
		return pause_cause_name(record->cause);
	}
	return NULL;
}

static void write_queues(struct json_out *out, struct directory *directory,
                         const struct agent_record *record)
{
	json_array(out, "queues");
	for (size_t i = 0; i < record->queues_count; i++)
		json_text(out, NULL, directory_queue_name(directory, record->queues[i]));
	json_array_end(out);
}

static void write_skills(struct json_out *out, struct directory *directory,
                         const struct agent_record *record)
{
	json_object(out, "skills");
	for (size_t i = 0; i < SKILLS_MAX; i++) {
		if (record->levels[i] == 0)
			continue;
		json_name_text(out, text_of(directory_skill_name(directory, (skill_index)i)));
		json_uint(out, NULL, record->levels[i]);
	}
	json_object_end(out);
}

static void write_agent_call(struct json_out *out, struct directory *directory,
                             const struct agent_record *record)
{
	const struct call_card *call = directory_call(directory, record->call);

	json_text(out, "call", call == NULL ? NULL : call->facts.name);
	if (call != NULL)
		json_text(out, "client", call->facts.client);
}

static void write_misses(struct json_out *out, const struct agent_record *record)
{
	json_object(out, "misses");
	for (int i = 0; i < MISS_KINDS; i++)
		if (record->misses[i] > 0)
			json_uint(out, miss_kind_name((enum miss_kind)i), record->misses[i]);
	json_object_end(out);
}

void write_agent(struct json_out *out, const char *name, struct directory *directory,
                 const struct agent_card *card, const struct agent_record *record,
                 enum agent_detail detail)
{
	static const struct agent_record nobody = { .state = AGENT_LOGGED_OUT };
	const struct agent_options *options = directory_agent_options(directory, card->name);
	bool paused;

	if (record == NULL)
		record = &nobody;
	paused = record->state == AGENT_PAUSED || record->pending == PENDING_PAUSE;
	json_object(out, name);
	json_text(out, "agent", card->name);
	json_text(out, "state", agent_state_name(record->state));
	json_instant(out, "since", record->since);
	json_instant(out, "until", record->until);
	json_text(out, "pending",
	          record->pending == PENDING_NOTHING ? NULL : agent_pending_name(record->pending));
	json_text(out, "reason",
	          paused && card->pause_reason[0] != '\0' ? card->pause_reason : NULL);
	json_text(out, "why", why_of(record));
	json_bool(out, "unreachable", record->device == DEVICE_UNREACHABLE);
	write_agent_call(out, directory, record);
	if (detail != AGENT_BRIEF)
		write_queues(out, directory, record);
	if (detail == AGENT_WHOLE) {
		if (paused && record->brief)
			json_bool(out, "brief", true);
		if (options != NULL && options->team[0] != '\0')
			json_text(out, "team", options->team);
		json_text(out, "device", device_state_name(record->device));
		json_text(out, "target", card->target);
		json_instant(out, "idle_since", record->idle_since);
		json_bool(out, "configured", card->configured);
		write_misses(out, record);
		write_skills(out, directory, record);
	}
	json_object_end(out);
}

/* --- queues --- */

static void write_outcomes(struct json_out *out, const struct queue_stats *stats)
{
	json_object(out, "outcomes");
	for (int i = 0; i < CALL_OUTCOMES; i++)
		json_uint(out, call_outcome_name((enum call_outcome)i), stats->outcomes[i]);
	json_object_end(out);
}

static void write_stickiness(struct json_out *out, const struct queue_stats *stats)
{
	json_object(out, "sticky");
	for (int i = 0; i < STICKY_RESULTS; i++)
		if (i != STICKY_WAITING)
			json_uint(out, sticky_result_name((enum sticky_result)i), stats->sticky[i]);
	json_object_end(out);
	json_uint(out, "returning_answered", stats->returning_answered);
}

void write_queue(struct json_out *out, const char *name, const char *queue,
                 const struct queue_view *view, const struct queue_stats *stats, usec_t now)
{
	json_object(out, name);
	json_text(out, "queue", queue);
	json_bool(out, "open", view->plan.open);
	json_uint(out, "recalling", view->recalling);
	json_uint(out, "waiting", view->waiting);
	json_uint(out, "holding", view->holding);
	json_uint(out, "offered", view->offered);
	json_uint(out, "talking", view->talking);
	json_uint(out, "held", view->held);
	json_ms(out, "oldest_wait_ms",
	        view->oldest_at == 0 || view->oldest_at > now ? 0 : now - view->oldest_at);
	json_ms(out, "estimated_wait_ms", view->estimated_wait);
	json_uint(out, "waiting_max", view->plan.waiting_max);
	json_object(out, "agents");
	for (int i = 0; i < AGENT_STATES; i++)
		json_uint(out, agent_state_name((enum agent_state)i), view->agents[i]);
	json_uint(out, "unreachable", view->unreachable);
	json_object_end(out);
	if (stats != NULL) {
		json_uint(out, "arrived", stats->offered);
		write_outcomes(out, stats);
		json_uint(out, "answered_in_time", stats->answered_in_time);
		json_uint(out, "service_missed", stats->service_missed);
		write_stickiness(out, stats);
	}
	json_object_end(out);
}

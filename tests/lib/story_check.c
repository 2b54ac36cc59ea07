/* Checks: what a story says is so, asked of the core's views. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "story.h"
#include "words.h"

static int differs(struct err *err, const char *what, const char *said, const char *is)
{
	return err_set(err, -EPROTO, "%s is %s, not %s", what, is, said);
}

/* "until 12.0s": an instant of the story. */
static int check_instant(struct words *words, const char *what, usec_t value, struct err *err)
{
	char said_text[DURATION_SIZE], is_text[DURATION_SIZE];
	usec_t said = 0;
	usec_t is = value == 0 || value == USEC_NEVER ? USEC_NEVER : value - STORY_START;
	int r = words_duration(words, &said, err);

	if (r < 0 || said == is)
		return r;
	return differs(err, what, seconds_text(said, said_text), seconds_text(is, is_text));
}

static int check_span(struct words *words, const char *what, usec_t value, struct err *err)
{
	char said_text[DURATION_SIZE], is_text[DURATION_SIZE];
	usec_t said = 0;
	int r = words_duration(words, &said, err);

	if (r < 0 || said == value)
		return r;
	return differs(err, what, seconds_text(said, said_text), seconds_text(value, is_text));
}

static int check_count(struct words *words, const char *what, uint64_t value, struct err *err)
{
	long said = 0;
	int r = words_number(words, 0, INT32_MAX, &said, err);

	if (r < 0 || (uint64_t)said == value)
		return r;
	return err_set(err, -EPROTO, "%s is %" PRIu64 ", not %ld", what, value, said);
}

static int check_word(struct words *words, const char *what, const char *is, struct err *err)
{
	const char *said = words_take(words);

	return strcmp(said, is) == 0 ? 0 : differs(err, what, said, is);
}

static int check_agent(struct story *story, unsigned agent, struct words *words, struct err *err)
{
	struct agent_record record = { .state = AGENT_LOGGED_OUT };
	int r;

	if (!core_get_agent(story->core, story->agents[agent], &record))
		return err_set(err, -EPROTO, "nobody of that name ever logged in");
	r = check_word(words, "the state", agent_state_name(record.state), err);
	while (r == 0 && words_peek(words) != NULL) {
		if (words_skip(words, "because"))
			r = check_word(words, "the cause", pause_cause_name(record.cause), err);
		else if (words_skip(words, "pending"))
			r = check_word(words, "pending", agent_pending_name(record.pending), err);
		else if (words_skip(words, "with telephone"))
			r = check_word(words, "the telephone", device_state_name(record.device),
			               err);
		else if (words_skip(words, "until"))
			r = check_instant(words, "the end", record.until, err);
		else if (words_skip(words, "since"))
			r = check_instant(words, "the start", record.since, err);
		else if (words_skip(words, "team"))
			r = check_count(words, "the team", record.team, err);
		else if (words_skip(words, "briefly"))
			r = record.brief ? 0 : err_set(err, -EPROTO, "it is no brief pause");
		else if (words_skip(words, "idle since"))
			r = check_instant(words, "the turn", record.idle_since, err);
		else
			r = err_set(err, -EINVAL, "'%s' cannot be checked of an agent",
			            words_peek(words));
	}
	return r;
}

/* What is compared when the caller may hold out at a price. Worth and price are those of a
 * second. */
static int check_price(struct story *story, const struct call_record *record, struct words *words,
                       struct err *err)
{
	struct hold_view view;

	if (!core_get_hold(story->core, record->id, &view))
		return err_set(err, -EPROTO, "the caller does not wait at a price");
	if (words_skip(words, "value"))
		return check_span(words, "the value", view.value, err);
	if (words_skip(words, "worth"))
		return check_span(words, "what a second is worth", view.worth, err);
	if (words_skip(words, "price"))
		return check_span(words, "the price", view.price, err);
	if (words_skip(words, "ahead"))
		return check_count(words, "the number of those ahead", view.ahead, err);
	if (words_skip(words, "refused by"))
		return check_word(words, "what forbids it", sticky_why_name(view.why), err);
	return err_set(err, -EINVAL, "'%s' cannot be checked of a call", words_peek(words));
}

static int check_call_member(struct story *story, const struct call_record *record,
                             struct words *words, struct err *err)
{
	struct decision decision = { .position = 0 };

	(void)core_get_decision(story->core, record->id, &decision);
	if (words_skip(words, "at"))
		return check_count(words, "the place", decision.position, err);
	if (words_skip(words, "in"))
		return check_word(words, "the queue", story->cast.queues.items[record->queue], err);
	if (words_skip(words, "with"))
		return check_word(words, "the agent", story_agent_name(story, record->agent), err);
	if (words_skip(words, "for"))
		return check_word(words, "the own agent",
		                  story_agent_name(story, decision.preferred.agent), err);
	if (words_skip(words, "until"))
		return check_instant(words, "the end of patience", record->hold_until, err);
	if (words_skip(words, "since"))
		return check_instant(words, "the arrival", record->arrived_at, err);
	if (words_skip(words, "offer"))
		return check_count(words, "the offer", record->offer, err);
	if (words_skip(words, "legs"))
		return check_count(words, "the number of legs", record->legs, err);
	if (words_skip(words, "priority"))
		return check_count(words, "the priority", (uint64_t)record->priority, err);
	if (words_skip(words, "sticky"))
		return check_word(words, "sticky", sticky_result_name(decision.sticky), err);
	if (words_skip(words, "why"))
		return check_word(words, "the reason", sticky_why_name(decision.why), err);
	if (words_skip(words, "rings until"))
		return check_instant(words, "the end of ringing", record->ring_until, err);
	if (words_skip(words, "passed since"))
		return check_instant(words, "the first decline", record->passed_at, err);
	if (words_skip(words, "extra wait"))
		return check_span(words, "the extra wait", record->extra_wait, err);
	if (words_skip(words, "tier"))
		return check_count(words, "the tier", record->tier, err);
	if (words_skip(words, "holdout"))
		return record->holdout ? 0 : err_set(err, -EPROTO, "not in the holdout");
	return check_price(story, record, words, err);
}

static int check_call(struct story *story, unsigned call, struct words *words, struct err *err)
{
	struct call_record record;
	int r;

	if (!core_get_call(story->core, story->calls[call].id, &record))
		return words_skip(words, "gone") ? 0 : err_set(err, -EPROTO, "the call is gone");
	r = check_word(words, "the state", call_state_name(record.state), err);
	while (r == 0 && words_peek(words) != NULL)
		r = check_call_member(story, &record, words, err);
	return r;
}

static int check_named(struct words *words, const struct queue_stats *stats, struct err *err)
{
	if (words_skip(words, "sticky"))
		for (int i = 0; i < STICKY_RESULTS; i++)
			if (words_skip(words, sticky_result_name((enum sticky_result)i)))
				return check_count(words, "that many", stats->sticky[i], err);
	if (words_skip(words, "fallthrough"))
		for (int i = 0; i < STICKY_WHYS; i++)
			if (words_skip(words, sticky_why_name((enum sticky_why)i)))
				return check_count(words, "that many", stats->fallthrough[i], err);
	if (words_skip(words, "misses"))
		for (int i = 0; i < MISS_KINDS; i++)
			if (words_skip(words, miss_kind_name((enum miss_kind)i)))
				return check_count(words, "that many", stats->misses[i], err);
	for (int i = 0; i < CALL_OUTCOMES; i++)
		if (words_skip(words, call_outcome_name((enum call_outcome)i)))
			return check_count(words, call_outcome_name((enum call_outcome)i),
			                   stats->outcomes[i], err);
	return err_set(err, -EINVAL, "'%s' cannot be checked of a queue",
	               words_peek(words) == NULL ? "" : words_peek(words));
}

static int check_members(struct words *words, const struct queue_view *view, struct err *err)
{
	for (int i = 0; i < AGENT_STATES; i++)
		if (words_skip(words, agent_state_name((enum agent_state)i)))
			return check_count(words, "that many", view->agents[i], err);
	if (words_skip(words, "unreachable"))
		return check_count(words, "that many", view->unreachable, err);
	return err_set(err, -EINVAL, "'agents' of which state?");
}

/* "service level 1 of 2": in time, of all that count. */
static int check_service(struct words *words, const struct queue_stats *stats, struct err *err)
{
	int r = check_count(words, "answered in time", stats->answered_in_time, err);

	if (r == 0 && !words_skip(words, "of"))
		return err_set(err, -EINVAL, "service level so many OF so many");
	return r < 0 ? r
	             : check_count(words, "all that count",
	                           stats->answered_in_time + stats->service_missed, err);
}

static int check_queue_member(struct words *words, const struct queue_view *view,
                              const struct queue_stats *stats, struct err *err)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {
		{ "held out", stats->held_out },
		{ "in vain", stats->held_in_vain },
		{ "recalling", view->recalling },
		{ "waiting", view->waiting },
		{ "ringing", view->offered },
		{ "talking", view->talking },
		{ "held", view->held },
		{ "holding", view->holding },
		{ "arrived", stats->offered },
		{ "offers", stats->offers },
		{ "resumed", stats->resumed },
		{ "reachable", stats->own_reachable },
		{ "overtaken", stats->overtaken },
	};

	if (words_skip(words, "service level"))
		return check_service(words, stats, err);
	if (words_skip(words, "value"))
		return check_span(words, "the value", view->value, err);
	if (words_skip(words, "overtaken for"))
		return check_span(words, "the wait of the overtaken", stats->overtaken_wait, err);
	if (words_skip(words, "kept idle"))
		return check_span(words, "the time kept idle", stats->kept_idle, err);
	if (words_skip(words, "extra wait"))
		return check_span(words, "the extra wait", stats->sticky_wait.sum, err);
	if (words_skip(words, "agents"))
		return check_members(words, view, err);
	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		if (words_skip(words, counts[i].name))
			return check_count(words, counts[i].name, counts[i].value, err);
	return check_named(words, stats, err);
}

static int check_queue(struct story *story, unsigned queue, struct words *words, struct err *err)
{
	const struct queue_stats *stats = core_queue_stats(story->core, (queue_index)queue);
	struct queue_view view;
	int r = 0;

	if (stats == NULL || !core_get_queue(story->core, (queue_index)queue, &view))
		return err_set(err, -EPROTO, "no such queue");
	while (r == 0 && words_peek(words) != NULL)
		r = check_queue_member(words, &view, stats, err);
	return r;
}

static unsigned find_name(const struct names *names, const char *name)
{
	for (unsigned i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return i;
	return CAST_NOBODY;
}

/* "alice for c1: could" */
static int check_judgement(struct story *story, unsigned agent, struct words *words,
                           struct err *err)
{
	unsigned call = find_name(&story->cast.calls, words_take(words));

	if (call == CAST_NOBODY)
		return err_set(err, -EINVAL, "no call of that name");
	return check_word(
	        words, "the judgement",
	        verdict_name(core_judge(story->core, story->calls[call].id, story->agents[agent])),
	        err);
}

int story_check(struct story *story, const char *text, struct err *err)
{
	struct words words;
	unsigned call, agent, queue;
	const char *subject;
	int r = words_cut(&words, text, err);

	if (r < 0)
		return r;
	if (story->core == NULL)
		return err_set(err, -EINVAL, "nothing has happened yet");
	if (words_skip(&words, "next timer at"))
		return check_instant(&words, "the next timer", core_deadline(story->core), err);
	subject = words_take(&words);
	call = find_name(&story->cast.calls, subject);
	agent = find_name(&story->cast.agents, subject);
	queue = find_name(&story->cast.queues, subject);
	if (call != CAST_NOBODY && words_skip(&words, "is"))
		r = check_call(story, call, &words, err);
	else if (agent != CAST_NOBODY && words_skip(&words, "is"))
		r = check_agent(story, agent, &words, err);
	else if (agent != CAST_NOBODY && words_skip(&words, "for"))
		r = check_judgement(story, agent, &words, err);
	else if (queue != CAST_NOBODY)
		r = check_queue(story, queue, &words, err);
	else
		r = err_set(err, -EINVAL, "nobody is called '%s'", subject);
	if (r == 0 && words_peek(&words) != NULL)
		r = err_set(err, -EINVAL, "'%s' is too much", words_peek(&words));
	return r;
}

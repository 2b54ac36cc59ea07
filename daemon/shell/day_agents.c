#include <stdlib.h>

#include "daybook_private.h"

/* What is counted of agents: where their time goes, what they did. Time is counted when
 * it is over, and says up to when it is counted: so it goes on after a restart.
 *
 * A row is written when a talk is over, at both ends of a hold, at logins and at the ends of
 * pauses, not four times in each call: Redis has other work. Should we die in between, no
 * time of the agent is lost: the record of their call says since when they talk, or hold.
 * What was before that, since the last row, is not divided any more. */

static struct day_agent *find(const struct daybook *daybook, struct agent_id id)
{
	return agent_id_set(id) && id.slot < daybook->agents_max ? &daybook->agents[id.slot] : NULL;
}

/* Today's, made when it is first needed. NULL: out of memory. */
static struct agent_day *day_of(struct daybook *daybook, struct day_agent *agent, uint32_t slot)
{
	struct agent_id id = { slot, agent->gen };

	if (agent->row == NULL)
		agent->row = row_new(daybook, DAY_ROW_AGENT,
		                     directory_agent_name(daybook->directory, id));
	return agent->row == NULL ? NULL : row_agent(agent->row);
}

static void tell(struct daybook *daybook, struct day_agent *agent)
{
	if (agent->row != NULL)
		row_has_news(daybook, agent->row);
}

static void add_time(const struct day_agent *agent, struct agent_day *day, usec_t until)
{
	usec_t spent;

	if (agent->activity == ACTIVITY_LOGGED_OUT || until <= agent->from)
		return;
	/* Whole milliseconds of the clock: pieces add up to what they are pieces of. */
	spent = (until / MSEC(1) - agent->from / MSEC(1)) * MSEC(1);
	day->spent[agent->activity] += spent;
	if (agent->activity == ACTIVITY_PAUSED)
		agent_day_pause(day, agent->reason, spent);
}

static void count_time(struct daybook *daybook, struct day_agent *agent, uint32_t slot,
                       usec_t until)
{
	struct agent_day *day;

	if (agent->activity != ACTIVITY_LOGGED_OUT && until > agent->from) {
		day = day_of(daybook, agent, slot);
		if (day == NULL)
			return; /* counted with the next piece */
		add_time(agent, day, until);
		day->until = until;
	}
	agent->from = until;
}

static enum agent_activity activity_of(const struct core *core, const struct agent_record *agent)
{
	struct call_record call;

	switch (agent->state) {
	case AGENT_LOGGED_OUT:
		return ACTIVITY_LOGGED_OUT;
	case AGENT_READY:
		return ACTIVITY_READY;
	case AGENT_OFFERED:
		return ACTIVITY_RING;
	case AGENT_TALKING:
		return core_get_call(core, agent->call, &call) && call.state == CALL_HELD
		               ? ACTIVITY_HOLD
		               : ACTIVITY_TALK;
	case AGENT_WRAPUP:
		return ACTIVITY_WRAPUP;
	case AGENT_PAUSED:
		return ACTIVITY_PAUSED;
	}
	return ACTIVITY_LOGGED_OUT;
}

static const char *reason_of(struct daybook *daybook, const struct agent_record *agent)
{
	const struct agent_card *card;

	if (agent->state != AGENT_PAUSED)
		return "";
	if (agent->cause == PAUSE_RONA)
		return "rona";
	card = directory_agent(daybook->directory, agent->id);
	return card == NULL ? "" : daybook_reason(daybook, text_of(card->pause_reason));
}

static bool is_talk(enum agent_activity activity)
{
	return activity == ACTIVITY_TALK || activity == ACTIVITY_HOLD;
}

static bool is_away(enum agent_activity activity)
{
	return activity == ACTIVITY_LOGGED_OUT || activity == ACTIVITY_PAUSED;
}

static void count_misses(struct daybook *daybook, struct day_agent *agent,
                         const struct agent_record *record)
{
	for (unsigned i = 0; i < MISS_KINDS; i++) {
		struct agent_day *day;

		if (record->misses[i] > agent->misses[i]) {
			day = day_of(daybook, agent, record->id.slot);
			if (day != NULL)
				day->misses[i] += record->misses[i] - agent->misses[i];
			tell(daybook, agent);
		}
		agent->misses[i] = record->misses[i];
	}
}

/* An agent may be offered the next caller in the very step in which the one before goes. */
static bool is_rung_anew(const struct core *core, struct day_agent *agent,
                         const struct agent_record *record)
{
	struct call_record call;

	if (record->state != AGENT_OFFERED || !core_get_call(core, record->call, &call))
		return false;
	if (agent->rung.call.slot == record->call.slot &&
	    agent->rung.call.gen == record->call.gen && agent->rung.offer == call.offer)
		return false;
	agent->rung.call = record->call;
	agent->rung.offer = call.offer;
	return true;
}

static void count_offer(struct daybook *daybook, struct day_agent *agent,
                        const struct agent_record *record)
{
	struct agent_day *day;

	if (!is_rung_anew(loop_core(daybook->loop), agent, record))
		return;
	day = day_of(daybook, agent, record->id.slot);
	if (day != NULL)
		day->offers++;
}

static void count_turn(struct daybook *daybook, struct day_agent *agent,
                       const struct agent_record *record, enum agent_activity next)
{
	bool handled = is_talk(agent->activity) && !is_talk(next);
	struct agent_day *day = day_of(daybook, agent, record->id.slot);

	if (day == NULL)
		return;
	day->handled += handled;
	day->until = agent->from; /* who was not there begins now */
	day->then = next;
	if (handled || is_away(next) || is_away(agent->activity) ||
	    (is_talk(next) && is_talk(agent->activity)))
		tell(daybook, agent);
}

/* Wrap-up is counted, by the core, where the talk was; it is of the last talk. */
static void follow_talk(struct daybook *daybook, struct day_agent *agent,
                        const struct agent_record *record, enum agent_activity next)
{
	struct call_record call;

	if (agent->activity == ACTIVITY_WRAPUP && next != ACTIVITY_WRAPUP) {
		daybook_touch(daybook, agent->queue);
		day_wrapup_over(daybook, agent, record->id);
	}
	if (is_talk(next) && core_get_call(loop_core(daybook->loop), record->call, &call)) {
		agent->queue = call.queue;
		agent->call = record->call;
	}
	if (next == ACTIVITY_WRAPUP)
		day_wrapup_goes_on(agent, record);
}

/* The first that is seen of the agent. What was counted before a restart was counted up
 * to an instant. */
static void meet(struct daybook *daybook, struct day_agent *agent,
                 const struct agent_record *record, enum agent_activity activity)
{
	usec_t now = core_now(loop_core(daybook->loop));

	agent->known = true;
	agent->gen = record->id.gen;
	agent->activity = activity;
	agent->reason = reason_of(daybook, record);
	agent->from = now;
	agent->queue = QUEUE_NONE;
	agent->call = is_talk(activity) ? record->call : (struct call_id){ 0 };
	day_wrapup_goes_on(agent, record);
	memcpy(agent->misses, record->misses, sizeof(agent->misses));
}

/* Somebody comes. */
static void begin(struct daybook *daybook, struct day_agent *agent,
                  const struct agent_record *record, enum agent_activity activity)
{
	struct agent_day *day;

	meet(daybook, agent, record, activity);
	if (activity == ACTIVITY_LOGGED_OUT)
		return;
	day = day_of(daybook, agent, record->id.slot);
	if (day == NULL)
		return;
	day->until = agent->from;
	day->then = activity;
	tell(daybook, agent);
}

void daybook_agent_changed(struct daybook *daybook, struct agent_id id)
{
	const struct core *core = loop_core(daybook->loop);
	struct day_agent *agent = find(daybook, id);
	enum agent_activity activity;
	struct agent_record record;
	const char *reason;

	if (agent == NULL || !daybook->open || !core_get_agent(core, id, &record))
		return;
	daybook_advance(daybook, core_now(core));
	activity = activity_of(core, &record);
	if (!agent->known)
		begin(daybook, agent, &record, activity);
	count_offer(daybook, agent, &record);
	count_misses(daybook, agent, &record);
	follow_talk(daybook, agent, &record, activity);
	reason = reason_of(daybook, &record);
	if (activity == agent->activity && strcmp(reason, agent->reason) == 0)
		return;
	count_time(daybook, agent, id.slot, core_now(core));
	count_turn(daybook, agent, &record, activity);
	agent->activity = activity;
	agent->reason = reason;
}

/* What the agent did between the last that was written and what they do now. Who is ready
 * after a talk has wrapped up; what else there was is mostly waiting. */
static void fill_gap(struct daybook *daybook, struct day_agent *agent, uint32_t slot, usec_t began)
{
	struct agent_day *day = agent->row == NULL ? NULL : row_agent(agent->row);
	struct day_agent before = *agent;

	if (day == NULL || day->until == 0 || day->until >= began)
		return;
	before.from = day->until;
	before.activity = day->then;
	if (day->then == ACTIVITY_WRAPUP && agent->activity != ACTIVITY_READY)
		before.activity = ACTIVITY_READY;
	count_time(daybook, &before, slot, began);
}

/* When the day of which that is some instant is over; 0: it is of another day. */
static usec_t end_of_day(const struct day_row *row, usec_t at)
{
	struct site_hour day, next;

	site_clock_read(at, &day);
	site_clock_read(day.midnight + HOUR(30), &next);
	return strcmp(day.day, row->day) == 0 ? next.midnight : 0;
}

/* Nobody was there at that day's midnight: it is divided now. Days on which nobody was
 * there at all have no time of agents. */
static void finish_past(struct daybook *daybook, const struct day_agent *agent, uint32_t slot,
                        usec_t since)
{
	struct day_agent past = *agent;
	usec_t end = end_of_day(&agent->past->row, row_agent(agent->past)->until);

	past.row = agent->past;
	past.from = since < end ? since : end;
	if (past.from < row_agent(past.row)->until)
		past.from = row_agent(past.row)->until;
	fill_gap(daybook, &past, slot, past.from);
	count_time(daybook, &past, slot, end);
	row_agent(past.row)->then = agent->activity;
	tell(daybook, &past);
	row_retire(daybook, past.row);
}

static void restore_past(struct daybook *daybook, struct day_agent *agent, uint32_t slot,
                         usec_t since)
{
	const struct agent_day *day = row_agent(agent->past);

	if (end_of_day(&agent->past->row, day->until) != 0 &&
	    (day->then != ACTIVITY_LOGGED_OUT || agent->activity != ACTIVITY_LOGGED_OUT))
		finish_past(daybook, agent, slot, since);
	else
		row_free(daybook, agent->past);
	agent->past = NULL;
}

/* An activity that began before the restart goes on from where it was counted last; it
 * is today's from midnight on. */
void day_agents_restored(struct daybook *daybook)
{
	const struct core *core = loop_core(daybook->loop);
	struct agent_id id;

	for (uint32_t from = 0; core_next_agent(core, from, &id); from = id.slot + 1) {
		struct day_agent *agent = find(daybook, id);
		struct agent_record record;
		usec_t began;

		if (agent == NULL || !core_get_agent(core, id, &record))
			continue;
		meet(daybook, agent, &record, activity_of(core, &record));
		(void)is_rung_anew(core, agent, &record); /* it was counted then */
		began = record.since;
		if (agent->row != NULL && row_agent(agent->row)->until > began)
			began = row_agent(agent->row)->until;
		if (began < daybook->now.midnight)
			began = daybook->now.midnight;
		if (began < agent->from)
			agent->from = began;
		fill_gap(daybook, agent, id.slot, agent->from);
		if (agent->past != NULL)
			restore_past(daybook, agent, id.slot, record.since);
	}
}

void day_agent_met_own(struct daybook *daybook, struct agent_id id)
{
	struct day_agent *agent = find(daybook, id);
	struct agent_day *day;

	if (agent == NULL || !agent->known || !daybook->open)
		return;
	day = day_of(daybook, agent, id.slot);
	if (day == NULL)
		return;
	day->own++;
	tell(daybook, agent);
}

void daybook_settle(struct daybook *daybook)
{
	usec_t now = core_now(loop_core(daybook->loop));

	if (!daybook->open)
		return;
	daybook_collect(daybook, true);
	for (uint32_t i = 0; i < daybook->agents_max; i++) {
		struct day_agent *agent = &daybook->agents[i];

		if (!agent->known || agent->activity == ACTIVITY_LOGGED_OUT)
			continue;
		count_time(daybook, agent, i, now);
		if (agent->row != NULL)
			row_agent(agent->row)->then = agent->activity;
		tell(daybook, agent);
	}
}

void day_agents_turn(struct daybook *daybook, usec_t midnight)
{
	for (uint32_t i = 0; i < daybook->agents_max; i++) {
		struct day_agent *agent = &daybook->agents[i];

		if (agent->known)
			count_time(daybook, agent, i, midnight);
		tell(daybook, agent);
		row_retire(daybook, agent->row);
		agent->row = NULL;
	}
}

/* Whoever is there has a row from midnight on, which says what they do: so a restart
 * finds it. */
void day_agents_begin(struct daybook *daybook)
{
	for (uint32_t i = 0; i < daybook->agents_max; i++) {
		struct day_agent *agent = &daybook->agents[i];
		struct agent_day *day;

		if (!agent->known || agent->activity == ACTIVITY_LOGGED_OUT)
			continue;
		day = day_of(daybook, agent, i);
		if (day == NULL)
			continue;
		day->until = agent->from;
		day->then = agent->activity;
		tell(daybook, agent);
	}
}

void day_agents_clear(struct daybook *daybook)
{
	for (uint32_t i = 0; daybook->agents != NULL && i < daybook->agents_max; i++) {
		row_free(daybook, daybook->agents[i].row);
		row_free(daybook, daybook->agents[i].past);
		daybook->agents[i] = (struct day_agent){ 0 };
	}
}

bool day_agent_load(struct daybook *daybook, const struct day_row *row, bool today)
{
	const struct agent_card *card = directory_know_agent(daybook->directory, row->name);
	struct day_agent *agent = card == NULL ? NULL : find(daybook, card->id);
	struct row **kept;

	if (agent == NULL)
		return false;
	agent->gen = card->id.gen;
	kept = today ? &agent->row : &agent->past;
	if (*kept == NULL)
		*kept = row_new(daybook, DAY_ROW_AGENT, card->name);
	if (*kept == NULL)
		return false;
	memcpy((*kept)->row.day, row->day, DAY_SIZE);
	*row_agent(*kept) = *row->agent;
	return true;
}

bool daybook_agent_today(const struct daybook *daybook, struct agent_id id, usec_t now,
                         struct agent_day *ret)
{
	const struct day_agent *agent = find(daybook, id);

	if (agent == NULL || !daybook->open || agent->gen != id.gen ||
	    (agent->row == NULL && (!agent->known || agent->activity == ACTIVITY_LOGGED_OUT)))
		return false;
	*ret = agent->row == NULL ? (struct agent_day){ 0 } : *agent->row->row.agent;
	if (agent->known)
		add_time(agent, ret, now);
	ret->until = now;
	ret->then = agent->activity;
	return true;
}

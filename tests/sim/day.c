#include "day.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "najimi/base/rng.h"

static const char *const agents[] = { "alice", "bob",   "carol", "dave", "erin",  "frank",
	                              "grace", "heidi", "ivan",  "judy", "kevin", "laura" };
static const char *const queues[] = { "sales", "support", "night" };
static const char *const skills[] = { "french", "german" };

/* How often what happens, in parts of the sum. */
static const struct chance {
	enum deed_type type;
	unsigned parts;
} chances[] = {
	{ DEED_TIME_PASSES, 4 },     { DEED_QUEUE, 1 },          { DEED_RULES, 1 },
	{ DEED_STORE_SILENT, 2 },    { DEED_STORE_SPEAKS, 3 },   { DEED_STORE_ANSWERS, 4 },
	{ DEED_STORE_FAILS, 1 },     { DEED_CALL_ARRIVES, 40 },  { DEED_CALL_CHANGES, 5 },
	{ DEED_CALL_RINGS, 3 },      { DEED_CALL_ANSWERED, 50 }, { DEED_CALL_FAILS, 16 },
	{ DEED_CALL_HELD, 3 },       { DEED_CALL_RETRIEVED, 3 }, { DEED_CALL_TRANSFERRED, 10 },
	{ DEED_CALL_ENDED, 34 },     { DEED_AGENT_LOGS_IN, 8 },  { DEED_AGENT_READY, 18 },
	{ DEED_AGENT_PAUSES, 5 },    { DEED_AGENT_LOGS_OUT, 3 }, { DEED_AGENT_EXTENDS, 2 },
	{ DEED_AGENT_TELEPHONE, 6 }, { DEED_CORE_COPIED, 2 },    { DEED_DAEMON_RESTARTS, 2 },
};

/* What holds for the whole day. */
struct day {
	uint64_t rng;
	unsigned calls, agents, queues;
	usec_t grain; /* instants are multiples of it, so that some of them meet */
	/* What a reload does not change in mid-day: running deadlines would have been
	 * set by the old value or the new one, and both are right. */
	usec_t ring_grace, service_level, short_abandon;
};

static unsigned below(struct day *day, unsigned limit)
{
	return rng_below(&day->rng, limit);
}

static bool one_in(struct day *day, unsigned n)
{
	return below(day, n) == 0;
}

/* 0 now and then: a limit that is not there is a limit worth trying. */
static usec_t span(struct day *day, unsigned seconds)
{
	return one_in(day, 4)
	               ? 0
	               : day->grain * (1 + below(day, (unsigned)(SEC(seconds) / day->grain)));
}

static usec_t gap(struct day *day)
{
	static const unsigned seconds[] = { 0, 0, 0, 1, 1, 2, 2, 4, 4, 10, 30, 100 };
	unsigned most = seconds[below(day, ARRAY_LEN(seconds))];

	return most == 0 ? 0 : day->grain * below(day, (unsigned)(SEC(most) / day->grain));
}

static void invent_plan(struct day *day, struct queue_plan *plan)
{
	*plan = deed_plan;
	plan->open = !one_in(day, 12);
	plan->sticky = !one_in(day, 6);
	plan->priority = (int16_t)below(day, 2);
	plan->line_max = (uint16_t)below(day, 3);
	plan->waiting_max = 1 + below(day, 6);
	plan->ring = SEC(1) + span(day, 20);
	plan->wait_max = one_in(day, 3) ? USEC_NEVER : SEC(20) + span(day, 60);
	plan->wrapup = span(day, 12);
	plan->service_level = day->service_level;
	plan->short_abandon = day->short_abandon;
	plan->window = one_in(day, 4) ? HOUR(30) : HOUR(24) * 7;
	plan->wait_busy = span(day, 30);
	plan->min_talk = span(day, 10);
}

static void invent_rules(struct day *day, struct core_rules *rules)
{
	*rules = deed_rules;
	for (int kind = 0; kind < MISS_KINDS; kind++)
		rules->misses_max[kind] = (uint16_t)below(day, 3);
	rules->rona_return = span(day, 60);
	rules->exclude_for = span(day, 60);
	rules->ring_grace = day->ring_grace;
	rules->resume_max = span(day, 60);
}

static void invent_needs(struct day *day, struct deed *deed, unsigned one_of, unsigned levels)
{
	for (unsigned i = 0; i < ARRAY_LEN(skills); i++)
		if (one_in(day, one_of)) {
			deed->needs[deed->needs_count].skill = i;
			deed->needs[deed->needs_count++].level = 1 + below(day, levels);
		}
	deed->has_needs = deed->needs_count > 0;
}

static void invent_caller(struct day *day, struct deed_caller *caller)
{
	unsigned first = below(day, day->agents);

	switch (below(day, 12)) {
	case 0:
		caller->kind = CALLER_WITHHELD;
		return;
	case 1:
		caller->kind = CALLER_COMPANY;
		return;
	case 2:
		caller->kind = CALLER_MIXED;
		return;
	case 3:
		caller->kind = CALLER_NEW;
		return;
	case 4:
	case 5:
	case 6:
		caller->kind = CALLER_AGAIN;
		caller->again = below(day, day->calls);
		return;
	default:
		break;
	}
	caller->kind = CALLER_KNOWN;
	caller->known_count = 1 + below(day, KNOWN_MAX);
	for (unsigned i = 0; i < caller->known_count; i++) {
		caller->known[i].agent = (first + i) % day->agents;
		caller->known[i].ago = HOUR(20) * (1 + below(day, 3)) * (i + 1);
	}
	caller->left = one_in(day, 4);
	if (caller->left) {
		caller->left_queue = below(day, day->queues);
		caller->left_ago = SEC(1 + below(day, 60));
		caller->left_waited = SEC(1 + below(day, 30));
	}
}

static void invent_arrival(struct day *day, struct deed *deed)
{
	invent_caller(day, &deed->caller);
	deed->has_priority = one_in(day, 3);
	deed->priority = deed->has_priority ? (int)below(day, 4) - 1 : 0;
	deed->waited = one_in(day, 6) ? SEC(1 + below(day, 10)) : 0;
	invent_needs(day, deed, 6, 3);
}

static void invent_change(struct day *day, struct deed *deed)
{
	deed->has_queue = one_in(day, 3);
	deed->has_priority = one_in(day, 3);
	deed->priority = deed->has_priority ? (int)below(day, 4) - 1 : 0;
	invent_needs(day, deed, 4, 3);
	deed->has_needs |= one_in(day, 4);
	if (one_in(day, 3))
		invent_caller(day, &deed->caller);
}

static void invent_login(struct day *day, struct deed *deed)
{
	for (unsigned i = 0; i < day->queues; i++)
		if (!one_in(day, 3))
			deed->queues[deed->queues_count++] = i;
	deed->ready = one_in(day, 2);
	deed->keep_state = !deed->ready && one_in(day, 3);
	invent_needs(day, deed, 2, 4);
}

static enum deed_type choose_type(struct day *day)
{
	unsigned sum = 0, at;

	for (size_t i = 0; i < ARRAY_LEN(chances); i++)
		sum += chances[i].parts;
	at = below(day, sum);
	for (size_t i = 0;; i++) {
		if (at < chances[i].parts)
			return chances[i].type;
		at -= chances[i].parts;
	}
}

static void invent_deed(struct day *day, struct deed *deed)
{
	deed->type = choose_type(day);
	deed->call = below(day, day->calls);
	deed->agent = below(day, day->agents);
	deed->queue = below(day, day->queues);
	switch (deed->type) {
	case DEED_QUEUE:
		invent_plan(day, &deed->plan);
		break;
	case DEED_RULES:
		invent_rules(day, &deed->rules);
		break;
	case DEED_STORE_ANSWERS:
		if (one_in(day, 2))
			invent_caller(day, &deed->caller);
		break;
	case DEED_CALL_ARRIVES:
		invent_arrival(day, deed);
		break;
	case DEED_CALL_CHANGES:
		invent_change(day, deed);
		break;
	case DEED_CALL_RINGS:
	case DEED_CALL_ANSWERED:
	case DEED_CALL_FAILS:
		deed->offer = one_in(day, 8) ? 1 + below(day, 3) : 0;
		deed->miss = (enum miss_kind)below(day, MISS_KINDS);
		break;
	case DEED_CALL_TRANSFERRED:
		deed->to_agent = !one_in(day, 3);
		deed->consult = deed->to_agent && one_in(day, 3);
		break;
	case DEED_CALL_ENDED:
		deed->by = one_in(day, 8) ? BY_LOSS : (enum ended_by)below(day, 3);
		break;
	case DEED_AGENT_LOGS_IN:
		invent_login(day, deed);
		break;
	case DEED_AGENT_EXTENDS:
		deed->extend = span(day, 20);
		break;
	case DEED_AGENT_TELEPHONE:
		deed->device = one_in(day, 2) ? DEVICE_REACHABLE
		                              : (enum device_state)below(day, DEVICE_BUSY + 1);
		break;
	default:
		break; /* the type says all */
	}
}

static void name_all(struct cast *cast, const struct day *day)
{
	char name[CAST_NAME_MAX];

	memset(cast, 0, sizeof(*cast));
	for (unsigned i = 0; i < day->calls; i++) {
		snprintf(name, sizeof(name), "c%u", i + 1);
		names_index(&cast->calls, CAST_CALLS_MAX, name);
	}
	for (unsigned i = 0; i < ARRAY_LEN(agents); i++)
		names_index(&cast->agents, CAST_AGENTS_MAX, agents[i]);
	for (unsigned i = 0; i < day->queues; i++)
		names_index(&cast->queues, CAST_QUEUES_MAX, queues[i]);
	for (unsigned i = 0; i < ARRAY_LEN(skills); i++)
		names_index(&cast->skills, CAST_SKILLS_MAX, skills[i]);
}

/* Limits, rules, queues; then everybody logs in: the centre opens. */
static size_t open_centre(struct day *day, struct deed *deeds)
{
	size_t count = 0;

	deeds[count] = (struct deed){ .type = DEED_LIMITS };
	deeds[count++].limits =
	        (struct core_limits){ .calls_max = day->calls - 2,
		                      .agents_max = day->agents,
		                      .queues_max = day->queues,
		                      .memberships_max = day->agents * day->queues };
	deeds[count] = (struct deed){ .type = DEED_RULES };
	invent_rules(day, &deeds[count++].rules);
	for (unsigned i = 0; i < day->queues; i++) {
		deeds[count] = (struct deed){ .type = DEED_QUEUE, .queue = i };
		invent_plan(day, &deeds[count++].plan);
	}
	for (unsigned i = 0; i < day->agents; i++) {
		deeds[count] = (struct deed){ .type = DEED_AGENT_LOGS_IN, .agent = i };
		invent_login(day, &deeds[count++]);
	}
	return count;
}

/* Last of all, so that the days are otherwise what they were. */
static void invent_elsewhere(struct day *day, struct deed *deeds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (deeds[i].type == DEED_QUEUE)
			deeds[i].plan.overflows = one_in(day, 3);
}

void day_invent(uint64_t seed, struct cast *cast, struct deed *deeds, size_t count)
{
	struct day day = { .rng = seed };
	bool large = one_in(&day, 5);
	usec_t at = 0;
	size_t i;

	/* The calls have names for two more than there is room for. */
	day.calls = large ? 30 + below(&day, 30) : 8 + below(&day, 7);
	day.agents = large ? 6 + below(&day, 7) : 2 + below(&day, 3);
	day.queues = 2 + below(&day, 2);
	day.grain = one_in(&day, 3) ? MSEC(1) : MSEC(500);
	day.ring_grace = span(&day, 5);
	day.service_level = span(&day, 20);
	day.short_abandon = span(&day, 5);
	name_all(cast, &day);
	assert(count >= DAY_DEEDS_MIN && count <= DAY_DEEDS_MAX);
	for (i = open_centre(&day, deeds); i < count; i++) {
		deeds[i] = (struct deed){ 0 };
		at += gap(&day);
		deeds[i].at = at;
		invent_deed(&day, &deeds[i]);
	}
	invent_elsewhere(&day, deeds, count);
}

static void invent_habits(struct day *day, struct queue_plan *plan)
{
	plan->skips_skills = one_in(day, 4);
	plan->after_hours = one_in(day, 4);
	plan->prefers_team = one_in(day, 3);
	plan->overflows = one_in(day, 3);
	plan->absent_overflows = one_in(day, 4);
}

static void invent_patience(struct day *day, struct queue_plan *plan)
{
	plan->wait_paused = span(day, 30);
	plan->wait_brief = span(day, 30);
	plan->wait_away = span(day, 30);
}

static void invent_price(struct day *day, struct queue_plan *plan)
{
	plan->value = one_in(day, 12) ? 0 : SEC(5) << below(day, 8);
	plan->skip_price = (uint16_t)(below(day, 5) * 250);
	plan->wait_idle = span(day, 60);
	plan->wait_skipped = span(day, 60);
	plan->credit = one_in(day, 3) ? USEC_NEVER : span(day, 60);
	plan->head_start = SEC(below(day, 2) * below(day, 60));
	plan->overtake_max = one_in(day, 3) ? USEC_NEVER : span(day, 90);
	plan->review = SEC(1) + span(day, 10);
	plan->service_guard = one_in(day, 2) ? USEC_NEVER : span(day, 60);
	plan->talk_mean = SEC(4) << below(day, 5);
	plan->agent_calls = (uint16_t)(one_in(day, 3) ? 1 + below(day, 4) : 0);
	plan->target_extra_wait = one_in(day, 5) ? span(day, 10) : 0;
}

static void invent_policy(struct day *day, struct queue_plan *plan)
{
	static const enum sticky_policy policies[] = {
		POLICY_RATE,      POLICY_RATE, POLICY_RATE,  POLICY_RATE,   POLICY_LOOSE,
		POLICY_OWN_FIRST, POLICY_OFF,  POLICY_FIXED, POLICY_STRICT, POLICY_NEW_AGENT
	};

	plan->policy = policies[below(day, ARRAY_LEN(policies))];
	plan->in_turn = one_in(day, 2);
	invent_price(day, plan);
	plan->wait_wrapup = span(day, 30);
	for (size_t i = 0; i < ARRAY_LEN(plan->familiarity); i++)
		plan->familiarity[i] = (uint16_t)(below(day, 5) * 250);
	plan->candidates = (uint16_t)below(day, KNOWN_MAX + 1);
	plan->fade = one_in(day, 2) ? 0 : HOUR(1 + below(day, 60));
	plan->ring_own = one_in(day, 2) ? 0 : SEC(1) + span(day, 10);
	plan->ewt_guard = one_in(day, 3) ? span(day, 20) : 0;
	plan->load_max = (uint16_t)(one_in(day, 4) ? 1 + below(day, 1000) : 0);
	plan->transfer_credit = (enum transfer_credit)below(day, TRANSFER_CREDITS);
}

static void invent_tiers(struct day *day, struct core_rules *rules)
{
	rules->tiers_count = (uint16_t)below(day, 4);
	for (unsigned i = 0; i < rules->tiers_count; i++)
		rules->tiers[i] = (struct tier_plan){
			.head_start = SEC(below(day, 2) * below(day, 60)),
			.value_share = (uint16_t)(below(day, 5) * 500),
			.price_share = (uint16_t)(1 + below(day, 5) * 500),
			.wait_idle = one_in(day, 2) ? USEC_NEVER : span(day, 60),
			.wait_skipped = one_in(day, 2) ? USEC_NEVER : span(day, 60),
		};
}

static void invent_person(struct day *day, struct deed_caller *caller)
{
	if (caller->kind != CALLER_KNOWN)
		return;
	caller->known[0].pinned = one_in(day, 5);
	caller->never_count = one_in(day, 4) ? 1 + below(day, ARRAY_LEN(caller->never)) : 0;
	for (unsigned i = 0; i < caller->never_count; i++)
		caller->never[i] = below(day, day->agents);
	caller->tier = one_in(day, 3) ? below(day, 4) : 0;
	caller->holdout = one_in(day, 10);
}

/* What all policies have in common, in a deed that was invented for the fixed wait. */
static void add_wishes(struct day *day, struct deed *deed)
{
	switch (deed->type) {
	case DEED_CALL_ARRIVES:
	case DEED_CALL_CHANGES:
		invent_person(day, &deed->caller);
		deed->has_tier = one_in(day, 4);
		deed->tier = deed->has_tier ? below(day, 4) : 0;
		break;
	case DEED_STORE_ANSWERS:
		invent_person(day, &deed->caller);
		break;
	case DEED_AGENT_LOGS_IN:
		deed->team = below(day, 3);
		break;
	case DEED_AGENT_PAUSES:
		deed->brief = one_in(day, 2);
		break;
	default:
		break;
	}
}

static unsigned count_agents(const struct deed *deeds, size_t count)
{
	unsigned most = 0;

	for (size_t i = 0; i < count; i++)
		if (deeds[i].type == DEED_AGENT_LOGS_IN && deeds[i].agent >= most)
			most = deeds[i].agent + 1;
	return most;
}

void day_set_telling(uint64_t seed, struct deed *deeds, size_t count)
{
	struct day day = { .rng = seed ^ UINT64_C(0xd1b54a32d192ed03), .grain = SEC(1) };

	for (size_t i = 0; i < count; i++) {
		struct queue_plan *plan = &deeds[i].plan;

		if (deeds[i].type != DEED_QUEUE || one_in(&day, 2))
			continue;
		plan->tell_after = one_in(&day, 4) ? 0 : span(&day, 20);
		plan->tell_every = one_in(&day, 4) ? USEC_NEVER : SEC(5) + span(&day, 30);
	}
}

void day_set_plain_policies(uint64_t seed, struct deed *deeds, size_t count)
{
	static const enum sticky_policy policies[] = { POLICY_OFF,       POLICY_LOOSE,
		                                       POLICY_OWN_FIRST, POLICY_FIXED,
		                                       POLICY_STRICT,    POLICY_NEW_AGENT };
	struct day day = { .rng = seed ^ UINT64_C(0x9e3779b97f4a7c15), .grain = SEC(1) };

	day.agents = count_agents(deeds, count);
	for (size_t i = 0; i < count; i++) {
		struct queue_plan *plan = &deeds[i].plan;

		add_wishes(&day, &deeds[i]);
		if (deeds[i].type != DEED_QUEUE)
			continue;
		plan->policy = policies[below(&day, ARRAY_LEN(policies))];
		plan->in_turn = one_in(&day, 2);
		plan->candidates = (uint16_t)below(&day, KNOWN_MAX + 1);
		plan->ring_own = one_in(&day, 2) ? 0 : SEC(1) + span(&day, 10);
		plan->wait_wrapup = span(&day, 30);
	}
}

void day_set_policies(uint64_t seed, struct deed *deeds, size_t count)
{
	struct day day = { .rng = seed ^ UINT64_C(0x9e3779b97f4a7c15), .grain = SEC(1) };
	bool patient = one_in(&day, 3), tiers = one_in(&day, 2);

	day.agents = count_agents(deeds, count);
	for (size_t i = 0; i < count; i++) {
		struct deed *deed = &deeds[i];

		add_wishes(&day, deed);
		if (deed->type == DEED_RULES && tiers)
			invent_tiers(&day, &deed->rules);
		if (deed->type != DEED_QUEUE)
			continue;
		invent_policy(&day, &deed->plan);
		invent_habits(&day, &deed->plan);
		if (patient)
			invent_patience(&day, &deed->plan);
	}
}

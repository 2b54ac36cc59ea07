#ifndef TESTS_FLOOR_H
#define TESTS_FLOOR_H

/* A small call centre for the core's unit tests. Every event is followed by
 * core_check(), and what was due before it has happened. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "najimi/core/core.h"
#include "najimi/core/view.h"

#include "state.h"

#define FLOOR_CALLS 200
#define FLOOR_AGENTS 200
#define FLOOR_QUEUES 4
#define FLOOR_START SEC(1800000000)
#define REQUEST 77

struct floor {
	struct core *core;
	struct core_actions out;
	usec_t now;
};

static inline struct call_id call_at(uint32_t slot)
{
	return (struct call_id){ .slot = slot, .gen = 1 };
}

static inline struct agent_id agent_at(uint32_t slot)
{
	return (struct agent_id){ .slot = slot, .gen = 1 };
}

static inline void step_now(struct floor *floor, struct core_event *ev)
{
	ev->at = floor->now;
	core_step(floor->core, ev, &floor->out);
	core_check(floor->core);
}

/* Everything that is due up to and with this instant. */
static inline void pass_to(struct floor *floor, usec_t at)
{
	usec_t due;

	while ((due = core_deadline(floor->core)) <= at) {
		struct core_event ev = { .type = EVT_TIME_PASSED };

		floor->now = due;
		step_now(floor, &ev);
	}
	floor->now = at;
}

static inline void step(struct floor *floor, struct core_event *ev)
{
	if (ev->type != EVT_TIME_PASSED)
		pass_to(floor, floor->now);
	step_now(floor, ev);
}

static inline void pass(struct floor *floor, usec_t span)
{
	pass_to(floor, floor->now + span);
}

static inline struct queue_plan usual_plan(void)
{
	return (struct queue_plan){
		.open = true,
		.sticky = true,
		.line_max = 3,
		.waiting_max = 1000,
		.ring = SEC(20),
		.wait_max = USEC_NEVER,
		.wrapup = SEC(10),
		.service_level = SEC(20),
		.short_abandon = SEC(5),
		.window = HOUR(24 * 7),
		.wait_busy = SEC(20),
		.wait_wrapup = SEC(20),
		.familiarity = { 600, 400 },
		.min_talk = SEC(15),
	};
}

static inline struct core_rules usual_rules(void)
{
	return (struct core_rules){
		.exclude_for = MINUTE(2),
		.ring_grace = SEC(2),
		.recall_max = MSEC(50),
		.resume_max = MINUTE(5),
	};
}

static inline void set_plan(struct floor *floor, queue_index queue, struct queue_plan plan)
{
	struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

	ev.queue_configured.queue = queue;
	ev.queue_configured.plan = plan;
	step(floor, &ev);
}

static inline void set_rules(struct floor *floor, struct core_rules rules)
{
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .rules = rules };

	step(floor, &ev);
}

static inline struct core_limits floor_limits(void)
{
	return (struct core_limits){
		.calls_max = FLOOR_CALLS,
		.agents_max = FLOOR_AGENTS,
		.queues_max = FLOOR_QUEUES,
		.memberships_max = FLOOR_AGENTS + 4,
	};
}

/* Queues 0 to 2 with the usual plan, queue 3 never configured; nobody there yet. */
static inline void floor_open(struct floor *floor)
{
	struct core_limits limits = floor_limits();

	memset(floor, 0, sizeof(*floor));
	floor->core = core_new(&limits);
	assert_non_null(floor->core);
	floor->now = FLOOR_START;
	for (queue_index i = 0; i < FLOOR_QUEUES - 1; i++)
		set_plan(floor, i, usual_plan());
	set_rules(floor, usual_rules());
}

static inline void floor_close(struct floor *floor)
{
	core_check(floor->core);
	floor->core = core_free(floor->core);
}

/* Events, each with a request. */

static inline void log_in(struct floor *floor, uint32_t slot, queue_index queue, bool ready)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN, .request = REQUEST };

	ev.agent_logged_in.agent = agent_at(slot);
	ev.agent_logged_in.ready = ready;
	ev.agent_logged_in.queues_count = 1;
	ev.agent_logged_in.queues[0] = queue;
	step(floor, &ev);
}

static inline void tell_agent(struct floor *floor, enum core_event_type type, uint32_t slot)
{
	struct core_event ev = { .type = type, .request = REQUEST };

	ev.agent_ready.agent = agent_at(slot);
	step(floor, &ev);
}

static inline void set_device(struct floor *floor, uint32_t slot, enum device_state device)
{
	struct core_event ev = { .type = EVT_AGENT_DEVICE_CHANGED, .request = REQUEST };

	ev.agent_device_changed.agent = agent_at(slot);
	ev.agent_device_changed.device = device;
	step(floor, &ev);
}

static inline struct core_event arrival(uint32_t slot, queue_index queue)
{
	struct core_event ev = { .type = EVT_CALL_ARRIVED, .request = REQUEST };

	ev.call_arrived.call = call_at(slot);
	ev.call_arrived.queue = queue;
	return ev;
}

static inline void arrive(struct floor *floor, uint32_t slot, queue_index queue)
{
	struct core_event ev = arrival(slot, queue);

	ev.call_arrived.arrived_at = floor->now;
	step(floor, &ev);
}

static inline void arrive_urgent(struct floor *floor, uint32_t slot, queue_index queue,
                                 int16_t priority)
{
	struct core_event ev = arrival(slot, queue);

	ev.call_arrived.arrived_at = floor->now;
	ev.call_arrived.has_priority = true;
	ev.call_arrived.priority = priority;
	step(floor, &ev);
}

static inline void arrive_keyed(struct floor *floor, uint32_t slot, queue_index queue)
{
	struct core_event ev = arrival(slot, queue);

	ev.call_arrived.arrived_at = floor->now;
	ev.call_arrived.identity = IDENTITY_KEYED;
	step(floor, &ev);
}

/* The store knows one agent, of an hour ago. */
static inline void recall_known(struct floor *floor, uint32_t slot, uint32_t agent)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };

	ev.caller_recalled.call = call_at(slot);
	ev.caller_recalled.outcome = RECALL_KNOWN;
	ev.caller_recalled.known_count = 1;
	ev.caller_recalled.known[0].agent = agent_at(agent);
	ev.caller_recalled.known[0].at = floor->now - HOUR(1);
	step(floor, &ev);
}

static inline void recall_as(struct floor *floor, uint32_t slot, enum recall_outcome outcome)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED, .request = REQUEST };

	ev.caller_recalled.call = call_at(slot);
	ev.caller_recalled.outcome = outcome;
	step(floor, &ev);
}

static inline void return_to(struct floor *floor, uint32_t slot, queue_index queue, uint32_t agent)
{
	arrive_keyed(floor, slot, queue);
	recall_known(floor, slot, agent);
}

static inline void tell_call(struct floor *floor, enum core_event_type type, uint32_t slot)
{
	struct core_event ev = { .type = type, .request = REQUEST };

	ev.call_held.call = call_at(slot);
	step(floor, &ev);
}

static inline void answer(struct floor *floor, uint32_t slot, uint32_t offer)
{
	struct core_event ev = { .type = EVT_CALL_ANSWERED, .request = REQUEST };

	ev.call_answered.call = call_at(slot);
	ev.call_answered.offer = offer;
	step(floor, &ev);
}

static inline void miss(struct floor *floor, uint32_t slot, uint32_t offer, enum miss_kind kind)
{
	struct core_event ev = { .type = EVT_CALL_FAILED, .request = REQUEST };

	ev.call_failed.call = call_at(slot);
	ev.call_failed.offer = offer;
	ev.call_failed.kind = kind;
	step(floor, &ev);
}

static inline void end(struct floor *floor, uint32_t slot, enum ended_by by)
{
	struct core_event ev = { .type = EVT_CALL_ENDED, .request = REQUEST };

	ev.call_ended.call = call_at(slot);
	ev.call_ended.by = by;
	step(floor, &ev);
}

static inline void transfer_to_agent(struct floor *floor, uint32_t slot, uint32_t agent,
                                     bool consult)
{
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED, .request = REQUEST };

	ev.call_transferred.call = call_at(slot);
	ev.call_transferred.to_agent = agent_at(agent);
	ev.call_transferred.consult = consult;
	step(floor, &ev);
}

static inline void transfer_to_queue(struct floor *floor, uint32_t slot, queue_index queue)
{
	struct core_event ev = { .type = EVT_CALL_TRANSFERRED, .request = REQUEST };

	ev.call_transferred.call = call_at(slot);
	ev.call_transferred.to_queue = queue;
	step(floor, &ev);
}

/* What the last step ordered, and how things stand. */

static inline size_t count_of(const struct floor *floor, enum core_action_type type)
{
	size_t count = 0;

	for (size_t i = 0; i < floor->out.count; i++)
		count += floor->out.items[i].type == type;
	return count;
}

static inline const struct core_action *find_action(const struct floor *floor,
                                                    enum core_action_type type)
{
	for (size_t i = 0; i < floor->out.count; i++) {
		if (floor->out.items[i].type == type)
			return &floor->out.items[i];
	}
	fail_msg("no %s was ordered", core_action_name(type));
	return NULL;
}

static inline const struct decision *find_decision(const struct floor *floor)
{
	return &find_action(floor, ACT_DECIDE)->decide;
}

static inline void assert_reply(const struct floor *floor, enum core_reply code)
{
	const struct core_action *act = find_action(floor, ACT_REPLY);

	assert_string_equal(core_reply_name(act->reply.code), core_reply_name(code));
	assert_int_equal(act->reply.request, REQUEST);
	assert_int_equal(count_of(floor, ACT_REPLY), 1);
}

/* The one answer is the refusal, and nothing else happened. */
static inline void assert_refused(const struct floor *floor, enum core_reply code)
{
	assert_reply(floor, code);
	assert_int_equal(floor->out.count, 1);
}

static inline struct call_record get_call(const struct floor *floor, uint32_t slot)
{
	struct call_record r;

	assert_true(core_get_call(floor->core, call_at(slot), &r));
	return r;
}

static inline struct agent_record get_agent(const struct floor *floor, uint32_t slot)
{
	struct agent_record r;

	assert_true(core_get_agent(floor->core, agent_at(slot), &r));
	return r;
}

static inline struct queue_view get_queue(const struct floor *floor, queue_index queue)
{
	struct queue_view view;

	assert_true(core_get_queue(floor->core, queue, &view));
	return view;
}

static inline void assert_call(const struct floor *floor, uint32_t slot, enum call_state state)
{
	assert_string_equal(call_state_name(get_call(floor, slot).state), call_state_name(state));
}

static inline void assert_agent(const struct floor *floor, uint32_t slot, enum agent_state state)
{
	assert_string_equal(agent_state_name(get_agent(floor, slot).state),
	                    agent_state_name(state));
}

static inline void assert_sticky(const struct floor *floor, uint32_t slot,
                                 enum sticky_result result, enum sticky_why why)
{
	assert_string_equal(sticky_result_name(get_call(floor, slot).sticky),
	                    sticky_result_name(result));
	assert_string_equal(sticky_why_name(get_call(floor, slot).why), sticky_why_name(why));
}

static inline void assert_offered_to(const struct floor *floor, uint32_t slot, uint32_t agent)
{
	assert_call(floor, slot, CALL_OFFERED);
	assert_int_equal(get_call(floor, slot).agent.slot, agent);
	assert_agent(floor, agent, AGENT_OFFERED);
}

#endif

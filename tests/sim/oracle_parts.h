#ifndef TESTS_ORACLE_PARTS_H
#define TESTS_ORACLE_PARTS_H

#include "oracle.h"

/* What oracle.c and oracle_agents.c (events) need of each other and of oracle_route.c (choices). */

/* What is best for one caller now. */
struct choice {
	int agent;  /* slot; -1: waits */
	bool bound; /* waits for the target */
	usec_t hold_until;
	enum sticky_result sticky;
	enum sticky_why why;
};

/* Whether it is asked whom a caller returns to. */
bool oracle_sticks(const struct queue_plan *plan);
usec_t oracle_later(usec_t at, usec_t span);
struct oracle_call *oracle_find_call(struct oracle *oracle, struct call_id id);
struct oracle_agent *oracle_find_agent(struct oracle *oracle, struct agent_id id);
int oracle_slot_of_call(const struct oracle *oracle, const struct oracle_call *call);
int oracle_slot_of_agent(const struct oracle *oracle, const struct oracle_agent *agent);
bool oracle_comes_before(const struct oracle_call *a, const struct oracle_call *b);
int oracle_longest_idle(struct oracle *oracle, const struct oracle_call *call);
void oracle_label(const struct oracle *oracle, const struct oracle_call *call,
                  struct choice *choice);
struct choice oracle_choose(struct oracle *oracle, const struct oracle_call *call, bool may_begin);
void oracle_ring_for(const struct oracle *oracle, struct oracle_call *call, usec_t span);
void oracle_plan_telling(const struct oracle *oracle, struct oracle_call *call);
void oracle_route(struct oracle *oracle, struct oracle_call *call, bool may_begin);
void oracle_free_agent(struct oracle *oracle, struct oracle_agent *agent, usec_t idle_since);
void oracle_release_holders(struct oracle *oracle, struct oracle_agent *agent);
bool oracle_others_work_there(const struct oracle *oracle, const struct oracle_agent *sender,
                              queue_index queue);
void oracle_send_away(struct oracle *oracle, struct oracle_agent *agent, enum agent_state state,
                      enum pause_cause cause, usec_t until);

void oracle_miss(struct oracle *oracle, struct oracle_call *call, enum miss_kind kind,
                 bool blameless);
void oracle_on_login(struct oracle *oracle, const struct core_event *ev);
void oracle_on_agent(struct oracle *oracle, const struct core_event *ev);

#endif

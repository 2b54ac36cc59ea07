/* Records compared member by member: padding and unused places do not count. */
#include <string.h>

#include "watch.h"

#define SAME(member) \
	do { \
		if (a->member != b->member) { \
			*ret_what = #member; \
			return false; \
		} \
	} while (0)

#define SAME_ID(member) \
	do { \
		SAME(member.slot); \
		SAME(member.gen); \
	} while (0)

static bool same_lists(const struct call_record *a, const struct call_record *b,
                       const char **ret_what)
{
	SAME(needs_count);
	for (unsigned i = 0; i < a->needs_count; i++) {
		SAME(needs[i].skill);
		SAME(needs[i].min);
	}
	SAME(known_count);
	for (unsigned i = 0; i < a->known_count; i++) {
		SAME_ID(known[i].agent);
		SAME(known[i].at);
		SAME(known[i].pinned);
	}
	SAME(excluded_count);
	for (unsigned i = 0; i < a->excluded_count; i++) {
		SAME_ID(excluded[i].agent);
		SAME(excluded[i].until);
	}
	return true;
}

bool records_equal_call(const struct call_record *a, const struct call_record *b,
                        const char **ret_what)
{
	SAME_ID(id);
	SAME(state);
	SAME(queue);
	SAME(first_queue);
	SAME(priority);
	SAME(seq);
	SAME(arrived_at);
	SAME(since);
	SAME(overflow_at);
	SAME(answered_at);
	SAME(ring);
	SAME(talk);
	SAME(hold);
	SAME(offer);
	SAME(legs);
	SAME_ID(agent);
	SAME(ring_until);
	SAME_ID(credit);
	SAME_ID(target);
	SAME(sticky);
	SAME(why);
	SAME(hold_since);
	SAME(hold_until);
	SAME(told_wait);
	SAME(service_counted);
	SAME(own_there);
	SAME(held_for);
	SAME(passed_at);
	SAME_ID(talker);
	SAME(talk_before);
	SAME(credit_talk);
	SAME(overtaken_at);
	SAME(extra_wait);
	SAME(holdout);
	SAME(tier);
	return same_lists(a, b, ret_what);
}

bool records_equal_agent(const struct agent_record *a, const struct agent_record *b,
                         const char **ret_what)
{
	SAME_ID(id);
	SAME(state);
	SAME(since);
	SAME(until);
	SAME(idle_since);
	SAME(pending);
	SAME(cause);
	SAME(brief);
	SAME(team);
	SAME(device);
	SAME_ID(call);
	for (int kind = 0; kind < MISS_KINDS; kind++)
		SAME(misses[kind]);
	SAME(queues_count);
	for (unsigned i = 0; i < a->queues_count; i++)
		SAME(queues[i]);
	for (unsigned i = 0; i < SKILLS_MAX; i++)
		SAME(levels[i]);
	return true;
}

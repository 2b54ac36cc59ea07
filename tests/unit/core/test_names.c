#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "najimi/core/view.h"

/* Each of the `count` values has a word of its own in small letters, and a value from
 * nowhere has "?". */
#define ASSERT_WORDS(name, type, count) \
	do { \
		for (unsigned i = 0; i < (count); i++) { \
			const char *one = name((type)i); \
\
			assert_true(strlen(one) > 1); \
			assert_int_equal(strspn(one, "abcdefghijklmnopqrstuvwxyz_"), strlen(one)); \
			for (unsigned j = 0; j < i; j++) \
				assert_string_not_equal(one, name((type)j)); \
		} \
		assert_string_equal(name((type)(count)), "?"); \
	} while (0)

static void every_value_has_a_word_of_its_own(void **state)
{
	(void)state;
	ASSERT_WORDS(call_state_name, enum call_state, CALL_STATES);
	ASSERT_WORDS(agent_state_name, enum agent_state, AGENT_STATES);
	ASSERT_WORDS(agent_pending_name, enum agent_pending, PENDING_LOGOUT + 1);
	ASSERT_WORDS(pause_cause_name, enum pause_cause, PAUSE_RONA + 1);
	ASSERT_WORDS(device_state_name, enum device_state, DEVICE_BUSY + 1);
	ASSERT_WORDS(miss_kind_name, enum miss_kind, MISS_KINDS);
	ASSERT_WORDS(sticky_result_name, enum sticky_result, STICKY_RESULTS);
	ASSERT_WORDS(sticky_policy_name, enum sticky_policy, STICKY_POLICIES);
	ASSERT_WORDS(sticky_why_name, enum sticky_why, STICKY_WHYS);
	ASSERT_WORDS(call_outcome_name, enum call_outcome, CALL_OUTCOMES);
	ASSERT_WORDS(ended_by_name, enum ended_by, BY_LOSS + 1);
	ASSERT_WORDS(decision_kind_name, enum decision_kind, DECIDE_REJECT + 1);
	ASSERT_WORDS(decision_reason_name, enum decision_reason, REASON_OWN_AWAY + 1);
	ASSERT_WORDS(core_reply_name, enum core_reply, CORE_REPLIES);
	ASSERT_WORDS(verdict_name, enum verdict, VERDICTS);
	ASSERT_WORDS(core_event_name, enum core_event_type, CORE_EVENT_TYPES);
	ASSERT_WORDS(core_action_name, enum core_action_type, CORE_ACTION_TYPES);
}

/* What is on the wire, in the metrics and in other people's dashboards. */
static void the_words_of_the_protocol_stay(void **state)
{
	(void)state;
	assert_string_equal(sticky_result_name(STICKY_OWN), "own");
	assert_string_equal(sticky_why_name(WHY_WAIT_SPENT), "wait_spent");
	assert_string_equal(call_outcome_name(OUTCOME_SHORT_ABANDONED), "short_abandoned");
	assert_string_equal(agent_state_name(AGENT_WRAPUP), "wrapup");
	assert_string_equal(agent_state_name(AGENT_LOGGED_OUT), "logged_out");
	assert_string_equal(miss_kind_name(MISS_NO_ANSWER), "no_answer");
	assert_string_equal(core_reply_name(REPLY_STALE_OFFER), "stale_offer");
	assert_string_equal(decision_reason_name(REASON_MAX_WAIT), "max_wait");
	assert_string_equal(decision_kind_name(DECIDE_CONNECT), "connect");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_has_a_word_of_its_own),
		cmocka_unit_test(the_words_of_the_protocol_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "agi_dial.h"
#include "najimi/base/macros.h"

/* Asterisk 22: a telephone that rejects is CHANUNAVAIL with cause 21. */
static void tells_how_dial_ended_by_status_and_cause(void **state)
{
	static const struct {
		const char *status, *cause;
		enum dial_end end;
		enum miss_kind miss;
	} cases[] = {
		{ "", "", DIAL_NONE, 0 },
		{ "ANSWER", "16", DIAL_TALKED, 0 },
		{ "CANCEL", "127", DIAL_LEFT, 0 },
		{ "NOANSWER", "0", DIAL_MISSED, MISS_NO_ANSWER },
		{ "NOANSWER", "21", DIAL_MISSED, MISS_NO_ANSWER },
		{ "BUSY", "17", DIAL_MISSED, MISS_BUSY },
		{ "BUSY", "21", DIAL_MISSED, MISS_REJECTED },
		{ "CHANUNAVAIL", "21", DIAL_MISSED, MISS_REJECTED },
		{ "CHANUNAVAIL", "20", DIAL_MISSED, MISS_UNREACHABLE },
		{ "CHANUNAVAIL", "", DIAL_MISSED, MISS_UNREACHABLE },
		{ "CONGESTION", "21", DIAL_MISSED, MISS_REJECTED },
		{ "CONGESTION", "34", DIAL_MISSED, MISS_UNREACHABLE },
		{ "CONGESTION", "17", DIAL_MISSED, MISS_BUSY },
		{ "DONTCALL", "", DIAL_MISSED, MISS_UNREACHABLE },
		{ "TORTURE", "", DIAL_MISSED, MISS_UNREACHABLE },
		{ "INVALIDARGS", "", DIAL_MISSED, MISS_UNREACHABLE },
	};
	struct dial_report report;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(agi_dial_read(cases[i].status, cases[i].cause, &report));
		assert_int_equal(report.end, cases[i].end);
		if (report.end == DIAL_MISSED)
			assert_int_equal(report.miss, cases[i].miss);
	}
	assert_false(agi_dial_read("answer", "", &report));
}

/* Asterisk 22 while it waits for its last channels to be gone. Of a telephone that is away it says
 * 3 or 20, of one that does not answer 0 as well. */
static void tells_when_nobody_was_called(void **state)
{
	struct dial_report report;

	(void)state;
	assert_true(agi_dial_read("CHANUNAVAIL", "0", &report));
	assert_true(report.untried && report.miss == MISS_UNREACHABLE);
	assert_true(agi_dial_read("CHANUNAVAIL", "3", &report) && !report.untried);
	assert_true(agi_dial_read("CHANUNAVAIL", "", &report) && !report.untried);
	assert_true(agi_dial_read("CHANUNAVAIL", "21", &report) && !report.untried);
	assert_true(agi_dial_read("NOANSWER", "0", &report) && !report.untried);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_how_dial_ended_by_status_and_cause),
		cmocka_unit_test(tells_when_nobody_was_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

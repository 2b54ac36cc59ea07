#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "traffic.h"

#define CALLS "call_id,arrive_s,customer_id,queue,service_s,wrapup_s,patience_s\n"
#define SHIFTS "agent,on_s,off_s,queues\n"

static const char *put(const char *text)
{
	static char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/tmp/najimi-traffic-XXXXXX");
	file = fdopen(mkstemp(path), "w");
	fputs(text, file);
	fclose(file);
	return path;
}

static int read_calls(struct traffic *traffic, const char *text, struct err *err)
{
	const char *path = put(text);
	int r = traffic_read_calls(traffic, path, err);

	unlink(path);
	return r;
}

static int read_shifts(struct traffic *traffic, const char *text, struct err *err)
{
	const char *path = put(text);
	int r = traffic_read_shifts(traffic, path, err);

	unlink(path);
	return r;
}

static void calls_stand_in_order_of_arrival(void **state)
{
	struct traffic traffic = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(read_calls(&traffic,
	                            CALLS "c0,36,66,PS,185,1.7,153.0\nc1,8,,NW,577,5.6,140.0\n"
	                                  "c2,36,66,PS,1,0,0\n",
	                            &err),
	                 0);
	assert_int_equal(traffic.calls_count, 3);
	assert_string_equal(traffic.calls[0].name, "c1");
	assert_int_equal(traffic.calls[0].customer, CUSTOMER_NONE);
	assert_int_equal(traffic.calls[0].order, 1);
	assert_string_equal(traffic.calls[1].name, "c0");
	assert_int_equal(traffic.calls[1].arrives, SEC(36));
	assert_int_equal(traffic.calls[1].service, SEC(185));
	assert_int_equal(traffic.calls[1].wrapup, MSEC(1700));
	assert_int_equal(traffic.calls[1].patience, SEC(153));
	assert_string_equal(traffic.calls[2].name, "c2");
	assert_int_equal(traffic.calls[2].customer, traffic.calls[1].customer);
	assert_string_equal(traffic.queues.list[traffic.calls[0].queue], "NW");
	traffic_done(&traffic);
}

static void says_what_is_wrong_with_a_call(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ CALLS, "holds no call" },
		{ CALLS "c0,36,66,PS,185,1.7,x\n", ":2: patience_s: 'x' is no number of seconds" },
		{ CALLS "c0,36,66,PS,86401,0,0\n", ":2: service_s: 86401 is above 86400 seconds" },
		{ CALLS "c0,36,66,,185,1.7,1\n", ":2: queue: is empty" },
		{ CALLS ",36,66,PS,185,1.7,1\n", ":2: call_id: is empty" },
		{ CALLS "c0,1,,PS,1,1,1\nc0,2,,PS,1,1,1\n", ":3: call_id: 'c0' is there already" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct traffic traffic = { 0 };

		assert_int_equal(read_calls(&traffic, cases[i].text, &err), -EINVAL);
		assert_non_null(strstr(err.text, cases[i].want));
		traffic_done(&traffic);
	}
}

static void shifts_name_queues_by_bits(void **state)
{
	struct traffic traffic = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(read_calls(&traffic, CALLS "c0,1,,PS,1,1,1\n", &err), 0);
	assert_int_equal(
	        read_shifts(&traffic, SHIFTS "bo,50,60,NW\nann,10,20,PS|NW\nann,20,30,PS\n", &err),
	        0);
	assert_int_equal(traffic.shifts_count, 3);
	assert_int_equal(traffic.shifts[0].on, SEC(10));
	assert_int_equal(traffic.shifts[0].queues, 3);
	assert_int_equal(traffic.shifts[1].queues, 1);
	assert_int_equal(traffic.shifts[1].agent, traffic.shifts[0].agent);
	assert_string_equal(traffic.agents.list[traffic.shifts[2].agent], "bo");
	traffic_done(&traffic);
}

static void says_what_is_wrong_with_a_shift(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ SHIFTS, "holds nobody's presence" },
		{ SHIFTS "ann,20,20,PS\n", ":2: off_s: is not after on_s" },
		{ SHIFTS "ann,10,20,PS|\n", ":2: queues: holds an empty or unprintable name" },
		{ SHIFTS "ann,10,20,\n", ":2: queues: holds an empty or unprintable name" },
		{ SHIFTS "bo,1,2,PS\nann,30,40,PS\nann,10,31,PS\n",
		  ":3: ann is present already, from line 4 on" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct traffic traffic = { 0 };

		assert_int_equal(read_shifts(&traffic, cases[i].text, &err), -EINVAL);
		assert_non_null(strstr(err.text, cases[i].want));
		traffic_done(&traffic);
	}
}

static void refuses_the_sixty_fifth_queue(void **state)
{
	struct traffic traffic = { 0 };
	char text[4096] = CALLS;
	struct err err;

	(void)state;
	for (int i = 0; i < 65; i++)
		sprintf(text + strlen(text), "c%d,1,,q%d,1,1,1\n", i, i);
	assert_int_equal(read_calls(&traffic, text, &err), -EINVAL);
	assert_non_null(strstr(err.text, ":66: queue: is the 65th queue, the limit is 64"));
	traffic_done(&traffic);
}

static void cuts_out_some_days(void **state)
{
	struct traffic traffic = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(read_calls(&traffic,
	                            CALLS "c0,9,,PS,1,1,1\nc1,10,,PS,1,1,1\nc2,19,,PS,1,1,1\n"
	                                  "c3,20,,PS,1,1,1\n",
	                            &err),
	                 0);
	assert_int_equal(read_shifts(&traffic,
	                             SHIFTS "a,0,10,PS\nb,0,11,PS\nc,19,30,PS\nd,20,30,PS\n", &err),
	                 0);
	assert_int_equal(traffic_cut(&traffic, SEC(10), SEC(20)), 2);
	assert_string_equal(traffic.calls[0].name, "c1");
	assert_string_equal(traffic.calls[1].name, "c2");
	assert_int_equal(traffic.shifts_count, 2);
	assert_string_equal(traffic.agents.list[traffic.shifts[0].agent], "b");
	assert_string_equal(traffic.agents.list[traffic.shifts[1].agent], "c");
	assert_int_equal(traffic_cut(&traffic, SEC(30), USEC_NEVER), 0);
	traffic_done(&traffic);
}

static void knows_how_many_can_be_there_at_once(void **state)
{
	struct traffic traffic = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(read_calls(&traffic,
	                            CALLS "c0,0,,PS,1,1,10\nc1,5,,PS,1,1,1\nc2,6,,PS,1,1,9\n"
	                                  "c3,11,,PS,1,1,1\n",
	                            &err),
	                 0);
	assert_int_equal(read_shifts(&traffic, SHIFTS "a,0,10,PS\nb,0,11,PS\n", &err), 0);
	/* c0, c1 and c2 at 6 s, and a talk for each of two agents. */
	assert_int_equal(traffic_calls_at_once(&traffic), 3 + 2);
	traffic_done(&traffic);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_stand_in_order_of_arrival),
		cmocka_unit_test(says_what_is_wrong_with_a_call),
		cmocka_unit_test(shifts_name_queues_by_bits),
		cmocka_unit_test(says_what_is_wrong_with_a_shift),
		cmocka_unit_test(refuses_the_sixty_fifth_queue),
		cmocka_unit_test(cuts_out_some_days),
		cmocka_unit_test(knows_how_many_can_be_there_at_once),
	};

	return cmocka_run_group_tests_name("traffic", tests, NULL, NULL);
}

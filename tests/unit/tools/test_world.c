#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "world.h"

/* What people did, one line each, as "12 c0 arrives". */
struct scene {
	struct traffic traffic;
	struct world world;
	struct report report;
	usec_t now;
	char deeds[2048];
};

static void note(struct scene *scene, const char *what, uint32_t who, char kind)
{
	size_t length = strlen(scene->deeds);

	snprintf(scene->deeds + length, sizeof(scene->deeds) - length, "%llu %c%u %s\n",
	         (unsigned long long)(scene->now / SEC(1)), kind, who, what);
}

static void on_arrive(void *arg, uint32_t call)
{
	note(arg, "arrives", call, 'c');
}

static void on_answer(void *arg, uint32_t call, uint32_t agent, uint32_t offer)
{
	char what[64];

	snprintf(what, sizeof(what), "is answered by a%u, offer %u", agent, offer);
	note(arg, what, call, 'c');
}

static void on_end(void *arg, uint32_t call, bool by_agent)
{
	note(arg, by_agent ? "ends" : "gives up", call, 'c');
}

static void on_login(void *arg, uint32_t agent, uint64_t queues)
{
	char what[64];

	snprintf(what, sizeof(what), "logs in for %llx", (unsigned long long)queues);
	note(arg, what, agent, 'a');
}

static void on_ready(void *arg, uint32_t agent)
{
	note(arg, "is ready", agent, 'a');
}

static void on_logout(void *arg, uint32_t agent)
{
	note(arg, "logs out", agent, 'a');
}

static struct scene *open_scene(const struct traffic_call *calls, size_t calls_count,
                                const struct traffic_shift *shifts, size_t shifts_count,
                                const struct world_rules *rules)
{
	const struct world_hooks hooks = { on_arrive, on_answer, on_end, on_login,
		                           on_ready,  on_logout, NULL };
	struct scene *scene = calloc(1, sizeof(*scene));
	struct world_hooks mine = hooks;
	struct err err;

	mine.arg = scene;
	scene->report.service_level = SEC(20);
	scene->traffic.calls = calloc(calls_count, sizeof(*calls));
	memcpy(scene->traffic.calls, calls, calls_count * sizeof(*calls));
	scene->traffic.calls_count = calls_count;
	scene->traffic.shifts = calloc(shifts_count, sizeof(*shifts));
	memcpy(scene->traffic.shifts, shifts, shifts_count * sizeof(*shifts));
	scene->traffic.shifts_count = shifts_count;
	scene->traffic.agents.count = 2;
	scene->traffic.customers.count = 2;
	assert_int_equal(
	        world_init(&scene->world, &scene->traffic, rules, &mine, &scene->report, &err), 0);
	scene->traffic.agents.count = scene->traffic.customers.count = 0;
	return scene;
}

static void close_scene(struct scene *scene)
{
	world_done(&scene->world);
	traffic_done(&scene->traffic);
	report_done(&scene->report);
	free(scene);
}

/* Everything that people do up to and at `until`. */
static void play(struct scene *scene, usec_t until)
{
	while (world_next(&scene->world) <= until) {
		scene->now = world_next(&scene->world);
		world_turn(&scene->world, scene->now);
	}
	scene->now = until;
}

static void assert_deeds(struct scene *scene, const char *want)
{
	assert_string_equal(scene->deeds, want);
	scene->deeds[0] = '\0';
}

static const struct world_rules usual = { .window = SEC(1000),
	                                  .min_talk = SEC(15),
	                                  .wrapup = USEC_NEVER };
static const struct traffic_shift all_day[] = {
	{ .agent = 0, .on = 0, .off = SEC(900), .queues = 1 }
};

static void a_call_is_answered_and_wrapped_up(void **state)
{
	const struct traffic_call calls[] = {
		{ .arrives = SEC(5), .service = SEC(30), .wrapup = SEC(4), .patience = SEC(60) },
		{ .arrives = SEC(500), .patience = SEC(60) },
	};
	struct scene *scene = open_scene(calls, 2, all_day, 1, &usual);

	(void)state;
	play(scene, SEC(7));
	assert_deeds(scene, "0 a0 logs in for 1\n5 c0 arrives\n");
	world_offered(&scene->world, 0, 0, 1, SEC(7));
	world_offered(&scene->world, 0, 0, 1, SEC(7)); /* said twice */
	play(scene, SEC(100));
	assert_deeds(scene, "7 c0 is answered by a0, offer 1\n37 c0 ends\n41 a0 is ready\n");
	assert_int_equal(scene->report.others.answered, 1);
	assert_int_equal(scene->report.others.waits.list[0], SEC(2));
	assert_int_equal(scene->world.crossings, 0);
	close_scene(scene);
}

static void patience_ends_when_the_wait_reaches_it(void **state)
{
	const struct traffic_call calls[] = { { .arrives = SEC(5), .patience = SEC(60) } };
	struct scene *scene = open_scene(calls, 1, all_day, 1, &usual);

	(void)state;
	play(scene, SEC(64));
	assert_int_equal(scene->report.others.calls, 0);
	play(scene, SEC(65));
	assert_deeds(scene, "0 a0 logs in for 1\n5 c0 arrives\n65 c0 gives up\n");
	assert_int_equal(scene->report.others.abandoned, 1);
	assert_true(world_next(&scene->world) == USEC_NEVER);
	world_offered(&scene->world, 0, 0, 1, SEC(65)); /* an offer that crossed it */
	assert_int_equal(scene->world.crossings, 1);
	assert_deeds(scene, "");
	close_scene(scene);
}

static void an_answer_that_was_refused_puts_the_caller_back(void **state)
{
	const struct traffic_call calls[] = {
		{ .arrives = SEC(5), .service = SEC(300), .patience = SEC(60) },
	};
	struct scene *scene = open_scene(calls, 1, all_day, 1, &usual);

	(void)state;
	play(scene, SEC(10));
	world_offered(&scene->world, 0, 0, 1, SEC(10));
	world_withdrawn(&scene->world, 0, 1, SEC(20));
	assert_int_equal(world_next(&scene->world), SEC(65));
	world_offered(&scene->world, 0, 0, 2, SEC(30));
	world_withdrawn(&scene->world, 0, 1, SEC(31)); /* old news */
	assert_int_equal(world_next(&scene->world), SEC(330));
	world_withdrawn(&scene->world, 0, 2, SEC(100)); /* out of patience by now */
	play(scene, SEC(100));
	assert_int_equal(scene->report.others.abandoned, 1);
	close_scene(scene);
}

static void telephones_ring_for_a_while_if_told(void **state)
{
	const struct traffic_call calls[] = {
		{ .arrives = SEC(5), .service = SEC(30), .patience = SEC(3600) },
		{ .arrives = SEC(6), .service = SEC(30), .patience = MSEC(1) },
	};
	const struct world_rules rules = { .wrapup = 0, .answer_after = SEC(4), .seed = 3 };
	struct scene *scene = open_scene(calls, 2, all_day, 1, &rules);
	usec_t picks_up;

	(void)state;
	play(scene, SEC(6));
	world_offered(&scene->world, 0, 0, 1, SEC(6));
	world_offered(&scene->world, 1, 1, 1, SEC(6));
	scene->deeds[0] = '\0';
	play(scene, SEC(7));
	assert_int_equal(scene->report.others.abandoned, 1); /* while it rang */
	play(scene, HOUR(1));
	assert_int_equal(scene->report.others.answered, 1);
	picks_up = scene->report.others.waits.list[0];
	assert_true(picks_up > SEC(1) && picks_up < MINUTE(10));
	close_scene(scene);
}

static void who_was_met_last_is_remembered_first(void **state)
{
	const struct traffic_call calls[] = {
		{ .arrives = SEC(0), .service = SEC(20), .patience = SEC(60) },
		{ .arrives = SEC(30), .service = SEC(20), .patience = SEC(60) },
		{ .arrives = SEC(60), .service = SEC(10), .patience = SEC(60) }, /* no contact */
		{ .arrives = SEC(90), .service = SEC(20), .patience = SEC(60) },
	};
	const struct traffic_shift shifts[] = {
		{ .agent = 0, .on = 0, .off = SEC(900), .queues = 1 },
		{ .agent = 1, .on = 0, .off = SEC(80), .queues = 1 },
	};
	struct scene *scene = open_scene(calls, 4, shifts, 2, &usual);
	const struct memory *memory;

	(void)state;
	play(scene, 0);
	world_offered(&scene->world, 0, 0, 1, 0);
	play(scene, SEC(30));
	world_offered(&scene->world, 1, 1, 1, SEC(30));
	play(scene, SEC(60));
	world_offered(&scene->world, 2, 0, 1, SEC(60));
	play(scene, SEC(90));
	world_offered(&scene->world, 3, 1, 1, SEC(90));
	play(scene, SEC(200));

	memory = world_recall(&scene->world, 3);
	assert_non_null(memory);
	assert_int_equal(memory->count, 2);
	assert_int_equal(memory->known[0].agent, 1);
	assert_int_equal(memory->known[0].at, SEC(110));
	assert_int_equal(memory->known[1].agent, 0);
	/* c1 came back to a0, who was there; c2 to a1; c3 to a1, who had gone, and met
	 * them all the same. */
	assert_int_equal(scene->report.others.calls, 1);
	assert_int_equal(scene->report.returning.calls, 3);
	assert_int_equal(scene->report.present_answered, 2);
	assert_int_equal(scene->report.present_own, 0);
	assert_int_equal(scene->report.own, 1);
	close_scene(scene);
}

static void the_window_closes(void **state)
{
	const struct traffic_call calls[] = {
		{ .arrives = SEC(0), .service = SEC(20), .patience = SEC(60) },
		{ .arrives = SEC(120), .service = SEC(20), .patience = SEC(60) },
		{ .arrives = SEC(800), .service = SEC(20), .patience = SEC(60), .customer = 1 },
		{ .arrives = SEC(801), .patience = 0, .customer = CUSTOMER_NONE },
	};
	const struct world_rules rules = { .window = SEC(99), .wrapup = 0, .count_from = SEC(100) };
	struct scene *scene = open_scene(calls, 4, all_day, 1, &rules);

	(void)state;
	play(scene, 0);
	world_offered(&scene->world, 0, 0, 1, 0);
	play(scene, HOUR(1));
	assert_int_equal(scene->report.not_counted, 1);
	assert_int_equal(scene->report.returning.calls, 0); /* 100 s after the talk's end */
	assert_int_equal(scene->report.others.calls, 3);
	assert_int_equal(scene->report.identified, 2);
	close_scene(scene);
}

static void an_agent_goes_in_the_middle_of_a_talk(void **state)
{
	const struct traffic_call calls[] = {
		{ .arrives = 0, .service = SEC(50), .wrapup = SEC(30), .patience = SEC(60) },
		{ .arrives = SEC(300), .patience = 0 },
	};
	const struct traffic_shift shifts[] = {
		{ .agent = 0, .on = 0, .off = SEC(40), .queues = 1 },
		{ .agent = 0, .on = SEC(60), .off = SEC(200), .queues = 3 },
	};
	struct scene *scene = open_scene(calls, 2, shifts, 2, &usual);

	(void)state;
	play(scene, 0);
	world_offered(&scene->world, 0, 0, 1, 0);
	scene->deeds[0] = '\0';
	play(scene, SEC(299));
	/* Back in the wrap-up at 60 s, but to work only when it is over. */
	assert_deeds(scene, "40 a0 logs out\n50 c0 ends\n80 a0 logs in for 3\n200 a0 logs out\n");
	close_scene(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_is_answered_and_wrapped_up),
		cmocka_unit_test(patience_ends_when_the_wait_reaches_it),
		cmocka_unit_test(an_answer_that_was_refused_puts_the_caller_back),
		cmocka_unit_test(telephones_ring_for_a_while_if_told),
		cmocka_unit_test(who_was_met_last_is_remembered_first),
		cmocka_unit_test(the_window_closes),
		cmocka_unit_test(an_agent_goes_in_the_middle_of_a_talk),
	};

	return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}

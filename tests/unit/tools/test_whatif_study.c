#include "whatif_study.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "whatif_made.h"

struct scene {
	struct options *options;
	struct whatif_args args;
	struct whatif_contacts contacts;
	struct whatif_study study;
	struct progress progress;
};

static void open_scene(struct scene *scene, unsigned calls)
{
	struct err err = { "" };

	*scene = (struct scene){ 0 };
	whatif_args_init(&scene->args);
	assert_int_equal(options_defaults(&scene->options, &err), 0);
	made_centre(&scene->contacts, calls);
}

static int init(struct scene *scene, const char *queue, struct err *err)
{
	return whatif_study_init(&scene->study, scene->options, &scene->args, queue,
	                         &scene->contacts, err);
}

static void close_scene(struct scene *scene)
{
	whatif_study_done(&scene->study);
	whatif_contacts_done(&scene->contacts);
	options_free(scene->options);
}

static size_t find(const struct scene *scene, const char *name)
{
	for (size_t i = 0; i < scene->study.runs_count; i++)
		if (strcmp(scene->study.runs[i].name, name) == 0)
			return i;
	fail_msg("there is no run '%s'", name);
	return 0;
}

/* The figures that do not depend on lists; the report is emptied. */
struct figures {
	uint64_t calls, returning, own, not_counted;
	double wait, reunited;
	usec_t extra;
};

static struct figures play(struct scene *scene, const char *name)
{
	size_t index = find(scene, name);
	struct report report;
	struct figures figures;
	struct err err = { "" };

	if (whatif_study_play(&scene->study, index, &scene->progress, &report, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	figures = (struct figures){
		.calls = (report.returning.calls + report.others.calls) / scene->study.plays,
		.returning = report.returning.calls / scene->study.plays,
		.own = report.own,
		.not_counted = report.not_counted / scene->study.plays,
		.wait = scene->study.runs[index].wait,
		.reunited = scene->study.runs[index].reunited,
		.extra = report.extra,
	};
	report_done(&report);
	return figures;
}

static void the_values_the_present_setting_and_the_presets_are_played(void **state)
{
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 400);
	assert_int_equal(init(&scene, NULL, &err), 0);
	assert_int_equal(scene.study.runs_count, 13 + 1 + 4);
	assert_string_equal(scene.study.runs[0].name, "value 0");
	assert_string_equal(scene.study.runs[12].name, "value 300");
	assert_int_equal(scene.study.runs[find(&scene, "present")].kind, WHATIF_IS_PRESENT);
	assert_true(scene.study.runs[find(&scene, "neutral")].plan.value == SEC(60));
	assert_true(scene.study.runs[find(&scene, "balanced")].plan.value == SEC(150));
	assert_true(scene.study.runs[find(&scene, "sticky")].plan.value == SEC(200));
	assert_true(scene.study.runs[find(&scene, "sticky")].plan.wait_idle == SEC(120));
	assert_true(scene.study.runs[find(&scene, "sticky")].plan.credit == SEC(120));
	close_scene(&scene);
}

static void a_value_of_nothing_is_as_good_as_off(void **state)
{
	struct figures zero, present;
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 1500);
	scene.options->queue_defaults.plan.policy = POLICY_OFF;
	assert_int_equal(init(&scene, NULL, &err), 0);
	zero = play(&scene, "value 0");
	present = play(&scene, "present");
	assert_true(zero.own == present.own);
	assert_true(zero.wait == present.wait);
	assert_true(zero.reunited == present.reunited);
	close_scene(&scene);
}

static void a_value_brings_callers_back_to_their_agents(void **state)
{
	struct figures zero, much;
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 3000);
	assert_int_equal(init(&scene, NULL, &err), 0);
	zero = play(&scene, "value 0");
	much = play(&scene, "value 300");
	assert_true(zero.calls + zero.not_counted == 3000);
	assert_true(zero.returning > 1000);
	assert_true(much.reunited > zero.reunited + 0.1);
	assert_true(zero.extra == 0);
	close_scene(&scene);
}

static void a_play_that_is_repeated_is_the_same(void **state)
{
	struct figures first, second;
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 1000);
	assert_int_equal(init(&scene, NULL, &err), 0);
	first = play(&scene, "value 150");
	(void)play(&scene, "sticky");
	second = play(&scene, "value 150");
	assert_memory_equal(&first, &second, sizeof(first));
	close_scene(&scene);
}

static void a_short_span_is_played_more_than_once(void **state)
{
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 400);
	assert_int_equal(init(&scene, NULL, &err), 0);
	assert_int_equal(scene.study.plays, 8);
	(void)play(&scene, "value 50");
	for (size_t i = 0; i < 400; i++) { /* the last time a little later, in the same order */
		usec_t at = scene.study.traffic.calls[i].arrives;

		assert_true(at >= scene.study.arrivals[i]);
		assert_true(at <= scene.study.arrivals[i] + SEC(1));
		assert_true(i == 399 || at <= scene.study.arrivals[i + 1]);
	}
	close_scene(&scene);
}

static void the_present_setting_is_each_queues_own(void **state)
{
	static char sales[] = "sales", help[] = "help";
	struct queue_options queues[2];
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 400);
	queues[0] = queues[1] = scene.options->queue_defaults;
	queues[0].name = sales;
	queues[1].name = help;
	queues[1].plan.policy = POLICY_RATE;
	queues[1].plan.value = SEC(77);
	scene.options->queues = queues;
	scene.options->queues_count = 2;
	assert_int_equal(init(&scene, "help", &err), 0);
	assert_true(scene.study.runs[find(&scene, "present")].plan.value == SEC(77));
	assert_true(scene.study.alike);
	whatif_study_done(&scene.study);
	scene.options->queues = NULL;
	scene.options->queues_count = 0;
	close_scene(&scene);
}

static void one_queue_alone_is_changed_and_counted(void **state)
{
	struct figures all, one;
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 1500);
	assert_int_equal(init(&scene, "help", &err), 0);
	one = play(&scene, "value 300");
	close_scene(&scene);
	open_scene(&scene, 1500);
	assert_int_equal(init(&scene, NULL, &err), 0);
	all = play(&scene, "value 300");
	assert_true(one.calls > 0 && one.calls < all.calls);
	assert_true(one.wait != all.wait);
	close_scene(&scene);
	open_scene(&scene, 400);
	assert_int_equal(init(&scene, "nobody's", &err), -ENODATA);
	assert_non_null(strstr(err.text, "no contact of the queue 'nobody's'"));
	close_scene(&scene);
}

static void budgets_go_with_the_values_alone(void **state)
{
	struct scene scene;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 400);
	scene.args.has_wait_idle = true;
	scene.args.wait_idle = SEC(7);
	assert_int_equal(init(&scene, NULL, &err), 0);
	assert_true(scene.study.runs[0].plan.wait_idle == SEC(7));
	assert_true(scene.study.runs[find(&scene, "present")].plan.wait_idle != SEC(7));
	assert_true(scene.study.runs[find(&scene, "neutral")].plan.wait_idle == SEC(60));
	(void)play(&scene, "value 300");
	assert_true(scene.study.changed[0].wait_idle == SEC(7));
	assert_true(scene.study.changed[0].policy == POLICY_RATE);
	assert_true(scene.study.changed[0].target_extra_wait == 0);
	close_scene(&scene);
}

static void too_few_who_return_say_nothing(void **state)
{
	struct scene scene;
	struct report report;
	struct err err = { "" };

	(void)state;
	open_scene(&scene, 0);
	for (unsigned i = 0; i < 300; i++)
		made_add(&scene.contacts, &(struct made){ i * 100, 1, 60, "ann", NULL, NULL });
	assert_int_equal(init(&scene, NULL, &err), 0);
	assert_int_equal(whatif_study_play(&scene.study, 0, &scene.progress, &report, &err),
	                 -ENODATA);
	report_done(&report);
	assert_non_null(strstr(err.text, "0 callers returned"));
	close_scene(&scene);
}

static void plans_are_told_in_words(void **state)
{
	struct queue_plan plan = { .sticky = true, .policy = POLICY_FIXED, .wait_busy = SEC(20) };
	char text[160];

	(void)state;
	whatif_describe(&plan, text, sizeof(text));
	assert_string_equal(text, "fixed, up to 20s");
	plan = (struct queue_plan){ .sticky = true,
		                    .policy = POLICY_RATE,
		                    .value = SEC(60),
		                    .wait_idle = SEC(60),
		                    .wait_skipped = SEC(90),
		                    .credit = USEC_NEVER };
	whatif_describe(&plan, text, sizeof(text));
	assert_string_equal(text, "rate, value 1m, budgets 1m and 90s, credit without limit");
	plan.target_extra_wait = SEC(6);
	whatif_describe(&plan, text, sizeof(text));
	assert_non_null(strstr(text, "steered to an extra wait of 6s"));
	whatif_describe(&plan, text, 12);
	assert_string_equal(text, "rate, steer");
	plan.sticky = false;
	whatif_describe(&plan, text, sizeof(text));
	assert_string_equal(text, "off");
	plan = (struct queue_plan){ .sticky = true, .policy = POLICY_LOOSE };
	whatif_describe(&plan, text, sizeof(text));
	assert_string_equal(text, "loose");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_values_the_present_setting_and_the_presets_are_played),
		cmocka_unit_test(a_value_of_nothing_is_as_good_as_off),
		cmocka_unit_test(a_value_brings_callers_back_to_their_agents),
		cmocka_unit_test(a_play_that_is_repeated_is_the_same),
		cmocka_unit_test(a_short_span_is_played_more_than_once),
		cmocka_unit_test(the_present_setting_is_each_queues_own),
		cmocka_unit_test(one_queue_alone_is_changed_and_counted),
		cmocka_unit_test(budgets_go_with_the_values_alone),
		cmocka_unit_test(too_few_who_return_say_nothing),
		cmocka_unit_test(plans_are_told_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

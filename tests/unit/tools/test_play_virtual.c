#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "najimi/config/options.h"
#include "play.h"

/* One play through the core; what it takes and what comes of it. */
struct scene {
	struct traffic traffic;
	struct report report;
	struct report_notes notes;
	struct progress progress;
	struct play play;
};

static void put_file(char *path, const char *text)
{
	FILE *file = fdopen(mkstemp(path), "w");

	fputs(text, file);
	fclose(file);
}

static void open_scene(struct scene *scene)
{
	*scene = (struct scene){ .report = { .service_level = SEC(20), .short_abandon = SEC(5) } };
	scene->play = (struct play){
		.traffic = &scene->traffic,
		.rules = { .window = HOUR(168),
		           .min_talk = SEC(15),
		           .wrapup = USEC_NEVER,
		           .seed = 1 },
		.plan.wait_busy = SEC(20),
		.plan.sticky = true,
		.known_max = 3,
		.report = &scene->report,
		.notes = &scene->notes,
		.progress = &scene->progress,
	};
}

static void stage(struct scene *scene, const char *calls, const char *shifts)
{
	char calls_path[] = "/tmp/najimi-calls-XXXXXX", shifts_path[] = "/tmp/najimi-shifts-XXXXXX";
	char text[2048];
	struct err err;

	open_scene(scene);
	snprintf(text, sizeof(text),
	         "call_id,arrive_s,customer_id,queue,service_s,wrapup_s,patience_s\n%s", calls);
	put_file(calls_path, text);
	snprintf(text, sizeof(text), "agent,on_s,off_s,queues\n%s", shifts);
	put_file(shifts_path, text);
	assert_int_equal(traffic_read_calls(&scene->traffic, calls_path, &err), 0);
	assert_int_equal(traffic_read_shifts(&scene->traffic, shifts_path, &err), 0);
	unlink(calls_path);
	unlink(shifts_path);
}

static void run(struct scene *scene)
{
	struct err err = { "" };

	if (play_virtual(&scene->play, &err) < 0)
		fail_msg("%s", err.text);
}

static void close_scene(struct scene *scene)
{
	report_done(&scene->report);
	traffic_done(&scene->traffic);
}

/* Two agents; a customer who talked with the second one. When they ring again the
 * first has been idle for longer, and the second is busy for 10 s more. */
#define RETURNS \
	"c0,10,,PS,30,0,60\n" \
	"c1,11,x,PS,20,0,60\n" \
	"c2,50,,PS,50,0,60\n" \
	"c3,60,,PS,10,0,60\n" \
	"c4,90,x,PS,20,0,60\n"
#define BOTH "ann,0,900,PS\nbo,1,900,PS\n"

static void a_returning_caller_waits_for_the_own_agent(void **state)
{
	struct scene scene;

	(void)state;
	stage(&scene, RETURNS, BOTH);
	run(&scene);
	assert_int_equal(scene.report.returning.calls, 1);
	assert_int_equal(scene.report.own, 1);
	assert_int_equal(scene.report.present_own, 1);
	assert_int_equal(scene.report.returning.waits.list[0], SEC(10));
	assert_int_equal(scene.report.others.answered, 4);
	close_scene(&scene);
}

static void nobody_waits_for_an_own_agent_when_stickiness_is_off(void **state)
{
	struct scene scene;

	(void)state;
	stage(&scene, RETURNS, BOTH);
	scene.play.plan.sticky = false;
	run(&scene);
	assert_int_equal(scene.report.returning.calls, 1);
	assert_int_equal(scene.report.own, 0);
	assert_int_equal(scene.report.returning.waits.list[0], 0);
	close_scene(&scene);
}

static void a_wait_that_is_too_short_is_spent_in_vain(void **state)
{
	struct scene scene;

	(void)state;
	stage(&scene, RETURNS, BOTH);
	scene.play.plan.wait_busy = SEC(9);
	run(&scene);
	assert_int_equal(scene.report.own, 0);
	assert_int_equal(scene.report.returning.waits.list[0], SEC(9));
	close_scene(&scene);
}

static void wrap_ups_are_those_of_the_log(void **state)
{
	struct scene scene;

	(void)state;
	stage(&scene, "c0,0,,PS,30,12.5,60\nc1,5,,PS,30,0,60\nc2,6,,PS,30,0,60\n",
	      "ann,0,900,PS\n");
	run(&scene);
	assert_int_equal(scene.report.others.answered, 2);
	assert_int_equal(scene.report.others.waits.list[1], MSEC(37500));
	assert_int_equal(scene.report.others.abandoned, 1);
	close_scene(&scene);
}

static void agents_who_go_finish_their_call(void **state)
{
	struct scene scene;

	(void)state;
	stage(&scene, "c0,5,,PS,30,5,60\nc1,6,,PS,30,0,60\nc2,70,,PS,30,0,15\nc3,90,,PS,30,0,15\n",
	      "ann,0,10,PS\nbo,50,60,NW\nann,80,100,PS\n");
	run(&scene);
	/* c1 gives up at 66 s; c2 finds ann back at 80 s, and c3 nobody before 105 s. */
	assert_int_equal(scene.report.others.answered, 2);
	assert_int_equal(scene.report.others.waits.list[1], SEC(10));
	assert_int_equal(scene.report.others.abandoned, 2);
	close_scene(&scene);
}

/* The bank's two months: NAJIMI_DATA, or beside the source tree. */
static const char *find_data(void)
{
	static char path[4096];
	const char *given = getenv("NAJIMI_DATA");
	char *slash;

	if (given != NULL) {
		snprintf(path, sizeof(path), "%s", given);
		return path;
	}
	snprintf(path, sizeof(path) - 32, "%s", __FILE__);
	for (int i = 0; i < 4; i++) { /* tests/unit/tools/FILE */
		slash = strrchr(path, '/');
		if (slash == NULL)
			return NULL;
		*slash = '\0';
	}
	strcat(path, "/../shared/data");
	return path;
}

static bool stage_bank(struct scene *scene)
{
	const char *folder = find_data();
	char calls[4200] = "", shifts[4200];
	struct err err;

	if (folder != NULL)
		snprintf(calls, sizeof(calls), "%s/bank_1999_01_02_calls.csv", folder);
	if (access(calls, R_OK) != 0) {
		fprintf(stderr,
		        "\n*** SKIPPED: no bank's calls at '%s'; NAJIMI_DATA says where they are\n",
		        calls);
		return false;
	}
	snprintf(shifts, sizeof(shifts), "%s/bank_1999_01_02_agents.csv", folder);
	open_scene(scene);
	scene->play.rules.count_from = HOUR(24 * 7);
	if (traffic_read_calls(&scene->traffic, calls, &err) < 0 ||
	    traffic_read_shifts(&scene->traffic, shifts, &err) < 0)
		fail_msg("%s", err.text);
	return true;
}

static void assert_between(double value, double low, double high)
{
	if (value < low || value > high)
		fail_msg("%g is not between %g and %g", value, low, high);
}

static double mean_wait(const struct report *report)
{
	const struct waits *a = &report->returning.waits, *b = &report->others.waits;
	double sum =
	        (double)waits_mean(a) * (double)a->count + (double)waits_mean(b) * (double)b->count;

	return sum / (double)(a->count + b->count) / 1e6;
}

static double gave_up(const struct report_group *group)
{
	return (double)group->abandoned / (double)group->calls;
}

/* routing.md, section 5: figures of a prototype that shares no line with the core. */
static void the_banks_callers_meet_their_agents_as_often_as_foretold(void **state)
{
	static const struct {
		struct queue_plan plan;
		double present, wait, returning;
	} rows[] = {
		{ { .sticky = false }, 0.190, 30.5, 56.1 },
		{ { .sticky = true, .policy = POLICY_OFF }, 0.190, 30.5, 56.1 },
		{ { .sticky = true, .policy = POLICY_LOOSE }, 0.210, 30.4, 56.1 },
		{ { .sticky = true, .policy = POLICY_OWN_FIRST }, 0.350, 30.4, 53.1 },
		{ { .sticky = true, .in_turn = true, .wait_busy = SEC(20) }, 0.257, 31.2, 58.7 },
		{ { .sticky = true, .in_turn = true, .wait_busy = SEC(120) }, 0.497, 33.2, 71.8 },
		{ { .sticky = true, .wait_busy = SEC(20) }, 0.396, 30.8, 55.7 },
		{ { .sticky = true, .wait_busy = SEC(60) }, 0.483, 32.2, 62.3 },
		{ { .sticky = true, .wait_busy = SEC(120) }, 0.612, 33.4, 69.5 },
	};
	struct scene scene;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!stage_bank(&scene))
			skip();
		scene.play.plan = rows[i].plan;
		scene.play.plan.wait_wrapup = rows[i].plan.wait_busy;
		run(&scene);
		assert_between(report_present_share(&scene.report), rows[i].present - 0.02,
		               rows[i].present + 0.02);
		assert_between(mean_wait(&scene.report), rows[i].wait - 1, rows[i].wait + 1);
		assert_between((double)waits_mean(&scene.report.returning.waits) / 1e6,
		               rows[i].returning - 2, rows[i].returning + 2);
		close_scene(&scene);
	}
}

/* What is asked of a better policy: more than half of those who could, at no more waiting
 * than without, and nobody gives up more than a point more often. */
static void at_a_price_they_meet_more_often_and_nobody_pays(void **state)
{
	struct queue_plan plan = {
		.sticky = true,
		.policy = POLICY_OFF,
		.skip_price = 300,
		.agent_calls = 200,
		.overtake_max = MINUTE(10),
		.review = SEC(5),
		.service_guard = USEC_NEVER,
		.talk_mean = MINUTE(3),
	};
	double wait = 0, given_up[2] = { 0 };
	struct scene scene;

	(void)state;
	assert_true(options_preset("regulars", &plan));
	for (int i = 0; i < 2; i++) {
		if (!stage_bank(&scene))
			skip();
		scene.play.rules.min_talk = 0;
		scene.play.plan = plan;
		scene.play.known_max = 1;
		run(&scene);
		if (i == 0) {
			wait = mean_wait(&scene.report);
			given_up[0] = gave_up(&scene.report.returning);
			given_up[1] = gave_up(&scene.report.others);
		} else {
			assert_true(report_present_share(&scene.report) >= 0.53);
			assert_true(mean_wait(&scene.report) <= wait);
			assert_true(gave_up(&scene.report.returning) <= given_up[0] + 0.01);
			assert_true(gave_up(&scene.report.others) <= given_up[1] + 0.01);
		}
		close_scene(&scene);
		plan.policy = POLICY_RATE;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_returning_caller_waits_for_the_own_agent),
		cmocka_unit_test(nobody_waits_for_an_own_agent_when_stickiness_is_off),
		cmocka_unit_test(a_wait_that_is_too_short_is_spent_in_vain),
		cmocka_unit_test(wrap_ups_are_those_of_the_log),
		cmocka_unit_test(agents_who_go_finish_their_call),
		cmocka_unit_test(the_banks_callers_meet_their_agents_as_often_as_foretold),
		cmocka_unit_test(at_a_price_they_meet_more_often_and_nobody_pays),
	};

	return cmocka_run_group_tests_name("play_virtual", tests, NULL, NULL);
}

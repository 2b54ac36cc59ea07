#include "whatif_presence.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "whatif_made.h"

static struct queue_plan plans[TRAFFIC_QUEUES_MAX];

struct scene {
	struct whatif_contacts contacts;
	struct traffic traffic;
	unsigned seen;
};

static int build(struct scene *scene, const struct made *made, size_t count, int agents,
                 struct err *err)
{
	for (size_t i = 0; i < TRAFFIC_QUEUES_MAX; i++)
		plans[i] = (struct queue_plan){ .wrapup = SEC(10) };
	*scene = (struct scene){ 0 };
	for (size_t i = 0; i < count; i++)
		made_add(&scene->contacts, &made[i]);
	return whatif_presence_build(&scene->traffic, &scene->contacts, plans, MADE_DAWN, agents,
	                             &scene->seen, err);
}

static void open_scene(struct scene *scene, const struct made *made, size_t count, int agents)
{
	struct err err = { "" };

	if (build(scene, made, count, agents, &err) < 0)
		fail_msg("%s", err.text);
}

static void close_scene(struct scene *scene)
{
	traffic_done(&scene->traffic);
	whatif_contacts_done(&scene->contacts);
}

static void assert_shift(const struct scene *scene, size_t index, const char *agent, unsigned on,
                         unsigned off)
{
	const struct traffic_shift *shift = &scene->traffic.shifts[index];

	assert_true(index < scene->traffic.shifts_count);
	assert_string_equal(scene->traffic.agents.list[shift->agent], agent);
	assert_int_equal(shift->on / SEC(1), on);
	assert_int_equal(shift->off / SEC(1), off);
}

static void agents_are_there_from_the_first_call_to_the_last_wrap_up(void **state)
{
	static const struct made made[] = {
		{ 100, 0, 60, "ann", NULL, NULL },
		{ 600, 5, 60, "ann", NULL, NULL },
		{ 620, 0, 30, "bo", NULL, NULL },
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), 0);
	assert_int_equal(scene.seen, 2);
	assert_int_equal(scene.traffic.shifts_count, 2);
	assert_shift(&scene, 0, "ann", 100, 675);
	assert_shift(&scene, 1, "bo", 620, 660);
	close_scene(&scene);
}

static void the_telephone_rang_before_it_was_answered(void **state)
{
	struct scene scene = { 0 };
	struct err err;

	(void)state;
	plans[0] = (struct queue_plan){ .wrapup = 0 };
	made_add(&scene.contacts, &(struct made){ 100, 20, 60, "ann", NULL, NULL })->ring = SEC(6);
	assert_int_equal(whatif_presence_build(&scene.traffic, &scene.contacts, plans, MADE_DAWN, 0,
	                                       &scene.seen, &err),
	                 0);
	assert_shift(&scene, 0, "ann", 114, 180);
	close_scene(&scene);
}

static void a_gap_of_half_an_hour_is_an_absence(void **state)
{
	static const struct made made[] = {
		{ 0, 0, 60, "ann", NULL, NULL },
		{ 70 + 1800, 0, 60, "ann", NULL, NULL },
		{ 70 + 1870 + 1801, 0, 60, "ann", NULL, NULL },
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), 0);
	assert_int_equal(scene.traffic.shifts_count, 2);
	assert_shift(&scene, 0, "ann", 0, 1940);
	assert_shift(&scene, 1, "ann", 3741, 3811);
	close_scene(&scene);
}

static void so_is_one_in_which_callers_waited_for_a_minute(void **state)
{
	static const struct made made[] = {
		{ 0, 0, 60, "ann", NULL, NULL },
		{ 100, 40, 0, NULL, NULL, NULL }, /* together they waited for 65 s */
		{ 130, 35, 30, "bo", NULL, NULL },
		{ 300, 0, 60, "ann", NULL, NULL },
		{ 410, 60, 0, NULL, NULL, NULL }, /* one minute is no proof */
		{ 600, 0, 60, "ann", NULL, NULL },
		{ 700, 90, 0, NULL, NULL, "else" }, /* and ann does not serve them */
		{ 900, 0, 60, "ann", NULL, NULL },
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), 0);
	assert_int_equal(scene.traffic.shifts_count, 3);
	assert_shift(&scene, 0, "ann", 0, 70);
	assert_shift(&scene, 1, "bo", 165, 205);
	assert_shift(&scene, 2, "ann", 300, 970);
	close_scene(&scene);
}

static void who_held_out_for_somebody_proves_nothing(void **state)
{
	struct scene scene = { 0 };
	struct err err;

	(void)state;
	plans[0] = (struct queue_plan){ .wrapup = 0 };
	made_add(&scene.contacts, &(struct made){ 0, 0, 60, "ann", NULL, NULL });
	made_add(&scene.contacts, &(struct made){ 100, 90, 10, "bo", NULL, NULL })->held = SEC(90);
	made_add(&scene.contacts, &(struct made){ 300, 0, 60, "ann", NULL, NULL });
	assert_int_equal(whatif_presence_build(&scene.traffic, &scene.contacts, plans, MADE_DAWN, 0,
	                                       &scene.seen, &err),
	                 0);
	assert_int_equal(scene.traffic.shifts_count, 2);
	assert_shift(&scene, 0, "ann", 0, 360);
	close_scene(&scene);
}

static void a_wrap_up_ends_when_the_next_telephone_rings(void **state)
{
	static const struct made made[] = {
		{ 0, 0, 60, "ann", NULL, NULL },
		{ 64, 0, 60, "ann", NULL, NULL },
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), 0);
	assert_true(scene.contacts.list[0].wrapup == SEC(4));
	assert_true(scene.contacts.list[1].wrapup == SEC(10));
	close_scene(&scene);
}

static void agents_serve_the_queues_whose_callers_they_had(void **state)
{
	static const struct made made[] = {
		{ 0, 0, 60, "ann", NULL, NULL },
		{ 1, 0, 60, "bo", NULL, "help" },
		{ 100, 0, 60, "bo", NULL, NULL },
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), 0);
	assert_true(scene.traffic.shifts[0].queues == 1);
	assert_true(scene.traffic.shifts[1].queues == 3);
	close_scene(&scene);
}

static void more_agents_work_like_the_busiest(void **state)
{
	static const struct made made[] = {
		{ 0, 0, 60, "ann", NULL, NULL },
		{ 10, 0, 90, "bo", NULL, "help" },
	};
	struct scene scene;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), 2);
	assert_int_equal(scene.seen, 2);
	assert_int_equal(scene.traffic.shifts_count, 4);
	for (size_t i = 2; i < 4; i++) {
		assert_shift(&scene, i, i == 2 ? "new agent 1" : "new agent 2", 10, 110);
		assert_true(scene.traffic.shifts[i].queues == 3);
	}
	close_scene(&scene);
}

static void fewer_agents_are_without_the_least_busy(void **state)
{
	static const struct made made[] = {
		{ 0, 0, 60, "ann", NULL, NULL },
		{ 10, 0, 90, "bo", NULL, NULL },
		{ 20, 0, 70, "cy", NULL, NULL },
	};
	struct scene scene;
	struct err err;

	(void)state;
	open_scene(&scene, made, ARRAY_LEN(made), -2);
	assert_int_equal(scene.traffic.shifts_count, 1);
	assert_shift(&scene, 0, "bo", 10, 110);
	close_scene(&scene);
	assert_int_equal(build(&scene, made, ARRAY_LEN(made), -3, &err), -EINVAL);
	assert_non_null(strstr(err.text, "only 3 agents"));
	close_scene(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agents_are_there_from_the_first_call_to_the_last_wrap_up),
		cmocka_unit_test(the_telephone_rang_before_it_was_answered),
		cmocka_unit_test(a_gap_of_half_an_hour_is_an_absence),
		cmocka_unit_test(so_is_one_in_which_callers_waited_for_a_minute),
		cmocka_unit_test(who_held_out_for_somebody_proves_nothing),
		cmocka_unit_test(a_wrap_up_ends_when_the_next_telephone_rings),
		cmocka_unit_test(agents_serve_the_queues_whose_callers_they_had),
		cmocka_unit_test(more_agents_work_like_the_busiest),
		cmocka_unit_test(fewer_agents_are_without_the_least_busy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

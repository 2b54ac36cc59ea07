#include "whatif_traffic.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "alloc.h"
#include "whatif_made.h"

static struct queue_plan plans[TRAFFIC_QUEUES_MAX];

struct scene {
	struct whatif_contacts contacts;
	struct traffic traffic;
	struct whatif_found found;
};

static int build(struct scene *scene, struct err *err)
{
	for (size_t i = 0; i < TRAFFIC_QUEUES_MAX; i++)
		plans[i] = (struct queue_plan){ .wrapup = SEC(5) };
	return whatif_traffic_build(&scene->traffic, &scene->contacts, plans, 0, &scene->found,
	                            err);
}

static void close_scene(struct scene *scene)
{
	traffic_done(&scene->traffic);
	whatif_contacts_done(&scene->contacts);
}

static void calls_do_what_they_did(void **state)
{
	struct scene scene = { 0 };
	struct err err = { "" };
	size_t answered = 0;

	(void)state;
	made_centre(&scene.contacts, 400);
	assert_int_equal(build(&scene, &err), 0);
	assert_int_equal(scene.traffic.calls_count, 400);
	assert_int_equal(scene.found.calls, 400);
	assert_int_equal(scene.found.agents, 5);
	assert_int_equal(scene.found.answered + scene.found.gave_up, 400);
	assert_true(scene.found.gave_up > 0);
	for (size_t i = 0; i < 400; i++) {
		const struct whatif_contact *contact = &scene.contacts.list[i];
		const struct traffic_call *call = &scene.traffic.calls[i];

		assert_true(call->arrives == contact->arrived_at - scene.found.base);
		assert_int_equal(call->queue, contact->queue);
		assert_int_equal(call->customer, contact->customer);
		assert_true(call->service >= SEC(20));
		if (contact->answered_at == 0) {
			assert_true(call->patience == contact->wait);
			continue;
		}
		answered++;
		assert_true(call->service == contact->service);
		assert_true(call->patience > contact->wait);
	}
	assert_int_equal(answered, scene.found.answered);
	close_scene(&scene);
}

static void patience_is_estimated_from_all_who_waited(void **state)
{
	struct scene scene = { 0 };
	usec_t waits = 0, beyond = 0;
	struct err err;

	(void)state;
	made_centre(&scene.contacts, 3000);
	assert_int_equal(build(&scene, &err), 0);
	for (size_t i = 0; i < 3000; i++)
		waits += scene.contacts.list[i].wait;
	assert_true(scene.found.patience_mean == waits / scene.found.gave_up);
	for (size_t i = 0; i < 3000; i++)
		beyond += scene.traffic.calls[i].patience - scene.contacts.list[i].wait;
	beyond /= scene.found.answered;
	assert_true(beyond > scene.found.patience_mean * 9 / 10);
	assert_true(beyond < scene.found.patience_mean * 11 / 10);
	close_scene(&scene);
}

static void the_same_contacts_make_the_same_traffic(void **state)
{
	struct scene one = { 0 }, other = { 0 };
	struct err err;

	(void)state;
	made_centre(&one.contacts, 400);
	made_centre(&other.contacts, 400);
	assert_int_equal(build(&one, &err), 0);
	assert_int_equal(build(&other, &err), 0);
	for (size_t i = 0; i < 400; i++) {
		assert_true(one.traffic.calls[i].patience == other.traffic.calls[i].patience);
		assert_true(one.traffic.calls[i].service == other.traffic.calls[i].service);
	}
	close_scene(&one);
	close_scene(&other);
}

static void callers_are_endlessly_patient_when_nobody_gave_up(void **state)
{
	struct scene scene = { 0 };
	struct err err;

	(void)state;
	for (unsigned i = 0; i < WHATIF_CALLS_MIN; i++)
		made_add(&scene.contacts, &(struct made){ i * 100, 1, 60, "ann", NULL, NULL });
	assert_int_equal(build(&scene, &err), 0);
	assert_true(scene.found.patience_mean == USEC_NEVER);
	assert_true(scene.found.wait_mean == SEC(1));
	assert_true(scene.traffic.calls[0].patience == HOUR(8));
	close_scene(&scene);
}

static void who_was_not_answered_gets_a_talk_of_the_same_queue(void **state)
{
	struct scene scene = { 0 };
	struct err err;

	(void)state;
	for (unsigned i = 0; i < WHATIF_CALLS_MIN; i++)
		made_add(&scene.contacts, &(struct made){ i * 100, 1, i % 2 == 0 ? 60 : 30, "ann",
		                                          NULL, i % 2 == 0 ? "long" : "short" });
	made_add(&scene.contacts, &(struct made){ 30000, 9, 0, NULL, NULL, "long" });
	made_add(&scene.contacts, &(struct made){ 30001, 9, 0, NULL, NULL, "short" });
	made_add(&scene.contacts, &(struct made){ 30002, 9, 0, NULL, NULL, "empty" });
	assert_int_equal(build(&scene, &err), 0);
	assert_true(scene.traffic.calls[WHATIF_CALLS_MIN].service == SEC(60));
	assert_true(scene.traffic.calls[WHATIF_CALLS_MIN + 1].service == SEC(30));
	assert_true(scene.traffic.calls[WHATIF_CALLS_MIN + 2].service > 0);
	close_scene(&scene);
}

static void too_few_calls_say_nothing(void **state)
{
	struct scene scene = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(build(&scene, &err), -ENODATA);
	assert_non_null(strstr(err.text, "0 calls are too few"));
	made_centre(&scene.contacts, WHATIF_CALLS_MIN - 1);
	assert_int_equal(build(&scene, &err), -ENODATA);
	assert_non_null(strstr(err.text, "199 calls are too few"));
	close_scene(&scene);
	for (unsigned i = 0; i < WHATIF_CALLS_MIN; i++)
		made_add(&scene.contacts, &(struct made){ i, 1, 0, NULL, NULL, NULL });
	assert_int_equal(build(&scene, &err), -ENODATA);
	assert_non_null(strstr(err.text, "none of 200"));
	close_scene(&scene);
	for (unsigned i = 0; i < WHATIF_CALLS_MIN; i++)
		made_add(&scene.contacts, &(struct made){ i, 1, 1, NULL, NULL, NULL });
	assert_int_equal(build(&scene, &err), -ENODATA);
	assert_non_null(strstr(err.text, "names the agent"));
	close_scene(&scene);
}

static void memory_that_ends_is_said(void **state)
{
	struct err err;
	int r = -ENOMEM;

	(void)state;
	for (unsigned n = 1; r < 0; n++) {
		struct scene scene = { 0 };

		assert_true(n < 500);
		made_centre(&scene.contacts, WHATIF_CALLS_MIN);
		alloc_fail(n);
		r = build(&scene, &err);
		alloc_fail(0);
		assert_true(r == 0 || r == -ENOMEM);
		close_scene(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_do_what_they_did),
		cmocka_unit_test(patience_is_estimated_from_all_who_waited),
		cmocka_unit_test(the_same_contacts_make_the_same_traffic),
		cmocka_unit_test(callers_are_endlessly_patient_when_nobody_gave_up),
		cmocka_unit_test(who_was_not_answered_gets_a_talk_of_the_same_queue),
		cmocka_unit_test(too_few_calls_say_nothing),
		cmocka_unit_test(memory_that_ends_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "whatif_contacts.h"

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

#include "alloc.h"

static const char answered[] =
        "{\"v\":1,\"contact\":\"a-1\",\"outcome\":\"answered\",\"queue\":\"sales\","
        "\"first_queue\":\"desk\",\"arrived_at\":\"2026-11-21T23:39:02.118Z\","
        "\"answered_at\":\"2026-11-21T23:39:13.536Z\",\"ended_at\":\"2026-11-21T23:40:28.536Z\","
        "\"wait_ms\":11418,\"ring_ms\":4204,\"talk_ms\":70000,\"hold_ms\":5000,"
        "\"agent\":\"alice\",\"sticky\":\"own\",\"waited_ms\":4200,\"key\":\"tel:+81312345678\"}";
static const char abandoned[] =
        "{\"v\":1,\"contact\":\"a-2\",\"outcome\":\"abandoned\",\"queue\":\"sales\","
        "\"arrived_at\":\"2026-11-21T23:38:00Z\",\"ended_at\":\"2026-11-21T23:38:30Z\","
        "\"wait_ms\":30000,\"sticky\":\"new\"}";

static int add(struct whatif_contacts *contacts, const char *json, struct err *err)
{
	return whatif_contacts_add(contacts, text_of(json), err);
}

static void an_answered_contact_tells_who_and_how_long(void **state)
{
	struct whatif_contacts contacts = { 0 };
	const struct whatif_contact *contact;
	struct err err;

	(void)state;
	assert_int_equal(add(&contacts, answered, &err), 1);
	contact = &contacts.list[0];
	assert_true(contact->service == SEC(75));
	assert_true(contact->wait == MSEC(11418) && contact->ring == MSEC(4204));
	assert_true(contact->held == MSEC(4200));
	assert_true(contact->answered_at - contact->arrived_at == MSEC(11418));
	assert_true(contact->own && contact->returned && !contact->gave_up);
	assert_string_equal(contacts.queues.list[contact->queue], "sales");
	assert_string_equal(contacts.agents.list[contact->agent], "alice");
	assert_string_equal(contacts.customers.list[contact->customer], "tel:+81312345678");
	whatif_contacts_done(&contacts);
}

static void who_gave_up_talked_with_nobody(void **state)
{
	struct whatif_contacts contacts = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(add(&contacts, abandoned, &err), 1);
	assert_true(contacts.list[0].gave_up);
	assert_true(contacts.list[0].answered_at == 0);
	assert_true(contacts.list[0].agent == WHATIF_NOBODY);
	assert_true(contacts.list[0].customer == WHATIF_NOBODY);
	whatif_contacts_done(&contacts);
}

static void what_cannot_be_played_is_left_out(void **state)
{
	static const char *const others[] = {
		"{\"v\":1,\"contact\":\"x\",\"agent\":\"alice\",\"outcome\":\"resolved\","
		"\"at\":\"2026-11-21T23:38:00Z\"}",
		"{\"v\":1,\"contact\":\"x\",\"outcome\":\"rejected\",\"queue\":\"sales\","
		"\"arrived_at\":\"2026-11-21T23:38:00Z\"}",
	};
	struct whatif_contacts contacts = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(add(&contacts, others[i], &err), 0);
	assert_int_equal(contacts.count, 0);
	assert_int_equal(contacts.read, 2);
	assert_int_equal(contacts.unreadable, 0);
	whatif_contacts_done(&contacts);
}

static void what_cannot_be_read_is_counted_and_said(void **state)
{
	static const struct {
		const char *json, *why;
	} bad[] = {
		{ "nonsense", "byte" },
		{ "[1]", "no object" },
		{ "{\"outcome\":\"answered\"}", "no arrived_at" },
		{ "{\"outcome\":\"lost\",\"arrived_at\":\"yesterday\"}",
		  "arrived_at is no instant" },
		{ "{\"outcome\":\"lost\",\"arrived_at\":\"2026-11-21T23:38:00Z\",\"wait_ms\":-1}",
		  "wait_ms is no number" },
		{ "{\"outcome\":\"lost\",\"arrived_at\":\"2026-11-21T23:38:00Z\","
		  "\"talk_ms\":99000000}",
		  "talk_ms is longer than a day" },
		{ "{\"outcome\":\"lost\",\"arrived_at\":\"2026-11-21T23:38:00Z\"}", "no queue" },
		{ "{\"outcome\":\"lost\",\"arrived_at\":\"2026-11-21T23:38:00Z\",\"queue\":\"q\"}",
		  "no contact" },
		{ "{\"outcome\":\"answered\",\"arrived_at\":\"2026-11-21T23:38:00Z\","
		  "\"answered_at\":\"2026-11-21T23:37:00Z\"}",
		  "answered before it arrived" },
	};
	struct whatif_contacts contacts = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(add(&contacts, bad[i].json, &err), -EINVAL);
		if (strstr(err.text, bad[i].why) == NULL)
			fail_msg("'%s' does not say '%s'", err.text, bad[i].why);
	}
	assert_int_equal(contacts.unreadable, ARRAY_LEN(bad));
	assert_non_null(strstr(contacts.fault, "byte")); /* the first one's */
	assert_int_equal(contacts.count, 0);
	whatif_contacts_done(&contacts);
}

static void more_queues_than_a_play_can_have_are_refused(void **state)
{
	struct whatif_contacts contacts = { 0 };
	struct err err;
	char json[256];

	(void)state;
	for (int i = 0; i <= 64; i++) {
		snprintf(json, sizeof(json),
		         "{\"contact\":\"c%d\",\"outcome\":\"lost\",\"queue\":\"q%d\","
		         "\"arrived_at\":\"2026-11-21T23:38:00Z\"}",
		         i, i);
		assert_int_equal(add(&contacts, json, &err), i < 64 ? 1 : -E2BIG);
	}
	assert_non_null(strstr(err.text, "64 queues"));
	whatif_contacts_done(&contacts);
}

static void sorting_leaves_out_the_early_and_the_repeated(void **state)
{
	struct whatif_contacts contacts = { 0 };
	struct err err;
	usec_t at;

	(void)state;
	assert_int_equal(add(&contacts, answered, &err), 1);
	assert_int_equal(add(&contacts, abandoned, &err), 1);
	assert_int_equal(add(&contacts, answered, &err), 1);
	at = contacts.list[1].arrived_at;
	whatif_contacts_sort(&contacts, at);
	assert_int_equal(contacts.count, 2);
	assert_true(contacts.list[0].gave_up);
	whatif_contacts_sort(&contacts, at + 1);
	assert_int_equal(contacts.count, 1);
	assert_false(contacts.list[0].gave_up);
	whatif_contacts_done(&contacts);
}

static int read_file(struct whatif_contacts *contacts, const char *text, struct err *err)
{
	char path[] = "/tmp/najimi-contacts-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	int r;

	fputs(text, file);
	fclose(file);
	r = whatif_contacts_read(contacts, path, err);
	unlink(path);
	return r;
}

static void a_file_has_a_contact_a_line(void **state)
{
	struct whatif_contacts contacts = { 0 };
	struct err err = { "" };
	char text[2048];

	(void)state;
	snprintf(text, sizeof(text), "%s\r\n\n%s", answered, abandoned);
	assert_int_equal(read_file(&contacts, text, &err), 0);
	assert_int_equal(contacts.count, 2);
	snprintf(text, sizeof(text), "%s\n\n{\"v\":1\n", answered);
	assert_int_equal(read_file(&contacts, text, &err), -EINVAL);
	assert_non_null(strstr(err.text, ":3: "));
	assert_int_equal(whatif_contacts_read(&contacts, "/nowhere/x", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nowhere/x"));
	whatif_contacts_done(&contacts);
}

static void memory_that_ends_is_said(void **state)
{
	struct whatif_contacts contacts = { 0 };
	struct err err;
	int r = -ENOMEM;

	(void)state;
	for (unsigned n = 1; r < 0; n++) {
		assert_true(n < 200);
		alloc_fail(n);
		r = add(&contacts, answered, &err);
		alloc_fail(0);
		assert_true(r == 1 || r == -ENOMEM);
	}
	assert_int_equal(contacts.count, 1);
	whatif_contacts_done(&contacts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answered_contact_tells_who_and_how_long),
		cmocka_unit_test(who_gave_up_talked_with_nobody),
		cmocka_unit_test(what_cannot_be_played_is_left_out),
		cmocka_unit_test(what_cannot_be_read_is_counted_and_said),
		cmocka_unit_test(more_queues_than_a_play_can_have_are_refused),
		cmocka_unit_test(sorting_leaves_out_the_early_and_the_repeated),
		cmocka_unit_test(a_file_has_a_contact_a_line),
		cmocka_unit_test(memory_that_ends_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

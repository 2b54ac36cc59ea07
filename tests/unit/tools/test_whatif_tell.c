#include "whatif_tell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "najimi/codec/json.h"
#include "whatif_played.h"

static void fill(struct report *report)
{
	*report = (struct report){ .policy = "value 100",
		                   .service_level = SEC(20),
		                   .short_abandon = SEC(5) };
	for (unsigned i = 1; i <= 4; i++)
		assert_true(report_add(report, &(struct report_call){ .answered = true,
		                                                      .returning = i > 2,
		                                                      .present = i > 2,
		                                                      .own = i > 3,
		                                                      .wait = SEC(10) * i }));
}

static void the_head_says_what_was_played(void **state)
{
	struct played played;
	char *text;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	played_init(&played);
	played.args.agents = 2;
	played.contacts.unreadable = 3;
	strcpy(played.contacts.fault, "has no queue");
	played.study.alike = false;
	played.study.plans[0] =
	        (struct queue_plan){ .sticky = true, .policy = POLICY_FIXED, .wait_busy = SEC(20) };
	whatif_tell_head(&played.study, out);
	fclose(out);
	assert_non_null(strstr(text, "3990 calls by 8 agents, from 2026-11-21 09:00 to"));
	assert_non_null(strstr(text, "counted from 2026-11-28 00:00"));
	assert_non_null(strstr(text, "mean wait 31.5 s, 25.0 % of returning callers"));
	assert_non_null(strstr(text, "7.3 % gave up"));
	assert_non_null(strstr(text, "(of the busiest queue): fixed, up to 20s; the other"));
	assert_non_null(
	        strstr(text, "3 entries could not be read, the first because it has no queue"));
	assert_non_null(strstr(text, "Played with +2 agents"));
	free(text);
}

static const struct json *member(const struct json *object, const char *name)
{
	const struct json *found = json_member(object, name);

	if (found == NULL)
		fail_msg("there is no member '%s'", name);
	return found;
}

/* Programs rely on each of these; adding is fine. */
static void the_document_has_its_members(void **state)
{
	static const char *const top[] = {
		"v",        "site",         "queue",  "from",    "to",
		"calls",    "counted_from", "agents", "entries", "agents_changed",
		"recorded", "queues_alike", "took_s", "plays",   "runs"
	};
	static const char *const of_run[] = {
		"kind",      "name",          "setting",          "policy",      "returning",
		"present",   "reunited",      "reunited_present", "wait_mean_s", "wait_p95_s",
		"abandoned", "service_level", "extra_wait_s"
	};
	static const struct json_limits limits = { .bytes_max = 100000,
		                                   .depth_max = 16,
		                                   .members_max = 100 };
	char *runs, *text;
	size_t runs_length, length;
	FILE *out = open_memstream(&runs, &runs_length);
	struct played played;
	struct report report;
	struct json *document;
	const struct json *run;
	const char *word;
	struct err err;

	(void)state;
	played_init(&played);
	fill(&report);
	assert_int_equal(whatif_tell_run(&played.study, 0, &report, out, &err), 0);
	assert_int_equal(whatif_tell_run(&played.study, 4, &report, out, &err), 0);
	fclose(out);
	report_done(&report);
	out = open_memstream(&text, &length);
	assert_int_equal(
	        whatif_tell_json(&played.study, (struct text){ runs, runs_length }, 1.5, out, &err),
	        0);
	fclose(out);
	assert_int_equal(json_parse((struct text){ text, length }, &limits, &document, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(top); i++)
		(void)member(document, top[i]);
	assert_int_equal(json_count(member(document, "runs")), 2);
	run = json_first(member(document, "runs"));
	for (size_t i = 0; i < ARRAY_LEN(of_run); i++)
		(void)member(run, of_run[i]);
	assert_true(json_get_text(member(json_next(run), "kind"), &word));
	assert_string_equal(word, "present");
	assert_true(json_get_text(member(member(run, "setting"), "policy"), &word));
	assert_string_equal(word, "rate");
	json_free(document);
	free(text);
	free(runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_says_what_was_played),
		cmocka_unit_test(the_document_has_its_members),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "ctl_show.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct json_limits limits = { .bytes_max = 65536,
	                                   .depth_max = 16,
	                                   .members_max = 100 };

/* What is shown of a JSON text. The caller frees it. */
static char *show(const char *text)
{
	struct ctl ctl = { .out = NULL };
	struct json *json = NULL;
	char *shown = NULL;
	size_t size = 0;
	struct err err;

	assert_int_equal(json_parse(text_of(text), &limits, &json, &err), 0);
	ctl.out = open_memstream(&shown, &size);
	ctl_show(&ctl, json, 0);
	fclose(ctl.out);
	json_free(json);
	return shown;
}

static int in_utc(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	return 0;
}

static void one_line_members_come_first_and_null_is_left_out(void **state)
{
	char *shown =
	        show("{\"sticky\":{\"result\":\"own\",\"waited_for_ms\":4200},\"call_id\":\"c1\","
	             "\"agent\":null,\"tier\":\"\",\"held\":false,\"ratio\":0.5,"
	             "\"arrived_at\":\"2026-11-21T23:40:28.536Z\",\"talk_ms\":3725000}");

	(void)state;
	assert_string_equal(shown, "call id            c1\n"
	                           "held               no\n"
	                           "ratio              0.5\n"
	                           "arrived at         2026-11-21 23:40:28\n"
	                           "talk               1:02:05\n"
	                           "sticky\n"
	                           "  result             own\n"
	                           "  waited for         4.2 s\n");
	free(shown);
}

static void a_list_of_objects_is_a_table_of_all_their_members(void **state)
{
	char *shown = show("{\"agents\":[{\"agent\":\"alice\",\"verdict\":\"paused\"},"
	                   "{\"agent\":\"bob\",\"misses\":2,\"idle_ms\":61000}]}");

	(void)state;
	assert_string_equal(shown, "\nagents\n"
	                           "AGENT  VERDICT  MISSES  IDLE\n"
	                           "alice  paused        -     -\n"
	                           "bob    -             2  1:01\n");
	free(shown);
}

static void a_list_of_words_is_a_line(void **state)
{
	char *shown = show("{\"excluded\":[\"alice\",\"bob\",3],\"empty\":[],\"nothing\":{}}");

	(void)state;
	assert_string_equal(shown, "excluded           alice, bob, 3\n");
	free(shown);
}

static void what_a_caller_wrote_cannot_steer_the_terminal(void **state)
{
	char *shown = show("{\"note\":\"\\u001b[2Jgone\"}");

	(void)state;
	assert_string_equal(shown, "note               \xef\xbf\xbd[2Jgone\n");
	free(shown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_line_members_come_first_and_null_is_left_out, in_utc),
		cmocka_unit_test(a_list_of_objects_is_a_table_of_all_their_members),
		cmocka_unit_test(a_list_of_words_is_a_line),
		cmocka_unit_test(what_a_caller_wrote_cannot_steer_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "contacts_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ANSWERED \
	"{\"v\":1,\"contact\":\"f-1\",\"client\":\"pbx, \\\"old\\\"\",\"call\":\"c1\"," \
	"\"outcome\":\"answered\",\"queue\":\"sales\",\"arrived_at\":\"2026-11-21T23:39:02." \
	"118Z\"," \
	"\"ended_at\":\"2026-11-21T23:40:28.536Z\",\"wait_ms\":11418,\"talk_ms\":75000," \
	"\"agent\":\"alice\",\"sticky\":\"other\",\"why\":\"busy\",\"holdout\":true," \
	"\"reason\":\"two\\nlines\",\"key\":\"tel:+81312345678\",\"number\":\"+81312345678\"," \
	"\"email\":\"x@example.com\"}"
#define ABANDONED \
	"{\"v\":1,\"contact\":\"f-2\",\"client\":\"pbx-a\",\"call\":\"c2\"," \
	"\"outcome\":\"abandoned\",\"queue\":\"sales\",\"ended_at\":\"2026-11-21T23:50:28.536Z\"," \
	"\"sticky\":\"new\",\"customer_id\":\"K-77\",\"key\":\"cid:K-77\"}"
#define SAID \
	"{\"v\":1,\"contact\":\"f-4\",\"outcome\":\"answered\",\"disposition\":{" \
	"\"outcome\":\"follow_up\",\"reason\":\"contract\",\"note\":\"long\"}}"
#define SURVEYED \
	"{\"v\":1,\"contact\":\"f-6\",\"outcome\":\"answered\",\"survey\":{\"nps\":3,\"csat\":2," \
	"\"resolved\":false,\"comment\":\"never again\"}}"
#define RATED "{\"v\":1,\"contact\":\"f-7\",\"outcome\":\"answered\",\"survey\":{\"csat\":5}}"
#define OUTBOUND "{\"v\":1,\"contact\":\"f-5\",\"direction\":\"outbound\",\"agent\":\"bob\"}"
#define WITHHELD "{\"v\":1,\"contact\":\"f-3\",\"queue\":\"sales\"}"

/* All four contacts, the caller of the first twice. The text is freed by the next. */
static const char *print(enum contacts_format format, bool pii, const char *next)
{
	static const char *const contacts[] = { ANSWERED, ABANDONED, WITHHELD, ANSWERED };
	static const struct json_limits limits = { .bytes_max = 4096,
		                                   .depth_max = 4,
		                                   .members_max = 64 };
	static char *text;
	struct contacts_print print;
	struct json *json;
	struct err err;
	char entry[16];
	size_t size;
	FILE *out;

	free(text);
	text = NULL;
	out = open_memstream(&text, &size);
	assert_int_equal(contacts_print_begin(&print, out, format, pii, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(contacts); i++) {
		assert_int_equal(json_parse(text_of(contacts[i]), &limits, &json, &err), 0);
		snprintf(entry, sizeof(entry), "%zu-0", i + 1);
		assert_int_equal(contacts_print_one(&print, entry, json, &err), 0);
		json_free(json);
	}
	contacts_print_end(&print, next, false);
	contacts_print_done(&print);
	fclose(out);
	return text;
}

static void csv_is_quoted_where_it_must_be(void **state)
{
	const char *text = print(CONTACTS_CSV, false, NULL);

	(void)state;
	assert_memory_equal(text, "entry,caller,contact,client,call,outcome,by,queue,", 49);
	assert_non_null(strstr(text, "\r\n1-0,1,f-1,\"pbx, \"\"old\"\"\",c1,answered,,sales,,"
	                             "2026-11-21T23:39:02.118Z,,2026-11-21T23:40:28.536Z,11418,"));
	assert_non_null(strstr(text, ",true,,,\"two\nlines\",,,\r\n"));
	assert_non_null(strstr(text, "\r\n2-0,2,f-2,pbx-a,c2,abandoned,,sales,"));
	assert_non_null(strstr(text, "\r\n3-0,,f-3,,,,,sales,"));
	assert_non_null(strstr(text, "\r\n4-0,1,f-1,"));
	assert_string_equal(text + strlen(text) - 2, "\r\n");
}

static void who_called_is_told_to_those_who_ask_alone(void **state)
{
	(void)state;
	for (int format = CONTACTS_TABLE; format <= CONTACTS_JSON; format++) {
		const char *text = print((enum contacts_format)format, false, NULL);

		assert_null(strstr(text, "312345678"));
		assert_null(strstr(text, "K-77"));
		assert_null(strstr(text, "example.com")); /* nobody knows what that is */
		text = print((enum contacts_format)format, true, NULL);
		assert_non_null(strstr(text, "tel:+81312345678"));
		assert_non_null(strstr(text, "cid:K-77"));
	}
	assert_non_null(strstr(print(CONTACTS_JSON, true, NULL), "x@example.com"));
}

static void json_is_one_object_with_a_contact_a_line(void **state)
{
	static const struct json_limits limits = { .bytes_max = 65536,
		                                   .depth_max = 4,
		                                   .members_max = 64 };
	const char *text = print(CONTACTS_JSON, false, "4-0"), *next;
	const struct json *first;
	struct json *json;
	struct err err;
	int64_t number;

	(void)state;
	assert_int_equal(json_parse(text_of(text), &limits, &json, &err), 0);
	assert_int_equal(json_count(json_member(json, "contacts")), 4);
	assert_true(json_get_text(json_member(json, "next"), &next));
	assert_string_equal(next, "4-0");
	first = json_first(json_member(json, "contacts"));
	assert_true(json_get_text(json_member(first, "entry"), &next));
	assert_string_equal(next, "1-0");
	assert_true(json_get_int(json_member(first, "caller"), &number));
	assert_int_equal(number, 1);
	assert_true(json_get_int(json_member(first, "wait_ms"), &number));
	assert_int_equal(number, 11418);
	json_free(json);
}

static void a_table_shows_what_people_look_for(void **state)
{
	const char *text = print(CONTACTS_TABLE, false, NULL);

	(void)state;
	assert_non_null(strstr(text, "other: busy"));
	assert_non_null(strstr(text, "1:15"));
	assert_non_null(strstr(text, "#1"));
	assert_non_null(strstr(text, "#2"));
	assert_non_null(strstr(text, "abandoned"));
}

static void a_story_says_what_agents_and_callers_said_and_did(void **state)
{
	static const char *const contacts[] = { OUTBOUND, SAID, ABANDONED, SURVEYED, RATED };
	static const struct json_limits limits = { .bytes_max = 4096,
		                                   .depth_max = 4,
		                                   .members_max = 64 };
	struct contacts_print story;
	struct json *json;
	struct err err;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(contacts_print_begin(&story, out, CONTACTS_STORY, true, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(contacts); i++) {
		assert_int_equal(json_parse(text_of(contacts[i]), &limits, &json, &err), 0);
		assert_int_equal(contacts_print_one(&story, "", json, &err), 0);
		json_free(json);
	}
	contacts_print_end(&story, NULL, false);
	contacts_print_done(&story);
	fclose(out);
	assert_non_null(strstr(text, "said"));
	assert_non_null(strstr(text, "follow_up: contract"));
	assert_non_null(strstr(text, "outbound"));
	assert_null(strstr(text, "long"));
	assert_non_null(strstr(text, "NPS 3, CSAT 2, unresolved\n"));
	assert_non_null(strstr(text, "CSAT 5\n"));
	assert_null(strstr(text, "never again"));
	assert_null(strstr(print(CONTACTS_TABLE, true, NULL), "survey"));
	assert_null(strstr(print(CONTACTS_TABLE, true, NULL), "said"));
	free(text);
}

static void nothing_is_said_in_each_way(void **state)
{
	static const char *const said[] = { "no contacts\n", "entry,caller,",
		                            "{\"contacts\":[\n]}\n" };

	(void)state;
	for (int format = CONTACTS_TABLE; format <= CONTACTS_JSON; format++) {
		struct contacts_print print;
		struct err err;
		size_t size;
		char *text;
		FILE *out = open_memstream(&text, &size);

		assert_int_equal(contacts_print_begin(&print, out, (enum contacts_format)format,
		                                      false, &err),
		                 0);
		contacts_print_end(&print, NULL, false);
		contacts_print_done(&print);
		fclose(out);
		assert_memory_equal(text, said[format], strlen(said[format]));
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_is_quoted_where_it_must_be),
		cmocka_unit_test(who_called_is_told_to_those_who_ask_alone),
		cmocka_unit_test(json_is_one_object_with_a_contact_a_line),
		cmocka_unit_test(a_table_shows_what_people_look_for),
		cmocka_unit_test(a_story_says_what_agents_and_callers_said_and_did),
		cmocka_unit_test(nothing_is_said_in_each_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

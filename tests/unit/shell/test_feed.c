#include "najimi/shell/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct heard {
	uint64_t first, last;
	size_t count;
	char json[512];
};

static void hear(const struct feed_event *event, void *arg)
{
	struct heard *heard = arg;

	if (heard->count++ == 0)
		heard->first = event->seq;
	else
		assert_true(event->seq == heard->last + 1);
	heard->last = event->seq;
	assert_true(event->json.length < sizeof(heard->json));
	memcpy(heard->json, event->json.start, event->json.length);
	heard->json[event->json.length] = '\0';
}

static void publish(struct feed *feed, int count)
{
	for (int i = 0; i < count; i++)
		feed_publish(feed, FEED_CALL_ENDED, 2, "pbx", SEC(1), TEXT("{\"x\":1}"));
}

static void subscribers_get_whole_numbered_notifications(void **state)
{
	struct feed *feed = feed_new(10);
	struct heard heard = { .count = 0 };
	char expected[256];

	(void)state;
	assert_true(feed_subscribe(feed, hear, &heard));
	publish(feed, 1);
	snprintf(expected, sizeof(expected),
	         "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"epoch\":\"%s\",\"seq\":1,"
	         "\"at\":\"1970-01-01T00:00:01.000Z\",\"type\":\"call.ended\",\"data\":{\"x\":1}}}",
	         feed_epoch(feed));
	assert_string_equal(heard.json, expected);
	feed_free(feed);
}

static void replay_goes_on_where_the_subscriber_was(void **state)
{
	struct feed *feed = feed_new(10);
	struct heard heard = { .count = 0 };

	(void)state;
	publish(feed, 7);
	assert_true(feed_replay(feed, 4, hear, &heard));
	assert_int_equal(heard.first, 5);
	assert_int_equal(heard.last, 7);
	feed_free(feed);
}

static void replay_of_what_is_not_kept_any_more_hands_out_nothing(void **state)
{
	struct feed *feed = feed_new(10);
	struct heard heard = { .count = 0 };

	(void)state;
	publish(feed, 25);
	assert_false(feed_replay(feed, 14, hear, &heard)); /* 15 was overwritten by 25 */
	assert_int_equal(heard.count, 0);
	assert_true(feed_replay(feed, 15, hear, &heard));
	assert_int_equal(heard.count, 10);
	assert_false(feed_replay(feed, 26, hear, &heard)); /* from another life */
	feed_free(feed);
}

static void names_of_types_are_found_again(void **state)
{
	(void)state;
	for (int i = 0; i < FEED_TYPES; i++)
		assert_int_equal(feed_type_of(feed_type_name((enum feed_type)i)), i);
	assert_int_equal(feed_type_of("call.exploded"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subscribers_get_whole_numbered_notifications),
		cmocka_unit_test(replay_goes_on_where_the_subscriber_was),
		cmocka_unit_test(replay_of_what_is_not_kept_any_more_hands_out_nothing),
		cmocka_unit_test(names_of_types_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

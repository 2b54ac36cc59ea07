#include "state.h"

#include <stdio.h>

#include "centre.h"
#include "najimi/codec/json.h"

/* The answer's body as a document. */
static struct json *parse(const struct answer *answer)
{
	static const struct json_limits limits = {
		.bytes_max = 1 << 20,
		.depth_max = 16,
		.members_max = 1024,
		.elements_max = 100000,
	};
	struct json *json = NULL;
	struct err err = { 0 };

	if (json_parse((struct text){ answer->body.start, answer->body.length }, &limits, &json,
	               &err) < 0)
		fail_msg("%s in %s", err.text, answer->body.start);
	return json;
}

static const char *text(const struct json *object, const char *name)
{
	const struct json *member = json_member(object, name);
	const char *value = NULL;

	if (member == NULL)
		fail_msg("there is no '%s'", name);
	if (json_type(member) != JSON_NULL)
		assert_true(json_get_text(member, &value));
	return value;
}

static int64_t number(const struct json *object, const char *name)
{
	int64_t value = -1;

	assert_non_null(json_member(object, name));
	assert_true(json_get_int(json_member(object, name), &value));
	return value;
}

static const struct json *element(const struct json *json, const char *list, int index)
{
	const struct json *found = json_first(json_member(json, list));

	for (; index > 0 && found != NULL; index--)
		found = json_next(found);
	return found;
}

static void queues_are_told_with_their_stamp(void **state)
{
	struct centre *centre = *state;
	const struct json *queue;
	struct answer answer;
	struct json *json;

	centre_log_in(centre, "alice");
	(void)centre_call(centre, "c1", "+81312345678", false, 1);
	(void)centre_call(centre, "c2", "+81312345678", false, 1);
	feed_publish(centre->feed, FEED_CALL_CHANGED, 1, "pbx-a", clock_now(), TEXT("{}"));
	answer = centre_ask_stamped(centre, state_queues, (struct inquiry){ 0 });
	json = parse(&answer);
	assert_string_equal(answer.type, "application/json");
	assert_string_equal(text(json, "epoch"), feed_epoch(centre->feed));
	assert_int_equal(number(json, "seq"), 1);
	assert_int_equal(strlen(text(json, "as_of")), 24);
	assert_int_equal(json_count(json_member(json, "queues")), 2);
	assert_string_equal(text(element(json, "queues", 0), "queue"), "sales");
	assert_null(text(element(json, "queues", 0), "oldest_at"));
	queue = element(json, "queues", 1);
	assert_string_equal(text(queue, "queue"), CENTRE_QUEUE);
	assert_int_equal(number(queue, "waiting"), 1);
	assert_non_null(text(queue, "oldest_at"));
	assert_int_equal(number(queue, "offered"), 1);
	assert_int_equal(number(json_member(queue, "agents"), "offered"), 1);
	assert_int_equal(number(queue, "arrived"), 2);
	assert_int_equal(number(queue, "service_level_ms"), 20000);
	assert_true(number(queue, "oldest_wait_ms") >= 30000);
	json_free(json);
	body_done(&answer.body);
}

static void one_queue_is_found_by_its_name(void **state)
{
	struct answer answer =
	        centre_ask_stamped(*state, state_queue, (struct inquiry){ .name = CENTRE_QUEUE });
	struct json *json = parse(&answer);

	assert_int_equal(answer.status, 200);
	assert_string_equal(text(json, "queue"), CENTRE_QUEUE);
	assert_non_null(text(json, "as_of"));
	json_free(json);
	body_done(&answer.body);
	answer = centre_ask(*state, state_queue, (struct inquiry){ .name = "nowhere" });
	assert_int_equal(answer.status, 404);
	assert_non_null(strstr(answer.body.start, "there is no queue 'nowhere'"));
	body_done(&answer.body);
}

static int status_of(struct centre *centre, answer_fn *handler, const char *etag, bool pii)
{
	struct answer answer = centre_ask_stamped(
	        centre, handler, (struct inquiry){ .if_none_match = etag, .pii = pii });

	if (answer.status == 304)
		assert_int_equal(answer.body.length, 0);
	body_done(&answer.body);
	return answer.status;
}

static void an_unchanged_state_is_not_told_again(void **state)
{
	struct centre *centre = *state;
	struct answer first;
	char list[200];

	(void)centre_call(centre, "c1", "+81312345678", false, 0);
	first = centre_ask_stamped(centre, state_calls, (struct inquiry){ 0 });
	snprintf(list, sizeof(list), "\"other\", %s", first.etag);
	assert_int_equal(status_of(centre, state_calls, list, false), 304);
	assert_int_equal(status_of(centre, state_calls, "*", false), 304);
	/* With other rights it is another text. */
	assert_int_equal(status_of(centre, state_calls, list, true), 200);
	/* Somebody is there for the caller. */
	centre_log_in(centre, "alice");
	assert_int_equal(status_of(centre, state_calls, list, false), 200);
	body_done(&first.body);
	first = centre_ask_stamped(centre, state_agents, (struct inquiry){ 0 });
	/* What is not in it makes it no other. */
	feed_publish(centre->feed, FEED_CALL_CHANGED, 1, "pbx-a", clock_now(), TEXT("{}"));
	centre_step(centre, (struct core_event){ .type = EVT_TIME_PASSED });
	assert_int_equal(status_of(centre, state_agents, first.etag, false), 304);
	body_done(&first.body);
}

static void agents_are_told_with_what_they_serve(void **state)
{
	struct centre *centre = *state;
	const struct json *alice, *bob;
	struct core_event pause = { .type = EVT_AGENT_PAUSED };
	struct answer answer;
	struct json *json;

	centre_log_in(centre, "alice");
	assert_true(directory_set_agent(
	        centre->directory, directory_find_agent(centre->directory, "alice"), NULL, "tea"));
	pause.agent_paused.agent = centre_agent(centre, "alice");
	centre_step(centre, pause);
	answer = centre_ask(centre, state_agents, (struct inquiry){ 0 });
	json = parse(&answer);
	alice = element(json, "agents", 0);
	bob = element(json, "agents", 1);
	assert_string_equal(text(alice, "agent"), "alice");
	assert_string_equal(text(alice, "target"), "PJSIP/alice");
	assert_string_equal(text(alice, "state"), "paused");
	assert_string_equal(text(alice, "reason"), "tea");
	assert_null(text(alice, "call"));
	assert_string_equal(text(alice, "why"), "asked");
	assert_int_equal(json_count(json_member(alice, "queues")), 2);
	assert_int_equal(number(json_member(alice, "skills"), "german"), 3);
	assert_string_equal(text(bob, "agent"), "bob");
	assert_string_equal(text(bob, "state"), "logged_out");
	assert_null(text(json, "next"));
	json_free(json);
	body_done(&answer.body);
}

static void an_agents_call_is_named_as_its_telephony_system_does(void **state)
{
	struct centre *centre = *state;
	struct answer answer;
	struct json *json;

	centre_log_in(centre, "alice");
	(void)centre_call(centre, "c-17", "+81312345678", false, 0);
	answer = centre_ask(centre, state_agents, (struct inquiry){ .query = "limit=1" });
	json = parse(&answer);
	assert_int_equal(json_count(json_member(json, "agents")), 1);
	assert_string_equal(text(element(json, "agents", 0), "call"), "c-17");
	assert_string_equal(text(json, "next"), "alice");
	json_free(json);
	body_done(&answer.body);

	answer = centre_ask(centre, state_agents,
	                    (struct inquiry){ .query = "limit=1&after=alice" });
	json = parse(&answer);
	assert_string_equal(text(element(json, "agents", 0), "agent"), "bob");
	assert_null(text(json, "next"));
	json_free(json);
	body_done(&answer.body);
}

static void callers_numbers_are_masked_unless_they_may_be_seen(void **state)
{
	struct centre *centre = *state;
	struct answer answer;
	struct json *json;

	(void)centre_call(centre, "c1", "+81312345678", false, 0);
	(void)centre_call(centre, "c2", "+81399999999", true, 0);
	answer = centre_ask(centre, state_calls, (struct inquiry){ 0 });
	json = parse(&answer);
	assert_null(strstr(answer.body.start, "81312345678"));
	assert_null(strstr(answer.body.start, "K-77"));
	assert_non_null(strstr(text(element(json, "calls", 0), "from"), "****"));
	assert_null(text(element(json, "calls", 1), "from"));
	assert_string_equal(text(element(json, "calls", 0), "state"), "waiting");
	assert_string_equal(text(element(json, "calls", 0), "to"), "+81570012345");
	json_free(json);
	body_done(&answer.body);

	answer = centre_ask(centre, state_calls, (struct inquiry){ .pii = true });
	json = parse(&answer);
	assert_string_equal(text(element(json, "calls", 0), "from"), "+81312345678");
	assert_string_equal(text(element(json, "calls", 0), "customer_id"), "K-77");
	/* Its owner withheld it: from everybody. */
	assert_null(text(element(json, "calls", 1), "from"));
	json_free(json);
	body_done(&answer.body);
}

static void calls_come_in_pages_and_each_of_them_once(void **state)
{
	struct centre *centre = *state;
	char name[16], query[64] = "limit=7", seen[1000] = { 0 };
	const char *next = query;
	unsigned pages = 0;

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		(void)centre_call(centre, name, "", false, 0);
	}
	for (; next != NULL; pages++) {
		struct answer answer =
		        centre_ask(centre, state_calls, (struct inquiry){ .query = query });
		struct json *json = parse(&answer);

		assert_true(json_count(json_member(json, "calls")) <= 7);
		for (const struct json *call = json_first(json_member(json, "calls")); call != NULL;
		     call = json_next(call))
			assert_int_equal(seen[atoi(text(call, "call_id") + 1)]++, 0);
		next = text(json, "next");
		if (next != NULL)
			snprintf(query, sizeof(query), "limit=7&after=%s", next);
		json_free(json);
		body_done(&answer.body);
	}
	assert_int_equal(pages, 15);
	for (int i = 0; i < 100; i++)
		assert_int_equal(seen[i], 1);
}

static void an_empty_centre_has_an_empty_page(void **state)
{
	struct answer answer = centre_ask(*state, state_calls, (struct inquiry){ 0 });
	struct json *json = parse(&answer);

	assert_int_equal(json_count(json_member(json, "calls")), 0);
	assert_null(text(json, "next"));
	json_free(json);
	body_done(&answer.body);
}

static void a_query_that_makes_no_sense_is_said(void **state)
{
	static const char *const wrong[] = { "limit=0",
		                             "limit=1001",
		                             "limit=x",
		                             "limit=",
		                             "after=x",
		                             "after=-1",
		                             "limit",
		                             "after=4294967295",
		                             "after=%ff",
		                             "state=ready",
		                             "limit=1&queue=sales" };

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct answer answer =
		        centre_ask(*state, state_calls, (struct inquiry){ .query = wrong[i] });

		if (answer.status != 400)
			print_error("for '%s'\n", wrong[i]);
		assert_int_equal(answer.status, 400);
		assert_string_equal(answer.type, "application/problem+json");
		body_done(&answer.body);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, centre_set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(queues_are_told_with_their_stamp),
		TEST(one_queue_is_found_by_its_name),
		TEST(an_unchanged_state_is_not_told_again),
		TEST(agents_are_told_with_what_they_serve),
		TEST(an_agents_call_is_named_as_its_telephony_system_does),
		TEST(callers_numbers_are_masked_unless_they_may_be_seen),
		TEST(calls_come_in_pages_and_each_of_them_once),
		TEST(an_empty_centre_has_an_empty_page),
		TEST(a_query_that_makes_no_sense_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

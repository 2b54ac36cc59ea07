#include "history.h"

#include <errno.h>

#include "contacts.h"
#include "najimi/codec/json.h"
#include "state.h"
#include "world.h"

/* The last contacts of callers and agents, on a real Redis. */

static struct redis_server server;

static struct {
	unsigned count;
	int outcome;
	struct json *json;
} heard;

static void on_history(uint64_t request, int outcome, struct text json, void *arg)
{
	static const struct json_limits limits = { .bytes_max = 1 << 20,
		                                   .depth_max = 16,
		                                   .members_max = 1024 };
	struct err err;

	(void)arg;
	assert_int_equal(request, 99);
	heard.count++;
	heard.outcome = outcome;
	heard.json = json_free(heard.json);
	if (outcome == 0 && json_parse(json, &limits, &heard.json, &err) < 0)
		fail_msg("%s: %.*s", err.text, (int)json.length, json.start);
}

static bool is_heard(struct world *world)
{
	(void)world;
	return heard.count > 0;
}

static int set_up(void **state)
{
	static struct world world;

	heard.count = 0;
	redis_server_start(&server, NULL);
	world_prepare(&world, &server);
	world.keeps_days = true;
	world.history_read = on_history;
	world_open(&world);
	world_wait(&world, is_recovered);
	world_log_in(&world, "alice");
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	world_close(*state);
	redis_server_stop(&server);
	heard.json = json_free(heard.json);
	return 0;
}

/* NULL: nothing is known. */
static const struct json *ask(struct world *world, const char *caller, const char *agent, bool pii)
{
	world_settle(world);
	heard.count = 0;
	assert_int_equal(store_read_history(world->store, caller, agent, pii, 99), 0);
	world_wait(world, is_heard);
	assert_int_equal(heard.count, 1);
	return heard.json;
}

static const struct json *contacts(const struct json *answer)
{
	return json_member(answer, "contacts");
}

static void assert_call(const struct json *contact, const char *call)
{
	const char *found = "";

	assert_true(json_get_text(json_member(contact, "call"), &found));
	assert_string_equal(found, call);
}

static void a_caller_has_those_contacts_alone(void **state)
{
	struct world *world = *state;
	const struct json *answer;
	const char *text = "";

	world_talk(world, "c1", "cid:4711", "alice");
	world_talk(world, "c2", "cid:9", "alice");
	world_talk(world, "c3", "cid:4711", "alice");
	answer = ask(world, "cid:4711", NULL, true);
	assert_true(json_get_text(json_member(answer, "key"), &text));
	assert_string_equal(text, "cid:4711");
	assert_int_equal(json_count(contacts(answer)), 2);
	assert_call(json_first(contacts(answer)), "c3");
	assert_call(json_next(json_first(contacts(answer))), "c1");
	assert_true(json_get_text(json_member(json_first(contacts(answer)), "key"), &text));
	assert_string_equal(text, "cid:4711");
	assert_int_equal(json_type(json_member(answer, "caller")), JSON_OBJECT);
	assert_null(ask(world, "cid:nobody", NULL, true));
	assert_int_equal(heard.outcome, -ENOENT);
}

static void a_number_leads_to_the_customer_whose_it_is(void **state)
{
	struct world *world = *state;
	const struct json *answer;
	const char *text = "";

	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "SADD %salias:+811 4711", WORLD_PREFIX));
	answer = ask(world, "tel:+811", NULL, true);
	assert_true(json_get_text(json_member(answer, "key"), &text));
	assert_string_equal(text, "cid:4711");
	assert_int_equal(json_count(contacts(answer)), 1);
	freeReplyObject(redis_server_ask(&server, "SADD %salias:+811 4712", WORLD_PREFIX));
	assert_null(ask(world, "tel:+811", NULL, true));
}

static void what_is_trimmed_or_spoilt_is_passed_over(void **state)
{
	struct world *world = *state;
	redisReply *reply;

	world_talk(world, "c1", "cid:1", "alice");
	world_talk(world, "c2", "cid:1", "alice");
	world_settle(world);
	reply = redis_server_ask(&server, "LINDEX %shistory:cid:1 0", WORLD_PREFIX);
	freeReplyObject(redis_server_ask(&server, "XDEL %scontacts %s", WORLD_PREFIX, reply->str));
	freeReplyObject(reply);
	freeReplyObject(redis_server_ask(&server, "XADD %scontacts 99999999999999-1 contact {",
	                                 WORLD_PREFIX));
	freeReplyObject(redis_server_ask(&server, "LPUSH %shistory:cid:1 99999999999999-1 nonsense",
	                                 WORLD_PREFIX));
	assert_int_equal(json_count(contacts(ask(world, "cid:1", NULL, true))), 1);
	assert_call(json_first(contacts(heard.json)), "c1");
}

static const char *today(struct world *world)
{
	return daybook_today(world->store->days.book);
}

static void lists_are_short_and_end_some_day(void **state)
{
	struct world *world = *state;
	char name[16];
	int64_t keep;

	for (unsigned i = 0; i < 102; i++) {
		snprintf(name, sizeof(name), "c%u", i);
		world_talk(world, name, "cid:1", "alice");
	}
	world_settle(world);
	/* At 101 they were cut to 50. */
	assert_int_equal(redis_server_number(&server, "LLEN %shistory:cid:1", WORLD_PREFIX), 51);
	assert_int_equal(redis_server_number(&server, "LLEN %shistory:agent:alice:%s", WORLD_PREFIX,
	                                     today(world)),
	                 102);
	assert_int_equal(json_count(contacts(ask(world, "cid:1", NULL, true))), 20);
	assert_call(json_first(contacts(heard.json)), "c101");
	keep = (int64_t)(world->store->contacts_keep / MSEC(1));
	assert_true(redis_server_number(&server, "PTTL %shistory:cid:1", WORLD_PREFIX) >
	            keep - 60000);
	/* An agent's day ends when it cannot have an entry any more. */
	assert_true(redis_server_number(&server, "PTTL %shistory:agent:alice:%s", WORLD_PREFIX,
	                                today(world)) > keep + 24 * 3600000);
}

static int64_t listed(struct world *world, usec_t at)
{
	char day[DAY_SIZE] = "";

	memcpy(day, days_hour(world->store, at), DAY_SIZE - 1);
	return redis_server_number(&server, "LLEN %shistory:agent:alice:%s", WORLD_PREFIX, day);
}

static void what_is_listed_of_an_agent_is_listed_by_the_day(void **state)
{
	struct world *world = *state;
	usec_t now = clock_now(), then = now - 2 * HOUR(24);

	memories_open_entry(world->store, CONTACT_FIELD);
	batch_string(&world->store->commits.lasting, "{}");
	batch_close(&world->store->commits.lasting);
	history_add(world->store, "", "alice", now);
	history_add(world->store, "", "alice", then);
	gather_mark(world->store);
	loop_nudge(world->loop);
	world_settle(world);
	assert_int_equal(listed(world, now), 1);
	assert_int_equal(listed(world, then), 1);
	assert_int_equal(listed(world, now - HOUR(24)), 0);
}

static void an_agents_day_has_figures_and_todays_contacts(void **state)
{
	struct world *world = *state;
	const struct json *answer;
	const char *text;
	int64_t number = 0;

	world_talk(world, "c1", "cid:4711", "alice");
	answer = ask(world, NULL, "alice", false);
	assert_true(json_get_int(json_member(answer, "handled"), &number));
	assert_int_equal(number, 1);
	assert_int_equal(json_count(contacts(answer)), 1);
	assert_call(json_first(contacts(answer)), "c1");
	assert_false(json_get_text(json_member(json_first(contacts(answer)), "key"), &text));
	answer = ask(world, NULL, "alice", true);
	assert_true(json_get_text(json_member(json_first(contacts(answer)), "key"), &text));
	/* Yesterday's are there, and not told. */
	freeReplyObject(redis_server_ask(
	        &server, "XADD %scontacts 99999999999999-1 contact %s", WORLD_PREFIX,
	        "{\"v\":1,\"call\":\"old\",\"ended_at\":\"2020-01-01T00:00:00.000Z\"}"));
	freeReplyObject(redis_server_ask(&server, "LPUSH %shistory:agent:alice:%s 99999999999999-1",
	                                 WORLD_PREFIX, today(world)));
	assert_int_equal(json_count(contacts(ask(world, NULL, "alice", true))), 1);
}

static void dispose(struct world *world, const char *key, const char *contact, const char *outcome)
{
	const struct disposition disposition = { .agent = "alice",
		                                 .contact = contact,
		                                 .client = "pbx",
		                                 .call = "c",
		                                 .key = key,
		                                 .outcome = outcome,
		                                 .reason = "contract",
		                                 .note = "lives in Nara",
		                                 .stick = true };

	store_dispose(world->store, &disposition);
	loop_nudge(world->loop);
}

static void assert_said(const struct json *contact, const char *outcome, const char *note)
{
	const struct json *said = json_member(contact, "disposition");
	const char *text = NULL;

	if (outcome == NULL) {
		assert_null(said);
		return;
	}
	assert_true(json_get_text(json_member(said, "outcome"), &text));
	assert_string_equal(text, outcome);
	assert_true(json_get_text(json_member(said, "at"), &text));
	text = NULL;
	json_get_text(json_member(said, "note"), &text);
	if (note == NULL)
		assert_null(text);
	else
		assert_string_equal(text, note);
	assert_null(json_member(said, "key"));
}

static void what_agents_said_stands_with_the_contact(void **state)
{
	struct world *world = *state;
	const struct json *first;

	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	dispose(world, "cid:4711", world->contact, "unresolved");
	dispose(world, "cid:4711", world->contact, "resolved"); /* on second thoughts */
	dispose(world, "cid:4711", "0000-of-old", "escalated");
	world_talk(world, "c2", "cid:4711", "alice");
	first = json_first(contacts(ask(world, "cid:4711", NULL, true)));
	assert_int_equal(json_count(contacts(heard.json)), 2);
	assert_said(first, NULL, NULL);
	assert_said(json_next(first), "resolved", "lives in Nara");
	first = json_first(contacts(ask(world, NULL, "alice", false)));
	assert_int_equal(json_count(contacts(heard.json)), 2);
	assert_said(json_next(first), "resolved", NULL);
}

static void what_was_said_of_a_number_stands_with_the_customer(void **state)
{
	struct world *world = *state;

	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	freeReplyObject(redis_server_ask(&server, "SADD %salias:+811 4711", WORLD_PREFIX));
	dispose(world, "tel:+811", world->contact, "follow_up");
	assert_said(json_first(contacts(ask(world, "cid:4711", NULL, true))), "follow_up",
	            "lives in Nara");
}

static void survey(struct world *world, const char *contact, int nps, const char *comment)
{
	const struct survey survey = { .contact = contact,
		                       .nps = nps,
		                       .csat = 2,
		                       .index = { -1, -1, 250 },
		                       .resolved = SURVEY_NO,
		                       .comment = comment,
		                       .by = "ivr" };

	store_survey(world->store, &survey);
	loop_nudge(world->loop);
}

static void assert_survey(const struct json *contact, int64_t nps, const char *comment)
{
	const struct json *found = json_member(contact, "survey");
	const char *text = NULL;
	bool resolved = true;
	int64_t number = -1;

	assert_true(json_get_int(json_member(found, "nps"), &number));
	assert_int_equal(number, nps);
	assert_true(json_get_int(json_member(found, "csat"), &number));
	assert_int_equal(number, 2);
	assert_true(json_get_int(json_member(found, "loyalty"), &number));
	assert_int_equal(number, 250);
	assert_true(json_get_bool(json_member(found, "resolved"), &resolved));
	assert_false(resolved);
	assert_true(json_get_text(json_member(found, "at"), &text));
	text = NULL;
	json_get_text(json_member(found, "comment"), &text);
	if (comment == NULL)
		assert_null(text);
	else
		assert_string_equal(text, comment);
	assert_null(json_member(found, "by"));
}

static void what_callers_answered_stands_with_the_contact(void **state)
{
	struct world *world = *state;
	const struct json *first;
	int64_t left;

	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	survey(world, world->contact, 3, "nobody rang back");
	survey(world, world->contact, 10, "they did"); /* what was said first counts */
	dispose(world, "cid:4711", world->contact, "follow_up");
	survey(world, "0000-of-old", 7, "x");
	world_talk(world, "c2", "cid:4711", "alice");
	first = json_first(contacts(ask(world, "cid:4711", NULL, true)));
	assert_int_equal(json_count(contacts(heard.json)), 2);
	assert_null(json_member(first, "survey"));
	assert_survey(json_next(first), 3, "nobody rang back");
	assert_said(json_next(first), "follow_up", "lives in Nara");
	first = json_first(contacts(ask(world, NULL, "alice", false)));
	assert_int_equal(json_count(contacts(heard.json)), 2);
	assert_null(json_member(first, "survey"));
	assert_survey(json_next(first), 3, NULL);
	left = redis_server_number(&server, "PTTL %ssurvey:0000-of-old", WORLD_PREFIX);
	assert_in_range(left, world->store->contacts_keep / MSEC(1) - 60000,
	                world->store->contacts_keep / MSEC(1));
}

static void a_survey_that_is_trimmed_or_spoilt_is_passed_over(void **state)
{
	struct world *world = *state;
	redisReply *reply;

	world_talk(world, "c1", "cid:1", "alice");
	world_settle(world);
	survey(world, world->contact, 3, "");
	world_settle(world);
	reply = redis_server_ask(&server, "LINDEX %ssurvey:%s 0", WORLD_PREFIX, world->contact);
	freeReplyObject(redis_server_ask(&server, "XDEL %scontacts %s", WORLD_PREFIX, reply->str));
	freeReplyObject(reply);
	assert_null(json_member(json_first(contacts(ask(world, "cid:1", NULL, true))), "survey"));
	freeReplyObject(redis_server_ask(&server, "LSET %ssurvey:%s 0 nonsense", WORLD_PREFIX,
	                                 world->contact));
	assert_null(json_member(json_first(contacts(ask(world, "cid:1", NULL, true))), "survey"));
	freeReplyObject(redis_server_ask(&server, "DEL %ssurvey:%s", WORLD_PREFIX, world->contact));
	freeReplyObject(
	        redis_server_ask(&server, "HSET %ssurvey:%s a b", WORLD_PREFIX, world->contact));
	assert_null(json_member(json_first(contacts(ask(world, "cid:1", NULL, true))), "survey"));
	assert_int_equal(json_count(contacts(heard.json)), 1);
}

static void calls_that_agents_made_are_told(void **state)
{
	struct world *world = *state;
	const struct outbound outbound = { .agent = world_agent(world, "alice"),
		                           .queue = 0,
		                           .at = clock_now(),
		                           .talk = SEC(40),
		                           .key = "cid:4711",
		                           .client = "pbx" };
	const struct json *first;
	const char *text = "";
	char contact[33];

	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	store_outbound(world->store, &outbound, contact);
	loop_nudge(world->loop);
	first = json_first(contacts(ask(world, "cid:4711", NULL, true)));
	assert_int_equal(json_count(contacts(heard.json)), 2);
	assert_true(json_get_text(json_member(first, "direction"), &text));
	assert_string_equal(text, "outbound");
	assert_true(json_get_text(json_member(first, "contact"), &text));
	assert_string_equal(text, contact);
	assert_null(json_member(json_next(first), "direction"));
	first = json_first(contacts(ask(world, NULL, "alice", false)));
	assert_true(json_get_text(json_member(first, "direction"), &text));
	assert_null(json_member(first, "key"));
}

static void without_redis_the_figures_are_told_alone(void **state)
{
	struct world *world = *state;
	const struct json *answer;

	world_talk(world, "c1", "cid:4711", "alice");
	world_settle(world);
	redis_server_kill(&server);
	world_wait(world, is_away);
	heard.count = 0;
	assert_int_equal(store_read_history(world->store, NULL, "alice", true, 99), 0);
	world_wait(world, is_heard);
	answer = heard.json;
	assert_int_equal(json_type(contacts(answer)), JSON_NULL);
	assert_non_null(json_member(answer, "ready_ms"));
	heard.count = 0;
	assert_int_equal(store_read_history(world->store, "cid:4711", NULL, true, 99), 0);
	world_wait(world, is_heard);
	assert_int_equal(heard.outcome, -ENOTCONN);
	redis_server_restart(&server);
	world_wait(world, is_up);
}

static void there_is_a_limit(void **state)
{
	struct world *world = *state;

	world_settle(world);
	heard.count = 0;
	for (unsigned i = 0; i < HISTORIES_MAX; i++)
		assert_int_equal(store_read_history(world->store, "cid:1", NULL, true, 99), 0);
	assert_int_equal(store_read_history(world->store, "cid:1", NULL, true, 99), -EBUSY);
	while (heard.count < HISTORIES_MAX)
		event_base_loop(world->base, EVLOOP_ONCE);
}

#define HISTORY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HISTORY_TEST(a_caller_has_those_contacts_alone),
		HISTORY_TEST(a_number_leads_to_the_customer_whose_it_is),
		HISTORY_TEST(what_is_trimmed_or_spoilt_is_passed_over),
		HISTORY_TEST(lists_are_short_and_end_some_day),
		HISTORY_TEST(what_is_listed_of_an_agent_is_listed_by_the_day),
		HISTORY_TEST(an_agents_day_has_figures_and_todays_contacts),
		HISTORY_TEST(what_agents_said_stands_with_the_contact),
		HISTORY_TEST(what_was_said_of_a_number_stands_with_the_customer),
		HISTORY_TEST(what_callers_answered_stands_with_the_contact),
		HISTORY_TEST(a_survey_that_is_trimmed_or_spoilt_is_passed_over),
		HISTORY_TEST(calls_that_agents_made_are_told),
		HISTORY_TEST(without_redis_the_figures_are_told_alone),
		HISTORY_TEST(there_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

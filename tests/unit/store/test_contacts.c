#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "contacts.h"

static char sales[] = "sales", service[] = "service", none[] = "";
static struct queue_options queues[] = { { .name = sales, .overflow = none },
	                                 { .name = service, .overflow = none } };

static char silver[] = "silver", gold[] = "gold";
static struct tier_options tiers[] = { { .name = silver }, { .name = gold } };

static int set_up(void **state)
{
	static char *skills[] = { NULL };
	static struct options options = { .calls_max = 10, .agents_max = 10, .queues_max = 4 };

	options.skills = skills;
	options.queues = queues;
	options.queues_count = ARRAY_LEN(queues);
	options.tiers = tiers;
	options.tiers_count = ARRAY_LEN(tiers);
	*state = directory_new(&options, NULL);
	assert_non_null(*state);
	directory_know_agent(*state, "alice");
	directory_know_agent(*state, "bob");
	return 0;
}

static int tear_down(void **state)
{
	directory_free(*state);
	return 0;
}

#define NOW UINT64_C(1795316788164000)

static struct contact_saved full(struct directory *directory)
{
	struct agent_id alice = directory_find_agent(directory, "alice")->id;
	struct agent_id bob = directory_find_agent(directory, "bob")->id;

	return (struct contact_saved){
		.facts = { "pbx", "c1", "0312", "+81312", "tel:+81312", "0120", "4711", "gold",
		           "why", "voice", "case", "{}", false },
		.fingerprint = 0x00000000deadbeef,
		.id = "0660d3a1b2c3d4-1-2",
		.told = SEC(4),
		.promise = PROMISE_BROKEN,
		.in_time = true,
		.contact = { .outcome = OUTCOME_ANSWERED,
		             .by = BY_AGENT,
		             .queue = 1,
		             .first_queue = 0,
		             .arrived_at = NOW,
		             .answered_at = NOW + SEC(5),
		             .ended_at = NOW + SEC(65),
		             .wait = SEC(5),
		             .ring = SEC(2),
		             .talk = SEC(50),
		             .hold = SEC(10),
		             .agent = alice,
		             .credited = alice,
		             .legs = 2,
		             .offers = 3,
		             .sticky = STICKY_OTHER,
		             .why = WHY_WAIT_SPENT,
		             .preferred = { bob, NOW - HOUR(24), true },
		             .waited_for = SEC(3),
		             .extra_wait = SEC(2),
		             .holdout = true,
		             .tier = 2 },
	};
}

static char buffer[CONTACT_SIZE];

static void what_is_written_is_read(void **state)
{
	struct contact_saved saved = full(*state), back;
	struct contact_texts texts;
	size_t length = contact_write(&saved, *state, buffer, sizeof(buffer));

	assert_int_equal(contact_read((struct text){ buffer, length }, *state, &texts, &back, NULL),
	                 0);
	assert_string_equal(back.facts.client, "pbx");
	assert_string_equal(back.facts.name, "c1");
	assert_string_equal(back.facts.key, "tel:+81312");
	assert_string_equal(back.id, saved.id);
	assert_int_equal(back.fingerprint, saved.fingerprint);
	assert_int_equal(back.told, SEC(4));
	assert_int_equal(back.promise, PROMISE_BROKEN);
	assert_true(back.in_time);
	assert_non_null(
	        strstr(buffer, ",\"in_time\":true,\"told_ms\":4000,\"promise\":\"broken\","));
	assert_non_null(strstr(buffer, ",\"number\":\"+81312\",\"to\":\"0120\","));
	assert_int_equal(back.contact.outcome, saved.contact.outcome);
	assert_int_equal(back.contact.by, saved.contact.by);
	assert_int_equal(back.contact.queue, 1);
	assert_int_equal(back.contact.first_queue, 0);
	assert_int_equal(back.contact.arrived_at, saved.contact.arrived_at);
	assert_int_equal(back.contact.answered_at, saved.contact.answered_at);
	assert_int_equal(back.contact.ended_at, saved.contact.ended_at);
	assert_int_equal(back.contact.wait, saved.contact.wait);
	assert_int_equal(back.contact.ring, saved.contact.ring);
	assert_int_equal(back.contact.talk, saved.contact.talk);
	assert_int_equal(back.contact.hold, saved.contact.hold);
	assert_true(agent_id_equal(back.contact.agent, saved.contact.agent));
	assert_true(agent_id_equal(back.contact.credited, saved.contact.credited));
	assert_int_equal(back.contact.legs, 2);
	assert_int_equal(back.contact.offers, 3);
	assert_int_equal(back.contact.sticky, STICKY_OTHER);
	assert_int_equal(back.contact.why, WHY_WAIT_SPENT);
	assert_true(agent_id_equal(back.contact.preferred.agent, saved.contact.preferred.agent));
	assert_int_equal(back.contact.preferred.at, saved.contact.preferred.at);
	assert_int_equal(back.contact.waited_for, SEC(3));
	assert_int_equal(back.contact.extra_wait, SEC(2));
	assert_true(back.contact.holdout);
	assert_true(back.contact.preferred.pinned);
	assert_int_equal(back.contact.tier, 2);
	assert_non_null(strstr(buffer, "\"pinned\":true,\"waited_ms\":3000,\"extra_wait_ms\":2000,"
	                               "\"holdout\":true"));
	assert_non_null(strstr(buffer, "\"tier\":\"gold\",\"tier_used\":\"gold\""));
}

static void a_number_that_must_not_be_shown_is_not(void **state)
{
	struct contact_saved saved = full(*state);

	saved.facts.restricted = true;
	assert_true(contact_write(&saved, *state, buffer, sizeof(buffer)) > 0);
	assert_null(strstr(buffer, "\"number\""));
}

static void what_says_who_called_is_told_apart(void **state)
{
	static const char *const plain[] = { "contact", "outcome", "agent", "told_ms", "reason" };
	static const char *const personal[] = { "key",         "number", "customer_id",
		                                "fingerprint", "email",  "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		assert_true(contact_member_is_plain(plain[i]));
	for (size_t i = 0; i < ARRAY_LEN(personal); i++)
		assert_false(contact_member_is_plain(personal[i]));
}

static void what_never_happened_has_no_member(void **state)
{
	struct contact_saved saved = {
		.facts = { "p", "c", "", "", "", "", "", "", "", "", "", "", false },
		.id = "k",
		.contact = { .outcome = OUTCOME_ABANDONED,
		             .queue = 1,
		             .arrived_at = NOW,
		             .ended_at = NOW + MSEC(5) },
	};

	assert_true(contact_write(&saved, *state, buffer, sizeof(buffer)) > 0);
	assert_string_equal(buffer,
	                    "{\"v\":1,\"contact\":\"k\",\"client\":\"p\",\"call\":\"c\","
	                    "\"outcome\":\"abandoned\",\"by\":\"caller\",\"queue\":\"service\","
	                    "\"first_queue\":\"sales\","
	                    "\"arrived_at\":\"2026-11-22T03:06:28.164Z\","
	                    "\"ended_at\":\"2026-11-22T03:06:28.169Z\",\"sticky\":\"new\"}");
}

static void what_does_not_fit_is_not_written_half(void **state)
{
	struct contact_saved saved = full(*state);

	assert_int_equal(contact_write(&saved, *state, buffer, 100), 0);
}

static int read_back(void *state, const char *json, struct contact_saved *ret)
{
	static struct contact_texts texts;
	struct err err;

	return contact_read(text_of(json), state, &texts, ret, &err);
}

#define LEAST "\"contact\":\"k\",\"client\":\"p\",\"call\":\"c\",\"outcome\":\"lost\""

static void what_cannot_be_used_is_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{" LEAST "}",
		"{\"v\":2," LEAST "}",
		"{\"v\":1,\"contact\":\"k\",\"client\":\"p\",\"outcome\":\"lost\"}",
		"{\"v\":1,\"contact\":\"\",\"client\":\"p\",\"call\":\"c\"}",
		"{\"v\":1," LEAST ",\"by\":\"nobody\"}",
		"{\"v\":1," LEAST ",\"wait_ms\":-5}",
		"{\"v\":1," LEAST ",\"legs\":99999999}",
		"{\"v\":1," LEAST ",\"ended_at\":\"soon\"}",
		"{\"v\":1," LEAST ",\"fingerprint\":\"zz\"}",
		"{\"v\":1," LEAST ",\"queue\":7}",
		"{\"v\":1," LEAST ",\"tier_used\":7}",
		"{\"v\":1," LEAST ",\"holdout\":1}",
	};
	struct contact_saved saved;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_true(read_back(*state, bad[i], &saved) < 0);
}

static void names_nobody_knows_any_more_are_unset(void **state)
{
	struct contact_saved saved;

	assert_int_equal(read_back(*state,
	                           "{\"v\":1," LEAST
	                           ",\"queue\":\"gone\",\"agent\":\"gone\",\"new\":[1]}",
	                           &saved),
	                 0);
	assert_int_equal(saved.contact.queue, QUEUE_NONE);
	assert_false(agent_id_set(saved.contact.agent));
	assert_int_equal(saved.contact.outcome, OUTCOME_LOST);
}

#define CONTACT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTACT_TEST(what_is_written_is_read),
		CONTACT_TEST(a_number_that_must_not_be_shown_is_not),
		CONTACT_TEST(what_says_who_called_is_told_apart),
		CONTACT_TEST(what_never_happened_has_no_member),
		CONTACT_TEST(what_does_not_fit_is_not_written_half),
		CONTACT_TEST(what_cannot_be_used_is_refused),
		CONTACT_TEST(names_nobody_knows_any_more_are_unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

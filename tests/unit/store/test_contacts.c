#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "contacts.h"

static char sales[] = "sales", service[] = "service", none[] = "";
static struct queue_options queues[] = { { .name = sales, .overflow = none },
	                                 { .name = service, .overflow = none } };

static int set_up(void **state)
{
	static char *skills[] = { NULL };
	static struct options options = { .calls_max = 10, .agents_max = 10, .queues_max = 4 };

	options.skills = skills;
	options.queues = queues;
	options.queues_count = ARRAY_LEN(queues);
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
		             .preferred = { bob, NOW - HOUR(24) },
		             .waited_for = SEC(3) },
	};
}

/* RESP's arguments as fields. */
static size_t cut(struct text body, struct memory_field *fields, size_t max)
{
	const char *at = body.start, *end = body.start + body.length;
	size_t count = 0;

	while (at < end && count < 2 * max) {
		char *after;
		size_t length = strtoul(at + 1, &after, 10);
		struct text word = { after + 2, length };

		if (count % 2 == 0)
			fields[count / 2].name = word;
		else
			fields[count / 2].value = word;
		count++;
		at = after + 2 + length + 2;
	}
	assert_int_equal(count % 2, 0);
	return count / 2;
}

static void what_is_written_is_read(void **state)
{
	struct contact_saved saved = full(*state), back;
	struct contact_texts texts;
	struct memory_field fields[40];
	struct batch batch = { 0 };
	size_t count;

	contact_write(&saved, *state, &batch);
	count = cut(batch_body(&batch), fields, ARRAY_LEN(fields));
	assert_int_equal(count, 32);
	assert_true(contact_read(fields, count, *state, &texts, &back));
	assert_string_equal(back.facts.client, "pbx");
	assert_string_equal(back.facts.name, "c1");
	assert_string_equal(back.facts.key, "tel:+81312");
	assert_string_equal(back.id, saved.id);
	assert_int_equal(back.fingerprint, saved.fingerprint);
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
	batch_done(&batch);
}

static void what_never_happened_has_no_field(void **state)
{
	struct contact_saved saved = {
		.facts = { "p", "c", "", "", "", "", "", "", "", "", "", "", false },
		.id = "k",
		.contact = { .outcome = OUTCOME_ABANDONED, .arrived_at = NOW, .ended_at = NOW + 5 },
	};
	struct batch batch = { 0 };
	struct memory_field fields[40];
	size_t count;

	contact_write(&saved, *state, &batch);
	count = cut(batch_body(&batch), fields, ARRAY_LEN(fields));
	for (size_t i = 0; i < count; i++) {
		assert_false(text_is(fields[i].name, "answered_at"));
		assert_false(text_is(fields[i].name, "agent"));
		assert_false(text_is(fields[i].name, "why"));
		assert_false(text_is(fields[i].name, "tier"));
		assert_int_not_equal(fields[i].value.length, 0);
	}
	batch_done(&batch);
}

#define FIELD(n, v) \
	{ \
		{ (n), sizeof(n) - 1 }, \
		{ \
			(v), sizeof(v) - 1 \
		} \
	}
#define LEAST \
	FIELD("v", "1"), FIELD("type", "contact"), FIELD("contact", "k"), FIELD("client", "p"), \
	        FIELD("call", "c"), FIELD("outcome", "lost")

static void other_entries_are_not_contacts(void **state)
{
	const struct memory_field good[] = { LEAST },
	                          other[] = { FIELD("type", "disposition"), LEAST };
	const struct memory_field newer[] = { FIELD("v", "2"), LEAST };
	const struct memory_field odd[] = { FIELD("outcome", "eaten"), LEAST };
	const struct memory_field ended[] = { FIELD("client", "p\0q"), LEAST };
	struct contact_texts texts;
	struct contact_saved saved;

	assert_true(contact_read(good, ARRAY_LEN(good), *state, &texts, &saved));
	assert_int_equal(saved.contact.queue, QUEUE_NONE);
	assert_false(agent_id_set(saved.contact.agent));
	assert_false(contact_read(other, ARRAY_LEN(other), *state, &texts, &saved));
	assert_false(contact_read(newer, ARRAY_LEN(newer), *state, &texts, &saved));
	assert_false(contact_read(odd, ARRAY_LEN(odd), *state, &texts, &saved));
	assert_false(contact_read(ended, ARRAY_LEN(ended), *state, &texts, &saved));
	for (size_t i = 0; i < ARRAY_LEN(good); i++) { /* each is needed */
		struct memory_field some[ARRAY_LEN(good)];

		memcpy(some, good, sizeof(good));
		some[i].name = TEXT("x");
		assert_false(contact_read(some, ARRAY_LEN(some), *state, &texts, &saved));
	}
}

static void nonsense_in_a_field_is_nothing(void **state)
{
	const struct memory_field fields[] = { LEAST,
		                               FIELD("wait_ms", "-5"),
		                               FIELD("talk_ms", "99999999999999999999"),
		                               FIELD("legs", "99999999"),
		                               FIELD("ended_at", "soon"),
		                               FIELD("queue", "gone"),
		                               FIELD("agent", "gone"),
		                               FIELD("fingerprint", "zz") };
	struct contact_texts texts;
	struct contact_saved saved;

	assert_true(contact_read(fields, ARRAY_LEN(fields), *state, &texts, &saved));
	assert_int_equal(saved.contact.wait, 0);
	assert_int_equal(saved.contact.talk, 0);
	assert_int_equal(saved.contact.legs, UINT16_MAX);
	assert_int_equal(saved.contact.ended_at, 0);
	assert_int_equal(saved.contact.queue, QUEUE_NONE);
	assert_int_equal(saved.fingerprint, 0);
}

#define CONTACT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CONTACT_TEST(what_is_written_is_read),
		CONTACT_TEST(what_never_happened_has_no_field),
		CONTACT_TEST(other_entries_are_not_contacts),
		CONTACT_TEST(nonsense_in_a_field_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

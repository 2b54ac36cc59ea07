#include "najimi/shell/directory.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct queue_options two_queues[] = {
	{ .name = (char[]){ "sales" }, .overflow = (char[]){ "voicemail" } },
	{ .name = (char[]){ "support" }, .overflow = (char[]){ "" } }
};
static char *skills[] = { (char[]){ "german" }, (char[]){ "hebrew" }, NULL };
static const struct options small = {
	.calls_max = 3,
	.agents_max = 2,
	.queues_max = 3,
	.queues = two_queues,
	.queues_count = 2,
	.skills = skills,
};

static struct call_facts facts(const char *client, const char *name)
{
	return (struct call_facts){ client, name, "", "",   "tel:+81312345678", "", "", "", "",
		                    "",     "",   "", false };
}

static int set_up(void **state)
{
	struct err err;

	*state = directory_new(&small, &err);
	return *state == NULL;
}

static int tear_down(void **state)
{
	directory_free(*state);
	return 0;
}

static void calls_of_the_same_name_are_told_apart_by_their_client(void **state)
{
	struct call_facts of_a = facts("a", "c1"), of_b = facts("b", "c1");
	struct call_card *a = directory_add_call(*state, &of_a);
	struct call_card *b = directory_add_call(*state, &of_b);

	assert_ptr_equal(directory_find_call(*state, "a", "c1"), a);
	assert_ptr_equal(directory_find_call(*state, "b", "c1"), b);
	assert_null(directory_find_call(*state, "", "ac1"));
	assert_ptr_equal(directory_call(*state, a->id), a);
}

static void an_ended_call_leaves_a_stale_handle_and_a_memory(void **state)
{
	struct call_facts of_a = facts("a", "c1");
	struct call_id id = directory_add_call(*state, &of_a)->id;
	struct contact contact = { .outcome = OUTCOME_ABANDONED, .ended_at = SEC(10) };
	const struct finished_call *finished;

	directory_end_call(*state, id, "contact-1", &contact);
	assert_null(directory_call(*state, id));
	assert_null(directory_find_call(*state, "a", "c1"));
	finished = directory_find_finished(*state, "a", "c1");
	assert_string_equal(finished->contact, "contact-1");
	assert_string_equal(finished->key, "tel:+81312345678");
	assert_int_equal(finished->facts.outcome, OUTCOME_ABANDONED);
	directory_forget_finished(*state, SEC(10));
	assert_non_null(directory_find_finished(*state, "a", "c1"));
	directory_forget_finished(*state, SEC(10) + 1);
	assert_null(directory_find_finished(*state, "a", "c1"));
}

static void the_limit_of_calls_is_an_answer_and_slots_are_used_again(void **state)
{
	struct contact contact = { .ended_at = 1 };
	char name[16];

	for (int round = 0; round < 50; round++) {
		struct call_card *cards[3];

		for (int i = 0; i < 3; i++) {
			snprintf(name, sizeof(name), "c%d", i);
			struct call_facts each = facts("a", name);

			cards[i] = directory_add_call(*state, &each);
			assert_non_null(cards[i]);
		}
		struct call_facts more = facts("a", "more");

		assert_null(directory_add_call(*state, &more));
		assert_int_equal(directory_calls(*state), 3);
		for (int i = 0; i < 3; i++)
			directory_end_call(*state, cards[i]->id, "x", &contact);
	}
}

static void changed_facts_keep_the_name_and_can_still_be_found(void **state)
{
	struct call_facts before = facts("a", "c1"), after = facts("ignored", "ignored");
	struct call_card *card = directory_add_call(*state, &before);

	after.customer_id = "k-17";
	assert_true(directory_change_call(*state, card, &after));
	assert_ptr_equal(directory_find_call(*state, "a", "c1"), card);
	assert_string_equal(card->facts.customer_id, "k-17");
	assert_string_equal(card->facts.client, "a");
}

static void agents_get_a_handle_at_first_mention_and_keep_it(void **state)
{
	struct agent_card *alice = directory_know_agent(*state, "alice");

	assert_ptr_equal(directory_know_agent(*state, "alice"), alice);
	assert_true(directory_set_agent(*state, alice, "PJSIP/alice", NULL));
	assert_string_equal(alice->target, "PJSIP/alice");
	assert_string_equal(alice->pause_reason, "");
	assert_string_equal(directory_agent_name(*state, alice->id), "alice");
	assert_string_equal(directory_agent_name(*state, (struct agent_id){ 1, 1 }), "");
	assert_non_null(directory_know_agent(*state, "bob"));
	assert_null(directory_know_agent(*state, "one-too-many"));
	assert_null(directory_find_agent(*state, "nobody"));
}

static void reconfigured_queues_keep_their_indexes(void **state)
{
	struct queue_options turned[] = { two_queues[1],
		                          two_queues[0],
		                          { .name = (char[]){ "new" }, .overflow = (char[]){ "" } },
		                          { .name = (char[]){ "fourth" },
		                            .overflow = (char[]){ "" } } };
	struct options changed = small;
	struct err err;

	assert_int_equal(directory_find_queue(*state, "sales"), 0);
	assert_string_equal(directory_queue_overflow(*state, 0), "voicemail");
	changed.queues = turned;
	changed.queues_count = 3;
	assert_int_equal(directory_configure(*state, &changed, &err), 0);
	assert_int_equal(directory_find_queue(*state, "sales"), 0);
	assert_int_equal(directory_find_queue(*state, "new"), 2);
	assert_int_equal(directory_queue_of(*state, &changed, 0), 1);
	changed.queues_count = 4;
	assert_int_equal(directory_configure(*state, &changed, &err), -ENOSPC);
	assert_non_null(strstr(err.text, "fourth"));
	assert_int_equal(directory_find_skill(*state, "hebrew"), 1);
	assert_int_equal(directory_find_skill(*state, "latin"), -1);
	assert_int_equal(directory_configure(*state, &small, &err), 0);
}

static void what_the_configuration_says_is_found_by_name_and_goes_with_it(void **state)
{
	struct agent_options agents[] = {
		{ .name = (char[]){ "alice" }, .target = (char[]){ "" }, .team_number = 3 },
		{ .name = (char[]){ "bob" }, .target = (char[]){ "" } }
	};
	struct tier_options tiers[] = { { .name = (char[]){ "gold" } },
		                        { .name = (char[]){ "silver" } } };
	struct options changed = small;
	struct err err;

	changed.agents = agents;
	changed.agents_count = 2;
	changed.tiers = tiers;
	changed.tiers_count = 2;
	changed.queues_count = 1;
	assert_int_equal(directory_configure(*state, &changed, &err), 0);
	assert_ptr_equal(directory_agent_options(*state, "alice"), &agents[0]);
	assert_int_equal(directory_agent_team(*state, "alice"), 3);
	assert_int_equal(directory_agent_team(*state, "bob"), 0);
	assert_int_equal(directory_agent_team(*state, "nobody"), 0);
	assert_ptr_equal(directory_queue_options(*state, 0), &two_queues[0]);
	assert_null(directory_queue_options(*state, 1)); /* not in the file any more */
	assert_null(directory_queue_options(*state, 2));
	assert_int_equal(directory_find_tier(*state, "silver"), 2);
	assert_int_equal(directory_find_tier(*state, "tin"), 0);
	assert_string_equal(directory_tier_name(*state, 1), "gold");
	assert_string_equal(directory_tier_name(*state, 0), "");
	assert_string_equal(directory_tier_name(*state, 3), "");

	assert_int_equal(directory_configure(*state, &small, &err), 0);
	assert_null(directory_agent_options(*state, "alice"));
	assert_int_equal(directory_agent_team(*state, "alice"), 0);
	assert_ptr_equal(directory_queue_options(*state, 1), &two_queues[1]);
	assert_int_equal(directory_find_tier(*state, "gold"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		        calls_of_the_same_name_are_told_apart_by_their_client, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_ended_call_leaves_a_stale_handle_and_a_memory,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		        the_limit_of_calls_is_an_answer_and_slots_are_used_again, set_up,
		        tear_down),
		cmocka_unit_test_setup_teardown(changed_facts_keep_the_name_and_can_still_be_found,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(agents_get_a_handle_at_first_mention_and_keep_it,
		                                set_up, tear_down),
		cmocka_unit_test_setup_teardown(reconfigured_queues_keep_their_indexes, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(
		        what_the_configuration_says_is_found_by_name_and_goes_with_it, set_up,
		        tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

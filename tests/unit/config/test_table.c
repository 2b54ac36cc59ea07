#include "config_test.h"

#include "najimi/core/view.h"
#include "rows.h"

static bool is_number(const struct option_row *row)
{
	return row->kind == OPTION_INT || row->kind == OPTION_DURATION ||
	       row->kind == OPTION_SIZE || row->kind == OPTION_PERCENT;
}

/* Every row of every scope: NULL past the last. */
static const struct option_row *any_row(size_t index)
{
	const struct option_row *row;

	for (unsigned scope = 0; scope < OPTION_SCOPES; scope++) {
		size_t count = 0;

		while ((row = row_at((enum option_scope)scope, count)) != NULL) {
			/* A table says of which scope it is, and so does each row. */
			assert_int_equal(row->scope, scope);
			if (count++ == index)
				return row;
		}
		index -= count;
	}
	return NULL;
}

static void every_row_says_what_it_is_for(void **state)
{
	const struct option_row *row;

	(void)state;
	for (size_t i = 0; (row = any_row(i)) != NULL; i++) {
		size_t length = strlen(row->doc);

		assert_true(*row->path != '\0');
		assert_true(length > 20);
		assert_int_equal(row->doc[length - 1], '.');
		assert_null(strstr(row->doc, "  "));
		assert_true(row->doc[0] >= 'A' && row->doc[0] <= 'Z');
	}
}

static void no_path_stands_twice_in_a_scope(void **state)
{
	const struct option_row *row;

	(void)state;
	for (size_t i = 0; (row = any_row(i)) != NULL; i++)
		assert_ptr_equal(row_find(row->scope, row->path), row);
}

static void every_range_fits_its_field(void **state)
{
	const struct option_row *row;

	(void)state;
	for (size_t i = 0; (row = any_row(i)) != NULL; i++) {
		if (!is_number(row))
			continue;
		assert_true(row->min < row->max);
		assert_true(row->width == 2 || row->width == 4 || row->width == 8);
		if (row->width == 2)
			assert_true(row->min >= INT16_MIN && row->max <= INT16_MAX);
		if (row->width == 4)
			assert_true(row->min >= INT32_MIN && row->max <= INT32_MAX);
		/* libconfig 1.5 keeps whole numbers up to here. */
		if (row->kind == OPTION_INT)
			assert_true(row->max <= INT32_MAX);
		if (row->kind == OPTION_PERCENT)
			assert_true(row->min >= 0 && row->width == 2);
		else if (row->kind != OPTION_INT)
			assert_true(row->min >= 0 && row->width == 8);
		/* Beside the range, or it would mean two things. */
		if (row->also != NULL)
			assert_true(row->also_is < row->min || row->also_is > row->max);
	}
}

/* What the field is when the row says so. */
static int64_t set(const struct option_row *row, const char *text)
{
	struct queue_options queue = { 0 };

	assert_int_equal(value_set(row, &queue, text, NULL), 0);
	return value_number(row, &queue);
}

static void policies_are_called_as_in_the_core(void **state)
{
	const struct option_row *row = row_find(SCOPE_QUEUE, "sticky.policy");

	(void)state;
	for (unsigned i = 0; i < STICKY_POLICIES; i++)
		assert_string_equal(row->words[i], sticky_policy_name((enum sticky_policy)i));
	assert_null(row->words[STICKY_POLICIES]);
}

static void words_are_in_the_order_of_their_enums(void **state)
{
	const struct option_row *transfer = row_find(SCOPE_QUEUE, "sticky.transfer");
	const struct option_row *scope = row_find(SCOPE_QUEUE, "sticky.scope");
	const struct option_row *preset = row_find(SCOPE_QUEUE, "sticky.preset");

	(void)state;
	assert_int_equal(set(transfer, "last"), CREDIT_LAST);
	assert_int_equal(set(transfer, "first"), CREDIT_FIRST);
	assert_int_equal(set(transfer, "longest"), CREDIT_LONGEST);
	assert_null(transfer->words[TRANSFER_CREDITS]);
	assert_int_equal(set(scope, "site"), MET_ANYWHERE);
	assert_int_equal(set(scope, "group"), MET_IN_GROUP);
	assert_int_equal(set(scope, "queue"), MET_IN_QUEUE);
	assert_int_equal(set(preset, "neutral"), PRESET_NEUTRAL);
	assert_int_equal(set(preset, "balanced"), PRESET_BALANCED);
	assert_int_equal(set(preset, "sticky"), PRESET_STICKY);
	assert_int_equal(set(preset, "regulars"), PRESET_REGULARS);
	assert_null(preset->words[STICKY_PRESETS]);
}

static void presets_set_all_of_a_row_or_nothing(void **state)
{
	const struct option_row *row;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; (row = row_at(SCOPE_QUEUE, i)) != NULL; i++) {
		if (row->preset[0] == NULL)
			continue;
		/* The default of the preset is what stands in the rows. */
		assert_string_equal(row->preset[PRESET_NEUTRAL - 1], row->fallback);
		for (size_t j = 0; j < ARRAY_LEN(row->preset); j++)
			set(row, row->preset[j]);
		count++;
	}
	assert_int_equal(count, 5);
}

static void every_row_of_a_site_or_queue_is_in_exactly_one_group(void **state)
{
	const struct option_row *row;

	(void)state;
	for (size_t i = 0; (row = any_row(i)) != NULL; i++) {
		size_t groups = 0;

		for (size_t j = 0; j < option_groups_count; j++)
			groups += row_in_group(row, option_groups[j].name);
		if (row->scope == SCOPE_SITE || (row->scope == SCOPE_QUEUE && !row->own))
			assert_int_equal(groups, 1);
		else
			assert_int_equal(groups, 0);
	}
}

static void the_defaults_are_those_of_the_design(void **state)
{
	struct options *options = NULL;
	const struct queue_plan *plan;

	(void)state;
	assert_int_equal(options_defaults(&options, NULL), 0);
	plan = &options->queue_defaults.plan;
	assert_string_equal(options->file, "");
	assert_string_equal(options->site, "main");
	assert_int_equal(options->log_level, 3);
	assert_int_equal(options->calls_max, 20000);
	assert_string_equal(options->rpc.listen, "127.0.0.1:7070");
	assert_int_equal(options->rpc.trust, TRUST_ACL);
	assert_string_equal(options->rpc.trusted[0], "127.0.0.0/8");
	assert_string_equal(options->rpc.trusted[1], "::1");
	assert_null(options->rpc.trusted[2]);
	assert_int_equal(options->rpc.message_max, 65536);
	assert_int_equal(options->rpc.heartbeat, SEC(15));
	assert_int_equal(options->redis.mode, REDIS_EMBEDDED);
	assert_string_equal(options->redis.directory, "/var/lib/najimi");
	assert_int_equal(options->rules.misses_max[MISS_NO_ANSWER], 2);
	assert_int_equal(options->rules.misses_max[MISS_BUSY], 3);
	assert_int_equal(options->rules.misses_max[MISS_REJECTED], 3);
	assert_int_equal(options->rules.misses_max[MISS_UNREACHABLE], 1);
	assert_int_equal(options->rules.recall_max, MSEC(50));
	assert_int_equal(options->rules.exclude_for, MINUTE(5));
	assert_string_equal(options->identity.country, "81");
	assert_null(options->identity.shared[0]);
	assert_null(options->skills[0]);
	assert_true(plan->open);
	assert_true(plan->sticky);
	assert_int_equal(plan->ring, SEC(20));
	assert_int_equal(plan->wait_max, MINUTE(30));
	assert_int_equal(plan->window, HOUR(24) * 7);
	assert_int_equal(plan->wait_busy, SEC(20));
	assert_int_equal(plan->min_talk, SEC(15));
	assert_int_equal(plan->line_max, 3);
	assert_int_equal(plan->waiting_max, 1000);
	assert_int_equal(options->rules.walk_max, WALK_MAX);
	assert_int_equal(options->rules.tiers_count, 0);
	assert_false(options->identity.number_first);
	assert_int_equal(options->identity.shared_agents, 8);
	assert_int_equal(options->queues_count, 0);
	assert_int_equal(options->agents_count, 0);
	assert_int_equal(options->clients_count, 0);
	assert_null(options_free(options));
	assert_null(options_free(NULL));
}

static void the_defaults_of_stickiness_are_those_of_the_design(void **state)
{
	struct options *options = NULL;
	const struct queue_options *queue;
	const struct queue_plan *plan;

	(void)state;
	assert_int_equal(options_defaults(&options, NULL), 0);
	queue = &options->queue_defaults;
	plan = &queue->plan;
	assert_int_equal(queue->preset, PRESET_NEUTRAL);
	assert_int_equal(queue->scope, MET_ANYWHERE);
	assert_string_equal(queue->group, "");
	assert_true(queue->refresh && !queue->outbound && queue->pins && queue->exclusions);
	assert_true(queue->unstick && queue->drop_on_leave);
	assert_int_equal(queue->holdout, 0);
	assert_int_equal(plan->candidates, 3);
	assert_int_equal(plan->familiarity[0], 600);
	assert_int_equal(plan->familiarity[1], 400);
	assert_int_equal(plan->fade, HOUR(24) * 14);
	assert_int_equal(plan->ring_own, 0);
	assert_int_equal(plan->wait_wrapup, SEC(20));
	assert_int_equal(plan->wait_paused, 0);
	assert_int_equal(plan->wait_brief, SEC(20));
	assert_int_equal(plan->wait_away, 0);
	assert_int_equal(plan->ewt_guard, 0);
	assert_int_equal(plan->load_max, 0);
	assert_false(plan->skips_skills);
	assert_true(plan->prefers_team);
	assert_false(plan->after_hours);
	assert_false(plan->absent_overflows);
	assert_int_equal(plan->transfer_credit, CREDIT_LAST);
	assert_int_equal(plan->agent_calls, 200);
	assert_int_equal(plan->target_extra_wait, 0);
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_says_what_it_is_for),
		cmocka_unit_test(no_path_stands_twice_in_a_scope),
		cmocka_unit_test(every_range_fits_its_field),
		cmocka_unit_test(policies_are_called_as_in_the_core),
		cmocka_unit_test(words_are_in_the_order_of_their_enums),
		cmocka_unit_test(presets_set_all_of_a_row_or_nothing),
		cmocka_unit_test(the_defaults_of_stickiness_are_those_of_the_design),
		cmocka_unit_test(every_row_of_a_site_or_queue_is_in_exactly_one_group),
		cmocka_unit_test(the_defaults_are_those_of_the_design),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

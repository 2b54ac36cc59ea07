#include "config_test.h"

#include "rows.h"

static bool is_number(const struct option_row *row)
{
	return row->kind == OPTION_INT || row->kind == OPTION_DURATION || row->kind == OPTION_SIZE || row->kind == OPTION_PERCENT;
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
		if (row->kind != OPTION_INT)
			assert_true(row->min >= 0 && row->width == 8);
	}
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
	assert_int_equal(options->queues_count, 0);
	assert_int_equal(options->agents_count, 0);
	assert_int_equal(options->clients_count, 0);
	assert_null(options_free(options));
	assert_null(options_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_says_what_it_is_for),
		cmocka_unit_test(no_path_stands_twice_in_a_scope),
		cmocka_unit_test(every_range_fits_its_field),
		cmocka_unit_test(every_row_of_a_site_or_queue_is_in_exactly_one_group),
		cmocka_unit_test(the_defaults_are_those_of_the_design),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

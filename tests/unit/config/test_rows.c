#include "config_test.h"

#include "rows.h"

static void finds_a_row_in_its_own_scope_only(void **state)
{
	(void)state;
	assert_non_null(row_find(SCOPE_SITE, "rpc.listen"));
	assert_non_null(row_find(SCOPE_QUEUE, "ring"));
	assert_null(row_find(SCOPE_SITE, "ring"));
	assert_null(row_find(SCOPE_SITE, "queue.ring"));
	assert_null(row_find(SCOPE_CLIENT, "target"));
	assert_null(row_find(SCOPE_SITE, ""));
}

static void knows_which_secret_has_a_file(void **state)
{
	(void)state;
	assert_string_equal(row_secret_file(row_find(SCOPE_SITE, "redis.password"))->path,
	                    "redis.password_file");
	assert_string_equal(row_secret_file(row_find(SCOPE_CLIENT, "token"))->path, "token_file");
	assert_null(row_secret_file(row_find(SCOPE_CLIENT, "token_sha256")));
}

static void suggests(enum option_scope scope, const char *mistaken, const char *meant)
{
	char near[64];

	assert_true(row_suggest(scope, mistaken, near, sizeof(near)));
	assert_string_equal(near, meant);
}

static void suggests_what_was_meant(void **state)
{
	(void)state;
	suggests(SCOPE_SITE, "rpc.lsiten", "rpc.listen");
	suggests(SCOPE_SITE, "rpc.heart_beat", "rpc.heartbeat");
	suggests(SCOPE_SITE, "reids", "redis");
	suggests(SCOPE_SITE, "ring", "queue.ring");
	suggests(SCOPE_SITE, "queue.wait_busy", "queue.sticky.wait_busy");
	suggests(SCOPE_SITE, "calls_max", "core.calls_max");
	suggests(SCOPE_QUEUE, "rign", "ring");
	suggests(SCOPE_QUEUE, "line_max", "sticky.line_max");
	suggests(SCOPE_AGENT, "queue", "queues");
	suggests(SCOPE_CLIENT, "token-file", "token_file");
}

static void suggests_nothing_rather_than_nonsense(void **state)
{
	char near[64], word[200];

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_false(row_suggest(SCOPE_SITE, "x", near, sizeof(near)));
	assert_false(row_suggest(SCOPE_SITE, "colour", near, sizeof(near)));
	assert_false(row_suggest(SCOPE_SITE, word, near, sizeof(near)));
	/* Known, but not allowed there: to say it again would not help. */
	assert_false(row_suggest(SCOPE_QUEUE, "name", near, sizeof(near)));
}

static const char *candidate(size_t index, void *arg)
{
	return ((const char **)arg)[index];
}

static void counts_a_swap_of_neighbours_as_one_mistake(void **state)
{
	const char *words[] = { "sales", "sells", "" };

	(void)state;
	assert_int_equal(nearest("slaes", 3, candidate, words), 0);
	assert_int_equal(nearest("sels", 3, candidate, words), 1);
	assert_int_equal(nearest("support", 3, candidate, words), 3);
	assert_int_equal(nearest("sales", 0, candidate, words), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_a_row_in_its_own_scope_only),
		cmocka_unit_test(knows_which_secret_has_a_file),
		cmocka_unit_test(suggests_what_was_meant),
		cmocka_unit_test(suggests_nothing_rather_than_nonsense),
		cmocka_unit_test(counts_a_swap_of_neighbours_as_one_mistake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "board.h"
#include "rpc_methods.h"

/* The table itself. */

static void methods_stand_in_the_order_of_their_names(void **state)
{
	size_t count;
	const struct rpc_method *methods = rpc_methods(&count);

	(void)state;
	assert_true(count > 30);
	for (size_t i = 1; i < count; i++)
		assert_true(strcmp(methods[i - 1].name, methods[i].name) < 0);
}

static void every_method_is_found_and_says_what_it_is_for(void **state)
{
	size_t count;
	const struct rpc_method *methods = rpc_methods(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_ptr_equal(rpc_method_find(methods[i].name), &methods[i]);
		assert_non_null(methods[i].handle);
		assert_true(strlen(methods[i].words) > 5);
		assert_int_equal(methods[i].roles == 0,
		                 strncmp(methods[i].name, "session.", 8) == 0);
	}
	assert_null(rpc_method_find(""));
	assert_null(rpc_method_find("call.arriv"));
	assert_null(rpc_method_find("call.arrive2"));
	assert_null(rpc_method_find("zzz"));
}

/* Empty params for everything: an answer or a refusal that names a field, never silence. */
static void every_method_answers_a_question_without_params(void **state)
{
	struct board *board = board_open();
	struct line *line = line_session(board, "boss", "supervisor");
	size_t count;
	const struct rpc_method *methods = rpc_methods(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		line_ask(line, methods[i].name, "{}");
		if (strcmp(line_at(line, "error"), "-") == 0)
			assert_string_not_equal(line_at(line, "result"), "-");
		else if (strcmp(line_at(line, "error.code"), "-32602") == 0)
			assert_string_not_equal(line_at(line, "error.data.field"), "-");
		else
			assert_error(line, -32014, "session_is_open");
	}
	line_close(line);
	board_close(board);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_stand_in_the_order_of_their_names),
		cmocka_unit_test(every_method_is_found_and_says_what_it_is_for),
		cmocka_unit_test(every_method_answers_a_question_without_params),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "alloc.h"
#include "batch.h"

static void is_command(struct text command, const char *expected)
{
	assert_int_equal(command.length, strlen(expected));
	assert_memory_equal(command.start, expected, command.length);
}

static void a_command_is_written_as_redis_reads_it(void **state)
{
	struct batch batch = { 0 };

	(void)state;
	batch_string(&batch, "HSET");
	batch_string(&batch, "");
	batch_text(&batch, TEXT("a\r\n\0b"));
	batch_uint(&batch, 0);
	batch_uint(&batch, UINT64_MAX);
	batch_ms(&batch, SEC(2) + 999);
	batch_instant(&batch, 1);
	batch_pair(&batch, TEXT("agent:"), TEXT("alice"));
	assert_int_equal(batch.args, 8);
	{
		struct text command = batch_command(&batch, NULL, 0);
		static const char expected[] =
		        "*8\r\n$4\r\nHSET\r\n$0\r\n\r\n$5\r\na\r\n\0b\r\n$1\r\n0\r\n"
		        "$20\r\n18446744073709551615\r\n$4\r\n2000\r\n"
		        "$24\r\n1970-01-01T00:00:00.000Z\r\n$11\r\nagent:alice\r\n";

		assert_int_equal(command.length, sizeof(expected) - 1);
		assert_memory_equal(command.start, expected, command.length);
	}
	batch_done(&batch);
}

static void a_head_stands_in_front_of_what_was_gathered(void **state)
{
	const struct text head[] = { TEXT("FCALL"), TEXT("f"), TEXT("") };
	struct batch batch = { 0 };

	(void)state;
	is_command(batch_command(&batch, head, 3), "*3\r\n$5\r\nFCALL\r\n$1\r\nf\r\n$0\r\n\r\n");
	batch_clear(&batch);
	batch_string(&batch, "x");
	is_command(batch_command(&batch, head, 2), "*3\r\n$5\r\nFCALL\r\n$1\r\nf\r\n$1\r\nx\r\n");
	batch_done(&batch);
}

static void a_head_that_is_too_long_makes_no_command(void **state)
{
	char word[BATCH_HEAD] = { 0 };
	const struct text head[] = { { word, sizeof(word) } };
	struct batch batch = { 0 };

	(void)state;
	assert_int_equal(batch_command(&batch, head, 1).length, 0);
	batch_done(&batch);
}

static void an_operation_counts_its_name_and_arguments(void **state)
{
	struct batch batch = { 0 };

	(void)state;
	batch_open(&batch, "DEL");
	batch_string(&batch, "a");
	batch_string(&batch, "b");
	batch_close(&batch);
	batch_open(&batch, "PING");
	batch_close(&batch);
	is_command(batch_body(&batch), "$6\r\n000003\r\n$3\r\nDEL\r\n$1\r\na\r\n$1\r\nb\r\n"
	                               "$6\r\n000001\r\n$4\r\nPING\r\n");
	assert_int_equal(batch.args, 6);
	batch_done(&batch);
}

static void a_written_argument_of_any_length_is_in_its_place(void **state)
{
	static const size_t lengths[] = { 0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10000, 123456 };
	struct batch batch = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		char expected[32];
		struct text body;
		char *room;

		batch_clear(&batch);
		room = batch_reserve(&batch, lengths[i]);
		memset(room, 'x', lengths[i]);
		batch_written(&batch, lengths[i]);
		batch_string(&batch, "end");
		body = batch_body(&batch);
		snprintf(expected, sizeof(expected), "$%zu\r\n", lengths[i]);
		assert_memory_equal(body.start, expected, strlen(expected));
		assert_int_equal(body.length, strlen(expected) + lengths[i] + 2 + 9);
		for (size_t j = 0; j < lengths[i]; j++)
			assert_int_equal(body.start[strlen(expected) + j], 'x');
		assert_memory_equal(body.start + body.length - 11, "\r\n$3\r\nend\r\n", 11);
	}
	batch_done(&batch);
}

static void operations_of_another_batch_are_taken_whole(void **state)
{
	struct batch from = { 0 }, to = { 0 };
	struct text body;

	(void)state;
	batch_open(&from, "DEL");
	batch_string(&from, "a");
	batch_close(&from);
	body = batch_body(&from);
	batch_string(&to, "F");
	batch_append(&to, body.start, body.length, from.args);
	is_command(batch_command(&to, NULL, 0),
	           "*4\r\n$1\r\nF\r\n$6\r\n000002\r\n$3\r\nDEL\r\n$1\r\na\r\n");
	batch_done(&from);
	batch_done(&to);
}

static void without_memory_it_has_failed_until_it_is_cleared(void **state)
{
	struct batch batch = { 0 };

	(void)state;
	batch_string(&batch, "fits");
	alloc_fail(1);
	assert_null(batch_reserve(&batch, 1000000));
	alloc_fail(0);
	assert_true(batch.failed);
	batch_open(&batch, "DEL");
	batch_close(&batch);
	assert_int_equal(batch_body(&batch).length, 0);
	assert_int_equal(batch_command(&batch, NULL, 0).length, 0);
	batch_clear(&batch);
	batch_string(&batch, "x");
	is_command(batch_command(&batch, NULL, 0), "*1\r\n$1\r\nx\r\n");
	batch_done(&batch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_written_as_redis_reads_it),
		cmocka_unit_test(a_head_stands_in_front_of_what_was_gathered),
		cmocka_unit_test(a_head_that_is_too_long_makes_no_command),
		cmocka_unit_test(an_operation_counts_its_name_and_arguments),
		cmocka_unit_test(a_written_argument_of_any_length_is_in_its_place),
		cmocka_unit_test(operations_of_another_batch_are_taken_whole),
		cmocka_unit_test(without_memory_it_has_failed_until_it_is_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

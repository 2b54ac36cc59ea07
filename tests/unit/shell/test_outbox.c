#include "najimi/shell/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct heard {
	char text[4096];
	size_t count, bytes;
};

static void hear(uint64_t peer, struct text message, void *arg)
{
	struct heard *heard = arg;
	size_t length = strlen(heard->text);

	heard->count++;
	heard->bytes += message.length;
	if (length + message.length + 32 < sizeof(heard->text))
		snprintf(heard->text + length, sizeof(heard->text) - length, "%d:%.*s ", (int)peer,
		         (int)message.length, message.start);
}

static void say(struct outbox *outbox, uint64_t peer, const char *text)
{
	assert_true(outbox_put(outbox, peer, text_of(text)));
}

static void nothing_leaves_before_its_commit(void **state)
{
	struct heard heard = { .count = 0 };
	struct outbox *outbox = outbox_new(hear, &heard);

	(void)state;
	say(outbox, 1, "a");
	outbox_release(outbox, 99); /* the turn is not over yet */
	assert_int_equal(heard.count, 0);
	outbox_seal(outbox, 7, 100);
	outbox_release(outbox, 6);
	assert_int_equal(heard.count, 0);
	outbox_release(outbox, 7);
	assert_string_equal(heard.text, "1:a ");
	outbox_free(outbox);
}

static void a_turn_without_changes_waits_for_its_predecessors(void **state)
{
	struct heard heard = { .count = 0 };
	struct outbox *outbox = outbox_new(hear, &heard);

	(void)state;
	say(outbox, 1, "first");
	outbox_seal(outbox, 3, 100);
	say(outbox, 2, "second");
	outbox_seal(outbox, 0, 101);
	outbox_release(outbox, 2);
	assert_int_equal(heard.count, 0);
	outbox_release(outbox, 3);
	assert_string_equal(heard.text, "1:first 2:second ");
	say(outbox, 3, "third");
	outbox_seal(outbox, 0, 102);
	outbox_release(outbox, 3);
	assert_string_equal(heard.text, "1:first 2:second 3:third ");
	outbox_free(outbox);
}

static void turns_that_waited_too_long_leave_without_their_commit(void **state)
{
	struct heard heard = { .count = 0 };
	struct outbox *outbox = outbox_new(hear, &heard);

	(void)state;
	assert_true(outbox_oldest(outbox) == USEC_NEVER);
	say(outbox, 1, "old");
	outbox_seal(outbox, 1, 100);
	say(outbox, 1, "young");
	outbox_seal(outbox, 2, 200);
	assert_true(outbox_oldest(outbox) == 100);
	assert_false(outbox_release_old(outbox, 99));
	assert_true(outbox_release_old(outbox, 100));
	assert_string_equal(heard.text, "1:old ");
	assert_true(outbox_oldest(outbox) == 200);
	outbox_free(outbox);
}

static void grows_and_moves_without_losing_a_byte(void **state)
{
	struct heard heard = { .count = 0 };
	struct outbox *outbox = outbox_new(hear, &heard);
	char big[1000];
	uint64_t commit = 0;
	size_t said = 0;

	(void)state;
	memset(big, 'x', sizeof(big));
	/* Two in, one out: the arena must grow; then all out. */
	for (int i = 0; i < 3000; i++) {
		assert_true(outbox_put(outbox, 1, (struct text){ big, (size_t)(i % 1000) }));
		said += (size_t)(i % 1000);
		if (i % 2 == 0) {
			outbox_seal(outbox, ++commit, (usec_t)i);
			outbox_release(outbox, commit / 2);
		}
	}
	outbox_seal(outbox, ++commit, 9999);
	outbox_release(outbox, commit);
	assert_int_equal(heard.count, 3000);
	assert_int_equal(heard.bytes, said);
	assert_int_equal(outbox_bytes(outbox), 0);
	outbox_free(outbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_leaves_before_its_commit),
		cmocka_unit_test(a_turn_without_changes_waits_for_its_predecessors),
		cmocka_unit_test(turns_that_waited_too_long_leave_without_their_commit),
		cmocka_unit_test(grows_and_moves_without_losing_a_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <event2/event.h>
#include <string.h>
#include <unistd.h>

#include "najimi/shell/resolve.h"

struct answers {
	unsigned count;
	char address[64]; /* "" none */
};

static void on_answer(const char *address, const char *why, void *arg)
{
	struct answers *answers = arg;

	answers->count++;
	assert_non_null(why);
	strcpy(answers->address, address == NULL ? "" : address);
}

static void wait_for(struct event_base *base, const struct answers *answers, unsigned count)
{
	for (unsigned i = 0; i < 20000 && answers->count < count; i++) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		usleep(1000);
	}
	assert_int_equal(answers->count, count);
}

static void addresses_are_told_from_names(void **state)
{
	(void)state;
	assert_true(resolver_is_address("127.0.0.1"));
	assert_true(resolver_is_address("::1"));
	assert_false(resolver_is_address("localhost"));
	assert_false(resolver_is_address("127.0.0.1.example"));
	assert_false(resolver_is_address(""));
}

static void a_name_of_this_host_has_an_address_but_not_at_once(void **state)
{
	struct event_base *base = event_base_new();
	struct answers answers = { 0 };
	struct resolver *resolver = resolver_new(base, on_answer, &answers);

	(void)state;
	assert_true(resolver_ask(resolver, "localhost"));
	assert_int_equal(answers.count, 0); /* never from inside */
	wait_for(base, &answers, 1);
	assert_string_equal(answers.address, "127.0.0.1");
	resolver_free(resolver);
	event_base_free(base);
}

static void a_question_that_was_given_up_is_not_answered(void **state)
{
	struct event_base *base = event_base_new();
	struct answers answers = { 0 };
	struct resolver *resolver = resolver_new(base, on_answer, &answers);

	(void)state;
	assert_true(resolver_ask(resolver, "localhost"));
	resolver_forget(resolver);
	assert_true(resolver_ask(resolver, "no-such-host.invalid"));
	resolver_forget(resolver);
	for (unsigned i = 0; i < 50; i++) {
		event_base_loop(base, EVLOOP_NONBLOCK);
		usleep(1000);
	}
	assert_int_equal(answers.count, 0);
	resolver_free(resolver);
	assert_null(resolver_free(NULL));
	event_base_free(base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_told_from_names),
		cmocka_unit_test(a_name_of_this_host_has_an_address_but_not_at_once),
		cmocka_unit_test(a_question_that_was_given_up_is_not_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

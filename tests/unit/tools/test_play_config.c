#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench_args.h"
#include "najimi/config/options.h"
#include "play.h"

/* What a daemon makes of a printed configuration. */
static struct options *load(void print(FILE *out, const void *what), const void *what)
{
	char path[] = "/tmp/najimi-conf-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	struct options *options;
	struct err err = { "" };

	print(file, what);
	fclose(file);
	if (options_load(path, &options, &err) < 0)
		fail_msg("%s", err.text);
	unlink(path);
	return options;
}

struct printed {
	struct play play;
	struct through through;
};

static void print_play(FILE *out, const void *what)
{
	const struct printed *printed = what;

	play_print_config(&printed->play, &printed->through, out);
}

static void a_plays_durations_shrink_with_its_speed(void **state)
{
	char strange[] = "a \"b\\", usual[] = "PS", ann[] = "ann";
	char *queues[] = { usual, strange }, *agents[] = { ann };
	struct traffic_call calls[] = { { .patience = SEC(60) } };
	struct traffic traffic = {
		.queues = { .list = queues, .count = 2 },
		.agents = { .list = agents, .count = 1 },
		.calls = calls,
		.calls_count = 1,
	};
	struct report report = { .service_level = SEC(20), .short_abandon = SEC(5) };
	struct printed printed = {
		.play = { .traffic = &traffic,
		          .rules = { .window = HOUR(168), .min_talk = SEC(15) },
		          .plan.sticky = true,
		          .plan.wait_busy = SEC(20),
		          .report = &report },
		.through = { .address = "[::1]:7071", .token = "secret", .speed = 100 },
	};
	struct options *options;
	const struct queue_plan *plan;

	(void)state;
	options = load(print_play, &printed);
	assert_string_equal(options->rpc.listen, "[::1]:7071");
	assert_int_equal(options->queues_count, 2);
	assert_string_equal(options->queues[0].name, usual);
	assert_string_equal(options->queues[1].name, strange);
	assert_string_equal(options->clients[0].token, "secret");
	assert_int_equal(options->rules.resume_max, 0);
	assert_int_equal(options->rules.exclude_for, 0);
	plan = &options->queues[1].plan;
	assert_true(plan->sticky);
	assert_int_equal(plan->wait_busy, MSEC(200));
	assert_int_equal(plan->window, HOUR(168) / 100);
	assert_int_equal(plan->min_talk, MSEC(150));
	assert_int_equal(plan->service_level, MSEC(200));
	assert_true(plan->wait_max == USEC_NEVER);
	assert_true(plan->wrapup >= HOUR(1));
	options_free(options);

	/* As fast as it goes: what the daemon will not take shorter stays at its least. */
	printed.through.speed = 100000;
	printed.play.plan.sticky = false;
	options = load(print_play, &printed);
	assert_false(options->queues[0].plan.sticky);
	assert_int_equal(options->queues[0].plan.wait_busy, 200);
	assert_int_equal(options->queues[0].plan.service_level, MSEC(10));
	options_free(options);
}

static void print_bench(FILE *out, const void *what)
{
	bench_args_print_config(what, out);
}

static void a_bench_gives_every_life_its_weight(void **state)
{
	struct bench_args args = {
		.load = { .address = "127.0.0.1:7071",
		          .token = "t",
		          .queue = "q",
		          .connections = 4,
		          .lives = 100,
		          .agents = 500 },
		.waiting = 5000,
		.redis = "unix:/run/r.sock",
	};
	struct options *options = load(print_bench, &args);

	(void)state;
	assert_int_equal(options->queues_count, 1);
	assert_int_equal(options->queues[0].plan.wrapup, 0);
	assert_int_equal(options->queues[0].plan.min_talk, 0);
	assert_int_equal(options->redis.mode, REDIS_UNIX);
	assert_string_equal(options->redis.socket, "/run/r.sock");
	assert_true(options->calls_max > 5400);
	options_free(options);
	args.redis = "192.0.2.7:6379";
	options = load(print_bench, &args);
	assert_int_equal(options->redis.mode, REDIS_TCP);
	assert_string_equal(options->redis.address, "192.0.2.7:6379");
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plays_durations_shrink_with_its_speed),
		cmocka_unit_test(a_bench_gives_every_life_its_weight),
	};

	return cmocka_run_group_tests_name("play_config", tests, NULL, NULL);
}

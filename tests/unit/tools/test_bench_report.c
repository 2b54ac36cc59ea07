#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench_report.h"
#include "najimi/codec/json.h"

static void fill(struct bench_figures *figures)
{
	*figures = (struct bench_figures){
		.quiet = { .lives = 500, .seconds = 1 },
		.load = { .lives = 60000, .seconds = 5, .queued = 3 },
		.half = { .lives = 30000, .seconds = 5 },
		.redis_lives = 24000,
		.lives_a_commit = 4,
	};
	for (unsigned i = 1; i <= 1000; i++) {
		assert_true(waits_add(&figures->load.decisions, i * 10));
		assert_true(waits_add(&figures->quiet.decisions, 80));
		assert_true(waits_add(&figures->half.decisions, i));
		assert_true(waits_add(&figures->trips, 20));
	}
}

static char *printed(void print(const struct bench_args *, struct bench_figures *, FILE *),
                     const struct bench_args *args, struct bench_figures *figures)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	print(args, figures, out);
	fclose(out);
	return text;
}

static void tells_people_the_ratios(void **state)
{
	const struct bench_args args = { .redis = "unix:/r" };
	struct bench_figures figures;
	char *text;

	(void)state;
	fill(&figures);
	text = printed(bench_print, &args, &figures);
	assert_non_null(strstr(text, "12000 lives/s"));
	assert_non_null(strstr(text, "p99   9.90 ms (495.0 trips)"));
	assert_non_null(strstr(text, "p50   0.08 ms (  4.0 trips)"));
	assert_non_null(strstr(text, "3 calls had to wait for an agent"));
	assert_non_null(strstr(text, "the daemon reached 50 %"));
	free(text);
	bench_figures_done(&figures);
}

static void tells_machines_the_same(void **state)
{
	static const struct json_limits limits = { .bytes_max = 65536,
		                                   .depth_max = 8,
		                                   .members_max = 64 };
	const struct bench_args args = { .redis = "unix:/r" };
	struct bench_figures figures;
	struct json *json;
	struct err err;
	char *text, number[32];
	size_t length;

	(void)state;
	fill(&figures);
	text = printed(bench_print_json, &args, &figures);
	assert_int_equal(json_parse(text_of(text), &limits, &json, &err), 0);
	length = json_print(json_member(json_member(json, "redis"), "daemon_share"), number,
	                    sizeof(number) - 1);
	number[length] = '\0';
	assert_true(strtod(number, NULL) == 0.5);
	length = json_print(
	        json_member(json_member(json_member(json, "half"), "decision_round_trips"), "p99"),
	        number, sizeof(number) - 1);
	number[length] = '\0';
	assert_true(strtod(number, NULL) == 49.5);
	json_free(json);
	free(text);
	bench_figures_done(&figures);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_people_the_ratios),
		cmocka_unit_test(tells_machines_the_same),
	};

	return cmocka_run_group_tests_name("bench_report", tests, NULL, NULL);
}

#include "whatif.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "centre.h"

#define PATIENCE SEC(60)

/* What-if with a najimictl beside this program that does what a test wants. */
struct scene {
	struct centre *centre;
	struct whatif *whatif;
	char program[1024], folder[64];
	struct answer answer;
};

static char config[] = "/etc/najimi/made up.conf";

static int set_up(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	ssize_t length = readlink("/proc/self/exe", scene->program, sizeof(scene->program) - 32);
	void *centre;

	assert_true(length > 0);
	strcpy(strrchr(scene->program, '/'), "/najimictl");
	strcpy(scene->folder, "/tmp/najimi-whatif-XXXXXX");
	assert_non_null(mkdtemp(scene->folder));
	assert_int_equal(centre_set_up(&centre), 0);
	scene->centre = centre;
	scene->centre->options.file = config;
	scene->whatif = whatif_new(&scene->centre->needs);
	assert_non_null(scene->whatif);
	*state = scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;
	void *centre = scene->centre;
	char command[96];

	whatif_free(scene->whatif);
	body_done(&scene->answer.body);
	centre_tear_down(&centre);
	unlink(scene->program);
	snprintf(command, sizeof(command), "rm -r '%s'", scene->folder);
	free(scene);
	return system(command);
}

/* From now on najimictl is these words of a shell. */
static void write_program(struct scene *scene, const char *words)
{
	char path[1100];
	FILE *file;

	/* Never the file that somebody runs. */
	snprintf(path, sizeof(path), "%s.new", scene->program);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\ncd '%s'\n%s\n", scene->folder, words);
	fclose(file);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(rename(path, scene->program), 0);
}

static int ask(struct scene *scene, const char *query)
{
	body_done(&scene->answer.body);
	scene->answer = centre_ask(scene->centre, whatif_answer,
	                           (struct inquiry){ .query = query, .whatif = scene->whatif });
	return scene->answer.status;
}

static void turn(struct scene *scene)
{
	struct timeval soon = { .tv_usec = 2000 };

	event_base_loopexit(scene->centre->base, &soon);
	event_base_dispatch(scene->centre->base);
}

/* Until it is not being played any more. */
static int wait_for(struct scene *scene, const char *query)
{
	usec_t until = clock_monotonic() + PATIENCE;

	while (ask(scene, query) == 202 && clock_monotonic() < until)
		turn(scene);
	return scene->answer.status;
}

static void assert_says(const struct scene *scene, const char *words)
{
	if (strstr(scene->answer.body.start, words) == NULL)
		fail_msg("'%s' is not in %s", words, scene->answer.body.start);
}

static void najimictl_is_asked_and_heard(void **state)
{
	struct scene *scene = *state;

	scene->centre->needs.redis_socket = "/run/x.sock";
	write_program(scene, "printf '[\"%s\"' \"$1\"; shift; printf ',\"%s\"' \"$@\"; echo ]");
	assert_int_equal(ask(scene, "since=7d&agents=+1"), 202);
	assert_string_equal(scene->answer.type, TYPE_JSON);
	assert_says(scene, "\"state\":\"playing\",\"progress\":0.00,\"spent_ms\":");
	assert_int_equal(wait_for(scene, "since=7d&agents=+1"), 200);
	assert_string_equal(scene->answer.type, TYPE_JSON);
	assert_string_equal(scene->answer.body.start,
	                    "[\"whatif\",\"--json\",\"--progress\","
	                    "\"--config=/etc/najimi/made up.conf\","
	                    "\"--redis-socket=/run/x.sock\",\"--since=7d\",\"--agents=+1\"]\n");
}

static void progress_is_passed_on(void **state)
{
	struct scene *scene = *state;
	usec_t until = clock_monotonic() + PATIENCE;

	write_program(scene, "echo progress 7 >&2; echo progress 137 >&2; echo progress x >&2\n"
	                     "touch said; exec sleep 60");
	do {
		assert_int_equal(ask(scene, NULL), 202);
		turn(scene);
		assert_true(clock_monotonic() < until);
	} while (strstr(scene->answer.body.start, "\"progress\":0.07") == NULL);
}

static void what_was_found_is_kept(void **state)
{
	struct scene *scene = *state;

	write_program(scene, "echo x >> runs; echo '{}'");
	assert_int_equal(wait_for(scene, NULL), 200);
	write_program(scene, "echo '{\"other\":1}'");
	assert_int_equal(ask(scene, NULL), 200);
	assert_string_equal(scene->answer.body.start, "{}\n");
	assert_int_equal(wait_for(scene, "value=1"), 200);
	assert_says(scene, "other");
	assert_int_equal(ask(scene, NULL), 200);
	assert_string_equal(scene->answer.body.start, "{}\n");
}

static void the_oldest_makes_room(void **state)
{
	static const char *const queries[] = { "value=1", "value=2", "value=3", "value=4",
		                               "value=5" };
	struct scene *scene = *state;

	write_program(scene, "echo '{}'");
	for (size_t i = 0; i < ARRAY_LEN(queries); i++)
		assert_int_equal(wait_for(scene, queries[i]), 200);
	for (size_t i = ARRAY_LEN(queries) - 1; i > 0; i--)
		assert_int_equal(ask(scene, queries[i]), 200);
	assert_int_equal(ask(scene, queries[0]), 202);
}

static void a_new_configuration_makes_it_old(void **state)
{
	struct scene *scene = *state;

	write_program(scene, "echo '{}'");
	assert_int_equal(wait_for(scene, NULL), 200);
	whatif_forget(scene->whatif);
	assert_int_equal(ask(scene, NULL), 202);
	whatif_forget(scene->whatif); /* what is being played as well: it is played again */
	assert_int_equal(wait_for(scene, NULL), 200);
}

static void one_thing_is_played_at_a_time(void **state)
{
	struct scene *scene = *state;

	write_program(scene, "exec sleep 60");
	assert_int_equal(ask(scene, "value=1"), 202);
	assert_int_equal(ask(scene, "value=1"), 202);
	assert_int_equal(ask(scene, "value=2"), 503);
	assert_says(scene, "something else is being played, 0 % of it");
}

static void what_najimictl_refuses_is_said_in_its_words(void **state)
{
	static const struct {
		const char *words;
		int status;
		const char *said;
	} ends[] = {
		{ "echo progress 3 >&2; echo 'najimictl: 9 calls are too few' >&2; exit 1", 422,
		  "\"detail\":\"9 calls are too few\"" },
		{ "echo 'najimictl: --value: no range' >&2; exit 2", 400, "--value: no range" },
		{ "echo 'najimictl: Redis at x: gone' >&2; exit 3", 503, "Redis at x: gone" },
		{ "exit 0", 500, "ended without an answer" },
		{ "exit 9", 500, "ended without an answer" },
		{ "kill -9 $$", 500, "was killed" },
		{ "exec yes", 500, "too long" },
	};
	struct scene *scene = *state;
	char query[32];

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		write_program(scene, ends[i].words);
		snprintf(query, sizeof(query), "value=%zu", i);
		assert_int_equal(wait_for(scene, query), ends[i].status);
		assert_string_equal(scene->answer.type, "application/problem+json");
		assert_says(scene, ends[i].said);
	}
}

static void a_wish_that_is_none_is_not_played(void **state)
{
	struct scene *scene = *state;

	write_program(scene, "echo '{}'");
	assert_int_equal(ask(scene, "speed=1"), 400);
	assert_says(scene, "'speed' is none of since");
}

static void without_najimictl_it_says_so(void **state)
{
	struct scene *scene = *state;

	if (ask(scene, NULL) == 202)
		skip(); /* one is installed */
	assert_int_equal(scene->answer.status, 500);
	assert_says(scene, "there is no najimictl beside ");
}

static void the_page_is_a_whole_document(void **state)
{
	struct scene *scene = *state;

	body_done(&scene->answer.body);
	scene->answer =
	        centre_ask(scene->centre, whatif_page, (struct inquiry){ .whatif = scene->whatif });
	assert_int_equal(scene->answer.status, 200);
	assert_string_equal(scene->answer.type, "text/html; charset=utf-8");
	assert_memory_equal(scene->answer.body.start, "<!DOCTYPE html>\n", 16);
	assert_says(scene, "</html>\n");
	assert_null(strstr(scene->answer.body.start, "http://127")); /* of no other host */
	assert_null(strstr(scene->answer.body.start, "https://"));
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(najimictl_is_asked_and_heard),
		T(progress_is_passed_on),
		T(what_was_found_is_kept),
		T(the_oldest_makes_room),
		T(a_new_configuration_makes_it_old),
		T(one_thing_is_played_at_a_time),
		T(what_najimictl_refuses_is_said_in_its_words),
		T(a_wish_that_is_none_is_not_played),
		T(without_najimictl_it_says_so),
		T(the_page_is_a_whole_document),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

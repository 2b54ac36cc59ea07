#include "history.h"

#include "scene.h"

/* Callers and agents by their paths; the answers are the store's. */

static struct {
	char of[160];
	bool pii;
	uint64_t number;
	int refusal; /* of the question */
	unsigned asked;
} told;

static int read_history(const char *caller, const char *agent, bool pii, uint64_t number, void *arg)
{
	(void)arg;
	snprintf(told.of, sizeof(told.of), "%s %s", caller == NULL ? "agent" : "caller",
	         caller == NULL ? agent : caller);
	told.pii = pii;
	told.number = number;
	told.asked++;
	return told.refusal;
}

static int open_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };
	void *centre;

	memset(&told, 0, sizeof(told));
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(centre_set_up(&centre), 0);
	scene->centre = centre;
	centre_keep_days(centre);
	scene->centre->needs.read_history = read_history;
	scene->http = http_new(&scene->centre->needs, &err);
	assert_non_null(scene->http);
	assert_int_equal(http_start(scene->http, &err), 0);
	*state = scene;
	return 0;
}

/* What a handler makes of a name. */
static struct answer ask_for(struct scene *scene, answer_fn *handler, const char *name, bool pii)
{
	return centre_ask(scene->centre, handler, (struct inquiry){ .name = name, .pii = pii });
}

static void assert_problem(struct answer answer, int status, const char *words)
{
	assert_int_equal(answer.status, status);
	assert_false(answer.asks);
	assert_non_null(strstr(answer.body.start, words));
	body_done(&answer.body);
}

static void a_caller_is_named_by_key_to_those_who_may_know(void **state)
{
	struct answer answer = ask_for(*state, history_of_caller, "cid:4711", true);

	assert_true(answer.asks && answer.history.wanted && answer.history.pii);
	assert_false(answer.history.of_agent);
	assert_string_equal(answer.history.name, "cid:4711");
	body_done(&answer.body);
	assert_problem(ask_for(*state, history_of_caller, "cid:4711", false), 403, "pii = true");
	assert_problem(ask_for(*state, history_of_caller, "0312345678", true), 400,
	               "'0312345678' names no caller");
	assert_problem(ask_for(*state, history_of_caller, "tel:", true), 400, "names no caller");
}

static void an_agent_is_one_who_is_known(void **state)
{
	struct scene *scene = *state;
	struct answer answer;

	assert_problem(ask_for(scene, history_of_agent, "nobody", true), 404,
	               "there is no agent 'nobody'");
	centre_log_in(scene->centre, "alice");
	answer = ask_for(scene, history_of_agent, "alice", false);
	assert_true(answer.asks && answer.history.wanted && answer.history.of_agent);
	assert_false(answer.history.pii);
	body_done(&answer.body);
	scene->centre->needs.daybook = NULL;
	assert_problem(ask_for(scene, history_of_agent, "alice", false), 503,
	               "nothing is known yet");
}

static int request(struct scene *scene, const char *path)
{
	int fd = call_up(scene);
	char bytes[256];

	snprintf(bytes, sizeof(bytes), "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	         path);
	say(fd, bytes);
	return fd;
}

static void the_answer_comes_when_the_store_has_it(void **state)
{
	struct scene *scene = *state;
	int fd;

	centre_log_in(scene->centre, "alice b");
	fd = request(scene, "/v1/agents/alice%20b/day");
	while (told.asked == 0)
		turn(scene);
	assert_string_equal(told.of, "agent alice b");
	http_history_read(scene->http, told.number, 0, TEXT("{\"handled\":7}"));
	assert_true(hear(scene, fd, "{\"handled\":7}"));
	assert_non_null(strstr(scene->heard, "HTTP/1.1 200 "));
	close(fd);
}

static void what_the_store_cannot_say_is_told(void **state)
{
	static const struct {
		int outcome;
		const char *status;
	} cases[] = { { -ENOENT, "HTTP/1.1 404 " },
		      { -EBUSY, "HTTP/1.1 503 " },
		      { -ENOTCONN, "HTTP/1.1 503 " },
		      { -ENOMEM, "HTTP/1.1 500 " } };
	struct scene *scene = *state;

	centre_log_in(scene->centre, "alice");
	for (size_t i = 0; i < 2 * ARRAY_LEN(cases); i++) {
		int outcome = cases[i / 2].outcome, fd;

		told.asked = 0;
		told.refusal = i % 2 == 0 ? outcome : 0;
		fd = request(scene, "/v1/agents/alice/day");
		while (told.asked == 0)
			turn(scene);
		if (told.refusal == 0)
			http_history_read(scene->http, told.number, outcome,
			                  (struct text){ NULL, 0 });
		assert_true(hear(scene, fd, cases[i / 2].status));
		assert_non_null(strstr(scene->heard, cases[i / 2].status));
		close(fd);
	}
}

static void paths_that_name_nobody_lead_nowhere(void **state)
{
	static const char *const paths[] = { "/v1/agents//day",    "/v1/agents/day",
		                             "/v1/agents/a/b/day", "/v1/agents/a",
		                             "/v1/callers/",       "/v1/callers/a/b",
		                             "/v1/agents/%00/day" };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		int fd = request(*state, paths[i]);

		assert_true(hear(*state, fd, "HTTP/1.1 404 "));
		close(fd);
	}
	assert_int_equal(told.asked, 0);
}

#define HISTORY_TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HISTORY_TEST(a_caller_is_named_by_key_to_those_who_may_know),
		HISTORY_TEST(an_agent_is_one_who_is_known),
		HISTORY_TEST(the_answer_comes_when_the_store_has_it),
		HISTORY_TEST(what_the_store_cannot_say_is_told),
		HISTORY_TEST(paths_that_name_nobody_lead_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

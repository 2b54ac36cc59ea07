#include "later.h"

#include "scene.h"

/* Answers that wait: until Redis has what they speak of, or has told it. */

static uint64_t kept_number, stats_number;
static int refusal;
static bool answer_at_once, outbox_full;
static struct scene *scene_of_test;

static bool when_kept(uint64_t number, void *arg)
{
	(void)arg;
	kept_number = number;
	return !outbox_full;
}

static int read_stats(const struct stats_question *question, uint64_t number, void *arg)
{
	(void)arg;
	assert_string_equal(question->from, "2026-11-01");
	stats_number = number;
	if (answer_at_once)
		http_stats_read(scene_of_test->http, number, 0, TEXT("{\"now\":1}"));
	return refusal;
}

static int open_scene(void **state)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };
	void *centre;

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(centre_set_up(&centre), 0);
	scene->centre = centre;
	centre_keep_days(centre);
	scene->centre->needs.when_kept = when_kept;
	scene->centre->needs.read_stats = read_stats;
	scene->http = http_new(&scene->centre->needs, &err);
	assert_non_null(scene->http);
	assert_int_equal(http_start(scene->http, &err), 0);
	kept_number = stats_number = 0;
	refusal = 0;
	answer_at_once = outbox_full = false;
	scene_of_test = scene;
	*state = scene;
	return 0;
}

static int request(struct scene *scene, const char *path)
{
	char bytes[256];
	int fd = call_up(scene);

	snprintf(bytes, sizeof(bytes), "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
	         path);
	say(fd, bytes);
	for (int i = 0; i < 20; i++)
		turn(scene);
	return fd;
}

static bool is_silent(int fd)
{
	char byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
}

#define QUESTION "/v1/stats?from=2026-11-01&to=2026-11-02"

static void metrics_leave_when_redis_has_them(void **state)
{
	struct scene *scene = *state;
	int fd = request(scene, "/metrics");

	assert_int_not_equal(kept_number, 0);
	assert_true(is_silent(fd));
	/* What happens meanwhile is not in them. */
	centre_call(scene->centre, "c1", "+81312345678", false, 0);
	http_kept(scene->http, kept_number + 1);
	turn(scene);
	assert_true(is_silent(fd));
	http_kept(scene->http, kept_number);
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 200 ");
	assert_non_null(strstr(scene->heard, "\nnajimi_calls_offered_total{queue=\"sales\"} 0\n"));
	close(fd);
	http_kept(scene->http, kept_number); /* once more does no harm */
}

static void with_a_full_outbox_they_do_not_wait(void **state)
{
	struct scene *scene = *state;
	int fd;

	outbox_full = true;
	fd = request(scene, "/metrics");
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 200 ");
	close(fd);
}

static void one_who_leaves_is_not_answered(void **state)
{
	struct scene *scene = *state;
	int fd = request(scene, "/metrics"), other = request(scene, QUESTION);

	close(fd);
	close(other);
	for (int i = 0; i < 20; i++)
		turn(scene);
	http_kept(scene->http, kept_number);
	http_stats_read(scene->http, stats_number, 0, TEXT("{}"));
	for (int i = 0; i < 20; i++)
		turn(scene);
}

static void figures_come_when_the_store_tells_them(void **state)
{
	struct scene *scene = *state;
	int fd = request(scene, QUESTION);

	assert_int_not_equal(stats_number, 0);
	assert_true(is_silent(fd));
	http_stats_read(scene->http, stats_number, 0, TEXT("{\"rows\":[]}"));
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 200 ");
	assert_non_null(strstr(scene->heard, "Content-Type: application/json\r\n"));
	assert_non_null(strstr(scene->heard, "\r\nETag: W/\""));
	assert_non_null(strstr(scene->heard, "\r\n\r\n{\"as_of\":\""));
	assert_string_equal(strstr(scene->heard, ",\"seq\":"), ",\"seq\":0,\"rows\":[]}");
	close(fd);
}

static void an_answer_may_come_at_once(void **state)
{
	struct scene *scene = *state;
	int fd;

	answer_at_once = true;
	fd = request(scene, QUESTION);
	assert_true(hear(scene, fd, NULL));
	assert_string_equal(strstr(scene->heard, ",\"now\""), ",\"now\":1}");
	close(fd);
}

static void a_store_that_cannot_be_asked_is_a_503(void **state)
{
	struct scene *scene = *state;
	int fd;

	refusal = -ENOTCONN;
	fd = request(scene, QUESTION);
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 503 ");
	close(fd);
	refusal = 0;
	fd = request(scene, QUESTION);
	http_stats_read(scene->http, stats_number, -ENOTCONN, TEXT(""));
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 503 ");
	close(fd);
}

static void those_who_wait_at_the_end_are_let_go(void **state)
{
	struct scene *scene = *state;
	int fd = request(scene, "/metrics"), other = request(scene, QUESTION);

	assert_true(is_silent(fd) && is_silent(other));
	close(fd);
	close(other); /* the tear-down finds them waiting */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(metrics_leave_when_redis_has_them),
		TEST(with_a_full_outbox_they_do_not_wait),
		TEST(one_who_leaves_is_not_answered),
		TEST(figures_come_when_the_store_tells_them),
		TEST(an_answer_may_come_at_once),
		TEST(a_store_that_cannot_be_asked_is_a_503),
		TEST(those_who_wait_at_the_end_are_let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

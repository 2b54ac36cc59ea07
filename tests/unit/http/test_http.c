#include "scene.h"

static void every_path_answers_with_its_type(void **state)
{
	static const struct {
		const char *path, *status, *type;
	} cases[] = {
		{ "/healthz", "HTTP/1.1 200 ", "Content-Type: text/plain; charset=utf-8\r\n" },
		{ "/readyz", "HTTP/1.1 503 ", "Content-Type: application/json\r\n" },
		{ "/metrics", "HTTP/1.1 200 ",
		  "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n" },
		{ "/v1/queues", "HTTP/1.1 200 ", "Content-Type: application/json\r\n" },
		{ "/v1/queues?x=1", "HTTP/1.1 200 ", "Content-Type: application/json\r\n" },
		{ "/v1/queues/sales", "HTTP/1.1 200 ", "Content-Type: application/json\r\n" },
		{ "/v1/queues/%e5%96%b6%e6%a5%ad%20%22a%5Cb%22", "HTTP/1.1 200 ",
		  "Content-Type: application/json\r\n" },
		{ "/v1/agents", "HTTP/1.1 200 ", "Content-Type: application/json\r\n" },
		{ "/v1/calls", "HTTP/1.1 200 ", "Content-Type: application/json\r\n" },
		{ "/", "HTTP/1.1 200 ", "Content-Type: text/html; charset=utf-8\r\n" },
		{ "/wallboard/page.ja", "HTTP/1.1 200 ",
		  "Content-Type: text/html; charset=utf-8\r\n" },
		{ "/v1/wallboard", "HTTP/1.1 200 ", "Content-Type: application/json\r\n" },
		{ "/sales", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/wallboard/", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/wallboard/none", "HTTP/1.1 404 ",
		  "Content-Type: application/problem+json\r\n" },
		{ "/metrics/", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/Metrics", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "//metrics", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/%6detrics", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/v1/../metrics", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/v1/queues/", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/v1/queues/a/b", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
		{ "/v1/queues/sales%00", "HTTP/1.1 404 ",
		  "Content-Type: application/problem+json\r\n" },
		{ "/v1/queues/%ff", "HTTP/1.1 404 ", "Content-Type: application/problem+json\r\n" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *heard = get(*state, cases[i].path, "");

		if (strstr(heard, cases[i].type) == NULL)
			print_error("%s: %.300s\n", cases[i].path, heard);
		assert_status(heard, cases[i].status);
		assert_non_null(strstr(heard, cases[i].type));
		assert_non_null(strstr(heard, "X-Content-Type-Options: nosniff\r\n"));
	}
}

static void openmetrics_is_sent_to_those_who_ask_for_it(void **state)
{
	const char *heard = get(*state, "/metrics",
	                        "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n");

	assert_status(heard, "HTTP/1.1 200 ");
	assert_non_null(strstr(heard, "Content-Type: application/openmetrics-text; version=1.0.0; "
	                              "charset=utf-8\r\n"));
	assert_string_equal(heard + strlen(heard) - 7, "\n# EOF\n");
}

static void head_has_the_length_and_no_body(void **state)
{
	const char *heard = ask(*state, "HEAD /healthz HTTP/1.1\r\nHost: x\r\n"
	                                "Connection: close\r\n\r\n");

	assert_status(heard, "HTTP/1.1 200 ");
	assert_non_null(strstr(heard, "Content-Length: 3\r\n"));
	assert_string_equal(strstr(heard, "\r\n\r\n"), "\r\n\r\n");
}

static void nothing_but_get_and_head_is_allowed(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "DELETE", "PATCH", "OPTIONS" };
	char request[256];

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		snprintf(request, sizeof(request),
		         "%s /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
		         "Connection: close\r\n\r\n{}",
		         methods[i]);
		assert_status(ask(*state, request), "HTTP/1.1 405 ");
		assert_non_null(strstr(((struct scene *)*state)->heard, "Allow: GET, HEAD\r\n"));
	}
	assert_status(ask(*state, "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 ");
	assert_null(strstr(((struct scene *)*state)->heard, " 200 "));
}

static void an_unchanged_state_costs_a_304(void **state)
{
	char headers[200];
	const char *heard = get(*state, "/v1/queues", ""), *etag = strstr(heard, "ETag: ");

	assert_non_null(etag);
	snprintf(headers, sizeof(headers), "If-None-Match: %.*s\r\n", (int)strcspn(etag + 6, "\r"),
	         etag + 6);
	heard = get(*state, "/v1/queues", headers);
	assert_status(heard, "HTTP/1.1 304 ");
	assert_string_equal(strstr(heard, "\r\n\r\n"), "\r\n\r\n");
	assert_non_null(strstr(heard, "ETag: "));
}

static void what_is_too_large_is_refused(void **state)
{
	char request[40000];
	int length = snprintf(request, sizeof(request), "GET /healthz HTTP/1.1\r\nHost: x\r\nX: ");

	memset(request + length, 'a', 20000);
	strcpy(request + length + 20000, "\r\nConnection: close\r\n\r\n");
	assert_status(ask(*state, request), "HTTP/1.1 400 ");
	assert_status(ask(*state, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n"
	                          "Connection: close\r\n\r\n"),
	              "HTTP/1.1 413 ");
}

static void a_request_of_two_lengths_is_refused(void **state)
{
	assert_status(ask(*state, "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
	                          "Content-Length: 3\r\nConnection: close\r\n\r\n{}"),
	              "HTTP/1.1 400 ");
	assert_non_null(strstr(((struct scene *)*state)->heard, "two different lengths"));
}

static void requests_follow_each_other_on_one_connection(void **state)
{
	struct scene *scene = *state;
	int fd = call_up(scene);

	for (int i = 0; i < 3; i++) {
		say(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
		assert_true(hear(scene, fd, "ok\n"));
	}
	/* All at once: answered in their order. */
	say(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(hear(scene, fd, "\"as_of\""));
	assert_true(strstr(scene->heard, "ok\n") < strstr(scene->heard, "\"ready\""));
	close(fd);
}

static void connections_beyond_the_limit_are_told_so(void **state)
{
	struct scene *scene = *state;
	int held[4], fd;

	for (size_t i = 0; i < ARRAY_LEN(held); i++)
		held[i] = call_up(scene);
	turn(scene);
	assert_status(get(scene, "/healthz", ""), "HTTP/1.1 503 ");
	assert_non_null(strstr(scene->heard, "that is all we take"));
	close(held[0]);
	turn(scene);
	assert_status(get(scene, "/healthz", ""), "HTTP/1.1 200 ");

	/* Those who were there are served as ever. */
	fd = held[1];
	say(fd, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_true(hear(scene, fd, "ok\n"));
	for (size_t i = 1; i < ARRAY_LEN(held); i++)
		close(held[i]);
}

static void a_flood_of_connections_waits_and_the_server_recovers(void **state)
{
	struct scene *scene = *state;
	int held[60];

	for (size_t i = 0; i < ARRAY_LEN(held); i++)
		held[i] = call_up(scene);
	for (int i = 0; i < 20; i++)
		turn(scene);
	for (size_t i = 0; i < ARRAY_LEN(held); i++)
		close(held[i]);
	/* The next sweeps take those who left out of the count. */
	assert_status(get(scene, "/healthz", ""), "HTTP/1.1 ");
	for (usec_t until = clock_monotonic() + PATIENCE;
	     strncmp(scene->heard, "HTTP/1.1 200 ", 13) != 0 && clock_monotonic() < until;)
		(void)get(scene, "/healthz", "");
	assert_status(scene->heard, "HTTP/1.1 200 ");
}

static void on_loopback_a_wrong_token_is_refused_and_none_is_needed(void **state)
{
	assert_status(get(*state, "/v1/calls", ""), "HTTP/1.1 200 ");
	assert_status(get(*state, "/v1/calls", "Authorization: Bearer wrong\r\n"), "HTTP/1.1 401 ");
	assert_non_null(strstr(((struct scene *)*state)->heard,
	                       "WWW-Authenticate: Bearer realm=\"najimi\", "
	                       "error=\"invalid_token\"\r\n"));
	assert_status(get(*state, "/healthz", "Authorization: Bearer wrong\r\n"), "HTTP/1.1 200 ");
}

static void off_loopback_all_but_health_takes_a_token(void **state)
{
	static char any[] = "0.0.0.0:0";
	struct scene *scene = *state;
	struct err err = { 0 };

	http_free(scene->http);
	scene->centre->options.http.listen = any;
	scene->http = http_new(&scene->centre->needs, &err);
	assert_int_equal(http_start(scene->http, &err), 0);
	(void)centre_call(scene->centre, "c1", "+81312345678", false, 0);

	assert_status(get(scene, "/healthz", ""), "HTTP/1.1 200 ");
	assert_status(get(scene, "/metrics", ""), "HTTP/1.1 401 ");
	assert_non_null(strstr(scene->heard, "WWW-Authenticate: Bearer realm=\"najimi\"\r\n"));
	assert_status(get(scene, "/readyz", ""), "HTTP/1.1 401 ");
	assert_status(get(scene, "/v1/wallboard", ""), "HTTP/1.1 401 ");
	assert_status(get(scene, "/v1/events", ""), "HTTP/1.1 401 ");
	/* There is nothing of the centre in the page, and it has to ask for the token. */
	assert_status(get(scene, "/", ""), "HTTP/1.1 200 ");
	assert_status(get(scene, "/wallboard/page.en", ""), "HTTP/1.1 200 ");
	assert_status(get(scene, "/metrics", "Authorization: Bearer s3cret\r\n"), "HTTP/1.1 200 ");
	assert_status(get(scene, "/v1/calls", "Authorization: Bearer s3cret\r\n"), "HTTP/1.1 200 ");
	assert_null(strstr(scene->heard, "+81312345678"));
	assert_status(get(scene, "/v1/calls", "Authorization: Bearer pii-s3cret\r\n"),
	              "HTTP/1.1 200 ");
	assert_non_null(strstr(scene->heard, "+81312345678"));
}

static void a_reader_of_nothing_but_the_start_does_no_harm(void **state)
{
	struct scene *scene = *state;
	int fd = call_up(scene);

	say(fd, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
	turn(scene);
	close(fd);
	for (int i = 0; i < 5; i++)
		turn(scene);
	assert_status(get(scene, "/healthz", ""), "HTTP/1.1 200 ");
}

static void without_an_address_it_does_not_listen(void **state)
{
	struct scene *scene = *state;
	struct err err = { 0 };

	http_free(scene->http);
	scene->centre->options.http.listen = centre_none;
	scene->http = http_new(&scene->centre->needs, &err);
	assert_int_equal(http_start(scene->http, &err), 0);
	assert_int_equal(http_port(scene->http), 0);
}

static void an_address_that_cannot_be_had_is_said(void **state)
{
	static char wrong[] = "nowhere:x", taken[64];
	struct scene *scene = *state;
	struct http *second;
	struct err err = { 0 };

	snprintf(taken, sizeof(taken), "127.0.0.1:%u", http_port(scene->http));
	scene->centre->options.http.listen = taken;
	second = http_new(&scene->centre->needs, &err);
	assert_true(http_start(second, &err) < 0);
	assert_non_null(strstr(err.text, "Address already in use"));
	assert_non_null(strstr(err.text, taken));
	second = http_free(second);

	scene->centre->options.http.listen = wrong;
	second = http_new(&scene->centre->needs, &err);
	assert_true(http_start(second, &err) < 0);
	assert_non_null(strstr(err.text, "is not ADDRESS:PORT"));
	http_free(second);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_path_answers_with_its_type),
		TEST(openmetrics_is_sent_to_those_who_ask_for_it),
		TEST(head_has_the_length_and_no_body),
		TEST(nothing_but_get_and_head_is_allowed),
		TEST(an_unchanged_state_costs_a_304),
		TEST(what_is_too_large_is_refused),
		TEST(a_request_of_two_lengths_is_refused),
		TEST(requests_follow_each_other_on_one_connection),
		TEST(connections_beyond_the_limit_are_told_so),
		TEST(a_flood_of_connections_waits_and_the_server_recovers),
		TEST(on_loopback_a_wrong_token_is_refused_and_none_is_needed),
		TEST(off_loopback_all_but_health_takes_a_token),
		TEST(a_reader_of_nothing_but_the_start_does_no_harm),
		TEST(without_an_address_it_does_not_listen),
		TEST(an_address_that_cannot_be_had_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

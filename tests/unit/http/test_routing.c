#include "routing.h"

#include <arpa/inet.h>
#include <string.h>

#include "najimi/codec/rpc.h"
#include "scene.h"

#define TOKEN "Authorization: Bearer s3cret\r\n"

static struct {
	unsigned times;
	uint64_t number;
	char client[200], params[200];
	bool granted, here;
} asked;

static void route(const struct route_asked *what, uint64_t number, void *arg)
{
	const struct sockaddr_in *from = (const struct sockaddr_in *)(const void *)what->from;

	(void)arg;
	asked.times++;
	asked.number = number;
	asked.granted = what->granted;
	asked.here =
	        what->from->sa_family == AF_INET && from->sin_addr.s_addr == htonl(INADDR_LOOPBACK);
	snprintf(asked.client, sizeof(asked.client), "%s", what->client);
	snprintf(asked.params, sizeof(asked.params), "%.*s", (int)what->params.length,
	         what->params.start);
}

static int set_up_route(void **state)
{
	void *centre;
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err = { 0 };

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(centre_set_up(&centre), 0);
	scene->centre = centre;
	scene->centre->needs.route = route;
	scene->http = http_new(&scene->centre->needs, &err);
	assert_int_equal(http_start(scene->http, &err), 0);
	memset(&asked, 0, sizeof(asked));
	centre_clients[0].role = ROLE_PBX;
	*state = scene;
	return 0;
}

static int tear_down_route(void **state)
{
	centre_clients[0].role = ROLE_OBSERVER;
	centre_clients[0].name = centre_star;
	return tear_down(state);
}

static int post(struct scene *scene, const char *path, const char *headers, const char *body)
{
	char request[4096];
	int fd = call_up(scene);

	snprintf(request, sizeof(request),
	         "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%sContent-Length: "
	         "%zu\r\n\r\n%s",
	         path, headers, strlen(body), body);
	say(fd, request);
	return fd;
}

/* Until it has been passed on. */
static void wait_asked(struct scene *scene, unsigned times)
{
	usec_t until = clock_monotonic() + PATIENCE;

	while (asked.times < times && clock_monotonic() < until)
		turn(scene);
	assert_int_equal(asked.times, times);
}

#define JSON "Content-Type: application/json\r\n"

static void what_is_asked_is_passed_on_and_what_is_answered_comes_back(void **state)
{
	struct scene *scene = *state;
	int fd = post(scene, "/v1/route", JSON, "{\"queue\":\"sales\"}");

	wait_asked(scene, 1);
	assert_string_equal(asked.params, "{\"queue\":\"sales\"}");
	assert_string_equal(asked.client, "");
	assert_false(asked.granted);
	assert_true(asked.here);
	assert_true(http_routed(scene->http, asked.number, 0, 0, TEXT("{\"action\":\"queue\"}")));
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 200 ");
	assert_non_null(strstr(scene->heard, "\r\nETag: W/\""));
	assert_non_null(strstr(scene->heard, "\r\n\r\n{\"as_of\":\""));
	assert_string_equal(strstr(scene->heard, ",\"seq\":"), ",\"seq\":0,\"action\":\"queue\"}");
	close(fd);
	/* Nobody hears it twice. */
	assert_false(http_routed(scene->http, asked.number, 0, 0, TEXT("{}")));
}

static void an_error_has_its_status(void **state)
{
	static const struct {
		int code;
		const char *status;
	} cases[] = {
		{ RPC_PARSE_ERROR, "400" },    { RPC_INVALID_REQUEST, "400" },
		{ RPC_INVALID_PARAMS, "400" }, { RPC_UNAUTHORIZED, "401" },
		{ RPC_FORBIDDEN, "403" },      { RPC_WRONG_STATE, "409" },
		{ RPC_OTHER_CONTENT, "409" },  { RPC_TOO_LARGE, "413" },
		{ RPC_UNKNOWN_CALL, "422" },   { RPC_UNKNOWN_QUEUE, "422" },
		{ RPC_UNKNOWN_AGENT, "422" },  { RPC_RATE_LIMITED, "429" },
		{ RPC_NOT_READY, "503" },      { RPC_NOT_LEADER, "503" },
		{ RPC_QUEUE_FULL, "503" },     { RPC_OVERLOADED, "503" },
		{ RPC_INTERNAL_ERROR, "500" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int fd = post(scene, "/v1/route", JSON, "{}");
		char status[16];

		wait_asked(scene, (unsigned)i + 1);
		assert_true(http_routed(scene->http, asked.number, cases[i].code, MSEC(1500),
		                        TEXT("{\"error\":{}}")));
		assert_true(hear(scene, fd, NULL));
		snprintf(status, sizeof(status), "HTTP/1.1 %s ", cases[i].status);
		assert_status(scene->heard, status);
		assert_null(strstr(scene->heard, "ETag"));
		assert_non_null(strstr(scene->heard, "\r\nRetry-After: 2\r\n"));
		assert_string_equal(strstr(scene->heard, "\r\n\r\n"), "\r\n\r\n{\"error\":{}}");
		assert_int_equal(strstr(scene->heard, "WWW-Authenticate") != NULL,
		                 cases[i].code == RPC_UNAUTHORIZED);
		close(fd);
	}
}

static void a_token_and_a_name_are_passed_on(void **state)
{
	struct scene *scene = *state;
	static char name[] = "pbx-a";
	int fd;

	fd = post(scene, "/v1/route?client=proxy%209", JSON TOKEN, "{}");
	wait_asked(scene, 1);
	assert_true(asked.granted);
	assert_string_equal(asked.client, "proxy 9");
	close(fd);
	centre_clients[0].name = name;
	fd = post(scene, "/v1/route", JSON TOKEN, "{}");
	wait_asked(scene, 2);
	assert_string_equal(asked.client, "pbx-a");
	close(fd);
	fd = post(scene, "/v1/route?client=pbx-b", JSON TOKEN, "{}");
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 403 ");
	assert_non_null(strstr(scene->heard, "\"code\":-32002,"));
	close(fd);
	assert_int_equal(asked.times, 2);
}

static void what_cannot_be_meant_is_not_passed_on(void **state)
{
	static const struct {
		const char *path, *headers, *status, *reason;
	} cases[] = {
		{ "/v1/route", "", "415", "content_type" },
		{ "/v1/route", "Content-Type: text/plain\r\n", "415", "content_type" },
		{ "/v1/route", "Content-Type: application/jsonx\r\n", "415", "content_type" },
		{ "/v1/route?client=", JSON, "400", "bad_query" },
		{ "/v1/route?client=%0A", JSON, "400", "bad_query" },
		{ "/v1/route?client=a&client=b", JSON, "400", "bad_query" },
		{ "/v1/route?queue=sales", JSON, "400", "bad_query" },
		{ "/v1/route", JSON "Authorization: Bearer no\r\n", "401", "auth_failed" },
		{ "/v1/route", JSON "Authorization: Basic no\r\n", "401", "auth_failed" },
	};
	struct scene *scene = *state;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int fd = post(scene, cases[i].path, cases[i].headers, "{}");
		char words[64];

		assert_true(hear(scene, fd, NULL));
		snprintf(words, sizeof(words), "HTTP/1.1 %s ", cases[i].status);
		assert_status(scene->heard, words);
		snprintf(words, sizeof(words), "\"reason\":\"%s\"", cases[i].reason);
		assert_non_null(strstr(scene->heard, words));
		close(fd);
	}
	assert_int_equal(asked.times, 0);
}

static void a_long_body_is_refused(void **state)
{
	static char body[ROUTING_BODY_MAX + 2], request[ROUTING_BODY_MAX + 512];
	struct scene *scene = *state;
	int fd = call_up(scene);

	memset(body, ' ', sizeof(body) - 1);
	snprintf(request, sizeof(request),
	         "POST /v1/route HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" JSON
	         "Content-Length: %zu\r\n\r\n%s",
	         strlen(body), body);
	say(fd, request);
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 413 ");
	assert_non_null(strstr(scene->heard, "\"code\":-32022,"));
	assert_int_equal(asked.times, 0);
	close(fd);
}

static void who_has_gone_does_not_hear(void **state)
{
	struct scene *scene = *state;
	int fd = post(scene, "/v1/route", JSON, "{}");

	wait_asked(scene, 1);
	close(fd);
	assert_false(http_routed(scene->http, asked.number, 0, 0, TEXT("{}")));
	/* Who has closed but their own side hears that much. */
	fd = post(scene, "/v1/route", JSON, "{}");
	wait_asked(scene, 2);
	assert_int_equal(shutdown(fd, SHUT_WR), 0);
	assert_false(http_routed(scene->http, asked.number, 0, 0, TEXT("{}")));
	assert_true(hear(scene, fd, NULL));
	assert_status(scene->heard, "HTTP/1.1 400 ");
	assert_non_null(strstr(scene->heard, "\"reason\":\"closed\""));
	close(fd);
}

static void who_sends_the_next_request_early_is_there(void **state)
{
	struct scene *scene = *state;
	int fd = call_up(scene);

	say(fd, "POST /v1/route HTTP/1.1\r\nHost: x\r\n" JSON "Content-Length: 2\r\n\r\n{}"
	        "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
	wait_asked(scene, 1);
	assert_true(http_routed(scene->http, asked.number, 0, 0, TEXT("{\"action\":\"queue\"}")));
	assert_true(hear(scene, fd, NULL));
	assert_non_null(strstr(scene->heard, "\"action\":\"queue\"}HTTP/1.1 200 "));
	assert_non_null(strstr(scene->heard, "\r\n\r\nok\n"));
	close(fd);
}

static void who_never_hears_leaks_nothing(void **state)
{
	struct scene *scene = *state;
	int gone = post(scene, "/v1/route", JSON, "{}"), left;

	wait_asked(scene, 1);
	close(gone);
	left = post(scene, "/v1/route", JSON, "{}");
	wait_asked(scene, 2);
	/* The server is taken down while both are under way. */
	scene->http = http_free(scene->http);
	close(left);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up_route, tear_down_route)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_asked_is_passed_on_and_what_is_answered_comes_back),
		TEST(an_error_has_its_status),
		TEST(a_token_and_a_name_are_passed_on),
		TEST(what_cannot_be_meant_is_not_passed_on),
		TEST(a_long_body_is_refused),
		TEST(who_has_gone_does_not_hear),
		TEST(who_sends_the_next_request_early_is_there),
		TEST(who_never_hears_leaks_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "contact_stream.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <sys/stat.h>

/* Reading a real server's stream is for tests/system: test_whatif.py, test_contacts.py. */
static struct options *embedded(const char *socket)
{
	struct options *options;
	struct err err;

	assert_int_equal(options_defaults(&options, &err), 0);
	options->redis.mode = REDIS_EMBEDDED;
	free(options->redis.socket);
	options->redis.socket = strdup(socket);
	free(options->file);
	options->file = strdup("/etc/najimi/east.conf");
	return options;
}

static void a_configured_socket_is_taken(void **state)
{
	struct options *options = embedded("/var/x.sock");
	struct err err;
	char path[256];

	(void)state;
	assert_int_equal(contact_stream_socket(options, NULL, path, sizeof(path), &err), 0);
	assert_string_equal(path, "/var/x.sock");
	assert_int_equal(contact_stream_socket(options, "/told.sock", path, sizeof(path), &err), 0);
	assert_string_equal(path, "/told.sock");
	assert_int_equal(contact_stream_socket(options, NULL, path, 5, &err), -ENAMETOOLONG);
	options_free(options);
}

static void the_runtime_directory_has_the_embedded_servers(void **state)
{
	struct options *options = embedded("");
	char folder[] = "/tmp/najimi-run-XXXXXX", path[256], expected[256];
	struct err err;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(expected, sizeof(expected), "%s:/elsewhere", folder);
	setenv("RUNTIME_DIRECTORY", expected, 1);
	assert_int_equal(contact_stream_socket(options, NULL, path, sizeof(path), &err), -ENOENT);
	assert_non_null(strstr(err.text, "redis.socket"));
	snprintf(expected, sizeof(expected), "%s/redis.sock", folder);
	fclose(fopen(expected, "w"));
	assert_int_equal(contact_stream_socket(options, NULL, path, sizeof(path), &err), 0);
	assert_string_equal(path, expected);
	unlink(expected);
	rmdir(folder);
	unsetenv("RUNTIME_DIRECTORY");
	options_free(options);
}

static void a_server_that_is_not_there_is_named(void **state)
{
	struct options *options = embedded("/nowhere/redis.sock");
	struct contact_wish wish = { .take = NULL };
	struct progress progress = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(contact_stream_read(options, NULL, &wish, &progress, &err), -ENOTCONN);
	assert_non_null(strstr(err.text, "Redis at /nowhere/redis.sock: "));
	options->redis.mode = REDIS_TCP;
	free(options->redis.address);
	options->redis.address = strdup("[::1]:1");
	assert_int_equal(contact_stream_read(options, NULL, &wish, &progress, &err), -ENOTCONN);
	assert_non_null(strstr(err.text, "Redis at [::1]:1: "));
	options_free(options);
}

static void what_is_no_entry_is_refused_before_redis_is_asked(void **state)
{
	struct options *options = embedded("/nowhere/redis.sock");
	struct contact_wish wish = { .after = "yesterday" };
	struct progress progress = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(contact_stream_read(options, NULL, &wish, &progress, &err), -EINVAL);
	assert_string_equal(err.text, "'yesterday' is no id of an entry");
	options_free(options);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_configured_socket_is_taken),
		cmocka_unit_test(the_runtime_directory_has_the_embedded_servers),
		cmocka_unit_test(a_server_that_is_not_there_is_named),
		cmocka_unit_test(what_is_no_entry_is_refused_before_redis_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

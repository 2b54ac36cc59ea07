#include <sys/stat.h>
#include <sys/wait.h>

#include "world.h"

/* The server that the daemon minds itself. */

static char folder[64];

static int set_up(void **state)
{
	static struct world world;

	strcpy(folder, "/tmp/najimi-test-XXXXXX");
	assert_non_null(mkdtemp(folder));
	world_prepare(&world, NULL);
	world.options->redis.mode = REDIS_EMBEDDED;
	world_set(&world.options->redis.directory, folder);
	unsetenv("RUNTIME_DIRECTORY");
	*state = &world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	char command[128];

	if (world->store != NULL)
		world_close(world);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

/* Of the only child this program has. */
static pid_t find_server(void)
{
	char command[64];
	FILE *out;
	int pid = 0;

	snprintf(command, sizeof(command), "pgrep -P %ld redis-server", (long)getpid());
	out = popen(command, "r");
	assert_non_null(out);
	if (fscanf(out, "%d", &pid) != 1)
		pid = 0;
	pclose(out);
	return pid;
}

static void it_is_started_and_ended_and_its_file_is_read_again(void **state)
{
	struct world *world = *state, again;

	world_open(world);
	world_wait(world, is_recovered);
	world_arrive(world, "c1", "");
	world_settle(world);
	assert_int_not_equal(find_server(), 0);
	world_close(world);
	assert_int_equal(find_server(), 0);

	world_prepare(&again, NULL);
	again.options->redis.mode = REDIS_EMBEDDED;
	world_set(&again.options->redis.directory, folder);
	world_open(&again);
	world_wait(&again, is_recovered);
	assert_int_equal(directory_calls(again.directory), 1);
	world_close(&again);
}

static void its_socket_is_for_us_alone(void **state)
{
	struct world *world = *state;
	char runtime[96], path[128];
	struct stat status;

	snprintf(runtime, sizeof(runtime), "%s:/another", folder);
	setenv("RUNTIME_DIRECTORY", runtime, 1);
	world_open(world);
	world_wait(world, is_recovered);
	snprintf(path, sizeof(path), "%s/redis.sock", folder);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	unsetenv("RUNTIME_DIRECTORY");
}

static void one_that_dies_is_started_again_with_everything(void **state)
{
	struct world *world = *state;
	pid_t first;

	world_open(world);
	world_wait(world, is_recovered);
	world_arrive(world, "c1", "");
	world_settle(world);
	first = find_server();
	kill(first, SIGKILL);
	world_wait(world, is_away);
	world_arrive(world, "c2", "");
	world_wait(world, is_up);
	world_settle(world);
	assert_int_not_equal(find_server(), first);
	world_close(world);
	world_prepare(world, NULL);
	world->options->redis.mode = REDIS_EMBEDDED;
	world_set(&world->options->redis.directory, folder);
	world_open(world);
	world_wait(world, is_recovered);
	assert_int_equal(directory_calls(world->directory), 2);
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) < 0;
}

static void it_ends_with_a_daemon_that_is_killed(void **state)
{
	struct world *world = *state;
	int pipe_ends[2], status;
	pid_t daemon, server = 0;

	assert_int_equal(pipe(pipe_ends), 0);
	daemon = fork();
	if (daemon == 0) {
		world_open(world);
		world_wait(world, is_recovered);
		server = find_server();
		if (write(pipe_ends[1], &server, sizeof(server)) != sizeof(server))
			_exit(1);
		pause();
	}
	assert_int_equal(read(pipe_ends[0], &server, sizeof(server)), sizeof(server));
	kill(daemon, SIGKILL);
	waitpid(daemon, &status, 0);
	for (unsigned i = 0; i < 1000 && !is_gone(server); i++)
		usleep(5000);
	assert_true(is_gone(server));
	close(pipe_ends[0]);
	close(pipe_ends[1]);
	/* And the next one finds the folder free. */
	world_open(world);
	world_wait(world, is_recovered);
}

static void say_nothing(int severity, const char *message)
{
	(void)severity;
	(void)message;
}

static void two_do_not_share_a_folder(void **state)
{
	struct world *world = *state;
	static struct world second;

	/* Two loops in one process share their signals badly, and libevent says so. */
	event_set_log_callback(say_nothing);
	world_open(world);
	world_wait(world, is_recovered);
	world_prepare(&second, NULL);
	second.options->redis.mode = REDIS_EMBEDDED;
	world_set(&second.options->redis.directory, folder);
	world_open(&second);
	assert_false(world_wait_at_most(&second, is_recovered, MSEC(300)));
	world_close(world);
	world_wait(&second, is_recovered); /* when the first has gone */
	world_close(&second);
}

static void a_program_that_is_not_there_is_named(void **state)
{
	struct world *world = *state;

	world_set(&world->options->redis.server, "no-such-redis-server");
	world_open(world);
	assert_false(world_wait_at_most(world, is_recovered, MSEC(300)));
}

static void refuse(struct world *world, const char *words)
{
	struct err err = { 0 };
	struct store_hooks hooks = { 0 };
	struct event_base *base = event_base_new();

	meters_init(&world->meters);
	assert_null(store_new(base, world->options, NULL, NULL, &world->meters, &hooks, &err));
	if (strstr(err.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, words);
	event_base_free(base);
}

static void a_folder_that_cannot_be_used_is_an_error_at_once(void **state)
{
	struct world *world = *state;
	char path[256];

	snprintf(path, sizeof(path), "%s/not/there", folder);
	world_set(&world->options->redis.directory, path);
	refuse(world, "redis.directory");
	world_set(&world->options->redis.directory, "");
	refuse(world, "redis.directory is not set");
	world_set(&world->options->redis.directory, folder);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	world_set(&world->options->redis.socket, path);
	refuse(world, "redis.socket");
	world->options = options_free(world->options);
}

#define EMBEDDED_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		EMBEDDED_TEST(it_is_started_and_ended_and_its_file_is_read_again),
		EMBEDDED_TEST(its_socket_is_for_us_alone),
		EMBEDDED_TEST(one_that_dies_is_started_again_with_everything),
		EMBEDDED_TEST(it_ends_with_a_daemon_that_is_killed),
		EMBEDDED_TEST(two_do_not_share_a_folder),
		EMBEDDED_TEST(a_program_that_is_not_there_is_named),
		EMBEDDED_TEST(a_folder_that_cannot_be_used_is_an_error_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

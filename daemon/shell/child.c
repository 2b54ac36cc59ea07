#define _GNU_SOURCE /* pipe2(), closefrom */
#include "najimi/shell/child.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define READ_BYTES 65536 /* at once */
#define LINE_MAX_BYTES 512

extern char **environ;

struct child {
	struct child_hooks hooks;
	size_t output_max;
	pid_t pid; /* 0: reaped */
	int status;
	bool late, talkative;
	struct event *died, *late_at;
	struct event *readers[2]; /* of standard output and error; NULL: closed */
	struct evbuffer *output;
	char line[LINE_MAX_BYTES], last_line[LINE_MAX_BYTES];
	size_t line_length;
};

/* --- its end --- */

static void close_pipe(struct child *child, size_t which)
{
	if (child->readers[which] == NULL)
		return;
	close(event_get_fd(child->readers[which]));
	event_free(child->readers[which]);
	child->readers[which] = NULL;
}

static void kill_it(struct child *child)
{
	if (child->pid != 0)
		kill(child->pid, SIGKILL);
	/* Whoever else may hold the pipes is not waited for. */
	close_pipe(child, STDOUT_FILENO - 1);
	close_pipe(child, STDERR_FILENO - 1);
}

/* The last thing that is done with a child. */
static void end_if_over(struct child *child)
{
	struct child_end end = { .fate = CHILD_EXITED, .last_line = child->last_line };

	if (child->pid != 0 || child->readers[0] != NULL || child->readers[1] != NULL)
		return;
	if (child->late)
		end.fate = CHILD_LATE;
	else if (child->talkative)
		end.fate = CHILD_TALKATIVE;
	else if (WIFSIGNALED(child->status))
		end.fate = CHILD_KILLED;
	end.code =
	        WIFSIGNALED(child->status) ? WTERMSIG(child->status) : WEXITSTATUS(child->status);
	end.output.length = evbuffer_get_length(child->output);
	if (evbuffer_add(child->output, "", 1) == 0)
		end.output.start = (const char *)evbuffer_pullup(child->output, -1);
	if (end.output.start == NULL)
		end.output = TEXT("");
	event_del(child->late_at);
	child->hooks.ended(&end, child->hooks.arg);
}

static void on_died(evutil_socket_t number, short what, void *arg)
{
	struct child *child = arg;

	(void)number;
	(void)what;
	if (child->pid == 0 || waitpid(child->pid, &child->status, WNOHANG) != child->pid)
		return;
	child->pid = 0;
	event_del(child->died);
	end_if_over(child);
}

static void on_late(evutil_socket_t fd, short what, void *arg)
{
	struct child *child = arg;

	(void)fd;
	(void)what;
	child->late = true;
	kill_it(child);
	end_if_over(child);
}

/* --- what it prints --- */

static void on_output(evutil_socket_t fd, short what, void *arg)
{
	struct child *child = arg;
	int n = evbuffer_read(child->output, fd, READ_BYTES);

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && evbuffer_get_length(child->output) <= child->output_max)
		return;
	if (n > 0) {
		child->talkative = true;
		kill_it(child);
	}
	close_pipe(child, STDOUT_FILENO - 1);
	end_if_over(child);
}

static void end_line(struct child *child)
{
	if (child->line_length == 0)
		return;
	child->line[child->line_length] = '\0';
	memcpy(child->last_line, child->line, child->line_length + 1);
	child->line_length = 0;
	if (child->hooks.line != NULL)
		child->hooks.line(child->last_line, child->hooks.arg);
}

static void on_error(evutil_socket_t fd, short what, void *arg)
{
	struct child *child = arg;
	char bytes[4096];
	ssize_t n = read(fd, bytes, sizeof(bytes));

	(void)what;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] == '\n')
			end_line(child);
		else if (child->line_length + 1 < LINE_MAX_BYTES)
			child->line[child->line_length++] = bytes[i];
	}
	if (n > 0)
		return;
	end_line(child);
	close_pipe(child, STDERR_FILENO - 1);
	end_if_over(child);
}

/* --- its start --- */

static int set_actions(posix_spawn_file_actions_t *actions, int output, int error)
{
	int r = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_adddup2(actions, error, STDERR_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
	return r;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, usual;
	int r;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE); /* which we ignore */
	r = posix_spawnattr_setsigmask(attributes, &none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attributes, &usual);
	if (r == 0)
		r = posix_spawnattr_setpgroup(attributes, 0);
	if (r == 0)
		r = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
		                                                 POSIX_SPAWN_SETSIGDEF |
		                                                 POSIX_SPAWN_SETPGROUP);
	return r;
}

/* Without a copy of our memory, however much that is. 0 or an errno. */
static int spawn(const char *const *argv, int output, int error, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int r = posix_spawn_file_actions_init(&actions);

	if (r != 0)
		return r;
	r = posix_spawnattr_init(&attributes);
	if (r != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return r;
	}
	r = set_actions(&actions, output, error);
	if (r == 0)
		r = set_attributes(&attributes);
	if (r == 0)
		r = posix_spawn(ret, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv,
		                environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return r;
}

/* Both of our ends, read by the loop. */
static bool listen_to(struct child *child, struct event_base *base, const int *fds)
{
	static const event_callback_fn readers[] = { on_output, on_error };

	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		if (evutil_make_socket_nonblocking(fds[i]) < 0)
			return false;
		child->readers[i] =
		        event_new(base, fds[i], EV_READ | EV_PERSIST, readers[i], child);
		if (child->readers[i] == NULL || event_add(child->readers[i], NULL) < 0)
			return false;
	}
	return true;
}

static bool watch(struct child *child, struct event_base *base, usec_t time_max)
{
	struct timeval tv = { .tv_sec = (time_t)(time_max / SEC(1)),
		              .tv_usec = (suseconds_t)(time_max % SEC(1)) };

	child->output = evbuffer_new();
	child->died = evsignal_new(base, SIGCHLD, on_died, child);
	child->late_at = event_new(base, -1, 0, on_late, child);
	return child->output != NULL && child->died != NULL && child->late_at != NULL &&
	       event_add(child->died, NULL) == 0 && event_add(child->late_at, &tv) == 0;
}

static int start(struct child *child, struct event_base *base, const struct child_plan *plan,
                 struct err *err)
{
	int pipes[2][2] = { { -1, -1 }, { -1, -1 } }, r = 0;

	if (!watch(child, base, plan->time_max))
		return err_set(err, -ENOMEM, "out of memory");
	if (pipe2(pipes[0], O_CLOEXEC) < 0 || pipe2(pipes[1], O_CLOEXEC) < 0)
		r = errno;
	else if (!listen_to(child, base, (const int[]){ pipes[0][0], pipes[1][0] }))
		r = ENOMEM;
	else
		r = spawn(plan->argv, pipes[0][1], pipes[1][1], &child->pid);
	for (size_t i = 0; i < ARRAY_LEN(pipes); i++) {
		if (pipes[i][1] >= 0)
			close(pipes[i][1]);
		if (pipes[i][0] >= 0 && child->readers[i] == NULL)
			close(pipes[i][0]);
	}
	return r == 0 ? 0 : err_set(err, -r, "%s: %s", plan->argv[0], strerror(r));
}

struct child *child_start(struct event_base *base, const struct child_plan *plan,
                          const struct child_hooks *hooks, struct err *err)
{
	struct child *child = calloc(1, sizeof(*child));

	if (child == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	child->hooks = *hooks;
	child->output_max = plan->output_max;
	return start(child, base, plan, err) == 0 ? child : child_free(child);
}

struct child *child_free(struct child *child)
{
	if (child == NULL)
		return NULL;
	kill_it(child);
	if (child->pid != 0)
		waitpid(child->pid, &child->status, 0);
	if (child->died != NULL)
		event_free(child->died);
	if (child->late_at != NULL)
		event_free(child->late_at);
	if (child->output != NULL)
		evbuffer_free(child->output);
	free(child);
	return NULL;
}

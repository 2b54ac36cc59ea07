#include "embedded.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"

#define RESTART_MIN MSEC(50)
#define RESTART_MAX SEC(2)
#define LIVED_LONG SEC(10) /* a server that did starts again at once */
#define BUSY_PERIOD MSEC(50)
#define STOP_MAX SEC(10) /* then it is killed */

#define PATH_SIZE 1040
#define EXIT_NOT_FOUND 127

struct embedded {
	char server[PATH_SIZE];
	char directory[PATH_SIZE];
	char log[PATH_SIZE + 16];
	char lock_path[PATH_SIZE + 16];
	char socket[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
	char folder[64]; /* made by us for the socket; "" not */
	struct event *died, *start;
	pid_t pid; /* 0: not running */
	usec_t started_at, delay;
	bool busy_said;
};

static void start_after(struct embedded *embedded, usec_t delay)
{
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	event_add(embedded->start, &tv);
}

/* The server inherits the lock and so holds it as long as it lives, whoever started
 * it: one that is still writing after its daemon was killed is waited for. */
static int lock_directory(struct embedded *embedded)
{
	int fd = open(embedded->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}

static void run_server(const struct embedded *embedded, int lock, pid_t parent)
{
	sigset_t none;

	/* The daemon's end is the server's, even by SIGKILL; an interrupt at the terminal
	 * is not: the daemon still has things to write. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	fcntl(lock, F_SETFD, 0);
	execlp(embedded->server, embedded->server, "--port", "0", "--unixsocket", embedded->socket,
	       "--unixsocketperm", "600", "--dir", embedded->directory, "--appendonly", "yes",
	       "--appendfsync", "everysec", "--save", "", "--daemonize", "no", "--logfile",
	       embedded->log, (char *)NULL);
	_exit(EXIT_NOT_FOUND);
}

static void start_server(struct embedded *embedded)
{
	pid_t parent = getpid(), pid;
	int lock = lock_directory(embedded);

	if (lock < 0) {
		if (!embedded->busy_said)
			log_fact(LOG_LEVEL_WARNING, "redis.directory_busy",
			         LOG_TEXT("lock", embedded->lock_path),
			         LOG_TEXT("error", strerror(-lock)));
		embedded->busy_said = true;
		start_after(embedded, lock == -EWOULDBLOCK ? BUSY_PERIOD : RESTART_MAX);
		return;
	}
	pid = fork();
	if (pid == 0)
		run_server(embedded, lock, parent);
	close(lock);
	if (pid < 0) {
		log_fact(LOG_LEVEL_ERROR, "redis.not_started", LOG_TEXT("error", strerror(errno)));
		start_after(embedded, RESTART_MAX);
		return;
	}
	embedded->busy_said = false;
	embedded->pid = pid;
	embedded->started_at = clock_monotonic();
	log_fact(LOG_LEVEL_INFO, "redis.started", LOG_NUMBER("pid", pid),
	         LOG_TEXT("socket", embedded->socket), LOG_TEXT("dir", embedded->directory));
}

static void log_death(const struct embedded *embedded, int status)
{
	bool missing = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_NOT_FOUND;

	log_fact(LOG_LEVEL_ERROR, "redis.died", LOG_TEXT("server", embedded->server),
	         LOG_TEXT("why", missing               ? "the program was not found"
	                         : WIFSIGNALED(status) ? strsignal(WTERMSIG(status))
	                                               : "it exited; its log says why"),
	         LOG_NUMBER("status", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
	         LOG_TEXT("log", embedded->log),
	         LOG_NUMBER("restart_ms", embedded->delay / MSEC(1)));
}

static void on_died(evutil_socket_t signal_number, short what, void *arg)
{
	struct embedded *embedded = arg;
	int status;

	(void)signal_number;
	(void)what;
	if (embedded->pid == 0 || waitpid(embedded->pid, &status, WNOHANG) != embedded->pid)
		return;
	embedded->pid = 0;
	if (clock_monotonic() - embedded->started_at > LIVED_LONG)
		embedded->delay = RESTART_MIN;
	log_death(embedded, status);
	start_after(embedded, embedded->delay);
	embedded->delay = embedded->delay * 2 > RESTART_MAX ? RESTART_MAX : embedded->delay * 2;
}

static void on_start(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	start_server(arg);
}

/* --- where things are --- */

static int make_socket_path(struct embedded *embedded, const char *wanted, struct err *err)
{
	const char *runtime = getenv("RUNTIME_DIRECTORY"), *temporary = getenv("TMPDIR");
	int length;

	if (*wanted != '\0') {
		length = snprintf(embedded->socket, sizeof(embedded->socket), "%s", wanted);
	} else if (runtime != NULL && *runtime != '\0') {
		/* systemd lists several with colons; ours is the first. */
		length = snprintf(embedded->socket, sizeof(embedded->socket), "%.*s/redis.sock",
		                  (int)strcspn(runtime, ":"), runtime);
	} else {
		length = snprintf(embedded->folder, sizeof(embedded->folder), "%s/najimi-XXXXXX",
		                  temporary == NULL || *temporary == '\0' ? "/tmp" : temporary);
		if (length < 0 || (size_t)length >= sizeof(embedded->folder) ||
		    mkdtemp(embedded->folder) == NULL) {
			embedded->folder[0] = '\0';
			return err_set(err, -errno, "no temporary folder for the server's socket");
		}
		length = snprintf(embedded->socket, sizeof(embedded->socket), "%s/redis.sock",
		                  embedded->folder);
	}
	if (length < 0 || (size_t)length >= sizeof(embedded->socket))
		return err_set(err, -ENAMETOOLONG, "redis.socket: the path is longer than %zu",
		               sizeof(embedded->socket) - 1);
	return 0;
}

static int make_directory(struct embedded *embedded, const char *wanted, struct err *err)
{
	char *absolute;
	int r = 0;

	if (*wanted == '\0')
		return err_set(err, -EINVAL, "redis.directory is not set");
	if (mkdir(wanted, 0700) < 0 && errno != EEXIST)
		return err_set(err, -errno, "redis.directory: %s: %s", wanted, strerror(errno));
	if (access(wanted, R_OK | W_OK | X_OK) < 0)
		return err_set(err, -errno, "redis.directory: %s: %s", wanted, strerror(errno));
	absolute = realpath(wanted, NULL);
	if (absolute == NULL)
		return err_set(err, -errno, "redis.directory: %s: %s", wanted, strerror(errno));
	if (strlen(absolute) >= sizeof(embedded->directory)) {
		r = err_set(err, -ENAMETOOLONG, "redis.directory: %s is too long", wanted);
	} else {
		strcpy(embedded->directory, absolute);
		snprintf(embedded->log, sizeof(embedded->log), "%s/redis.log", absolute);
		snprintf(embedded->lock_path, sizeof(embedded->lock_path), "%s/najimi.lock",
		         absolute);
	}
	free(absolute);
	return r;
}

struct embedded *embedded_new(struct event_base *base, const struct options *options,
                              struct err *err)
{
	struct embedded *embedded = calloc(1, sizeof(*embedded));

	if (embedded == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	embedded->delay = RESTART_MIN;
	if (strlen(options->redis.server) >= sizeof(embedded->server)) {
		err_set(err, -ENAMETOOLONG, "redis.server is too long");
		return embedded_free(embedded);
	}
	strcpy(embedded->server, options->redis.server);
	if (make_directory(embedded, options->redis.directory, err) < 0 ||
	    make_socket_path(embedded, options->redis.socket, err) < 0)
		return embedded_free(embedded);
	embedded->died = evsignal_new(base, SIGCHLD, on_died, embedded);
	embedded->start = event_new(base, -1, 0, on_start, embedded);
	if (embedded->died == NULL || embedded->start == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return embedded_free(embedded);
	}
	event_add(embedded->died, NULL);
	return embedded;
}

static void stop_server(struct embedded *embedded)
{
	usec_t until = clock_monotonic() + STOP_MAX;
	const struct timespec pause = { .tv_nsec = 2 * 1000 * 1000 };
	int status;

	kill(embedded->pid, SIGTERM);
	while (waitpid(embedded->pid, &status, WNOHANG) == 0) {
		if (clock_monotonic() >= until) {
			log_fact(LOG_LEVEL_ERROR, "redis.killed",
			         LOG_TEXT("why", "it did not end when it was told to"),
			         LOG_NUMBER("pid", embedded->pid));
			kill(embedded->pid, SIGKILL);
			waitpid(embedded->pid, &status, 0);
			break;
		}
		nanosleep(&pause, NULL);
	}
	embedded->pid = 0;
}

struct embedded *embedded_free(struct embedded *embedded)
{
	if (embedded == NULL)
		return NULL;
	if (embedded->died != NULL)
		event_free(embedded->died);
	if (embedded->start != NULL)
		event_free(embedded->start);
	if (embedded->pid != 0)
		stop_server(embedded);
	if (embedded->folder[0] != '\0') {
		unlink(embedded->socket);
		rmdir(embedded->folder);
	}
	free(embedded);
	return NULL;
}

void embedded_start(struct embedded *embedded)
{
	start_server(embedded);
}

const char *embedded_socket(const struct embedded *embedded)
{
	return embedded->socket;
}

#include <event2/event.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "configure.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "najimi/shell/systemd.h"

#define DEFAULT_CONFIG "/etc/najimi/najimid.conf"

/* Exit codes, as sysexits(3) has them where it has one. */
enum {
	EXIT_USAGE = 64,
	EXIT_DEPOSED = 75, /* "temporary failure, user is invited to retry" */
	EXIT_CONFIG = 78
};

static void on_stop(evutil_socket_t signal_number, short what, void *arg)
{
	struct daemon *daemon = arg;

	(void)what;
	log_fact(LOG_LEVEL_NOTICE, "daemon.stopping",
	         LOG_TEXT("signal", strsignal((int)signal_number)));
	systemd_stopping();
	event_base_loopbreak(daemon->base);
}

static void on_reload(evutil_socket_t signal_number, short what, void *arg)
{
	struct daemon *daemon = arg;
	struct err err = { 0 };

	(void)signal_number;
	(void)what;
	systemd_reloading();
	(void)!configure_reload(daemon, &err); /* has logged what it did */
	systemd_ready(daemon->meters.ready ? "routing" : "waiting for Redis");
}

/* The core must answer an empty event before the watchdog is fed: turn_over. */
static void on_watchdog(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *daemon = arg;

	(void)fd;
	(void)what;
	if (clock_drift() > (int64_t)SEC(5) || clock_drift() < -(int64_t)SEC(5))
		log_limited(
		        LOG_LEVEL_WARNING, "clock.moved",
		        LOG_NUMBER("ahead_ms", clock_drift() / 1000),
		        LOG_TEXT("effect", "instants are counted from the start of the daemon"));
	if (loop_post(daemon->loop, &(struct core_event){ .type = EVT_TIME_PASSED }) == 0)
		daemon->watchdog_asked = true;
}

static int run(struct daemon *daemon, struct err *err)
{
	struct event *signals[] = { evsignal_new(daemon->base, SIGTERM, on_stop, daemon),
		                    evsignal_new(daemon->base, SIGINT, on_stop, daemon),
		                    evsignal_new(daemon->base, SIGHUP, on_reload, daemon) };
	usec_t period = systemd_watchdog_period();
	struct timeval tv;
	int r;

	if (period == 0)
		period = SEC(1);
	tv = (struct timeval){ .tv_sec = (time_t)(period / SEC(1)),
		               .tv_usec = (suseconds_t)(period % SEC(1)) };
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		event_add(signals[i], NULL);
	daemon->watchdog = event_new(daemon->base, -1, EV_PERSIST, on_watchdog, daemon);
	event_add(daemon->watchdog, &tv);

	configure_queues(daemon);
	r = link_start(daemon->link, err);
	if (r == 0)
		r = http_start(daemon->http, err);
	if (r == 0) {
		systemd_status("waiting for Redis");
		store_start(daemon->store);
		event_base_dispatch(daemon->base);
	}
	for (size_t i = 0; i < ARRAY_LEN(signals); i++)
		event_free(signals[i]);
	return r;
}

static void usage(FILE *out)
{
	fputs("Usage: najimid [CONFIG]\n"
	      "Routes calls: brings each returning caller to the agent they know.\n"
	      "\n"
	      "  --check         read CONFIG, say what is wrong with it, and exit\n"
	      "  --dump-config   print the configuration in force and exit\n"
	      "  --sample        print a configuration with every option at its default\n"
	      "  --manual        print najimid.conf(5) in roff\n"
	      "  --version       print the version\n"
	      "  --help          print this\n"
	      "\n"
	      "CONFIG is " DEFAULT_CONFIG " when not given. SIGHUP reloads it.\n"
	      "Manual: najimid(8), najimid.conf(5), najimi-protocol(7), najimi-redis(7).\n",
	      out);
}

static int fail(int code, const struct err *err)
{
	fprintf(stderr, "<3>najimid: %s\n", err->text);
	return code;
}

/* What a script goes on with must not be half a file: a full disk is our failure. */
static int written(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fprintf(stderr, "<3>najimid: standard output: %s\n", strerror(errno));
	return EXIT_FAILURE;
}

enum task {
	TASK_RUN,
	TASK_CHECK,
	TASK_DUMP
};

/* Answers what needs no configuration; otherwise says what is to be done. */
static int read_arguments(int argc, char **argv, enum task *ret_task, const char **ret_path)
{
	static const struct option names[] = { { "check", no_argument, NULL, 'c' },
		                               { "dump-config", no_argument, NULL, 'd' },
		                               { "sample", no_argument, NULL, 's' },
		                               { "manual", no_argument, NULL, 'm' },
		                               { "version", no_argument, NULL, 'v' },
		                               { "help", no_argument, NULL, 'h' },
		                               { NULL, 0, NULL, 0 } };
	int letter;

	*ret_task = TASK_RUN;
	while ((letter = getopt_long(argc, argv, "h", names, NULL)) != -1) {
		switch (letter) {
		case 'c':
			*ret_task = TASK_CHECK;
			break;
		case 'd':
			*ret_task = TASK_DUMP;
			break;
		case 's':
			options_sample(stdout);
			return written(EXIT_SUCCESS);
		case 'm':
			options_manual(stdout);
			return written(EXIT_SUCCESS);
		case 'v':
			puts("najimid " NAJIMI_VERSION);
			return written(EXIT_SUCCESS);
		case 'h':
			usage(stdout);
			return written(EXIT_SUCCESS);
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (argc - optind > 1) {
		fprintf(stderr, "najimid: one configuration file, not %d\n", argc - optind);
		return EXIT_USAGE;
	}
	*ret_path = optind < argc ? argv[optind] : DEFAULT_CONFIG;
	return -1;
}

int main(int argc, char **argv)
{
	struct daemon daemon = { 0 };
	struct err err = { 0 };
	const char *path = NULL;
	enum task task;
	int code = read_arguments(argc, argv, &task, &path);

	if (code >= 0)
		return code;
	signal(SIGPIPE, SIG_IGN); /* hiredis writes without MSG_NOSIGNAL */
	if (options_load(path, &daemon.options, &err) < 0)
		return fail(EXIT_CONFIG, &err);
	if (task == TASK_DUMP)
		options_dump(daemon.options, stdout);
	if (task == TASK_CHECK)
		printf("%s: good: site %s, %zu queues, %zu agents, %zu clients\n", path,
		       daemon.options->site, daemon.options->queues_count,
		       daemon.options->agents_count, daemon.options->clients_count);
	if (task != TASK_RUN) {
		options_free(daemon.options);
		return written(EXIT_SUCCESS);
	}
	log_set_level((enum log_level)(LOG_LEVEL_ERROR + daemon.options->log_level));
	log_fact(LOG_LEVEL_NOTICE, "daemon.starting", LOG_TEXT("version", NAJIMI_VERSION),
	         LOG_TEXT("site", daemon.options->site), LOG_TEXT("config", path));
	code = EXIT_SUCCESS;
	if (daemon_build(&daemon, &err) < 0 || run(&daemon, &err) < 0)
		code = fail(EXIT_FAILURE, &err);
	else if (daemon.refused)
		code = EXIT_CONFIG; /* trying again would not help */
	else if (daemon.deposed)
		code = EXIT_DEPOSED;
	daemon_take_down(&daemon);
	if (code == EXIT_SUCCESS)
		log_fact(LOG_LEVEL_NOTICE, "daemon.stopped");
	return code;
}

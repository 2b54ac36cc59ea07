#include "bench_agi.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench_load_state.h"
#include "najimi/shell/clock.h"
#include "rpc_connect.h"

#define PATIENCE SEC(60)
#define ALONE 1000 /* callers one after the other */
#define IDLE SEC(5)
#define LINE_MAX_BYTES 4096
#define EVENTS 256

/* One channel in AGI(). */
struct channel {
	int fd; /* -1: none */
	unsigned number;
	bool held;  /* hears music */
	bool told;  /* has its variables */
	bool ended; /* the daemon has closed */
	uint32_t offer;
	size_t length;
	char in[LINE_MAX_BYTES];
};

struct stub {
	struct load *load;
	const struct agi_settings *settings;
	int epoll;
	struct channel *channels;
	unsigned channels_count, held;
	unsigned next_number; /* of a channel: its Uniqueid */
	struct channel *told; /* the last one that was */
	usec_t told_at;
	struct channel report; /* of AGI(answered) and AGI(ended) */
};

/* --- what Asterisk says --- */

/* In one piece: Asterisk itself writes each line by itself, and then it is Nagle's algorithm
 * that is measured. */
static int say_environment(struct stub *stub, struct channel *channel, const char *request,
                           const char *first, const char *second, struct err *err)
{
	char text[2048];
	int length = snprintf(
	        text, sizeof(text),
	        "agi_network: yes\nagi_network_script: %s\nagi_request: agi://%s/%s\n"
	        "agi_channel: PJSIP/trunk-%08x\nagi_language: en\nagi_type: PJSIP\n"
	        "agi_uniqueid: bench-%u.%u\nagi_version: 22.10.1\nagi_callerid: 0312%06u\n"
	        "agi_calleridname: unknown\nagi_callingpres: 0\nagi_callingani2: 0\n"
	        "agi_callington: 0\nagi_callingtns: 0\nagi_dnid: 700\nagi_rdnis: unknown\n"
	        "agi_context: from-trunk\nagi_extension: 700\nagi_priority: 2\nagi_enhanced: 0.0\n"
	        "agi_accountcode: \nagi_threadid: 140481918318336\nagi_arg_1: %s\nagi_arg_2: "
	        "%s\n%s\n",
	        request, stub->settings->address, request, channel->number, (unsigned)getpid(),
	        channel->number, channel->number % 1000000, first, second,
	        strcmp(request, "ended") == 0 ? "agi_arg_3: 1\nagi_arg_4: 16\n" : "");

	if (write(channel->fd, text, (size_t)length) != length)
		return err_set(err, -EIO, "FastAGI: %s", strerror(errno));
	return 0;
}

static int open_channel(struct stub *stub, struct channel *channel, unsigned number,
                        struct err *err)
{
	struct epoll_event event = { .events = EPOLLIN, .data = { .ptr = channel } };
	int on = 1, r;

	*channel = (struct channel){ .fd = -1, .number = number };
	r = rpc_connect(stub->settings->address, clock_monotonic() + PATIENCE, &channel->fd, err);
	if (r < 0)
		return err_wrap(err, r, "FastAGI");
	setsockopt(channel->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	fcntl(channel->fd, F_SETFL, fcntl(channel->fd, F_GETFL) | O_NONBLOCK);
	if (epoll_ctl(stub->epoll, EPOLL_CTL_ADD, channel->fd, &event) < 0)
		return err_set(err, -errno, "epoll: %s", strerror(errno));
	return 0;
}

static void close_channel(struct stub *stub, struct channel *channel)
{
	if (channel->fd >= 0)
		close(channel->fd);
	stub->held -= channel->held;
	channel->fd = -1;
	channel->held = false;
	channel->ended = true;
}

static int reply(const struct channel *channel, struct text text, struct err *err)
{
	if (write(channel->fd, text.start, text.length) != (ssize_t)text.length)
		return err_set(err, -EIO, "FastAGI: %s", strerror(errno));
	return 0;
}

/* No variable is set: of "${A}|${B}" the "|" is left. */
static int reply_variables(const struct channel *channel, struct text line, struct err *err)
{
	char text[LINE_MAX_BYTES + 64] = "200 result=1 (";
	size_t length = strlen(text);
	unsigned depth = 0;

	for (size_t i = sizeof("GET FULL VARIABLE \"") - 1; i + 1 < line.length; i++) {
		if (line.start[i] == '$')
			continue;
		depth += line.start[i] == '{';
		if (depth == 0)
			text[length++] = line.start[i];
		depth -= line.start[i] == '}';
	}
	memcpy(text + length, ")\n", 2);
	return reply(channel, (struct text){ text, length + 2 }, err);
}

static uint32_t offer_of(struct text line)
{
	static const char name[] = "NAJIMI_OFFER=";
	char text[LINE_MAX_BYTES + 1];
	const char *found;

	snprintf(text, sizeof(text), "%.*s", (int)line.length, line.start);
	found = strstr(text, name);
	return found == NULL ? 0 : (uint32_t)strtoul(found + sizeof(name) - 1, NULL, 10);
}

static int take_command(struct stub *stub, struct channel *channel, struct text line,
                        struct err *err)
{
	if (line_has(line, TEXT("NAJIMI_ACTION="))) {
		if (!line_has(line, TEXT("NAJIMI_ACTION=dial")))
			return err_set(err, -EPROTO, "FastAGI: no dial, but %.*s", (int)line.length,
			               line.start);
		channel->told = true;
		channel->offer = offer_of(line);
		stub->told = channel;
		stub->told_at = clock_monotonic();
	}
	if (line_has(line, TEXT("GET FULL VARIABLE")))
		return reply_variables(channel, line, err);
	if (line_has(line, TEXT("SET MUSIC")) && line_has(line, TEXT("ON")) && !channel->held) {
		channel->held = true;
		stub->held++;
	}
	return reply(channel, TEXT("200 result=0\n"), err);
}

static int take_lines(struct stub *stub, struct channel *channel, struct err *err)
{
	char *line = channel->in, *end;
	int r = 0;

	while (r == 0 &&
	       (end = memchr(line, '\n', (size_t)(channel->in + channel->length - line)))) {
		r = take_command(stub, channel, (struct text){ line, (size_t)(end - line) }, err);
		line = end + 1;
	}
	channel->length -= (size_t)(line - channel->in);
	memmove(channel->in, line, channel->length);
	return r;
}

static int read_channel(struct stub *stub, struct channel *channel, struct err *err)
{
	ssize_t got = read(channel->fd, channel->in + channel->length,
	                   sizeof(channel->in) - channel->length);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got <= 0) {
		close_channel(stub, channel);
		return 0;
	}
	channel->length += (size_t)got;
	return take_lines(stub, channel, err);
}

static int turn(struct stub *stub, struct err *err)
{
	struct epoll_event events[EVENTS];
	int count = epoll_wait(stub->epoll, events, EVENTS, 1), r = 0;

	for (int i = 0; r == 0 && i < count; i++)
		r = read_channel(stub, events[i].data.ptr, err);
	return r == 0 ? load_turn(stub->load, 0, err) : r;
}

/* --- whole calls --- */

static int wait_for(struct stub *stub, const bool *fact, const char *what, struct err *err)
{
	usec_t until = clock_monotonic() + PATIENCE;
	int r = 0;

	while (r == 0 && !*fact) {
		if (clock_monotonic() > until)
			return err_set(err, -ETIMEDOUT, "FastAGI: %s did not happen", what);
		r = turn(stub, err);
	}
	return r;
}

static int arrive(struct stub *stub, struct channel *channel, struct err *err)
{
	int r = open_channel(stub, channel, ++stub->next_number, err);

	return r == 0 ? say_environment(stub, channel, "route", stub->settings->queue, "", err) : r;
}

/* AGI(answered) or AGI(ended) of that channel; `ret_at` is when all was said. */
static int report(struct stub *stub, const struct channel *channel, const char *request,
                  usec_t *ret_at, struct err *err)
{
	char uniqueid[64], second[16];
	int r = open_channel(stub, &stub->report, channel->number, err);

	snprintf(uniqueid, sizeof(uniqueid), "bench-%u.%u", (unsigned)getpid(), channel->number);
	snprintf(second, sizeof(second), "%" PRIu32, channel->offer);
	if (r == 0)
		r = say_environment(stub, &stub->report, request, uniqueid,
		                    strcmp(request, "ended") == 0 ? "ANSWER" : second, err);
	*ret_at = clock_monotonic();
	return r == 0 ? wait_for(stub, &stub->report.ended, request, err) : r;
}

/* The agent answers, talks for a moment, and is free. */
static int talk(struct stub *stub, struct channel *channel, usec_t *ret_free_at, struct err *err)
{
	int r = wait_for(stub, &channel->ended, "closing after the variables", err);

	if (r == 0)
		r = report(stub, channel, "answered", ret_free_at, err);
	return r == 0 ? report(stub, channel, "ended", ret_free_at, err) : r;
}

static int run_alone(struct stub *stub, struct waits *decisions, struct err *err)
{
	struct channel *channel = &stub->channels[0];
	int r = load_tell_agents(stub->load, "agent.ready", 1, "", err);

	for (unsigned i = 0; r == 0 && i < ALONE; i++) {
		usec_t sent_at, free_at;

		r = arrive(stub, channel, err);
		sent_at = clock_monotonic();
		if (r == 0)
			r = wait_for(stub, &channel->told, "a decision", err);
		if (r == 0 && !waits_add(decisions, stub->told_at - sent_at))
			r = err_set(err, -ENOMEM, "out of memory");
		if (r == 0)
			r = talk(stub, channel, &free_at, err);
	}
	return r;
}

/* --- while all are held --- */

/* Resident pages; -1: nobody there. */
static double memory_of(pid_t pid)
{
	char path[64];
	unsigned long long size, resident;
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return -1;
	got = fscanf(file, "%llu %llu", &size, &resident);
	fclose(file);
	return got == 2 ? (double)resident * (double)sysconf(_SC_PAGESIZE) / 1024 : -1;
}

/* Seconds of processor; -1: nobody there. */
static double time_of(pid_t pid)
{
	char path[64];
	unsigned long long user, kernel;
	FILE *file;
	int got;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (file == NULL)
		return -1;
	got = fscanf(file, "%*d %*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
	             &user, &kernel);
	fclose(file);
	return got == 2 ? (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK) : -1;
}

static int hold_all(struct stub *stub, struct err *err)
{
	usec_t until = clock_monotonic() + PATIENCE;
	int r = load_tell_agents(stub->load, "agent.pause", 1, "", err);

	for (unsigned i = 0; r == 0 && i < stub->settings->waiting; i++) {
		r = arrive(stub, &stub->channels[i], err);
		if (r == 0 && i % 64 == 63)
			r = turn(stub, err);
	}
	while (r == 0 && stub->held < stub->settings->waiting) {
		if (clock_monotonic() > until)
			return err_set(err, -ETIMEDOUT, "FastAGI: only %u are held", stub->held);
		r = turn(stub, err);
	}
	return r;
}

static int watch(struct stub *stub, double before, struct agi_figures *ret, struct err *err)
{
	usec_t until = clock_monotonic() + IDLE;
	double spent = time_of(stub->settings->daemon);
	int r = 0;

	ret->kib_a_caller = (memory_of(stub->settings->daemon) - before) / stub->settings->waiting;
	while (r == 0 && clock_monotonic() < until)
		r = turn(stub, err);
	ret->idle_cpu = (time_of(stub->settings->daemon) - spent) / ((double)IDLE / 1e6);
	return r;
}

static int run_handovers(struct stub *stub, struct waits *handovers, struct err *err)
{
	unsigned count = stub->settings->handovers;
	usec_t free_at = 0;
	int r;

	stub->told = NULL;
	r = load_tell_agents(stub->load, "agent.ready", 1, "", err);
	for (unsigned i = 0; r == 0 && i <= count && i < stub->settings->waiting; i++) {
		usec_t until = clock_monotonic() + PATIENCE;
		struct channel *channel;

		while (r == 0 && stub->told == NULL) {
			if (clock_monotonic() > until)
				return err_set(err, -ETIMEDOUT, "FastAGI: nobody is next");
			r = turn(stub, err);
		}
		if (r < 0)
			break;
		if (i > 0 && !waits_add(handovers, stub->told_at - free_at))
			return err_set(err, -ENOMEM, "out of memory");
		channel = stub->told;
		stub->told = NULL;
		r = talk(stub, channel, &free_at, err);
	}
	return r;
}

/* All who wait hang up. */
static void let_go(struct stub *stub)
{
	for (unsigned i = 0; i < stub->channels_count; i++) {
		struct channel *channel = &stub->channels[i];

		if (channel->fd >= 0 && write(channel->fd, "HANGUP\n", 7) < 0)
			channel->ended = true; /* it is closed in any case */
		close_channel(stub, channel);
	}
}

/* One for each caller, as far as we are let. */
static void want_descriptors(unsigned wanted)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	(void)!setrlimit(RLIMIT_NOFILE, &limit); /* connecting says what is missing */
}

int bench_agi(struct load *load, const struct agi_settings *settings, struct agi_figures *ret,
              struct err *err)
{
	struct stub stub = { .load = load,
		             .settings = settings,
		             .channels_count = settings->waiting,
		             .report = { .fd = -1 } };
	double before;
	int r;

	*ret = (struct agi_figures){ .idle_cpu = -1 };
	want_descriptors(settings->waiting + 64);
	stub.epoll = epoll_create1(EPOLL_CLOEXEC);
	stub.channels = calloc(stub.channels_count, sizeof(*stub.channels));
	for (unsigned i = 0; stub.channels != NULL && i < stub.channels_count; i++)
		stub.channels[i].fd = -1;
	r = stub.epoll >= 0 && stub.channels != NULL ? 0 : err_set(err, -ENOMEM, "out of memory");
	if (r == 0)
		r = run_alone(&stub, &ret->decisions, err);
	before = memory_of(settings->daemon);
	if (r == 0)
		r = hold_all(&stub, err);
	if (r == 0 && settings->daemon != 0)
		r = watch(&stub, before, ret, err);
	if (r == 0)
		r = run_handovers(&stub, &ret->handovers, err);
	if (stub.channels != NULL)
		let_go(&stub);
	close_channel(&stub, &stub.report);
	if (stub.epoll >= 0)
		close(stub.epoll);
	free(stub.channels);
	return r;
}

void agi_figures_done(struct agi_figures *figures)
{
	free(figures->decisions.list);
	free(figures->handovers.list);
	*figures = (struct agi_figures){ .idle_cpu = -1 };
}

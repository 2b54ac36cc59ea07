#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench_load_state.h"
#include "najimi/shell/clock.h"

/* Beginning and end of a load: sessions are opened, agents log in. */

#define AGENT_BYTES_MAX 512
#define PATIENCE SEC(10)
#define AHEAD 100 /* requests that wait for their replies */

static void put_agent(struct load *load, const char *method, unsigned agent, const char *rest)
{
	struct stall *stall = &load->stalls[0];
	char text[AGENT_BYTES_MAX];
	int length = snprintf(text, sizeof(text),
	                      "{\"jsonrpc\":\"2.0\",\"id\":%u,\"method\":\"%s\",\"params\":{"
	                      "\"agent\":\"bench-%u\"%s}}\n",
	                      OTHER_IDS + agent, method, agent, rest);

	lane_put(stall->lane, (struct text){ text, (size_t)length });
	stall->others++;
}

static int settle(struct load *load, unsigned left, struct err *err)
{
	usec_t until = clock_monotonic() + PATIENCE;
	int r = 0;

	while (r == 0 && load->stalls[0].others > left) {
		if (clock_monotonic() > until)
			return err_set(err, -ETIMEDOUT, "no reply from the daemon");
		r = load_turn(load, MSEC(100), err);
	}
	return r;
}

int load_tell_agents(struct load *load, const char *method, unsigned count, const char *rest,
                     struct err *err)
{
	int r = 0;

	load->others_refused = 0;
	for (unsigned i = 0; i < count && r == 0; i++) {
		put_agent(load, method, i, rest);
		r = settle(load, AHEAD, err);
	}
	if (r == 0)
		r = settle(load, 0, err);
	if (r == 0 && load->others_refused > 0)
		r = err_set(err, -EREMOTEIO, "%s: %s", method, load->other_refusal);
	return r;
}

static int open_stall(struct load *load, unsigned index, struct err *err)
{
	const struct load_settings *settings = &load->settings;
	struct stall *stall = &load->stalls[index];
	struct epoll_event interest = { .events = EPOLLIN, .data.ptr = stall };
	char client[48];
	int r;

	/* A new name each time: a daemon remembers the calls of a client for a while. */
	snprintf(client, sizeof(client), "bench-%ld-%u", (long)getpid(), index);
	stall->load = load;
	stall->lives_count = stall->free_count = settings->lives;
	stall->lives = calloc(settings->lives, sizeof(*stall->lives));
	stall->free_slots = calloc(settings->lives, sizeof(*stall->free_slots));
	if (stall->lives == NULL || stall->free_slots == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	for (unsigned i = 0; i < settings->lives; i++)
		stall->free_slots[i] = settings->lives - 1 - i;
	r = lane_open(&stall->lane, settings->address, client, settings->token, err);
	if (r == 0 && epoll_ctl(load->epoll, EPOLL_CTL_ADD, stall->lane->fd, &interest) < 0)
		r = err_set(err, -errno, "epoll: %s", strerror(errno));
	return r;
}

static void drop(struct load *load)
{
	for (unsigned i = 0; load->stalls != NULL && i < load->stalls_count; i++) {
		lane_close(load->stalls[i].lane);
		free(load->stalls[i].lives);
		free(load->stalls[i].free_slots);
	}
	free(load->stalls);
	load_result_done(&load->scratch);
	if (load->epoll >= 0)
		close(load->epoll);
	free(load);
}

int load_open(const struct load_settings *settings, struct load **ret, struct err *err)
{
	struct load *load = calloc(1, sizeof(*load));
	char rest[300];
	int r = 0;

	if (load == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	load->settings = *settings;
	load->result = &load->scratch;
	load->epoll = epoll_create1(EPOLL_CLOEXEC);
	load->stalls = calloc(settings->connections, sizeof(*load->stalls));
	if (load->epoll < 0 || load->stalls == NULL)
		r = err_set(err, -ENOMEM, "out of memory or descriptors");
	while (r == 0 && load->stalls_count < settings->connections)
		r = open_stall(load, load->stalls_count++, err);
	snprintf(rest, sizeof(rest), ",\"target\":\"none\",\"queues\":[\"%s\"],\"state\":\"ready\"",
	         settings->queue);
	if (r == 0)
		r = load_tell_agents(load, "agent.login", settings->agents, rest, err);
	if (r < 0) {
		drop(load);
		return r;
	}
	*ret = load;
	return 0;
}

struct load *load_close(struct load *load)
{
	struct err ignored;

	if (load == NULL)
		return NULL;
	(void)!load_tell_agents(load, "agent.logout", load->settings.agents, "", &ignored);
	drop(load);
	return NULL;
}

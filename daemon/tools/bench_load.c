#define _GNU_SOURCE /* epoll_pwait2 */
#include "bench_load.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "bench_load_state.h"
#include "najimi/shell/clock.h"

#define LIFE_BYTES_MAX 1024
#define DRAIN_MAX SEC(10)

/* --- messages --- */

static void put_head(struct lane *lane, unsigned slot, enum life_report report, struct text method)
{
	lane_put(lane, TEXT("{\"jsonrpc\":\"2.0\",\"id\":"));
	lane_put_uint(lane, slot * 4 + report);
	lane_put(lane, TEXT(",\"method\":\""));
	lane_put(lane, method);
	lane_put(lane, TEXT("\",\"params\":{\"call_id\":\""));
}

static void put_call(struct lane *lane, unsigned slot, uint64_t serial)
{
	lane_put_uint(lane, slot);
	lane_put(lane, TEXT("-"));
	lane_put_uint(lane, serial);
	lane_put(lane, TEXT("\""));
}

void life_begin(struct load *load, struct stall *stall, unsigned slot)
{
	struct lane *lane = stall->lane;
	struct life *life = &stall->lives[slot];
	uint64_t customer = load->next_life++ % load->settings.customers;

	life->serial++;
	life->stage = LIFE_ARRIVING;
	put_head(lane, slot, REPORT_ARRIVE, TEXT("call.arrive"));
	put_call(lane, slot, life->serial);
	lane_put(lane, TEXT(",\"queue\":\""));
	lane_put(lane, text_of(load->settings.queue));
	lane_put(lane, TEXT("\",\"from\":\"+81312"));
	lane_put_uint(lane, 100000 + customer);
	lane_put(lane, TEXT("\",\"customer_id\":\"b"));
	lane_put_uint(lane, customer);
	lane_put(lane, TEXT("\"}}\n"));
	stall->living++;
	life->sent_at = clock_monotonic();
}

static void answer(struct stall *stall, unsigned slot, uint64_t offer)
{
	stall->lives[slot].stage = LIFE_TALKING;
	put_head(stall->lane, slot, REPORT_ANSWERED, TEXT("call.answered"));
	put_call(stall->lane, slot, stall->lives[slot].serial);
	lane_put(stall->lane, TEXT(",\"offer\":"));
	lane_put_uint(stall->lane, offer);
	lane_put(stall->lane, TEXT("}}\n"));
}

void life_end(struct stall *stall, unsigned slot)
{
	stall->lives[slot].stage = LIFE_ENDING;
	put_head(stall->lane, slot, REPORT_ENDED, TEXT("call.ended"));
	put_call(stall->lane, slot, stall->lives[slot].serial);
	lane_put(stall->lane, TEXT(",\"by\":\"agent\"}}\n"));
}

/* --- what the daemon says --- */

static void count_decision(struct load *load, const struct life *life)
{
	if (!waits_add(&load->result->decisions, load->now - life->sent_at))
		load->out_of_memory = true;
}

static void refuse(struct load *load, struct text line)
{
	if (load->result->refused++ == 0)
		snprintf(load->result->refusal, sizeof(load->result->refusal), "%.*s",
		         (int)line.length, line.start);
}

void life_free(struct stall *stall, unsigned slot)
{
	stall->lives[slot].stage = LIFE_NONE;
	stall->living--;
	stall->free_slots[stall->free_count++] = slot;
}

static void on_decision(struct stall *stall, unsigned slot, struct text line)
{
	struct load *load = stall->load;
	struct life *life = &stall->lives[slot];
	uint64_t offer;

	if (life->stage == LIFE_ARRIVING)
		count_decision(load, life);
	if (line_has(line, TEXT("\"action\":\"connect\"")) &&
	    line_uint(line, TEXT("\"offer\":"), &offer)) {
		if (life->stage == LIFE_ARRIVING || life->stage == LIFE_WAITING) {
			load->offered(load, stall, slot);
			answer(stall, slot, offer);
		}
	} else if (line_has(line, TEXT("\"action\":\"queue\""))) {
		load->result->queued += life->stage == LIFE_ARRIVING;
		if (life->stage == LIFE_ARRIVING)
			life->stage = LIFE_WAITING;
	} else {
		refuse(load, line);
		life_free(stall, slot);
	}
}

/* {"jsonrpc":"2.0","method":"event",...,"data":{"call_id":"12-345",...}} */
static void on_event(struct stall *stall, struct text line)
{
	struct text name;
	unsigned slot;
	unsigned long long serial;
	char copy[48];

	if (!line_text(line, TEXT("\"call_id\":"), &name) || name.length >= sizeof(copy))
		return;
	snprintf(copy, sizeof(copy), "%.*s", (int)name.length, name.start);
	if (sscanf(copy, "%u-%llu", &slot, &serial) == 2 && slot < stall->lives_count &&
	    stall->lives[slot].serial == serial)
		on_decision(stall, slot, line);
}

static void on_line(struct text line, void *arg)
{
	struct stall *stall = arg;
	struct load *load = stall->load;
	struct text start = { line.start, line.length < 40 ? line.length : 40 };
	uint64_t id;
	unsigned slot;

	if (!line_uint(start, TEXT("\"id\":"), &id)) {
		on_event(stall, line);
		return;
	}
	if (id >= OTHER_IDS) {
		stall->others--;
		if (line_has(line, TEXT("\"error\":")) && load->others_refused++ == 0)
			snprintf(load->other_refusal, sizeof(load->other_refusal), "%.*s",
			         (int)line.length, line.start);
		return;
	}
	slot = (unsigned)(id / 4);
	if (slot >= stall->lives_count)
		return;
	if (line_has(line, TEXT("\"error\":"))) {
		refuse(load, line);
		life_free(stall, slot);
		return;
	}
	switch ((enum life_report)(id % 4)) {
	case REPORT_ARRIVE:
		on_decision(stall, slot, line);
		break;
	case REPORT_ANSWERED:
		load->answered(load, stall, slot);
		break;
	case REPORT_ENDED:
		load->result->lives++;
		life_free(stall, slot);
		break;
	}
}

/* --- turning --- */

int load_turn(struct load *load, usec_t wait, struct err *err)
{
	struct epoll_event ready[64];
	const struct timespec delay = { .tv_sec = (time_t)(wait / SEC(1)),
		                        .tv_nsec = (long)(wait % SEC(1)) * 1000 };
	int count, r = 0;

	for (unsigned i = 0; i < load->stalls_count && r == 0; i++)
		r = lane_flush(load->stalls[i].lane, err);
	if (r < 0)
		return r;
	count = epoll_pwait2(load->epoll, ready, ARRAY_LEN(ready), &delay, NULL);
	if (count < 0 && errno == ENOSYS) /* Linux before 5.11 */
		count = epoll_wait(load->epoll, ready, ARRAY_LEN(ready), (int)(wait / 1000) + 1);
	if (count < 0 && errno != EINTR)
		return err_set(err, -errno, "epoll: %s", strerror(errno));
	load->now = clock_monotonic();
	for (int i = 0; i < count && r == 0; i++) {
		struct stall *stall = ready[i].data.ptr;

		r = lane_read(stall->lane, on_line, stall, err);
	}
	if (r == 0 && load->out_of_memory)
		r = err_set(err, -ENOMEM, "out of memory for the figures");
	return r;
}

static bool alive(const struct load *load)
{
	for (unsigned i = 0; i < load->stalls_count; i++)
		if (load->stalls[i].living > 0 || load->stalls[i].others > 0 ||
		    load->stalls[i].lane->out_length > 0)
			return true;
	return false;
}

int load_drain(struct load *load, struct err *err)
{
	usec_t until = clock_monotonic() + DRAIN_MAX;
	int r = 0;

	while (r == 0 && alive(load)) {
		if (clock_monotonic() > until)
			return err_set(err, -ETIMEDOUT,
			               "calls that do not end: are there agents for queue '%s'?",
			               load->settings.queue);
		r = load_turn(load, MSEC(10), err);
	}
	return r;
}

/* Begins a life where there is room; round and round, so that all lanes have as many. */
static bool begin_anywhere(struct load *load, unsigned at_once)
{
	unsigned living = 0;

	for (unsigned i = 0; at_once > 0 && i < load->stalls_count; i++)
		living += load->stalls[i].living;
	if (at_once > 0 && living >= at_once)
		return false;
	for (unsigned i = 0; i < load->stalls_count; i++) {
		struct stall *stall = &load->stalls[load->next_stall++ % load->stalls_count];

		if (stall->free_count > 0 && lane_has_room(stall->lane, LIFE_BYTES_MAX * 64)) {
			life_begin(load, stall, stall->free_slots[--stall->free_count]);
			return true;
		}
	}
	return false;
}

static void do_nothing(struct load *load, struct stall *stall, unsigned slot)
{
	(void)load;
	(void)stall;
	(void)slot;
}

static void end_at_once(struct load *load, struct stall *stall, unsigned slot)
{
	(void)load;
	life_end(stall, slot);
}

int load_run(struct load *load, double rate, unsigned at_once, usec_t length,
             struct load_result *ret, struct err *err)
{
	usec_t start = clock_monotonic(), now = start;
	double begun = 0;
	int r = 0;

	*ret = (struct load_result){ 0 };
	load->result = ret;
	load->offered = do_nothing;
	load->answered = end_at_once;
	while (r == 0 && now - start < length) {
		double due = rate > 0 ? rate * (double)(now - start) / 1e6 : 1e18;
		usec_t wait = MSEC(10);

		while (begun < due && begin_anywhere(load, at_once))
			begun++;
		if (rate > 0 && begun < due)
			ret->late++;
		if (rate > 0 && begun >= due)
			wait = (usec_t)((begun - due + 1) / rate * 1e6) + 1;
		r = load_turn(load, wait < MSEC(10) ? wait : MSEC(10), err);
		now = clock_monotonic();
	}
	if (r == 0)
		r = load_drain(load, err);
	ret->seconds = (double)(clock_monotonic() - start) / 1e6;
	load->result = &load->scratch;
	return r;
}

void load_result_done(struct load_result *result)
{
	free(result->decisions.list);
	result->decisions = (struct waits){ 0 };
}

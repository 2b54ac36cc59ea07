#include <errno.h>

#include "bench_load_state.h"
#include "najimi/shell/clock.h"

/* One agent, and a long line for them: how long from the end of a talk, which makes the
 * agent ready, until the next caller's offer is read. */

#define PATIENCE SEC(60)
#define ROOM (64 * 1024)

static void count_offer(struct load *load, struct stall *stall, unsigned slot)
{
	(void)stall;
	(void)slot;
	if (load->ended_at != 0 && !waits_add(load->handovers, load->now - load->ended_at))
		load->out_of_memory = true;
	load->ended_at = 0;
}

static void end_and_note(struct load *load, struct stall *stall, unsigned slot)
{
	life_end(stall, slot);
	load->ended_at = clock_monotonic();
}

static void let_be(struct load *load, struct stall *stall, unsigned slot)
{
	(void)load;
	(void)stall;
	(void)slot;
}

static void end(struct load *load, struct stall *stall, unsigned slot)
{
	(void)load;
	life_end(stall, slot);
}

static int fill(struct load *load, unsigned waiting, struct err *err)
{
	struct stall *stall = &load->stalls[0];
	int r = 0;

	while (r == 0 && stall->living < waiting && stall->free_count > 0) {
		if (lane_has_room(stall->lane, ROOM))
			life_begin(load, stall, stall->free_slots[--stall->free_count]);
		else
			r = load_turn(load, MSEC(1), err);
	}
	return r;
}

/* All agents go for a break, and the line grows. */
static int gather(struct load *load, unsigned waiting, struct err *err)
{
	usec_t until = clock_monotonic() + PATIENCE;
	int r = load_tell_agents(load, "agent.pause", load->settings.agents, "", err);

	if (r == 0)
		r = fill(load, waiting, err);
	while (r == 0 && load->result->queued < waiting && load->result->refused == 0) {
		if (clock_monotonic() > until)
			return err_set(err, -ETIMEDOUT, "the line does not fill");
		r = load_turn(load, MSEC(10), err);
	}
	if (r == 0 && load->result->refused > 0)
		r = err_set(err, -EREMOTEIO, "call.arrive: %s", load->result->refusal);
	return r;
}

/* All agents help to empty the line. */
static int scatter(struct load *load, struct err *err)
{
	int r;

	load->offered = let_be;
	load->answered = end;
	r = load_tell_agents(load, "agent.ready", load->settings.agents, "", err);
	return r == 0 ? load_drain(load, err) : r;
}

int load_run_ready(struct load *load, unsigned waiting, unsigned count, struct waits *ret,
                   struct err *err)
{
	struct load_result result = { 0 };
	usec_t until;
	int r;

	load->result = &result;
	load->handovers = ret;
	load->ended_at = 0;
	load->offered = count_offer;
	load->answered = end_and_note;
	r = gather(load, waiting, err);
	if (r == 0)
		r = load_tell_agents(load, "agent.ready", 1, "", err);
	until = clock_monotonic() + PATIENCE;
	while (r == 0 && ret->count < count) {
		if (clock_monotonic() > until)
			r = err_set(err, -ETIMEDOUT, "only %zu offers came", ret->count);
		else
			r = fill(load, waiting, err);
		if (r == 0)
			r = load_turn(load, MSEC(10), err);
	}
	if (r == 0)
		r = scatter(load, err);
	load_result_done(&result);
	load->result = &load->scratch;
	return r;
}

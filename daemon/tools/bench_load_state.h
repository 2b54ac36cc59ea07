#ifndef NAJIMI_TOOLS_BENCH_LOAD_STATE_H
#define NAJIMI_TOOLS_BENCH_LOAD_STATE_H

#include "bench_load.h"

/* What a load consists of, for its own files. */

#define OTHER_IDS 100000000 /* ids of requests that belong to no life begin here */

enum life_stage {
	LIFE_NONE,
	LIFE_ARRIVING,
	LIFE_WAITING,
	LIFE_TALKING,
	LIFE_ENDING
};

/* Which of a life's requests; an id is 4 * slot + this. */
enum life_report {
	REPORT_ARRIVE,
	REPORT_ANSWERED,
	REPORT_ENDED
};

struct life {
	enum life_stage stage;
	uint64_t serial; /* how many lives this slot has had: part of the call's name */
	usec_t sent_at;
};

/* One connection and the calls on it. */
struct stall {
	struct load *load;
	struct lane *lane;
	struct life *lives;
	unsigned *free_slots;
	unsigned lives_count, free_count, living;
	unsigned others; /* requests of no life that wait for their replies */
};

struct load {
	struct load_settings settings;
	struct stall *stalls;
	unsigned stalls_count, next_stall;
	int epoll;
	uint64_t next_life;
	usec_t now;                 /* when the lines under way were read */
	struct load_result *result; /* never NULL */
	struct load_result scratch; /* what nobody asks for */
	uint64_t others_refused;
	char other_refusal[200]; /* the first of them */
	struct waits *handovers; /* of load_run_ready */
	/* What else happens when an agent is offered, and when the call is answered. */
	void (*offered)(struct load *load, struct stall *stall, unsigned slot);
	void (*answered)(struct load *load, struct stall *stall, unsigned slot);
	usec_t ended_at; /* of load_run_ready: when the last call was ended */
	bool out_of_memory;
};

void life_begin(struct load *load, struct stall *stall, unsigned slot);
void life_end(struct stall *stall, unsigned slot);
void life_free(struct stall *stall, unsigned slot);

/* Sends what has been put, waits for at most `wait`, takes what has come. */
int load_turn(struct load *load, usec_t wait, struct err *err) MUST_CHECK;

/* Until all lives and requests are over. */
int load_drain(struct load *load, struct err *err) MUST_CHECK;

/* The same request for the first `count` agents, a few at a time; `rest` is more of its
 * parameters, ",\"a\":1". Waits for the replies, not for lives. */
int load_tell_agents(struct load *load, const char *method, unsigned count, const char *rest,
                     struct err *err) MUST_CHECK;

#endif

#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include <stdbool.h>

#include "najimi/base/macros.h"

/* Deadlines by number: each agent, call and queue has one timer of its own.
 *
 * A four-way heap whose entries carry their key, with the places in an array beside
 * it. The intrusive heap of base/ would touch a cold call for every comparison and
 * for every entry that moves; with 100,000 waiting that was most of a step. */
struct timer_entry {
	usec_t due;
	uint32_t number;
};

struct timers {
	struct timer_entry *entries; /* [capacity] */
	uint32_t *places;            /* [capacity], by number */
	uint32_t count, capacity;
};

#define TIMER_STOPPED UINT32_MAX

void timers_init(struct timers *timers, struct timer_entry *entries, uint32_t *places,
                 uint32_t capacity);

/* Starts the timer, or moves it; USEC_NEVER stops it. */
void timer_set(struct timers *timers, uint32_t number, usec_t due);

/* USEC_NEVER when it is stopped. */
usec_t timer_due(const struct timers *timers, uint32_t number);

/* The earliest, of equal ones the lowest number; NULL when none runs. */
const struct timer_entry *timers_first(const struct timers *timers);

#endif

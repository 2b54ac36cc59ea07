#include "timer.h"

#include <assert.h>

#define WAYS 4

void timers_init(struct timers *timers, struct timer_entry *entries, uint32_t *places,
                 uint32_t capacity)
{
	*timers = (struct timers){ .entries = entries, .places = places, .capacity = capacity };
	for (uint32_t i = 0; i < capacity; i++)
		places[i] = TIMER_STOPPED;
}

/* Without a branch: which of two deadlines is earlier cannot be predicted. */
static bool less(struct timer_entry a, struct timer_entry b)
{
	return (a.due < b.due) | ((a.due == b.due) & (a.number < b.number));
}

static void put(struct timers *timers, uint32_t at, struct timer_entry entry)
{
	timers->entries[at] = entry;
	timers->places[entry.number] = at;
}

static void sift_up(struct timers *timers, uint32_t at, struct timer_entry entry)
{
	while (at > 0) {
		uint32_t parent = (at - 1) / WAYS;

		if (!less(entry, timers->entries[parent]))
			break;
		put(timers, at, timers->entries[parent]);
		at = parent;
	}
	put(timers, at, entry);
}

/* The earliest of `count` children from `child` on. */
static uint32_t find_least(const struct timers *timers, uint32_t child, uint32_t count)
{
	const struct timer_entry *family = &timers->entries[child];
	uint32_t low = 0, high = 2;

	if (count == WAYS) { /* nearly always: as in a tournament */
		low += less(family[1], family[0]);
		high += less(family[3], family[2]);
		return child + (less(family[high], family[low]) ? high : low);
	}
	for (uint32_t i = 1; i < count; i++) {
		if (less(family[i], family[low]))
			low = i;
	}
	return child + low;
}

static void sift_down(struct timers *timers, uint32_t at, struct timer_entry entry)
{
	uint32_t child;

	while ((child = at * WAYS + 1) < timers->count) {
		uint32_t left = timers->count - child;
		uint32_t least = find_least(timers, child, left < WAYS ? left : WAYS);

		if (!less(timers->entries[least], entry))
			break;
		put(timers, at, timers->entries[least]);
		at = least;
	}
	put(timers, at, entry);
}

static void settle(struct timers *timers, uint32_t at, struct timer_entry entry)
{
	if (at > 0 && less(entry, timers->entries[(at - 1) / WAYS]))
		sift_up(timers, at, entry);
	else
		sift_down(timers, at, entry);
}

void timer_set(struct timers *timers, uint32_t number, usec_t due)
{
	uint32_t at = timers->places[number];
	struct timer_entry entry = { .due = due, .number = number };

	assert(number < timers->capacity);

	if (due == USEC_NEVER) {
		if (at == TIMER_STOPPED)
			return;
		timers->places[number] = TIMER_STOPPED;
		timers->count--;
		if (at < timers->count)
			settle(timers, at, timers->entries[timers->count]);
	} else if (at == TIMER_STOPPED) {
		sift_up(timers, timers->count++, entry);
	} else if (timers->entries[at].due != due) {
		settle(timers, at, entry);
	}
}

usec_t timer_due(const struct timers *timers, uint32_t number)
{
	uint32_t at = timers->places[number];

	return at == TIMER_STOPPED ? USEC_NEVER : timers->entries[at].due;
}

const struct timer_entry *timers_first(const struct timers *timers)
{
	return timers->count == 0 ? NULL : &timers->entries[0];
}

#ifndef NAJIMI_STORE_DAYS_H
#define NAJIMI_STORE_DAYS_H

#include "batch.h"
#include "najimi/shell/daybook.h"

struct store;

/* What the store knows of the days; all zero where none are kept. */
struct days {
	struct daybook *book; /* NULL: none */
	usec_t keep;
	char ended[DAY_SIZE]; /* the day that has an end, on this connection */

	/* while they are read */
	int64_t next, last;
	size_t unreadable;
	void (*loaded)(struct store *store);
};

/* Whether there are rows for the next commit. */
bool days_have_news(struct store *store);

/* Whole operations with all of them: they go with the commit that is being gathered. */
void days_write(struct store *store, struct batch *batch);

void days_kept(struct store *store, uint64_t commit); /* all up to this one has arrived */
void days_lost(struct store *store, uint64_t commit); /* all after this one has not */

/* Before a clean end: the next commit has all there is. */
void days_settle(struct store *store);

/* Reads what is kept, opens the book, and says so. */
void days_load(struct store *store, void (*loaded)(struct store *store));

#endif

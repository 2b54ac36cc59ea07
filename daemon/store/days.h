#ifndef NAJIMI_STORE_DAYS_H
#define NAJIMI_STORE_DAYS_H

#include "batch.h"
#include "najimi/shell/daybook.h"
#include "najimi/shell/fcr.h"

struct store;

/* What the store knows of the days; all zero where none are kept. */
struct days {
	struct daybook *book; /* NULL: none */
	usec_t keep;
	char ended[DAY_SIZE]; /* the day that has an end, on this connection */

	char hour[FCR_HOUR_SIZE]; /* of the site's clock in this quarter of an hour */
	usec_t quarter;

	/* while they are read */
	int64_t next, last;
	size_t unreadable;
	void (*loaded)(struct store *store);
};

/* The hour of the site's clock, "2026-11-21T09", of which the first ten bytes are the day.
 * Valid until the next call. */
const char *days_hour(struct store *store, usec_t at);

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

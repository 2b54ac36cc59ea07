#ifndef NAJIMI_STORE_FCR_H
#define NAJIMI_STORE_FCR_H

#include "najimi/shell/fcr.h"

struct store;
struct batch;
struct call_card;
struct call_record;
struct contact;

/* First contact resolution, the store's part: what happened is told with the commit that
 * saves it, and the sweep has Redis count it (fcr.lua). */

/* --- fcr.c: telling --- */

/* A call is over. `key` is the memory its caller is known by, "" for nobody; `remembered`:
 * the same commit makes it last. */
void fcr_tell_call(struct store *store, const struct call_card *card, const char *contact,
                   const char *key, bool remembered, const struct contact *facts);
/* A call that goes on, and is certain to be a contact of this caller. */
void fcr_tell_long(struct store *store, const struct call_card *card, const char *key,
                   const struct call_record *record, usec_t now);
/* The contact's last agent has wrapped up. */
void fcr_tell_handled(struct store *store, const char *contact, usec_t handling);
void fcr_tell_said(struct store *store, const char *contact, const char *outcome);
void fcr_tell_survey(struct store *store, const char *contact, struct text json);
void fcr_tell_forgotten(struct store *store, const char *key);

/* --- fcr_sweep.c: counting, and reading what the book has --- */

struct fcr_sweep;

struct fcr_sweep *fcr_sweep_new(struct store *store); /* NULL: no memory */
struct fcr_sweep *fcr_sweep_free(struct fcr_sweep *sweep);
void fcr_sweep_news(struct fcr_sweep *sweep); /* something was told */

/* --- fcr_read.c: several days, for whoever asks --- */

int fcr_read(struct store *store, const struct stats_question *question,
             uint64_t request) MUST_CHECK;

#endif

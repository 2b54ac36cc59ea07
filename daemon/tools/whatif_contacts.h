#ifndef NAJIMI_TOOLS_WHATIF_CONTACTS_H
#define NAJIMI_TOOLS_WHATIF_CONTACTS_H

#include "lexicon.h"
#include "najimi/base/err.h"

/* Finished contacts as the daemon has written them (najimi-redis(7), CONTACTS), as far
 * as they can be played again. */

#define WHATIF_NOBODY UINT32_MAX
#define WHATIF_CONTACTS_MAX 2000000

struct whatif_contact {
	uint64_t id;                              /* a hash of the contact's own */
	usec_t arrived_at, answered_at, ended_at; /* answered_at 0: nobody answered */
	usec_t wait;                              /* to the answer, or to the end */
	usec_t ring, service;                     /* service: talk and hold */
	usec_t held;                              /* held out for the own agent */
	usec_t wrapup;                            /* found out later */
	uint32_t customer, agent;                 /* WHATIF_NOBODY: not known */
	uint8_t queue;
	bool gave_up;       /* the caller hung up waiting */
	bool returned, own; /* answered: knew somebody; was answered by the own agent */
};

struct whatif_contacts {
	struct lexicon customers, agents, queues;
	struct whatif_contact *list; /* by arrival, once sorted */
	size_t count, capacity;
	uint64_t read;       /* entries seen */
	uint64_t unreadable; /* of them; the first one's fault: */
	char fault[200];
};

/* One entry, the JSON of a contact. 1: taken. 0: it is none that can be played (a
 * rejected call, a disposition). -EINVAL: it cannot be read. Others are failures of
 * ours: memory, too many. */
int whatif_contacts_add(struct whatif_contacts *contacts, struct text json,
                        struct err *err) MUST_CHECK;

/* Entries as JSON lines. A line that cannot be read fails. */
int whatif_contacts_read(struct whatif_contacts *contacts, const char *path,
                         struct err *err) MUST_CHECK;

/* Brings them in order, and leaves out those that arrived before `from` and those that
 * are there twice. */
void whatif_contacts_sort(struct whatif_contacts *contacts, usec_t from);

void whatif_contacts_done(struct whatif_contacts *contacts);

#endif

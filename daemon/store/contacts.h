#ifndef NAJIMI_STORE_CONTACTS_H
#define NAJIMI_STORE_CONTACTS_H

#include "najimi/base/err.h"
#include "najimi/shell/directory.h"

/* Finished contacts as entries of the stream that CRM and BI read: one field,
 * "contact", whose value is JSON (najimi-redis(7)). In one value, for Redis' work for
 * an entry grows with its fields: 32 fields cost it three times as much. */
#define CONTACT_FIELD "contact"
#define DISPOSITION_FIELD "disposition"
#define OUTBOUND_FIELD "outbound"
#define SURVEY_FIELD "survey"
#define CONTACT_SIZE 16384 /* the longest JSON: fourteen ids and texts, escaped, have room */

enum contact_promise {
	PROMISE_NONE, /* no wait was told, or the caller gave up before it was over */
	PROMISE_KEPT,
	PROMISE_BROKEN
};

struct contact_saved {
	struct call_facts facts; /* client, name and key are read back, the rest "" */
	uint64_t fingerprint;
	const char *id;
	usec_t told; /* the first wait that the caller was told, 0 none */
	enum contact_promise promise;
	const char *identity; /* the key of the caller's memory; NULL: as the call's; not read */
	bool shared;          /* a number of many: nobody's */
	bool in_time;         /* answered within the service level of the queue where it arrived */
	struct contact contact;
};

/* The JSON's length, 0 when `size` is too small. */
size_t contact_write(const struct contact_saved *saved, struct directory *directory, char *buffer,
                     size_t size) MUST_CHECK;

/* Whether a member of such a record is one of ours and says nothing of who called. */
bool contact_member_is_plain(const char *name);

/* What contact_read() needs to hold: copies of the texts. */
struct contact_texts {
	char client[160], name[160], key[160], id[33];
};

/* 0, or a negative errno for what cannot be used. Queues and agents nobody knows any
 * more are unset. */
int contact_read(struct text json, struct directory *directory, struct contact_texts *texts,
                 struct contact_saved *ret, struct err *err) MUST_CHECK;

#endif

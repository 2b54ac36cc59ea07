#ifndef NAJIMI_STORE_CONTACTS_H
#define NAJIMI_STORE_CONTACTS_H

#include "batch.h"
#include "memory.h"
#include "najimi/shell/directory.h"

/* Finished contacts as entries of the stream that CRM and BI read: flat fields that
 * stay what they are. najimi-redis(7). */

struct contact_saved {
	struct call_facts facts; /* client, name and key are read back, the rest "" */
	uint64_t fingerprint;
	const char *id;
	struct contact contact;
};

/* Adds names and values to the open operation of the batch. */
void contact_write(const struct contact_saved *saved, struct directory *directory,
                   struct batch *batch);

/* What contact_read() needs to hold: texts of the fields, ended. */
struct contact_texts {
	char client[160], name[160], key[160], id[33];
};

/* False for an entry of another type or version, or one that nobody can use. Queues
 * and agents nobody knows any more are unset. */
bool contact_read(const struct memory_field *fields, size_t count, struct directory *directory,
                  struct contact_texts *texts, struct contact_saved *ret) MUST_CHECK;

const char *ended_by_name(enum ended_by by); /* "caller", "agent", "system", "loss" */

#endif

#ifndef NAJIMI_STORE_RECORDS_H
#define NAJIMI_STORE_RECORDS_H

#include "najimi/codec/json.h"
#include "najimi/shell/directory.h"

/* Calls and agents as the JSON values of their hashes, and back. Instants are whole
 * microseconds, so what is read is what was written. */
#define RECORD_TEXT_MAX (1024u * 1024) /* bytes of one value */

struct call_saved {
	struct call_record record; /* its id is not kept */
	struct call_facts facts;
	uint64_t fingerprint;
	usec_t promised_at, promised; /* when the caller was first told a wait, and which */
	usec_t wrapup;                /* of agents who had the caller before */
	/* Whose memory it is, where that is not the key's: the one customer whose number it
	 * is, or nobody's. "" and false else. */
	const char *identity;
	bool shared;
};

struct agent_saved {
	struct agent_record record; /* its id is not kept */
	const char *name, *target, *pause_reason;
	struct wrapup_card wrapup; /* a contact that waits for it, in WRAPUP alone */
};

/* Length, or 0 when it does not fit. */
size_t call_saved_write(const struct call_saved *call, struct directory *directory, char *buffer,
                        size_t size);
size_t agent_saved_write(const struct agent_saved *agent, struct directory *directory, char *buffer,
                         size_t size);

/* What was read, with the memory that its texts stand in. */
struct reading {
	struct json *document;
	char *objects;
};
void reading_done(struct reading *reading);

/* Texts are valid until reading_done(), which is due also after an error. -EINVAL:
 * nothing that a daemon wrote; -ENOENT: the queue is not configured any more;
 * -EPROTONOSUPPORT: a newer daemon's. Handles are those of `directory`: agents have
 * to be known before the calls that name them. */
int call_saved_read(struct text json, struct directory *directory, struct reading *reading,
                    struct call_saved *ret, struct err *err) MUST_CHECK;
int agent_saved_read(struct text json, struct directory *directory, struct reading *reading,
                     struct agent_saved *ret, struct err *err) MUST_CHECK;

/* An agent as they would be without the call they are busy with: that they are
 * offered or talking follows from the call, which says so itself. */
void agent_saved_settle(struct agent_record *record);

/* Equal for records whose settled state differs only in what follows from a call:
 * such an agent need not be written again. `busy` says that only that part counts
 * which lasts through a call. */
uint64_t agent_saved_digest(const struct agent_saved *agent, bool busy);

#endif

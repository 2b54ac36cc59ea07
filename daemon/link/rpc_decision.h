#ifndef LINK_RPC_DECISION_H
#define LINK_RPC_DECISION_H

#include "najimi/codec/json_out.h"
#include "najimi/core/view.h"
#include "najimi/shell/directory.h"

/* What the protocol shows of calls, agents and queues: pure writers, the same for
 * replies and events. `name` is the member's, NULL for a value that stands alone. */

/* A decision as in protocol.md section 5; `client` (NULL: not) is added for those
 * who watch several telephony systems. */
void write_decision(struct json_out *out, const char *name, struct directory *directory,
                    const char *call_id, const char *client, const struct decision *decision);

/* The decision to wait, said again to tell the caller where they stand: with "tell":true. */
void write_telling(struct json_out *out, struct directory *directory, const char *call_id,
                   const char *client, const struct decision *decision);

/* The same question when the call is over: {"action":"ended","outcome":...}, with `to`
 * or `code` for a caller who was sent away. */
void write_ended(struct json_out *out, const char *name, struct directory *directory,
                 const char *call_id, const struct contact *contact);

/* What became of a call, for call.ended and its event. */
void write_outcome(struct json_out *out, const char *contact, const struct contact *facts,
                   struct directory *directory);

enum call_detail {
	CALL_BRIEF, /* where it is: events */
	CALL_LISTED,
	CALL_WHOLE /* with data and who the caller is known to be */
};
void write_call(struct json_out *out, const char *name, struct directory *directory,
                const struct call_card *card, const struct call_record *record,
                enum call_detail detail, bool numbers);

enum agent_detail {
	AGENT_BRIEF, /* without the queues, of which there may be many */
	AGENT_EVENT, /* what changes */
	AGENT_WHOLE
};
/* `record` is NULL for one who never logged in. */
void write_agent(struct json_out *out, const char *name, struct directory *directory,
                 const struct agent_card *card, const struct agent_record *record,
                 enum agent_detail detail);

void write_queue(struct json_out *out, const char *name, const char *queue,
                 const struct queue_view *view, const struct queue_stats *stats, usec_t now);

/* How a returning caller fares. */
void write_sticky(struct json_out *out, struct directory *directory, enum sticky_result result,
                  enum sticky_why why, const struct known_agent *preferred);

#endif

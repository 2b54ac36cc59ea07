#ifndef NAJIMI_HTTP_SSE_WISH_H
#define NAJIMI_HTTP_SSE_WISH_H

#include <stdbool.h>
#include <stdint.h>

/* What a reader of GET /v1/events asks for: `types` in the query, and where the last
 * stream broke off in Last-Event-ID. Nothing but reading text. */
struct sse_wish {
	unsigned types; /* by BIT(enum feed_type) */
	bool wallboard; /* the wallboard's figures, whenever they change */
	bool resumes;   /* there was a Last-Event-ID: */
	char epoch[9];  /* "" when it is none of ours */
	uint64_t after;
};

#define SSE_WHAT_SIZE 64

/* `query` and `last_event_id` may be NULL. False when the query asks for what there is
 * not: `what` then holds it, cut to its size. A Last-Event-ID that cannot be read is no
 * fault of the reader's: it leads to another stream's end, and `epoch` stays "". */
bool sse_read_wish(const char *query, const char *last_event_id, struct sse_wish *ret,
                   char what[SSE_WHAT_SIZE]);

#endif

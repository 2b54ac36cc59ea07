#ifndef NAJIMI_CODEC_FRAME_H
#define NAJIMI_CODEC_FRAME_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* Bytes of the native protocol become messages: protocol.md section 1. The first
 * byte of a connection decides the framing for good. */
enum framing {
	FRAMING_UNKNOWN,
	FRAMING_TEXT, /* a message ends where its brackets close */
	FRAMING_NETSTRING
};

enum frame_result {
	FRAME_READY,
	FRAME_SHORT, /* more bytes are needed */
	FRAME_HTTP,  /* an HTTP request: answer 400 and close, never look at the body */
	FRAME_WRONG  /* not our protocol or beyond a limit; `reason` says why; close */
};

struct framer {
	enum framing framing;
	bool newline; /* text: some message so far was followed by one, so end replies with it */
	bool spoken;  /* text: a message has been there, so that a line's end follows one */
	/* Text: how far the unfinished message has been scanned, so that a message in
	 * many pieces costs no more than in one. */
	size_t scanned;
	unsigned depth;
	bool in_text, escaped;
	const char *reason; /* a stable word for metrics: "too_large", "tls_on_plain", "http",
	                     * "bad_netstring", "garbage" */
};

void framer_init(struct framer *framer);

/* Looks for one message in `data`, the bytes not yet used. READY: *ret points
 * into `data` and *ret_used says how many bytes to drop before the next call
 * (white space and the netstring's envelope included). SHORT: *ret_used bytes
 * (white space) may be dropped; call again with the rest and more. */
enum frame_result frame_next(struct framer *framer, const char *data, size_t length,
                             size_t message_max, struct text *ret, size_t *ret_used);

/* Room for a netstring's head before the message; the tail is one comma. Writes
 * "123:" and returns its length. */
#define NETSTRING_HEAD_MAX 12
size_t netstring_head(size_t length, char *ret);

#endif

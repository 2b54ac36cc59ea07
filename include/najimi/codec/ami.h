#ifndef NAJIMI_CODEC_AMI_H
#define NAJIMI_CODEC_AMI_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* The bytes of Asterisk's manager interface: lines "Key: Value", an empty line ends a
 * message, and a banner that is no message. Neither sockets nor meaning. */

#define AMI_LINE_MAX ((size_t)16 << 10)
#define AMI_LINES_MAX 1024u
#define AMI_MESSAGE_MAX ((size_t)96 << 10)
/* No unfinished message is longer: the room a reader of a connection needs. */
#define AMI_UNFINISHED_MAX (AMI_MESSAGE_MAX + AMI_LINE_MAX + 2)

enum ami_result {
	AMI_MESSAGE,
	AMI_BANNER, /* "Asterisk Call Manager/11.0.0": at first, or whenever it comes */
	AMI_SHORT,  /* more bytes are needed */
	AMI_WRONG   /* not this protocol or beyond a limit; `reason` says why; close */
};

struct ami_reader {
	/* How far the unfinished message has been looked at, where its last line begins and
	 * how many came before, so that one in many pieces costs no more than in one. */
	size_t scanned, line;
	unsigned lines;
	/* Of what it says of a channel: how its keys begin, and what comes next; `part` 0: it
	 * is not about one now. `odd`: something came that does not belong there. */
	size_t prefix_at, prefix_length;
	unsigned part;
	bool odd;
	const char *reason; /* a stable word: "garbage", "line_too_long", "too_many_lines",
	                     * "message_too_long" */
};

/* Points into the bytes it was read from, and lives as long. Asterisk hands a caller's number on as
 * it came by SIP: line feeds in it make lines, and empty ones, that are not Asterisk's. A message
 * with such lines goes on to its true end, and is read without them. */
struct ami_message {
	struct text bytes;
	bool odd; /* it has some */
};

struct ami_field {
	struct text key, value;
};

void ami_reader_init(struct ami_reader *reader);

/* Looks for one message in `data`, the bytes not yet used. MESSAGE and BANNER: *ret is it, and
 * *ret_used says how many bytes to drop before the next call. SHORT: *ret_used bytes (empty
 * lines) are to be dropped; call again with the rest and more. */
enum ami_result ami_next(struct ami_reader *reader, const char *data, size_t length,
                         struct ami_message *ret, size_t *ret_used);

/* The fields in their order, for keys repeat: *at is 0 at first. False at the end. A line
 * without a colon is passed over. */
bool ami_next_field(const struct ami_message *message, size_t *at, struct ami_field *ret);

/* The first value of a key, however that is written; NULL and 0 when there is none. */
struct text ami_get(const struct ami_message *message, const char *key);
bool ami_has(const struct ami_message *message, const char *key, const char *value);
/* As a string. False, and "", when there is none or it does not fit. */
bool ami_copy(const struct ami_message *message, const char *key, char *ret, size_t size);
/* False for anything but a plain number. */
bool ami_number(const struct ami_message *message, const char *key, unsigned *ret);

/* --- writing --- */

/* What Asterisk takes: longer lines, or more of them, make it refuse the action. */
#define AMI_OUT_LINE_MAX 1022u /* without its end */
#define AMI_OUT_LINES_MAX 128u

struct ami_out {
	char *bytes;
	size_t size, length;
	unsigned lines;
	const char *wrong; /* a stable word: "line_too_long", "too_many_lines", "no_room" */
};

/* Into `bytes`, which stay the caller's. `id` comes back as ActionID with every answer; ""
 * none. */
void ami_out_begin(struct ami_out *out, char *bytes, size_t size, const char *action,
                   const char *id);
/* A value never makes another line: control characters become blanks. */
void ami_out_field(struct ami_out *out, const char *key, const char *value);
void ami_out_number(struct ami_out *out, const char *key, uint64_t value);
/* The action. Of length 0 when it cannot be said: out->wrong is why. */
struct text ami_out_end(struct ami_out *out);

#endif

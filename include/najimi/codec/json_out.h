#ifndef NAJIMI_CODEC_JSON_OUT_H
#define NAJIMI_CODEC_JSON_OUT_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* A JSON writer over a buffer that its owner provides. It never writes past the
 * end and never fails half-way: once something did not fit, `overflowed` stays
 * true and json_out_done() says so. Commas and escapes are its business. Text
 * that is not UTF-8 is written with U+FFFD in place of the bad bytes. */
#define JSON_OUT_DEPTH 32

struct json_out {
	char *start;
	size_t size, length;
	bool overflowed;
	unsigned depth;
	bool comma[JSON_OUT_DEPTH];
	bool after_name;
};

void json_out_begin(struct json_out *out, char *buffer, size_t size);

/* Terminates the text. Its length, or 0 when it did not fit. Every opened object
 * and array must have been closed. */
size_t json_out_done(struct json_out *out) MUST_CHECK;

/* `name` is NULL inside arrays and for the outermost value. Names are ours and
 * are not escaped. */
void json_object(struct json_out *out, const char *name);
void json_object_end(struct json_out *out);
void json_array(struct json_out *out, const char *name);
void json_array_end(struct json_out *out);
void json_text(struct json_out *out, const char *name, const char *value); /* NULL: null */
void json_bytes(struct json_out *out, const char *name, struct text value);
void json_name_text(struct json_out *out,
                    struct text name); /* an outside text as a member's name */
void json_int(struct json_out *out, const char *name, int64_t value);
void json_uint(struct json_out *out, const char *name, uint64_t value);
void json_bool(struct json_out *out, const char *name, bool value);
void json_null(struct json_out *out, const char *name);
void json_ms(struct json_out *out, const char *name,
             usec_t duration); /* whole ms; null for NEVER */
void json_instant(struct json_out *out, const char *name,
                  usec_t at); /* RFC 3339; null for 0 and NEVER */
void json_raw(struct json_out *out, const char *name, struct text json); /* is JSON already */

#endif

#ifndef NAJIMI_BASE_TEXT_H
#define NAJIMI_BASE_TEXT_H

#include <stdbool.h>
#include <string.h>

#include "najimi/base/macros.h"

/* Text: views on bytes that somebody else owns, and a builder with an end. */

struct text {
	const char *start;
	size_t length;
};

#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

static inline struct text text_of(const char *string)
{
	return (struct text){ string, string == NULL ? 0 : strlen(string) };
}

static inline bool text_is(struct text text, const char *string)
{
	return strlen(string) == text.length && memcmp(text.start, string, text.length) == 0;
}

/* The first character: how many bytes it takes and, in *ret, its code point. 0 when
 * the text is empty or does not start with well-formed UTF-8 (RFC 3629). */
size_t text_char(struct text text, uint32_t *ret);

/* Well-formed UTF-8 (RFC 3629) throughout. */
bool text_is_utf8(struct text text);

/* Well-formed UTF-8 without control characters and invisible marks, of 1 to
 * `bytes_max` bytes: what a call, agent, queue or customer id may be. */
bool text_is_id(struct text text, size_t bytes_max);

/* A number with all but its first and last few digits starred, for logs and
 * observers: "+81312****78" of "+81312345678". Always terminated. */
void text_mask_number(const char *number, char *ret, size_t size);

/* RFC 3339, UTC, milliseconds: "2026-11-21T23:40:28.536Z". `at` is microseconds
 * since the epoch; `size` at least INSTANT_SIZE. */
#define INSTANT_SIZE 25
void text_of_instant(usec_t at, char *ret, size_t size);

/* Any RFC 3339 instant, with offset and fraction. 0 or -EINVAL. */
int text_to_instant(struct text text, usec_t *ret) MUST_CHECK;

#endif

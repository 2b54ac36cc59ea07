#ifndef NAJIMI_TESTS_WORDS_H
#define NAJIMI_TESTS_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "najimi/base/err.h"

/* One line of a story, cut into words. Commas and colons are only there for the
 * reader; brackets are words of their own. */

#define WORDS_MAX 160
#define WORDS_TEXT_MAX 1536

struct words {
	char text[WORDS_TEXT_MAX];
	const char *items[WORDS_MAX];
	unsigned count, next;
};

int words_cut(struct words *words, const char *line, struct err *err) MUST_CHECK;

/* The word that comes next, NULL at the end. */
const char *words_peek(const struct words *words);

/* The same, and steps over it; "" at the end. */
const char *words_take(struct words *words);

/* Steps over the phrase (words with single spaces between) if it comes next. */
bool words_skip(struct words *words, const char *phrase);

/* "4.2s", "50ms", "7d", "never", and "0". */
int words_duration(struct words *words, usec_t *ret, struct err *err) MUST_CHECK;

int words_number(struct words *words, long min, long max, long *ret, struct err *err) MUST_CHECK;

/* The shortest duration that reads back: "4.2s", "2m", "7d". */
#define DURATION_SIZE 32
const char *duration_text(usec_t value, char *ret);

/* Seconds with one digit behind the point, more where they are needed: "4.0s". */
const char *seconds_text(usec_t value, char *ret);

#endif

#ifndef NAJIMI_SHELL_LOG_H
#define NAJIMI_SHELL_LOG_H

#include <stdbool.h>

#include "najimi/base/macros.h"

/* Facts for operators, one a line, on stderr with the level sd-daemon(3) wants:
 *     <5>redis.lost error="Connection refused" retry_ms=200
 * A fixed name to search for, fields for the particulars. Text from outside is
 * escaped so that it cannot forge a line; callers' numbers are passed through
 * text_mask_number() by whoever logs them. */
enum log_level {
	LOG_LEVEL_ERROR = 3, /* a person, now */
	LOG_LEVEL_WARNING,   /* a person, today */
	LOG_LEVEL_NOTICE,    /* the shift wants to know */
	LOG_LEVEL_INFO,      /* normal life */
	LOG_LEVEL_DEBUG      /* developers */
};

struct log_field {
	const char *name; /* NULL ends the list */
	const char *text; /* NULL: the number */
	int64_t number;
};

#define LOG_TEXT(n, v) ((struct log_field){ .name = (n), .text = (v) })
#define LOG_NUMBER(n, v) ((struct log_field){ .name = (n), .number = (int64_t)(v) })

/* log_fact(LOG_LEVEL_NOTICE, "call.overflowed", LOG_TEXT("queue", name)); */
#define log_fact(level, ...) log_fact_((level), __VA_ARGS__, ((struct log_field){ .name = NULL }))
#define log_fact_(level, fact, ...) \
	log_write((level), (fact), (const struct log_field[]){ __VA_ARGS__ })

void log_set_level(enum log_level level);
bool log_wants(enum log_level level);
void log_write(enum log_level level, const char *fact, const struct log_field *fields);

/* At most one line a second for each `fact`; the rest is counted and said with
 * the next one that is let through (suppressed=N). For what a peer can cause. */
void log_write_limited(enum log_level level, const char *fact, const struct log_field *fields);
#define log_limited(level, ...) \
	log_limited_((level), __VA_ARGS__, ((struct log_field){ .name = NULL }))
#define log_limited_(level, fact, ...) \
	log_write_limited((level), (fact), (const struct log_field[]){ __VA_ARGS__ })

#endif

#ifndef NAJIMI_BASE_NUMBER_H
#define NAJIMI_BASE_NUMBER_H

#include "najimi/base/macros.h"

/* Strict parsing: the whole text is the number, or it is -EINVAL (not a number)
 * or -ERANGE (does not fit). Nothing is written on failure. */
int number_parse(const char *text, int64_t *ret) MUST_CHECK;

/* "500us", "250ms", "90s", "10m", "8h", "7d"; "never" is USEC_NEVER. */
int number_parse_duration(const char *text, usec_t *ret) MUST_CHECK;

/* "512", "64K", "64M", "2G": bytes, powers of 1024. */
int number_parse_size(const char *text, uint64_t *ret) MUST_CHECK;

/* The shortest text that parses back to the same value. Always terminated. */
void number_print_duration(usec_t value, char *ret, size_t size);
void number_print_size(uint64_t value, char *ret, size_t size);

#endif

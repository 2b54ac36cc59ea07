#ifndef NAJIMI_HTTP_ACCEPT_H
#define NAJIMI_HTTP_ACCEPT_H

#include "exposition.h"

/* Which of the two formats a scraper gets, from its Accept header (NULL: none was
 * sent): OpenMetrics when it is asked for by name, in a version we speak, and no
 * less liked than plain text; else text 0.0.4, which everybody reads. */
enum exposition_format accept_choose(const char *accept);

/* Which of `count` languages ("en", "ja") is liked best by an Accept-Language header
 * (NULL: none was sent): its place in `offered`. The first when none is liked more. */
size_t accept_language(const char *header, const char *const offered[], size_t count);

/* Whether an Accept-Encoding header (NULL: none was sent) lets gzip through. */
bool accept_gzip(const char *header);

#endif

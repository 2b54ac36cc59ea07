#ifndef NAJIMI_HTTP_ACCEPT_H
#define NAJIMI_HTTP_ACCEPT_H

#include "exposition.h"

/* Which of the two formats a scraper gets, from its Accept header (NULL: none was
 * sent): OpenMetrics when it is asked for by name, in a version we speak, and no
 * less liked than plain text; else text 0.0.4, which everybody reads. */
enum exposition_format accept_choose(const char *accept);

#endif

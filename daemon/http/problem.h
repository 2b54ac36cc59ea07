#ifndef NAJIMI_HTTP_PROBLEM_H
#define NAJIMI_HTTP_PROBLEM_H

#include "answer.h"
#include "najimi/base/macros.h"

/* The reason phrase of a status we send. */
const char *problem_title(int status);

/* Makes the answer an application/problem+json (RFC 9457) that says what is wrong.
 * What the body held is dropped. */
void problem_answer(struct answer *answer, int status, const char *fmt, ...) PRINTF(3, 4);

#endif

#ifndef NAJIMI_BASE_ERR_H
#define NAJIMI_BASE_ERR_H

#include "najimi/base/macros.h"

/* What went wrong, in words for the person who has to fix it.
 *
 * A function that can fail returns 0 or a negative errno value, and takes a
 * `struct err *` as its last parameter. The innermost function sets the text;
 * each caller on the way out wraps it with what it was trying to do. Nobody
 * logs on the way: whoever stops the error is the one who logs it.
 *
 * Passing NULL means "I only need the code". */
struct err {
	char text[256];
};

/* Both return `code`, so a failure reads as one statement. */
int err_set(struct err *err, int code, const char *fmt, ...) PRINTF(3, 4);
int err_wrap(struct err *err, int code, const char *fmt, ...) PRINTF(3, 4);

#endif

#ifndef NAJIMI_HTTP_WHATIF_PROGRAM_H
#define NAJIMI_HTTP_WHATIF_PROGRAM_H

#include "najimi/base/err.h"

#define PROGRAM_PATH_SIZE 1024

/* Where the najimictl of this very daemon is: beside it, where it was built, in bin beside
 * its sbin, or where it is installed. `ret` has PROGRAM_PATH_SIZE bytes. -ENOENT: nowhere. */
int whatif_program_find(char *ret, struct err *err) MUST_CHECK;

/* The same for a daemon that is `self`; a folder without it is "". */
int whatif_program_near(const char *self, const char *installed, char *ret,
                        struct err *err) MUST_CHECK;

#endif

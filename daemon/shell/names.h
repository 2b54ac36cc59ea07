#ifndef NAJIMI_SHELL_NAMES_H
#define NAJIMI_SHELL_NAMES_H

/* The one place that includes uthash: without this word it would end the process
 * when memory runs out. A failed HASH_ADD leaves hh.tbl NULL. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((void)(element))
#include <uthash.h>

#endif

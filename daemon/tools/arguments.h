#ifndef TOOLS_ARGUMENTS_H
#define TOOLS_ARGUMENTS_H

#include <getopt.h>
#include <stdint.h>

#include "najimi/base/err.h"

/* Reads the options of a command line. `set` takes each: its `val` of `options`, and what stands
 * behind it in getopt's optarg (NULL: it has none); `arg` is its own. Returns where the words that
 * are no options begin in `argv`, which is put in order for that, or what `set` returned below 0;
 * -EINVAL for an option that nobody knows, or that lacks its value. */
int arguments_read(int argc, char **argv, const struct option *options,
                   int (*set)(int val, void *arg, struct err *err), void *arg, struct err *err);

/* The whole number `text` of the option `name` (without its dashes). -EINVAL: it is none from `min`
 * to `max`, and *ret is as it was. */
int arguments_number(const char *name, const char *text, int64_t min, int64_t max, int64_t *ret,
                     struct err *err);

#endif

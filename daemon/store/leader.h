#ifndef STORE_LEADER_H
#define STORE_LEADER_H

#include "najimi/base/text.h"
#include "najimi/shell/meters.h"

/* What the lease says of where its holder is reached: the native address and that of FastAGI,
 * "192.0.2.7:7070 agi://192.0.2.7:4573", either or both. One field, for whoever takes the lease
 * without knowing of the second must not leave another's behind. */

#define LEADER_SIZE (2 * WHERE_BYTES_MAX + 8)

struct text leader_print(const struct whereabouts *own, char ret[LEADER_SIZE]);

/* As far as `address` can be told to others. What is no HOST:PORT is left out, every address
 * (0.0.0.0, ::) and port 0 too, which older daemons wrote, as is what means this machine on that
 * of another: `holder` and `ours` begin with the names of their machines. */
void leader_read(const char *address, const char *holder, const char *ours,
                 struct whereabouts *ret);

#endif

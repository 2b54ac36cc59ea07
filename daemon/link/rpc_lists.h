#ifndef LINK_RPC_LISTS_H
#define LINK_RPC_LISTS_H

#include "rpc_methods.h"

/* Whether the exchange's client may see callers' numbers and names. */
bool reads_may_see_numbers(const struct exchange *x);

#endif

#ifndef LINK_RPC_SYNC_H
#define LINK_RPC_SYNC_H

#include "rpc_methods.h"

/* A telephony system that is back says which calls it still has. */
rpc_handler_fn call_sync;

#endif

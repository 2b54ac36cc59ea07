#ifndef LINK_RPC_REPORTS_H
#define LINK_RPC_REPORTS_H

#include "rpc_methods.h"

/* What a telephony system reports of a call it was told about. */
rpc_handler_fn report_ringing, report_answered, report_failed, report_held, report_retrieved;
rpc_handler_fn report_ended;

#endif

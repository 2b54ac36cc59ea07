#ifndef NAJIMI_STORE_HISTORY_JSON_H
#define NAJIMI_STORE_HISTORY_JSON_H

#include <hiredis/hiredis.h>

#include "najimi/codec/json_out.h"

/* Writes the member contacts of what najimi_history() has found, {entry, kind, record, ...}:
 * calls that are over, with what the agent said of them as `disposition` and what the caller
 * answered as `survey`, and calls that agents made. No more than `most`, and none that ended before
 * `since`. Without `pii` nothing that says who called. What cannot be read is left out. How many
 * there were. */
size_t history_put_contacts(struct json_out *out, const redisReply *found, bool pii, usec_t since,
                            size_t most);

#endif

#ifndef LINK_RPC_EXPLAIN_H
#define LINK_RPC_EXPLAIN_H

#include "link_state.h"
#include "najimi/codec/json_out.h"
#include "najimi/core/view.h"

/* The rules that bear on a call besides the limits which run against every one: an array
 * "rules" of {"rule": a word, figures, "words": a sentence}. */
void explain_rules(struct json_out *out, struct link *link, const struct call_record *call,
                   const struct queue_view *queue);

#endif

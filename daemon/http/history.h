#ifndef NAJIMI_HTTP_HISTORY_H
#define NAJIMI_HTTP_HISTORY_H

#include "answer.h"

/* GET /v1/callers/{key}: what is remembered of a caller, and their last contacts, for those
 * who may see numbers. GET /v1/agents/{agent}/day: what an agent did today. Both as
 * caller.history and agent.day tell them (najimi-protocol(7)). */
answer_fn history_of_caller, history_of_agent; /* answer->asks for it when it may be told */

/* What the store says to it. */
void history_finish(struct answer *answer, int outcome, struct text json);

#endif

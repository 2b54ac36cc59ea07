#ifndef LINK_RPC_SURVEYS_H
#define LINK_RPC_SURVEYS_H

#include "rpc_methods.h"

/* What callers say of a contact afterwards. */
rpc_handler_fn survey_answer;

/* The store's answer to find_contact. */
void surveys_found(struct link *link, uint64_t request, int outcome,
                   const struct contact_known *known);

/* All but the agent, into an open object. */
void write_survey(struct json_out *out, const struct survey *survey, const char *queue);

#endif

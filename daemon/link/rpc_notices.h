#ifndef LINK_RPC_NOTICES_H
#define LINK_RPC_NOTICES_H

#include "link_state.h"

/* Notifications that concern one connection only. */

/* Events were left out, from one number to another. */
void notice_gap(struct rpc_conn *conn, uint64_t from, uint64_t to, uint64_t count);

/* In place of a call.decided that this connection has as a reply: its number, and
 * where the call is now. Sent to those who want call.changed. */
void notice_told(struct rpc_conn *conn, uint64_t seq);

/* To the sessions of the agent who is offered the call: with the caller's story. */
void notice_offer(struct link *link, const struct call_card *card, const struct decision *decision);
void notice_offer_cancelled(struct link *link, const struct call_card *card, struct agent_id agent,
                            uint32_t offer, const char *reason);

/* To the sessions of the agent whom a caller praised. */
void notice_survey(struct link *link, struct agent_id agent, const struct survey *survey,
                   const char *queue);

#endif

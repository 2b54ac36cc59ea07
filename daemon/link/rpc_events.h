#ifndef LINK_RPC_EVENTS_H
#define LINK_RPC_EVENTS_H

#include "rpc_methods.h"

/* What happens, for those who subscribed: in order, numbered, and told when something
 * was left out. And offers, for the agents' own sessions. */

rpc_handler_fn events_subscribe;

int rpc_events_init(struct link *link, struct err *err) MUST_CHECK;
void rpc_events_done(struct link *link);

/* Everything from `after` on, for a session that resumes. False when the feed does
 * not have it any more, or never had. */
bool rpc_events_resume(struct rpc_conn *conn, const char *epoch, uint64_t after);
void rpc_events_leave(struct rpc_conn *conn);
/* There is room for more output: replays go on, lost events are told. */
void rpc_events_continue(struct rpc_conn *conn);

/* --- what is published --- */

void events_decided(struct link *link, struct call_card *card, const struct decision *decision);
void events_tell_caller(struct link *link, struct call_card *card, const struct decision *decision);
void events_offer_cancelled(struct link *link, struct call_card *card, struct agent_id agent,
                            uint32_t offer, bool missed);
void events_call_changed(struct link *link, struct call_card *card);
void events_call_ended(struct link *link, struct call_card *card, const char *contact,
                       const struct contact *facts);
/* A comment for those who lead; a kind one goes to the agent: notice_survey(). */
void events_survey(struct link *link, const struct survey *survey, const char *queue,
                   const char *agent);
void events_agent_changed(struct link *link, struct agent_id agent);

#endif

#ifndef LINK_AMI_TALKS_H
#define LINK_AMI_TALKS_H

#include "ami_state.h"

/* --- ami_talks.c: who talks with whom --- */

/* The agent at this channel, or at the far end of the Local channel that it is half of; unset:
 * nobody of ours. */
struct agent_id ami_talks_agent(struct ami_conn *conn, const struct ami_leg *leg);

/* The caller, who talks in our books, talks with whoever is at `other`: the same agent as before,
 * another one, or (`handed` over, or the agent has gone) somebody outside, and then it is over
 * for us. */
void ami_talks_with(struct ami_conn *conn, struct asterisk_call *call, struct ami_leg *other,
                    const struct call_record *record, bool handed);

/* The agent has sent the caller to an extension. False: it is neither a queue nor an agent who
 * can take the call. */
bool ami_talks_send(struct ami_conn *conn, struct asterisk_call *call, const char *extension);

/* --- ami_originate.c: agents are called first --- */

/* Why such an agent was not reached, of a channel that is gone. */
enum miss_kind ami_originate_miss(const struct ami_leg *leg);

/* Such an agent talks with the caller. */
void ami_originate_joined(struct ami_conn *conn, const struct asterisk_call *call);

/* After a list: agents who were called before it. False: not to the end, for want of room. */
bool ami_originate_settle(struct ami_conn *conn);

/* How an action, or the call it made, went. */
void ami_originate_fact(struct ami_conn *conn, const struct ami_fact *fact);

#endif

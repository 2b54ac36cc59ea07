#ifndef LINK_AGI_CALLS_H
#define LINK_AGI_CALLS_H

#include "agi_link.h"

/* Between a conversation and what is known of calls and agents: what is asked for is carried
 * out, what happened is told, what was decided becomes an order. */

/* Whether a line can be taken now. False: not before agi_resume(). */
bool agi_calls_can_begin(const struct agi_conn *conn);

/* The environment is whole. */
void agi_calls_begin(struct agi_conn *conn);

/* It waits for the daemon to be ready, and has done so for long enough. */
void agi_calls_wait_no_longer(struct agi_conn *conn);

void agi_calls_hear(struct agi_conn *conn, enum talk_news news, const struct talk_report *report);

/* We close: whoever was held is with the dialplan, or gone. */
void agi_calls_left(struct agi_conn *conn);

/* Asterisk has closed, or the connection broke, with nothing said of a hang-up. */
void agi_calls_lost(struct agi_conn *conn);

#endif

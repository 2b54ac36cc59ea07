#ifndef LINK_AGI_ORDERS_H
#define LINK_AGI_ORDERS_H

#include "agi_link.h"

/* What is decided becomes what the channel, or its dialplan, is told. Orders wait for Redis
 * first: agi_order_decision() puts one where it waits, agi_send() has it when it may go. */

void agi_order_decision(struct agi_conn *conn, const struct decision *decision);
void agi_order_carry_out(struct agi_conn *conn, const struct agi_order *order);

/* At once, for nothing was decided: the dialplan does without us; it is over already ("hangup",
 * "gone"); an agent's code was refused, or done ("done"). */
void agi_order_fallback(struct agi_conn *conn, const char *why);
void agi_order_over(struct agi_conn *conn, const char *action);
void agi_order_result(struct agi_conn *conn, const char *result);

#endif

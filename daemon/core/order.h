#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include "state.h"

/* Filling the list of actions. What a step orders leaves in this order: recalls,
 * decisions, withdrawn offers, ends and replies as they come up, then the changed
 * records, each once, in the order in which they first changed. */

void order_recall(struct core *core, const struct call *call);
void order_cancel(struct core *core, const struct call *call, bool missed);
void order_end(struct core *core, const struct call *call, const struct contact *contact);

/* Says what becomes of the call as it stands now, and remembers what the caller was
 * told. OFFERED, TALKING and HELD give CONNECT, WAITING gives QUEUE. */
void order_decision(struct core *core, struct call *call);

/* A caller in line is to be told where they stand; likewise remembered. */
void order_telling(struct core *core, struct call *call);

/* The call never was, or is no longer, ours to route. */
void order_dismissal(struct core *core, const struct call *call, enum decision_kind kind,
                     enum decision_reason reason);

/* Answers the event under way, if anybody asked. */
void order_reply(struct core *core, enum core_reply code);

void call_changed(struct core *core, const struct call *call);
void agent_changed(struct core *core, const struct agent *agent);

/* At the end of a step. */
void order_changes(struct core *core);

#endif

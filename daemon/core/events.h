#ifndef CORE_EVENTS_H
#define CORE_EVENTS_H

#include "state.h"

/* What each event does. The handlers are the only ones who start a change of state;
 * core_step() and nobody else calls them. */

void on_call_arrived(struct core *core, const struct core_event *ev);
void on_caller_recalled(struct core *core, const struct core_event *ev);
void on_call_updated(struct core *core, const struct core_event *ev);
void on_call_ringing(struct core *core, const struct core_event *ev);
void on_call_answered(struct core *core, const struct core_event *ev);
void on_call_failed(struct core *core, const struct core_event *ev);
void on_call_held(struct core *core, const struct core_event *ev);
void on_call_retrieved(struct core *core, const struct core_event *ev);
void on_call_transferred(struct core *core, const struct core_event *ev);
void on_call_ended(struct core *core, const struct core_event *ev);

void on_agent_logged_in(struct core *core, const struct core_event *ev);
void on_agent_ready(struct core *core, const struct core_event *ev);
void on_agent_paused(struct core *core, const struct core_event *ev);
void on_agent_logged_out(struct core *core, const struct core_event *ev);
void on_agent_wrapup_extended(struct core *core, const struct core_event *ev);
void on_agent_device_changed(struct core *core, const struct core_event *ev);

void on_rules_configured(struct core *core, const struct core_event *ev);
void on_queue_configured(struct core *core, const struct core_event *ev);
void on_call_restored(struct core *core, const struct core_event *ev);
void on_agent_restored(struct core *core, const struct core_event *ev);
void on_lasting_restored(struct core *core, const struct core_event *ev);

/* The deadlines: what is due for one call, agent or queue now. */
void on_call_due(struct core *core, struct call *call);
void on_agent_due(struct core *core, struct agent *agent);
void on_queue_due(struct core *core, queue_index index);

/* After the last restored record: whoever waits is brought to whoever is ready. */
void end_restoring(struct core *core);

#endif

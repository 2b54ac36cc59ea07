#include "najimi/core/view.h"

/* One word per thing, everywhere. A value from nowhere is "?", never NULL. */

static const char *word(const char *const *words, size_t count, unsigned index)
{
	return index < count ? words[index] : "?";
}

#define WORD(words, index) word(words, ARRAY_LEN(words), (unsigned)(index))

static const char *const call_states[CALL_STATES] = {
	[CALL_FREE] = "free",       [CALL_RECALLING] = "recalling", [CALL_WAITING] = "waiting",
	[CALL_OFFERED] = "offered", [CALL_TALKING] = "talking",     [CALL_HELD] = "held",
};

static const char *const agent_states[AGENT_STATES] = {
	[AGENT_LOGGED_OUT] = "logged_out", [AGENT_READY] = "ready",   [AGENT_OFFERED] = "offered",
	[AGENT_TALKING] = "talking",       [AGENT_WRAPUP] = "wrapup", [AGENT_PAUSED] = "paused",
};

static const char *const pendings[] = {
	[PENDING_NOTHING] = "nothing",
	[PENDING_PAUSE] = "pause",
	[PENDING_LOGOUT] = "logout",
};

static const char *const causes[] = {
	[PAUSE_ASKED] = "asked",
	[PAUSE_RONA] = "rona",
};

static const char *const devices[] = {
	[DEVICE_REACHABLE] = "reachable",
	[DEVICE_UNREACHABLE] = "unreachable",
	[DEVICE_BUSY] = "busy",
};

static const char *const misses[MISS_KINDS] = {
	[MISS_NO_ANSWER] = "no_answer",
	[MISS_BUSY] = "busy",
	[MISS_REJECTED] = "rejected",
	[MISS_UNREACHABLE] = "unreachable",
};

static const char *const results[STICKY_RESULTS] = {
	[STICKY_NEW] = "new",     [STICKY_WAITING] = "waiting", [STICKY_OWN] = "own",
	[STICKY_KNOWN] = "known", [STICKY_TEAM] = "team",       [STICKY_OTHER] = "other",
};

static const char *const whys[STICKY_WHYS] = {
	[WHY_NONE] = "none",
	[WHY_BUSY] = "busy",
	[WHY_PAUSED] = "paused",
	[WHY_LOGGED_OUT] = "logged_out",
	[WHY_UNREACHABLE] = "unreachable",
	[WHY_NOT_MEMBER] = "not_member",
	[WHY_MISSING_SKILL] = "missing_skill",
	[WHY_WAIT_SPENT] = "wait_spent",
	[WHY_EWT_GUARD] = "ewt_guard",
	[WHY_LINE_FULL] = "line_full",
	[WHY_EXCLUDED] = "excluded",
	[WHY_RONA] = "rona",
	[WHY_SHARED_NUMBER] = "shared_number",
	[WHY_NO_IDENTITY] = "no_identity",
	[WHY_EXPIRED] = "expired",
	[WHY_LOOKUP_LATE] = "lookup_late",
	[WHY_HOLDOUT] = "holdout",
	[WHY_OFF] = "off",
	[WHY_OVERLOADED] = "overloaded",
	[WHY_NEW_AGENT] = "new_agent",
	[WHY_RELEASED] = "released",
};

static const char *const outcomes[CALL_OUTCOMES] = {
	[OUTCOME_ANSWERED] = "answered",
	[OUTCOME_ABANDONED] = "abandoned",
	[OUTCOME_SHORT_ABANDONED] = "short_abandoned",
	[OUTCOME_OVERFLOW] = "overflow",
	[OUTCOME_REJECTED] = "rejected",
	[OUTCOME_CALLBACK] = "callback",
	[OUTCOME_LOST] = "lost",
};

static const char *const kinds[] = {
	[DECIDE_CONNECT] = "connect",
	[DECIDE_QUEUE] = "queue",
	[DECIDE_OVERFLOW] = "overflow",
	[DECIDE_REJECT] = "reject",
};

static const char *const reasons[] = {
	[REASON_NONE] = "none",
	[REASON_MAX_WAIT] = "max_wait",
	[REASON_QUEUE_FULL] = "queue_full",
	[REASON_CLOSED] = "closed",
	[REASON_OWN_AWAY] = "own_away",
};

static const char *const replies[CORE_REPLIES] = {
	[REPLY_DONE] = "done",
	[REPLY_UNKNOWN_CALL] = "unknown_call",
	[REPLY_UNKNOWN_AGENT] = "unknown_agent",
	[REPLY_WRONG_STATE] = "wrong_state",
	[REPLY_STALE_OFFER] = "stale_offer",
	[REPLY_QUEUE_FULL] = "queue_full",
	[REPLY_QUEUE_CLOSED] = "queue_closed",
	[REPLY_AGENT_AWAY] = "agent_away",
};

static const char *const verdicts[VERDICTS] = {
	[VERDICT_COULD] = "could",           [VERDICT_HAS_IT] = "has_it",
	[VERDICT_NOT_READY] = "not_ready",   [VERDICT_PAUSED] = "paused",
	[VERDICT_LOGGED_OUT] = "logged_out", [VERDICT_UNREACHABLE] = "unreachable",
	[VERDICT_EXCLUDED] = "excluded",     [VERDICT_MISSING_SKILL] = "missing_skill",
	[VERDICT_NOT_MEMBER] = "not_member",
};

static const char *const events[CORE_EVENT_TYPES] = {
	[EVT_TIME_PASSED] = "time_passed",
	[EVT_RULES_CONFIGURED] = "rules_configured",
	[EVT_QUEUE_CONFIGURED] = "queue_configured",
	[EVT_CALL_RESTORED] = "call_restored",
	[EVT_AGENT_RESTORED] = "agent_restored",
	[EVT_LASTING_RESTORED] = "lasting_restored",
	[EVT_CALL_ARRIVED] = "call_arrived",
	[EVT_CALLER_RECALLED] = "caller_recalled",
	[EVT_CALL_UPDATED] = "call_updated",
	[EVT_CALL_RINGING] = "call_ringing",
	[EVT_CALL_ANSWERED] = "call_answered",
	[EVT_CALL_FAILED] = "call_failed",
	[EVT_CALL_HELD] = "call_held",
	[EVT_CALL_RETRIEVED] = "call_retrieved",
	[EVT_CALL_TRANSFERRED] = "call_transferred",
	[EVT_CALL_ENDED] = "call_ended",
	[EVT_AGENT_LOGGED_IN] = "agent_logged_in",
	[EVT_AGENT_READY] = "agent_ready",
	[EVT_AGENT_PAUSED] = "agent_paused",
	[EVT_AGENT_LOGGED_OUT] = "agent_logged_out",
	[EVT_AGENT_WRAPUP_EXTENDED] = "agent_wrapup_extended",
	[EVT_AGENT_DEVICE_CHANGED] = "agent_device_changed",
};

static const char *const enders[] = {
	[BY_CALLER] = "caller",
	[BY_AGENT] = "agent",
	[BY_SYSTEM] = "system",
	[BY_LOSS] = "loss",
};

static const char *const policies[] = {
	[POLICY_FIXED] = "fixed",         [POLICY_OFF] = "off",   [POLICY_LOOSE] = "loose",
	[POLICY_OWN_FIRST] = "own_first", [POLICY_RATE] = "rate", [POLICY_STRICT] = "strict",
	[POLICY_NEW_AGENT] = "new_agent",
};

static const char *const actions[CORE_ACTION_TYPES] = {
	[ACT_RECALL] = "recall",
	[ACT_DECIDE] = "decide",
	[ACT_TELL_CALLER] = "tell_caller",
	[ACT_CANCEL_OFFER] = "cancel_offer",
	[ACT_REPLY] = "reply",
	[ACT_CHANGE_CALL] = "change_call",
	[ACT_CHANGE_AGENT] = "change_agent",
	[ACT_END_CALL] = "end_call",
};

const char *call_state_name(enum call_state state)
{
	return WORD(call_states, state);
}

const char *agent_state_name(enum agent_state state)
{
	return WORD(agent_states, state);
}

const char *sticky_policy_name(enum sticky_policy policy)
{
	return WORD(policies, policy);
}

const char *ended_by_name(enum ended_by by)
{
	return WORD(enders, by);
}

const char *agent_pending_name(enum agent_pending pending)
{
	return WORD(pendings, pending);
}

const char *pause_cause_name(enum pause_cause cause)
{
	return WORD(causes, cause);
}

const char *device_state_name(enum device_state device)
{
	return WORD(devices, device);
}

const char *miss_kind_name(enum miss_kind kind)
{
	return WORD(misses, kind);
}

const char *sticky_result_name(enum sticky_result result)
{
	return WORD(results, result);
}

const char *sticky_why_name(enum sticky_why why)
{
	return WORD(whys, why);
}

const char *call_outcome_name(enum call_outcome outcome)
{
	return WORD(outcomes, outcome);
}

const char *decision_kind_name(enum decision_kind kind)
{
	return WORD(kinds, kind);
}

const char *decision_reason_name(enum decision_reason reason)
{
	return WORD(reasons, reason);
}

const char *core_reply_name(enum core_reply reply)
{
	return WORD(replies, reply);
}

const char *verdict_name(enum verdict verdict)
{
	return WORD(verdicts, verdict);
}

const char *core_event_name(enum core_event_type type)
{
	return WORD(events, type);
}

const char *core_action_name(enum core_action_type type)
{
	return WORD(actions, type);
}

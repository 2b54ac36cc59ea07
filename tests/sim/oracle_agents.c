/* What agents ask for, and what their telephones do. */
#include <string.h>

#include "oracle_parts.h"

static bool is_on_call(const struct oracle_agent *agent)
{
	return agent->state == AGENT_OFFERED || agent->state == AGENT_TALKING;
}

static void ask_ready(struct oracle *oracle, struct oracle_agent *agent)
{
	if (agent->state == AGENT_PAUSED && agent->cause == PAUSE_RONA)
		memset(agent->misses, 0, sizeof(agent->misses));
	if (is_on_call(agent))
		agent->pending = PENDING_NOTHING;
	else if (agent->state != AGENT_READY)
		oracle_free_agent(oracle, agent, oracle->now);
}

static void ask_pause(struct oracle *oracle, struct oracle_agent *agent)
{
	if (is_on_call(agent))
		agent->pending = PENDING_PAUSE;
	else
		oracle_send_away(oracle, agent, AGENT_PAUSED, PAUSE_ASKED, 0);
}

void oracle_on_login(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_agent *agent = &oracle->agents[ev->agent_logged_in.agent.slot];
	bool was_in = agent_id_set(agent->id) && agent->state != AGENT_LOGGED_OUT;
	bool was_ready = was_in && agent->state == AGENT_READY;

	if (!agent_id_set(agent->id))
		*agent = (struct oracle_agent){ .id = ev->agent_logged_in.agent, .call = -1 };
	memset(agent->serves, 0, sizeof(agent->serves));
	for (unsigned i = 0; i < ev->agent_logged_in.queues_count; i++)
		agent->serves[ev->agent_logged_in.queues[i]] = true;
	memcpy(agent->levels, ev->agent_logged_in.levels, sizeof(agent->levels));
	agent->team = ev->agent_logged_in.team;
	if (!was_in) {
		memset(agent->misses, 0, sizeof(agent->misses));
		if (ev->agent_logged_in.ready)
			oracle_free_agent(oracle, agent, oracle->now);
		else
			oracle_send_away(oracle, agent, AGENT_PAUSED, PAUSE_ASKED, 0);
		return;
	}
	oracle_release_holders(oracle, agent);
	if (!ev->agent_logged_in.keep_state && ev->agent_logged_in.ready)
		ask_ready(oracle, agent);
	else if (!ev->agent_logged_in.keep_state)
		ask_pause(oracle, agent);
	if (was_ready && agent->state == AGENT_READY)
		oracle_free_agent(oracle, agent, agent->idle_since);
}

static void on_device(struct oracle *oracle, struct oracle_agent *agent, enum device_state device)
{
	if (agent->device == device)
		return;
	agent->device = device;
	if (device == DEVICE_UNREACHABLE)
		oracle_release_holders(oracle, agent);
	if (device == DEVICE_UNREACHABLE && agent->state == AGENT_OFFERED)
		oracle_miss(oracle, &oracle->calls[agent->call], MISS_UNREACHABLE, false);
	else if (device == DEVICE_REACHABLE && agent->state == AGENT_READY)
		oracle_free_agent(oracle, agent, agent->idle_since);
}

void oracle_on_agent(struct oracle *oracle, const struct core_event *ev)
{
	struct oracle_agent *agent = oracle_find_agent(oracle, ev->agent_ready.agent);

	if (agent == NULL)
		return;
	if (ev->type == EVT_AGENT_DEVICE_CHANGED)
		on_device(oracle, agent, ev->agent_device_changed.device);
	else if (agent->state == AGENT_LOGGED_OUT)
		return;
	else if (ev->type == EVT_AGENT_READY)
		ask_ready(oracle, agent);
	else if (ev->type == EVT_AGENT_PAUSED)
		ask_pause(oracle, agent);
	else if (ev->type == EVT_AGENT_WRAPUP_EXTENDED && agent->state == AGENT_WRAPUP)
		agent->until = oracle_later(agent->until, ev->agent_wrapup_extended.extend);
	else if (ev->type == EVT_AGENT_LOGGED_OUT && is_on_call(agent))
		agent->pending = PENDING_LOGOUT;
	else if (ev->type == EVT_AGENT_LOGGED_OUT)
		oracle_send_away(oracle, agent, AGENT_LOGGED_OUT, PAUSE_ASKED, 0);
}

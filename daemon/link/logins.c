#include "logins.h"

#include <stdio.h>

#include "arrivals.h"

static bool refuse_memory(struct refusal *refusal)
{
	refuse(refusal, RPC_OVERLOADED, "out_of_memory", "", "out of memory");
	refusal->retry_after = SEC(1);
	return false;
}

static bool name_queues(struct link *link, const struct agent_words *words, struct core_event *ev,
                        struct refusal *refusal)
{
	char field[24];

	ev->agent_logged_in.queues_count = words->queues_count;
	for (size_t i = 0; i < words->queues_count; i++) {
		snprintf(field, sizeof(field), "queues[%zu]", i);
		if (!arrival_find_queue(link, words->queues[i], field,
		                        &ev->agent_logged_in.queues[i], refusal))
			return false;
	}
	return true;
}

static bool name_skills(struct link *link, const struct agent_words *words, struct core_event *ev,
                        struct refusal *refusal)
{
	skill_index skill;

	for (size_t i = 0; i < words->skills_count; i++) {
		if (!arrival_find_skill(link, words->skills[i].name, i, &skill, refusal))
			return false;
		ev->agent_logged_in.levels[skill] = words->skills[i].level;
	}
	return true;
}

static void take_queues(const struct link *link, const struct agent_options *configured,
                        struct core_event *ev)
{
	ev->agent_logged_in.queues_count = configured->queues_count;
	for (size_t i = 0; i < configured->queues_count; i++)
		ev->agent_logged_in.queues[i] = directory_queue_of(
		        directory_of(link), options_of(link), configured->queues[i]);
}

static void take_skills(const struct link *link, const struct agent_options *configured,
                        struct core_event *ev)
{
	for (size_t i = 0; i < configured->skills_count; i++) {
		skill_index skill = directory_skill_of(directory_of(link), options_of(link),
		                                       configured->skills[i].skill);

		ev->agent_logged_in.levels[skill] = configured->skills[i].level;
	}
}

/* What is not said stays as it is for one who is logged in, and is otherwise what
 * the configuration says. */
static bool complete(struct link *link, const struct agent_words *words, struct core_event *ev,
                     struct refusal *refusal)
{
	struct agent_card *card = directory_find_agent(directory_of(link), words->agent);
	const struct agent_options *configured =
	        directory_agent_options(directory_of(link), words->agent);
	struct agent_record record;
	bool here = card != NULL && core_get_agent(core_of(link), card->id, &record) &&
	            record.state != AGENT_LOGGED_OUT;

	if (words->has_queues) {
		if (!name_queues(link, words, ev, refusal))
			return false;
	} else if (here) {
		ev->agent_logged_in.queues_count = record.queues_count;
		memcpy(ev->agent_logged_in.queues, record.queues, sizeof(record.queues));
	} else if (configured != NULL) {
		take_queues(link, configured, ev);
	} else {
		return refuse(refusal, RPC_INVALID_PARAMS, "missing", "queues",
		              "is required: the agent is not in the configuration");
	}
	if (words->has_skills)
		return name_skills(link, words, ev, refusal);
	if (here)
		memcpy(ev->agent_logged_in.levels, record.levels, sizeof(record.levels));
	else if (configured != NULL)
		take_skills(link, configured, ev);
	return true;
}

static const char *find_target(struct link *link, const struct agent_words *words)
{
	const struct agent_options *configured =
	        directory_agent_options(directory_of(link), words->agent);

	if (words->target != NULL)
		return words->target;
	return configured != NULL && configured->target[0] != '\0' ? configured->target : NULL;
}

bool login_fill(struct link *link, const struct agent_words *words, struct core_event *ev,
                struct agent_card **ret, struct refusal *refusal)
{
	struct agent_card *card;
	const char *target;

	*ev = (struct core_event){ .type = EVT_AGENT_LOGGED_IN };
	if (!complete(link, words, ev, refusal))
		return false;
	target = find_target(link, words);
	card = directory_know_agent(directory_of(link), words->agent);
	if (card == NULL)
		return refuse(refusal, RPC_OVERLOADED, "agents_max", "agent",
		              "no room for one more agent");
	/* One who never said what to dial is dialled by name. */
	if (target == NULL && card->target[0] == '\0')
		target = card->name;
	if (!directory_set_agent(directory_of(link), card, target,
	                         words->reason == NULL ? "" : words->reason))
		return refuse_memory(refusal);
	ev->agent_logged_in.agent = card->id;
	ev->agent_logged_in.team = directory_agent_team(directory_of(link), words->agent);
	ev->agent_logged_in.ready = !words->has_state || words->ready;
	ev->agent_logged_in.keep_state = !words->has_state;
	*ret = card;
	return true;
}

bool login_say_reason(struct link *link, struct agent_card *card, const char *reason,
                      struct refusal *refusal)
{
	return directory_set_agent(directory_of(link), card, NULL, reason) ||
	       refuse_memory(refusal);
}

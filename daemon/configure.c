#include "configure.h"

#include <errno.h>
#include <string.h>

#include "najimi/shell/log.h"

static void tell_queue(struct daemon *daemon, queue_index queue, const struct queue_plan *plan)
{
	struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

	ev.queue_configured.queue = queue;
	ev.queue_configured.plan = *plan;
	loop_apply(daemon->loop, &ev);
}

void configure_queues(struct daemon *daemon)
{
	const struct options *options = daemon->options;

	for (size_t i = 0; i < options->queues_count; i++)
		tell_queue(daemon, directory_queue_of(daemon->directory, options, (queue_index)i),
		           &options->queues[i].plan);
}

void configure_rules(struct daemon *daemon)
{
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .rules = daemon->options->rules };

	loop_apply(daemon->loop, &ev);
}

static void reload_queues(struct daemon *daemon, const struct options *options)
{
	/* A queue that is in the file no more takes no callers; those in it are served. */
	for (size_t i = 0; i < directory_queues(daemon->directory); i++) {
		const char *name = directory_queue_name(daemon->directory, (queue_index)i);
		struct queue_view view;
		struct queue_plan plan;
		bool found = false;

		if (!core_get_queue(loop_core(daemon->loop), (queue_index)i, &view)) {
			view.configured = false;
			memset(&view.plan, 0, sizeof(view.plan));
		}
		plan = view.plan;
		plan.open = false;
		for (size_t o = 0; o < options->queues_count && !found; o++) {
			found = strcmp(options->queues[o].name, name) == 0;
			if (found)
				plan = options->queues[o].plan;
		}
		if (!found && !view.configured)
			continue;
		if (view.configured && options_same_plan(&plan, &view.plan))
			continue;
		tell_queue(daemon, (queue_index)i, &plan);
		log_fact(LOG_LEVEL_NOTICE, found ? "queue.changed" : "queue.closed",
		         LOG_TEXT("queue", name));
	}
}

static bool same_agent(const struct options *was_in, const struct agent_options *was,
                       const struct options *is_in, const struct agent_options *is)
{
	if (was->queues_count != is->queues_count || was->skills_count != is->skills_count)
		return false;
	for (size_t i = 0; i < was->queues_count; i++)
		if (strcmp(was_in->queues[was->queues[i]].name,
		           is_in->queues[is->queues[i]].name) != 0)
			return false;
	for (size_t i = 0; i < was->skills_count; i++)
		if (was->skills[i].level != is->skills[i].level ||
		    strcmp(was_in->skills[was->skills[i].skill],
		           is_in->skills[is->skills[i].skill]) != 0)
			return false;
	return true;
}

/* Lists mostly keep their order over a reload: the one behind the last found is tried
 * first. NULL: there is none of that name. */
static const struct agent_options *find_agent(const struct options *options, const char *name,
                                              size_t *cursor)
{
	for (size_t i = 0; i < options->agents_count; i++) {
		size_t at = (*cursor + i) % options->agents_count;

		if (strcmp(options->agents[at].name, name) != 0)
			continue;
		*cursor = at + 1;
		return &options->agents[at];
	}
	return NULL;
}

static void take_from_file(struct daemon *daemon, const struct agent_options *agent,
                           struct core_event *ev)
{
	const struct options *options = daemon->options;

	ev->agent_logged_in.queues_count = agent->queues_count;
	for (size_t i = 0; i < agent->queues_count; i++)
		ev->agent_logged_in.queues[i] =
		        directory_queue_of(daemon->directory, options, agent->queues[i]);
	for (size_t i = 0; i < agent->skills_count; i++)
		ev->agent_logged_in.levels[directory_skill_of(daemon->directory, options,
		                                              agent->skills[i].skill)] =
		        agent->skills[i].level;
	log_fact(LOG_LEVEL_NOTICE, "agent.reconfigured", LOG_TEXT("agent", agent->name));
}

/* What agent.login may have brought stays. */
static void take_from_record(const struct agent_record *record, struct core_event *ev)
{
	ev->agent_logged_in.queues_count = record->queues_count;
	memcpy(ev->agent_logged_in.queues, record->queues, sizeof(record->queues));
	memcpy(ev->agent_logged_in.levels, record->levels, sizeof(record->levels));
}

/* An agent who was or is in the file, NULL where they are not, hears of it when logged in:
 * of queues and skills if the file has changed them, and of another team. */
static void reload_agent(struct daemon *daemon, const struct options *was_in,
                         const struct agent_options *was, const struct agent_options *is)
{
	const struct agent_card *card =
	        directory_find_agent(daemon->directory, is != NULL ? is->name : was->name);
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct agent_record record;
	bool changed = is != NULL && (was == NULL || !same_agent(was_in, was, daemon->options, is));

	if (card == NULL || !core_get_agent(loop_core(daemon->loop), card->id, &record) ||
	    record.state == AGENT_LOGGED_OUT)
		return;
	ev.agent_logged_in.agent = card->id;
	ev.agent_logged_in.keep_state = true;
	ev.agent_logged_in.team = is != NULL ? is->team_number : 0;
	if (!changed && ev.agent_logged_in.team == record.team)
		return;
	if (changed)
		take_from_file(daemon, is, &ev);
	else
		take_from_record(&record, &ev);
	loop_apply(daemon->loop, &ev);
}

static void reload_agents(struct daemon *daemon, const struct options *was)
{
	const struct options *options = daemon->options;
	size_t cursor = 0;

	for (size_t i = 0; i < options->agents_count; i++) {
		const struct agent_options *is = &options->agents[i];

		reload_agent(daemon, was, find_agent(was, is->name, &cursor), is);
	}
	cursor = 0;
	for (size_t i = 0; i < was->agents_count; i++)
		if (find_agent(options, was->agents[i].name, &cursor) == NULL)
			reload_agent(daemon, was, &was->agents[i], NULL);
}

int configure_check(struct daemon *daemon, struct err *err)
{
	struct options *options;
	int r = options_load(daemon->options->file, &options, err);

	if (r < 0)
		return r;
	r = options_can_reload(daemon->options, options, err) ? 0 : -EBUSY;
	options_free(options);
	return r;
}

static int take_over(struct daemon *daemon, struct options *options, struct err *err)
{
	struct options *was = daemon->options;
	int r;

	if (!options_can_reload(was, options, err))
		return -EBUSY;
	r = options_keep_teams(options, was, err);
	if (r < 0)
		return r;
	r = directory_configure(daemon->directory, options, err);
	if (r < 0) {
		/* What it did take are names, and names are never taken back. */
		(void)!directory_configure(daemon->directory, was, NULL);
		return r;
	}
	daemon->options = options;
	log_set_level((enum log_level)(LOG_LEVEL_ERROR + options->log_level));
	reload_queues(daemon, options);
	if (memcmp(&was->rules, &options->rules, sizeof(was->rules)) != 0)
		configure_rules(daemon);
	reload_agents(daemon, was);
	store_reconfigure(daemon->store, options);
	link_reconfigure(daemon->link, options);
	http_reconfigure(daemon->http, options);
	options_free(was);
	return 0;
}

int configure_reload(struct daemon *daemon, struct err *err)
{
	struct options *options;
	int r = options_load(daemon->options->file, &options, err);

	if (r == 0) {
		r = take_over(daemon, options, err);
		if (r < 0)
			options_free(options);
	}
	if (r < 0) {
		daemon->meters.reloads_failed++;
		log_fact(LOG_LEVEL_ERROR, "reload.refused",
		         LOG_TEXT("error", err == NULL ? "" : err->text),
		         LOG_TEXT("effect", "the configuration in force stays"));
		return r;
	}
	daemon->meters.reloads_done++;
	log_fact(LOG_LEVEL_NOTICE, "reload.done", LOG_TEXT("file", options->file));
	return 0;
}

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

static bool same_price(const struct queue_plan *a, const struct queue_plan *b)
{
	return a->policy == b->policy && a->in_turn == b->in_turn && a->value == b->value &&
	       a->skip_price == b->skip_price && a->wait_idle == b->wait_idle &&
	       a->wait_skipped == b->wait_skipped && a->credit == b->credit &&
	       a->head_start == b->head_start && a->overtake_max == b->overtake_max &&
	       a->review == b->review && a->service_guard == b->service_guard &&
	       a->talk_mean == b->talk_mean;
}

static bool same_plan(const struct queue_plan *a, const struct queue_plan *b)
{
	return a->open == b->open && a->overflows == b->overflows && a->sticky == b->sticky &&
	       a->priority == b->priority && a->line_max == b->line_max &&
	       a->waiting_max == b->waiting_max && a->ring == b->ring &&
	       a->wait_max == b->wait_max && a->wrapup == b->wrapup &&
	       a->service_level == b->service_level && a->short_abandon == b->short_abandon &&
	       a->window == b->window && a->wait_busy == b->wait_busy &&
	       a->min_talk == b->min_talk && same_price(a, b);
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
		if (view.configured && same_plan(&plan, &view.plan))
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

static void tell_agent(struct daemon *daemon, const struct agent_options *agent)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	const struct options *options = daemon->options;

	ev.agent_logged_in.agent = directory_find_agent(daemon->directory, agent->name)->id;
	ev.agent_logged_in.keep_state = true;
	ev.agent_logged_in.queues_count = agent->queues_count;
	for (size_t i = 0; i < agent->queues_count; i++)
		ev.agent_logged_in.queues[i] =
		        directory_queue_of(daemon->directory, options, agent->queues[i]);
	for (size_t i = 0; i < agent->skills_count; i++)
		ev.agent_logged_in.levels[directory_skill_of(daemon->directory, options,
		                                             agent->skills[i].skill)] =
		        agent->skills[i].level;
	loop_apply(daemon->loop, &ev);
	log_fact(LOG_LEVEL_NOTICE, "agent.reconfigured", LOG_TEXT("agent", agent->name));
}

static void reload_agents(struct daemon *daemon, const struct options *was)
{
	const struct options *options = daemon->options;

	for (size_t i = 0; i < options->agents_count; i++) {
		const struct agent_options *is = &options->agents[i];
		struct agent_record record;
		bool same = false;

		for (size_t o = 0; o < was->agents_count && !same; o++)
			same = strcmp(was->agents[o].name, is->name) == 0 &&
			       same_agent(was, &was->agents[o], options, is);
		if (!same &&
		    core_get_agent(loop_core(daemon->loop),
		                   directory_find_agent(daemon->directory, is->name)->id,
		                   &record) &&
		    record.state != AGENT_LOGGED_OUT)
			tell_agent(daemon, is);
	}
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

#include "najimi/shell/clock.h"
#include "problem.h"
#include "state.h"

struct queue_facts {
	const char *name;
	const struct queue_view *view;
	const struct queue_stats *stats;
	struct queue_stats room;
	usec_t now;
};

static void write_agents(struct json_out *out, const struct queue_view *view)
{
	json_object(out, "agents");
	for (int i = 0; i < AGENT_STATES; i++)
		json_uint(out, agent_state_name((enum agent_state)i), view->agents[i]);
	json_uint(out, "unreachable", view->unreachable);
	json_object_end(out);
}

/* Since ever, so that they add up and outlive the daemon. */
static void write_totals(struct json_out *out, const struct queue_stats *stats)
{
	json_uint(out, "arrived", stats->offered);
	json_object(out, "outcomes");
	for (int i = 0; i < CALL_OUTCOMES; i++)
		json_uint(out, call_outcome_name((enum call_outcome)i), stats->outcomes[i]);
	json_object_end(out);
	json_uint(out, "answered_in_time", stats->answered_in_time);
	json_uint(out, "service_missed", stats->service_missed);
	json_object(out, "sticky");
	for (int i = STICKY_OWN; i < STICKY_RESULTS; i++)
		json_uint(out, sticky_result_name((enum sticky_result)i), stats->sticky[i]);
	json_object_end(out);
	json_uint(out, "returning_answered", stats->returning_answered);
}

/* In the words of the native protocol's queue.get. */
static void write_queue(struct json_out *out, const void *arg)
{
	const struct queue_facts *of = arg;
	const struct queue_view *view = of->view;
	usec_t oldest = view->oldest_at;

	json_object(out, NULL);
	json_text(out, "queue", of->name);
	json_bool(out, "open", view->plan.open);
	json_uint(out, "recalling", view->recalling);
	json_uint(out, "waiting", view->waiting);
	json_uint(out, "holding", view->holding);
	json_uint(out, "offered", view->offered);
	json_uint(out, "talking", view->talking);
	json_uint(out, "held", view->held);
	json_instant(out, "oldest_at", oldest);
	json_ms(out, "oldest_wait_ms", oldest != 0 && oldest < of->now ? of->now - oldest : 0);
	json_ms(out, "estimated_wait_ms", view->estimated_wait);
	json_uint(out, "waiting_max", view->plan.waiting_max);
	json_ms(out, "service_level_ms", view->plan.service_level);
	write_agents(out, view);
	write_totals(out, of->stats);
	json_object_end(out);
}

/* False when there is no such queue. */
static bool look_up(const struct inquiry *inquiry, queue_index queue, struct queue_view *view,
                    struct queue_facts *ret)
{
	const struct http_needs *needs = inquiry->needs;
	const struct core *core = loop_core(needs->loop);

	*ret = (struct queue_facts){
		.name = directory_queue_name(needs->directory, queue),
		.view = view,
		.now = clock_now(),
	};
	ret->stats = daybook_queue_stats(needs->daybook, core, queue, &ret->room);
	return ret->stats != NULL && ret->name[0] != '\0' && core_get_queue(core, queue, view);
}

void state_queues(const struct inquiry *inquiry, struct answer *answer)
{
	size_t queues = directory_queues(inquiry->needs->directory);
	struct queue_facts facts;
	struct queue_view view;
	bool first = true;

	state_list_begin(answer, "queues");
	for (size_t queue = 0; queue < queues; queue++) {
		if (!look_up(inquiry, (queue_index)queue, &view, &facts))
			continue;
		state_element(&answer->body, first, write_queue, &facts);
		first = false;
	}
	state_list_end(&answer->body, NULL);
	state_finish(answer);
}

void state_queue(const struct inquiry *inquiry, struct answer *answer)
{
	queue_index queue = directory_find_queue(inquiry->needs->directory, inquiry->name);
	struct queue_facts facts;
	struct queue_view view;

	if (queue == QUEUE_NONE || !look_up(inquiry, queue, &view, &facts)) {
		problem_answer(answer, 404, "there is no queue '%s'", inquiry->name);
		return;
	}
	answer->type = TYPE_JSON;
	state_element(&answer->body, true, write_queue, &facts);
	state_finish(answer);
}

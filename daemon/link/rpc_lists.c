#include "rpc_lists.h"

#include "najimi/shell/clock.h"
#include "rpc_agents.h"
#include "rpc_decision.h"
#include "rpc_names.h"
#include "rpc_reads.h"

/* Lists end where the answer would become too long, or the work for one turn of the
 * loop; `next` then says where to go on. */
#define SLOTS_PER_LIST 65536u /* looked at in one answer */
#define TAIL_BYTES 64         /* for what stands behind the list */

struct list {
	struct exchange *x;
	struct json_out *out;
	struct page page;
	queue_index queue; /* QUEUE_NONE: any */
	size_t bytes_max;  /* the list may be so long; the rest is for other parts */
	uint32_t count;
	uint32_t next; /* slot */
	bool cut;
};

/* Writes one element, or takes it back because it does not fit any more. */
static bool settle(struct list *list, const struct json_out *before)
{
	if (list->out->overflowed || list->out->length + TAIL_BYTES > list->bytes_max) {
		*list->out = *before;
		list->cut = true;
		return false;
	}
	list->count++;
	return true;
}

static bool wants_call(const struct list *list, const struct call_card *card,
                       const struct call_record *record)
{
	const struct page *page = &list->page;

	return (page->state < 0 || record->state == (enum call_state)page->state) &&
	       (list->queue == QUEUE_NONE || record->queue == list->queue) &&
	       (page->client == NULL || strcmp(card->facts.client, page->client) == 0);
}

static void write_calls(struct list *list)
{
	struct link *link = list->x->link;
	bool numbers = reads_may_see_numbers(list->x);
	struct call_record record;
	struct call_id id;

	list->next = list->page.after;
	for (unsigned seen = 0; core_next_call(core_of(link), list->next, &id); seen++) {
		const struct call_card *card = directory_call(directory_of(link), id);
		struct json_out before = *list->out;

		if (list->count == list->page.limit || seen == SLOTS_PER_LIST) {
			list->cut = true;
			return;
		}
		if (card != NULL && core_get_call(core_of(link), id, &record) &&
		    wants_call(list, card, &record)) {
			write_call(list->out, NULL, directory_of(link), card, &record, CALL_LISTED,
			           numbers);
			if (!settle(list, &before))
				return;
		}
		list->next = id.slot + 1;
	}
}

static bool serves(const struct agent_record *record, queue_index queue)
{
	for (size_t i = 0; i < record->queues_count; i++)
		if (record->queues[i] == queue)
			return true;
	return queue == QUEUE_NONE;
}

static bool wants_agent(const struct list *list, const struct agent_card *card,
                        const struct agent_record *record)
{
	const struct exchange *x = list->x;

	if (rpc_role_of(x->conn) == ROLE_AGENT && !agent_id_equal(card->id, x->conn->session.agent))
		return false;
	return (list->page.state < 0 || record->state == (enum agent_state)list->page.state) &&
	       serves(record, list->queue);
}

/* Those of the directory, for it also has the configured who never logged in. */
static void write_agents(struct list *list)
{
	static const struct agent_record nobody = { .state = AGENT_LOGGED_OUT };
	struct link *link = list->x->link;
	const struct agent_card *card = NULL;
	struct agent_record record;
	uint32_t place = 0;

	list->next = list->page.after;
	while ((card = directory_next_agent(directory_of(link), card)) != NULL) {
		struct json_out before = *list->out;
		bool known;

		if (place++ < list->page.after)
			continue;
		if (list->count == list->page.limit) {
			list->cut = true;
			return;
		}
		known = core_get_agent(core_of(link), card->id, &record);
		if (wants_agent(list, card, known ? &record : &nobody)) {
			write_agent(list->out, NULL, directory_of(link), card,
			            known ? &record : NULL, AGENT_WHOLE);
			if (!settle(list, &before))
				return;
		}
		list->next = place;
	}
}

static void write_queues(struct list *list)
{
	struct link *link = list->x->link;
	struct queue_stats room;
	struct queue_view view;

	for (size_t i = 0; i < directory_queues(directory_of(link)); i++) {
		queue_index queue = (queue_index)i;
		struct json_out before = *list->out;

		if (!core_get_queue(core_of(link), queue, &view))
			continue;
		write_queue(list->out, NULL, directory_queue_name(directory_of(link), queue), &view,
		            daybook_queue_stats(link->needs.daybook, core_of(link), queue, &room),
		            clock_now());
		if (!settle(list, &before))
			return;
	}
}

static bool find_queue(struct list *list)
{
	list->queue = QUEUE_NONE;
	return list->page.queue == NULL ||
	       names_find_queue(list->x, list->page.queue, "queue", &list->queue);
}

/* What every list says of itself. */
static void write_as_of(struct exchange *x, struct json_out *out)
{
	json_instant(out, "as_of", clock_now());
	json_text(out, "epoch", feed_epoch(x->link->needs.feed));
	json_uint(out, "seq", feed_seq(x->link->needs.feed));
}

static void answer_list(struct list *list, const char *name, void (*write)(struct list *))
{
	struct exchange *x = list->x;
	struct json_out out;

	list->out = &out;
	list->bytes_max = x->link->scratch_size;
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	write_as_of(x, &out);
	json_array(&out, name);
	write(list);
	json_array_end(&out);
	if (list->cut)
		json_uint(&out, "next", list->next);
	json_object_end(&out);
	answer_end(&x->asker, &out);
}

bool show_calls(struct exchange *x)
{
	struct list list = { .x = x };

	if (!translate_calls_page(x->params, &list.page, &x->refusal) || !find_queue(&list))
		return false;
	answer_list(&list, "calls", write_calls);
	return true;
}

bool show_agents(struct exchange *x)
{
	struct list list = { .x = x };

	if (!translate_agents_page(x->params, &list.page, &x->refusal) || !find_queue(&list))
		return false;
	answer_list(&list, "agents", write_agents);
	return true;
}

bool show_queues(struct exchange *x)
{
	struct list list = { .x = x, .queue = QUEUE_NONE };

	answer_list(&list, "queues", write_queues);
	return true;
}

static void write_gateways(struct list *list)
{
	const struct meters *meters = list->x->link->needs.meters;
	struct json_out *out = list->out;

	for (size_t i = 0; i < meters->gateways_count; i++) {
		const struct gateway_meter *gateway = &meters->gateways[i];

		json_object(out, NULL);
		json_text(out, "gateway", gateway->kind);
		json_text(out, "name", gateway->name);
		if (gateway->connects) {
			json_bool(out, "up", gateway->up);
			json_instant(out, "since", gateway->since);
			json_uint(out, "connections", gateway->connections);
			json_uint(out, "messages", gateway->messages);
		}
		json_uint(out, "held", gateway->held);
		json_object_end(out);
	}
}

bool show_gateways(struct exchange *x)
{
	struct list list = { .x = x };

	answer_list(&list, "gateways", write_gateways);
	return true;
}

/* One part of the snapshot, in its share of the answer. */
static void write_part(struct exchange *x, struct json_out *out, const char *name,
                       void (*write)(struct list *), size_t bytes_max, bool *truncated)
{
	struct list list = { .x = x,
		             .out = out,
		             .queue = QUEUE_NONE,
		             .bytes_max = bytes_max,
		             .page = { .state = -1, .limit = PAGE_LIMIT_MAX } };

	json_array(out, name);
	write(&list);
	json_array_end(out);
	*truncated |= list.cut;
}

/* Valid for the event `seq`: what happened later comes as later events. */
bool show_snapshot(struct exchange *x)
{
	size_t size = x->link->scratch_size;
	bool truncated = false;
	struct json_out out;
	unsigned parts;

	if (!translate_snapshot(x->params, &parts, &x->refusal))
		return false;
	answer_begin(&x->asker, &out);
	json_object(&out, "result");
	write_as_of(x, &out);
	if (parts & BIT(SNAPSHOT_QUEUES))
		write_part(x, &out, "queues", write_queues, size / 4, &truncated);
	if (parts & BIT(SNAPSHOT_AGENTS))
		write_part(x, &out, "agents", write_agents, size * 5 / 8, &truncated);
	if (parts & BIT(SNAPSHOT_CALLS))
		write_part(x, &out, "calls", write_calls, size - TAIL_BYTES, &truncated);
	json_bool(&out, "truncated", truncated);
	json_object_end(&out);
	answer_end(&x->asker, &out);
	return true;
}

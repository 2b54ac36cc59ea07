#include <assert.h>

#include "najimi/base/hash.h"
#include "najimi/shell/clock.h"
#include "remembered.h"
#include "state.h"

/* Whom a caller returns to: what is remembered, under the rules of the queue. */

#define DRAW 1000 /* sticky.holdout is in thousandths */

/* --- from names to handles --- */

static struct agent_id find_agent(struct store *store, struct text name)
{
	const struct agent_card *card;
	char buffer[160];

	if (name.length >= sizeof(buffer))
		return (struct agent_id){ 0 };
	memcpy(buffer, name.start, name.length);
	buffer[name.length] = '\0';
	card = directory_find_agent(store->directory, buffer);
	return card == NULL ? (struct agent_id){ 0 } : card->id;
}

static bool same(struct text a, struct text b)
{
	return a.length == b.length && memcmp(a.start, b.start, a.length) == 0;
}

static void resolve_agents(struct store *store, const struct memory *memory, struct remembered *ret)
{
	for (size_t i = 0; i < memory->count; i++) {
		const struct memory_agent *agent = &memory->agents[i];
		struct met_agent *met = &ret->agents[ret->agents_count++];

		*met = (struct met_agent){ .agent = find_agent(store, agent->name),
			                   .queue = QUEUE_UNSAID,
			                   .at = agent->at,
			                   .never_until =
			                           memory_excluded_until(memory, agent->name) };
		if (agent->queue[0] != '\0')
			met->queue = directory_find_queue(store->directory, agent->queue);
		if (memory->pin.length == 0 || !same(agent->name, memory->pin))
			continue;
		met->pinned = true;
		ret->pin.at = agent->at;
	}
}

static void resolve_excluded(struct store *store, const struct memory *memory,
                             struct remembered *ret)
{
	for (size_t i = 0; i < memory->excluded_count; i++) {
		struct agent_id agent = find_agent(store, memory->excluded[i].name);

		if (agent_id_set(agent) && ret->never_count < REMEMBERED_NEVER_MAX)
			ret->never[ret->never_count++] =
			        (struct exclusion){ agent, memory->excluded[i].until };
	}
}

/* Where the caller falls in a draw is the same for ever: who is in the group that
 * shows what stickiness does stays in it. */
static uint16_t draw(const struct store *store, const char *key)
{
	return (uint16_t)(hash_word(hash_bytes(store->site, key, strlen(key)), 0) % DRAW);
}

void returning_blank(const struct store *store, const char *key, struct remembered *ret)
{
	remembered_init(ret);
	ret->of_number = keys_number(key).start != NULL;
	ret->draw = draw(store, key);
}

void returning_resolve(struct store *store, const struct memory *memory, const char *key,
                       bool shared, struct remembered *ret)
{
	returning_blank(store, key, ret);
	ret->shared = shared;
	ret->tier = remembered_tier(memory->tier);
	if (memory->pin.length > 0) {
		ret->has_pin = true;
		ret->pin = (struct met_agent){ .agent = find_agent(store, memory->pin),
			                       .queue = QUEUE_UNSAID,
			                       .pinned = true,
			                       .at = memory->pin_at,
			                       .never_until =
			                               memory_excluded_until(memory, memory->pin) };
	}
	resolve_agents(store, memory, ret);
	resolve_excluded(store, memory, ret);
	if (memory->left_queue[0] != '\0') {
		ret->left_queue = directory_find_queue(store->directory, memory->left_queue);
		ret->left_arrived_at = memory->left_arrived_at;
		ret->left_at = memory->left_at;
	}
}

/* --- the rules of a queue --- */

struct question {
	struct store *store;
	const struct queue_options *options;
	queue_index queue;
	usec_t now;
};

static bool serves(const struct agent_record *agent, queue_index queue)
{
	for (size_t i = 0; i < agent->queues_count; i++) {
		if (agent->queues[i] == queue)
			return true;
	}
	return false;
}

/* Works in this queue no more, or not here at all. One who has merely gone home may
 * be back tomorrow. */
static bool has_left(const struct question *q, struct agent_id id)
{
	const struct agent_card *card = directory_agent(q->store->directory, id);
	struct agent_record agent;

	if (card == NULL)
		return true;
	if (!core_get_agent(loop_core(q->store->loop), id, &agent))
		return !card->configured;
	return agent.state != AGENT_LOGGED_OUT && !serves(&agent, q->queue);
}

static bool is_excluded(const struct question *q, const struct met_agent *met)
{
	return q->options->exclusions && met->never_until > q->now;
}

static bool is_in_scope(const struct question *q, queue_index met_in)
{
	const struct queue_options *other;

	if (met_in == QUEUE_UNSAID || met_in == q->queue)
		return true;
	switch (q->options->scope) {
	case MET_IN_QUEUE:
		return false;
	case MET_IN_GROUP:
		other = directory_queue_options(q->store->directory, met_in);
		return other != NULL && q->options->group[0] != '\0' &&
		       strcmp(other->group, q->options->group) == 0;
	default:
		return true;
	}
}

static bool counts(const struct question *q, const struct met_agent *met)
{
	return !is_excluded(q, met) && !(q->options->drop_on_leave && has_left(q, met->agent));
}

static void add_known(struct core_event *event, const struct met_agent *met, usec_t at)
{
	event->caller_recalled.known[event->caller_recalled.known_count++] =
	        (struct known_agent){ .agent = met->agent, .at = at, .pinned = met->pinned };
}

static void fill_known(const struct question *q, const struct remembered *remembered,
                       struct core_event *event)
{
	bool pins = q->options->pins && remembered->has_pin;

	if (pins && counts(q, &remembered->pin))
		add_known(event, &remembered->pin,
		          remembered->pin.at == 0 ? q->now : remembered->pin.at);
	for (size_t i = 0; i < remembered->agents_count; i++) {
		struct met_agent met = remembered->agents[i];

		if (event->caller_recalled.known_count == KNOWN_MAX)
			break;
		if ((pins && met.pinned) || !is_in_scope(q, met.queue) || !counts(q, &met))
			continue;
		met.pinned = false;
		add_known(event, &met, met.at);
	}
}

/* Who are here are those who could be given the caller: they go first, should there be
 * more than the core takes. */
static void fill_never(const struct question *q, const struct remembered *remembered,
                       struct core_event *event)
{
	uint8_t *count = &event->caller_recalled.never_count;

	for (int here = 1; here >= 0; here--) {
		for (size_t i = 0; i < remembered->never_count; i++) {
			const struct exclusion *never = &remembered->never[i];
			struct agent_record agent;
			bool is_here =
			        core_get_agent(loop_core(q->store->loop), never->agent, &agent) &&
			        agent.state != AGENT_LOGGED_OUT;

			if (is_here == here && never->until > q->now &&
			    *count < ARRAY_LEN(event->caller_recalled.never))
				event->caller_recalled.never[(*count)++] = never->agent;
		}
	}
}

/* So many agents have met the number lately that it cannot be one person's. A pin says
 * that somebody knows whose it is. */
static bool met_too_many(const struct question *q, const struct remembered *remembered)
{
	usec_t window = q->options->plan.window;
	size_t lately = 0;

	if (!remembered->of_number || remembered->has_pin || q->store->shared_agents == 0)
		return false;
	for (size_t i = 0; i < remembered->agents_count; i++)
		lately += q->now < window || remembered->agents[i].at >= q->now - window;
	return lately > q->store->shared_agents;
}

static uint8_t find_tier(struct store *store, uint64_t digest)
{
	const char *name;

	for (uint8_t tier = 1; digest != 0 && tier <= TIERS_MAX; tier++) {
		name = directory_tier_name(store->directory, tier);
		if (*name != '\0' && remembered_tier(text_of(name)) == digest)
			return tier;
	}
	return 0;
}

/* Of a queue that is not in the file any more: its callers are served as they were. */
static const struct queue_options usual = {
	.group = (char[]){ "" }, .pins = true, .exclusions = true, .plan = { .window = USEC_NEVER }
};

void returning_answer(struct store *store, const struct remembered *remembered, queue_index queue,
                      struct core_event *event)
{
	struct question q = { .store = store,
		              .options = directory_queue_options(store->directory, queue),
		              .queue = queue,
		              .now = clock_now() };

	assert(event->type == EVT_CALLER_RECALLED);
	if (q.options == NULL)
		q.options = &usual;
	event->caller_recalled.tier = find_tier(store, remembered->tier);
	event->caller_recalled.holdout = remembered->draw < q.options->holdout;
	if (q.options->exclusions)
		fill_never(&q, remembered, event);
	if (remembered->left_queue != QUEUE_NONE) {
		event->caller_recalled.left_queue = remembered->left_queue;
		event->caller_recalled.left_arrived_at = remembered->left_arrived_at;
		event->caller_recalled.left_at = remembered->left_at;
	}
	if (remembered->shared || met_too_many(&q, remembered)) {
		event->caller_recalled.outcome = RECALL_SHARED;
		return;
	}
	fill_known(&q, remembered, event);
	event->caller_recalled.outcome =
	        event->caller_recalled.known_count > 0 ? RECALL_KNOWN : RECALL_UNKNOWN;
}

#include "problem.h"
#include "state.h"

struct agent_facts {
	struct directory *directory;
	const struct agent_card *card;
	const struct agent_record *record; /* NULL: has never logged in */
};

static void write_names(struct json_out *out, const struct agent_facts *of)
{
	json_array(out, "queues");
	for (uint16_t i = 0; i < of->record->queues_count; i++)
		json_text(out, NULL, directory_queue_name(of->directory, of->record->queues[i]));
	json_array_end(out);
	json_object(out, "skills");
	for (int i = 0; i < SKILLS_MAX; i++)
		if (of->record->levels[i] > 0) {
			const char *skill = directory_skill_name(of->directory, (skill_index)i);

			json_name_text(out, text_of(skill));
			json_uint(out, NULL, of->record->levels[i]);
		}
	json_object_end(out);
}

static const char *pause_reason(const struct agent_facts *of)
{
	bool pauses = of->record->state == AGENT_PAUSED || of->record->pending == PENDING_PAUSE;

	return pauses && of->card->pause_reason[0] != '\0' ? of->card->pause_reason : NULL;
}

/* The call an agent has, by the name its telephony system gave it. */
static void write_call(struct json_out *out, const struct agent_facts *of)
{
	const struct call_card *call = directory_call(of->directory, of->record->call);

	json_text(out, "call", call == NULL ? NULL : call->facts.name);
	json_text(out, "client", call == NULL ? NULL : call->facts.client);
}

static void write_misses(struct json_out *out, const struct agent_record *record)
{
	json_object(out, "misses");
	for (int i = 0; i < MISS_KINDS; i++)
		if (record->misses[i] > 0)
			json_uint(out, miss_kind_name((enum miss_kind)i), record->misses[i]);
	json_object_end(out);
}

static void write_record(struct json_out *out, const struct agent_facts *of)
{
	const struct agent_record *record = of->record;
	bool paused = record->state == AGENT_PAUSED;

	json_text(out, "state", agent_state_name(record->state));
	json_instant(out, "since", record->since);
	json_instant(out, "until", record->until);
	json_text(out, "pending",
	          record->pending == PENDING_NOTHING ? NULL : agent_pending_name(record->pending));
	json_text(out, "reason", pause_reason(of));
	json_text(out, "why", paused ? pause_cause_name(record->cause) : NULL);
	json_text(out, "device", device_state_name(record->device));
	json_bool(out, "unreachable", record->device == DEVICE_UNREACHABLE);
	json_instant(out, "idle_since", record->state == AGENT_READY ? record->idle_since : 0);
	write_call(out, of);
	write_misses(out, record);
	write_names(out, of);
}

/* In the words of the native protocol's agent.get. */
static void write_agent(struct json_out *out, const void *arg)
{
	const struct agent_facts *of = arg;

	json_object(out, NULL);
	json_text(out, "agent", of->card->name);
	json_text(out, "target", of->card->target);
	json_bool(out, "configured", of->card->configured);
	if (of->record != NULL)
		write_record(out, of);
	else
		json_text(out, "state", agent_state_name(AGENT_LOGGED_OUT));
	json_object_end(out);
}

static void put_agent(const struct inquiry *inquiry, struct answer *answer, bool first,
                      const struct agent_card *card)
{
	struct agent_record record;
	struct agent_facts facts = { .directory = inquiry->needs->directory, .card = card };

	if (core_get_agent(loop_core(inquiry->needs->loop), card->id, &record))
		facts.record = &record;
	state_element(&answer->body, first, write_agent, &facts);
}

void state_agents(const struct inquiry *inquiry, struct answer *answer)
{
	struct directory *directory = inquiry->needs->directory;
	const struct agent_card *card, *last = NULL;
	struct state_page page;
	size_t count = 0;

	if (!state_read_page(inquiry, STATE_LIMIT_MAX, &page, answer))
		return;
	if (page.after[0] != '\0' && (last = directory_find_agent(directory, page.after)) == NULL) {
		problem_answer(answer, 400, "after: there is no agent '%s'", page.after);
		return;
	}
	state_list_begin(answer, "agents");
	while ((card = directory_next_agent(directory, last)) != NULL && count < page.limit) {
		put_agent(inquiry, answer, count == 0, card);
		last = card;
		count++;
	}
	state_list_end(&answer->body, card == NULL || last == NULL ? "" : last->name);
	state_finish(answer);
}

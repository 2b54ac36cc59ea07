#include <inttypes.h>
#include <stdio.h>

#include "najimi/base/number.h"
#include "problem.h"
#include "state.h"

#define LIMIT_DEFAULT 100
#define NUMBER_SIZE 64

struct call_facts_shown {
	struct directory *directory;
	const struct call_card *card;
	const struct call_record *record;
	bool pii;
};

static const char *or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

/* What leads to the person: masked without the right to see it, and a number its
 * owner withheld is shown to nobody. */
static void write_caller(struct json_out *out, const struct call_facts_shown *of)
{
	const struct call_facts *facts = &of->card->facts;
	char masked[NUMBER_SIZE];

	if (facts->restricted || facts->from[0] == '\0') {
		json_null(out, "from");
	} else if (of->pii) {
		json_text(out, "from", facts->from);
	} else {
		text_mask_number(facts->from, masked, sizeof(masked));
		json_text(out, "from", masked);
	}
	json_bool(out, "restricted", facts->restricted);
	json_text(out, "customer_id", of->pii ? or_null(facts->customer_id) : NULL);
}

static void write_sticky(struct json_out *out, const struct call_facts_shown *of)
{
	const struct call_record *record = of->record;
	const char *preferred =
	        record->known_count == 0
	                ? ""
	                : directory_agent_name(of->directory, record->known[0].agent);

	json_object(out, "sticky");
	json_text(out, "result", sticky_result_name(record->sticky));
	json_text(out, "why", record->why == WHY_NONE ? NULL : sticky_why_name(record->why));
	json_text(out, "preferred", or_null(preferred));
	json_instant(out, "last_contact", record->known_count == 0 ? 0 : record->known[0].at);
	json_instant(out, "until", record->hold_until);
	json_object_end(out);
}

static void write_offer(struct json_out *out, const struct call_facts_shown *of)
{
	const struct call_record *record = of->record;

	json_uint(out, "offer", record->offer);
	json_text(out, "agent", or_null(directory_agent_name(of->directory, record->agent)));
	json_instant(out, "ring_until", record->state == CALL_OFFERED ? record->ring_until : 0);
}

static void write_call(struct json_out *out, const void *arg)
{
	const struct call_facts_shown *of = arg;
	const struct call_facts *facts = &of->card->facts;
	const struct call_record *record = of->record;

	json_object(out, NULL);
	json_text(out, "call_id", facts->name);
	json_text(out, "client", facts->client);
	json_text(out, "state", call_state_name(record->state));
	json_text(out, "queue", directory_queue_name(of->directory, record->queue));
	json_text(out, "first_queue", directory_queue_name(of->directory, record->first_queue));
	json_int(out, "priority", record->priority);
	json_uint(out, "legs", record->legs);
	write_caller(out, of);
	json_text(out, "to", or_null(facts->to));
	json_text(out, "tier", or_null(facts->tier));
	json_text(out, "reason", or_null(facts->reason));
	json_text(out, "channel", or_null(facts->channel));
	json_text(out, "case_id", or_null(facts->case_id));
	json_instant(out, "arrived_at", record->arrived_at);
	json_instant(out, "since", record->since);
	json_instant(out, "answered_at", record->answered_at);
	json_instant(out, "overflow_at",
	             record->overflow_at == USEC_NEVER ? 0 : record->overflow_at);
	write_offer(out, of);
	write_sticky(out, of);
	json_object_end(out);
}

/* The slot after which to go on. */
static bool read_cursor(const struct state_page *page, uint32_t *ret)
{
	int64_t slot;

	*ret = 0;
	if (page->after[0] == '\0')
		return true;
	if (number_parse(page->after, &slot) < 0 || slot < 0 || slot >= UINT32_MAX)
		return false;
	*ret = (uint32_t)slot + 1;
	return true;
}

static bool put_call(const struct inquiry *inquiry, struct answer *answer, bool first,
                     struct call_id id)
{
	struct call_record record;
	struct call_facts_shown facts = {
		.directory = inquiry->needs->directory,
		.card = directory_call(inquiry->needs->directory, id),
		.record = &record,
		.pii = inquiry->pii,
	};

	if (facts.card == NULL || !core_get_call(loop_core(inquiry->needs->loop), id, &record))
		return false;
	state_element(&answer->body, first, write_call, &facts);
	return true;
}

void state_calls(const struct inquiry *inquiry, struct answer *answer)
{
	const struct core *core = loop_core(inquiry->needs->loop);
	struct state_page page;
	struct call_id id = { 0 };
	char next[16] = "";
	uint32_t from;
	size_t count = 0;

	if (!state_read_page(inquiry, LIMIT_DEFAULT, &page, answer))
		return;
	if (!read_cursor(&page, &from)) {
		problem_answer(answer, 400, "after: wants the 'next' of an earlier answer");
		return;
	}
	state_list_begin(answer, "calls");
	for (; core_next_call(core, from, &id) && count < page.limit; from = id.slot + 1)
		count += put_call(inquiry, answer, count == 0, id);
	if (from > 0 && core_next_call(core, from, &id))
		snprintf(next, sizeof(next), "%" PRIu32, from - 1);
	state_list_end(&answer->body, next);
	state_finish(answer);
}

#include "records.h"

#include <errno.h>
#include <stdlib.h>

#include "members.h"
#include "najimi/base/hash.h"
#include "najimi/core/view.h"

static const struct json_limits limits = { .bytes_max = RECORD_TEXT_MAX,
	                                   .depth_max = JSON_DEPTH_MAX,
	                                   .members_max = JSON_MEMBERS_MAX };

static const char *word_of_call_state(int value)
{
	return call_state_name((enum call_state)value);
}

static const char *word_of_sticky(int value)
{
	return sticky_result_name((enum sticky_result)value);
}

static const char *word_of_why(int value)
{
	return sticky_why_name((enum sticky_why)value);
}

static const char *word_of_agent_state(int value)
{
	return agent_state_name((enum agent_state)value);
}

static const char *word_of_pending(int value)
{
	return agent_pending_name((enum agent_pending)value);
}

static const char *word_of_cause(int value)
{
	return pause_cause_name((enum pause_cause)value);
}

static const char *word_of_device(int value)
{
	return device_state_name((enum device_state)value);
}

/* --- members that are lists --- */

static void write_needs(struct json_out *out, const char *name, const void *record,
                        struct directory *directory)
{
	const struct call_record *call = &((const struct call_saved *)record)->record;

	if (call->needs_count == 0)
		return;
	json_array(out, name);
	for (unsigned i = 0; i < call->needs_count; i++) {
		json_object(out, NULL);
		json_text(out, "name", directory_skill_name(directory, call->needs[i].skill));
		json_uint(out, "min", call->needs[i].min);
		json_object_end(out);
	}
	json_array_end(out);
}

static int read_level(const struct json *json, const char *skill, uint8_t *ret, struct err *err)
{
	int64_t level;

	if (!json_get_int(json, &level) || level < 0 || level > UINT8_MAX)
		return err_set(err, -EINVAL, "level of skill '%.60s' is not 0 to 255", skill);
	*ret = (uint8_t)level;
	return 0;
}

static int read_needs(const struct json *json, void *record, struct directory *directory,
                      struct err *err)
{
	struct call_record *call = &((struct call_saved *)record)->record;

	if (json_type(json) != JSON_ARRAY || json_count(json) > CALL_NEEDS_MAX)
		return err_set(err, -EINVAL, "needs is no array of at most %d skills",
		               CALL_NEEDS_MAX);
	for (const struct json *need = json_first(json); need != NULL; need = json_next(need)) {
		struct skill_need *to = &call->needs[call->needs_count];
		const char *name;
		int skill, r;

		if (json_type(need) != JSON_OBJECT || !member_get_text(need, "name", &name))
			return err_set(err, -EINVAL, "one of needs has no name");
		r = read_level(json_member(need, "min"), name, &to->min, err);
		if (r < 0)
			return r;
		skill = directory_find_skill(directory, name);
		if (skill < 0)
			return err_set(err, -ENOENT, "skill '%.60s' is not configured", name);
		to->skill = (skill_index)skill;
		call->needs_count++;
	}
	return 0;
}

/* The tier that counts; what the telephony system said stands beside it. */
static void write_tier(struct json_out *out, const char *name, const void *record,
                       struct directory *directory)
{
	uint8_t tier = ((const struct call_saved *)record)->record.tier;

	if (tier != 0)
		json_text(out, name, directory_tier_name(directory, tier));
}

static int read_tier(const struct json *json, void *record, struct directory *directory,
                     struct err *err)
{
	const char *name;

	if (!json_get_text(json, &name))
		return err_set(err, -EINVAL, "tier_used is no text");
	((struct call_saved *)record)->record.tier = directory_find_tier(directory, name);
	return 0;
}

/* Without the closing bracket. */
static void begin_agent_at(struct json_out *out, struct directory *directory, struct agent_id agent,
                           const char *when, usec_t at)
{
	json_object(out, NULL);
	if (agent_id_set(agent))
		json_text(out, "agent", directory_agent_name(directory, agent));
	if (at != USEC_NEVER)
		json_uint(out, when, at);
}

/* An agent whom nobody knows any more stays unset: their name is of no use. Without an
 * instant it is for ever. */
static int read_agent_at(const struct json *json, struct directory *directory, const char *when,
                         struct agent_id *ret_agent, usec_t *ret_at, struct err *err)
{
	const struct agent_card *card = NULL;
	const char *name;
	int64_t at = -1;

	if (json_type(json) != JSON_OBJECT ||
	    (json_member(json, when) != NULL && (!member_get_int(json, when, &at) || at < 0)))
		return err_set(err, -EINVAL, "an agent of known or excluded has no good %s", when);
	if (member_get_text(json, "agent", &name))
		card = directory_find_agent(directory, name);
	*ret_agent = card == NULL ? (struct agent_id){ 0 } : card->id;
	*ret_at = at < 0 ? USEC_NEVER : (usec_t)at;
	return 0;
}

static void write_known(struct json_out *out, const char *name, const void *record,
                        struct directory *directory)
{
	const struct call_record *call = &((const struct call_saved *)record)->record;

	if (call->known_count == 0)
		return;
	json_array(out, name);
	for (unsigned i = 0; i < call->known_count; i++) {
		begin_agent_at(out, directory, call->known[i].agent, "at_us", call->known[i].at);
		if (call->known[i].pinned)
			json_bool(out, "pinned", true);
		json_object_end(out);
	}
	json_array_end(out);
}

static int read_known(const struct json *json, void *record, struct directory *directory,
                      struct err *err)
{
	struct call_record *call = &((struct call_saved *)record)->record;

	if (json_type(json) != JSON_ARRAY || json_count(json) > KNOWN_MAX)
		return err_set(err, -EINVAL, "known is no array of at most %d agents", KNOWN_MAX);
	for (const struct json *item = json_first(json); item != NULL; item = json_next(item)) {
		struct known_agent *known = &call->known[call->known_count];
		int r = read_agent_at(item, directory, "at_us", &known->agent, &known->at, err);

		if (r < 0)
			return r;
		if (known->at == USEC_NEVER)
			return err_set(err, -EINVAL, "an agent of known has no at_us");
		(void)json_get_bool(json_member(item, "pinned"), &known->pinned);
		call->known_count++;
	}
	return 0;
}

static void write_excluded(struct json_out *out, const char *name, const void *record,
                           struct directory *directory)
{
	const struct call_record *call = &((const struct call_saved *)record)->record;

	if (call->excluded_count == 0)
		return;
	json_array(out, name);
	for (unsigned i = 0; i < call->excluded_count; i++) {
		begin_agent_at(out, directory, call->excluded[i].agent, "until_us",
		               call->excluded[i].until);
		json_object_end(out);
	}
	json_array_end(out);
}

static int read_excluded(const struct json *json, void *record, struct directory *directory,
                         struct err *err)
{
	struct call_record *call = &((struct call_saved *)record)->record;

	if (json_type(json) != JSON_ARRAY || json_count(json) > CALL_EXCLUDED_MAX)
		return err_set(err, -EINVAL, "excluded is no array of at most %d agents",
		               CALL_EXCLUDED_MAX);
	for (const struct json *item = json_first(json); item != NULL; item = json_next(item)) {
		struct exclusion *excluded = &call->excluded[call->excluded_count];
		int r = read_agent_at(item, directory, "until_us", &excluded->agent,
		                      &excluded->until, err);

		if (r < 0)
			return r;
		if (agent_id_set(excluded->agent))
			call->excluded_count++;
	}
	return 0;
}

#define HOLDOUT_GROUP "holdout"

static void write_wrapup(struct json_out *out, const char *name, const void *record,
                         struct directory *directory)
{
	const struct wrapup_card *wrapup = &((const struct agent_saved *)record)->wrapup;

	if (*wrapup->contact == '\0')
		return;
	json_object(out, name);
	json_text(out, "contact", wrapup->contact);
	json_text(out, "queue", directory_queue_name(directory, wrapup->queue));
	json_text(out, "group", wrapup->holdout ? HOLDOUT_GROUP : "sticky");
	json_uint(out, "spent_us", wrapup->spent);
	json_object_end(out);
}

/* Of a queue that is gone nothing is counted by queue any more. */
static int read_wrapup(const struct json *json, void *record, struct directory *directory,
                       struct err *err)
{
	struct wrapup_card *wrapup = &((struct agent_saved *)record)->wrapup;
	const char *contact, *queue, *group;
	int64_t spent;

	if (json_type(json) != JSON_OBJECT || !member_get_text(json, "contact", &contact) ||
	    strlen(contact) >= sizeof(wrapup->contact) || !member_get_text(json, "queue", &queue) ||
	    !member_get_text(json, "group", &group) || !member_get_int(json, "spent_us", &spent) ||
	    spent < 0)
		return err_set(err, -EINVAL,
		               "wraps_up has no good contact, queue, group or spent_us");
	strcpy(wrapup->contact, contact);
	wrapup->holdout = strcmp(group, HOLDOUT_GROUP) == 0;
	wrapup->queue = directory_find_queue(directory, queue);
	wrapup->spent = (usec_t)spent;
	return 0;
}

static void write_misses(struct json_out *out, const char *name, const void *record,
                         struct directory *directory)
{
	const struct agent_record *agent = &((const struct agent_saved *)record)->record;
	bool any = false;

	(void)directory;
	for (int i = 0; i < MISS_KINDS; i++)
		any = any || agent->misses[i] != 0;
	if (!any)
		return;
	json_object(out, name);
	for (int i = 0; i < MISS_KINDS; i++) {
		if (agent->misses[i] != 0)
			json_uint(out, miss_kind_name((enum miss_kind)i), agent->misses[i]);
	}
	json_object_end(out);
}

static int read_misses(const struct json *json, void *record, struct directory *directory,
                       struct err *err)
{
	struct agent_record *agent = &((struct agent_saved *)record)->record;

	(void)directory;
	if (json_type(json) != JSON_OBJECT)
		return err_set(err, -EINVAL, "misses is no object");
	for (int i = 0; i < MISS_KINDS; i++) {
		const struct json *kind = json_member(json, miss_kind_name((enum miss_kind)i));
		int64_t count;

		if (kind == NULL)
			continue;
		if (!json_get_int(kind, &count) || count < 0 || count > UINT16_MAX)
			return err_set(err, -EINVAL, "misses of kind %s is not 0 to 65535",
			               miss_kind_name((enum miss_kind)i));
		agent->misses[i] = (uint16_t)count;
	}
	return 0;
}

static void write_queues(struct json_out *out, const char *name, const void *record,
                         struct directory *directory)
{
	const struct agent_record *agent = &((const struct agent_saved *)record)->record;

	json_array(out, name);
	for (unsigned i = 0; i < agent->queues_count; i++)
		json_text(out, NULL, directory_queue_name(directory, agent->queues[i]));
	json_array_end(out);
}

/* A queue that is not configured any more needs no agents. */
static int read_queues(const struct json *json, void *record, struct directory *directory,
                       struct err *err)
{
	struct agent_record *agent = &((struct agent_saved *)record)->record;

	if (json_type(json) != JSON_ARRAY || json_count(json) > AGENT_QUEUES_MAX)
		return err_set(err, -EINVAL, "queues is no array of at most %d queues",
		               AGENT_QUEUES_MAX);
	for (const struct json *item = json_first(json); item != NULL; item = json_next(item)) {
		queue_index queue;
		const char *name;

		if (!json_get_text(item, &name))
			return err_set(err, -EINVAL, "queues has something that is no text");
		queue = directory_find_queue(directory, name);
		if (queue != QUEUE_NONE)
			agent->queues[agent->queues_count++] = queue;
	}
	return 0;
}

static void write_skills(struct json_out *out, const char *name, const void *record,
                         struct directory *directory)
{
	const struct agent_record *agent = &((const struct agent_saved *)record)->record;
	bool open = false;

	for (unsigned i = 0; i < SKILLS_MAX; i++) {
		if (agent->levels[i] == 0)
			continue;
		if (!open)
			json_object(out, name);
		open = true;
		json_name_text(out, text_of(directory_skill_name(directory, (skill_index)i)));
		json_uint(out, NULL, agent->levels[i]);
	}
	if (open)
		json_object_end(out);
}

static int read_skills(const struct json *json, void *record, struct directory *directory,
                       struct err *err)
{
	struct agent_record *agent = &((struct agent_saved *)record)->record;

	if (json_type(json) != JSON_OBJECT)
		return err_set(err, -EINVAL, "skills is no object");
	for (const struct json *item = json_first(json); item != NULL; item = json_next(item)) {
		int skill = directory_find_skill(directory, json_member_name(item));
		uint8_t level = 0;
		int r = read_level(item, json_member_name(item), &level, err);

		if (r < 0)
			return r;
		if (skill >= 0)
			agent->levels[skill] = level;
	}
	return 0;
}

/* --- the rows --- */

#define RECORD(m) .offset = offsetof(struct call_saved, record.m)
#define FACT(m) .kind = MEMBER_TEXT, .offset = offsetof(struct call_saved, facts.m)

/* The order is that of the JSON, what people look for first. */
static const struct member call_rows[] = {
	{ "call", FACT(name) },
	{ "client", FACT(client) },
	{ "state", MEMBER_STATE, RECORD(state), .word = word_of_call_state, .words = CALL_STATES },
	{ "queue", MEMBER_QUEUE, RECORD(queue) },
	{ "first_queue", MEMBER_QUEUE, RECORD(first_queue) },
	{ "agent", MEMBER_AGENT, RECORD(agent) },
	{ "offer", MEMBER_U32, RECORD(offer) },
	{ "priority", MEMBER_I16, RECORD(priority) },
	{ "seq", MEMBER_U64, RECORD(seq) },
	{ "arrived_us", MEMBER_INSTANT, RECORD(arrived_at) },
	{ "since_us", MEMBER_INSTANT, RECORD(since) },
	{ "overflow_us", MEMBER_DUE, RECORD(overflow_at) },
	{ "ring_until_us", MEMBER_INSTANT, RECORD(ring_until) },
	{ "answered_us", MEMBER_INSTANT, RECORD(answered_at) },
	{ "ring_spent_us", MEMBER_INSTANT, RECORD(ring) },
	{ "talk_spent_us", MEMBER_INSTANT, RECORD(talk) },
	{ "hold_spent_us", MEMBER_INSTANT, RECORD(hold) },
	{ "legs", MEMBER_U16, RECORD(legs) },
	{ "credit", MEMBER_AGENT, RECORD(credit) },
	{ "credit_talk_us", MEMBER_INSTANT, RECORD(credit_talk) },
	{ "target", MEMBER_AGENT, RECORD(target) },
	{ "talker", MEMBER_AGENT, RECORD(talker) },
	{ "talk_before_us", MEMBER_INSTANT, RECORD(talk_before) },
	{ "needs", MEMBER_OWN, .write = write_needs, .read = read_needs },
	{ "known", MEMBER_OWN, .write = write_known, .read = read_known },
	{ "excluded", MEMBER_OWN, .write = write_excluded, .read = read_excluded },
	{ "sticky", MEMBER_STATE, RECORD(sticky), .word = word_of_sticky, .words = STICKY_RESULTS },
	{ "why", MEMBER_WORD, RECORD(why), .word = word_of_why, .words = STICKY_WHYS },
	{ "hold_since_us", MEMBER_INSTANT, RECORD(hold_since) },
	{ "hold_until_us", MEMBER_INSTANT, RECORD(hold_until) },
	{ "told_wait_us", MEMBER_DUE, RECORD(told_wait) },
	{ "held_for_us", MEMBER_INSTANT, RECORD(held_for) },
	{ "overtaken_us", MEMBER_INSTANT, RECORD(overtaken_at) },
	{ "extra_wait_us", MEMBER_INSTANT, RECORD(extra_wait) },
	{ "passed_us", MEMBER_INSTANT, RECORD(passed_at) },
	{ "holdout", MEMBER_BOOL, RECORD(holdout) },
	{ "tier_used", MEMBER_OWN, .write = write_tier, .read = read_tier },
	{ "own_there", MEMBER_BOOL, RECORD(own_there) },
	{ "service_counted", MEMBER_BOOL, RECORD(service_counted) },
	{ "from", FACT(from) },
	{ "number", FACT(number) },
	{ "key", FACT(key) },
	{ "identity", .kind = MEMBER_TEXT, .offset = offsetof(struct call_saved, identity) },
	{ "shared", MEMBER_BOOL, .offset = offsetof(struct call_saved, shared) },
	{ "to", FACT(to) },
	{ "customer_id", FACT(customer_id) },
	{ "tier", FACT(tier) },
	{ "reason", FACT(reason) },
	{ "channel", FACT(channel) },
	{ "case_id", FACT(case_id) },
	{ "restricted", MEMBER_BOOL, .offset = offsetof(struct call_saved, facts.restricted) },
	{ "fingerprint", MEMBER_HEX, .offset = offsetof(struct call_saved, fingerprint) },
	{ "promised_at_us", MEMBER_INSTANT, .offset = offsetof(struct call_saved, promised_at) },
	{ "promised_us", MEMBER_INSTANT, .offset = offsetof(struct call_saved, promised) },
	{ "wrapup_spent_us", MEMBER_INSTANT, .offset = offsetof(struct call_saved, wrapup) },
	{ "data", MEMBER_OBJECT, .offset = offsetof(struct call_saved, facts.data) },
};

#undef RECORD
#undef FACT
#define RECORD(m) .offset = offsetof(struct agent_saved, record.m)
#define CARD(m) .kind = MEMBER_TEXT, .offset = offsetof(struct agent_saved, m)

static const struct member agent_rows[] = {
	{ "agent", CARD(name) },
	{ "state", MEMBER_STATE, RECORD(state), .word = word_of_agent_state,
	  .words = AGENT_STATES },
	{ "since_us", MEMBER_INSTANT, RECORD(since) },
	{ "until_us", MEMBER_INSTANT, RECORD(until) },
	{ "idle_since_us", MEMBER_INSTANT, RECORD(idle_since) },
	{ "pending", MEMBER_WORD, RECORD(pending), .word = word_of_pending,
	  .words = PENDING_LOGOUT + 1 },
	{ "cause", MEMBER_WORD, RECORD(cause), .word = word_of_cause, .words = PAUSE_RONA + 1 },
	{ "brief", MEMBER_BOOL, RECORD(brief) },
	{ "device", MEMBER_WORD, RECORD(device), .word = word_of_device, .words = DEVICE_BUSY + 1 },
	{ "pause_reason", CARD(pause_reason) },
	{ "target", CARD(target) },
	{ "wraps_up", MEMBER_OWN, .write = write_wrapup, .read = read_wrapup },
	{ "misses", MEMBER_OWN, .write = write_misses, .read = read_misses },
	{ "queues", MEMBER_OWN, .write = write_queues, .read = read_queues },
	{ "skills", MEMBER_OWN, .write = write_skills, .read = read_skills },
};

/* --- whole records --- */

static size_t write_record(const struct member *rows, size_t count, const void *record,
                           struct directory *directory, char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	json_uint(&out, "v", RECORD_VERSION);
	members_write(rows, count, &out, record, directory);
	json_object_end(&out);
	return json_out_done(&out);
}

size_t call_saved_write(const struct call_saved *call, struct directory *directory, char *buffer,
                        size_t size)
{
	return write_record(call_rows, ARRAY_LEN(call_rows), call, directory, buffer, size);
}

size_t agent_saved_write(const struct agent_saved *agent, struct directory *directory, char *buffer,
                         size_t size)
{
	return write_record(agent_rows, ARRAY_LEN(agent_rows), agent, directory, buffer, size);
}

void reading_done(struct reading *reading)
{
	json_free(reading->document);
	free(reading->objects);
	*reading = (struct reading){ 0 };
}

static int read_record(const struct member *rows, size_t count, struct text json, void *record,
                       struct directory *directory, struct reading *reading, struct err *err)
{
	struct member_reading from = { .directory = directory, .objects_size = json.length + 1 };
	int r;

	*reading = (struct reading){ 0 };
	r = json_parse(json, &limits, &reading->document, err);
	if (r == 0)
		r = members_check_version(reading->document, err);
	if (r < 0)
		return r;
	/* Printed without its white space, no part is longer than the whole was, but
	 * escapes may be longer than what they stood for. */
	from.objects_size = json.length * 6 + 1;
	if (memchr(json.start + 1, '{', json.length - 1) != NULL)
		reading->objects = malloc(from.objects_size);
	if (reading->objects == NULL)
		from.objects_size = 0;
	from.objects = reading->objects;
	return members_read(rows, count, reading->document, record, &from, err);
}

static int check_call(struct call_saved *call, struct err *err)
{
	struct call_record *record = &call->record;
	bool busy = record->state == CALL_OFFERED || record->state == CALL_TALKING ||
	            record->state == CALL_HELD;

	if (*call->facts.name == '\0' || *call->facts.client == '\0')
		return err_set(err, -EINVAL, "has no call or client");
	if (record->state == CALL_FREE)
		return err_set(err, -EINVAL, "has no state");
	if (record->queue == QUEUE_NONE || record->first_queue == QUEUE_NONE)
		return err_set(err, -EINVAL, "has no queue");
	if (record->priority < -PRIORITY_MAX || record->priority > PRIORITY_MAX)
		return err_set(err, -EINVAL, "priority is out of range: %d", record->priority);
	if (busy && !agent_id_set(record->agent))
		return err_set(err, -ENOENT, "is %s with an agent nobody knows",
		               call_state_name(record->state));
	if (!busy)
		record->agent = (struct agent_id){ 0 };
	return 0;
}

int call_saved_read(struct text json, struct directory *directory, struct reading *reading,
                    struct call_saved *ret, struct err *err)
{
	struct call_saved call = {
		.record = { .queue = QUEUE_NONE,
		            .first_queue = QUEUE_NONE,
		            .overflow_at = USEC_NEVER,
		            .told_wait = USEC_NEVER },
		.facts = { "", "", "", "", "", "", "", "", "", "", "", "", false },
		.identity = "",
	};
	int r = read_record(call_rows, ARRAY_LEN(call_rows), json, &call, directory, reading, err);

	if (r == 0)
		r = check_call(&call, err);
	if (r == 0)
		*ret = call;
	return r;
}

int agent_saved_read(struct text json, struct directory *directory, struct reading *reading,
                     struct agent_saved *ret, struct err *err)
{
	struct agent_saved agent = { .name = "", .target = "", .pause_reason = "" };
	int r = read_record(agent_rows, ARRAY_LEN(agent_rows), json, &agent, directory, reading,
	                    err);

	if (r == 0 && *agent.name == '\0')
		r = err_set(err, -EINVAL, "has no agent");
	if (r < 0)
		return r;
	/* A team's number is the configuration's of today. */
	agent.record.team = directory_agent_team(directory, agent.name);
	agent_saved_settle(&agent.record);
	*ret = agent;
	return 0;
}

void agent_saved_settle(struct agent_record *record)
{
	if (record->state != AGENT_OFFERED && record->state != AGENT_TALKING)
		return;
	record->state = AGENT_READY;
	record->since = record->idle_since;
	record->until = 0;
	record->cause = PAUSE_ASKED;
	record->call = (struct call_id){ 0 };
}

uint64_t agent_saved_digest(const struct agent_saved *agent, bool busy)
{
	const struct agent_record *record = &agent->record;
	uint64_t hash = HASH_START;

	hash = hash_word(hash, record->idle_since);
	hash = hash_word(hash, (uint64_t)record->brief << 63 | (uint64_t)record->pending << 32 |
	                               (uint64_t)record->device);
	hash = hash_bytes(hash, record->misses, sizeof(record->misses));
	hash = hash_word(hash, record->queues_count);
	hash = hash_bytes(hash, record->queues, record->queues_count * sizeof(*record->queues));
	hash = hash_bytes(hash, record->levels, sizeof(record->levels));
	hash = hash_bytes(hash, agent->target, strlen(agent->target) + 1);
	hash = hash_bytes(hash, agent->pause_reason, strlen(agent->pause_reason) + 1);
	if (busy)
		return hash;
	hash = hash_word(hash, (uint64_t)record->state << 32 | (uint64_t)record->cause);
	hash = hash_word(hash, record->since);
	hash = hash_bytes(hash, agent->wrapup.contact, strlen(agent->wrapup.contact) + 1);
	return hash_word(hash, record->until);
}

#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "contacts.h"
#include "lastings.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "records.h"
#include "state.h"

/* What was known at the last breath, read back: agents, then calls, then the contacts
 * of the last minutes, so that a repeated request finds its answer. It is read in
 * pages and restored in one go: the core shall not act on half a state. */
#define PAGE "1000"
#define FINISHED_MAX 50000 /* contacts; the latest ones */

struct finished {
	struct contact_texts texts;
	struct contact_saved saved;
};

/* A page's fields and values, copied: while it is restored, Redis looks for the next. */
struct page {
	char *bytes;
	size_t size;
	struct text *texts; /* field, value, field, value... in `bytes` */
	size_t count, texts_size;
	const char *key; /* of the hash */
};

struct recovery {
	struct page page;
	struct event *work;
	struct agent_record *agents;
	size_t agents_count, agents_size;
	struct call_record *calls;
	size_t calls_count, calls_size;
	struct finished **finished; /* latest first */
	size_t finished_count, finished_size;
	size_t bad;
	char last_entry[64]; /* of the stream, that has been read */
	usec_t began;
};

static void ask(struct store *store, const struct text *words, size_t count, redis_reply_fn *fn)
{
	struct batch batch = { 0 };

	for (size_t i = 0; i < count; i++)
		batch_text(&batch, words[i]);
	if (!redis_send(store->redis, batch_command(&batch, NULL, 0), fn, 0, store))
		redis_drop(store->redis, "out of memory for recovery");
	batch_done(&batch);
}

/* Makes room for one more of `size` bytes. */
static bool grow(void **array, size_t count, size_t *capacity, size_t size)
{
	size_t wanted = *capacity == 0 ? 1024 : *capacity * 2;
	void *bigger;

	if (count < *capacity)
		return true;
	bigger = realloc(*array, wanted * size);
	if (bigger == NULL)
		return false;
	*array = bigger;
	*capacity = wanted;
	return true;
}

/* --- records --- */

/* What cannot be used is put where somebody can look at it, and is out of the way. */
static void quarantine(struct store *store, const char *key, struct text field, struct text value,
                       const struct err *err)
{
	struct batch *batch = &store->commits.lasting;
	const char *kind = key + strlen(store->keys.base);
	char name[32], shown[160];

	snprintf(shown, sizeof(shown), "%.*s", (int)(field.length < 159 ? field.length : 159),
	         field.start);
	log_fact(LOG_LEVEL_ERROR, "store.record_unreadable", LOG_TEXT("key", key),
	         LOG_TEXT("field", shown), LOG_TEXT("error", err->text),
	         LOG_TEXT("moved_to", store->keys.quarantine));
	store->recovery->bad++;
	snprintf(name, sizeof(name), "%s/", kind);
	batch_open(batch, "HSET");
	batch_string(batch, store->keys.quarantine);
	batch_pair(batch, text_of(name), field);
	batch_text(batch, value);
	batch_close(batch);
	batch_open(batch, "PEXPIRE");
	batch_string(batch, store->keys.quarantine);
	batch_ms(batch, QUARANTINE_KEEP);
	batch_close(batch);
	batch_open(batch, "HDEL");
	batch_string(batch, key);
	batch_text(batch, field);
	batch_close(batch);
	gather_mark(store);
}

static void forget_agent(struct store *store, struct text field)
{
	struct batch *batch = &store->commits.lasting;

	batch_open(batch, "HDEL");
	batch_string(batch, store->keys.agents);
	batch_text(batch, field);
	batch_close(batch);
	gather_mark(store);
}

static int take_agent(struct store *store, const struct agent_saved *saved, struct err *err)
{
	struct recovery *recovery = store->recovery;
	struct agent_card *card = directory_know_agent(store->directory, saved->name);

	if (card == NULL)
		return err_set(err, -ENOSPC, "there are more agents than core.agents_max");
	if (store->commits.agents[card->id.slot].stored)
		return 0; /* read before the connection was lost */
	if (!directory_set_agent(store->directory, card, saved->target, saved->pause_reason) ||
	    !grow((void **)&recovery->agents, recovery->agents_count, &recovery->agents_size,
	          sizeof(*recovery->agents)))
		return err_set(err, -ENOMEM, "out of memory");
	if (saved->record.state == AGENT_WRAPUP)
		card->wrapup = saved->wrapup;
	recovery->agents[recovery->agents_count] = saved->record;
	recovery->agents[recovery->agents_count++].id = card->id;
	live_restored_agent(store, card->id, saved);
	return 0;
}

static int restore_agent(struct store *store, struct text field, struct text value, struct err *err)
{
	struct reading reading;
	struct agent_saved saved;
	int r = agent_saved_read(value, store->directory, &reading, &saved, err);

	if (r == 0 && !text_is(field, saved.name))
		r = err_set(err, -EINVAL, "is not of the agent whose field it is in");
	if (r == 0) {
		if (saved.record.state == AGENT_LOGGED_OUT &&
		    saved.record.since + LOGGED_OUT_KEEP < clock_now())
			forget_agent(store, field);
		else
			r = take_agent(store, &saved, err);
	}
	reading_done(&reading);
	return r;
}

/* Whose memory the contact goes to is not asked again. Without it, it goes to the number's. */
static void restore_recalled(struct call_slot *slot, const struct call_saved *saved)
{
	if (slot == NULL || (*saved->identity == '\0' && !saved->shared))
		return;
	slot->recalled = calloc(1, sizeof(*slot->recalled));
	if (slot->recalled == NULL)
		return;
	slot->recalled->shared = saved->shared;
	if (*saved->identity != '\0')
		slot->recalled->key = strdup(saved->identity);
}

static int take_call(struct store *store, const struct call_saved *saved, struct err *err)
{
	struct recovery *recovery = store->recovery;
	struct call_card *card;

	if (directory_find_call(store->directory, saved->facts.client, saved->facts.name) != NULL)
		return 0; /* read before the connection was lost */
	if (!grow((void **)&recovery->calls, recovery->calls_count, &recovery->calls_size,
	          sizeof(*recovery->calls)))
		return err_set(err, -ENOMEM, "out of memory");
	card = directory_add_call(store->directory, &saved->facts);
	if (card == NULL)
		return err_set(err, -ENOSPC, "there are more calls than core.calls_max");
	card->fingerprint = saved->fingerprint;
	card->days.told_at = saved->promised_at;
	card->days.told_wait = saved->promised;
	card->days.wrapup = saved->wrapup;
	card->days.settled = saved->record.answered_at != 0;
	recovery->calls[recovery->calls_count] = saved->record;
	recovery->calls[recovery->calls_count++].id = card->id;
	gather_restored_call(store, card->id);
	restore_recalled(gather_slot(store, card->id), saved);
	return 0;
}

static int restore_call(struct store *store, struct text field, struct text value, struct err *err)
{
	char expected[FIELD_SIZE];
	struct reading reading;
	struct call_saved saved;
	int r = call_saved_read(value, store->directory, &reading, &saved, err);

	if (r == 0 &&
	    !text_is(field, keys_call_field(saved.facts.client, saved.facts.name, expected).start))
		r = err_set(err, -EINVAL, "is not of the call whose field it is in");
	if (r == 0)
		r = take_call(store, &saved, err);
	reading_done(&reading);
	return r;
}

/* --- pages of a hash --- */

static void on_work(evutil_socket_t fd, short what, void *arg)
{
	struct store *store = arg;
	struct page *page = &store->recovery->page;
	bool calls = page->key == store->keys.calls;

	(void)fd;
	(void)what;
	for (size_t i = 0; i + 1 < page->count; i += 2) {
		struct text field = page->texts[i], value = page->texts[i + 1];
		struct err err = { 0 };
		int r = calls ? restore_call(store, field, value, &err)
		              : restore_agent(store, field, value, &err);

		if (r < 0)
			quarantine(store, page->key, field, value, &err);
	}
	page->count = 0;
}

static bool copy_page(struct page *page, const char *key, const redisReply *fields)
{
	size_t length = 0, at = 0;

	page->key = key;
	page->count = 0;
	for (size_t i = 0; i < fields->elements; i++)
		length += fields->element[i]->len;
	if (length > page->size || page->bytes == NULL) {
		free(page->bytes);
		page->size = length + 1;
		page->bytes = malloc(page->size);
	}
	if (fields->elements > page->texts_size) {
		free(page->texts);
		page->texts_size = fields->elements;
		page->texts = calloc(page->texts_size, sizeof(*page->texts));
	}
	if (page->bytes == NULL || (page->texts == NULL && fields->elements > 0)) {
		page->size = page->texts_size = 0;
		return false;
	}
	for (size_t i = 0; i < fields->elements; i++) {
		memcpy(page->bytes + at, fields->element[i]->str, fields->element[i]->len);
		page->texts[page->count++] =
		        (struct text){ page->bytes + at, fields->element[i]->len };
		at += fields->element[i]->len;
	}
	return true;
}

/* Has a page of HSCAN restored, once the next question is out. The cursor, or NULL
 * when the reply is no page. */
static const char *take_page(struct store *store, const redisReply *reply, const char *key)
{
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
	    reply->element[0]->type != REDIS_REPLY_STRING ||
	    reply->element[1]->type != REDIS_REPLY_ARRAY) {
		redis_drop(store->redis,
		           reply->type == REDIS_REPLY_ERROR ? reply->str : "no page of a hash");
		return NULL;
	}
	if (!copy_page(&store->recovery->page, key, reply->element[1])) {
		redis_drop(store->redis, "out of memory for recovery");
		return NULL;
	}
	return reply->element[0]->str;
}

static void ask_page(struct store *store, const char *key, const char *cursor, redis_reply_fn *fn)
{
	const struct text words[] = { TEXT("HSCAN"), text_of(key), text_of(cursor), TEXT("COUNT"),
		                      TEXT(PAGE) };

	ask(store, words, ARRAY_LEN(words), fn);
}

/* Comes after what was asked has been written: both were put in line in that order,
 * and the answer cannot come before the line is empty. */
static void restore_soon(struct store *store)
{
	event_active(store->recovery->work, EV_TIMEOUT, 0);
}

/* --- finished calls --- */

static void finish(struct store *store);
static void ask_contacts(struct store *store);

static void keep_contact(struct store *store, const redisReply *entry)
{
	struct recovery *recovery = store->recovery;
	struct finished *finished;
	struct text json = { NULL, 0 };

	for (size_t i = 0; i + 1 < entry->elements; i += 2)
		if (strcmp(entry->element[i]->str, CONTACT_FIELD) == 0)
			json = (struct text){ entry->element[i + 1]->str,
				              (size_t)entry->element[i + 1]->len };
	if (json.start == NULL)
		return; /* a disposition, or somebody else's entry */
	finished = malloc(sizeof(*finished));
	if (finished == NULL ||
	    !grow((void **)&recovery->finished, recovery->finished_count, &recovery->finished_size,
	          sizeof(*recovery->finished)) ||
	    contact_read(json, store->directory, &finished->texts, &finished->saved, NULL) < 0) {
		free(finished); /* a repeated request will be told that it is unknown */
		return;
	}
	recovery->finished[recovery->finished_count++] = finished;
}

static void on_contacts(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_RECOVERING)
		return;
	if (reply->type != REDIS_REPLY_ARRAY) {
		redis_drop(store->redis,
		           reply->type == REDIS_REPLY_ERROR ? reply->str : "no part of a stream");
		return;
	}
	for (size_t i = 0; i < reply->elements; i++) {
		const redisReply *entry = reply->element[i];

		if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 ||
		    entry->element[1]->type != REDIS_REPLY_ARRAY)
			continue;
		snprintf(store->recovery->last_entry, sizeof(store->recovery->last_entry), "(%s",
		         entry->element[0]->str);
		keep_contact(store, entry->element[1]);
	}
	if (reply->elements == (size_t)atoi(PAGE) && store->recovery->finished_count < FINISHED_MAX)
		ask_contacts(store);
	else
		days_load(store, finish);
}

static void ask_contacts(struct store *store)
{
	usec_t now = clock_now();
	usec_t from = store->finished_keep < now ? now - store->finished_keep : 0;
	char oldest[24];

	snprintf(oldest, sizeof(oldest), "%" PRIu64, from / MSEC(1));
	const struct text words[] = {
		TEXT("XREVRANGE"),
		text_of(store->keys.contacts),
		text_of(store->recovery->last_entry),
		text_of(oldest),
		TEXT("COUNT"),
		TEXT(PAGE),
	};

	ask(store, words, ARRAY_LEN(words), on_contacts);
}

/* --- how long talks last --- */

static void on_learned(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_RECOVERING)
		return;
	if (reply->type != REDIS_REPLY_ARRAY) {
		redis_drop(store->redis,
		           reply->type == REDIS_REPLY_ERROR ? reply->str : "no fields of a hash");
		return;
	}
	for (size_t i = 0; i + 1 < reply->elements; i += 2)
		lastings_take(store->lastings, reply->element[i]->str,
		              (struct text){ reply->element[i + 1]->str,
		                             (size_t)reply->element[i + 1]->len });
	ask_contacts(store);
}

static void ask_learned(struct store *store)
{
	const struct text words[] = { TEXT("HGETALL"), text_of(store->keys.learned) };

	ask(store, words, ARRAY_LEN(words), on_learned);
}

/* --- the order of things --- */

static void on_calls(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	const char *cursor;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_RECOVERING)
		return;
	cursor = take_page(store, reply, store->keys.calls);
	if (cursor == NULL)
		return;
	if (strcmp(cursor, "0") != 0)
		ask_page(store, store->keys.calls, cursor, on_calls);
	else
		ask_learned(store);
	restore_soon(store);
}

static void on_agents(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	const char *cursor;

	(void)tag;
	if (reply == NULL || store->phase != PHASE_RECOVERING)
		return;
	cursor = take_page(store, reply, store->keys.agents);
	if (cursor == NULL)
		return;
	if (strcmp(cursor, "0") != 0)
		ask_page(store, store->keys.agents, cursor, on_agents);
	else
		ask_page(store, store->keys.calls, "0", on_calls);
	restore_soon(store);
}

/* A busy agent was saved as they would be without their call: that they are busy, and
 * since when, is in the call. What they have asked for holds until its end. */
static void restore_agents(struct store *store)
{
	struct recovery *recovery = store->recovery;
	struct core_event event = { .type = EVT_AGENT_RESTORED };
	uint32_t agents_max = store->commits.agents_max;
	const struct call_record **busy_with = calloc(agents_max, sizeof(const void *));

	for (size_t i = 0; busy_with != NULL && i < recovery->calls_count; i++) {
		const struct call_record *call = &recovery->calls[i];

		if (agent_id_set(call->agent) && call->agent.slot < agents_max)
			busy_with[call->agent.slot] = call;
	}
	for (size_t i = 0; i < recovery->agents_count; i++) {
		struct agent_record *agent = &event.agent_restored;
		const struct call_record *call;

		*agent = recovery->agents[i];
		call = busy_with == NULL ? NULL : busy_with[agent->id.slot];
		if (agent->state == AGENT_READY && call != NULL) {
			agent->state = call->state == CALL_OFFERED ? AGENT_OFFERED : AGENT_TALKING;
			agent->since = call->since;
		} else if (agent->state == AGENT_READY && agent->pending != PENDING_NOTHING) {
			agent->state = AGENT_TALKING;
		}
		loop_apply(store->loop, &event);
	}
	free(busy_with);
}

static int by_seq(const void *a, const void *b)
{
	const struct call_record *const *first = a, *const *second = b;

	return (*first)->seq < (*second)->seq ? -1 : (*first)->seq > (*second)->seq;
}

/* In the order of their arrival, which a line is made from faster than from any other. */
static void restore_calls(struct store *store)
{
	struct recovery *recovery = store->recovery;
	struct core_event event = { .type = EVT_CALL_RESTORED };
	const struct call_record **ordered = calloc(recovery->calls_count + 1, sizeof(*ordered));

	for (size_t i = 0; ordered != NULL && i < recovery->calls_count; i++)
		ordered[i] = &recovery->calls[i];
	if (ordered != NULL)
		qsort(ordered, recovery->calls_count, sizeof(*ordered), by_seq);
	for (size_t i = 0; i < recovery->calls_count; i++) {
		event.call_restored = ordered == NULL ? recovery->calls[i] : *ordered[i];
		loop_apply(store->loop, &event);
	}
	free(ordered);
}

static void finish(struct store *store)
{
	struct recovery *recovery = store->recovery;

	restore_agents(store);
	restore_calls(store);
	if (store->days.book != NULL)
		daybook_restored(store->days.book);
	for (size_t i = recovery->finished_count; i > 0; i--) {
		const struct contact_saved *saved = &recovery->finished[i - 1]->saved;

		directory_restore_finished(store->directory, &saved->facts, saved->fingerprint,
		                           saved->id, &saved->contact);
	}
	log_fact(LOG_LEVEL_NOTICE, "store.recovered", LOG_NUMBER("calls", recovery->calls_count),
	         LOG_NUMBER("agents", recovery->agents_count),
	         LOG_NUMBER("finished", recovery->finished_count),
	         LOG_NUMBER("unreadable", recovery->bad),
	         LOG_NUMBER("took_ms", (clock_monotonic() - recovery->began) / MSEC(1)));
	recover_done(store);
	store_recovered(store);
}

void recover_begin(struct store *store)
{
	if (store->recovery == NULL)
		store->recovery = calloc(1, sizeof(*store->recovery));
	if (store->recovery != NULL && store->recovery->work == NULL)
		store->recovery->work = event_new(store->base, -1, 0, on_work, store);
	if (store->recovery == NULL || store->recovery->work == NULL) {
		redis_drop(store->redis, "out of memory for recovery");
		return;
	}
	store->phase = PHASE_RECOVERING;
	store->recovery->began = clock_monotonic();
	strcpy(store->recovery->last_entry, "+");
	ask_page(store, store->keys.agents, "0", on_agents);
}

static void forget_finished(struct recovery *recovery)
{
	for (size_t i = 0; i < recovery->finished_count; i++)
		free(recovery->finished[i]);
	recovery->finished_count = 0;
}

/* What has been read of agents and calls stays; the rest is read once more. */
void recover_suspend(struct store *store)
{
	struct recovery *recovery = store->recovery;

	if (recovery == NULL)
		return;
	forget_finished(recovery);
	recovery->page.count = 0;
	if (recovery->work != NULL)
		event_del(recovery->work);
}

void recover_done(struct store *store)
{
	struct recovery *recovery = store->recovery;

	if (recovery == NULL)
		return;
	forget_finished(recovery);
	if (recovery->work != NULL)
		event_free(recovery->work);
	free(recovery->page.bytes);
	free(recovery->page.texts);
	free(recovery->finished);
	free(recovery->agents);
	free(recovery->calls);
	free(recovery);
	store->recovery = NULL;
}

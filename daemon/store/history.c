#include <errno.h>
#include <stdlib.h>

#include "history.h"
#include "history_json.h"
#include "memory.h"
#include "najimi/codec/identity.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "state.h"
#include "stats_json.h"

/* What lies behind a caller or an agent: entries of the stream, found by the lists that
 * name the last ones of each. */
#define FIELDS_MAX 2048
#define MEMORY_MAX ((size_t)64 * 1024) /* bytes of a caller's memory as JSON */
#define HEAD_MAX ((size_t)16 * 1024)   /* of all else but the contacts */

struct looking {
	LIST_ENTRY(looking) all;
	struct store *store;
	uint64_t request;
	bool pii;
	char caller[IDENTITY_SIZE]; /* "" : it is about an agent */
	char agent[IDENTITY_SIZE];
};

struct histories {
	LIST_HEAD(looking_list, looking) all;
	size_t count;
	struct batch question;
	struct memory_field fields[FIELDS_MAX];
	struct memory memory;
};

/* --- writing --- */

static void finish(struct looking *looking, int outcome, struct text json)
{
	struct store *store = looking->store;

	LIST_REMOVE(looking, all);
	store->histories->count--;
	if (!store->closing && store->hooks.history_read != NULL)
		store->hooks.history_read(looking->request, outcome, json, store->hooks.arg);
	free(looking);
}

static size_t bytes_of(const redisReply *entries)
{
	size_t bytes = HEAD_MAX + MEMORY_MAX;

	for (size_t i = 0; entries != NULL && i < entries->elements; i++)
		bytes += entries->element[i]->len + 64;
	return bytes;
}

static size_t cut_fields(const redisReply *reply, struct memory_field *fields)
{
	size_t count = 0;

	for (size_t i = 0; i + 1 < reply->elements && count < FIELDS_MAX; i += 2)
		fields[count++] =
		        (struct memory_field){ { reply->element[i]->str, reply->element[i]->len },
			                       { reply->element[i + 1]->str,
			                         reply->element[i + 1]->len } };
	return count;
}

/* What is remembered of the caller, as caller.get has it. */
static bool put_memory(struct looking *looking, struct json_out *out, const redisReply *reply,
                       struct text key)
{
	struct histories *histories = looking->store->histories;
	size_t count = cut_fields(reply, histories->fields), length = 0;
	char *room;

	if (count == 0) {
		json_null(out, "caller");
		return false;
	}
	room = malloc(MEMORY_MAX);
	memory_read(histories->fields, count, clock_now(), &histories->memory);
	if (room != NULL)
		length = memory_story(histories->fields, count, &histories->memory, key, room,
		                      MEMORY_MAX);
	/* Too long with what a CRM has put there: without it. */
	if (room != NULL && length == 0)
		length = memory_story(NULL, 0, &histories->memory, key, room, MEMORY_MAX);
	if (length > 0)
		json_raw(out, "caller", (struct text){ room, length });
	else
		json_null(out, "caller");
	free(room);
	return true;
}

/* {key, {memory}, {entries}} */
static void tell_caller(struct looking *looking, const redisReply *reply, char *bytes, size_t size)
{
	struct text key = { reply->element[0]->str, reply->element[0]->len };
	struct json_out out;
	size_t count, length;
	bool known;

	json_out_begin(&out, bytes, size);
	json_object(&out, NULL);
	json_instant(&out, "as_of", clock_now());
	json_bytes(&out, "key", key);
	known = put_memory(looking, &out, reply->element[1], key);
	count = history_put_contacts(&out, reply->element[2], looking->pii, 0, CALLER_TOLD);
	json_object_end(&out);
	length = json_out_done(&out);
	if (!known && count == 0)
		finish(looking, -ENOENT, (struct text){ NULL, 0 });
	else
		finish(looking, length == 0 ? -ENOMEM : 0, (struct text){ bytes, length });
}

/* The figures are known without Redis; then the contacts are null. */
static void tell_agent(struct looking *looking, const redisReply *entries, char *bytes, size_t size)
{
	const struct daybook *book = looking->store->days.book;
	const struct agent_card *card =
	        directory_find_agent(looking->store->directory, looking->agent);
	struct agent_day day = { 0 };
	struct json_out out;
	size_t length;

	if (card != NULL)
		(void)daybook_agent_today(book, card->id, clock_now(), &day);
	json_out_begin(&out, bytes, size);
	json_object(&out, NULL);
	json_instant(&out, "as_of", clock_now());
	json_text(&out, "agent", looking->agent);
	json_text(&out, "day", daybook_today(book));
	json_text(&out, "zone", daybook_zone(book));
	stats_put_agent(&out, &day);
	if (entries == NULL)
		json_null(&out, "contacts");
	else
		history_put_contacts(&out, entries, looking->pii, daybook_midnight(book),
		                     AGENT_TOLD);
	json_object_end(&out);
	length = json_out_done(&out);
	finish(looking, length == 0 ? -ENOMEM : 0, (struct text){ bytes, length });
}

/* --- asking --- */

static bool is_list(const redisReply *reply)
{
	if (reply->type != REDIS_REPLY_ARRAY)
		return false;
	for (size_t i = 0; i < reply->elements; i++)
		if (reply->element[i]->type != REDIS_REPLY_STRING)
			return false;
	return true;
}

static bool is_history(const redisReply *reply)
{
	if (reply == NULL)
		return false;
	if (reply->type == REDIS_REPLY_ERROR)
		log_limited(LOG_LEVEL_WARNING, "history.failed", LOG_TEXT("error", reply->str));
	return reply->type == REDIS_REPLY_ARRAY && reply->elements == 3 &&
	       reply->element[0]->type == REDIS_REPLY_STRING && is_list(reply->element[1]) &&
	       is_list(reply->element[2]);
}

static void answer(struct looking *looking, const redisReply *reply)
{
	bool good = is_history(reply);
	size_t size = bytes_of(good ? reply->element[2] : NULL);
	char *bytes = malloc(size);

	if (bytes == NULL)
		finish(looking, -ENOMEM, (struct text){ NULL, 0 });
	else if (looking->caller[0] == '\0')
		tell_agent(looking, good ? reply->element[2] : NULL, bytes, size);
	else if (good)
		tell_caller(looking, reply, bytes, size);
	else
		finish(looking, -ENOTCONN, (struct text){ NULL, 0 });
	free(bytes);
}

static void on_history(const redisReply *reply, uint64_t tag, void *arg)
{
	(void)arg;
	answer((struct looking *)(uintptr_t)tag, reply);
}

static bool ask(struct looking *looking)
{
	struct store *store = looking->store;
	struct batch *question = &store->histories->question;
	bool of_agent = looking->caller[0] == '\0';
	struct text number = keys_number(looking->caller);
	char own[KEY_SIZE], caller[KEY_SIZE], alias[KEY_SIZE];
	bool sent;

	if (store->phase < PHASE_RECOVERING)
		return false;
	batch_string(question, "FCALL_RO");
	batch_string(question, "najimi_history");
	batch_uint(question, of_agent ? 2 : number.start == NULL ? 3 : 4);
	batch_string(question, store->keys.contacts);
	batch_text(question, of_agent ? keys_agents_history(&store->keys, looking->agent,
	                                                    daybook_today(store->days.book), own)
	                              : keys_history(&store->keys, looking->caller, own));
	if (!of_agent)
		batch_text(question, keys_caller(&store->keys, looking->caller, caller));
	if (!of_agent && number.start != NULL)
		batch_text(question, keys_alias(&store->keys, number, alias));
	batch_string(question, store->keys.callers);
	batch_string(question, store->keys.histories);
	batch_string(question, store->keys.surveys);
	sent = redis_send(store->redis, batch_command(question, NULL, 0), on_history,
	                  (uint64_t)(uintptr_t)looking, store);
	batch_clear(question);
	return sent;
}

int store_read_history(struct store *store, const char *caller, const char *agent, bool pii,
                       uint64_t request)
{
	struct looking *looking;

	if (store->days.book == NULL || !daybook_is_open(store->days.book))
		return -ENOTCONN;
	if (store->histories->count == HISTORIES_MAX)
		return -EBUSY;
	looking = calloc(1, sizeof(*looking));
	if (looking == NULL)
		return -ENOMEM;
	looking->store = store;
	looking->request = request;
	looking->pii = pii;
	if (caller != NULL)
		snprintf(looking->caller, sizeof(looking->caller), "%s", caller);
	else
		snprintf(looking->agent, sizeof(looking->agent), "%s", agent);
	LIST_INSERT_HEAD(&store->histories->all, looking, all);
	store->histories->count++;
	if (!ask(looking))
		answer(looking, NULL);
	return 0;
}

/* --- what is kept of it --- */

static usec_t keep_of(const struct store *store)
{
	return store->contacts_keep < HISTORY_KEEP_MAX ? store->contacts_keep : HISTORY_KEEP_MAX;
}

void history_add(struct store *store, const char *key, const char *agent, usec_t at)
{
	struct batch *batch = &store->commits.lasting;
	const char *day = days_hour(store, at);
	char buffer[KEY_SIZE];

	if (key[0] == '\0' && agent[0] == '\0')
		return;
	batch_open(batch, "HISTORY");
	batch_ms(batch, keep_of(store));
	batch_text(batch, agent[0] == '\0' ? TEXT("")
	                                   : keys_agents_history(&store->keys, agent, day, buffer));
	batch_text(batch, key[0] == '\0' ? TEXT("") : keys_history(&store->keys, key, buffer));
	batch_close(batch);
}

void history_add_said(struct store *store, const char *key, const char *agent, usec_t at)
{
	struct batch *batch = &store->commits.lasting;
	struct text number = keys_number(key);
	char buffer[KEY_SIZE];

	history_add(store, "", agent, at);
	if (key[0] == '\0')
		return;
	batch_open(batch, "STORY");
	batch_ms(batch, keep_of(store));
	batch_text(batch, keys_caller(&store->keys, key, buffer));
	batch_text(batch,
	           number.start == NULL ? TEXT("") : keys_alias(&store->keys, number, buffer));
	batch_string(batch, store->keys.callers);
	batch_string(batch, store->keys.histories);
	batch_close(batch);
}

void history_add_survey(struct store *store, const char *contact)
{
	struct batch *batch = &store->commits.lasting;
	char buffer[KEY_SIZE];

	batch_open(batch, "SURVEY");
	batch_text(batch, keys_survey(&store->keys, text_of(contact), buffer));
	batch_ms(batch, keep_of(store));
	batch_close(batch);
}

int histories_init(struct store *store, struct err *err)
{
	store->histories = calloc(1, sizeof(*store->histories));
	if (store->histories == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	LIST_INIT(&store->histories->all);
	return 0;
}

void histories_done(struct store *store)
{
	if (store->histories == NULL)
		return;
	/* The connection has answered all that were under way. */
	batch_done(&store->histories->question);
	free(store->histories);
}

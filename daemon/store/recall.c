#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "state.h"

/* Who a caller is: asked of Redis, or of the callers seen lately while it is away. */
#define FIELDS_MAX 2048       /* of a memory that are looked at */
#define STORY_MAX (64 * 1024) /* bytes of a memory as JSON */
#define WAITING_MAX 16384     /* answers that wait for room in the loop's inbox */
#define ROOM_RETRY MSEC(1)

/* An answer that could not be given at once. */
struct answer {
	STAILQ_ENTRY(answer) by_age;
	bool for_reader; /* of store_read_caller(): Redis could not be asked */
	uint64_t request;
	struct core_event event;
};

/* A question of store_read_caller(), until it is answered. */
struct reader {
	LIST_ENTRY(reader) all;
	uint64_t request;
	char key[];
};

struct recalls {
	STAILQ_HEAD(answers, answer) waiting;
	size_t waiting_count;
	LIST_HEAD(readers, reader) readers;
	struct event *retry;
	struct memory_field fields[FIELDS_MAX];
	struct memory memory;
	struct remembered remembered; /* of the caller whose answer is being made */
	size_t customers;             /* of the number whose memory is answered next */
	struct batch question;        /* in the making */
	char story[STORY_MAX];
};

/* --- answers to the loop --- */

static void retry_soon(struct recalls *recalls, usec_t delay)
{
	struct timeval tv = { .tv_usec = (suseconds_t)delay };

	event_add(recalls->retry, &tv);
}

static struct answer *keep_answer(struct recalls *recalls)
{
	struct answer *answer;

	if (recalls->waiting_count == WAITING_MAX)
		return NULL;
	answer = calloc(1, sizeof(*answer));
	if (answer == NULL)
		return NULL;
	STAILQ_INSERT_TAIL(&recalls->waiting, answer, by_age);
	recalls->waiting_count++;
	return answer;
}

/* A lost answer costs stickiness, not the call: the core waits no longer than
 * recall_max for it. */
static void post(struct store *store, const struct core_event *event)
{
	struct answer *answer;

	if (STAILQ_EMPTY(&store->recalls->waiting) && loop_post(store->loop, event) == 0)
		return;
	answer = keep_answer(store->recalls);
	if (answer == NULL) {
		log_limited(LOG_LEVEL_WARNING, "recall.dropped");
		return;
	}
	answer->event = *event;
	retry_soon(store->recalls, ROOM_RETRY);
}

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct store *store = arg;
	struct recalls *recalls = store->recalls;
	struct answer *answer;

	(void)fd;
	(void)what;
	while ((answer = STAILQ_FIRST(&recalls->waiting)) != NULL) {
		if (!answer->for_reader && loop_post(store->loop, &answer->event) < 0) {
			retry_soon(recalls, ROOM_RETRY);
			return;
		}
		STAILQ_REMOVE_HEAD(&recalls->waiting, by_age);
		recalls->waiting_count--;
		if (answer->for_reader)
			store->hooks.caller_read(answer->request, -ENOTCONN,
			                         (struct text){ NULL, 0 }, store->hooks.arg);
		free(answer);
	}
}

/* --- what is known without Redis --- */

/* The core asks for calls that it has; one that has ended meanwhile has no card. */
static void answer(struct store *store, struct call_id call, struct core_event *event)
{
	struct call_record record;

	event->caller_recalled.call = call;
	if (event->caller_recalled.outcome != RECALL_FAILED &&
	    core_get_call(loop_core(store->loop), call, &record))
		returning_answer(store, &store->recalls->remembered, record.queue, event);
	post(store, event);
}

static void answer_without_redis(struct store *store, struct call_id call)
{
	const struct call_card *card = directory_call(store->directory, call);
	const struct cached_caller *caller;
	struct core_event event = { .type = EVT_CALLER_RECALLED };

	if (card == NULL)
		return; /* ended meanwhile */
	caller = cache_find(store->cache, card->facts.key);
	if (caller == NULL || !cached_caller_get(caller, &store->recalls->remembered))
		event.caller_recalled.outcome = RECALL_FAILED;
	answer(store, call, &event);
}

/* --- what Redis says --- */

static size_t cut_fields(const redisReply *reply, size_t from, struct memory_field *fields)
{
	size_t count = 0;

	for (size_t i = from; i + 1 < reply->elements && count < FIELDS_MAX; i += 2) {
		const redisReply *name = reply->element[i], *value = reply->element[i + 1];

		if (name->type != REDIS_REPLY_STRING || value->type != REDIS_REPLY_STRING)
			continue;
		fields[count++] = (struct memory_field){ { name->str, name->len },
			                                 { value->str, value->len } };
	}
	return count;
}

/* One caller, as either command answers. */
struct found {
	int64_t customers;    /* known with this number */
	struct text customer; /* whose memory it is, of a number's; length 0: its own */
	size_t fields;
};

static bool read_reply(struct recalls *recalls, const redisReply *reply, bool by_number,
                       struct found *ret)
{
	*ret = (struct found){ .customers = (int64_t)recalls->customers, .customer = { "", 0 } };
	if (reply->type == REDIS_REPLY_ERROR) {
		log_limited(LOG_LEVEL_WARNING, "recall.failed", LOG_TEXT("error", reply->str));
		return false;
	}
	if (reply->type != REDIS_REPLY_ARRAY ||
	    (by_number && (reply->elements < 2 || reply->element[1]->type != REDIS_REPLY_STRING)))
		return false;
	if (by_number) {
		ret->customers = reply->element[0]->integer;
		ret->customer = (struct text){ reply->element[1]->str, reply->element[1]->len };
	}
	ret->fields = cut_fields(reply, by_number ? 2 : 0, recalls->fields);
	memory_read(recalls->fields, ret->fields, clock_now(), &recalls->memory);
	return true;
}

/* What the end of the call needs to know of this. Mostly nothing. */
static void note_recalled(struct store *store, struct call_id call, const struct found *found)
{
	const struct memory *memory = &store->recalls->memory;
	const struct remembered *remembered = &store->recalls->remembered;
	struct call_slot *slot = gather_slot(store, call);
	size_t kept = remembered->of_number ? store->numbers_kept : store->agents_kept;
	size_t names = memory->count >= kept || store->keeps_first ? memory->count : 0;
	struct recalled *recalled;

	if (slot == NULL)
		return;
	recalled_free(slot);
	if (names == 0 && !remembered->shared && found->customer.length == 0 &&
	    memory->left_queue[0] == '\0')
		return;
	recalled = calloc(1, sizeof(*recalled) + names * sizeof(recalled->met[0]));
	if (recalled == NULL)
		return;
	slot->recalled = recalled;
	recalled->shared = remembered->shared;
	recalled->left = memory->left_queue[0] != '\0';
	if (found->customer.length > 0) {
		recalled->key = malloc(4 + found->customer.length + 1);
		if (recalled->key != NULL) {
			memcpy(recalled->key, "cid:", 4);
			memcpy(recalled->key + 4, found->customer.start, found->customer.length);
			recalled->key[4 + found->customer.length] = '\0';
		}
	}
	for (size_t i = 0; i < names; i++) {
		const struct memory_agent *agent = &memory->agents[i];

		recalled->met[i].name = strndup(agent->name.start, agent->name.length);
		if (recalled->met[i].name == NULL)
			break;
		recalled->met[i].at = agent->at;
		recalled->met_count++;
	}
}

static struct text key_of(const struct found *found, const char *asked, char *buffer, size_t size)
{
	if (found->customer.length == 0 || found->customer.length + 5 > size)
		return text_of(asked);
	memcpy(buffer, "cid:", 4);
	memcpy(buffer + 4, found->customer.start, found->customer.length);
	buffer[found->customer.length + 4] = '\0';
	return (struct text){ buffer, found->customer.length + 4 };
}

/* The memory as JSON in recalls->story. Fields of a CRM that make it too long are
 * left out, all of them. */
static struct text tell(struct recalls *recalls, const struct found *found, const char *asked)
{
	char buffer[160];
	struct text key = key_of(found, asked, buffer, sizeof(buffer));
	size_t length;

	if (found->fields == 0)
		return (struct text){ NULL, 0 };
	length = memory_story(recalls->fields, found->fields, &recalls->memory, key, recalls->story,
	                      sizeof(recalls->story));
	if (length == 0)
		length = memory_story(NULL, 0, &recalls->memory, key, recalls->story,
		                      sizeof(recalls->story));
	return (struct text){ recalls->story, length };
}

static void keep_story(struct recalls *recalls, struct call_card *card, const struct found *found)
{
	struct text story = tell(recalls, found, card->facts.key);

	free(card->story);
	card->story = story.start == NULL ? NULL : strndup(story.start, story.length);
}

/* What is still on its way to Redis counts; what has arrived is in the reply. */
static void merge_cache(struct store *store, const char *key)
{
	struct remembered *remembered = &store->recalls->remembered;
	struct cached_caller *caller = cache_find(store->cache, key);
	struct remembered later;

	if (caller != NULL && caller->commit > store->commits.answered) {
		if (!cached_caller_get(caller, &later))
			return;
		if (caller->whole)
			*remembered = later;
		else
			remembered_merge(remembered, &later);
		return;
	}
	if (caller == NULL && remembered_is_empty(remembered))
		return;
	caller = cache_put(store->cache, key);
	if (caller == NULL)
		return;
	caller->whole = true;
	caller->commit = 0;
	cached_caller_set(caller, remembered);
}

static struct call_id untag(uint64_t tag)
{
	return (struct call_id){ (uint32_t)(tag >> 32), (uint32_t)tag };
}

static void on_recalled(struct store *store, const redisReply *reply, struct call_id call,
                        bool by_number)
{
	struct call_card *card = directory_call(store->directory, call);
	struct core_event event = { .type = EVT_CALLER_RECALLED };
	char buffer[160];
	struct found found;
	struct text key;
	usec_t took;

	if (store->closing || card == NULL)
		return;
	if (reply == NULL || !read_reply(store->recalls, reply, by_number, &found)) {
		answer_without_redis(store, call);
		return;
	}
	took = redis_took(store->redis);
	histogram_add(&store->meters->recall, took);
	if (took > store->recall_max)
		store->meters->recalls_late++;
	key = key_of(&found, card->facts.key, buffer, sizeof(buffer));
	returning_resolve(store, &store->recalls->memory, key.start,
	                  found.customers >= ALIAS_SHARED, &store->recalls->remembered);
	note_recalled(store, call, &found);
	keep_story(store->recalls, card, &found);
	merge_cache(store, card->facts.key);
	answer(store, call, &event);
}

static void on_memory(const redisReply *reply, uint64_t tag, void *arg)
{
	on_recalled(arg, reply, untag(tag), false);
}

static void on_function(const redisReply *reply, uint64_t tag, void *arg)
{
	on_recalled(arg, reply, untag(tag), true);
}

/* --- asking --- */

static bool put(struct store *store, redis_reply_fn *fn, uint64_t tag)
{
	struct batch *question = &store->recalls->question;
	bool sent = redis_send(store->redis, batch_command(question, NULL, 0), fn, tag, store);

	batch_clear(question);
	return sent;
}

static bool ask_memory(struct store *store, const char *key, redis_reply_fn *fn, uint64_t tag)
{
	struct batch *question = &store->recalls->question;
	char caller[KEY_SIZE];

	if (store->phase < PHASE_RECOVERING)
		return false;
	batch_string(question, "HGETALL");
	batch_text(question, keys_caller(&store->keys, key, caller));
	return put(store, fn, tag);
}

/* Up to as many customers of the number as make it shared. */
static bool ask_customers(struct store *store, struct text number, redis_reply_fn *fn, uint64_t tag)
{
	struct batch *question = &store->recalls->question;
	char alias[KEY_SIZE];

	if (store->phase < PHASE_RECOVERING)
		return false;
	batch_string(question, "SRANDMEMBER");
	batch_text(question, keys_alias(&store->keys, number, alias));
	batch_uint(question, ALIAS_SHARED);
	return put(store, fn, tag);
}

/* The memory of the one customer whose number it is, or else the number's own. */
static bool ask_function(struct store *store, const char *key, redis_reply_fn *fn, uint64_t tag)
{
	struct batch *question = &store->recalls->question;
	char caller[KEY_SIZE], alias[KEY_SIZE];

	if (store->phase < PHASE_RECOVERING)
		return false;
	batch_string(question, "FCALL_RO");
	batch_string(question, "najimi_recall");
	batch_string(question, "2");
	batch_text(question, keys_caller(&store->keys, key, caller));
	batch_text(question, keys_alias(&store->keys, keys_number(key), alias));
	batch_string(question, store->keys.callers);
	return put(store, fn, tag);
}

/* A number is asked for with two plain commands at once, which cost Redis a third of
 * the function. Their answers come one right after the other. */
static void on_customers(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	store->recalls->customers =
	        reply != NULL && reply->type == REDIS_REPLY_ARRAY ? reply->elements : 0;
}

static void on_number(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	const struct call_card *card = directory_call(store->directory, untag(tag));

	if (reply == NULL || card == NULL || store->recalls->customers != 1 ||
	    !ask_function(store, card->facts.key, on_function, tag))
		on_recalled(store, reply, untag(tag), false);
	store->recalls->customers = 0;
}

void store_recall(struct store *store, struct call_id call)
{
	const struct call_card *card = directory_call(store->directory, call);
	uint64_t tag = (uint64_t)call.slot << 32 | call.gen;
	struct text number;
	bool sent;

	if (card == NULL)
		return;
	store->meters->recalls++;
	number = keys_number(card->facts.key);
	if (number.start != NULL)
		sent = ask_customers(store, number, on_customers, tag) &&
		       ask_memory(store, card->facts.key, on_number, tag);
	else
		sent = ask_memory(store, card->facts.key, on_memory, tag);
	if (!sent)
		answer_without_redis(store, call);
}

static void answer_reader(struct store *store, const redisReply *reply, uint64_t tag,
                          bool by_number)
{
	struct reader *reader = (struct reader *)(uintptr_t)tag;
	struct text json = { NULL, 0 };
	struct found found;
	int outcome = -ENOTCONN;

	if (!store->closing && reply != NULL &&
	    read_reply(store->recalls, reply, by_number, &found)) {
		json = tell(store->recalls, &found, reader->key);
		outcome = 0;
	}
	if (!store->closing)
		store->hooks.caller_read(reader->request, outcome, json, store->hooks.arg);
	LIST_REMOVE(reader, all);
	free(reader);
}

static void on_reader_memory(const redisReply *reply, uint64_t tag, void *arg)
{
	answer_reader(arg, reply, tag, false);
}

static void on_reader_function(const redisReply *reply, uint64_t tag, void *arg)
{
	answer_reader(arg, reply, tag, true);
}

static bool ask_for_reader(struct store *store, struct reader *reader)
{
	uint64_t tag = (uint64_t)(uintptr_t)reader;

	if (keys_number(reader->key).start != NULL)
		return ask_function(store, reader->key, on_reader_function, tag);
	return ask_memory(store, reader->key, on_reader_memory, tag);
}

void store_read_caller(struct store *store, const char *key, uint64_t request)
{
	size_t size = strlen(key) + 1;
	struct reader *reader = malloc(sizeof(*reader) + size);
	struct answer *answer;

	if (reader != NULL) {
		reader->request = request;
		memcpy(reader->key, key, size);
		LIST_INSERT_HEAD(&store->recalls->readers, reader, all);
		if (ask_for_reader(store, reader))
			return;
		LIST_REMOVE(reader, all);
		free(reader);
	}
	/* Not from in here: whoever asks is not ready for the answer yet. */
	answer = keep_answer(store->recalls);
	if (answer == NULL) {
		store->hooks.caller_read(request, -ENOTCONN, (struct text){ NULL, 0 },
		                         store->hooks.arg);
		return;
	}
	answer->for_reader = true;
	answer->request = request;
	retry_soon(store->recalls, 0);
}

int recalls_init(struct store *store, struct err *err)
{
	struct recalls *recalls = calloc(1, sizeof(*recalls));

	if (recalls == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	store->recalls = recalls;
	STAILQ_INIT(&recalls->waiting);
	LIST_INIT(&recalls->readers);
	recalls->retry = event_new(store->base, -1, 0, on_retry, store);
	return recalls->retry == NULL ? err_set(err, -ENOMEM, "out of memory") : 0;
}

void recalls_done(struct store *store)
{
	struct recalls *recalls = store->recalls;
	struct answer *answer;

	if (recalls == NULL)
		return;
	while ((answer = STAILQ_FIRST(&recalls->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&recalls->waiting, by_age);
		free(answer);
	}
	assert(LIST_EMPTY(&recalls->readers)); /* the connection has answered them all */
	if (recalls->retry != NULL)
		event_free(recalls->retry);
	batch_done(&recalls->question);
	free(recalls);
}

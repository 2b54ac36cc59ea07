#define _GNU_SOURCE /* memmem() */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "contacts.h"
#include "najimi/base/hash.h"
#include "najimi/codec/identity.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/log.h"
#include "state.h"

/* A caller who is to be forgotten: the memory goes at once, and then the records of their
 * contacts, for which the whole stream is looked through, a piece at a time. */
#define PIECE "250"
#define KEYS_MAX 3    /* as asked, and the customer whose number it is */
#define NEEDLES_MAX 9 /* texts by which a record is theirs */
#define NEEDLE_SIZE 1024
#define NAMED_MAX 10000 /* contacts of one caller; what is said of others stays, without them */

struct forgetting {
	LIST_ENTRY(forgetting) all;
	struct store *store;
	uint64_t request, erased;
	char last[64]; /* entry up to which the stream has been looked through */
	size_t keys_count, needles_count;
	char keys[KEYS_MAX][IDENTITY_SIZE];
	char needles[NEEDLES_MAX][NEEDLE_SIZE];
	uint64_t *named; /* hashes of the ids of their contacts: a survey names nothing else */
	size_t named_count;
};

struct forgets {
	LIST_HEAD(forgettings, forgetting) all;
	size_t count;
	struct batch question;
};

static void finish(struct forgetting *forgetting, int outcome)
{
	struct store *store = forgetting->store;

	LIST_REMOVE(forgetting, all);
	store->forgets->count--;
	if (!store->closing)
		store->hooks.forgotten(forgetting->request, outcome, forgetting->erased,
		                       store->hooks.arg);
	free(forgetting->named);
	free(forgetting);
}

static void send(struct forgetting *forgetting, redis_reply_fn *fn)
{
	struct store *store = forgetting->store;
	struct batch *question = &store->forgets->question;
	bool sent = redis_send(store->redis, batch_command(question, NULL, 0), fn,
	                       (uint64_t)(uintptr_t)forgetting, store);

	batch_clear(question);
	if (!sent)
		finish(forgetting, -ENOTCONN);
}

/* --- what is to go --- */

static void add_needle(struct forgetting *forgetting, const char *member, const char *value)
{
	char *needle = forgetting->needles[forgetting->needles_count];
	struct json_out out;
	size_t length;

	json_out_begin(&out, needle, NEEDLE_SIZE);
	json_object(&out, NULL);
	json_text(&out, member, value);
	json_object_end(&out);
	length = json_out_done(&out);
	if (length == 0)
		return;
	/* Without the brackets it stands so in every record that says it. */
	memmove(needle, needle + 1, length - 2);
	needle[length - 2] = '\0';
	forgetting->needles_count++;
}

static void add_key(struct forgetting *forgetting, const char *key)
{
	for (size_t i = 0; i < forgetting->keys_count; i++) {
		if (strcmp(forgetting->keys[i], key) == 0)
			return;
	}
	if (*key == '\0' || strlen(key) >= IDENTITY_SIZE || forgetting->keys_count == KEYS_MAX)
		return;
	strcpy(forgetting->keys[forgetting->keys_count++], key);
	add_needle(forgetting, "key", key);
	add_needle(forgetting, "identity", key);
	/* Where the number goes first, a record has the customer beside it. */
	if (strncmp(key, "cid:", 4) == 0)
		add_needle(forgetting, "customer_id", key + 4);
}

static void erase_memory(struct store *store, const char *key)
{
	struct batch *batch = &store->commits.lasting;
	struct text number = keys_number(key);
	struct call_card *card = NULL;
	char buffer[KEY_SIZE];

	cache_drop(store->cache, key);
	while ((card = directory_next_call(store->directory, card)) != NULL) {
		if (strcmp(card->facts.key, key) != 0)
			continue;
		free(card->story);
		card->story = NULL;
	}
	batch_open(batch, "DEL");
	batch_text(batch, keys_caller(&store->keys, key, buffer));
	batch_text(batch, keys_history(&store->keys, key, buffer));
	if (number.start != NULL)
		batch_text(batch, keys_alias(&store->keys, number, buffer));
	batch_close(batch);
	gather_mark(store);
	fcr_tell_forgotten(store, key);
}

/* --- the records --- */

/* The id of the contact that a record is, or is about. Ids have nothing to escape. */
static bool find_named(const redisReply *value, struct text *ret)
{
	static const char member[] = "\"contact\":\"";
	const char *start = memmem(value->str, value->len, member, sizeof(member) - 1), *end;

	if (start == NULL)
		return false;
	start += sizeof(member) - 1;
	end = memchr(start, '"', (size_t)(value->str + value->len - start));
	if (end == NULL)
		return false;
	*ret = (struct text){ start, (size_t)(end - start) };
	return true;
}

static uint64_t hash_of(struct text named)
{
	return hash_bytes(HASH_START, named.start, named.length);
}

/* Without memory for it a survey stays; it says nothing of who that was. */
static void note_named(struct forgetting *forgetting, const redisReply *fields)
{
	struct text named;

	if (forgetting->named == NULL)
		forgetting->named = calloc(NAMED_MAX, sizeof(*forgetting->named));
	for (size_t i = 1; forgetting->named != NULL && i < fields->elements; i += 2)
		if (forgetting->named_count < NAMED_MAX && find_named(fields->element[i], &named))
			forgetting->named[forgetting->named_count++] = hash_of(named);
}

/* It comes after its contact. */
static bool is_their_survey(const struct forgetting *forgetting, const redisReply *fields,
                            struct text *ret_contact)
{
	if (fields->elements != 2 || strcmp(fields->element[0]->str, SURVEY_FIELD) != 0 ||
	    !find_named(fields->element[1], ret_contact))
		return false;
	for (size_t i = 0; i < forgetting->named_count; i++)
		if (forgetting->named[i] == hash_of(*ret_contact))
			return true;
	return false;
}

/* Nor is it known any more that there was one. */
static void forget_survey(struct store *store, struct text contact)
{
	struct batch *batch = &store->commits.lasting;
	char buffer[KEY_SIZE];

	batch_open(batch, "DEL");
	batch_text(batch, keys_survey(&store->keys, contact, buffer));
	batch_close(batch);
	gather_mark(store);
	loop_nudge(store->loop);
}

static bool is_theirs(const struct forgetting *forgetting, const redisReply *fields)
{
	for (size_t i = 1; i < fields->elements; i += 2) {
		const redisReply *value = fields->element[i];

		for (size_t n = 0; n < forgetting->needles_count; n++) {
			const char *needle = forgetting->needles[n];

			if (memmem(value->str, value->len, needle, strlen(needle)) != NULL)
				return true;
		}
	}
	return false;
}

static void ask_piece(struct forgetting *forgetting);

/* False: the reply is not what was asked for, and that was the end of it. */
static bool check(struct forgetting *forgetting, const redisReply *reply, int type)
{
	if (reply != NULL && reply->type == type)
		return true;
	if (reply != NULL)
		log_limited(LOG_LEVEL_WARNING, "forget.failed",
		            LOG_TEXT("error", reply->type == REDIS_REPLY_ERROR ? reply->str : "?"));
	finish(forgetting, -ENOTCONN);
	return false;
}

static void on_erased(const redisReply *reply, uint64_t tag, void *arg)
{
	struct forgetting *forgetting = (struct forgetting *)(uintptr_t)tag;

	(void)arg;
	if (!check(forgetting, reply, REDIS_REPLY_INTEGER))
		return;
	forgetting->erased += (uint64_t)reply->integer;
	ask_piece(forgetting);
}

/* Whether there is something to erase in this piece; then it is in the question. */
static bool find_theirs(struct forgetting *forgetting, const redisReply *piece)
{
	struct batch *question = &forgetting->store->forgets->question;
	bool found = false;

	for (size_t i = 0; i < piece->elements; i++) {
		const redisReply *entry = piece->element[i];
		struct text contact;

		if (entry->type != REDIS_REPLY_ARRAY || entry->elements != 2 ||
		    entry->element[1]->type != REDIS_REPLY_ARRAY)
			continue;
		if (is_theirs(forgetting, entry->element[1]))
			note_named(forgetting, entry->element[1]);
		else if (is_their_survey(forgetting, entry->element[1], &contact))
			forget_survey(forgetting->store, contact);
		else
			continue;
		if (!found) {
			batch_string(question, "XDEL");
			batch_string(question, forgetting->store->keys.contacts);
		}
		found = true;
		batch_text(question,
		           (struct text){ entry->element[0]->str, entry->element[0]->len });
	}
	return found;
}

static void on_piece(const redisReply *reply, uint64_t tag, void *arg)
{
	struct forgetting *forgetting = (struct forgetting *)(uintptr_t)tag;
	const redisReply *last;

	(void)arg;
	if (!check(forgetting, reply, REDIS_REPLY_ARRAY))
		return;
	if (reply->elements == 0) {
		finish(forgetting, 0);
		return;
	}
	last = reply->element[reply->elements - 1];
	snprintf(forgetting->last, sizeof(forgetting->last), "(%s", last->element[0]->str);
	if (find_theirs(forgetting, reply))
		send(forgetting, on_erased);
	else
		ask_piece(forgetting);
}

static void ask_piece(struct forgetting *forgetting)
{
	struct batch *question = &forgetting->store->forgets->question;

	batch_string(question, "XRANGE");
	batch_string(question, forgetting->store->keys.contacts);
	batch_string(question, forgetting->last);
	batch_string(question, "+");
	batch_string(question, "COUNT");
	batch_string(question, PIECE);
	send(forgetting, on_piece);
}

/* --- whose number it is --- */

static void begin(struct forgetting *forgetting)
{
	for (size_t i = 0; i < forgetting->keys_count; i++)
		erase_memory(forgetting->store, forgetting->keys[i]);
	loop_nudge(forgetting->store->loop);
	ask_piece(forgetting);
}

static void on_customers(const redisReply *reply, uint64_t tag, void *arg)
{
	struct forgetting *forgetting = (struct forgetting *)(uintptr_t)tag;
	char key[IDENTITY_SIZE];

	(void)arg;
	if (!check(forgetting, reply, REDIS_REPLY_ARRAY))
		return;
	if (reply->elements == 1 && reply->element[0]->type == REDIS_REPLY_STRING) {
		snprintf(key, sizeof(key), "cid:%s", reply->element[0]->str);
		add_key(forgetting, key);
	}
	begin(forgetting);
}

static void ask_customers(struct forgetting *forgetting, struct text number)
{
	struct batch *question = &forgetting->store->forgets->question;
	char alias[KEY_SIZE];

	batch_string(question, "SRANDMEMBER");
	batch_text(question, keys_alias(&forgetting->store->keys, number, alias));
	batch_string(question, "2");
	send(forgetting, on_customers);
}

int store_forget(struct store *store, const char *key, const char *number_key, uint64_t request)
{
	struct forgetting *forgetting;
	struct text number = { NULL, 0 };

	if (store->phase != PHASE_LIVE)
		return -ENOTCONN;
	if (store->forgets->count == FORGETS_MAX)
		return -EBUSY;
	forgetting = calloc(1, sizeof(*forgetting));
	if (forgetting == NULL)
		return -ENOMEM;
	forgetting->store = store;
	forgetting->request = request;
	strcpy(forgetting->last, "-");
	add_key(forgetting, key);
	add_key(forgetting, number_key);
	for (size_t i = 0; i < forgetting->keys_count && number.start == NULL; i++)
		number = keys_number(forgetting->keys[i]);
	LIST_INSERT_HEAD(&store->forgets->all, forgetting, all);
	store->forgets->count++;
	if (number.start != NULL)
		ask_customers(forgetting, number);
	else
		begin(forgetting);
	return 0;
}

int forgets_init(struct store *store, struct err *err)
{
	store->forgets = calloc(1, sizeof(*store->forgets));
	if (store->forgets == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	LIST_INIT(&store->forgets->all);
	return 0;
}

void forgets_done(struct store *store)
{
	if (store->forgets == NULL)
		return;
	/* The connection has answered all questions, and so ended them. */
	batch_done(&store->forgets->question);
	free(store->forgets);
}

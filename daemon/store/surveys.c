#include <errno.h>
#include <stdlib.h>

#include "contacts.h"
#include "members.h"
#include "najimi/shell/clock.h"
#include "state.h"

/* What callers say of a contact afterwards, and which contact that is: Redis knows those of
 * the last month (fcr.lua, answered). */
#define SURVEY_SIZE 16384 /* the longest comment, escaped, has room */

/* Words of what fcr.lua's read_facts() has, from 0 on. */
#define FLAGS 3
#define QUEUE 5
#define AGENT 7

/* --- finding --- */

/* Copies the `index`th word; "" when there is none. */
static void cut(struct text facts, size_t index, char *ret, size_t size)
{
	const char *at = facts.start, *end = facts.start + facts.length;
	size_t length = 0;

	while (index > 0 && at < end)
		index -= *at++ == '\t';
	while (index == 0 && at + length < end && at[length] != '\t' && length + 1 < size)
		length++;
	memcpy(ret, at, length);
	ret[length] = '\0';
}

static void on_found(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	char flags[16], queue[160], agent[160];
	struct contact_known known = { queue, agent, false };
	int outcome = -ENOTCONN;

	if (reply != NULL && reply->type == REDIS_REPLY_NIL)
		outcome = -ENOENT;
	if (reply != NULL && reply->type == REDIS_REPLY_STRING) {
		struct text facts = { reply->str, reply->len };

		cut(facts, FLAGS, flags, sizeof(flags));
		cut(facts, QUEUE, queue, sizeof(queue));
		cut(facts, AGENT, agent, sizeof(agent));
		known.surveyed = strchr(flags, 's') != NULL;
		outcome = 0;
	}
	if (!store->closing && store->hooks.contact_found != NULL)
		store->hooks.contact_found(tag, outcome, &known, store->hooks.arg);
}

int store_find_contact(struct store *store, const char *contact, uint64_t request)
{
	struct batch command = { 0 };
	bool sent;

	if (store->phase != PHASE_LIVE)
		return -ENOTCONN;
	batch_string(&command, "HGET");
	batch_string(&command, store->keys.answered);
	batch_string(&command, contact);
	sent = redis_send(store->redis, batch_command(&command, NULL, 0), on_found, request, store);
	batch_done(&command);
	return sent ? 0 : -ENOTCONN;
}

/* --- keeping --- */

static void put_answer(struct json_out *out, const char *name, int answer)
{
	if (answer >= 0)
		json_int(out, name, answer);
}

/* As it was said, for whoever reads the stream. */
static void append_survey(struct store *store, const struct survey *survey)
{
	struct batch *batch = &store->commits.lasting;
	struct json_out out;
	char *value;

	memories_open_entry(store, SURVEY_FIELD);
	value = batch_reserve(batch, SURVEY_SIZE);
	if (value != NULL) {
		json_out_begin(&out, value, SURVEY_SIZE);
		json_object(&out, NULL);
		json_uint(&out, "v", RECORD_VERSION);
		json_text(&out, "contact", survey->contact);
		put_answer(&out, "nps", survey->nps);
		put_answer(&out, "csat", survey->csat);
		if (survey->resolved != SURVEY_UNSAID)
			json_bool(&out, "resolved", survey->resolved == SURVEY_YES);
		for (unsigned part = 0; part < SURVEY_PARTS; part++)
			put_answer(&out, survey_part_name((enum survey_part)part),
			           survey->index[part]);
		if (survey->comment[0] != '\0')
			json_text(&out, "comment", survey->comment);
		json_text(&out, "by", survey->by);
		json_instant(&out, "at", clock_now());
		json_object_end(&out);
		batch_written(batch, json_out_done(&out));
	}
	batch_close(batch);
}

/* As it is to be added: places in lists, from 1 on, and numbers. */
static struct text counted(const struct survey *survey, char *buffer, size_t size)
{
	struct json_out out;

	json_out_begin(&out, buffer, size);
	json_object(&out, NULL);
	if (survey->nps >= 0)
		json_int(&out, "nps", survey->nps >= 9 ? 3 : survey->nps >= 7 ? 2 : 1);
	put_answer(&out, "csat", survey->csat);
	if (survey->resolved != SURVEY_UNSAID)
		json_int(&out, "solved", survey->resolved == SURVEY_YES ? 1 : 2);
	for (unsigned part = 0; part < SURVEY_PARTS; part++)
		put_answer(&out, survey_part_name((enum survey_part)part), survey->index[part]);
	json_object_end(&out);
	return (struct text){ buffer, json_out_done(&out) };
}

void store_survey(struct store *store, const struct survey *survey)
{
	char buffer[256];

	append_survey(store, survey);
	history_add_survey(store, survey->contact);
	fcr_tell_survey(store, survey->contact, counted(survey, buffer, sizeof(buffer)));
	gather_mark(store);
}

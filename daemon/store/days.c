#include <stdio.h>

#include "day_json.h"
#include "days.h"
#include "najimi/shell/log.h"
#include "state.h"

/* The daybook in Redis. Rows go with the batch that has the calls they were counted from,
 * whole: each is what it is by then, so one that goes twice does no harm, and what an
 * answer is missing for simply goes once more. */

void store_keep_days(struct store *store, struct daybook *daybook)
{
	store->days.book = daybook;
}

/* Zones differ, and clocks change, by quarters of an hour. */
const char *days_hour(struct store *store, usec_t at)
{
	struct days *days = &store->days;

	if (days->hour[0] == '\0' || at / MINUTE(15) != days->quarter) {
		days->quarter = at / MINUTE(15);
		fcr_hour_write(at, days->hour);
	}
	return days->hour;
}

bool days_have_news(struct store *store)
{
	if (store->days.book == NULL)
		return false;
	daybook_collect(store->days.book, false);
	return daybook_has_news(store->days.book);
}

void days_settle(struct store *store)
{
	if (store->days.book == NULL)
		return;
	daybook_settle(store->days.book);
	if (daybook_has_news(store->days.book))
		gather_mark(store);
}

/* --- writing --- */

static struct text key_of(const struct store *store, const struct day_row *row,
                          char buffer[KEY_SIZE])
{
	return row->kind == DAY_ROW_TOTAL ? text_of(store->keys.totals)
	                                  : keys_day(&store->keys, row->day, buffer);
}

/* Said once for each day and connection: days go by themselves. */
static bool wants_end(const struct store *store, const struct day_row *row)
{
	return row->kind != DAY_ROW_TOTAL && strcmp(store->days.ended, row->day) != 0;
}

static void put_end(struct store *store, struct batch *batch, const struct day_row *row)
{
	char buffer[KEY_SIZE];

	memcpy(store->days.ended, row->day, DAY_SIZE);
	batch_open(batch, "PEXPIRE");
	batch_text(batch, key_of(store, row, buffer));
	batch_ms(batch, store->days.keep);
	batch_close(batch);
}

void days_write(struct store *store, struct batch *batch)
{
	struct wide_op op = { batch, "HSET", "" };
	char buffer[KEY_SIZE], next[KEY_SIZE], field[DAY_FIELD_SIZE];
	const struct day_row *row;

	if (store->days.book == NULL)
		return;
	daybook_collect(store->days.book, false);
	while ((row = daybook_take(store->days.book, store->commits.next)) != NULL) {
		struct text key = key_of(store, row, next);
		char *value;

		if (!text_is(key, op.key)) {
			wide_op_end(&op);
			memcpy(buffer, key.start, key.length + 1);
			op.key = buffer;
		}
		wide_op_next(&op);
		batch_text(batch, day_field(row, field));
		value = batch_reserve(batch, DAY_VALUE_SIZE);
		if (value != NULL)
			batch_written(batch, day_value(row, value, DAY_VALUE_SIZE));
		if (wants_end(store, row)) {
			wide_op_end(&op);
			put_end(store, batch, row);
		}
	}
	wide_op_end(&op);
}

void days_kept(struct store *store, uint64_t commit)
{
	if (store->days.book != NULL)
		daybook_kept(store->days.book, commit);
}

void days_lost(struct store *store, uint64_t commit)
{
	store->days.ended[0] = '\0';
	if (store->days.book != NULL)
		daybook_lost(store->days.book, commit);
}

/* --- reading at start --- */

static void ask_next_day(struct store *store);

static void ask(struct store *store, struct text key, redis_reply_fn *fn)
{
	struct batch batch = { 0 };

	batch_string(&batch, "HGETALL");
	batch_text(&batch, key);
	if (!redis_send(store->redis, batch_command(&batch, NULL, 0), fn, 0, store))
		redis_drop(store->redis, "out of memory for the days' figures");
	batch_done(&batch);
}

/* What cannot be used is said, and left where it is. */
static void load(struct store *store, const char *day, const redisReply *field,
                 const redisReply *value)
{
	struct text name = { field->str, (size_t)field->len };
	struct err err = { 0 };
	struct day_read read;
	int r = day_read(store->days.book, day, name,
	                 (struct text){ value->str, (size_t)value->len }, &read, &err);

	if (r == 0 && !daybook_load(store->days.book, &read.row))
		r = err_set(&err, -1, "there is no room for it");
	if (r < 0 && err.text[0] != '\0') {
		store->days.unreadable++;
		log_limited(LOG_LEVEL_ERROR, "day.unreadable",
		            LOG_TEXT("day", day == NULL ? "totals" : day),
		            LOG_TEXT("field", field->str), LOG_TEXT("error", err.text));
	}
}

static bool load_all(struct store *store, const char *day, const redisReply *reply)
{
	if (reply == NULL || store->phase != PHASE_RECOVERING)
		return false;
	if (reply->type != REDIS_REPLY_ARRAY) {
		redis_drop(store->redis,
		           reply->type == REDIS_REPLY_ERROR ? reply->str : "no hash of figures");
		return false;
	}
	for (size_t i = 0; i + 1 < reply->elements; i += 2)
		load(store, day, reply->element[i], reply->element[i + 1]);
	return true;
}

static void on_day(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	char day[DAY_SIZE];

	(void)tag;
	site_day_write(store->days.next, day);
	if (!load_all(store, day, reply))
		return;
	store->days.next++;
	ask_next_day(store);
}

static void ask_next_day(struct store *store)
{
	char day[DAY_SIZE], buffer[KEY_SIZE];

	if (store->days.next > store->days.last) {
		daybook_open(store->days.book);
		store->days.loaded(store);
		return;
	}
	site_day_write(store->days.next, day);
	ask(store, keys_day(&store->keys, day, buffer), on_day);
}

static void on_totals(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;

	(void)tag;
	if (!load_all(store, NULL, reply))
		return;
	daybook_load_range(store->days.book, &store->days.next, &store->days.last);
	ask_next_day(store);
}

void days_load(struct store *store, void (*loaded)(struct store *store))
{
	if (store->days.book == NULL) {
		loaded(store);
		return;
	}
	store->days.loaded = loaded;
	store->days.unreadable = 0;
	daybook_load_begin(store->days.book);
	ask(store, text_of(store->keys.totals), on_totals);
}

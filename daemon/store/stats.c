#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "day_json.h"
#include "najimi/shell/log.h"
#include "state.h"
#include "stats_json.h"

/* Figures of several days, for whoever asks. Days that are over are read from Redis a
 * piece at a time, for other work goes on meanwhile; today is known. */
#define PIECE "300"
#define LINES_MAX 20000 /* queues or agents in one answer */

/* HSCAN may tell a field twice. */
struct seen {
	UT_hash_handle hh;
	char field[];
};

struct asking {
	LIST_ENTRY(asking) all;
	struct store *store;
	uint64_t request;
	struct stats_question question;
	int64_t next, last; /* days; `next` is being read */
	char day[DAY_SIZE]; /* likewise */
	char cursor[24];
	struct seen *seen; /* of this day */
	struct stats_line *lines;
	size_t lines_count;
	bool failed; /* out of memory */
};

struct askings {
	LIST_HEAD(asking_list, asking) all;
	size_t count;
	struct batch command;
};

static void read_on(struct asking *asking);

static void forget_seen(struct asking *asking)
{
	struct seen *seen, *next;

	HASH_ITER(hh, asking->seen, seen, next)
	{
		HASH_DELETE(hh, asking->seen, seen);
		free(seen);
	}
}

static void finish(struct asking *asking, int outcome)
{
	struct store *store = asking->store;
	struct text json = { NULL, 0 };
	char *bytes = NULL;

	LIST_REMOVE(asking, all);
	store->askings->count--;
	if (outcome == 0)
		bytes = stats_write(&asking->question, daybook_zone(store->days.book),
		                    &asking->lines, &json.length);
	json.start = bytes;
	if (outcome == 0 && bytes == NULL)
		outcome = -ENOMEM;
	if (!store->closing && store->hooks.stats_read != NULL)
		store->hooks.stats_read(asking->request, outcome, json, store->hooks.arg);
	free(bytes);
	forget_seen(asking);
	stats_lines_free(&asking->lines);
	free(asking);
}

/* --- adding up --- */

/* The line that a row belongs to; NULL: it is not asked for, or there is no room. */
static struct stats_line *find_line(struct asking *asking, const struct day_row *row)
{
	bool of_agents = asking->question.by == STATS_BY_AGENT;
	struct stats_line *line;
	const char *name = row->name;
	char hour[16];

	if (of_agents != (row->kind == DAY_ROW_AGENT))
		return NULL;
	snprintf(hour, sizeof(hour), "%02u", row->hour);
	if (asking->question.by == STATS_BY_HOUR)
		name = hour;
	else if (asking->question.by == STATS_BY_DAY)
		name = asking->day;
	line = stats_find_line(&asking->lines, name, of_agents,
	                       asking->lines_count < LINES_MAX ? &asking->lines_count : NULL);
	asking->failed = asking->failed || line == NULL;
	return line;
}

static void add_row(const struct day_row *row, void *arg)
{
	struct asking *asking = arg;
	struct stats_line *line = find_line(asking, row);

	if (line == NULL)
		return;
	if (row->kind == DAY_ROW_AGENT) {
		agent_day_add(&line->of.agent, row->agent);
		line->days++;
	} else {
		day_figures_add(&line->of.figures, row->figures);
	}
}

/* --- reading --- */

static bool is_new(struct asking *asking, struct text field)
{
	struct seen *seen;

	HASH_FIND(hh, asking->seen, field.start, field.length, seen);
	if (seen != NULL)
		return false;
	seen = calloc(1, sizeof(*seen) + field.length);
	if (seen != NULL) {
		memcpy(seen->field, field.start, field.length);
		HASH_ADD_KEYPTR(hh, asking->seen, seen->field, field.length, seen);
	}
	if (seen == NULL || seen->hh.tbl == NULL) {
		free(seen);
		asking->failed = true;
		return false;
	}
	return true;
}

static void add_field(struct asking *asking, const redisReply *field, const redisReply *value)
{
	struct text name = { field->str, (size_t)field->len };
	struct err err = { 0 };
	struct day_read read;

	if (!is_new(asking, name))
		return;
	if (day_read(asking->store->days.book, asking->day, name,
	             (struct text){ value->str, (size_t)value->len }, &read, &err) == 0)
		add_row(&read.row, asking);
	else if (err.text[0] != '\0')
		log_limited(LOG_LEVEL_WARNING, "day.unreadable", LOG_TEXT("day", asking->day),
		            LOG_TEXT("field", field->str), LOG_TEXT("error", err.text));
}

static void on_piece(const redisReply *reply, uint64_t tag, void *arg)
{
	struct asking *asking = (struct asking *)(uintptr_t)tag;
	const redisReply *fields;

	(void)arg;
	if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2 ||
	    reply->element[1]->type != REDIS_REPLY_ARRAY) {
		finish(asking, -ENOTCONN);
		return;
	}
	fields = reply->element[1];
	for (size_t i = 0; i + 1 < fields->elements; i += 2)
		add_field(asking, fields->element[i], fields->element[i + 1]);
	snprintf(asking->cursor, sizeof(asking->cursor), "%s", reply->element[0]->str);
	if (strcmp(asking->cursor, "0") == 0) {
		forget_seen(asking);
		asking->next++;
	}
	read_on(asking);
}

static bool ask(struct asking *asking)
{
	struct store *store = asking->store;
	struct batch *command = &store->askings->command;
	char buffer[KEY_SIZE];
	bool sent;

	batch_string(command, "HSCAN");
	batch_text(command, keys_day(&store->keys, asking->day, buffer));
	batch_string(command, asking->cursor);
	batch_string(command, "MATCH");
	batch_string(command, asking->question.by == STATS_BY_AGENT ? "agent/*" : "queue/*");
	batch_string(command, "COUNT");
	batch_string(command, PIECE);
	sent = redis_send(store->redis, batch_command(command, NULL, 0), on_piece,
	                  (uint64_t)(uintptr_t)asking, store);
	batch_clear(command);
	return sent;
}

static void read_on(struct asking *asking)
{
	struct daybook *book = asking->store->days.book;

	while (!asking->failed && asking->next <= asking->last) {
		site_day_write(asking->next, asking->day);
		if (strcmp(asking->day, daybook_today(book)) != 0) {
			if (!ask(asking))
				finish(asking, -ENOTCONN);
			return;
		}
		daybook_each_today(book, add_row, asking);
		asking->next++;
	}
	finish(asking, asking->failed ? -ENOMEM : 0);
}

int store_read_stats(struct store *store, const struct stats_question *question, uint64_t request)
{
	struct asking *asking;
	int64_t today;

	if (question->fcr)
		return fcr_read(store, question, request);
	if (store->days.book == NULL || !daybook_is_open(store->days.book))
		return -ENOTCONN;
	if (store->askings->count == STATS_ASKED_MAX)
		return -EBUSY;
	asking = calloc(1, sizeof(*asking));
	if (asking == NULL)
		return -ENOMEM;
	asking->store = store;
	asking->request = request;
	asking->question = *question;
	strcpy(asking->cursor, "0");
	if (site_day_read(text_of(question->from), &asking->next) < 0 ||
	    site_day_read(text_of(question->to), &asking->last) < 0 ||
	    site_day_read(text_of(daybook_today(store->days.book)), &today) < 0) {
		free(asking);
		return -EINVAL;
	}
	if (asking->last > today)
		asking->last = today;
	LIST_INSERT_HEAD(&store->askings->all, asking, all);
	store->askings->count++;
	read_on(asking);
	return 0;
}

int askings_init(struct store *store, struct err *err)
{
	store->askings = calloc(1, sizeof(*store->askings));
	if (store->askings == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	LIST_INIT(&store->askings->all);
	return 0;
}

void askings_done(struct store *store)
{
	if (store->askings == NULL)
		return;
	/* The connection has answered all that were under way. */
	batch_done(&store->askings->command);
	free(store->askings);
	store->askings = NULL;
}

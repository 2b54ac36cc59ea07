#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "fcr_json.h"
#include "state.h"

/* First contact resolution of several days, for whoever asks: read from Redis a piece of a
 * day at a time. */
#define PIECE "300"
#define ROWS_MAX 2000 /* the others are "other" */

/* A name as it stands in the day's hash. HSCAN may tell a field twice: a figure that there
 * is already is not added again. */
struct source {
	UT_hash_handle hh;
	struct fcr_figures figures;
	struct source_seen {
		size_t length;
		char what[32];
	} seen[32];
	size_t seen_count;
	char name[];
};

struct asking {
	struct store *store;
	uint64_t request;
	struct stats_question question;
	int64_t next, last; /* days; `next` is being read */
	char cursor[24];
	struct source *sources; /* of this day */
	struct fcr_row *rows;
	struct fcr_row total;
	size_t rows_count;
	bool failed; /* out of memory */
};

static void read_on(struct asking *asking);

static void forget_sources(struct asking *asking)
{
	struct source *source, *next;

	HASH_ITER(hh, asking->sources, source, next)
	{
		HASH_DELETE(hh, asking->sources, source);
		free(source);
	}
}

static void free_rows(struct asking *asking)
{
	struct fcr_row *row, *next;

	HASH_ITER(hh, asking->rows, row, next)
	{
		HASH_DELETE(hh, asking->rows, row);
		free(row->name);
		free(row);
	}
}

static void finish(struct asking *asking, int outcome)
{
	struct store *store = asking->store;
	struct text json = { NULL, 0 };
	char *bytes = NULL;

	store->fcr.asked--;
	if (outcome == 0)
		bytes = fcr_write(&asking->question, daybook_zone(store->days.book), &asking->rows,
		                  asking->question.by == STATS_BY_GROUP ? NULL : &asking->total,
		                  &json.length);
	json.start = bytes;
	if (outcome == 0 && bytes == NULL)
		outcome = -ENOMEM;
	if (!store->closing && store->hooks.stats_read != NULL)
		store->hooks.stats_read(asking->request, outcome, json, store->hooks.arg);
	free(bytes);
	forget_sources(asking);
	free_rows(asking);
	free(asking);
}

/* --- adding up --- */

static struct fcr_row *find_row(struct asking *asking, struct text name)
{
	struct fcr_row *row;

	HASH_FIND(hh, asking->rows, name.start, name.length, row);
	if (row == NULL && asking->rows_count >= ROWS_MAX) {
		name = TEXT("other");
		HASH_FIND(hh, asking->rows, name.start, name.length, row);
	}
	if (row != NULL)
		return row;
	row = calloc(1, sizeof(*row));
	if (row == NULL)
		return NULL;
	row->name = strndup(name.start, name.length);
	if (row->name != NULL)
		HASH_ADD_KEYPTR(hh, asking->rows, row->name, name.length, row);
	if (row->hh.tbl == NULL) {
		free(row->name);
		free(row);
		return NULL;
	}
	asking->rows_count++;
	return row;
}

static bool is_by_hour(const struct asking *asking)
{
	enum stats_by by = asking->question.by;

	return by == STATS_BY_QUEUE || by == STATS_BY_DAY || by == STATS_BY_HOUR;
}

/* The row that a name of the day's hash belongs to: of "09:sales" the queue, the hour, or the
 * day. False: it is somebody else's. */
static bool name_row(const struct asking *asking, const struct source *source, const char *day,
                     struct text *ret)
{
	struct text name = text_of(source->name), queue;
	unsigned hour;

	if (is_by_hour(asking) && !fcr_hour_read(name, &hour, &queue))
		return false;
	if (asking->question.by == STATS_BY_QUEUE)
		name = queue;
	else if (asking->question.by == STATS_BY_HOUR)
		name.length = 2;
	else if (asking->question.by == STATS_BY_DAY)
		name = text_of(day);
	*ret = name;
	return true;
}

static void close_day(struct asking *asking, const char *day)
{
	struct source *source, *next;
	struct fcr_row *row, *next_row;
	bool final[FCR_CELLS];
	struct text name;

	HASH_ITER(hh, asking->sources, source, next)
	{
		if (!name_row(asking, source, day, &name))
			continue;
		row = find_row(asking, name);
		asking->failed = asking->failed || row == NULL;
		if (row == NULL)
			continue;
		fcr_figures_add(&row->day, &source->figures);
		fcr_figures_add(&asking->total.day, &source->figures);
	}
	forget_sources(asking);
	fcr_day_is_final(&asking->total.day, final);
	HASH_ITER(hh, asking->rows, row, next_row)
	{
		fcr_row_close_day(row, final);
	}
	fcr_row_close_day(&asking->total, final);
}

/* --- reading --- */

static struct source *find_source(struct asking *asking, struct text name)
{
	struct source *source;

	HASH_FIND(hh, asking->sources, name.start, name.length, source);
	if (source != NULL)
		return source;
	source = calloc(1, sizeof(*source) + name.length + 1);
	if (source == NULL)
		return NULL;
	memcpy(source->name, name.start, name.length);
	HASH_ADD_KEYPTR(hh, asking->sources, source->name, name.length, source);
	if (source->hh.tbl != NULL)
		return source;
	free(source);
	return NULL;
}

static bool is_new(struct source *source, struct text what)
{
	struct source_seen *seen;

	for (size_t i = 0; i < source->seen_count; i++)
		if (source->seen[i].length == what.length &&
		    memcmp(source->seen[i].what, what.start, what.length) == 0)
			return false;
	if (source->seen_count == ARRAY_LEN(source->seen) || what.length > sizeof(seen->what))
		return false; /* more kinds of figures than there are */
	seen = &source->seen[source->seen_count++];
	seen->length = what.length;
	memcpy(seen->what, what.start, what.length);
	return true;
}

static void add_field(struct asking *asking, const redisReply *field, const redisReply *value)
{
	struct fcr_figures figures = { 0 };
	struct text what, name;
	struct source *source;

	if (!fcr_field_read((struct text){ field->str, field->len }, &what, &name) ||
	    !fcr_figures_read(&figures, what, (struct text){ value->str, value->len }))
		return; /* somebody else's */
	source = find_source(asking, name);
	if (source == NULL)
		asking->failed = true;
	else if (is_new(source, what))
		fcr_figures_add(&source->figures, &figures);
}

static void on_piece(const redisReply *reply, uint64_t tag, void *arg)
{
	struct asking *asking = (struct asking *)(uintptr_t)tag;
	const redisReply *fields;
	char day[DAY_SIZE];

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
		site_day_write(asking->next, day);
		close_day(asking, day);
		asking->next++;
	}
	read_on(asking);
}

static bool ask(struct asking *asking)
{
	struct store *store = asking->store;
	enum stats_by by = asking->question.by;
	char buffer[KEY_SIZE], day[DAY_SIZE];
	struct batch command = { 0 };
	bool sent;

	/* A queue is the sum of its hours, and a day of its queues. */
	if (is_by_hour(asking))
		by = STATS_BY_HOUR;
	site_day_write(asking->next, day);
	batch_string(&command, "HSCAN");
	batch_text(&command, keys_fcr(&store->keys, day, stats_by_name(by), buffer));
	batch_string(&command, asking->cursor);
	batch_string(&command, "COUNT");
	batch_string(&command, PIECE);
	sent = redis_send(store->redis, batch_command(&command, NULL, 0), on_piece,
	                  (uint64_t)(uintptr_t)asking, store);
	batch_done(&command);
	return sent;
}

static void read_on(struct asking *asking)
{
	if (asking->failed || asking->next > asking->last)
		finish(asking, asking->failed ? -ENOMEM : 0);
	else if (!ask(asking))
		finish(asking, -ENOTCONN);
}

int fcr_read(struct store *store, const struct stats_question *question, uint64_t request)
{
	struct asking *asking;
	int64_t today;

	if (store->days.book == NULL || !daybook_is_open(store->days.book) ||
	    store->phase != PHASE_LIVE)
		return -ENOTCONN;
	if (store->fcr.asked == STATS_ASKED_MAX)
		return -EBUSY;
	asking = calloc(1, sizeof(*asking));
	if (asking == NULL || site_day_read(text_of(question->from), &asking->next) < 0 ||
	    site_day_read(text_of(question->to), &asking->last) < 0 ||
	    site_day_read(text_of(daybook_today(store->days.book)), &today) < 0) {
		free(asking);
		return -ENOMEM;
	}
	store->fcr.asked++;
	asking->store = store;
	asking->request = request;
	asking->question = *question;
	strcpy(asking->cursor, "0");
	if (asking->last > today)
		asking->last = today;
	read_on(asking);
	return 0;
}

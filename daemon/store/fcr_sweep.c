#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "fcr.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "state.h"

/* The leader has Redis take in what was told and count what is due, a few contacts at a
 * time, so that nobody waits: decisions go between. What the book shows is read back, from
 * time to time, when something has changed. */
#define EVERY SEC(1)
#define LIMIT "40" /* contacts of one step: a millisecond or two of Redis' time */
#define PAUSES 3   /* as much longer than a step took is waited before the next */
#define READ_EVERY SEC(5)
#define LOOK_AT_ONCE 2000 /* live calls */
#define CALL_MAX HOUR(24) /* who waits for longer does not hold up what is due */

enum reading {
	READING_NOTHING,
	READING_EVER,
	READING_GROUPS,
	READING_TODAY,
	READING_FINAL
};

struct fcr_sweep {
	struct store *store;
	struct event *timer;
	bool asking;        /* an answer is under way */
	bool told;          /* something is new since the last step */
	bool changed;       /* since the book was read */
	usec_t due;         /* when the next contact matures; USEC_NEVER: none, 0: not known */
	usec_t horizon;     /* Redis knows of every contact that began before */
	usec_t oldest;      /* live call that has been looked at */
	uint32_t look_from; /* the next one to look at */

	enum reading reading;
	usec_t read_at; /* monotonic */
	char today[DAY_SIZE], final_day[DAY_SIZE];
};

static void alarm_in(struct fcr_sweep *sweep, usec_t delay)
{
	struct timeval tv = { .tv_sec = (time_t)(delay / SEC(1)),
		              .tv_usec = (suseconds_t)(delay % SEC(1)) };

	event_add(sweep->timer, &tv);
}

static bool ask(struct fcr_sweep *sweep, struct batch *command, redis_reply_fn *fn)
{
	bool sent = redis_send(sweep->store->redis, batch_command(command, NULL, 0), fn, 0,
	                       sweep->store);

	batch_done(command);
	sweep->asking = sent;
	return sent;
}

/* --- the book --- */

static void read_hash(struct fcr_sweep *sweep, struct text key);

/* Of days only the hours of queues, which have a hash of their own. */
static struct text day_key(struct fcr_sweep *sweep, const char *day, char buffer[KEY_SIZE])
{
	return keys_fcr(&sweep->store->keys, day, stats_by_name(STATS_BY_HOUR), buffer);
}

static void read_part(struct fcr_sweep *sweep)
{
	char buffer[KEY_SIZE];

	switch (sweep->reading) {
	case READING_NOTHING:
		break;
	case READING_EVER:
		read_hash(sweep, text_of(sweep->store->keys.matured));
		break;
	case READING_GROUPS:
		read_hash(sweep, text_of(sweep->store->keys.matured_groups));
		break;
	case READING_TODAY:
		read_hash(sweep, day_key(sweep, sweep->today, buffer));
		break;
	case READING_FINAL:
		read_hash(sweep, day_key(sweep, sweep->final_day, buffer));
		break;
	}
}

static void read_next(struct fcr_sweep *sweep)
{
	if (sweep->reading == READING_FINAL) {
		sweep->reading = READING_NOTHING;
		fcrbook_open(sweep->store->fcr.book);
		alarm_in(sweep, EVERY);
		return;
	}
	sweep->reading++;
	read_part(sweep);
}

static void on_part(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	struct fcr_sweep *sweep = store->fcr_sweep;
	struct fcrbook *book = store->fcr.book;

	(void)tag;
	sweep->asking = false;
	if (reply == NULL) {
		alarm_in(sweep, EVERY);
		return;
	}
	if (reply->type == REDIS_REPLY_ARRAY) {
		for (size_t i = 0; i + 1 < reply->elements; i += 2)
			fcrbook_field(
			        book,
			        (struct text){ reply->element[i]->str, reply->element[i]->len },
			        (struct text){ reply->element[i + 1]->str,
			                       reply->element[i + 1]->len });
		fcrbook_end(book);
	}
	read_next(sweep);
}

/* Totals and the hours of a day are few, and one that is changed meanwhile might be told
 * twice in pieces. */
static void read_hash(struct fcr_sweep *sweep, struct text key)
{
	static const enum fcrbook_part parts[] = { [READING_EVER] = FCRBOOK_EVER,
		                                   [READING_GROUPS] = FCRBOOK_GROUPS,
		                                   [READING_TODAY] = FCRBOOK_TODAY,
		                                   [READING_FINAL] = FCRBOOK_FINAL };
	struct batch command = { 0 };

	fcrbook_begin(sweep->store->fcr.book, parts[sweep->reading]);
	batch_string(&command, "HGETALL");
	batch_text(&command, key);
	if (!ask(sweep, &command, on_part))
		alarm_in(sweep, EVERY);
}

static void read_days(struct fcr_sweep *sweep)
{
	char hour[FCR_HOUR_SIZE];
	int64_t today;

	fcr_hour_write(clock_now(), hour);
	hour[DAY_SIZE - 1] = '\0';
	memcpy(sweep->today, hour, DAY_SIZE);
	if (site_day_read(text_of(sweep->today), &today) == 0)
		site_day_write(today - FCR_FINAL_DAYS, sweep->final_day);
}

/* --- counting --- */

/* Whose memory this call will be a contact of, "" nobody's. */
static const char *caller_of(const struct call_slot *slot, const struct call_card *card)
{
	const struct recalled *recalled = slot->recalled;

	if (recalled != NULL && recalled->shared)
		return "";
	return recalled != NULL && recalled->key != NULL ? recalled->key : card->facts.key;
}

/* Whatever becomes of it. */
static bool is_long_contact(const struct store *store, const struct call_record *record, usec_t now)
{
	const struct queue_options *queue =
	        directory_queue_options(store->directory, record->queue);
	usec_t talk = record->talk;

	if (record->state != CALL_TALKING && record->state != CALL_HELD)
		return false;
	if (record->state == CALL_TALKING && now > record->since)
		talk += now - record->since;
	return now > record->arrived_at + store->fcr.long_call &&
	       (queue == NULL || talk >= queue->plan.min_talk);
}

/* Whether this call may yet be a repeat that Redis has not been told of. One that is long
 * and goes on is told of, so that it holds nothing up. */
static bool may_repeat(struct fcr_sweep *sweep, struct call_id id, const struct call_record *record,
                       usec_t now)
{
	struct store *store = sweep->store;
	const struct call_card *card = directory_call(store->directory, id);
	struct call_slot *slot = gather_slot(store, id);
	const char *caller;

	if (card == NULL || slot == NULL)
		return true;
	caller = caller_of(slot, card);
	if (*caller == '\0')
		return false;
	if (!is_long_contact(store, record, now))
		return true;
	if (!slot->told_long) {
		slot->told_long = true;
		fcr_tell_long(store, card, caller, record, now);
		loop_nudge(store->loop);
	}
	return false;
}

/* Nobody who could still make a repeat of what is due may be on the line, for their contact
 * is told when they have hung up; and what was told must have been sent. All live calls are
 * looked at, some at a time: those that come meanwhile are younger than the look. What held
 * once holds ever after. */
static void move_horizon(struct fcr_sweep *sweep, usec_t now)
{
	const struct store *store = sweep->store;
	const struct core *core = loop_core(store->loop);
	usec_t slack = store->fcr.slack;
	struct call_record record;
	struct call_id id;
	unsigned looked = 0;

	if (sweep->look_from == 0)
		sweep->oldest = now;
	while (looked++ < LOOK_AT_ONCE && core_next_call(core, sweep->look_from, &id)) {
		if (core_get_call(core, id, &record) && record.arrived_at < sweep->oldest &&
		    may_repeat(sweep, id, &record, now))
			sweep->oldest = record.arrived_at;
		sweep->look_from = id.slot + 1;
	}
	if (looked <= LOOK_AT_ONCE && commits_all_sent(store)) {
		if (sweep->oldest + CALL_MAX < now)
			sweep->oldest = now - CALL_MAX;
		if (sweep->oldest > slack && sweep->oldest - slack > sweep->horizon)
			sweep->horizon = sweep->oldest - slack;
		sweep->look_from = 0;
	}
}

static void on_step(const redisReply *reply, uint64_t tag, void *arg)
{
	struct store *store = arg;
	struct fcr_sweep *sweep = store->fcr_sweep;
	usec_t took;
	long long due;

	(void)tag;
	sweep->asking = false;
	if (reply == NULL) {
		alarm_in(sweep, EVERY);
		return;
	}
	if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 + FCR_WINDOWS) {
		log_limited(LOG_LEVEL_ERROR, "fcr.failed",
		            LOG_TEXT("error", reply->type == REDIS_REPLY_ERROR
		                                      ? reply->str
		                                      : "najimi_mature: not our function"));
		alarm_in(sweep, EVERY);
		return;
	}
	due = reply->element[2]->integer;
	sweep->due = due < 0 ? USEC_NEVER : MSEC((usec_t)due);
	sweep->changed = sweep->changed || reply->element[0]->integer > 0;
	for (unsigned window = 0; store->fcr.book != NULL && window < FCR_WINDOWS; window++)
		fcrbook_set_maturing(store->fcr.book, (enum fcr_window)window,
		                     (uint64_t)reply->element[3 + window]->integer);
	took = redis_took(store->redis);
	if (reply->element[1]->integer != 0) {
		sweep->told = true;
		took = took * PAUSES > EVERY ? EVERY : took * PAUSES;
		alarm_in(sweep, took < MSEC(2) ? MSEC(2) : took);
	} else {
		alarm_in(sweep, EVERY);
	}
}

static bool step(struct fcr_sweep *sweep, usec_t now)
{
	struct store *store = sweep->store;
	struct batch command = { 0 };

	sweep->told = !commits_all_sent(store); /* then some of it comes after this step */
	batch_string(&command, "FCALL");
	batch_string(&command, "najimi_mature");
	batch_string(&command, "1");
	batch_string(&command, store->keys.lease);
	batch_string(&command, store->epoch_text);
	batch_string(&command, store->keys.base);
	batch_ms(&command, now);
	batch_ms(&command, sweep->horizon);
	batch_string(&command, LIMIT);
	batch_ms(&command, store->fcr.reconnect);
	batch_ms(&command, store->caller_keep);
	batch_ms(&command, store->days.keep);
	return ask(sweep, &command, on_step);
}

static bool wants_reading(const struct fcr_sweep *sweep)
{
	const struct fcrbook *book = sweep->store->fcr.book;

	return book != NULL &&
	       (!fcrbook_is_open(book) ||
	        (sweep->changed && clock_monotonic() - sweep->read_at >= READ_EVERY));
}

static void begin_reading(struct fcr_sweep *sweep)
{
	sweep->changed = false;
	sweep->read_at = clock_monotonic();
	read_days(sweep);
	sweep->reading = READING_EVER;
	read_part(sweep);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct fcr_sweep *sweep = arg;
	usec_t now = clock_now();

	(void)fd;
	(void)what;
	if (sweep->asking || sweep->store->closing)
		return;
	if (sweep->store->phase != PHASE_LIVE) {
		/* There may be another daemon's work then. */
		sweep->told = sweep->changed = true;
		sweep->due = 0;
		alarm_in(sweep, EVERY);
		return;
	}
	move_horizon(sweep, now);
	if (wants_reading(sweep))
		begin_reading(sweep);
	else if ((!sweep->told && sweep->due > sweep->horizon) || !step(sweep, now))
		alarm_in(sweep, EVERY);
}

void fcr_sweep_news(struct fcr_sweep *sweep)
{
	sweep->told = true;
}

struct fcr_sweep *fcr_sweep_new(struct store *store)
{
	struct fcr_sweep *sweep = calloc(1, sizeof(*sweep));

	if (sweep == NULL)
		return NULL;
	sweep->store = store;
	sweep->told = sweep->changed = true;
	sweep->timer = event_new(store->base, -1, 0, on_timer, sweep);
	if (sweep->timer == NULL)
		return fcr_sweep_free(sweep);
	alarm_in(sweep, MSEC(100));
	return sweep;
}

struct fcr_sweep *fcr_sweep_free(struct fcr_sweep *sweep)
{
	if (sweep == NULL)
		return NULL;
	if (sweep->timer != NULL)
		event_free(sweep->timer);
	free(sweep);
	return NULL;
}

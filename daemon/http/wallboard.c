#include "wallboard.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "health.h"
#include "state.h"
#include "wallboard_figures.h"

#define DECIDED_FEW 10 /* so few calls say nothing of a service level */
#define HEAD_SIZE 2048 /* of the object's first members; a site's name has at most 64 bytes */

/* --- figures --- */

/* Thousandths as a share of one; -1: null. */
static void write_share(struct json_out *out, const char *name, int64_t share)
{
	char digits[48];

	if (share < 0) {
		json_null(out, name);
		return;
	}
	snprintf(digits, sizeof(digits), "%" PRId64 ".%03" PRId64, share / 1000, share % 1000);
	json_raw(out, name, text_of(digits));
}

static void write_wait(struct json_out *out, const char *name, int64_t wait)
{
	json_ms(out, name, wait < 0 ? USEC_NEVER : (usec_t)wait);
}

static void write_agents(struct json_out *out, const struct board *board)
{
	json_object(out, "agents");
	for (int i = AGENT_READY; i < AGENT_STATES; i++)
		json_uint(out, agent_state_name((enum agent_state)i), board->agents[i]);
	json_uint(out, "unreachable", board->unreachable);
	json_object_end(out);
}

static void write_today(struct json_out *out, const struct board *board)
{
	const struct tally *today = &board->today;

	json_object(out, "today");
	json_uint(out, "offered", today->offered);
	json_uint(out, "answered", today->answered);
	json_uint(out, "abandoned", today->abandoned);
	json_uint(out, "short_abandoned", today->short_abandoned);
	write_share(out, "service_level", board_service_level(today));
	write_share(out, "own_share", board_own_share(today));
	write_share(out, "reachable_own_share", board_reachable_own_share(today));
	write_wait(out, "mean_wait_ms", board_mean_wait(today));
	json_object(out, "fcr");
	json_ms(out, "window_ms", HOUR(24));
	write_share(out, "provisional", board_fcr(&board->provisional));
	write_share(out, "final", board_fcr(&board->final));
	json_object_end(out);
	json_object_end(out);
}

static void write_hour(struct json_out *out, const struct board *board, unsigned hour)
{
	const struct tally *tally = &board->hours[hour];

	json_object(out, NULL);
	json_uint(out, "hour", hour);
	json_uint(out, "offered", tally->offered);
	json_uint(out, "answered", tally->answered);
	json_uint(out, "abandoned", tally->abandoned);
	write_wait(out, "mean_wait_ms", board_mean_wait(tally));
	write_share(out, "service_level", board_service_level(tally));
	write_share(out, "own_share", board_own_share(tally));
	write_share(out, "fcr", board_fcr(&board->fcr_hours[hour]));
	json_object_end(out);
}

struct board_facts {
	const struct board *board;
	unsigned hours; /* of today that have begun; 0: today is not known */
};

/* A queue in the list of queues, or the whole, which has no name. */
static void write_board(struct json_out *out, const void *arg)
{
	const struct board_facts *of = arg;
	const struct board *board = of->board;

	json_object(out, NULL);
	if (board->name != NULL)
		json_text(out, "name", board->name);
	json_uint(out, "waiting", board->waiting);
	json_ms(out, "longest_wait_ms", board->longest);
	json_ms(out, "expected_wait_ms", board->expected);
	json_uint(out, "holding", board->holding);
	write_share(out, "holdout", board->holdout);
	write_agents(out, board);
	if (of->hours == 0)
		json_null(out, "today");
	else
		write_today(out, board);
	json_array(out, "hours");
	for (unsigned hour = 0; hour < of->hours; hour++)
		write_hour(out, board, hour);
	json_array_end(out);
	json_object_end(out);
}

/* --- alarms --- */

/* One that is raised, or not, and with what. `write` puts a figure under a name. */
struct alarm {
	const char *queue, *what;
	void (*write)(struct json_out *out, const char *name, int64_t figure);
	int64_t value, threshold;
};

static void write_alarm(struct json_out *out, const void *arg)
{
	const struct alarm *alarm = arg;

	json_object(out, NULL);
	json_text(out, "queue", alarm->queue);
	json_text(out, "what", alarm->what);
	alarm->write(out, "value", alarm->value);
	alarm->write(out, "threshold", alarm->threshold);
	json_object_end(out);
}

static void raise_one(struct body *alarms, const struct alarm *alarm)
{
	state_element(alarms, alarms->length == 0, write_alarm, alarm);
}

/* Who could talk now or soon. */
static uint32_t working(const struct board *board)
{
	return board->agents[AGENT_READY] + board->agents[AGENT_OFFERED] +
	       board->agents[AGENT_TALKING] + board->agents[AGENT_WRAPUP];
}

static void raise_alarms(struct body *alarms, const struct board *board)
{
	const struct queue_options *queue = board->options;
	const struct tally *today = &board->today;
	int64_t level = board_service_level(today);

	if (queue == NULL)
		return;
	if (board->waiting > 0 && working(board) == 0)
		raise_one(alarms, &(struct alarm){ board->name, "agents", json_int, 0, 1 });
	if (queue->alarm.waiting > 0 && board->waiting >= queue->alarm.waiting)
		raise_one(alarms, &(struct alarm){ board->name, "waiting", json_int, board->waiting,
		                                   queue->alarm.waiting });
	if (queue->alarm.longest_wait > 0 && board->longest >= queue->alarm.longest_wait)
		raise_one(alarms, &(struct alarm){ board->name, "longest_wait_ms", write_wait,
		                                   (int64_t)board->longest,
		                                   (int64_t)queue->alarm.longest_wait });
	if (today->in_time + today->missed >= DECIDED_FEW && level < queue->alarm.service_level)
		raise_one(alarms, &(struct alarm){ board->name, "service_level", write_share, level,
		                                   queue->alarm.service_level });
}

/* --- the whole --- */

/* The day of the final figures: it is over for as long as their window. */
static void write_final_day(struct json_out *out, const char *today)
{
	char day[DAY_SIZE];
	int64_t number;

	if (site_day_read(text_of(today), &number) < 0) {
		json_null(out, "final_day");
		return;
	}
	site_day_write(number - FCR_FINAL_DAYS, day);
	json_text(out, "final_day", day);
}

static void write_head(const struct http_needs *needs, struct body *body, unsigned hours)
{
	char *room = body_reserve(body, HEAD_SIZE);
	struct json_out out;

	if (room == NULL)
		return;
	json_out_begin(&out, room, HEAD_SIZE);
	json_object(&out, NULL);
	json_text(&out, "site", needs->options->site);
	json_text(&out, "edition", wallboard_edition());
	json_bool(&out, "ready", needs->meters->ready);
	json_bool(&out, "standing_by", needs->meters->standing_by);
	json_text(&out, "redis", health_redis(needs->meters));
	if (needs->meters->leader_at.rpc[0] != '\0')
		json_text(&out, "leader", needs->meters->leader_at.rpc);
	json_text(&out, "day", hours == 0 ? NULL : daybook_today(needs->daybook));
	json_text(&out, "zone", hours == 0 ? NULL : daybook_zone(needs->daybook));
	write_final_day(&out, hours == 0 ? "" : daybook_today(needs->daybook));
	json_object_end(&out);
	body_advance(body, json_out_done(&out));
	if (body->length > 0)
		body->length--; /* the object goes on */
}

static unsigned hours_begun(const struct http_needs *needs)
{
	if (needs->daybook == NULL || !daybook_is_open(needs->daybook))
		return 0;
	return daybook_hour(needs->daybook) + 1;
}

void wallboard_write(const struct http_needs *needs, struct body *body)
{
	unsigned hours = hours_begun(needs);
	struct board whole = { .expected = USEC_NEVER }, board;
	struct body alarms;
	bool first = true;

	body_init(&alarms, BODY_BYTES_MAX);
	write_head(needs, body, hours);
	(void)body_add(body, TEXT(",\"queues\":["));
	for (size_t i = 0; i < directory_queues(needs->directory); i++) {
		if (!board_read_queue(needs, (queue_index)i, &board))
			continue;
		board_add(&whole, &board);
		if (board.options == NULL)
			continue;
		state_element(body, first, write_board, &(struct board_facts){ &board, hours });
		raise_alarms(&alarms, &board);
		first = false;
	}
	board_read_agents(needs, &whole);
	board_read_day(needs, &whole);
	(void)body_add(body, TEXT("],\"whole\":"));
	state_element(body, true, write_board, &(struct board_facts){ &whole, hours });
	(void)body_add(body, TEXT(",\"alarms\":["));
	(void)body_add(body, (struct text){ alarms.start, alarms.length });
	(void)body_add(body, TEXT("]}"));
	body->overflowed = body->overflowed || alarms.overflowed;
	body_done(&alarms);
}

void wallboard_answer(const struct inquiry *inquiry, struct answer *answer)
{
	answer->type = TYPE_JSON;
	wallboard_write(inquiry->needs, &answer->body);
	state_finish(answer);
}

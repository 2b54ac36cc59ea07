#ifndef NAJIMI_TESTS_LINK_BOARD_H
#define NAJIMI_TESTS_LINK_BOARD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/codec/json.h"
#include "najimi/core/core.h"
#include "najimi/link/link.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "own_texts.h"

/* The daemon without its memory: real core, loop, directory, feed, outbox and link on a
 * real TCP port. What the core orders is done as daemon/perform.c does it; who callers
 * are is asked of the test; what is said leaves at once, or when the test lets it. */
#define BOARD_GUEST (UINT64_C(3) << 62) /* a peer of the outbox who is none of link's */

struct board {
	struct event_base *base;
	struct meters meters;
	struct options *options;
	struct loop *loop;
	struct directory *directory;
	struct feed *feed;
	struct daybook *daybook;
	struct outbox *outbox;
	struct link *link;

	struct guest_answer guest; /* what a guest has heard last: link_route() */
	char guest_json[4096];
	unsigned guests_told;

	const char *known_key, *known_agent; /* a caller, and the agent they spoke to */
	const char *story;                   /* of that caller, and for caller.get */
	bool pinned, holdout;                /* likewise of them */
	const char *never;                   /* an agent who is not to have them, or NULL */
	bool recalls_held;                   /* the store does not answer */
	bool stalled;                        /* Redis does not acknowledge: nothing leaves */
	bool store_away;                     /* caller.get cannot ask */
	bool config_bad;
	unsigned reloads, disposed, recalls;
	char disposition[512];
	char said[512]; /* of a caller: what the store was told last */
	int forgetting; /* what the store says to that: 0, -EBUSY... */
	uint64_t forget_request;
	unsigned contacts;
	int asking;      /* what the store says to questions about days: 0, -EBUSY... */
	bool stats_held; /* it takes its time over them */
	int looking;     /* what the store says to questions about contacts: 0, -EBUSY... */
	int looked;      /* what it answers then: 0, -ENOENT... */
	bool history_held, history_pii;
	uint64_t history_request;
	char history_of[160]; /* "caller cid:1", "agent alice" */
	uint64_t stats_request;
	struct stats_question question; /* the last one */
	int finding;                    /* what the store says to questions about a contact */
	struct contact_known contact;   /* what it knows of any */
	int contact_found;              /* 0, -ENOENT */
	unsigned surveys;
	char survey[512]; /* the last one */
};

static inline void board_recall(struct board *board, struct call_card *card)
{
	struct core_event ev = { .type = EVT_CALLER_RECALLED };
	struct agent_card *agent;

	board->recalls++;
	if (board->recalls_held)
		return;
	ev.caller_recalled.call = card->id;
	ev.caller_recalled.outcome = RECALL_UNKNOWN;
	if (board->known_key != NULL && strcmp(card->facts.key, board->known_key) == 0) {
		agent = directory_find_agent(board->directory, board->known_agent);
		ev.caller_recalled.outcome = RECALL_KNOWN;
		ev.caller_recalled.known_count = 1;
		ev.caller_recalled.known[0].at = clock_now() - HOUR(1);
		ev.caller_recalled.known[0].pinned = board->pinned;
		ev.caller_recalled.holdout = board->holdout;
		if (board->never != NULL)
			ev.caller_recalled.never[ev.caller_recalled.never_count++] =
			        directory_find_agent(board->directory, board->never)->id;
		if (agent != NULL)
			ev.caller_recalled.known[0].agent = agent->id;
		if (board->story != NULL && card->story == NULL)
			card->story = strdup(board->story);
	}
	assert_int_equal(loop_post(board->loop, &ev), 0);
}

static inline void board_carry_out(struct board *board, const struct core_action *action)
{
	struct call_card *card = directory_call(board->directory, action->call);
	char contact[33];

	switch (action->type) {
	case ACT_RECALL:
		board_recall(board, card);
		break;
	case ACT_DECIDE:
		link_decided(board->link, card, &action->decide);
		break;
	case ACT_TELL_CALLER:
		link_tell_caller(board->link, card, &action->decide);
		break;
	case ACT_CANCEL_OFFER:
		link_offer_cancelled(board->link, card, action->agent, action->cancel_offer.offer,
		                     action->cancel_offer.missed);
		break;
	case ACT_CHANGE_CALL:
		link_call_changed(board->link, card);
		break;
	case ACT_CHANGE_AGENT:
		link_agent_changed(board->link, action->agent);
		break;
	case ACT_END_CALL:
		snprintf(contact, sizeof(contact), "contact-%u", ++board->contacts);
		link_call_ended(board->link, card, contact, &action->end);
		directory_end_call(board->directory, card->id, contact, &action->end);
		break;
	case ACT_REPLY:
		break;
	}
}

static inline void board_perform(const struct core_actions *actions, void *arg)
{
	struct board *board = arg;

	for (size_t i = 0; i < actions->count; i++)
		board_carry_out(board, &actions->items[i]);
	for (size_t i = 0; i < actions->count; i++)
		if (actions->items[i].type == ACT_REPLY)
			link_replied(board->link, actions->items[i].reply.request,
			             actions->items[i].reply.code);
}

static inline void board_turn_over(void *arg)
{
	struct board *board = arg;

	outbox_seal(board->outbox, board->stalled ? 1 : 0, clock_now());
	if (!board->stalled)
		outbox_release(board->outbox, 1);
}

static inline void board_room(void *arg)
{
	struct board *board = arg;

	link_resume(board->link);
}

static inline void board_send(uint64_t peer, struct text message, void *arg)
{
	struct board *board = arg;
	struct text json;

	if (peer < BOARD_GUEST) {
		link_send(peer, message, board->link);
		return;
	}
	json = link_guest_read(message, &board->guest);
	board->guests_told++;
	snprintf(board->guest_json, sizeof(board->guest_json), "%.*s", (int)json.length,
	         json.start);
}

static inline void board_read_caller(const char *key, uint64_t request, void *arg)
{
	struct board *board = arg;
	bool known = board->known_key != NULL && strcmp(key, board->known_key) == 0;

	link_caller_read(board->link, request, board->store_away ? -ENOTCONN : 0,
	                 known ? text_of(board->story) : (struct text){ NULL, 0 });
}

static inline int board_read_stats(const struct stats_question *question, uint64_t request,
                                   void *arg)
{
	struct board *board = arg;

	board->question = *question;
	board->stats_request = request;
	if (board->asking == 0 && !board->stats_held)
		link_stats_read(board->link, request, 0, TEXT("{\"rows\":[]}"));
	return board->asking;
}

static inline int board_read_history(const char *caller, const char *agent, bool pii,
                                     uint64_t request, void *arg)
{
	struct board *board = arg;

	snprintf(board->history_of, sizeof(board->history_of), "%s %s",
	         caller == NULL ? "agent" : "caller", caller == NULL ? agent : caller);
	board->history_pii = pii;
	board->history_request = request;
	if (board->looking == 0 && !board->history_held)
		link_history_read(board->link, request, board->looked,
		                  board->looked == 0 ? TEXT("{\"contacts\":[]}")
		                                     : (struct text){ NULL, 0 });
	return board->looking;
}

static inline int board_find_contact(const char *contact, uint64_t request, void *arg)
{
	struct board *board = arg;

	assert_true(*contact != '\0');
	if (board->finding == 0)
		link_contact_found(board->link, request, board->contact_found, &board->contact);
	return board->finding;
}

static inline void board_survey(const struct survey *survey, void *arg)
{
	struct board *board = arg;

	board->surveys++;
	snprintf(board->survey, sizeof(board->survey),
	         "%s nps %d csat %d resolved %d %d %d %d '%s' by %s", survey->contact, survey->nps,
	         survey->csat, survey->resolved, survey->index[0], survey->index[1],
	         survey->index[2], survey->comment, survey->by);
}

static inline void board_dispose(const char *agent, const char *contact, const char *client,
                                 const char *call, const char *key, const char *outcome,
                                 const char *reason, const char *note, bool stick, void *arg)
{
	struct board *board = arg;

	board->disposed++;
	snprintf(board->disposition, sizeof(board->disposition), "%s %s %s %s %s %s %s %s %d",
	         agent, contact, client, call, key, outcome, reason, note, stick);
}

static inline void board_pin(const char *key, const char *agent, void *arg)
{
	struct board *board = arg;

	snprintf(board->said, sizeof(board->said), "pin %s %s", key, agent == NULL ? "-" : agent);
}

static inline void board_exclude(const char *key, const char *agent, usec_t until,
                                 const char *reason, const char *by, void *arg)
{
	struct board *board = arg;
	char when[32] = "for ever";

	if (until != USEC_NEVER)
		snprintf(when, sizeof(when), "for %lld s",
		         until == 0 ? 0 : (long long)((until - clock_now() + MSEC(500)) / SEC(1)));
	snprintf(board->said, sizeof(board->said), "exclude %s %s %s '%s' %s", key, agent, when,
	         reason, by);
}

static inline void board_note(const char *key, const char *notes, void *arg)
{
	struct board *board = arg;

	snprintf(board->said, sizeof(board->said), "note %s '%s'", key, notes);
}

static inline int board_forget(const char *key, const char *number_key, uint64_t request, void *arg)
{
	struct board *board = arg;

	snprintf(board->said, sizeof(board->said), "forget '%s' '%s'", key, number_key);
	board->forget_request = request;
	return board->forgetting;
}

static inline void board_outbound(struct agent_id agent, queue_index queue, usec_t at, usec_t talk,
                                  const char *key, const char *client, char contact[33], void *arg)
{
	struct board *board = arg;

	assert_true(at <= clock_now());
	snprintf(board->said, sizeof(board->said), "outbound %s %s %lld s ago %lld ms %s %s",
	         directory_agent_name(board->directory, agent),
	         directory_queue_name(board->directory, queue),
	         (long long)((clock_now() - at) / SEC(1)), (long long)(talk / MSEC(1)), key,
	         client);
	strcpy(contact, "contact-out");
}

static inline int board_check(struct err *err, void *arg)
{
	struct board *board = arg;

	return board->config_bad ? err_set(err, -EINVAL, "file:7: ring: 6h is too long") : 0;
}

static inline int board_reload(struct err *err, void *arg)
{
	struct board *board = arg;
	int r = board_check(err, arg);

	if (r == 0) {
		board->reloads++;
		link_reconfigure(board->link, board->options);
	}
	return r;
}

static inline void board_set(char **option, const char *value)
{
	free(*option);
	*option = strdup(value);
	assert_non_null(*option);
}

static inline void board_add_queue(struct board *board, const char *name, const char *overflow)
{
	struct options *options = board->options;
	size_t count = options->queues_count + 1;

	options->queues = realloc(options->queues, count * sizeof(*options->queues));
	assert_non_null(options->queues);
	options->queues[count - 1] = options->queue_defaults;
	options->queues[count - 1].name = strdup(name);
	options->queues[count - 1].overflow = strdup(overflow);
	queue_own_texts(&options->queues[count - 1]);
	options->queues[count - 1].plan.min_talk = 0;
	options->queues_count = count;
}

static inline void board_add_skill(struct board *board, const char *name)
{
	size_t count = 0;

	while (board->options->skills != NULL && board->options->skills[count] != NULL)
		count++;
	board->options->skills =
	        realloc(board->options->skills, (count + 2) * sizeof(*board->options->skills));
	board->options->skills[count] = strdup(name);
	board->options->skills[count + 1] = NULL;
}

static inline void board_add_client(struct board *board, const char *name, enum client_role role,
                                    const char *token, const char *agent)
{
	struct options *options = board->options;
	size_t count = options->clients_count + 1;

	options->clients = realloc(options->clients, count * sizeof(*options->clients));
	assert_non_null(options->clients);
	options->clients[count - 1] = (struct client_options){ .name = strdup(name),
		                                               .agent = strdup(agent),
		                                               .role = role,
		                                               .token = strdup(token),
		                                               .token_sha256 = strdup(""),
		                                               .token_file = strdup("") };
	options->clients_count = count;
}

/* Options with two queues; a test changes them before board_start(). */
static inline struct board *board_make(void)
{
	struct board *board = calloc(1, sizeof(*board));

	assert_non_null(board);
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_LEVEL_ERROR);
	assert_int_equal(options_defaults(&board->options, NULL), 0);
	board_set(&board->options->rpc.listen, "127.0.0.1:0");
	board->options->calls_max = 10000;
	board->options->agents_max = 64;
	board->options->queues_max = 8;
	board->options->memberships_max = 256;
	board_add_queue(board, "sales", "voicemail-sales");
	board_add_queue(board, "support", "");
	board_add_skill(board, "german");
	return board;
}

static inline void board_configure(struct board *board)
{
	struct core_event ev = { .type = EVT_RULES_CONFIGURED, .rules = board->options->rules };

	for (size_t i = 0; i < board->options->queues_count; i++) {
		struct core_event queue = { .type = EVT_QUEUE_CONFIGURED };

		queue.queue_configured.queue = (queue_index)i;
		queue.queue_configured.plan = board->options->queues[i].plan;
		loop_apply(board->loop, &queue);
	}
	loop_apply(board->loop, &ev);
}

static inline void board_start(struct board *board)
{
	const struct options *options = board->options;
	struct core_limits limits = { .calls_max = (uint32_t)options->calls_max,
		                      .agents_max = (uint32_t)options->agents_max,
		                      .queues_max = (uint32_t)options->queues_max,
		                      .memberships_max = (uint32_t)options->memberships_max };
	struct loop_hooks hooks = { .perform = board_perform,
		                    .turn_over = board_turn_over,
		                    .room = board_room,
		                    .arg = board };
	struct link_needs needs = { .options = options,
		                    .read_caller = board_read_caller,
		                    .read_stats = board_read_stats,
		                    .read_history = board_read_history,
		                    .find_contact = board_find_contact,
		                    .survey = board_survey,
		                    .dispose = board_dispose,
		                    .pin_caller = board_pin,
		                    .exclude_agent = board_exclude,
		                    .note_caller = board_note,
		                    .forget_caller = board_forget,
		                    .credit_outbound = board_outbound,
		                    .check_config = board_check,
		                    .reload = board_reload,
		                    .arg = board };
	struct err err = { 0 };

	meters_init(&board->meters);
	board->base = event_base_new();
	board->loop = loop_new(board->base, &limits, &board->meters);
	board->directory = directory_new(options, &err);
	board->feed = feed_new((size_t)options->rpc.events_kept);
	board->outbox = outbox_new(board_send, board);
	assert_non_null(board->loop);
	assert_non_null(board->directory);
	board->daybook = daybook_new(options, board->loop, board->directory, &err);
	assert_non_null(board->daybook);
	daybook_load_begin(board->daybook);
	daybook_open(board->daybook);
	needs.daybook = board->daybook;
	loop_set_hooks(board->loop, &hooks);
	needs.base = board->base;
	needs.loop = board->loop;
	needs.directory = board->directory;
	needs.feed = board->feed;
	needs.outbox = board->outbox;
	needs.meters = &board->meters;
	board->link = link_new(&needs, &err);
	if (board->link == NULL || link_start(board->link, &err) < 0)
		fail_msg("%s", err.text);
	board_configure(board);
}

static inline struct board *board_open(void)
{
	struct board *board = board_make();

	board_start(board);
	link_set_ready(board->link, true);
	return board;
}

static inline void board_close(struct board *board)
{
	if (board->loop != NULL)
		core_check(loop_core(board->loop));
	link_free(board->link);
	outbox_free(board->outbox);
	feed_free(board->feed);
	daybook_free(board->daybook);
	directory_free(board->directory);
	loop_free(board->loop);
	event_base_free(board->base);
	options_free(board->options);
	free(board);
}

/* The daemon does what there is to do now. */
static inline void board_turn(struct board *board)
{
	event_base_loop(board->base, EVLOOP_NONBLOCK);
}

/* A span of real time passes, and what is due by then is done. */
static inline void board_pass(struct board *board, usec_t span)
{
	usec_t end = clock_monotonic() + span;

	do {
		board_turn(board);
		usleep(200);
	} while (clock_monotonic() < end);
	for (int i = 0; i < 3; i++) /* the test may have been away, up to the end */
		board_turn(board);
}

/* Until there are so many calls. */
static inline void board_wait_calls(struct board *board, uint32_t count)
{
	usec_t end = clock_monotonic() + SEC(60);

	while (directory_calls(board->directory) != count && clock_monotonic() < end)
		board_pass(board, MSEC(1));
	assert_int_equal(directory_calls(board->directory), count);
}

/* --- one who talks to it --- */

#define LINE_BYTES_MAX ((size_t)4 << 20)

struct line {
	struct board *board;
	int fd;
	bool ended; /* the daemon has closed */
	size_t length;
	unsigned id;
	char *bytes;
	char message[1 << 16]; /* the last one heard */
	struct json *document; /* likewise */
};

static inline struct line *line_open_at(struct board *board, unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct line *line = calloc(1, sizeof(*line));
	int one = 1;

	assert_non_null(line);
	line->board = board;
	line->bytes = malloc(LINE_BYTES_MAX);
	line->fd = socket(AF_INET, SOCK_STREAM, 0);
	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	assert_int_equal(connect(line->fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(line->fd, F_SETFL, O_NONBLOCK);
	board_turn(board);
	return line;
}

static inline struct line *line_open(struct board *board)
{
	return line_open_at(board, link_port(board->link));
}

static inline void line_close(struct line *line)
{
	close(line->fd);
	json_free(line->document);
	free(line->bytes);
	free(line);
}

static inline void line_send(struct line *line, const char *bytes, size_t length)
{
	usec_t end = clock_monotonic() + SEC(60);
	ssize_t sent;

	while (length > 0 && clock_monotonic() < end) {
		sent = write(line->fd, bytes, length);
		if (sent < 0 && errno != EAGAIN)
			return; /* closed: what is heard will tell */
		if (sent > 0) {
			bytes += sent;
			length -= (size_t)sent;
		}
		board_turn(line->board);
	}
}

/* Text as a person would type it, ' for ". */
static inline void line_say(struct line *line, const char *text)
{
	size_t length = strlen(text);
	char *copy = malloc(length + 1);

	memcpy(copy, text, length + 1);
	for (size_t i = 0; i < length; i++)
		if (copy[i] == '\'')
			copy[i] = '"';
	line_send(line, copy, length);
	free(copy);
}

static inline void line_take(struct line *line)
{
	ssize_t got = read(line->fd, line->bytes + line->length, LINE_BYTES_MAX - line->length);

	if (got == 0 || (got < 0 && errno != EAGAIN))
		line->ended = true;
	if (got > 0)
		line->length += (size_t)got;
}

/* The next line of text; NULL when the daemon closes or a moment passes without one. */
static inline const char *line_hear_within(struct line *line, usec_t span)
{
	usec_t end = clock_monotonic() + span;
	char *newline = NULL;
	size_t length;

	do {
		line_take(line);
		newline = memchr(line->bytes, '\n', line->length);
		if (newline != NULL)
			break;
		board_turn(line->board);
		usleep(100);
	} while (!line->ended && clock_monotonic() < end);
	if (newline == NULL)
		return NULL;
	length = (size_t)(newline - line->bytes);
	assert_true(length < sizeof(line->message));
	memcpy(line->message, line->bytes, length);
	line->message[length] = '\0';
	line->length -= length + 1;
	memmove(line->bytes, newline + 1, line->length);
	return line->message;
}

static inline const char *line_hear(struct line *line)
{
	const char *message = line_hear_within(line, SEC(5));

	if (message == NULL)
		fail_msg("nothing came%s", line->ended ? ": the daemon closed" : "");
	return message;
}

/* Reads to the end: everything the daemon still says before it closes. */
static inline const char *line_hear_out(struct line *line)
{
	usec_t end = clock_monotonic() + SEC(60);

	while (!line->ended && clock_monotonic() < end) {
		board_turn(line->board);
		line_take(line);
		usleep(100);
	}
	if (!line->ended)
		fail_msg("the daemon did not close");
	assert_true(line->length < sizeof(line->message));
	memcpy(line->message, line->bytes, line->length);
	line->message[line->length] = '\0';
	line->length = 0;
	return line->message;
}

static inline void line_expect_silence(struct line *line, usec_t span)
{
	const char *message = line_hear_within(line, span);

	if (message != NULL)
		fail_msg("unexpected: %s", message);
	if (line->ended)
		fail_msg("the daemon closed");
}

static inline void line_parse(struct line *line, const char *message)
{
	struct json_limits limits = { .bytes_max = 1 << 20, .depth_max = 32, .members_max = 1024 };
	struct err err = { 0 };

	line->document = json_free(line->document);
	if (json_parse(text_of(message), &limits, &line->document, &err) < 0)
		fail_msg("%s: %s", err.text, message);
}

/* Hears a message and keeps it for line_at(). */
static inline void line_next(struct line *line)
{
	line_parse(line, line_hear(line));
}

/* The value at "result.sticky.result" of the last message, as JSON; "-" when absent.
 * Valid until the third call from now. */
static inline const char *line_at(struct line *line, const char *path)
{
	static char texts[3][8192];
	static unsigned turn;
	char *text = texts[turn++ % 3];
	const struct json *value = line->document;
	char copy[128], *name, *rest = copy;

	snprintf(copy, sizeof(copy), "%s", path);
	while (value != NULL && (name = strsep(&rest, ".")) != NULL) {
		if (json_type(value) == JSON_ARRAY) {
			int left = atoi(name);

			value = json_first(value);
			while (value != NULL && left-- > 0)
				value = json_next(value);
		} else {
			value = json_member(value, name);
		}
	}
	if (value == NULL)
		return "-";
	assert_true(json_print(value, text, sizeof(texts[0])) > 0);
	return text;
}

/* Asks, and waits for the answer; notifications that come before it are dropped. */
static inline void line_ask(struct line *line, const char *method, const char *params)
{
	char request[4096], id[16];

	snprintf(id, sizeof(id), "%u", ++line->id);
	snprintf(request, sizeof(request), "{'jsonrpc':'2.0','id':%s,'method':'%s','params':%s}\n",
	         id, method, params);
	line_say(line, request);
	do
		line_next(line);
	while (strcmp(line_at(line, "id"), id) != 0);
}

/* Quotes as in line_say(). */
static inline void line_must_have(struct line *line, const char *path, const char *wanted,
                                  const char *file, int at)
{
	char text[8192];
	const char *got = line_at(line, path);

	snprintf(text, sizeof(text), "%s", wanted);
	for (char *c = text; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	if (strcmp(got, text) != 0) {
		print_error("%s is %s, not %s, in\n%s\n", path, got, text, line->message);
		_fail(file, at);
	}
}

#define assert_at(line, path, wanted) line_must_have(line, path, wanted, __FILE__, __LINE__)
#define assert_error(line, code, why) \
	do { \
		assert_at(line, "error.code", #code); \
		assert_at(line, "error.data.reason", "'" why "'"); \
	} while (0)

/* A session in that role from a trusted address. */
static inline struct line *line_session(struct board *board, const char *name, const char *role)
{
	struct line *line = line_open(board);
	char params[256];

	snprintf(params, sizeof(params), "{'client':{'name':'%s'},'role':'%s'}", name, role);
	line_ask(line, "session.open", params);
	assert_at(line, "result.protocol", "1");
	return line;
}

static inline void line_log_in(struct line *line, const char *agent, const char *queue)
{
	char params[256];

	snprintf(params, sizeof(params),
	         "{'agent':'%s','target':'PJSIP/%s','queues':['%s'],'state':'ready'}", agent, agent,
	         queue);
	line_ask(line, "agent.login", params);
	snprintf(params, sizeof(params), "'%s'", agent);
	assert_at(line, "result.agent", params);
}

#endif

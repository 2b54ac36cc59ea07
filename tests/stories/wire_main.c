/* Plays stories over the bytes of a gateway: what Asterisk says, what we answer, and what the
 * core orders meanwhile, in order and with nothing left over. The daemon is real but for its
 * sockets, its clock's alarms and its memory. Each story is played again and again, until what
 * Asterisk says has been cut at every position.
 *
 *     wire_main [-v] FILE...
 *
 * tests/README.md has the language. */
#include "board.h"

#include <event2/event_struct.h>

#include "agi_link.h"
#include "wire_manager.h"

#define STORY_LINES_MAX 400
#define WIRES_MAX 24

/* --- what stands in the place of sockets --- */

struct stream {
	struct stream_hooks hooks;
	int fd;
	size_t length;
	bool held, resumed, closing, ended;
	const char *reason;
	char input[65536];
};

static struct wire {
	char name[64];
	struct stream *stream; /* NULL: closed */
} wires[WIRES_MAX];
static size_t wires_count;

static listener_accept_fn *accept_fn;
static void *accept_arg;

static char heard[65536]; /* what was said and ordered since the last deed, a line each */

static void note(const char *fmt, ...) PRINTF(1, 2);

static void note(const char *fmt, ...)
{
	size_t used = strlen(heard);
	va_list args;

	va_start(args, fmt);
	vsnprintf(heard + used, sizeof(heard) - used - 1, fmt, args);
	va_end(args);
	strcat(heard, "\n");
}

static struct wire *wire_of(const struct stream *stream)
{
	for (size_t i = 0; i < wires_count; i++)
		if (wires[i].stream == stream)
			return &wires[i];
	return NULL;
}

int listener_new(struct event_base *base, const char *name, const char *address,
                 listener_accept_fn *accept, void *arg, struct listener **ret, struct err *err)
{
	(void)base;
	(void)address;
	(void)err;
	assert_string_equal(name, "fastagi");
	accept_fn = accept;
	accept_arg = arg;
	*ret = (struct listener *)&accept_fn;
	return 0;
}

void listener_reach(const struct listener *listener, const char *said, char *ret, size_t size)
{
	(void)listener;
	snprintf(ret, size, "%s", said);
}

struct listener *listener_free(struct listener *listener)
{
	(void)listener;
	return NULL;
}

unsigned listener_port(const struct listener *listener)
{
	(void)listener;
	return 4573;
}

struct stream *stream_new(struct event_base *base, int fd, const struct stream_limits *limits,
                          const struct stream_hooks *hooks)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	(void)base;
	(void)limits;
	stream->hooks = *hooks;
	stream->fd = fd;
	wires[wires_count - 1].stream = stream;
	return stream;
}

struct stream *stream_new_tls(struct event_base *base, int fd, struct ssl_st *ssl,
                              const struct stream_limits *limits, const struct stream_hooks *hooks)
{
	(void)ssl;
	return stream_new(base, fd, limits, hooks);
}

struct stream *stream_free(struct stream *stream)
{
	free(stream);
	return NULL;
}

void stream_set_limits(struct stream *stream, const struct stream_limits *limits)
{
	(void)stream;
	(void)limits;
}

void stream_write(struct stream *stream, struct text bytes)
{
	assert_true(bytes.length > 0 && bytes.start[bytes.length - 1] == '\n');
	if (!stream->closing)
		note("%s> %.*s", wire_of(stream)->name, (int)bytes.length - 1, bytes.start);
}

void stream_allow(struct stream *stream, size_t bytes)
{
	(void)stream;
	(void)bytes;
}

size_t stream_output(const struct stream *stream)
{
	(void)stream;
	return 0;
}

void stream_hold(struct stream *stream)
{
	stream->held = true;
}

void stream_resume(struct stream *stream)
{
	stream->held = false;
	stream->resumed = true;
}

void stream_finish(struct stream *stream, const char *reason)
{
	stream_close(stream, reason);
}

void stream_close(struct stream *stream, const char *reason)
{
	if (stream->closing)
		return;
	stream->closing = true;
	stream->reason = reason;
	note("%s closed: %s", wire_of(stream)->name, reason);
}

static void feed(struct stream *stream, const char *bytes, size_t length)
{
	size_t used;

	if (stream->closing)
		return;
	assert_true(stream->length + length <= sizeof(stream->input));
	memcpy(stream->input + stream->length, bytes, length);
	stream->length += length;
	if (stream->held)
		return;
	used = stream->hooks.readable(stream->input, stream->length, stream->hooks.arg);
	assert_true(used <= stream->length);
	memmove(stream->input, stream->input + used, stream->length - used);
	stream->length -= used;
}

/* --- the daemon --- */

static struct board *board;

static struct asterisk *asterisk(void)
{
	return board->link->gates[0];
}

static void note_decision(const char *call, const struct decision *decision)
{
	switch (decision->kind) {
	case DECIDE_CONNECT:
		note("-> ring %s for %s (offer %u)",
		     directory_agent_name(board->directory, decision->agent), call,
		     decision->offer);
		break;
	case DECIDE_QUEUE:
		note("-> %s waits at %u in %s", call, decision->position,
		     directory_queue_name(board->directory, decision->queue));
		break;
	case DECIDE_OVERFLOW:
	case DECIDE_REJECT:
		note("-> %s: %s, %s", call, decision_kind_name(decision->kind),
		     decision_reason_name(decision->reason));
		break;
	}
}

static void note_action(const struct core_action *action)
{
	const struct call_card *card = directory_call(board->directory, action->call);
	const char *call = card == NULL ? "?" : card->facts.name;
	struct call_record record;

	switch (action->type) {
	case ACT_DECIDE:
		note_decision(call, &action->decide);
		break;
	case ACT_CANCEL_OFFER:
		note("-> stop ringing %s for %s (offer %u)",
		     directory_agent_name(board->directory, action->agent), call,
		     action->cancel_offer.offer);
		break;
	case ACT_END_CALL:
		note("-> %s ends: %s by %s", call, call_outcome_name(action->end.outcome),
		     ended_by_name(action->end.by));
		break;
	case ACT_CHANGE_CALL:
		if (core_get_call(loop_core(board->loop), action->call, &record) &&
		    record.state == CALL_TALKING)
			note("-> %s talks with %s", call,
			     directory_agent_name(board->directory, record.agent));
		break;
	case ACT_RECALL:
		note("-> who is %s?", card->facts.key);
		break;
	case ACT_TELL_CALLER:
	case ACT_REPLY:
	case ACT_CHANGE_AGENT:
		break;
	}
}

static void on_perform(const struct core_actions *actions, void *arg)
{
	for (size_t i = 0; i < actions->count; i++)
		note_action(&actions->items[i]);
	board_perform(actions, arg);
}

static void open_board(void)
{
	board = board_make();
	board_set(&board->options->rpc.listen, "");
	board_set(&board->options->agi.listen, "127.0.0.1:4573");
	board->options->calls_max = 16;
	board->options->rules.ring_grace = SEC(5);
	wires_count = 0;
	memset(wires, 0, sizeof(wires));
}

static void start_board(void)
{
	struct loop_hooks hooks = { .perform = on_perform,
		                    .turn_over = board_turn_over,
		                    .room = board_room,
		                    .arg = board };

	board_start(board);
	loop_set_hooks(board->loop, &hooks);
}

/* What waited while nothing was read is shown again. */
static void show_again(void)
{
	for (size_t i = 0; i < wires_count; i++) {
		struct stream *stream = wires[i].stream;

		if (stream == NULL || !stream->resumed)
			continue;
		stream->resumed = false;
		feed(stream, "", 0);
	}
}

/* Events of which the core makes nothing, until there is room for no more. */
static void fill_inbox(void)
{
	struct core_event ev = { .type = EVT_CALL_RINGING };

	while (loop_post(board->loop, &ev) == 0)
		continue;
}

/* Turns, until nothing happens any more; then what was closed is gone. */
static void settle(void)
{
	for (int i = 0; i < 4; i++) {
		board_turn(board);
		show_again();
	}
	for (size_t i = 0; i < wires_count; i++) {
		struct stream *stream = wires[i].stream;

		if (stream == NULL || !stream->closing)
			continue;
		stream->hooks.closed(stream->reason, stream->hooks.arg);
		wires[i].stream = NULL;
		free(stream);
	}
	board_turn(board);
}

/* --- the language --- */

struct story {
	const char *path;
	size_t count;
	char *lines[STORY_LINES_MAX];
};

static size_t at_line; /* for what goes wrong */
static const struct story *playing;
static size_t said; /* bytes, by Asterisk */
static bool full;   /* what Asterisk says next finds the inbox full */

/* What Asterisk says is cut at every place that leaves `phase` when divided by `period`; 0:
 * nowhere. */
static size_t period, phase;
#define PERIOD 23

static void broken(const char *fmt, ...) PRINTF(1, 2);

static void broken(const char *fmt, ...)
{
	char text[8192];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fail_msg("%s:%zu (cut every %zu bytes from %zu): %s", playing->path, at_line + 1, period,
	         phase, text);
}

static struct wire *find_wire(const char *name, size_t length)
{
	for (size_t i = wires_count; i-- > 0;)
		if (strlen(wires[i].name) == length && memcmp(wires[i].name, name, length) == 0)
			return &wires[i];
	broken("nobody called %.*s has connected", (int)length, name);
	return NULL;
}

static struct asterisk_call *find_call(const char *name)
{
	struct asterisk_server *server = asterisk_server_at(asterisk(), "127.0.0.1");
	struct asterisk_call *call = asterisk_call_find(server, name);

	if (call == NULL)
		broken("there is no call %s", name);
	return call;
}

static struct agent_card *know_agent(const char *name)
{
	struct agent_card *card = directory_know_agent(board->directory, name);
	char target[80];

	assert_non_null(card);
	snprintf(target, sizeof(target), "PJSIP/%s", name);
	assert_true(directory_set_agent(board->directory, card, target, NULL));
	return card;
}

static void apply_agent(const char *name, const char *deed)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };
	struct agent_card *card = know_agent(name);

	if (strcmp(deed, "is ready") == 0) {
		ev.agent_logged_in.agent = card->id;
		ev.agent_logged_in.ready = true;
		ev.agent_logged_in.queues_count = 2;
		ev.agent_logged_in.queues[1] = 1;
	} else if (strcmp(deed, "pauses") == 0) {
		ev.type = EVT_AGENT_PAUSED;
		ev.agent_paused.agent = card->id;
	} else if (strcmp(deed, "is unreachable") == 0) {
		ev.type = EVT_AGENT_DEVICE_CHANGED;
		ev.agent_device_changed.agent = card->id;
		ev.agent_device_changed.device = DEVICE_UNREACHABLE;
	} else {
		broken("nobody can do that: %s", deed);
	}
	assert_int_equal(loop_post(board->loop, &ev), 0);
}

/* "hold sales dial=daemon leave=0*" */
static void set_hold(char *words)
{
	struct queue_options *queue = NULL;
	char *word = strtok(words, " ");

	for (size_t i = 0; i < board->options->queues_count; i++)
		if (strcmp(board->options->queues[i].name, word) == 0)
			queue = &board->options->queues[i];
	if (queue == NULL)
		broken("no queue %s", word);
	while ((word = strtok(NULL, " ")) != NULL) {
		char *value = strchr(word, '=');
		bool yes;

		if (value == NULL)
			broken("%s has no value", word);
		*value++ = '\0';
		yes = strcmp(value, "yes") == 0;
		if (strcmp(word, "answer") == 0)
			queue->hold.answer = yes;
		else if (strcmp(word, "place") == 0)
			queue->hold.tell_place = yes;
		else if (strcmp(word, "wait") == 0)
			queue->hold.tell_wait = yes;
		else if (strcmp(word, "open") == 0)
			queue->plan.open = yes;
		else if (strcmp(word, "overflows") == 0)
			queue->plan.overflows = yes;
		else if (strcmp(word, "wrapup") == 0)
			queue->plan.wrapup = SEC((usec_t)atoi(value));
		else if (strcmp(word, "waiting_max") == 0)
			queue->plan.waiting_max = (uint32_t)atoi(value);
		else if (strcmp(word, "music") == 0)
			board_set(&queue->hold.music, value);
		else if (strcmp(word, "leave") == 0)
			board_set(&queue->hold.leave, value);
		else if (strcmp(word, "options") == 0)
			board_set(&queue->hold.dial_options, value);
		else if (strcmp(word, "announcement") == 0)
			board_set(&queue->hold.announcement, value);
		else if (strcmp(word, "dial") == 0)
			queue->hold.dial = strcmp(value, "daemon") == 0        ? DIAL_BY_DAEMON
			                   : strcmp(value, "agent_first") == 0 ? DIAL_AGENT_FIRST
			                                                       : DIAL_BY_DIALPLAN;
		else
			broken("nothing is called %s", word);
	}
}

/* What has to be known before the start. False: the story goes on after it. */
static bool do_before(char *line)
{
	char copy[256];

	snprintf(copy, sizeof(copy), "%s", line);
	if (strncmp(copy, "hold ", 5) == 0)
		set_hold(copy + 5);
	else if (strcmp(copy, "variables no") == 0)
		board->options->agi.variables = false;
	else
		return false;
	return true;
}

static void set_off(struct event *event)
{
	if (event == NULL || !event_pending(event, EV_TIMEOUT, NULL))
		broken("nothing of that kind is pending");
	event_del(event);
	event_active(event, EV_TIMEOUT, 0);
}

static struct agi_conn *conn_of(const char *name)
{
	const struct wire *wire = find_wire(name, strlen(name));

	if (wire->stream == NULL)
		broken("%s is closed already", name);
	return wire->stream->hooks.arg;
}

static void open_wire(const char *name)
{
	struct sockaddr_in peer = { .sin_family = AF_INET };
	struct wire *wire = &wires[wires_count++];

	assert_true(wires_count <= WIRES_MAX);
	snprintf(wire->name, sizeof(wire->name), "%s", name);
	inet_pton(AF_INET, "127.0.0.1", &peer.sin_addr);
	accept_fn(-1, (struct sockaddr *)&peer, accept_arg);
}

static void end_wire(struct wire *wire)
{
	struct stream *stream = wire->stream;

	if (stream == NULL)
		broken("%s is closed already", wire->name);
	stream->ended = true;
	stream->hooks.ended(stream->hooks.arg);
}

/* Another daemon does, by the name of its address, or nobody knows where. */
static void let_lead(const char *address)
{
	struct meters *meters = &board->meters;

	meters->standing_by = true;
	snprintf(meters->leader_at.agi, sizeof(meters->leader_at.agi), "%s",
	         strcmp(address, "somebody") == 0 ? "" : address);
}

/* As the core orders it when the time has come. */
static void tell(struct call_id id)
{
	struct decision decision;

	if (!core_get_decision(loop_core(board->loop), id, &decision))
		broken("nobody waits there");
	link_tell_caller(board->link, directory_call(board->directory, id), &decision);
	loop_nudge(board->loop);
}

/* "caller connects", "the doubt about 1.1 ends"... */
static void do_deed(const char *line)
{
	char who[64], what[128];

	if (strcmp(line, "ready") == 0) {
		link_set_ready(board->link, true);
	} else if (strcmp(line, "not ready") == 0) {
		link_set_ready(board->link, false);
	} else if (strcmp(line, "the inbox is full") == 0) {
		full = true;
	} else if (strcmp(line, "redis stalls") == 0) {
		board->stalled = true;
	} else if (strcmp(line, "redis answers") == 0) {
		board->stalled = false;
		outbox_release(board->outbox, 1);
	} else if (strcmp(line, "watched") == 0) {
		watch(asterisk_server_at(asterisk(), "127.0.0.1"));
	} else if (sscanf(line, "doubt about %63s ends", who) == 1) {
		set_off(find_call(who)->grace);
	} else if (sscanf(line, "%63s presses %127s", who, what) == 2) {
		agi_digit(asterisk()->agi, find_call(who), what[0]);
	} else if (sscanf(line, "%63[0-9.] is %127[^\n]", who, what) == 2) {
		if (!tell_of(find_call(who), what))
			broken("nothing of that kind is told of calls");
	} else if (sscanf(line, "%63s is %127s", who, what) == 2 && strcmp(what, "told") == 0) {
		tell(conn_of(who)->call_id);
	} else if (sscanf(line, "%63s is %127s", who, what) == 2 && strcmp(what, "late") == 0) {
		set_off(conn_of(who)->alarm);
	} else if (sscanf(line, "%63s %127[^\n]", who, what) == 2) {
		if (strcmp(what, "connects") == 0)
			open_wire(who);
		else if (strcmp(what, "ends") == 0)
			end_wire(find_wire(who, strlen(who)));
		else if (strcmp(what, "leads") == 0)
			let_lead(who);
		else
			apply_agent(who, what);
	} else {
		broken("what is that?");
	}
}

/* --- playing --- */

/* Where NAME of "NAME< words" ends; NULL for another line. */
static const char *says(const char *line)
{
	size_t length = strcspn(line, " <>");

	return length > 0 && line[length] == '<' ? line + length : NULL;
}

static bool is_expected(const char *line)
{
	size_t length = strcspn(line, " <>");

	return strncmp(line, "-> ", 3) == 0 || line[length] == '>' ||
	       (strncmp(line + length, " closed", 7) == 0);
}

/* Whether the line comes with the one before: of an environment all do, and "NAME<& words". */
static bool goes_on(const char *line, const char *end, const struct wire *wire)
{
	size_t name = strlen(wire->name);
	const char *next = says(line);

	return next != NULL && (size_t)(next - line) == name &&
	       memcmp(line, wire->name, name) == 0 &&
	       (strncmp(end, "< agi_", 6) == 0 || next[1] == '&');
}

/* How many bytes from `at` on come together. */
static size_t next_cut(size_t at, size_t length)
{
	size_t end = at + 1;

	while (end < length && (period == 0 || (said + end) % period != phase))
		end++;
	return end - at;
}

/* What one says at once, in as many pieces as it is cut into. */
static size_t let_speak(const struct story *story, size_t from)
{
	static char bytes[65536];
	const char *end = says(story->lines[from]);
	struct wire *wire = find_wire(story->lines[from], (size_t)(end - story->lines[from]));
	size_t line = from, length = 0, piece;

	do {
		const char *words;

		end = says(story->lines[line++]);
		words = end + 1 + (end[1] == '&');
		length += (size_t)sprintf(bytes + length, "%s\n", words + (*words == ' '));
	} while (line < story->count && goes_on(story->lines[line], end, wire));
	if (wire->stream == NULL)
		broken("%s is closed already", wire->name);
	for (size_t at = 0; at < length; at += piece) {
		piece = next_cut(at, length);
		if (full)
			fill_inbox();
		feed(wire->stream, bytes + at, piece);
		assert_true(!full || wire->stream->held);
		if (at + piece < length)
			board_turn(board);
	}
	full = false;
	said += length;
	return line;
}

/* What was heard since the last deed is what stands there. */
static size_t compare(const struct story *story, size_t from)
{
	size_t line = from, length = 0;

	while (line < story->count && is_expected(story->lines[line])) {
		const char *expected = story->lines[line];
		const char *end = strchr(heard + length, '\n');

		at_line = line;
		if (end == NULL)
			broken("expected: %s\nbut nothing more was heard", expected);
		if (strlen(expected) != (size_t)(end - heard) - length ||
		    strncmp(expected, heard + length, strlen(expected)) != 0)
			broken("expected: %s\nheard:\n%s", expected, heard + length);
		length = (size_t)(end - heard) + 1;
		line++;
	}
	if (heard[length] != '\0')
		broken("not expected:\n%s", heard + length);
	return line;
}

static void play(const struct story *story, bool verbose)
{
	size_t line = 0;

	playing = story;
	said = 0;
	open_board();
	while (line < story->count && do_before(story->lines[line])) {
		if (verbose)
			printf("%s\n", story->lines[line]);
		at_line = line++;
	}
	start_board();
	if (line == story->count || strcmp(story->lines[line], "not ready") != 0)
		link_set_ready(board->link, true);
	settle();
	while (line < story->count) {
		size_t next = line + 1;

		at_line = line;
		heard[0] = '\0';
		if (says(story->lines[line]) != NULL)
			next = let_speak(story, line);
		else
			do_deed(story->lines[line]);
		settle();
		if (verbose) {
			while (line < next)
				printf("%s\n", story->lines[line++]);
			printf("%s", heard);
			while (next < story->count && is_expected(story->lines[next]))
				next++;
			line = next;
		} else {
			line = compare(story, next);
		}
	}
	/* Whoever is still held at the end has been thought of: nothing is asked of them. */
	for (size_t i = 0; i < wires_count; i++)
		if (wires[i].stream != NULL && wires[i].stream->closing)
			broken("%s is still closing", wires[i].name);
	board_close(board);
}

static void load(struct story *story, const char *path)
{
	FILE *file = fopen(path, "r");
	char line[4096];

	memset(story, 0, sizeof(*story));
	story->path = path;
	if (file == NULL)
		fail_msg("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), file) != NULL) {
		char *start = line + strspn(line, " \t");

		start[strcspn(start, "\n")] = '\0';
		if (*start == '#' || *start == '\0')
			continue;
		assert_true(story->count < STORY_LINES_MAX);
		story->lines[story->count++] = strdup(start);
	}
	fclose(file);
	assert_true(story->count > 0);
}

static void unload(struct story *story)
{
	for (size_t i = 0; i < story->count; i++)
		free(story->lines[i]);
}

static void is_told_as_it_stands_wherever_the_bytes_are_cut(void **state)
{
	struct story story;

	load(&story, *state);
	period = phase = 0;
	play(&story, false);
	period = 1;
	play(&story, false);
	for (period = PERIOD; phase < PERIOD; phase++)
		play(&story, false);
	unload(&story);
}

int main(int argc, char **argv)
{
	bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	int failed = 0;

	for (int i = verbose ? 2 : 1; i < argc; i++) {
		const struct CMUnitTest tests[] = { cmocka_unit_test_prestate(
			is_told_as_it_stands_wherever_the_bytes_are_cut, argv[i]) };
		struct story story;

		if (!verbose) {
			failed += cmocka_run_group_tests_name(argv[i], tests, NULL, NULL);
			continue;
		}
		load(&story, argv[i]);
		play(&story, true);
		unload(&story);
	}
	return failed > 0 || argc < 2;
}

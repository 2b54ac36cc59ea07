#include "whatif.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/child.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "problem.h"
#include "whatif_page.h"
#include "whatif_program.h"
#include "whatif_wish.h"

#define OUTPUT_MAX ((size_t)1 << 20)
#define TIME_MAX MINUTE(10)
#define KEEP MINUTE(10)      /* of a result */
#define KEEP_FAILURE SEC(10) /* long enough for whoever asked to hear of it */
#define RESULTS 4

/* Exit codes of najimictl(1). */
enum {
	EXIT_REFUSED = 1,
	EXIT_USAGE = 2,
	EXIT_UNREACHABLE = 3
};

struct result {
	char key[WISH_KEY_SIZE]; /* "": none */
	int status;
	struct body body; /* of a 200: JSON; else a sentence */
	usec_t at;        /* monotonic */
	struct stamp stamp;
};

struct whatif {
	const struct http_needs *needs;
	struct child *child; /* NULL: nothing is played */
	char key[WISH_KEY_SIZE];
	int hundredths; /* of the work done */
	usec_t started_at;
	bool stale; /* the configuration has changed since */
	struct result results[RESULTS];
};

/* --- results --- */

static bool is_fresh(const struct result *result)
{
	usec_t keep = result->status == 200 ? KEEP : KEEP_FAILURE;

	return result->key[0] != '\0' && clock_monotonic() - result->at < keep;
}

static const struct result *find_result(const struct whatif *whatif, const char *key)
{
	for (size_t i = 0; i < RESULTS; i++)
		if (strcmp(whatif->results[i].key, key) == 0 && is_fresh(&whatif->results[i]))
			return &whatif->results[i];
	return NULL;
}

static void drop_result(struct result *result)
{
	body_done(&result->body);
	result->key[0] = '\0';
}

/* The place of the same wish, of one that is old, or of the oldest. */
static struct result *make_room(struct whatif *whatif, const char *key)
{
	struct result *best = &whatif->results[0];

	for (size_t i = 0; i < RESULTS; i++) {
		struct result *result = &whatif->results[i];

		if (strcmp(result->key, key) == 0) {
			best = result;
			break;
		}
		if (is_fresh(best) && (!is_fresh(result) || result->at < best->at))
			best = result;
	}
	drop_result(best);
	return best;
}

static void keep_result(struct whatif *whatif, int status, struct text text)
{
	struct result *result = make_room(whatif, whatif->key);

	body_init(&result->body, OUTPUT_MAX + 1);
	if (!body_add(&result->body, text))
		return;
	memcpy(result->key, whatif->key, sizeof(result->key));
	result->status = status;
	result->at = clock_monotonic();
	result->stamp =
	        (struct stamp){ .as_of = clock_now(), .seq = feed_seq(whatif->needs->feed) };
}

/* --- the child --- */

static void on_line(const char *line, void *arg)
{
	static const char progress[] = "progress ";
	struct whatif *whatif = arg;
	int64_t hundredths;

	if (strncmp(line, progress, sizeof(progress) - 1) == 0 &&
	    number_parse(line + sizeof(progress) - 1, &hundredths) == 0 && hundredths >= 0 &&
	    hundredths <= 100)
		whatif->hundredths = (int)hundredths;
}

/* In the words of najimictl, when it has said something. */
static struct text complaint_of(const struct child_end *end)
{
	static const char name[] = "najimictl: ";
	const char *said = end->last_line;

	switch (end->fate) {
	case CHILD_LATE:
		return TEXT("it took longer than ten minutes: choose a shorter time");
	case CHILD_TALKATIVE:
		return TEXT("the answer is too long");
	case CHILD_KILLED:
		return TEXT("najimictl was killed; the log says by what");
	case CHILD_EXITED:
		break;
	}
	if (strncmp(said, name, sizeof(name) - 1) != 0)
		return TEXT("najimictl ended without an answer");
	return text_of(said + sizeof(name) - 1);
}

static int status_of(const struct child_end *end)
{
	if (end->fate != CHILD_EXITED)
		return 500;
	switch (end->code) {
	case EXIT_SUCCESS:
		return end->output.length > 0 ? 200 : 500;
	case EXIT_REFUSED:
		return 422;
	case EXIT_USAGE:
		return 400;
	case EXIT_UNREACHABLE:
		return 503;
	default:
		return 500;
	}
}

static void on_ended(const struct child_end *end, void *arg)
{
	struct whatif *whatif = arg;
	int status = status_of(end);
	struct text text = status == 200 ? end->output : complaint_of(end);

	if (!whatif->stale)
		keep_result(whatif, status, text);
	log_fact(status == 500 ? LOG_LEVEL_ERROR : LOG_LEVEL_INFO, "whatif.ended",
	         LOG_NUMBER("status", status), LOG_NUMBER("code", end->code),
	         LOG_NUMBER("took_ms", (clock_monotonic() - whatif->started_at) / MSEC(1)),
	         LOG_TEXT("said", status == 200 ? "" : end->last_line));
	whatif->child = child_free(whatif->child);
}

static int start(struct whatif *whatif, const struct wish *wish, struct err *err)
{
	char path[PROGRAM_PATH_SIZE], config[1100], socket[300];
	const char *argv[8 + WISH_ARGS_MAX] = { path, "whatif", "--json", "--progress", config };
	const struct child_plan plan = { .argv = argv,
		                         .output_max = OUTPUT_MAX,
		                         .time_max = TIME_MAX };
	const struct child_hooks hooks = { on_line, on_ended, whatif };
	const char *place = whatif->needs->redis_socket;
	size_t argc = 5;
	int r = whatif_program_find(path, err);

	if (r < 0)
		return r;
	if ((size_t)snprintf(config, sizeof(config), "--config=%s", whatif->needs->options->file) >=
	    sizeof(config))
		return err_set(err, -ENAMETOOLONG, "the configuration's path is too long");
	if (place != NULL && place[0] != '\0') {
		snprintf(socket, sizeof(socket), "--redis-socket=%s", place);
		argv[argc++] = socket;
	}
	for (size_t i = 0; i < wish->args_count; i++)
		argv[argc++] = wish->args[i];
	whatif->child = child_start(whatif->needs->base, &plan, &hooks, err);
	if (whatif->child == NULL)
		return -EIO;
	memcpy(whatif->key, wish->key, sizeof(whatif->key));
	whatif->hundredths = 0;
	whatif->stale = false;
	whatif->started_at = clock_monotonic();
	return 0;
}

struct whatif *whatif_new(const struct http_needs *needs)
{
	struct whatif *whatif = calloc(1, sizeof(*whatif));

	if (whatif != NULL)
		whatif->needs = needs;
	return whatif;
}

struct whatif *whatif_free(struct whatif *whatif)
{
	if (whatif == NULL)
		return NULL;
	child_free(whatif->child);
	for (size_t i = 0; i < RESULTS; i++)
		body_done(&whatif->results[i].body);
	free(whatif);
	return NULL;
}

void whatif_forget(struct whatif *whatif)
{
	whatif->stale = true;
	for (size_t i = 0; i < RESULTS; i++)
		drop_result(&whatif->results[i]);
}

/* --- answers --- */

static void tell_result(const struct result *result, struct answer *answer)
{
	if (result->status != 200) {
		problem_answer(answer, result->status, "%.*s", (int)result->body.length,
		               result->body.start);
		return;
	}
	answer->type = TYPE_JSON;
	answer->stamp = result->stamp;
	(void)body_add(&answer->body, (struct text){ result->body.start, result->body.length });
}

static void tell_progress(const struct whatif *whatif, struct answer *answer)
{
	const usec_t spent = clock_monotonic() - whatif->started_at;
	const size_t size = 256;
	char *room = body_reserve(&answer->body, size), share[16];
	int length = snprintf(share, sizeof(share), "%d.%02d", whatif->hundredths / 100,
	                      whatif->hundredths % 100);
	struct json_out out;

	answer->status = 202;
	answer->type = TYPE_JSON;
	if (room == NULL)
		return;
	json_out_begin(&out, room, size);
	json_object(&out, NULL);
	json_text(&out, "state", "playing");
	json_raw(&out, "progress", (struct text){ share, (size_t)length });
	json_ms(&out, "spent_ms", spent);
	json_object_end(&out);
	body_advance(&answer->body, json_out_done(&out));
}

void whatif_answer(const struct inquiry *inquiry, struct answer *answer)
{
	struct whatif *whatif = inquiry->whatif;
	const struct result *result;
	struct err err = { "" };
	struct wish wish;

	if (wish_read(inquiry->query, &wish, &err) < 0) {
		problem_answer(answer, 400, "%s", err.text);
		return;
	}
	result = find_result(whatif, wish.key);
	if (result != NULL) {
		tell_result(result, answer);
		return;
	}
	if (whatif->child != NULL && strcmp(whatif->key, wish.key) != 0) {
		problem_answer(answer, 503, "something else is being played, %d %% of it are done",
		               whatif->hundredths);
		return;
	}
	if (whatif->child == NULL && start(whatif, &wish, &err) < 0) {
		log_limited(LOG_LEVEL_ERROR, "whatif.not_started", LOG_TEXT("error", err.text));
		problem_answer(answer, 500, "%s", err.text);
		return;
	}
	tell_progress(whatif, answer);
}

void whatif_page(const struct inquiry *inquiry, struct answer *answer)
{
	(void)inquiry;
	body_done(&answer->body);
	answer->type = "text/html; charset=utf-8";
	(void)body_add(&answer->body, (struct text){ whatif_html, whatif_html_length });
}

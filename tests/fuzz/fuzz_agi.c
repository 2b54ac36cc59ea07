/* Any bytes as an Asterisk would say them, in any pieces: the same is heard as in one piece,
 * what is kept are texts within their limits, a request that is refused says why, and what we
 * say is always one line, never two commands at once. The first byte says how the rest is
 * cut. */
#include <stdint.h>
#include <stdlib.h>

#include "agi_talk.h"
#include "najimi/base/hash.h"

#define STREAM_MAX 65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fact)
{
	if (!fact)
		abort();
}

struct ending {
	uint64_t heard; /* its digest */
	bool wrong;
	size_t left;
};

static void check_text(const char *text)
{
	must(text_is_utf8(text_of(text)));
	for (; *text != '\0'; text++)
		must((unsigned char)*text >= 0x20);
}

/* One line: no byte but the last is a line feed, whatever was said. */
static void check_command(const char *argument)
{
	static struct agi_command command;
	static char list[AGI_LINE_MAX];
	struct text bytes;

	list[0] = '\0';
	if (!agi_mset_add(list, sizeof(list), "NAJIMI_X", argument))
		must(list[0] == '\0');
	agi_command_begin(&command, "EXEC");
	agi_command_add(&command, "MSet");
	agi_command_add(&command, list);
	bytes = agi_command_end(&command);
	must(bytes.length <= AGI_LINE_MAX);
	if (bytes.length > 0)
		must(memchr(bytes.start, '\n', bytes.length) == bytes.start + bytes.length - 1);
}

static uint64_t hash_env(uint64_t heard, const struct agi_env *env)
{
	struct agi_url url;

	for (size_t i = 0; i < AGI_FIELDS; i++) {
		check_text(env->fields[i]);
		heard = hash_bytes(heard, env->fields[i], strlen(env->fields[i]) + 1);
	}
	must(env->args_count <= AGI_ARGS_MAX);
	for (size_t i = 0; i < env->args_count; i++) {
		check_text(env->args[i]);
		check_command(env->args[i]);
		heard = hash_bytes(heard, env->args[i], strlen(env->args[i]) + 1);
	}
	if (agi_url_read(&url, env->fields[AGI_SCRIPT])) {
		must(url.count <= AGI_QUERY_MAX);
		for (size_t i = 0; i < url.count; i++)
			must(url.query[i].name[0] != '\0' && strlen(url.query[i].value) < 1024);
	}
	return heard;
}

static void check_words(const struct call_words *words)
{
	must(text_is_id(text_of(words->call_id), ID_BYTES_MAX));
	must(text_is_id(text_of(words->queue), ID_BYTES_MAX));
	must(words->skills_count <= CALL_NEEDS_MAX);
	for (size_t i = 0; i < words->skills_count; i++)
		must(text_is_id(text_of(words->skills[i].name), ID_BYTES_MAX) &&
		     words->skills[i].level > 0);
	must(!words->has_priority ||
	     (words->priority >= -PRIORITY_MAX && words->priority <= PRIORITY_MAX));
}

/* What is asked for; the last argument stands for the channel's variables as well. */
static void check_request(const struct agi_env *env)
{
	static struct agi_request request;
	struct refusal refusal = { 0 };
	struct text value =
	        env->args_count == 0 ? TEXT("") : text_of(env->args[env->args_count - 1]);

	if (!agi_request_read(env, &request, &refusal)) {
		must(refusal.reason != NULL && refusal.detail[0] != '\0');
		return;
	}
	if (request.kind != SCRIPT_ROUTE)
		return;
	check_words(&request.call);
	if (agi_request_variables(&request, value, &refusal))
		check_words(&request.call);
	else
		must(refusal.reason != NULL && refusal.field[0] != '\0');
}

/* The conversation with whoever says such things: each reply brings at most one command. */
static void check_talk(struct talk *talk, struct text line)
{
	static char music[] = "default", digits[] = "0123456789*#", own[] = "a sound";
	static struct agi_command command;
	static struct queue_options queue;
	struct talk_report report;
	enum talk_news news = talk_take(talk, line, &report);

	queue.hold.answer = true;
	queue.hold.music = music;
	queue.hold.leave = digits;
	queue.hold.announcement = own;
	must(news != NEWS_WRONG || report.reason != NULL);
	must(news != NEWS_DIGIT || (report.digit > 0 && report.digit < 0x7f));
	if (news == NEWS_VARIABLES || news == NEWS_DIALLED || news == NEWS_DIGIT)
		talk_leave(talk, "A=1");
	if (talk_next(talk, &queue, &command) != TALK_SEND)
		return;
	must(agi_command_end(&command).length > 0 && talk->flight != FLIGHT_NONE);
	must(talk_next(talk, &queue, &command) != TALK_SEND);
}

static uint64_t hash_reply(uint64_t heard, struct text line, enum agi_news news,
                           const struct agi_reply *reply)
{
	heard = hash_word(heard, news);
	if (news != AGI_NEWS_REPLY)
		return heard;
	must(reply->code >= 0 && reply->code <= 999);
	if (reply->value.start != NULL)
		must(reply->value.start >= line.start &&
		     reply->value.start + reply->value.length <= line.start + line.length);
	heard = hash_word(heard, (uint64_t)reply->code);
	heard = hash_word(heard, (uint64_t)reply->result);
	heard = hash_word(heard, (uint64_t)reply->endpos);
	return reply->value.start == NULL
	               ? heard
	               : hash_bytes(heard, reply->value.start, reply->value.length);
}

static struct ending play(const char *stream, size_t length, size_t piece)
{
	static struct agi_env env;
	struct ending ending = { .heard = HASH_START };
	struct agi_lines lines = { 0 };
	struct agi_replies replies = { 0 };
	static struct talk talk;
	size_t start = 0, end = 0;
	bool whole = false;

	agi_env_init(&env);
	talk_init(&talk);
	if (length % 3 == 0)
		talk_dial(&talk, "PJSIP/alice,20,g");
	else if (length % 3 == 1)
		talk_ask(&talk);
	else
		talk_hold(&talk);
	for (int i = 0; i < 3; i++)
		talk_say(&talk, SOUND_NUMBER, 7);
	while (end < length && !ending.wrong) {
		enum agi_result result = AGI_READY;

		end = length - end < piece ? length : end + piece;
		while (result == AGI_READY && !ending.wrong) {
			struct text line;
			struct agi_reply reply;
			size_t used = 0;

			result = agi_line_next(&lines, stream + start, end - start, &line, &used);
			must(used <= end - start);
			ending.wrong = result == AGI_WRONG;
			if (result != AGI_READY)
				break;
			must(used > 0 && line.length < used && line.length < AGI_LINE_MAX);
			if (!whole) {
				enum agi_result taken = agi_env_take(&env, line);

				ending.wrong = taken == AGI_WRONG;
				whole = taken == AGI_READY;
				must(!ending.wrong || env.reason != NULL);
				if (whole) {
					ending.heard = hash_env(ending.heard, &env);
					check_request(&env);
				}
			} else {
				enum agi_news news = agi_reply_take(&replies, line, &reply);

				check_talk(&talk, line);
				ending.wrong = news == AGI_NEWS_WRONG;
				ending.heard = hash_reply(ending.heard, line, news, &reply);
			}
			start += used;
		}
		must(ending.wrong || end - start < AGI_LINE_MAX);
	}
	ending.left = end - start;
	return ending;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *stream = (const char *)data + 1;
	struct ending whole, pieces;

	if (size < 2 || size > STREAM_MAX)
		return 0;
	whole = play(stream, size - 1, size - 1);
	pieces = play(stream, size - 1, data[0] % 16 + 1u);
	must(whole.heard == pieces.heard && whole.wrong == pieces.wrong);
	must(whole.wrong || whole.left == pieces.left);
	return 0;
}

/* Any bytes as an Asterisk would say them, in any pieces: the same is heard as in one piece,
 * what is kept are texts within their limits, and what we would say of it is always one line.
 * The first byte says how the rest is cut. */
#include <stdint.h>
#include <stdlib.h>

#include "najimi/base/hash.h"
#include "najimi/codec/agi.h"

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
	size_t start = 0, end = 0;
	bool whole = false;

	agi_env_init(&env);
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
				if (whole)
					ending.heard = hash_env(ending.heard, &env);
			} else {
				enum agi_news news = agi_reply_take(&replies, line, &reply);

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

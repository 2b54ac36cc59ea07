#define _GNU_SOURCE /* memmem */
#include "bench_redis.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "najimi/shell/clock.h"

#define ARGS_MAX 65536 /* of one command */
#define AHEAD 16       /* commands that wait for their replies */

static int drop_keys(struct resp *resp, const char *base, struct err *err)
{
	char pattern[400], cursor[32] = "0";
	struct text reply;
	int r;

	snprintf(pattern, sizeof(pattern), "%s*", base);
	do {
		const char *const scan[] = {
			"EVAL",
			"local r = redis.call('SCAN', ARGV[1], 'MATCH', ARGV[2],"
			" 'COUNT', 1000)\n"
			"for _, key in ipairs(r[2]) do redis.call('UNLINK', key)"
			" end\nreturn r[1]",
			"0", cursor, pattern
		};

		r = resp_command(resp, scan, ARRAY_LEN(scan), &reply, err);
		if (r < 0)
			return err_wrap(err, r, "clearing up after the measurement");
		if (sscanf(reply.start, "$%*u\r\n%20[0-9]", cursor) != 1)
			return err_set(err, -EPROTO, "Redis: an unexpected cursor");
	} while (strcmp(cursor, "0") != 0);
	return 0;
}

int redis_round_trips(struct resp *resp, unsigned count, struct waits *ret, struct err *err)
{
	static const char base[] = "najimi-bench:{trip}:", lease[] = "najimi-bench:{trip}:lease";
	const char *const prepare[] = { "HSET", lease, "epoch", "1" };
	const char *const trip[] = { "FCALL", "najimi_commit",
		                     "1",     lease,
		                     "1",     "0",
		                     "0",     "4",
		                     "HSET",  "najimi-bench:{trip}:calls",
		                     "call",  "waiting" };
	struct text reply;
	int r = resp_command(resp, prepare, ARRAY_LEN(prepare), &reply, err);

	for (unsigned i = 0; i < count && r == 0; i++) {
		usec_t start = clock_monotonic();

		r = resp_command(resp, trip, ARRAY_LEN(trip), &reply, err);
		if (r == 0 && !waits_add(ret, clock_monotonic() - start))
			r = err_set(err, -ENOMEM, "out of memory");
	}
	if (r < 0)
		return err_wrap(err, r, "a round trip (is this the daemon's Redis?)");
	return drop_keys(resp, base, err);
}

/* --- watching --- */

int redis_watch_start(struct resp *resp, struct err *err)
{
	const char *const watch[] = { "MONITOR" };
	struct text reply;

	return resp_command(resp, watch, 1, &reply, err);
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One quoted argument, unescaped in place. What follows it, or NULL. */
static char *unquote(char *at, char *end, struct text *ret)
{
	char *to = at;

	if (at == end || *at != '"')
		return NULL;
	ret->start = at;
	for (at++; at < end && *at != '"'; at++) {
		static const char names[] = "nrtab\"\\", values[] = "\n\r\t\a\b\"\\";
		const char *name;

		if (*at != '\\') {
			*to++ = *at;
			continue;
		}
		if (++at == end)
			return NULL;
		if (*at == 'x') {
			if (end - at < 3 || hex(at[1]) < 0 || hex(at[2]) < 0)
				return NULL;
			*to++ = (char)(hex(at[1]) * 16 + hex(at[2]));
			at += 2;
			continue;
		}
		name = memchr(names, *at, sizeof(names) - 1);
		if (name == NULL)
			return NULL;
		*to++ = values[name - names];
	}
	ret->length = (size_t)(to - ret->start);
	return at == end ? NULL : at + 1;
}

/* The arguments of a line; 0 when it is none, or too long a one. */
static size_t cut(char *at, char *end, struct text *args)
{
	size_t count = 0;

	while (at < end) {
		if (count == ARGS_MAX)
			return 0;
		at = unquote(at, end, &args[count++]);
		if (at == NULL)
			return 0;
		if (at < end && *at++ != ' ')
			return 0;
	}
	return count;
}

static bool begins(struct text text, const char *start, size_t length)
{
	return text.length >= length && memcmp(text.start, start, length) == 0;
}

/* "najimi:{main}:lease" makes the site's base, and ours beside it. */
static bool find_base(struct redis_sample *sample, struct text lease, struct text epoch)
{
	size_t length = lease.length - 5; /* "lease" */

	if (lease.length < 8 || length + 8 > sizeof(sample->base) ||
	    memcmp(lease.start + length - 2, "}:lease", 7) != 0 ||
	    epoch.length >= sizeof(sample->epoch))
		return false;
	snprintf(sample->base, sizeof(sample->base), "%.*s-bench}:", (int)(length - 2),
	         lease.start);
	snprintf(sample->epoch, sizeof(sample->epoch), "%.*s", (int)epoch.length, epoch.start);
	return true;
}

static bool make_room(struct redis_sample *sample, size_t bytes)
{
	if (sample->size - sample->length < bytes) {
		size_t size = (sample->size + bytes) * 2;
		char *grown = realloc(sample->bytes, size);

		if (grown == NULL)
			return false;
		sample->bytes = grown;
		sample->size = size;
	}
	if (sample->commands == sample->commands_size) {
		size_t size = sample->commands_size == 0 ? 256 : sample->commands_size * 2;
		size_t *grown = realloc(sample->ends, size * sizeof(*grown));

		if (grown == NULL)
			return false;
		sample->ends = grown;
		sample->commands_size = size;
	}
	return true;
}

/* The command again, with the keys of our site. */
static bool add(struct redis_sample *sample, const struct text *args, size_t count, size_t bytes)
{
	size_t old = strlen(sample->base) - 6; /* without "-bench" */
	char *out;

	if (!make_room(sample, bytes + count * (RESP_OVERHEAD + 6) + RESP_OVERHEAD))
		return false;
	out = sample->bytes + sample->length;
	out += resp_print_head(out, count);
	for (size_t i = 0; i < count; i++) {
		if (begins(args[i], sample->base, old - 2) &&
		    begins((struct text){ args[i].start + old - 2, args[i].length - (old - 2) },
		           "}:", 2)) {
			size_t rest = args[i].length - old;

			out += sprintf(out, "$%zu\r\n%s", old + 6 + rest, sample->base);
			memcpy(out, args[i].start + old, rest);
			memcpy(out + rest, "\r\n", 2);
			out += rest + 2;
		} else {
			out += resp_print_arg(out, args[i]);
		}
		sample->lives += text_is(args[i], "XADD");
	}
	sample->length = (size_t)(out - sample->bytes);
	sample->ends[sample->commands++] = sample->length;
	return true;
}

/* A caller is recalled by one key, or under a number with a function. */
static bool is_recall(const struct redis_sample *sample, const char *origin,
                      const struct text *args, size_t count)
{
	size_t base = strlen(sample->base);

	if (base == 0 || strncmp(origin, "lua]", 4) == 0)
		return false;
	return (count >= 6 && text_is(args[1], "najimi_recall")) ||
	       (count == 2 && text_is(args[0], "HGETALL") &&
	        begins(args[1], sample->base, base - sizeof("-bench}:") + 1));
}

static int add_line(struct redis_sample *sample, char *line, size_t length, struct text *args)
{
	char *bracket = memchr(line, ']', length);
	size_t count = 0;

	if (bracket != NULL && bracket + 2 < line + length)
		count = cut(bracket + 2, line + length, args);
	if (count == 0)
		return -EINVAL;
	if (count >= 7 && text_is(args[0], "FCALL") && text_is(args[1], "najimi_commit")) {
		if (sample->base[0] == '\0' && !find_base(sample, args[3], args[4]))
			return -EINVAL;
		args[4] = text_of(sample->epoch);
		args[5] = TEXT("0"); /* to be applied as often as it is sent */
		args[6] = TEXT("0"); /* and not recorded */
		sample->commits++;
	} else if (!is_recall(sample, bracket - 3, args, count)) {
		return 0;
	}
	return add(sample, args, count, length) ? 0 : -ENOMEM;
}

int redis_sample_add(struct redis_sample *sample, struct text line)
{
	struct text *args;
	char *copy;
	int r = -ENOMEM;

	/* What a Function does is told too, as of "lua": it is in the FCALL already. */
	if (line.length == 0 || line.start[0] != '+')
		return -EINVAL;
	if (memmem(line.start, line.length, "] \"FCALL", 8) == NULL &&
	    memmem(line.start, line.length, "] \"HGETALL", 10) == NULL)
		return 0;
	args = malloc(ARGS_MAX * sizeof(*args));
	copy = malloc(line.length + 1);
	if (args != NULL && copy != NULL) {
		memcpy(copy, line.start, line.length);
		copy[line.length] = '\0';
		r = add_line(sample, copy, line.length, args);
	}
	free(args);
	free(copy);
	return r;
}

int redis_watch_end(struct resp *resp, struct redis_sample *ret, struct err *err)
{
	struct text line;
	int r = resp_write(resp, TEXT("*1\r\n$5\r\nRESET\r\n"), err);

	while (r == 0) {
		r = resp_line(resp, &line, err);
		if (r < 0 || text_is(line, "+RESET"))
			break;
		if (redis_sample_add(ret, line) == -ENOMEM)
			r = err_set(err, -ENOMEM, "out of memory");
	}
	if (r == 0 && ret->lives == 0)
		r = err_set(err, -ENODATA,
		            "saw no call end in this Redis: is it the daemon's? (%llu commits)",
		            (unsigned long long)ret->commits);
	return r;
}

void redis_sample_done(struct redis_sample *sample)
{
	free(sample->bytes);
	free(sample->ends);
	*sample = (struct redis_sample){ 0 };
}

/* --- playing again --- */

static int take_reply(struct resp *resp, struct err *err)
{
	struct text reply;
	int r = resp_reply(resp, &reply, err);

	if (r == 0 && reply.start[0] == '-')
		r = err_set(err, -EREMOTEIO, "Redis: %.*s", (int)(reply.length - 3),
		            reply.start + 1);
	return r;
}

int redis_replay(struct resp *resp, const struct redis_sample *sample, usec_t length,
                 double *ret_lives, struct err *err)
{
	char lease[340];
	const char *const prepare[] = { "HSET", lease, "epoch", sample->epoch };
	usec_t start, now;
	uint64_t sent = 0, taken = 0;
	struct text reply;
	int r;

	snprintf(lease, sizeof(lease), "%slease", sample->base);
	r = resp_command(resp, prepare, ARRAY_LEN(prepare), &reply, err);
	start = now = clock_monotonic();
	while (r == 0 && now - start < length) {
		size_t at = (size_t)(sent % sample->commands);
		size_t from = at == 0 ? 0 : sample->ends[at - 1];

		r = resp_write(resp, (struct text){ sample->bytes + from, sample->ends[at] - from },
		               err);
		sent++;
		if (r == 0 && sent - taken >= AHEAD) {
			r = take_reply(resp, err);
			taken++;
		}
		now = clock_monotonic();
	}
	while (r == 0 && taken < sent) {
		r = take_reply(resp, err);
		taken++;
	}
	now = clock_monotonic();
	if (r < 0)
		return r;
	*ret_lives = (double)sent / (double)sample->commands * (double)sample->lives /
	             ((double)(now - start) / 1e6);
	return drop_keys(resp, sample->base, err);
}

#define _GNU_SOURCE /* memmem */
#include "lane.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"
#include "rpc_connect.h"

#define PATIENCE SEC(5)

void lane_put(struct lane *lane, struct text text)
{
	if (!lane_has_room(lane, text.length)) {
		lane->overflowed = true;
		return;
	}
	memcpy(lane->out + lane->out_length, text.start, text.length);
	lane->out_length += text.length;
}

void lane_put_uint(struct lane *lane, uint64_t number)
{
	char digits[20];
	size_t count = 0;

	do {
		digits[sizeof(digits) - ++count] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	lane_put(lane, (struct text){ digits + sizeof(digits) - count, count });
}

int lane_flush(struct lane *lane, struct err *err)
{
	ssize_t n;

	if (lane->overflowed)
		return err_set(err, -ENOBUFS, "the daemon does not read what it is sent");
	if (lane->out_length == 0)
		return 0;
	n = send(lane->fd, lane->out, lane->out_length, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return err_set(err, -errno, "the daemon: %s", strerror(errno));
	if (n > 0) {
		lane->out_length -= (size_t)n;
		memmove(lane->out, lane->out + n, lane->out_length);
	}
	return 0;
}

int lane_read(struct lane *lane, lane_line_fn *take, void *arg, struct err *err)
{
	ssize_t n = recv(lane->fd, lane->in + lane->in_length, LANE_IN - lane->in_length, 0);
	size_t at = 0;

	if (n == 0)
		return err_set(err, -ECONNRESET, "the daemon closed the connection");
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return err_set(err, -errno, "the daemon: %s", strerror(errno));
	if (n < 0)
		return 0;
	lane->in_length += (size_t)n;
	for (;;) {
		char *end = memchr(lane->in + at, '\n', lane->in_length - at);

		if (end == NULL)
			break;
		take((struct text){ lane->in + at, (size_t)(end - (lane->in + at)) }, arg);
		at = (size_t)(end - lane->in) + 1;
	}
	lane->in_length -= at;
	memmove(lane->in, lane->in + at, lane->in_length);
	if (lane->in_length == LANE_IN)
		return err_set(err, -EMSGSIZE, "the daemon sent a message of more than %d bytes",
		               LANE_IN);
	return 0;
}

/* --- opening --- */

struct opening {
	unsigned replies;
	bool refused;
	char words[160];
};

static void take_opening(struct text line, void *arg)
{
	struct opening *opening = arg;

	if (!line_has(line, TEXT("\"id\":")))
		return;
	opening->replies++;
	if (line_has(line, TEXT("\"error\":")) && !opening->refused) {
		opening->refused = true;
		snprintf(opening->words, sizeof(opening->words), "%.*s", (int)line.length,
		         line.start);
	}
}

static bool put_opening(struct lane *lane, const char *client, const char *token)
{
	struct json_out out;
	size_t length;

	json_out_begin(&out, lane->out, LANE_OUT / 2);
	json_object(&out, NULL);
	json_text(&out, "jsonrpc", "2.0");
	json_int(&out, "id", 1);
	json_text(&out, "method", "session.open");
	json_object(&out, "params");
	json_object(&out, "client");
	json_text(&out, "name", client);
	json_object_end(&out);
	json_text(&out, "role", "pbx");
	json_int(&out, "heartbeat_ms", 600000); /* phases of silence are part of measuring */
	json_object(&out, "auth");
	json_text(&out, "method", "token");
	json_text(&out, "token", token);
	json_object_end(&out);
	json_object_end(&out);
	json_object_end(&out);
	length = json_out_done(&out);
	lane->out_length = length;
	lane_put(lane, TEXT("\n{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"events.subscribe\","
	                    "\"params\":{\"types\":[\"call.decided\"]}}\n"));
	return length > 0;
}

static int shake_hands(struct lane *lane, const char *client, const char *token, struct err *err)
{
	struct opening opening = { 0 };
	usec_t until = clock_monotonic() + PATIENCE;
	int r;

	if (!put_opening(lane, client, token))
		return err_set(err, -EMSGSIZE, "the client's name or token is too long");
	r = lane_flush(lane, err);
	while (r == 0 && opening.replies < 2 && !opening.refused) {
		if (rpc_wait(lane->fd, POLLIN, until) < 0)
			return err_set(err, -ETIMEDOUT,
			               "no answer to session.open: is that a najimid?");
		r = lane_read(lane, take_opening, &opening, err);
	}
	if (r == 0 && opening.refused)
		r = err_set(err, -EREMOTEIO, "session refused: %s", opening.words);
	return r;
}

int lane_open(struct lane **ret, const char *address, const char *client, const char *token,
              struct err *err)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	int r;

	if (lane == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	lane->fd = -1;
	r = rpc_connect(address, clock_monotonic() + PATIENCE, &lane->fd, err);
	if (r == 0)
		r = shake_hands(lane, client, token, err);
	if (r < 0) {
		lane_close(lane);
		return r;
	}
	*ret = lane;
	return 0;
}

struct lane *lane_close(struct lane *lane)
{
	if (lane == NULL)
		return NULL;
	if (lane->fd >= 0)
		close(lane->fd);
	free(lane);
	return NULL;
}

/* --- looking --- */

bool line_has(struct text line, struct text word)
{
	return memmem(line.start, line.length, word.start, word.length) != NULL;
}

static const char *behind(struct text line, struct text name)
{
	const char *at = memmem(line.start, line.length, name.start, name.length);

	return at == NULL ? NULL : at + name.length;
}

bool line_uint(struct text line, struct text name, uint64_t *ret)
{
	const char *at = behind(line, name), *end = line.start + line.length;
	uint64_t value = 0;

	if (at == NULL || at == end || *at < '0' || *at > '9')
		return false;
	for (; at < end && *at >= '0' && *at <= '9'; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	*ret = value;
	return true;
}

bool line_text(struct text line, struct text name, struct text *ret)
{
	const char *at = behind(line, name), *end;

	if (at == NULL || at == line.start + line.length || *at != '"')
		return false;
	at++;
	end = memchr(at, '"', (size_t)(line.start + line.length - at));
	if (end == NULL)
		return false;
	*ret = (struct text){ at, (size_t)(end - at) };
	return true;
}

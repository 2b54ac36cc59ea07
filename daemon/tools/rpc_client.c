#include "rpc_client.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/base/lists.h"
#include "najimi/codec/frame.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"
#include "rpc_connect.h"

#define MESSAGE_BYTES_MAX ((size_t)64 * 1024 * 1024) /* a snapshot of a large site */
#define UNSENT_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define KEPT_MAX 65536 /* messages put aside during one call */
#define READ_BYTES 65536
#define ELEMENTS_MAX 1000000
#define LOGIN_SIZE 4096

static const struct json_limits limits = {
	.bytes_max = MESSAGE_BYTES_MAX,
	.depth_max = JSON_DEPTH_MAX,
	.members_max = JSON_MEMBERS_MAX,
	.elements_max = ELEMENTS_MAX,
};

/* Bytes in a row: written at the end, taken from the start. */
struct bytes {
	char *start;
	size_t taken, length, size;
};

struct kept {
	STAILQ_ENTRY(kept) entry;
	struct rpc_message message;
};

struct rpc_client {
	int fd;
	struct framer framer;
	struct bytes in, out;
	uint64_t last_id;
	STAILQ_HEAD(kept_list, kept) kept;
	size_t kept_count;
};

/* --- bytes --- */

static char *bytes_reserve(struct bytes *bytes, size_t more)
{
	size_t size = bytes->size == 0 ? READ_BYTES : bytes->size;
	char *start;

	if (bytes->taken > 0 && bytes->size - bytes->length < more) {
		memmove(bytes->start, bytes->start + bytes->taken, bytes->length - bytes->taken);
		bytes->length -= bytes->taken;
		bytes->taken = 0;
	}
	while (size - bytes->length < more)
		size *= 2;
	if (size != bytes->size) {
		start = realloc(bytes->start, size);
		if (start == NULL)
			return NULL;
		bytes->start = start;
		bytes->size = size;
	}
	return bytes->start + bytes->length;
}

static void bytes_take(struct bytes *bytes, size_t count)
{
	bytes->taken += count;
	if (bytes->taken == bytes->length)
		bytes->taken = bytes->length = 0;
}

/* --- connection --- */

int rpc_client_connect(const char *address, usec_t timeout, struct rpc_client **ret,
                       struct err *err)
{
	struct rpc_client *client = calloc(1, sizeof(*client));
	int r;

	if (client == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	framer_init(&client->framer);
	STAILQ_INIT(&client->kept);
	r = rpc_connect(address, clock_monotonic() + timeout, &client->fd, err);
	if (r < 0) {
		free(client);
		return r;
	}
	*ret = client;
	return 0;
}

struct rpc_client *rpc_client_free(struct rpc_client *client)
{
	struct kept *kept;

	if (client == NULL)
		return NULL;
	while ((kept = STAILQ_FIRST(&client->kept)) != NULL) {
		STAILQ_REMOVE_HEAD(&client->kept, entry);
		rpc_message_done(&kept->message);
		free(kept);
	}
	close(client->fd);
	free(client->in.start);
	free(client->out.start);
	free(client);
	return NULL;
}

int rpc_client_fd(const struct rpc_client *client)
{
	return client->fd;
}

/* --- sending --- */

static int add(struct rpc_client *client, const char *text, size_t length, struct err *err)
{
	char *room;

	if (client->out.length - client->out.taken + length > UNSENT_BYTES_MAX)
		return err_set(err, -ENOBUFS, "the daemon does not take what is sent to it");
	room = bytes_reserve(&client->out, length);
	if (room == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	memcpy(room, text, length);
	client->out.length += length;
	return 0;
}

int rpc_client_ask(struct rpc_client *client, const char *method, const char *params,
                   uint64_t *ret_id, struct err *err)
{
	size_t size = strlen(method) + (params == NULL ? 0 : strlen(params)) + 128;
	char *text = malloc(size);
	uint64_t id = client->last_id + 1;
	int length, r;

	if (text == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	length = snprintf(
	        text, size, "{\"jsonrpc\":\"2.0\",\"id\":%" PRIu64 ",\"method\":\"%s\"%s%s}\n", id,
	        method, params == NULL ? "" : ",\"params\":", params == NULL ? "" : params);
	r = add(client, text, (size_t)length, err);
	free(text);
	if (r < 0)
		return r;
	client->last_id = id;
	*ret_id = id;
	return 0;
}

bool rpc_client_unsent(const struct rpc_client *client)
{
	return client->out.length > client->out.taken;
}

int rpc_client_flush(struct rpc_client *client, usec_t timeout, struct err *err)
{
	usec_t until = clock_monotonic() + timeout;

	while (rpc_client_unsent(client)) {
		ssize_t sent = send(client->fd, client->out.start + client->out.taken,
		                    client->out.length - client->out.taken, MSG_NOSIGNAL);
		int r;

		if (sent >= 0) {
			bytes_take(&client->out, (size_t)sent);
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return err_set(err, -ECONNRESET, "sending: %s", strerror(errno));
		r = rpc_wait(client->fd, POLLOUT, until);
		if (r < 0)
			return err_set(err, r, "sending: %s", strerror(-r));
	}
	return 0;
}

/* --- receiving --- */

void rpc_message_done(struct rpc_message *message)
{
	(void)json_free(message->document);
	*message = (struct rpc_message){ 0 };
}

static void sort_error(struct rpc_message *message, const struct json *error)
{
	const struct json *data = json_member(error, "data");
	int64_t code = 0;

	message->kind = RPC_MESSAGE_ERROR;
	message->words = message->reason = "";
	(void)json_get_int(json_member(error, "code"), &code);
	(void)json_get_text(json_member(error, "message"), &message->words);
	message->code = (int)code;
	message->body = data;
	if (data != NULL && json_type(data) == JSON_OBJECT && json_member(data, "reason") != NULL)
		(void)json_get_text(json_member(data, "reason"), &message->reason);
}

/* What a document is: a result, an error or a notification. */
static int sort(struct json *document, struct rpc_message *ret, struct err *err)
{
	const struct json *id, *result, *error, *method;
	int64_t number = 0;

	*ret = (struct rpc_message){ .document = document };
	if (json_type(document) != JSON_OBJECT)
		return err_set(err, -EPROTO, "the daemon sent something that is no object");
	id = json_member(document, "id");
	result = json_member(document, "result");
	error = json_member(document, "error");
	method = json_member(document, "method");
	if (id != NULL && json_get_int(id, &number) && number > 0)
		ret->id = (uint64_t)number;
	if (method != NULL && json_get_text(method, &ret->method)) {
		ret->kind = RPC_MESSAGE_EVENT;
		ret->body = json_member(document, "params");
	} else if (result != NULL) {
		ret->kind = RPC_MESSAGE_RESULT;
		ret->body = result;
	} else if (error != NULL && json_type(error) == JSON_OBJECT &&
	           json_member(error, "code") != NULL && json_member(error, "message") != NULL) {
		sort_error(ret, error);
	} else {
		return err_set(err, -EPROTO, "the daemon sent something that is not JSON-RPC");
	}
	return 0;
}

/* One message out of what has been read. -EAGAIN when there is none yet. */
static int cut(struct rpc_client *client, struct rpc_message *ret, struct err *err)
{
	struct json *document;
	struct text text;
	size_t used;
	int r;

	if (client->in.length == client->in.taken)
		return -EAGAIN;
	switch (frame_next(&client->framer, client->in.start + client->in.taken,
	                   client->in.length - client->in.taken, MESSAGE_BYTES_MAX, &text, &used)) {
	case FRAME_SHORT:
		bytes_take(&client->in, used);
		return -EAGAIN;
	case FRAME_HTTP:
	case FRAME_WRONG:
		return err_set(err, -EPROTO, "this is not a daemon's native port (%s)",
		               client->framer.reason);
	case FRAME_READY:
		break;
	}
	r = json_parse(text, &limits, &document, err);
	bytes_take(&client->in, used);
	if (r < 0)
		return err_wrap(err, r == -ENOMEM ? r : -EPROTO, "the daemon's message");
	r = sort(document, ret, err);
	if (r < 0)
		rpc_message_done(ret);
	return r;
}

static int fill(struct rpc_client *client, usec_t until, struct err *err)
{
	char *room = bytes_reserve(&client->in, READ_BYTES);

	if (room == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	for (;;) {
		ssize_t got = recv(client->fd, room, READ_BYTES, 0);
		int r;

		if (got > 0) {
			client->in.length += (size_t)got;
			return 0;
		}
		if (got == 0)
			return err_set(err, -ECONNRESET, "the daemon closed the connection");
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return err_set(err, -ECONNRESET, "receiving: %s", strerror(errno));
		r = rpc_wait(client->fd, POLLIN, until);
		if (r < 0)
			return err_set(err, r, "receiving: %s",
			               r == -ETIMEDOUT ? "no answer in time" : strerror(-r));
	}
}

/* The daemon asks whether we are there. Its id goes back as it came. */
static int answer_ping(struct rpc_client *client, const struct rpc_message *ping, struct err *err)
{
	const struct json *id = json_member(ping->document, "id");
	char text[512], shown[128];
	size_t length;
	int written;

	if (id == NULL)
		return 0; /* a notification wants no answer */
	length = json_print(id, shown, sizeof(shown));
	if (length == 0)
		return err_set(err, -EPROTO, "the daemon's ping has a long id");
	written = snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":{}}\n",
	                   (int)length, shown);
	return add(client, text, (size_t)written, err);
}

/* The next message from the wire, not from what was kept. */
static int receive_fresh(struct rpc_client *client, usec_t until, struct rpc_message *ret,
                         struct err *err)
{
	for (;;) {
		int r = cut(client, ret, err);

		if (r == -EAGAIN)
			r = fill(client, until, err);
		else if (r == 0 && ret->kind == RPC_MESSAGE_EVENT &&
		         strcmp(ret->method, "ping") == 0) {
			r = answer_ping(client, ret, err);
			rpc_message_done(ret);
			if (r == 0)
				r = rpc_client_flush(client, SEC(1), err);
		} else {
			return r;
		}
		if (r < 0)
			return r;
	}
}

int rpc_client_receive(struct rpc_client *client, usec_t timeout, struct rpc_message *ret,
                       struct err *err)
{
	struct kept *kept = STAILQ_FIRST(&client->kept);

	*ret = (struct rpc_message){ 0 };
	if (kept == NULL)
		return receive_fresh(client, clock_monotonic() + timeout, ret, err);
	STAILQ_REMOVE_HEAD(&client->kept, entry);
	client->kept_count--;
	*ret = kept->message;
	free(kept);
	return 0;
}

static int keep(struct rpc_client *client, const struct rpc_message *message, struct err *err)
{
	struct kept *kept = client->kept_count < KEPT_MAX ? malloc(sizeof(*kept)) : NULL;

	if (kept == NULL)
		return err_set(err, -ENOBUFS, "too many events while waiting for an answer");
	kept->message = *message;
	STAILQ_INSERT_TAIL(&client->kept, kept, entry);
	client->kept_count++;
	return 0;
}

/* --- one question, one answer --- */

/* An error without an id is the answer to something that could not be read: there
 * is nothing more to wait for. */
static bool answers(const struct rpc_message *message, uint64_t id)
{
	if (message->kind == RPC_MESSAGE_EVENT)
		return false;
	return message->id == id || (message->kind == RPC_MESSAGE_ERROR && message->id == 0);
}

int rpc_client_call(struct rpc_client *client, const char *method, const char *params,
                    usec_t timeout, struct rpc_message *ret, struct err *err)
{
	usec_t until = clock_monotonic() + timeout;
	uint64_t id;
	int r;

	*ret = (struct rpc_message){ 0 };
	r = rpc_client_ask(client, method, params, &id, err);
	if (r == 0)
		r = rpc_client_flush(client, timeout, err);
	while (r == 0) {
		r = receive_fresh(client, until, ret, err);
		if (r < 0 || answers(ret, id))
			break;
		r = keep(client, ret, err);
		if (r < 0)
			rpc_message_done(ret);
		else
			*ret = (struct rpc_message){ 0 };
	}
	if (r < 0)
		return err_wrap(err, r, "%s", method);
	if (ret->kind == RPC_MESSAGE_ERROR)
		return err_set(err, -EREMOTEIO, "%s: %s (%d%s%s)", method, ret->words, ret->code,
		               ret->reason[0] == '\0' ? "" : ", ", ret->reason);
	return 0;
}

/* Nobody but us can still show why the session was refused: the answer goes. */
static void add_detail(const struct rpc_message *message, struct err *err)
{
	struct err plain = *err;
	const char *detail;

	if (message->body != NULL && json_type(message->body) == JSON_OBJECT &&
	    json_member(message->body, "detail") != NULL &&
	    json_get_text(json_member(message->body, "detail"), &detail))
		(void)err_set(err, -EREMOTEIO, "%s: %s", plain.text, detail);
}

int rpc_client_open(struct rpc_client *client, const struct rpc_login *login, usec_t timeout,
                    struct rpc_message *ret, struct err *err)
{
	struct rpc_message message;
	char params[LOGIN_SIZE];
	struct json_out out;
	int r;

	json_out_begin(&out, params, sizeof(params));
	json_object(&out, NULL);
	json_array(&out, "protocol");
	json_int(&out, NULL, 1);
	json_array_end(&out);
	json_object(&out, "client");
	json_text(&out, "name", login->name);
	json_text(&out, "version", NAJIMI_VERSION);
	json_object_end(&out);
	if (login->role != NULL)
		json_text(&out, "role", login->role);
	if (login->token != NULL && login->token[0] != '\0') {
		json_object(&out, "auth");
		json_text(&out, "method", "token");
		json_text(&out, "token", login->token);
		json_object_end(&out);
	}
	if (login->heartbeat_ms > 0)
		json_uint(&out, "heartbeat_ms", login->heartbeat_ms);
	json_object_end(&out);
	if (json_out_done(&out) == 0)
		return err_set(err, -EINVAL, "the token or name is too long");
	r = rpc_client_call(client, "session.open", params, timeout, &message, err);
	if (r == 0 && ret != NULL) {
		*ret = message;
		return 0;
	}
	if (r == -EREMOTEIO)
		add_detail(&message, err);
	rpc_message_done(&message);
	return r;
}

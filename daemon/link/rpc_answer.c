#include "rpc_answer.h"

#include <stdlib.h>

#include "rpc_guests.h"
#include "rpc_link.h"

struct batch {
	struct link *link;
	uint64_t peer;
	unsigned open; /* answers that are to come, and one more until it is closed */
	char *bytes;
	size_t length, size;
};

/* The meters keep the words they are given: they must be constants. */
static const char *word_of_code(enum rpc_code code)
{
	switch (code) {
	case RPC_PARSE_ERROR:
		return "-32700";
	case RPC_INVALID_REQUEST:
		return "-32600";
	case RPC_METHOD_NOT_FOUND:
		return "-32601";
	case RPC_INVALID_PARAMS:
		return "-32602";
	case RPC_INTERNAL_ERROR:
		return "-32603";
	case RPC_UNAUTHORIZED:
		return "-32001";
	case RPC_FORBIDDEN:
		return "-32002";
	case RPC_NOT_READY:
		return "-32003";
	case RPC_NOT_LEADER:
		return "-32004";
	case RPC_UNKNOWN_CALL:
		return "-32010";
	case RPC_QUEUE_FULL:
		return "-32011";
	case RPC_UNKNOWN_QUEUE:
		return "-32012";
	case RPC_UNKNOWN_AGENT:
		return "-32013";
	case RPC_WRONG_STATE:
		return "-32014";
	case RPC_OTHER_CONTENT:
		return "-32015";
	case RPC_RATE_LIMITED:
		return "-32020";
	case RPC_OVERLOADED:
		return "-32021";
	case RPC_TOO_LARGE:
		return "-32022";
	case RPC_RESUME_IMPOSSIBLE:
		return "-32030";
	}
	return "other";
}

/* --- batches --- */

static void batch_free(struct batch *batch)
{
	free(batch->bytes);
	free(batch);
}

static bool append(struct batch *batch, const char *bytes, size_t length)
{
	size_t size = batch->size == 0 ? 1024 : batch->size;
	char *grown;

	while (size < batch->length + length)
		size *= 2;
	if (size != batch->size) {
		grown = realloc(batch->bytes, size);
		if (grown == NULL)
			return false;
		batch->bytes = grown;
		batch->size = size;
	}
	memcpy(batch->bytes + batch->length, bytes, length);
	batch->length += length;
	return true;
}

static void send_batch(struct batch *batch)
{
	struct rpc_conn *conn = rpc_conn_find(batch->link, batch->peer);

	if (conn != NULL && batch->length > 0 && append(batch, "]", 1))
		rpc_conn_put(conn, (struct text){ batch->bytes, batch->length });
	else if (conn != NULL && batch->length > 0)
		rpc_conn_close(conn, "out_of_memory");
	batch_free(batch);
}

struct batch *answer_batch_new(struct rpc_conn *conn)
{
	struct batch *batch = calloc(1, sizeof(*batch));

	if (batch == NULL)
		return NULL;
	batch->link = conn->link;
	batch->peer = conn->peer;
	batch->open = 1;
	return batch;
}

void answer_batch_expect(struct batch *batch)
{
	batch->open++;
}

void answer_batch_close(struct batch *batch)
{
	if (--batch->open == 0)
		send_batch(batch);
}

static void add_to_batch(struct batch *batch, struct text answer)
{
	struct rpc_conn *conn = rpc_conn_find(batch->link, batch->peer);

	if (!append(batch, batch->length == 0 ? "[" : ",", 1) ||
	    !append(batch, answer.start, answer.length)) {
		batch->length = 0;
		if (conn != NULL)
			rpc_conn_close(conn, "out_of_memory");
	}
	answer_batch_close(batch);
}

/* --- single answers --- */

static void deliver(const struct asker *asker, struct text answer)
{
	struct rpc_conn *conn;

	if (asker->batch != NULL) {
		add_to_batch(asker->batch, answer);
		return;
	}
	conn = rpc_conn_find(asker->link, asker->peer);
	if (conn != NULL)
		rpc_conn_put(conn, answer);
}

/* A guest's request has none. */
static void write_envelope(const struct asker *asker, struct json_out *out)
{
	if (asker->guest)
		return;
	json_text(out, "jsonrpc", "2.0");
	json_raw(out, "id", text_of(asker->id[0] == '\0' ? "null" : asker->id));
}

void answer_begin(const struct asker *asker, struct json_out *out)
{
	json_out_begin(out, asker->link->scratch, asker->link->scratch_size);
	json_object(out, NULL);
	write_envelope(asker, out);
}

void answer_end(const struct asker *asker, struct json_out *out)
{
	struct refusal refusal;
	size_t length;

	json_object_end(out);
	length = json_out_done(out);
	if (length == 0) {
		refuse(&refusal, RPC_TOO_LARGE, "answer_too_large", "",
		       "the answer has more than %zu bytes", asker->link->scratch_size);
		answer_refusal(asker, &refusal);
		return;
	}
	meter_count(&asker->link->needs.meters->rpc_requests, asker->method, "0");
	if (asker->guest)
		guest_put_result(asker, (struct text){ out->start, length });
	else if (asker->id[0] != '\0')
		deliver(asker, (struct text){ out->start, length });
}

void answer_empty(const struct asker *asker)
{
	struct json_out out;

	answer_begin(asker, &out);
	json_object(&out, "result");
	json_object_end(&out);
	answer_end(asker, &out);
}

void answer_refusal(const struct asker *asker, const struct refusal *refusal)
{
	const char *leader = asker->link->needs.meters->leader_at.rpc;
	char bytes[2560]; /* field and detail with every byte escaped, and the leader */
	struct json_out out;
	size_t length;

	meter_count(&asker->link->needs.meters->rpc_requests, asker->method,
	            word_of_code(refusal->code));
	if (asker->id[0] == '\0')
		return;
	json_out_begin(&out, bytes, sizeof(bytes));
	json_object(&out, NULL);
	write_envelope(asker, &out);
	json_object(&out, "error");
	json_int(&out, "code", refusal->code);
	json_text(&out, "message", rpc_code_words(refusal->code));
	json_object(&out, "data");
	json_text(&out, "reason", refusal->reason);
	if (refusal->field[0] != '\0')
		json_text(&out, "field", refusal->field);
	if (refusal->detail[0] != '\0')
		json_text(&out, "detail", refusal->detail);
	if (refusal->code == RPC_NOT_LEADER && leader[0] != '\0')
		json_text(&out, "leader", leader);
	if (refusal->retry_after != 0)
		json_ms(&out, "retry_after_ms", refusal->retry_after);
	json_object_end(&out);
	json_object_end(&out);
	json_object_end(&out);
	length = json_out_done(&out);
	if (asker->guest)
		guest_put_refusal(asker, refusal, (struct text){ bytes, length });
	else
		deliver(asker, (struct text){ bytes, length });
}

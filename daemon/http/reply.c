#include "reply.h"

#include <event2/buffer.h>
#include <event2/http.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "problem.h"

static void add_headers(struct evhttp_request *request, const struct answer *answer)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
	char text[24];

	/* Said by ourselves, since the answer to HEAD has a length and no body. */
	snprintf(text, sizeof(text), "%zu", answer->body.length);
	if (answer->status != 304) {
		evhttp_add_header(headers, "Content-Length", text);
		evhttp_add_header(headers, "Content-Type", answer->type);
	}
	evhttp_add_header(headers, "Cache-Control", "no-cache");
	evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	evhttp_add_header(headers, "Vary", "Accept, Authorization");
	if (answer->vary != NULL)
		evhttp_add_header(headers, "Vary", answer->vary);
	if (answer->encoding != NULL)
		evhttp_add_header(headers, "Content-Encoding", answer->encoding);
	if (answer->policy != NULL) {
		evhttp_add_header(headers, "Content-Security-Policy", answer->policy);
		evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
	}
	if (answer->etag[0] != '\0')
		evhttp_add_header(headers, "ETag", answer->etag);
	if (answer->challenge != NULL)
		evhttp_add_header(headers, "WWW-Authenticate", answer->challenge);
	if (answer->allow != NULL)
		evhttp_add_header(headers, "Allow", answer->allow);
	if (answer->retry_after != 0) {
		snprintf(text, sizeof(text), "%" PRIu64,
		         (answer->retry_after + SEC(1) - 1) / SEC(1));
		evhttp_add_header(headers, "Retry-After", text);
	}
}

static void free_body(const void *data, size_t length, void *arg)
{
	(void)data;
	(void)length;
	free(arg);
}

void reply_send(struct evhttp_request *request, struct answer *answer)
{
	bool wanted =
	        evhttp_request_get_command(request) != EVHTTP_REQ_HEAD && answer->status != 304;
	struct evbuffer *buffer = NULL;

	add_headers(request, answer);
	if (wanted && answer->body.length > 0)
		buffer = evbuffer_new();
	if (buffer != NULL &&
	    evbuffer_add_reference(buffer, answer->body.start, answer->body.length, free_body,
	                           answer->body.start) == 0)
		answer->body.start = NULL;
	evhttp_send_reply(request, answer->status, problem_title(answer->status), buffer);
	if (buffer != NULL)
		evbuffer_free(buffer);
	body_done(&answer->body);
}

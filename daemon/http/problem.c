#include "problem.h"

#include <stdarg.h>
#include <stdio.h>

#include "najimi/codec/json_out.h"

#define DETAIL_SIZE 256
#define PROBLEM_SIZE (6 * DETAIL_SIZE + 256) /* an escaped byte takes six at most */

const char *problem_title(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 202:
		return "Accepted";
	case 304:
		return "Not Modified";
	case 400:
		return "Bad Request";
	case 401:
		return "Unauthorized";
	case 403:
		return "Forbidden";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 409:
		return "Conflict";
	case 413:
		return "Content Too Large";
	case 415:
		return "Unsupported Media Type";
	case 422:
		return "Unprocessable Content";
	case 429:
		return "Too Many Requests";
	case 500:
		return "Internal Server Error";
	case 503:
		return "Service Unavailable";
	default:
		return "Problem";
	}
}

void problem_answer(struct answer *answer, int status, const char *fmt, ...)
{
	char detail[DETAIL_SIZE];
	struct json_out out;
	va_list args;
	char *room;

	va_start(args, fmt);
	vsnprintf(detail, sizeof(detail), fmt, args);
	va_end(args);

	body_done(&answer->body);
	answer->status = status;
	answer->type = "application/problem+json";
	answer->etag[0] = '\0';
	answer->encoding = answer->policy = NULL;
	answer->streams = false;
	room = body_reserve(&answer->body, PROBLEM_SIZE);
	if (room == NULL)
		return;
	json_out_begin(&out, room, PROBLEM_SIZE);
	json_object(&out, NULL);
	json_text(&out, "type", "about:blank");
	json_text(&out, "title", problem_title(status));
	json_int(&out, "status", status);
	json_text(&out, "detail", detail);
	json_object_end(&out);
	body_advance(&answer->body, json_out_done(&out));
}

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ctl.h"
#include "najimi/shell/clock.h"

/* The daemon's events as they come, one a line: what happened to whom first, the
 * rest as name=value. */

#define HEARTBEAT_DEFAULT MSEC(15000)
#define NESTED_SIZE 128

static void print_value(struct ctl *ctl, const char *name, const struct json *value)
{
	char clean[4 * TABLE_CELL_MAX + 8];
	const char *text;
	int64_t number;
	bool flag;

	if (json_get_text(value, &text)) {
		table_clean(text, clean, sizeof(clean));
		/* One word stays bare, anything else is quoted so that it stays one value. */
		if (clean[0] == '\0' || strpbrk(clean, " \"=") != NULL)
			fprintf(ctl->out, " %s=\"%s\"", name, clean);
		else
			fprintf(ctl->out, " %s=%s", name, clean);
	} else if (json_get_int(value, &number)) {
		fprintf(ctl->out, " %s=%" PRId64, name, number);
	} else if (json_get_bool(value, &flag)) {
		fprintf(ctl->out, " %s=%s", name, flag ? "yes" : "no");
	}
}

/* Members of an object and of the objects in it; lists are left to --json. */
static void print_members(struct ctl *ctl, const char *prefix, const struct json *object)
{
	const struct json *member;

	for (member = json_first(object); member != NULL; member = json_next(member)) {
		char name[NESTED_SIZE];

		snprintf(name, sizeof(name), "%s%s%s", prefix, prefix[0] == '\0' ? "" : ".",
		         json_member_name(member));
		if (json_type(member) == JSON_OBJECT && prefix[0] == '\0')
			print_members(ctl, name, member);
		else
			print_value(ctl, name, member);
	}
}

static void print_event(struct ctl *ctl, const struct rpc_message *event)
{
	const struct json *data = ctl_member(event->body, "data");
	const char *type = ctl_text(event->body, "type");
	char when[16];
	usec_t at;

	if (ctl->args.json) {
		ctl_print_json(ctl, event->body);
		return;
	}
	if (!ctl_instant(event->body, "at", &at))
		at = clock_now();
	ctl_clock(at, true, when, sizeof(when));
	fprintf(ctl->out, "%s %-15s", when, type == NULL ? event->method : type);
	if (data != NULL && json_type(data) == JSON_OBJECT)
		print_members(ctl, "", data);
	else if (event->body != NULL && json_type(event->body) == JSON_OBJECT && type == NULL)
		print_members(ctl, "", event->body);
	fputc('\n', ctl->out);
}

/* Words after the command are types of events. */
static void write_params(struct ctl *ctl, char *ret, size_t size)
{
	struct json_out out;

	json_out_begin(&out, ret, size);
	json_object(&out, NULL);
	if (ctl->args.words_count > 0) {
		json_array(&out, "types");
		for (size_t i = 0; i < ctl->args.words_count; i++)
			json_text(&out, NULL, ctl->args.words[i]);
		json_array_end(&out);
	}
	if (ctl->args.queue != NULL) {
		json_array(&out, "queues");
		json_text(&out, NULL, ctl->args.queue);
		json_array_end(&out);
	}
	json_object_end(&out);
	if (json_out_done(&out) == 0)
		snprintf(ret, size, "{}");
}

static enum ctl_exit fail(const struct err *err)
{
	fprintf(stderr, "najimictl: watch: %s\n", err->text);
	return CTL_UNREACHABLE;
}

/* One line is one thing that happened: nothing stays in a buffer. */
static enum ctl_exit follow(struct ctl *ctl, usec_t heartbeat)
{
	usec_t ping_at = clock_monotonic() + heartbeat;
	struct err err = { 0 };
	int64_t count = 0;

	while (ctl->args.count == 0 || count < ctl->args.count) {
		usec_t now = clock_monotonic();
		struct rpc_message message;
		uint64_t id;
		int r;

		if (now >= ping_at) {
			ping_at = now + heartbeat;
			r = rpc_client_ask(ctl->client, "ping", NULL, &id, &err);
			if (r == 0)
				r = rpc_client_flush(ctl->client, heartbeat, &err);
			if (r < 0)
				return fail(&err);
		}
		r = rpc_client_receive(ctl->client, ping_at - now, &message, &err);
		if (r == -ETIMEDOUT)
			continue;
		if (r < 0)
			return fail(&err);
		if (message.kind == RPC_MESSAGE_EVENT) {
			print_event(ctl, &message);
			count++;
			fflush(ctl->out);
		}
		rpc_message_done(&message);
	}
	return CTL_OK;
}

enum ctl_exit ctl_watch(struct ctl *ctl)
{
	int64_t heartbeat_ms = ctl_number(ctl->session.body, "heartbeat_ms");
	char params[CTL_PARAMS_SIZE];
	struct rpc_message message;
	enum ctl_exit result;

	write_params(ctl, params, sizeof(params));
	result = ctl_ask(ctl, "events.subscribe", params, &message);
	if (result != CTL_OK)
		return result;
	rpc_message_done(&message);
	return follow(ctl, heartbeat_ms > 0 ? MSEC((usec_t)heartbeat_ms) : HEARTBEAT_DEFAULT);
}

#include "ctl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "najimi/codec/rpc.h"
#include "najimi/shell/clock.h"

#define JSON_SIZE_FIRST ((size_t)64 * 1024)
#define PIECE 500 /* elements asked for at once */

/* --- asking --- */

static enum ctl_exit log_in(struct ctl *ctl)
{
	const char *role = ctl->args.role;
	struct rpc_login login = { .name = ctl->args.client, .token = ctl->args.token };
	struct err err = { 0 };
	int r;

	/* A token says what it is for; without one only a trusted address gets in. */
	login.role = role == NULL && ctl->args.token[0] == '\0' ? "supervisor" : role;
	r = rpc_client_open(ctl->client, &login, ctl->args.timeout, &ctl->session, &err);
	if (r == 0)
		return CTL_OK;
	fprintf(stderr, "najimictl: %s: %s\n", ctl->host, err.text);
	return r == -EREMOTEIO ? CTL_REFUSED : CTL_UNREACHABLE;
}

enum ctl_exit ctl_connect(struct ctl *ctl, const char *host)
{
	struct err err = { 0 };
	int r;

	ctl->host = host;
	r = rpc_client_connect(host, ctl->args.timeout, &ctl->client, &err);
	if (r == 0)
		return log_in(ctl);
	fprintf(stderr, "najimictl: %s%s\n", err.text, r == -EINVAL ? " (najimictl --help)" : "");
	return r == -EINVAL ? CTL_USAGE : CTL_UNREACHABLE;
}

void ctl_hang_up(struct ctl *ctl)
{
	rpc_message_done(&ctl->session);
	ctl->client = rpc_client_free(ctl->client);
}

/* The daemon stands by. The one it names is asked instead, once, unless this very one is meant. */
static enum ctl_exit ask_leader(struct ctl *ctl, const char *method, const char *params,
                                struct rpc_message *ret)
{
	const char *leader = ctl_text(ret->body, "leader");
	bool goes = leader != NULL && !ctl->stays && ctl->leader[0] == '\0';
	enum ctl_exit result;

	fprintf(stderr, "najimictl: %s stands by; %s leads%s\n", ctl->host,
	        leader == NULL ? "another daemon" : leader, goes ? ", and is asked" : "");
	if (goes)
		snprintf(ctl->leader, sizeof(ctl->leader), "%s", leader);
	rpc_message_done(ret);
	if (!goes)
		return CTL_REFUSED;
	ctl_hang_up(ctl);
	result = ctl_connect(ctl, ctl->leader);
	return result == CTL_OK ? ctl_ask(ctl, method, params, ret) : result;
}

enum ctl_exit ctl_ask(struct ctl *ctl, const char *method, const char *params,
                      struct rpc_message *ret)
{
	struct err err = { 0 };
	const char *detail;
	int r = rpc_client_call(ctl->client, method, params, ctl->args.timeout, ret, &err);

	if (r == 0)
		return CTL_OK;
	if (r == -EREMOTEIO && ret->code == RPC_NOT_LEADER)
		return ask_leader(ctl, method, params, ret);
	detail = r == -EREMOTEIO ? ctl_text(ret->body, "detail") : NULL;
	fprintf(stderr, "najimictl: %s%s%s\n", err.text, detail == NULL ? "" : ": ",
	        detail == NULL ? "" : detail);
	rpc_message_done(ret);
	return r == -EREMOTEIO ? CTL_REFUSED : CTL_UNREACHABLE;
}

enum ctl_exit ctl_ask_or_print(struct ctl *ctl, const char *method, const char *params,
                               struct rpc_message *ret)
{
	enum ctl_exit result = ctl_ask(ctl, method, params, ret);

	if (result == CTL_OK && ctl->args.json) {
		ctl_print_json(ctl, ret->body);
		rpc_message_done(ret);
	}
	return result;
}

void ctl_params(char *ret, size_t size, const char *name, const char *value)
{
	struct json_out out;

	json_out_begin(&out, ret, size);
	json_object(&out, NULL);
	json_text(&out, name, value);
	json_object_end(&out);
	/* What is too long for us the daemon would refuse as well; it says so better. */
	if (json_out_done(&out) == 0)
		snprintf(ret, size, "{\"%s\":\"\"}", name);
}

/* The filter with limit and after in it. */
static void write_piece(char *ret, size_t size, const char *filter, int64_t after)
{
	size_t length = strlen(filter) - 1; /* without the bracket that closes it */

	snprintf(ret, size, "%.*s%s\"limit\":%d,\"after\":%lld}", (int)length, filter,
	         length > 1 ? "," : "", PIECE, (long long)after);
}

static void hand_out(struct ctl *ctl, const struct json *answer, const char *list, bool first,
                     ctl_element_fn *element, void *arg)
{
	const struct json *elements = ctl_member(answer, list);
	usec_t as_of = ctl_as_of(answer);

	if (elements == NULL || json_type(elements) != JSON_ARRAY)
		return;
	for (const struct json *one = json_first(elements); one != NULL; one = json_next(one)) {
		if (!ctl->args.json) {
			element(one, as_of, arg);
			continue;
		}
		fputs(first ? "" : ",", ctl->out);
		ctl_print_json(ctl, one);
		first = false;
	}
}

enum ctl_exit ctl_walk(struct ctl *ctl, const char *method, const char *list, const char *filter,
                       ctl_element_fn *element, void *arg)
{
	char params[CTL_PARAMS_SIZE + 64];
	int64_t after = 0, next;
	enum ctl_exit result;

	for (bool first = true;; first = false) {
		struct rpc_message message;

		write_piece(params, sizeof(params), filter, after);
		result = ctl_ask(ctl, method, params, &message);
		if (result != CTL_OK)
			break;
		if (first && ctl->args.json)
			fprintf(ctl->out, "{\"%s\":[\n", list);
		hand_out(ctl, message.body, list, first, element, arg);
		next = ctl_number(message.body, "next");
		rpc_message_done(&message);
		if (next <= after)
			break;
		after = next;
	}
	if (result == CTL_OK && ctl->args.json)
		fputs("]}\n", ctl->out);
	return result;
}

/* --- reading answers --- */

const struct json *ctl_member(const struct json *object, const char *name)
{
	if (object == NULL || json_type(object) != JSON_OBJECT)
		return NULL;
	return json_member(object, name);
}

const char *ctl_text(const struct json *object, const char *name)
{
	const struct json *member = ctl_member(object, name);
	const char *text = NULL;

	if (member != NULL)
		(void)json_get_text(member, &text);
	return text;
}

int64_t ctl_number(const struct json *object, const char *name)
{
	const struct json *member = ctl_member(object, name);
	int64_t number = 0;

	if (member != NULL)
		(void)json_get_int(member, &number);
	return number;
}

bool ctl_true(const struct json *object, const char *name)
{
	const struct json *member = ctl_member(object, name);
	bool value = false;

	if (member != NULL)
		(void)json_get_bool(member, &value);
	return value;
}

bool ctl_instant(const struct json *object, const char *name, usec_t *ret)
{
	const char *text = ctl_text(object, name);

	return text != NULL && text_to_instant(text_of(text), ret) == 0;
}

usec_t ctl_age(const struct json *object, const char *name, usec_t as_of)
{
	usec_t at;

	if (!ctl_instant(object, name, &at))
		return USEC_NEVER;
	return at < as_of ? as_of - at : 0;
}

usec_t ctl_as_of(const struct json *answer)
{
	usec_t at;

	return ctl_instant(answer, "as_of", &at) ? at : clock_now();
}

/* --- writing --- */

void ctl_print_json(struct ctl *ctl, const struct json *json)
{
	size_t length = 0;
	char *text = NULL;

	for (size_t size = JSON_SIZE_FIRST; length == 0; size *= 2) {
		char *larger = realloc(text, size);

		if (larger == NULL)
			break;
		text = larger;
		length = json_print(json, text, size);
	}
	fwrite(text, 1, length, ctl->out);
	fputc('\n', ctl->out);
	free(text);
}

void ctl_print_table(struct ctl *ctl, struct table *table, const char *nothing)
{
	if (table_rows(table) == 0)
		fprintf(ctl->out, "%s\n", nothing);
	else
		table_print(table, ctl->colour, ctl->out);
	table_free(table);
}

void ctl_clock(usec_t at, bool fraction, char *ret, size_t size)
{
	time_t seconds = (time_t)(at / SEC(1));
	char day[16];
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(day, sizeof(day), "%H:%M:%S", &tm);
	if (fraction)
		snprintf(ret, size, "%s.%03u", day, (unsigned)(at / 1000 % 1000));
	else
		snprintf(ret, size, "%s", day);
}

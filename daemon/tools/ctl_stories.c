#include <string.h>

#include "ctl.h"
#include "ctl_show.h"

/* explain and caller: one call's or one caller's story. */

/* The call's id, and the client's where two use the same. */
static bool write_call(const struct ctl *ctl, char *ret, size_t size)
{
	struct json_out out;

	json_out_begin(&out, ret, size);
	json_object(&out, NULL);
	json_text(&out, "call_id", ctl->args.words[0]);
	if (ctl->args.words_count > 1)
		json_text(&out, "client", ctl->args.words[1]);
	json_object_end(&out);
	return json_out_done(&out) > 0;
}

/* A part of the answer under its name, when it is there. */
static void show_part(struct ctl *ctl, const struct json *answer, const char *name)
{
	const struct json *part = ctl_member(answer, name);

	if (part == NULL)
		return;
	if (json_type(part) == JSON_ARRAY) {
		ctl_show_list(ctl, name, part, 0);
	} else if (json_type(part) == JSON_OBJECT && json_count(part) > 0) {
		fprintf(ctl->out, "\n%s\n", name);
		ctl_show(ctl, part, 2);
	}
}

/* What is special about the call, a sentence each. */
static void show_rules(struct ctl *ctl, const struct json *rules)
{
	const char *words;

	if (rules == NULL || json_type(rules) != JSON_ARRAY)
		return;
	for (const struct json *rule = json_first(rules); rule != NULL; rule = json_next(rule)) {
		words = ctl_text(rule, "words");
		if (words != NULL)
			fprintf(ctl->out, "%s\n", words);
	}
}

/* The sentence first, then what it rests on. */
static void show_explanation(struct ctl *ctl, const struct json *answer)
{
	static const char *const parts[] = { "decision", "limits",   "known",
		                             "excluded", "verdicts", "agents" };
	const struct json *call = ctl_member(answer, "call");
	const char *sentence = ctl_text(answer, "explanation");

	if (sentence != NULL)
		fprintf(ctl->out, "%s\n", sentence);
	show_rules(ctl, ctl_member(answer, "rules"));
	fputc('\n', ctl->out);
	if (call != NULL && json_type(call) == JSON_OBJECT)
		ctl_show(ctl, call, 0);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		show_part(ctl, answer, parts[i]);
}

enum ctl_exit ctl_explain(struct ctl *ctl)
{
	char params[CTL_PARAMS_SIZE];
	struct rpc_message message;
	enum ctl_exit result;
	const char *state;

	if (!write_call(ctl, params, sizeof(params))) {
		fputs("najimictl: explain: the call's id is too long\n", stderr);
		return CTL_REFUSED;
	}
	result = ctl_ask(ctl, "call.get", params, &message);
	if (result != CTL_OK)
		return result;
	/* There is nothing to decide any more for one that is over: what became of it. */
	state = ctl_text(message.body, "state");
	if (state == NULL || strcmp(state, "ended") != 0) {
		rpc_message_done(&message);
		result = ctl_ask(ctl, "call.explain", params, &message);
		if (result != CTL_OK)
			return result;
	}
	if (ctl->args.json)
		ctl_print_json(ctl, message.body);
	else if (ctl_member(message.body, "call") != NULL)
		show_explanation(ctl, message.body);
	else
		ctl_show(ctl, message.body, 0);
	rpc_message_done(&message);
	return CTL_OK;
}

/* --- callers --- */

/* "cid:K-77" is a customer, "tel:+813..." a number; without either word, what looks
 * like a telephone number is one. */
static bool is_number(const char *word)
{
	size_t digits = 0;

	for (const char *c = word + (*word == '+'); *c != '\0'; c++) {
		if (strchr("0123456789", *c) != NULL)
			digits++;
		else if (strchr(" -().", *c) == NULL)
			return false;
	}
	return digits >= 3;
}

enum ctl_exit ctl_caller(struct ctl *ctl)
{
	const char *word = ctl->args.words[0], *name;
	char params[CTL_PARAMS_SIZE];

	if (strncmp(word, "cid:", 4) == 0) {
		name = "customer_id";
		word += 4;
	} else if (strncmp(word, "tel:", 4) == 0) {
		name = "from";
		word += 4;
	} else {
		name = is_number(word) ? "from" : "customer_id";
	}
	ctl_params(params, sizeof(params), name, word);
	return ctl_show_caller(ctl, params);
}

#include <string.h>

#include "ctl.h"
#include "ctl_show.h"

/* explain and caller: one call's or one caller's story. */

static enum ctl_exit ask_and_show(struct ctl *ctl, const char *method, const char *params)
{
	struct rpc_message message;
	enum ctl_exit result = ctl_ask_or_print(ctl, method, params, &message);

	if (result != CTL_OK || message.body == NULL)
		return result;
	if (json_type(message.body) == JSON_OBJECT)
		ctl_show(ctl, message.body, 0);
	rpc_message_done(&message);
	return CTL_OK;
}

enum ctl_exit ctl_explain(struct ctl *ctl)
{
	char params[CTL_PARAMS_SIZE];
	struct json_out out;

	json_out_begin(&out, params, sizeof(params));
	json_object(&out, NULL);
	json_text(&out, "call_id", ctl->args.words[0]);
	if (ctl->args.words_count > 1)
		json_text(&out, "client", ctl->args.words[1]);
	json_object_end(&out);
	if (json_out_done(&out) == 0) {
		fputs("najimictl: explain: the call's id is too long\n", stderr);
		return CTL_REFUSED;
	}
	return ask_and_show(ctl, "call.explain", params);
}

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
	return ask_and_show(ctl, "caller.get", params);
}

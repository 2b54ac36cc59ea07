#include <string.h>

#include "contacts_print.h"
#include "ctl.h"
#include "ctl_show.h"

/* What lies behind a caller, or behind an agent today: figures, and the last contacts. */

static enum ctl_exit show_contacts(struct ctl *ctl, const struct json *contacts)
{
	struct contacts_print print;
	struct err err;
	int r;

	if (contacts == NULL || json_type(contacts) != JSON_ARRAY) {
		fputs("\nthe contacts are in Redis, which cannot be asked at the moment\n",
		      ctl->out);
		return CTL_OK;
	}
	fputc('\n', ctl->out);
	r = contacts_print_begin(&print, ctl->out, CONTACTS_STORY, true, &err);
	for (const struct json *one = json_first(contacts); r == 0 && one != NULL;
	     one = json_next(one))
		r = contacts_print_one(&print, "", one, &err);
	if (r == 0)
		contacts_print_end(&print, NULL, ctl->colour);
	else
		fprintf(stderr, "najimictl: %s\n", err.text);
	contacts_print_done(&print);
	return r == 0 ? CTL_OK : CTL_REFUSED;
}

enum ctl_exit ctl_show_caller(struct ctl *ctl, const char *params)
{
	const struct json *memory;
	struct rpc_message message;
	enum ctl_exit result = ctl_ask(ctl, "caller.history", params, &message);
	bool known;

	if (result != CTL_OK)
		return result;
	known = json_type(message.body) == JSON_OBJECT;
	memory = ctl_member(message.body, "caller");
	if (ctl->args.json) {
		ctl_print_json(ctl, message.body);
	} else if (!known) {
		fputs("najimictl: nothing is remembered of this caller\n", stderr);
	} else {
		if (memory != NULL && json_type(memory) == JSON_OBJECT)
			ctl_show(ctl, memory, 0);
		result = show_contacts(ctl, ctl_member(message.body, "contacts"));
	}
	rpc_message_done(&message);
	return known ? result : CTL_REFUSED;
}

static enum ctl_exit show_day(struct ctl *ctl, const char *agent)
{
	char params[CTL_PARAMS_SIZE];
	struct rpc_message message;
	enum ctl_exit result;

	ctl_params(params, sizeof(params), "agent", agent);
	result = ctl_ask_or_print(ctl, "agent.day", params, &message);
	if (result != CTL_OK || ctl->args.json)
		return result;
	ctl_show_but(ctl, message.body, 0, "contacts");
	result = show_contacts(ctl, ctl_member(message.body, "contacts"));
	rpc_message_done(&message);
	return result;
}

enum ctl_exit ctl_agent(struct ctl *ctl)
{
	return ctl->args.day ? show_day(ctl, ctl->args.words[0]) : ctl_agents(ctl);
}

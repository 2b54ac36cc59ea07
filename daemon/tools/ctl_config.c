#include "ctl.h"
#include "najimi/shell/clock.h"

enum ctl_exit ctl_ping(struct ctl *ctl)
{
	usec_t before = clock_monotonic(), took;
	struct rpc_message message;
	enum ctl_exit result = ctl_ask(ctl, "ping", NULL, &message);

	if (result != CTL_OK)
		return result;
	took = clock_monotonic() - before;
	if (ctl->args.json)
		fprintf(ctl->out, "{\"round_trip_us\":%llu}\n", (unsigned long long)took);
	else
		fprintf(ctl->out, "%s answers in %llu.%03u ms\n", ctl->host,
		        (unsigned long long)(took / 1000), (unsigned)(took % 1000));
	rpc_message_done(&message);
	return CTL_OK;
}

/* Both answer {"ok":true}, or what is wrong with the file. */
static enum ctl_exit ask_config(struct ctl *ctl, const char *method, const char *good)
{
	struct rpc_message message;
	enum ctl_exit result = ctl_ask(ctl, method, NULL, &message);
	const char *error;

	if (result != CTL_OK)
		return result;
	error = ctl_text(message.body, "error");
	if (!ctl_true(message.body, "ok"))
		result = CTL_REFUSED;
	if (ctl->args.json)
		ctl_print_json(ctl, message.body);
	else if (result == CTL_OK)
		fprintf(ctl->out, "%s\n", good);
	else
		fprintf(stderr, "najimictl: %s\n", error == NULL ? "refused" : error);
	rpc_message_done(&message);
	return result;
}

enum ctl_exit ctl_check(struct ctl *ctl)
{
	return ask_config(ctl, "config.check", "the configuration file is good");
}

enum ctl_exit ctl_reload(struct ctl *ctl)
{
	ctl->stays = true; /* each daemon has a file of its own */
	return ask_config(ctl, "config.reload", "the configuration is reloaded");
}

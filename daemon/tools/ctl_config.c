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
		fprintf(ctl->out, "%s answers in %llu.%03u ms\n", ctl->args.host,
		        (unsigned long long)(took / 1000), (unsigned)(took % 1000));
	rpc_message_done(&message);
	return CTL_OK;
}

/* What the daemon says of its configuration file is for people already. */
static enum ctl_exit ask_config(struct ctl *ctl, const char *method, const char *good)
{
	struct rpc_message message;
	enum ctl_exit result = ctl_ask_or_print(ctl, method, NULL, &message);

	if (result != CTL_OK || ctl->args.json)
		return result;
	fprintf(ctl->out, "%s\n", good);
	rpc_message_done(&message);
	return CTL_OK;
}

enum ctl_exit ctl_check(struct ctl *ctl)
{
	return ask_config(ctl, "config.check", "the configuration file is good");
}

enum ctl_exit ctl_reload(struct ctl *ctl)
{
	return ask_config(ctl, "config.reload", "the configuration is reloaded");
}

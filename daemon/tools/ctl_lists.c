#include <string.h>

#include "ctl.h"

/* queues, agents, calls: one line each. */

#define JOINED_SIZE 256

/* The filter of the command line, as the list methods want it. */
static void write_filter(const struct ctl *ctl, char *ret, size_t size)
{
	struct json_out out;

	json_out_begin(&out, ret, size);
	json_object(&out, NULL);
	if (ctl->args.queue != NULL)
		json_text(&out, "queue", ctl->args.queue);
	if (ctl->args.state != NULL)
		json_text(&out, "state", ctl->args.state);
	json_object_end(&out);
	if (json_out_done(&out) == 0)
		snprintf(ret, size, "{}");
}

static usec_t in_ms(const struct json *object, const char *name)
{
	const struct json *member = ctl_member(object, name);
	int64_t value;

	if (member == NULL || !json_get_int(member, &value) || value < 0)
		return USEC_NEVER;
	return MSEC((usec_t)value);
}

/* --- queues --- */

static const struct column queue_columns[] = {
	{ .title = "QUEUE" },
	{ .title = "OPEN" },
	{ .title = "WAITING", .right = true },
	{ .title = "HOLDING OUT", .right = true },
	{ .title = "LONGEST", .right = true },
	{ .title = "EXPECTED", .right = true },
	{ .title = "RINGING", .right = true },
	{ .title = "TALKING", .right = true },
	{ .title = "READY", .right = true },
	{ .title = "AGENTS", .right = true },
	{ .title = "IN TIME", .right = true },
	{ .title = "OWN AGENT", .right = true },
};

/* All who are logged in. */
static int64_t agents_of(const struct json *queue)
{
	static const char *const states[] = { "ready", "offered", "talking", "wrapup", "paused" };
	const struct json *agents = ctl_member(queue, "agents");
	int64_t sum = 0;

	for (size_t i = 0; i < ARRAY_LEN(states); i++)
		sum += ctl_number(agents, states[i]);
	return sum;
}

/* "83%", or nothing when there is nothing to divide by. */
static void add_share(struct table *table, int64_t part, int64_t whole)
{
	char text[16];

	snprintf(text, sizeof(text), "%d%%",
	         whole > 0 ? (int)((part * 100 + whole / 2) / whole) : 0);
	table_text(table, whole > 0 ? text : NULL);
}

static void add_queue(const struct json *queue, usec_t as_of, void *arg)
{
	const struct json *sticky = ctl_member(queue, "sticky");
	int64_t in_time = ctl_number(queue, "answered_in_time"), own = ctl_number(sticky, "own");
	int64_t waiting = ctl_number(queue, "waiting");
	struct table *table = arg;

	(void)as_of;
	table_row(table);
	table_text(table, ctl_text(queue, "queue"));
	table_text(table, ctl_true(queue, "open") ? "yes" : "no");
	table_number(table, waiting);
	table_number(table, ctl_number(queue, "holding"));
	table_duration(table, waiting > 0 ? in_ms(queue, "oldest_wait_ms") : USEC_NEVER);
	table_duration(table, in_ms(queue, "estimated_wait_ms"));
	table_number(table, ctl_number(queue, "offered"));
	table_number(table, ctl_number(queue, "talking") + ctl_number(queue, "held"));
	table_number(table, ctl_number(ctl_member(queue, "agents"), "ready"));
	table_number(table, agents_of(queue));
	add_share(table, in_time, in_time + ctl_number(queue, "service_missed"));
	/* Who gave up met nobody, and no agent was to blame for that. */
	add_share(table, own, ctl_number(queue, "returning_answered"));
}

static enum ctl_exit out_of_memory(void)
{
	fputs("najimictl: out of memory\n", stderr);
	return CTL_REFUSED;
}

enum ctl_exit ctl_queues(struct ctl *ctl)
{
	struct table *table = table_new(queue_columns, ARRAY_LEN(queue_columns));
	struct rpc_message message;
	char params[CTL_PARAMS_SIZE];
	enum ctl_exit result;

	if (table == NULL)
		return out_of_memory();
	if (ctl->args.words_count > 0) {
		ctl_params(params, sizeof(params), "queue", ctl->args.words[0]);
		result = ctl_ask_or_print(ctl, "queue.get", params, &message);
		if (result == CTL_OK && message.body != NULL)
			add_queue(message.body, 0, table);
		rpc_message_done(&message);
	} else {
		result = ctl_walk(ctl, "queue.list", "queues", "{}", add_queue, table);
	}
	if (result == CTL_OK && !ctl->args.json)
		ctl_print_table(ctl, table, "there are no queues");
	else
		table_free(table);
	return result;
}

/* --- agents --- */

static const struct column agent_columns[] = {
	{ .title = "AGENT" },
	{ .title = "STATE" },
	{ .title = "FOR", .right = true },
	{ .title = "LEFT", .right = true },
	{ .title = "WHY" },
	{ .title = "CALL" },
	{ .title = "QUEUES" },
	{ .title = "TARGET" },
};

/* "sales support" */
static void join(const struct json *texts, char *ret, size_t size)
{
	size_t length = 0;

	ret[0] = '\0';
	if (texts == NULL || json_type(texts) != JSON_ARRAY)
		return;
	for (const struct json *one = json_first(texts); one != NULL; one = json_next(one)) {
		const char *text;

		if (!json_get_text(one, &text) || length + strlen(text) + 2 > size)
			continue;
		length += (size_t)snprintf(ret + length, size - length, "%s%s",
		                           length > 0 ? " " : "", text);
	}
}

/* What there is to say beside the state: asked for, vetoed, paused by whom. */
static const char *agent_why(const struct json *agent)
{
	const char *reason = ctl_text(agent, "reason"), *why = ctl_text(agent, "why");
	const char *state = ctl_text(agent, "state"), *device = ctl_text(agent, "device");

	if (device != NULL && strcmp(device, "reachable") != 0 &&
	    (state == NULL || strcmp(state, "logged_out") != 0))
		return device;
	if (reason != NULL)
		return reason;
	if (ctl_text(agent, "pending") != NULL)
		return ctl_text(agent, "pending");
	return state != NULL && strcmp(state, "paused") == 0 ? why : NULL;
}

static void add_agent(const struct json *agent, usec_t as_of, void *arg)
{
	char queues[JOINED_SIZE];
	struct table *table = arg;
	usec_t until;

	table_row(table);
	table_text(table, ctl_text(agent, "agent"));
	table_text(table, ctl_text(agent, "state"));
	table_duration(table, ctl_age(agent, "since", as_of));
	if (ctl_instant(agent, "until", &until))
		table_duration(table, until > as_of ? until - as_of : 0);
	else
		table_text(table, NULL);
	table_text(table, agent_why(agent));
	table_text(table, ctl_text(agent, "call"));
	join(ctl_member(agent, "queues"), queues, sizeof(queues));
	table_text(table, queues[0] == '\0' ? NULL : queues);
	table_text(table, ctl_text(agent, "target"));
}

enum ctl_exit ctl_agents(struct ctl *ctl)
{
	struct table *table = table_new(agent_columns, ARRAY_LEN(agent_columns));
	struct rpc_message message;
	char params[CTL_PARAMS_SIZE];
	enum ctl_exit result;

	if (table == NULL)
		return out_of_memory();
	if (ctl->args.words_count > 0) {
		ctl_params(params, sizeof(params), "agent", ctl->args.words[0]);
		result = ctl_ask_or_print(ctl, "agent.get", params, &message);
		if (result == CTL_OK && message.body != NULL)
			add_agent(message.body, ctl_as_of(message.body), table);
		rpc_message_done(&message);
	} else {
		write_filter(ctl, params, sizeof(params));
		result = ctl_walk(ctl, "agent.list", "agents", params, add_agent, table);
	}
	if (result == CTL_OK && !ctl->args.json)
		ctl_print_table(ctl, table, "there are no agents");
	else
		table_free(table);
	return result;
}

/* --- calls --- */

static const struct column call_columns[] = {
	{ .title = "CALL" },
	{ .title = "QUEUE" },
	{ .title = "STATE" },
	{ .title = "FOR", .right = true },
	{ .title = "SINCE ARRIVAL", .right = true },
	{ .title = "AGENT" },
	{ .title = "CALLER" },
	{ .title = "STICKY" },
	{ .title = "OWN AGENT" },
	{ .title = "CLIENT" },
};

static const char *caller_of(const struct json *call)
{
	const char *from = ctl_text(call, "from"), *customer = ctl_text(call, "customer_id");

	if (ctl_true(call, "restricted"))
		return customer != NULL ? customer : "withheld";
	return from != NULL && from[0] != '\0' ? from : customer;
}

static void add_call(const struct json *call, usec_t as_of, void *arg)
{
	const struct json *sticky = ctl_member(call, "sticky");
	struct table *table = arg;

	table_row(table);
	table_text(table, ctl_text(call, "call_id"));
	table_text(table, ctl_text(call, "queue"));
	table_text(table, ctl_text(call, "state"));
	table_duration(table, ctl_age(call, "since", as_of));
	table_duration(table, ctl_age(call, "arrived_at", as_of));
	table_text(table, ctl_text(call, "agent"));
	table_text(table, caller_of(call));
	table_text(table, ctl_text(sticky, "result"));
	table_text(table, ctl_text(sticky, "preferred"));
	table_text(table, ctl_text(call, "client"));
}

enum ctl_exit ctl_calls(struct ctl *ctl)
{
	struct table *table = table_new(call_columns, ARRAY_LEN(call_columns));
	char filter[CTL_PARAMS_SIZE];
	enum ctl_exit result;

	if (table == NULL)
		return out_of_memory();
	write_filter(ctl, filter, sizeof(filter));
	result = ctl_walk(ctl, "call.list", "calls", filter, add_call, table);
	if (result == CTL_OK && !ctl->args.json)
		ctl_print_table(ctl, table, "there are no calls");
	else
		table_free(table);
	return result;
}

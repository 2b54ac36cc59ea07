#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "najimi/shell/meters.h"

#define HEAD_BYTES 4096    /* of JSON, all but the gateways */
#define GATEWAY_BYTES 1024 /* as gateway.list has one */

/* status: the centre in a few lines, summed up from its queues and agents. */

static const char *const agent_states[] = { "ready",  "offered", "talking",
	                                    "wrapup", "paused",  "logged_out" };
static const char *const agent_words[] = { "ready",       "ringing", "talking",
	                                   "wrapping up", "paused",  "logged out" };

struct sums {
	int64_t queues, waiting, holding, ringing, talking;
	int64_t longest_ms; /* of those who wait */
	int64_t arrived, answered, abandoned, short_abandoned, in_time, decided, own, returning;
	int64_t agents[ARRAY_LEN(agent_states)], unreachable;
};

static void add_queue(const struct json *queue, usec_t as_of, void *arg)
{
	const struct json *outcomes = ctl_member(queue, "outcomes");
	const struct json *sticky = ctl_member(queue, "sticky");
	int64_t waited = ctl_number(queue, "oldest_wait_ms");
	struct sums *sums = arg;

	(void)as_of;
	sums->queues++;
	sums->waiting += ctl_number(queue, "waiting");
	sums->holding += ctl_number(queue, "holding");
	sums->ringing += ctl_number(queue, "offered");
	sums->talking += ctl_number(queue, "talking") + ctl_number(queue, "held");
	sums->longest_ms = waited > sums->longest_ms ? waited : sums->longest_ms;
	sums->arrived += ctl_number(queue, "arrived");
	sums->answered += ctl_number(outcomes, "answered");
	sums->abandoned += ctl_number(outcomes, "abandoned");
	sums->short_abandoned += ctl_number(outcomes, "short_abandoned");
	sums->in_time += ctl_number(queue, "answered_in_time");
	sums->decided +=
	        ctl_number(queue, "answered_in_time") + ctl_number(queue, "service_missed");
	sums->own += ctl_number(sticky, "own");
	sums->returning += ctl_number(queue, "returning_answered");
}

static void add_agent(const struct json *agent, usec_t as_of, void *arg)
{
	const char *state = ctl_text(agent, "state");
	struct sums *sums = arg;

	(void)as_of;
	if (state == NULL)
		return;
	for (size_t i = 0; i < ARRAY_LEN(agent_states); i++)
		sums->agents[i] += strcmp(agent_states[i], state) == 0;
	sums->unreachable += ctl_true(agent, "unreachable") && strcmp(state, "logged_out") != 0;
}

static int64_t percent(int64_t part, int64_t whole)
{
	return whole > 0 ? (part * 100 + whole / 2) / whole : 0;
}

static void print_callers(struct ctl *ctl, const struct sums *sums)
{
	int64_t longest = sums->longest_ms / 1000;

	fprintf(ctl->out, "Callers  %" PRId64 " waiting", sums->waiting);
	if (sums->holding > 0)
		fprintf(ctl->out, " (%" PRId64 " for their own agent)", sums->holding);
	if (sums->waiting > 0)
		fprintf(ctl->out, ", the longest for %" PRId64 ":%02d", longest / 60,
		        (int)(longest % 60));
	fprintf(ctl->out, ", %" PRId64 " ringing, %" PRId64 " talking, in %" PRId64 " queue%s\n",
	        sums->ringing, sums->talking, sums->queues, sums->queues == 1 ? "" : "s");
}

static void print_agents(struct ctl *ctl, const struct sums *sums)
{
	fputs("Agents   ", ctl->out);
	for (size_t i = 0; i < ARRAY_LEN(agent_words); i++)
		fprintf(ctl->out, "%s%" PRId64 " %s", i == 0 ? "" : ", ", sums->agents[i],
		        agent_words[i]);
	if (sums->unreachable > 0)
		fprintf(ctl->out, "; %" PRId64 " unreachable", sums->unreachable);
	fputc('\n', ctl->out);
}

static void print_record(struct ctl *ctl, const struct sums *sums)
{
	fprintf(ctl->out,
	        "So far   %" PRId64 " arrived, %" PRId64 " answered, %" PRId64 " abandoned",
	        sums->arrived, sums->answered, sums->abandoned);
	if (sums->short_abandoned > 0)
		fprintf(ctl->out, " (and %" PRId64 " short)", sums->short_abandoned);
	if (sums->decided > 0)
		fprintf(ctl->out, "; %" PRId64 "%% in time", percent(sums->in_time, sums->decided));
	if (sums->returning > 0)
		fprintf(ctl->out,
		        "; own agent for %" PRId64 "%% of %" PRId64
		        " who came back and were answered",
		        percent(sums->own, sums->returning), sums->returning);
	fputc('\n', ctl->out);
}

static void print_gateway(const struct json *gateway, usec_t as_of, void *arg)
{
	const char *kind = ctl_text(gateway, "gateway"), *name = ctl_text(gateway, "name");
	const struct json *up = ctl_member(gateway, "up");
	struct ctl *ctl = arg;

	(void)as_of;
	fprintf(ctl->out, "Gateway  %s %s", kind == NULL ? "?" : kind, name == NULL ? "?" : name);
	if (up != NULL)
		fputs(ctl_true(gateway, "up") ? " is up" : " is down", ctl->out);
	fprintf(ctl->out, ", %" PRId64 " callers held\n", ctl_number(gateway, "held"));
}

/* As it is told of. */
static void write_gateway(const struct json *gateway, usec_t as_of, void *arg)
{
	char text[GATEWAY_BYTES];
	size_t length = json_print(gateway, text, sizeof(text));

	(void)as_of;
	if (length > 0)
		json_raw(arg, NULL, (struct text){ text, length });
}

/* What the daemon is to its site. */
struct role {
	bool ready, standing_by;
	char leader[264]; /* while standing by; "": not known */
};

static enum ctl_exit ask_role(struct ctl *ctl, struct role *ret)
{
	struct rpc_message message;
	enum ctl_exit result = ctl_ask(ctl, "ping", NULL, &message);
	const char *leader;

	if (result != CTL_OK)
		return result;
	leader = ctl_text(message.body, "leader");
	ret->ready = ctl_true(message.body, "ready");
	ret->standing_by = ctl_true(message.body, "standing_by");
	snprintf(ret->leader, sizeof(ret->leader), "%s", leader == NULL ? "" : leader);
	rpc_message_done(&message);
	return CTL_OK;
}

static void print_head(struct ctl *ctl, const struct role *role)
{
	const char *site = ctl_text(ctl->session.body, "site");
	const struct json *server = ctl_member(ctl->session.body, "server");
	const char *name = ctl_text(server, "name"), *version = ctl_text(server, "version");

	fprintf(ctl->out, "Site     %s, %s %s at %s\n", site == NULL ? "?" : site,
	        name == NULL ? "?" : name, version == NULL ? "" : version, ctl->host);
	if (role->standing_by)
		fprintf(ctl->out, "Role     stands by; %s leads\n",
		        role->leader[0] == '\0' ? "another daemon" : role->leader);
	else
		fprintf(ctl->out, "Role     %s\n", role->ready ? "leads" : "not ready yet");
}

static void write_sums(struct json_out *out, const struct sums *sums)
{
	json_int(out, "queues", sums->queues);
	json_int(out, "waiting", sums->waiting);
	json_int(out, "holding", sums->holding);
	json_int(out, "oldest_wait_ms", sums->longest_ms);
	json_int(out, "offered", sums->ringing);
	json_int(out, "talking", sums->talking);
	json_object(out, "agents");
	for (size_t i = 0; i < ARRAY_LEN(agent_states); i++)
		json_int(out, agent_states[i], sums->agents[i]);
	json_int(out, "unreachable", sums->unreachable);
	json_object_end(out);
	json_int(out, "arrived", sums->arrived);
	json_int(out, "answered", sums->answered);
	json_int(out, "abandoned", sums->abandoned);
	json_int(out, "short_abandoned", sums->short_abandoned);
	json_int(out, "answered_in_time", sums->in_time);
	json_int(out, "service_decided", sums->decided);
	json_int(out, "own_agent", sums->own);
	json_int(out, "returning", sums->returning);
}

static void write_role(const struct ctl *ctl, struct json_out *out, const struct role *role)
{
	json_text(out, "site", ctl_text(ctl->session.body, "site"));
	json_text(out, "version", ctl_text(ctl_member(ctl->session.body, "server"), "version"));
	json_text(out, "epoch", ctl_text(ctl->session.body, "epoch"));
	json_int(out, "seq", ctl_number(ctl->session.body, "seq"));
	json_bool(out, "standing_by", role->standing_by);
	if (role->leader[0] != '\0')
		json_text(out, "leader", role->leader);
}

/* Who stands by knows of nobody: `sums` NULL. */
static enum ctl_exit print_json(struct ctl *ctl, const struct role *role, const struct sums *sums)
{
	size_t size = HEAD_BYTES + METER_GATEWAYS_MAX * GATEWAY_BYTES;
	char *text = malloc(size);
	enum ctl_exit result;
	struct json_out out;

	if (text == NULL) {
		fputs("najimictl: out of memory\n", stderr);
		return CTL_REFUSED;
	}
	json_out_begin(&out, text, size);
	json_object(&out, NULL);
	write_role(ctl, &out, role);
	if (sums != NULL)
		write_sums(&out, sums);
	json_array(&out, "gateways");
	result = ctl_walk(ctl, "gateway.list", "gateways", "{}", write_gateway, &out);
	json_array_end(&out);
	json_object_end(&out);
	if (result == CTL_OK && json_out_done(&out) > 0)
		fprintf(ctl->out, "%s\n", text);
	free(text);
	return result;
}

/* Of this very daemon, whoever leads. */
enum ctl_exit ctl_status(struct ctl *ctl)
{
	bool json = ctl->args.json;
	struct sums sums = { 0 };
	struct role role;
	enum ctl_exit result;

	ctl->stays = true;
	ctl->args.json = false; /* lists are summed up either way, not printed */
	result = ask_role(ctl, &role);
	if (result == CTL_OK && !role.standing_by)
		result = ctl_walk(ctl, "queue.list", "queues", "{}", add_queue, &sums);
	if (result == CTL_OK && !role.standing_by)
		result = ctl_walk(ctl, "agent.list", "agents", "{}", add_agent, &sums);
	if (result != CTL_OK)
		return result;
	if (json)
		return print_json(ctl, &role, role.standing_by ? NULL : &sums);
	print_head(ctl, &role);
	if (!role.standing_by) {
		print_callers(ctl, &sums);
		print_agents(ctl, &sums);
		print_record(ctl, &sums);
	}
	return ctl_walk(ctl, "gateway.list", "gateways", "{}", print_gateway, ctl);
}

#include "asterisk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "networks.h"

/* The gateway of Asterisk: which servers there are, and what of the core's orders is for
 * which of its two streams. */

/* --- servers --- */

struct asterisk_server *asterisk_server_find(struct asterisk *asterisk, const char *name)
{
	struct asterisk_server *server;

	TAILQ_FOREACH(server, &asterisk->servers, entry)
	if (strcmp(server->name, name) == 0)
		return server;
	return NULL;
}

static const struct asterisk_options *find_options(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->asterisks_count; i++)
		if (strcmp(options->asterisks[i].name, name) == 0)
			return &options->asterisks[i];
	return NULL;
}

/* Known as long as the gateway is: it holds on to its client. */
static struct asterisk_server *add_server(struct asterisk *asterisk, const char *name)
{
	struct asterisk_server *server = calloc(1, sizeof(*server));
	struct client *client = server == NULL ? NULL : client_know(asterisk->link, name);

	if (client == NULL) {
		free(server);
		return NULL;
	}
	client_enter(client);
	server->asterisk = asterisk;
	server->client = client;
	server->options = find_options(options_of(asterisk->link), name);
	server->meter = meters_gateway(asterisk->link->needs.meters, "asterisk", name);
	snprintf(server->name, sizeof(server->name), "%s", name);
	TAILQ_INSERT_TAIL(&asterisk->servers, server, entry);
	return server;
}

/* Without the manager interface nobody can tell whether calls that the dialplan has are still
 * there: nobody misses them. */
static void take_options(struct asterisk_server *server)
{
	server->client->kept = server->options == NULL;
	server->meter->connects = server->options != NULL;
}

/* "192.0.2.7:5038", "[::1]:5038": the host, when it is a number. */
static bool is_host(const char *address, const struct network *peer)
{
	const char *colon = strrchr(address, ':');
	bool brackets = address[0] == '[';
	struct network host;
	char text[64];

	if (colon == NULL || colon - address >= (ptrdiff_t)sizeof(text) ||
	    colon - address < (brackets ? 2 : 0))
		return false;
	snprintf(text, sizeof(text), "%.*s", (int)(colon - address) - (brackets ? 2 : 0),
	         address + (brackets ? 1 : 0));
	return network_read(text, &host) && network_holds(&host, peer);
}

static bool is_within(char *const *networks, const struct network *peer)
{
	struct network network;

	for (; *networks != NULL; networks++)
		if (network_read(*networks, &network) && network_holds(&network, peer))
			return true;
	return false;
}

static bool comes_from(const struct asterisk_options *options, const struct network *peer)
{
	return options->from[0] != NULL ? is_within(options->from, peer)
	                                : is_host(options->address, peer);
}

static const struct asterisk_options *listed_at(const struct asterisk *asterisk,
                                                const char *address)
{
	const struct options *options = options_of(asterisk->link);
	struct network peer;

	if (!network_read(address, &peer))
		return NULL;
	for (size_t i = 0; i < options->asterisks_count; i++)
		if (comes_from(&options->asterisks[i], &peer))
			return &options->asterisks[i];
	return NULL;
}

struct asterisk_server *asterisk_server_at(struct asterisk *asterisk, const char *address)
{
	const struct asterisk_options *options = listed_at(asterisk, address);
	char name[ID_BYTES_MAX + 1];
	struct asterisk_server *server;

	snprintf(name, sizeof(name), "%s%s", options == NULL ? ASTERISK_UNLISTED : "",
	         options == NULL ? address : options->name);
	server = asterisk_server_find(asterisk, name);
	if (server == NULL) {
		server = add_server(asterisk, name);
		if (server != NULL)
			take_options(server);
	}
	return server;
}

bool asterisk_trusts(const struct asterisk *asterisk, const char *address)
{
	struct network peer;

	return listed_at(asterisk, address) != NULL ||
	       (network_read(address, &peer) &&
	        is_within(options_of(asterisk->link)->agi.trusted, &peer));
}

void asterisk_server_watched(struct asterisk_server *server, bool watched)
{
	if (server->watched == watched)
		return;
	server->watched = watched;
	server->meter->up = watched;
	server->meter->since = clock_now();
	if (watched)
		client_session_opened(server->client);
	else
		client_session_closed(server->client);
}

/* --- the list in the configuration --- */

/* All that it names are known, each with a manager interface of its own; one that it does
 * not name any more is known by FastAGI alone. */
static int take_list(struct asterisk *asterisk, struct err *err)
{
	const struct options *options = options_of(asterisk->link);
	struct asterisk_server *server;

	for (size_t i = 0; i < options->asterisks_count; i++)
		if (asterisk_server_find(asterisk, options->asterisks[i].name) == NULL &&
		    add_server(asterisk, options->asterisks[i].name) == NULL)
			return err_set(err, -ENOMEM, "out of memory");
	TAILQ_FOREACH(server, &asterisk->servers, entry)
	{
		server->options = find_options(options, server->name);
		take_options(server);
		if (server->ami != NULL && server->options == NULL)
			server->ami = ami_free(server->ami);
		else if (server->ami != NULL)
			ami_reconfigure(server->ami);
		else if (server->options != NULL && asterisk->started)
			server->ami = ami_new(server, err);
		if (server->ami == NULL && server->options != NULL && asterisk->started)
			return -ENOMEM;
	}
	return 0;
}

static void *create(struct link *link, struct err *err)
{
	struct asterisk *asterisk = calloc(1, sizeof(*asterisk));

	if (asterisk == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	asterisk->link = link;
	TAILQ_INIT(&asterisk->servers);
	asterisk->agi = agi_new(asterisk, err);
	if (asterisk->agi == NULL || asterisk_calls_init(asterisk, err) < 0 ||
	    take_list(asterisk, err) < 0) {
		asterisk_gateway.destroy(asterisk);
		return NULL;
	}
	return asterisk;
}

static void destroy(void *gate)
{
	struct asterisk *asterisk = gate;
	struct asterisk_server *server;

	agi_free(asterisk->agi);
	asterisk_calls_done(asterisk);
	asterisk_agents_done(asterisk);
	while ((server = TAILQ_FIRST(&asterisk->servers)) != NULL) {
		ami_free(server->ami);
		TAILQ_REMOVE(&asterisk->servers, server, entry);
		free(server);
	}
	free(asterisk);
}

static int start(void *gate, struct err *err)
{
	struct asterisk *asterisk = gate;
	int r;

	asterisk->started = true;
	r = agi_start(asterisk->agi, err);
	return r < 0 ? r : take_list(asterisk, err);
}

static void set_ready(void *gate, bool ready)
{
	struct asterisk *asterisk = gate;

	asterisk->ready = ready;
	if (!ready)
		return;
	asterisk_agents_recovered(asterisk);
	agi_resume(asterisk->agi); /* what was said of calls meanwhile */
}

static void reconfigure(void *gate)
{
	struct asterisk *asterisk = gate;
	struct err err = { "" };

	if (take_list(asterisk, &err) < 0)
		log_fact(LOG_LEVEL_ERROR, "asterisk.not_reconfigured", LOG_TEXT("error", err.text));
}

static void resume(void *gate)
{
	struct asterisk *asterisk = gate;
	struct asterisk_server *server;

	asterisk_agents_resume(asterisk);
	agi_resume(asterisk->agi);
	TAILQ_FOREACH(server, &asterisk->servers, entry)
	if (server->ami != NULL)
		ami_resume(server->ami);
}

/* --- what the core orders --- */

static void send_put(void *gate, uint64_t peer, struct text message)
{
	agi_send(((struct asterisk *)gate)->agi, peer, message);
}

static void decided(void *gate, struct call_card *card, const struct decision *decision)
{
	struct asterisk *asterisk = gate;
	struct asterisk_call *call = asterisk_call_of(asterisk, card->id);

	if (call == NULL)
		return;
	agi_decided(asterisk->agi, call, card, decision);
	asterisk_call_decided(call, decision);
}

static void tell_caller(void *gate, struct call_card *card, const struct decision *decision)
{
	struct asterisk *asterisk = gate;
	struct asterisk_call *call = asterisk_call_of(asterisk, card->id);

	if (call != NULL)
		agi_tell_caller(asterisk->agi, call, decision);
}

/* Whose telephone rings for nothing is spared it. */
static void offer_cancelled(void *gate, struct call_card *card, struct agent_id agent,
                            uint32_t offer, bool missed)
{
	struct asterisk_call *call = asterisk_call_of(gate, card->id);

	(void)agent;
	(void)missed;
	if (call != NULL && call->dialled == offer && call->server->ami != NULL)
		ami_hang_up_leg(call->server->ami, call);
}

static void agent_changed(void *gate, struct agent_id agent)
{
	asterisk_agent_changed(gate, agent);
}

static void call_ended(void *gate, struct call_card *card, const struct contact *facts)
{
	struct asterisk *asterisk = gate;
	struct asterisk_call *call = asterisk_call_of(asterisk, card->id);

	(void)facts;
	if (call == NULL)
		return;
	agi_call_ended(asterisk->agi, call);
	asterisk_call_drop(call);
}

static void replied(void *gate, uint64_t peer, enum core_reply code)
{
	agi_replied(((struct asterisk *)gate)->agi, peer, code);
}

const struct gateway asterisk_gateway = {
	.name = "asterisk",
	.create = create,
	.destroy = destroy,
	.start = start,
	.send = send_put,
	.set_ready = set_ready,
	.reconfigure = reconfigure,
	.resume = resume,
	.decided = decided,
	.tell_caller = tell_caller,
	.offer_cancelled = offer_cancelled,
	.agent_changed = agent_changed,
	.call_ended = call_ended,
	.replied = replied,
};

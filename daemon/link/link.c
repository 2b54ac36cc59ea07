#include "najimi/link/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clients.h"
#include "gateway.h"
#include "orphans.h"
#include "rpc_callers.h"
#include "rpc_events.h"
#include "rpc_history.h"
#include "rpc_link.h"
#include "rpc_stats.h"
#include "rpc_surveys.h"
#include "rpc_told.h"

#define ANSWER_BYTES_MAX ((size_t)8 << 20) /* a list of 10,000 calls */

/* More connections than anyone may allow: the option can be raised by a reload. */
#define CONNECTIONS_MAX 65536u

static void take_identity_rules(struct link *link)
{
	const struct options *options = options_of(link);
	struct identity_rules *rules = &link->identity;

	*rules = (struct identity_rules){
		.use_restricted = options->identity.use_restricted,
		.shared = (const char *const *)options->identity.shared,
		.number_first = options->identity.number_first,
	};
	snprintf(rules->country, sizeof(rules->country), "%s", options->identity.country);
	snprintf(rules->trunk, sizeof(rules->trunk), "%s", options->identity.trunk);
	snprintf(rules->international, sizeof(rules->international), "%s",
	         options->identity.international);
}

static int build(struct link *link, struct err *err)
{
	int r;

	clients_init(link);
	take_identity_rules(link);
	link->conns_max = CONNECTIONS_MAX;
	link->conns = calloc(link->conns_max, sizeof(struct rpc_conn *));
	link->pendings = pendings_new();
	link->scratch_size = ANSWER_BYTES_MAX;
	link->scratch = malloc(link->scratch_size);
	if (!pool_init(&link->conns_pool, link->conns_max) || link->conns == NULL ||
	    link->pendings == NULL || link->scratch == NULL)
		return err_set(err, -ENOMEM, "no memory for %u connections", link->conns_max);
	r = rpc_auth_configure(&link->auth, options_of(link), err);
	if (r == 0)
		r = orphans_init(link, err);
	if (r == 0)
		r = rpc_events_init(link, err);
	if (r == 0)
		r = gateways_create(link, err);
	return r;
}

struct link *link_new(const struct link_needs *needs, struct err *err)
{
	struct link *link = calloc(1, sizeof(*link));

	if (link == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	link->needs = *needs;
	return build(link, err) < 0 ? link_free(link) : link;
}

struct link *link_free(struct link *link)
{
	if (link == NULL)
		return NULL;
	rpc_link_stop(link);
	gateways_destroy(link);
	if (link->sweeper != NULL)
		orphans_done(link);
	clients_done(link);
	pendings_free(link->pendings);
	rpc_events_done(link);
	rpc_auth_done(&link->auth);
	pool_done(&link->conns_pool);
	free(link->conns);
	free(link->scratch);
	free(link);
	return NULL;
}

int link_start(struct link *link, struct err *err)
{
	int r = rpc_link_start(link, err);

	return r < 0 ? r : gateways_start(link, err);
}

void link_set_ready(struct link *link, bool ready)
{
	if (ready && !link->ready)
		orphans_recovered(link);
	link->ready = ready;
	gateways_set_ready(link, ready);
}

/* Should there be no memory for the clients' tokens, nobody new gets in with one. */
void link_reconfigure(struct link *link, const struct options *options)
{
	link->needs.options = options;
	take_identity_rules(link);
	(void)!rpc_auth_configure(&link->auth, options, NULL);
	rpc_link_reconfigure(link);
	gateways_reconfigure(link);
}

unsigned link_port(const struct link *link)
{
	return link->listener == NULL ? 0 : listener_port(link->listener);
}

void link_send(uint64_t peer, struct text message, void *arg)
{
	if (!gateways_send(arg, peer, message))
		rpc_conn_send(arg, peer, message);
}

/* Those who wait are answered before anyone else hears of it. */
void link_decided(struct link *link, struct call_card *card, const struct decision *decision)
{
	told_decided(link, card, decision);
	gateways_decided(link, card, decision);
	events_decided(link, card, decision);
}

void link_tell_caller(struct link *link, struct call_card *card, const struct decision *decision)
{
	gateways_tell_caller(link, card, decision);
	events_tell_caller(link, card, decision);
}

void link_offer_cancelled(struct link *link, struct call_card *card, struct agent_id agent,
                          uint32_t offer, bool missed)
{
	gateways_offer_cancelled(link, card, agent, offer, missed);
	events_offer_cancelled(link, card, agent, offer, missed);
}

void link_call_changed(struct link *link, struct call_card *card)
{
	gateways_call_changed(link, card);
	events_call_changed(link, card);
}

void link_agent_changed(struct link *link, struct agent_id agent)
{
	gateways_agent_changed(link, agent);
	events_agent_changed(link, agent);
}

void link_call_ended(struct link *link, struct call_card *card, const char *contact,
                     const struct contact *facts)
{
	gateways_call_ended(link, card, facts);
	told_ended(link, card, contact, facts);
	events_call_ended(link, card, contact, facts);
}

void link_replied(struct link *link, uint64_t request, enum core_reply code)
{
	if (!gateways_replied(link, request, code))
		told_replied(link, request, code);
}

void link_caller_read(struct link *link, uint64_t request, int outcome, struct text json)
{
	callers_read(link, request, outcome, json);
}

void link_forgotten(struct link *link, uint64_t request, int outcome, uint64_t contacts)
{
	callers_forgotten(link, request, outcome, contacts);
}

void link_history_read(struct link *link, uint64_t request, int outcome, struct text json)
{
	history_told(link, request, outcome, json);
}

void link_contact_found(struct link *link, uint64_t request, int outcome,
                        const struct contact_known *known)
{
	surveys_found(link, request, outcome, known);
}

void link_stats_read(struct link *link, uint64_t request, int outcome, struct text json)
{
	stats_told(link, request, outcome, json);
}

void link_resume(struct link *link)
{
	struct rpc_conn *conn;

	for (uint32_t slot = 0; (conn = rpc_conn_next(link, slot, &slot)) != NULL; slot++)
		rpc_conn_release(conn, HOLD_INBOX);
	orphans_resume(link);
	gateways_resume(link);
}

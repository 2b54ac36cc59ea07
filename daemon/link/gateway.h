#ifndef LINK_GATEWAY_H
#define LINK_GATEWAY_H

#include "link_state.h"

/* A gateway is another way in than the native protocol: a telephony system that speaks as it
 * always did. A pair of files per stream (*_link.c the bytes, *_translate.c the pure part),
 * and one row in gateways.c. */

/* What a gateway may be asked, told and given. `gate` is what create() returned. All but the
 * first four may be NULL. */
struct gateway {
	const char *name; /* "asterisk" */

	/* NULL with the error: out of memory. Nothing is opened yet. */
	void *(*create)(struct link *link, struct err *err);
	void (*destroy)(void *gate);
	/* Listens and connects. Until set_ready(true) callers are sent to the fallback. */
	int (*start)(void *gate, struct err *err);
	/* A message of ours that has waited for its commit: gateway_put(). */
	void (*send)(void *gate, uint64_t peer, struct text message);

	void (*set_ready)(void *gate, bool ready);
	void (*reconfigure)(void *gate);
	void (*resume)(void *gate); /* the inbox has room again */

	/* What the core ordered, of all calls: each gateway knows its own. */
	void (*decided)(void *gate, struct call_card *card, const struct decision *decision);
	void (*tell_caller)(void *gate, struct call_card *card, const struct decision *decision);
	void (*offer_cancelled)(void *gate, struct call_card *card, struct agent_id agent,
	                        uint32_t offer, bool missed);
	void (*call_changed)(void *gate, struct call_card *card);
	void (*agent_changed)(void *gate, struct agent_id agent);
	void (*call_ended)(void *gate, struct call_card *card, const struct contact *facts);
	/* The answer to an event that was posted with gateway_request(). */
	void (*replied)(void *gate, uint64_t peer, enum core_reply code);
};

/* A gateway's peers are numbers of its own below 2^PEER_OWN_BITS. */
#define PEER_OWN_BITS 56
#define PEER_OWN_MASK ((UINT64_C(1) << PEER_OWN_BITS) - 1)

/* Puts a message into the outbox: send() has it when what was ordered before it is kept. False:
 * no room, or no memory. The bytes are the gateway's own affair, nobody else reads them. */
bool gateway_put(struct link *link, const void *gate, uint64_t peer,
                 struct text message) MUST_CHECK;

/* For core_event.request: replied() will be called with this peer. */
uint64_t gateway_request(const struct link *link, const void *gate, uint64_t peer);

/* --- gateways.c: for link.c --- */

int gateways_create(struct link *link, struct err *err) MUST_CHECK;
void gateways_destroy(struct link *link);
int gateways_start(struct link *link, struct err *err) MUST_CHECK;
void gateways_set_ready(struct link *link, bool ready);
void gateways_reconfigure(struct link *link);
void gateways_resume(struct link *link);
/* False: no gateway has this peer, or this request. */
bool gateways_send(struct link *link, uint64_t peer, struct text message);
bool gateways_replied(struct link *link, uint64_t request, enum core_reply code);
void gateways_decided(struct link *link, struct call_card *card, const struct decision *decision);
void gateways_tell_caller(struct link *link, struct call_card *card,
                          const struct decision *decision);
void gateways_offer_cancelled(struct link *link, struct call_card *card, struct agent_id agent,
                              uint32_t offer, bool missed);
void gateways_call_changed(struct link *link, struct call_card *card);
void gateways_agent_changed(struct link *link, struct agent_id agent);
void gateways_call_ended(struct link *link, struct call_card *card, const struct contact *facts);

#endif

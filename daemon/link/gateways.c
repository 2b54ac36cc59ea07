#include <assert.h>
#include <errno.h>

#include "asterisk.h"

/* The gateways there are, and who of them a message or an order is for. A new one is a row
 * here. */
static const struct gateway *const rows[] = { &asterisk_gateway };

static_assert(ARRAY_LEN(rows) == LINK_GATEWAYS, "a place in struct link for each");

/* Of peers and of requests: it is a gateway's; then which one's; then its own number. */
#define NUMBER_MARK (UINT64_C(1) << 63)

static uint64_t number_of(const struct link *link, const void *gate, uint64_t peer)
{
	size_t index = 0;

	while (index < ARRAY_LEN(rows) && link->gates[index] != gate)
		index++;
	assert(index < ARRAY_LEN(rows) && peer <= PEER_OWN_MASK);
	return NUMBER_MARK | (uint64_t)index << PEER_OWN_BITS | peer;
}

/* False: it is nobody's here. */
static bool find(uint64_t number, size_t *ret_index)
{
	size_t index = (number & ~NUMBER_MARK) >> PEER_OWN_BITS;

	if (!(number & NUMBER_MARK) || index >= ARRAY_LEN(rows))
		return false;
	*ret_index = index;
	return true;
}

bool gateway_put(struct link *link, const void *gate, uint64_t peer, struct text message)
{
	return outbox_put(link->needs.outbox, number_of(link, gate, peer), message);
}

uint64_t gateway_request(const struct link *link, const void *gate, uint64_t peer)
{
	return number_of(link, gate, peer);
}

int gateways_create(struct link *link, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		link->gates[i] = rows[i]->create(link, err);
		if (link->gates[i] == NULL)
			return -ENOMEM;
	}
	return 0;
}

void gateways_destroy(struct link *link)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (link->gates[i] != NULL)
			rows[i]->destroy(link->gates[i]);
		link->gates[i] = NULL;
	}
}

int gateways_start(struct link *link, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_LEN(rows); i++)
		r = rows[i]->start(link->gates[i], err);
	return r;
}

void gateways_set_ready(struct link *link, bool ready)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->set_ready != NULL)
			rows[i]->set_ready(link->gates[i], ready);
}

void gateways_reconfigure(struct link *link)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->reconfigure != NULL)
			rows[i]->reconfigure(link->gates[i]);
}

void gateways_resume(struct link *link)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->resume != NULL)
			rows[i]->resume(link->gates[i]);
}

bool gateways_send(struct link *link, uint64_t peer, struct text message)
{
	size_t index;

	if (!find(peer, &index))
		return false;
	rows[index]->send(link->gates[index], peer & PEER_OWN_MASK, message);
	return true;
}

bool gateways_replied(struct link *link, uint64_t request, enum core_reply code)
{
	size_t index;

	if (!find(request, &index))
		return false;
	if (rows[index]->replied != NULL)
		rows[index]->replied(link->gates[index], request & PEER_OWN_MASK, code);
	return true;
}

void gateways_decided(struct link *link, struct call_card *card, const struct decision *decision)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->decided != NULL)
			rows[i]->decided(link->gates[i], card, decision);
}

void gateways_tell_caller(struct link *link, struct call_card *card,
                          const struct decision *decision)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->tell_caller != NULL)
			rows[i]->tell_caller(link->gates[i], card, decision);
}

void gateways_offer_cancelled(struct link *link, struct call_card *card, struct agent_id agent,
                              uint32_t offer, bool missed)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->offer_cancelled != NULL)
			rows[i]->offer_cancelled(link->gates[i], card, agent, offer, missed);
}

void gateways_call_changed(struct link *link, struct call_card *card)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->call_changed != NULL)
			rows[i]->call_changed(link->gates[i], card);
}

void gateways_agent_changed(struct link *link, struct agent_id agent)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->agent_changed != NULL)
			rows[i]->agent_changed(link->gates[i], agent);
}

void gateways_call_ended(struct link *link, struct call_card *card, const struct contact *facts)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i]->call_ended != NULL)
			rows[i]->call_ended(link->gates[i], card, facts);
}

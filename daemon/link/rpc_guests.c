#include "rpc_guests.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "clients.h"
#include "najimi/shell/log.h"
#include "networks.h"
#include "orphans.h"
#include "rpc_methods.h"

#define RETRY SEC(1)

/* --- asking --- */

static bool read_params(struct exchange *x, struct text text, struct json **ret)
{
	struct json_limits limits = rpc_json_limits(options_of(x->link));
	struct err err = { 0 };
	int r = json_parse(text, &limits, ret, &err);

	if (r == -ENOMEM)
		return refuse(&x->refusal, RPC_OVERLOADED, "out_of_memory", "", "out of memory");
	if (r < 0)
		return refuse(&x->refusal, RPC_PARSE_ERROR, "bad_json", "", "%s", err.text);
	if (json_type(*ret) != JSON_OBJECT)
		return refuse(&x->refusal, RPC_INVALID_REQUEST, "invalid_request", "",
		              "wants an object with a queue");
	x->params = *ret;
	return true;
}

static bool find_client(struct exchange *x, const struct link_guest *guest)
{
	char address[64], name[CLIENT_NAME_SIZE];

	if (!guest->granted && !rpc_auth_trusts(&x->link->auth, guest->from))
		return refuse(&x->refusal, RPC_UNAUTHORIZED, "auth_required", "",
		              "this takes a token");
	network_print_peer(guest->from, address, sizeof(address));
	if (guest->client[0] == '\0')
		client_name_of_address(address, name);
	else
		snprintf(name, sizeof(name), "%s", guest->client);
	x->client = client_know(x->link, name);
	if (x->client != NULL)
		return true;
	refuse(&x->refusal, RPC_OVERLOADED, "too_many_clients", "", "no room for one more client");
	x->refusal.retry_after = RETRY;
	return false;
}

/* A connection would not be read for as long. */
static bool has_room(struct exchange *x)
{
	if (loop_has_room(x->link->needs.loop, 1))
		return true;
	refuse(&x->refusal, RPC_OVERLOADED, "overloaded", "", "too much is to be done before");
	x->refusal.retry_after = RETRY;
	return false;
}

void link_route(struct link *link, const struct link_guest *guest)
{
	const struct rpc_method *method = rpc_method_find("route.request");
	struct exchange x = { .link = link };
	struct json *params = NULL;

	assert(method != NULL);
	x.asker = (struct asker){ .link = link,
		                  .peer = guest->peer,
		                  .id = "null",
		                  .method = method->name,
		                  .guest = true };
	if (!find_client(&x, guest) || !rpc_method_serves(link, method, &x.refusal) ||
	    !has_room(&x) || !read_params(&x, guest->params, &params) || !method->handle(&x))
		answer_refusal(&x.asker, &x.refusal);
	json_free(params);
	loop_nudge(link->needs.loop);
}

/* --- hearing --- */

static void put(const struct asker *asker, const struct guest_answer *answer, struct text json)
{
	size_t size = sizeof(*answer) + json.length;
	char *message = malloc(size);

	if (message != NULL) {
		memcpy(message, answer, sizeof(*answer));
		memcpy(message + sizeof(*answer), json.start, json.length);
	}
	/* They give up after a while, as others do whose answer is lost. */
	if (message == NULL ||
	    !outbox_put(asker->link->needs.outbox, asker->peer, (struct text){ message, size }))
		log_limited(LOG_LEVEL_WARNING, "outbox.full");
	free(message);
}

void guest_put_result(const struct asker *asker, struct text json)
{
	static const char before[] = "{\"result\":";
	const size_t skipped = sizeof(before) - 1;
	struct guest_answer answer;

	assert(json.length > skipped && memcmp(json.start, before, skipped) == 0);
	memset(&answer, 0, sizeof(answer));
	answer.brought = asker->brought;
	put(asker, &answer, (struct text){ json.start + skipped, json.length - skipped - 1 });
}

void guest_put_refusal(const struct asker *asker, const struct refusal *refusal, struct text json)
{
	struct guest_answer answer;

	memset(&answer, 0, sizeof(answer));
	answer.code = refusal->code;
	answer.retry_after = refusal->retry_after;
	put(asker, &answer, json);
}

struct text link_guest_read(struct text message, struct guest_answer *ret)
{
	assert(message.length >= sizeof(*ret));
	memcpy(ret, message.start, sizeof(*ret));
	return (struct text){ message.start + sizeof(*ret), message.length - sizeof(*ret) };
}

/* --- gone --- */

void link_guest_gone(struct link *link, const struct guest_answer *answer)
{
	const struct call_card *card = directory_call(directory_of(link), answer->brought);
	struct call_record record;

	if (card == NULL || card->repeated ||
	    !core_get_call(core_of(link), answer->brought, &record) ||
	    record.state != CALL_OFFERED || record.offer != 1)
		return;
	log_limited(LOG_LEVEL_NOTICE, "call.unheard", LOG_TEXT("call", card->facts.name),
	            LOG_TEXT("client", card->facts.client));
	orphans_end(link, answer->brought, BY_LOSS);
}

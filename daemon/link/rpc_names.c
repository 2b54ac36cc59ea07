#include "rpc_names.h"

#include "arrivals.h"
#include "clients.h"

bool names_find_client(struct exchange *x, struct client **ret)
{
	char name[CLIENT_NAME_SIZE];

	if (x->conn == NULL) {
		*ret = x->client;
		return true;
	}
	if (x->conn->client == NULL) {
		client_name_of_address(x->conn->address, name);
		x->conn->client = client_know(x->link, name);
		if (x->conn->client == NULL) {
			refuse(&x->refusal, RPC_OVERLOADED, "too_many_clients", "",
			       "no room for one more client");
			x->refusal.retry_after = SEC(1);
			return false;
		}
		client_enter(x->conn->client);
	}
	*ret = x->conn->client;
	return true;
}

static bool look_up(struct exchange *x, const char *client, const char *call_id,
                    struct found_call *ret)
{
	ret->card = directory_find_call(directory_of(x->link), client, call_id);
	ret->finished = ret->card != NULL
	                        ? NULL
	                        : directory_find_finished(directory_of(x->link), client, call_id);
	return ret->card != NULL || ret->finished != NULL;
}

static bool refuse_unknown(struct exchange *x, const char *call_id)
{
	return refuse(&x->refusal, RPC_UNKNOWN_CALL, "unknown_call", "", "no call %.*s",
	              ID_BYTES_MAX, call_id);
}

/* A live call is meant rather than one that has ended; two live ones are one too
 * many. There are few clients. */
static bool search(struct exchange *x, const char *call_id, struct found_call *ret)
{
	struct found_call found = { NULL, NULL }, one;
	unsigned live = 0, ended = 0;
	struct client *client;

	TAILQ_FOREACH(client, &x->link->clients_by_use, by_use)
	{
		if (!look_up(x, client->name, call_id, &one))
			continue;
		live += one.card != NULL;
		ended += one.card == NULL;
		if (one.card != NULL || live == 0)
			found = one;
	}
	if (live > 1 || (live == 0 && ended > 1))
		return refuse(&x->refusal, RPC_INVALID_PARAMS, "ambiguous", "client",
		              "more than one telephony system has a call %.*s", ID_BYTES_MAX,
		              call_id);
	*ret = found;
	return live + ended > 0 || refuse_unknown(x, call_id);
}

bool names_find_call(struct exchange *x, const char *call_id, const char *client, enum reach reach,
                     struct found_call *ret)
{
	bool own_only = reach == REACH_OWN && rpc_role_of(x->conn) == ROLE_PBX;
	struct client *own;

	if (!names_find_client(x, &own))
		return false;
	if (client != NULL && own_only && strcmp(client, own->name) != 0)
		return refuse(&x->refusal, RPC_FORBIDDEN, "other_client", "client",
		              "a telephony system reports on its own calls");
	if (client != NULL)
		return look_up(x, client, call_id, ret) || refuse_unknown(x, call_id);
	if (look_up(x, own->name, call_id, ret) && (ret->card != NULL || own_only))
		return true;
	return own_only ? refuse_unknown(x, call_id) : search(x, call_id, ret);
}

bool names_find_live(struct exchange *x, const char *call_id, const char *client, enum reach reach,
                     struct call_card **ret)
{
	struct found_call found;

	if (!names_find_call(x, call_id, client, reach, &found))
		return false;
	if (found.card == NULL)
		return refuse(&x->refusal, RPC_UNKNOWN_CALL, "call_ended", "", "it ended: %s",
		              call_outcome_name(found.finished->facts.outcome));
	*ret = found.card;
	return true;
}

bool names_find_queue(struct exchange *x, const char *name, const char *field, queue_index *ret)
{
	return arrival_find_queue(x->link, name, field, ret, &x->refusal);
}

bool names_find_agent(struct exchange *x, const char *name, const char *field,
                      struct agent_card **ret)
{
	struct agent_card *card = directory_find_agent(directory_of(x->link), name);

	if (card == NULL)
		return refuse(&x->refusal, RPC_UNKNOWN_AGENT, "unknown_agent", field,
		              "no agent %.*s", ID_BYTES_MAX, name);
	*ret = card;
	return true;
}

bool names_find_skill(struct exchange *x, const char *name, size_t index, skill_index *ret)
{
	return arrival_find_skill(x->link, name, index, ret, &x->refusal);
}

#include <stdio.h>
#include <stdlib.h>

/* uthash would end the process when memory does. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "asterisk.h"
#include "logins.h"
#include "rpc_calls.h"

/* Agents by telephone: the codes they dial, and the devices they are dialled by. */

#define DEVICE_SIZE 128

/* What agents' targets name. Those who have it are few: one, or shifts who share a desk. */
struct device {
	char name[DEVICE_SIZE];
	bool seen; /* Asterisk has said its state */
	enum device_state state;
	size_t count;
	struct owner {
		struct agent_id id;
		bool here; /* was logged in when we last looked */
	} * owners;
	UT_hash_handle hh;
};

/* --- which device --- */

/* Of "PJSIP/alice&PJSIP/home" the first counts; "Local/7@desks/n" is no device. */
static bool device_of_target(const char *target, char ret[DEVICE_SIZE])
{
	size_t length = strcspn(target, "&");

	if (length == 0 || length >= DEVICE_SIZE || memchr(target, '/', length) == NULL)
		return false;
	memcpy(ret, target, length);
	ret[length] = '\0';
	return true;
}

static struct device *find(struct asterisk *asterisk, const char *name)
{
	struct device *device;

	HASH_FIND_STR(asterisk->devices, name, device);
	return device;
}

static struct device *know(struct asterisk *asterisk, const char *name)
{
	struct device *device = find(asterisk, name);

	if (device != NULL)
		return device;
	device = calloc(1, sizeof(*device));
	if (device == NULL)
		return NULL;
	snprintf(device->name, sizeof(device->name), "%s", name);
	HASH_ADD_STR(asterisk->devices, name, device);
	if (device->hh.tbl == NULL) {
		free(device);
		return NULL;
	}
	return device;
}

/* Whether the agent is dialled by this device still. */
static bool owns(struct asterisk *asterisk, const struct device *device, struct agent_id id)
{
	const struct agent_card *card = directory_agent(directory_of(asterisk->link), id);
	char name[DEVICE_SIZE];

	return card != NULL && device_of_target(card->target, name) &&
	       strcmp(name, device->name) == 0;
}

static struct owner *find_owner(struct asterisk *asterisk, struct device *device,
                                struct agent_id id)
{
	struct owner *grown;
	size_t kept = 0;

	for (size_t i = 0; i < device->count; i++) {
		if (agent_id_equal(device->owners[i].id, id))
			return &device->owners[i];
		if (owns(asterisk, device, device->owners[i].id))
			device->owners[kept++] = device->owners[i];
	}
	device->count = kept;
	grown = realloc(device->owners, (kept + 1) * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	device->owners = grown;
	device->owners[device->count++] = (struct owner){ .id = id };
	return &device->owners[kept];
}

/* --- vetoes --- */

static bool is_here(const struct asterisk *asterisk, struct agent_id id, struct agent_record *ret)
{
	return core_get_agent(core_of(asterisk->link), id, ret) && ret->state != AGENT_LOGGED_OUT;
}

static void tell(struct asterisk *asterisk, const struct device *device, struct agent_id id)
{
	struct core_event ev = { .type = EVT_AGENT_DEVICE_CHANGED };
	struct agent_record record;

	/* What was posted in this turn the core has yet to hear: it is not asked. */
	if (!is_here(asterisk, id, &record))
		return;
	ev.agent_device_changed.agent = id;
	ev.agent_device_changed.device = device->state;
	if (loop_post(asterisk->link->needs.loop, &ev) < 0)
		asterisk->devices_stale = true;
}

static void tell_owners(struct asterisk *asterisk, const struct device *device)
{
	for (size_t i = 0; device->seen && i < device->count; i++)
		if (owns(asterisk, device, device->owners[i].id))
			tell(asterisk, device, device->owners[i].id);
}

void asterisk_device(struct asterisk *asterisk, const char *name, enum device_state state)
{
	struct device *device = strlen(name) < DEVICE_SIZE ? know(asterisk, name) : NULL;

	if (device == NULL)
		return; /* nobody is dialled by it, or there is no memory: no veto */
	if (device->seen && device->state == state)
		return;
	device->seen = true;
	device->state = state;
	tell_owners(asterisk, device);
}

/* What the device was when its agent was away holds when they come: after that it is told as it
 * changes, so that a desktop may say something else. */
void asterisk_agent_changed(struct asterisk *asterisk, struct agent_id id)
{
	const struct agent_card *card = directory_agent(directory_of(asterisk->link), id);
	char name[DEVICE_SIZE];
	struct agent_record record;
	struct device *device;
	struct owner *owner;
	bool was_here;

	if (card == NULL || !device_of_target(card->target, name))
		return;
	device = know(asterisk, name);
	owner = device == NULL ? NULL : find_owner(asterisk, device, id);
	if (owner == NULL)
		return;
	was_here = owner->here;
	owner->here = is_here(asterisk, id, &record);
	if (owner->here && !was_here && device->seen)
		tell(asterisk, device, id);
}

void asterisk_agents_recovered(struct asterisk *asterisk)
{
	struct agent_card *card = NULL;

	while ((card = directory_next_agent(directory_of(asterisk->link), card)) != NULL)
		asterisk_agent_changed(asterisk, card->id);
}

void asterisk_agents_resume(struct asterisk *asterisk)
{
	struct device *device, *next;

	if (!asterisk->devices_stale)
		return;
	asterisk->devices_stale = false;
	HASH_ITER(hh, asterisk->devices, device, next)
	tell_owners(asterisk, device);
}

void asterisk_agents_done(struct asterisk *asterisk)
{
	struct device *device, *next;

	HASH_ITER(hh, asterisk->devices, device, next)
	{
		HASH_DEL(asterisk->devices, device);
		free(device->owners);
		free(device);
	}
}

struct agent_id asterisk_agent_of_channel(struct asterisk *asterisk, const char *channel)
{
	const char *dash = strrchr(channel, '-');
	char name[DEVICE_SIZE];
	struct agent_record record;
	struct device *device;

	if (dash == NULL || dash - channel >= DEVICE_SIZE)
		return (struct agent_id){ 0 };
	snprintf(name, sizeof(name), "%.*s", (int)(dash - channel), channel);
	device = find(asterisk, name);
	for (size_t i = 0; device != NULL && i < device->count; i++)
		if (owns(asterisk, device, device->owners[i].id) &&
		    is_here(asterisk, device->owners[i].id, &record))
			return device->owners[i].id;
	return (struct agent_id){ 0 };
}

/* --- dialled codes --- */

static bool find_agent(struct link *link, const char *name, struct agent_card **ret,
                       struct refusal *refusal)
{
	*ret = directory_find_agent(directory_of(link), name);
	return *ret != NULL || refuse(refusal, RPC_UNKNOWN_AGENT, "unknown_agent", "agent",
	                              "no agent %.*s", ID_BYTES_MAX, name);
}

static bool fill(struct link *link, enum agent_act act, const struct agent_words *words,
                 struct core_event *ev, struct refusal *refusal)
{
	const char *reason = act == AGENT_ACT_PAUSE && words->reason != NULL ? words->reason : "";
	struct agent_card *card;

	if (act == AGENT_ACT_LOGIN)
		return login_fill(link, words, ev, &card, refusal);
	if (!find_agent(link, words->agent, &card, refusal) ||
	    !login_say_reason(link, card, reason, refusal))
		return false;
	switch (act) {
	case AGENT_ACT_LOGIN:
		break;
	case AGENT_ACT_LOGOUT:
		ev->type = EVT_AGENT_LOGGED_OUT;
		ev->agent_logged_out.agent = card->id;
		break;
	case AGENT_ACT_READY:
		ev->type = EVT_AGENT_READY;
		ev->agent_ready.agent = card->id;
		break;
	case AGENT_ACT_PAUSE:
		ev->type = EVT_AGENT_PAUSED;
		ev->agent_paused.agent = card->id;
		ev->agent_paused.brief =
		        *reason != '\0' && options_pause_is_brief(options_of(link), reason);
		break;
	}
	return true;
}

bool asterisk_agent_act(struct asterisk *asterisk, uint64_t peer, enum agent_act act,
                        const struct agent_words *words, struct refusal *refusal)
{
	struct core_event ev = { .type = EVT_TIME_PASSED };

	if (!asterisk->ready)
		return refuse(refusal, RPC_NOT_READY, "not_ready", "", "the daemon is recovering");
	if (!fill(asterisk->link, act, words, &ev, refusal))
		return false;
	if (peer != NO_PEER)
		ev.request = gateway_request(asterisk->link, asterisk, peer);
	calls_post(asterisk->link, &ev);
	return true;
}

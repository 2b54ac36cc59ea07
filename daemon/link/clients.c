#include "clients.h"

#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>

#include "najimi/base/hash.h"
#include "orphans.h"

#define TRUSTED_PREFIX "acl:"

void clients_init(struct link *link)
{
	TAILQ_INIT(&link->clients_by_use);
}

static uint32_t hash_of(const char *name)
{
	return (uint32_t)hash_bytes(HASH_START, name, strlen(name));
}

static struct client **bucket_of(struct link *link, uint32_t hash)
{
	return &link->clients[hash & (CLIENT_BUCKETS - 1)];
}

static void forget(struct link *link, struct client *client)
{
	struct client **place = bucket_of(link, client->hash);

	while (*place != client)
		place = &(*place)->next_by_hash;
	*place = client->next_by_hash;
	TAILQ_REMOVE(&link->clients_by_use, client, by_use);
	link->clients_count--;
	if (client->orphaned != NULL)
		event_free(client->orphaned);
	free(client);
}

void clients_done(struct link *link)
{
	struct client *client;

	while ((client = TAILQ_FIRST(&link->clients_by_use)) != NULL)
		forget(link, client);
}

static bool in_use(const struct client *client)
{
	return client->connections > 0 || client->calls > 0 || client->sweeps > 0;
}

/* Room for one more. The longest unused goes; of those in use there are few. */
static bool make_room(struct link *link)
{
	struct client *client;

	if (link->clients_count < CLIENTS_MAX)
		return true;
	TAILQ_FOREACH(client, &link->clients_by_use, by_use)
	{
		if (!in_use(client)) {
			forget(link, client);
			return true;
		}
	}
	return false;
}

struct client *client_find(struct link *link, const char *name)
{
	uint32_t hash = hash_of(name);
	struct client *client = *bucket_of(link, hash);

	while (client != NULL && (client->hash != hash || strcmp(client->name, name) != 0))
		client = client->next_by_hash;
	return client;
}

struct client *client_know(struct link *link, const char *name)
{
	struct client *client = client_find(link, name), **bucket;

	if (client != NULL || !make_room(link))
		return client;
	client = calloc(1, sizeof(*client));
	if (client == NULL)
		return NULL;
	client->link = link;
	client->hash = hash_of(name);
	client->kept = strncmp(name, TRUSTED_PREFIX, sizeof(TRUSTED_PREFIX) - 1) == 0 ||
	               strncmp(name, ASTERISK_UNLISTED, sizeof(ASTERISK_UNLISTED) - 1) == 0;
	snprintf(client->name, sizeof(client->name), "%s", name);
	bucket = bucket_of(link, client->hash);
	client->next_by_hash = *bucket;
	*bucket = client;
	TAILQ_INSERT_TAIL(&link->clients_by_use, client, by_use);
	link->clients_count++;
	return client;
}

void client_enter(struct client *client)
{
	client->connections++;
	TAILQ_REMOVE(&client->link->clients_by_use, client, by_use);
	TAILQ_INSERT_TAIL(&client->link->clients_by_use, client, by_use);
}

void client_leave(struct client *client)
{
	client->connections--;
}

void client_session_opened(struct client *client)
{
	if (client->sessions++ == 0)
		orphans_taken_back(client);
}

void client_session_closed(struct client *client)
{
	if (--client->sessions == 0)
		orphans_left(client);
}

void client_name_of_address(const char *address, char ret[CLIENT_NAME_SIZE])
{
	snprintf(ret, CLIENT_NAME_SIZE, TRUSTED_PREFIX "%s", address);
}

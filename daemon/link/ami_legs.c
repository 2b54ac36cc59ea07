#include <stdio.h>
#include <stdlib.h>

#include "ami_state.h"
#include "najimi/shell/log.h"

/* Which channels there are, and which of them hear each other. */

struct ami_leg *ami_leg_find(struct ami_conn *conn, const char *uniqueid)
{
	struct ami_leg *leg;

	HASH_FIND_STR(conn->legs, uniqueid, leg);
	return leg;
}

struct ami_leg *ami_leg_know(struct ami_conn *conn, const struct ami_channel *channel)
{
	struct ami_leg *leg = ami_leg_find(conn, channel->uniqueid);

	if (leg == NULL && conn->legs_count >= AMI_LEGS_MAX) {
		log_limited(LOG_LEVEL_WARNING, "asterisk.crowded",
		            LOG_TEXT("server", conn->server->name),
		            LOG_NUMBER("channels", conn->legs_count));
		return NULL;
	}
	if (leg == NULL) {
		leg = calloc(1, sizeof(*leg));
		if (leg == NULL)
			return NULL;
		snprintf(leg->uniqueid, sizeof(leg->uniqueid), "%s", channel->uniqueid);
		HASH_ADD_STR(conn->legs, uniqueid, leg);
		if (leg->hh.tbl == NULL) {
			free(leg);
			return NULL;
		}
		conn->legs_count++;
	}
	/* A channel is renamed when another one takes its place. */
	if (channel->name[0] != '\0')
		snprintf(leg->name, sizeof(leg->name), "%s", channel->name);
	return leg;
}

void ami_leg_forget(struct ami_conn *conn, struct ami_leg *leg)
{
	ami_leg_leave(conn, leg);
	HASH_DEL(conn->legs, leg);
	conn->legs_count--;
	free(leg);
}

static struct ami_bridge *know_bridge(struct ami_conn *conn, const char *id)
{
	struct ami_bridge *bridge;

	HASH_FIND_STR(conn->bridges, id, bridge);
	if (bridge != NULL)
		return bridge;
	bridge = calloc(1, sizeof(*bridge));
	if (bridge == NULL)
		return NULL;
	snprintf(bridge->id, sizeof(bridge->id), "%s", id);
	TAILQ_INIT(&bridge->legs);
	HASH_ADD_STR(conn->bridges, id, bridge);
	if (bridge->hh.tbl == NULL) {
		free(bridge);
		return NULL;
	}
	return bridge;
}

void ami_leg_enter(struct ami_conn *conn, struct ami_leg *leg, const char *id)
{
	struct ami_bridge *bridge = know_bridge(conn, id);

	if (bridge == NULL || leg->bridge == bridge)
		return;
	ami_leg_leave(conn, leg);
	leg->bridge = bridge;
	TAILQ_INSERT_TAIL(&bridge->legs, leg, in_bridge);
	bridge->count++;
}

void ami_leg_leave(struct ami_conn *conn, struct ami_leg *leg)
{
	struct ami_bridge *bridge = leg->bridge;

	if (bridge == NULL)
		return;
	leg->bridge = NULL;
	TAILQ_REMOVE(&bridge->legs, leg, in_bridge);
	if (--bridge->count > 0)
		return;
	HASH_DEL(conn->bridges, bridge);
	free(bridge);
}

void ami_legs_forget(struct ami_conn *conn)
{
	struct ami_leg *leg, *next;

	HASH_ITER(hh, conn->legs, leg, next)
	{
		if (!leg->originated || leg->joined || leg->hung_up) {
			ami_leg_forget(conn, leg);
			continue;
		}
		ami_leg_leave(conn, leg);
		leg->listed = false;
	}
}

void ami_legs_clear(struct ami_conn *conn)
{
	struct ami_leg *leg, *next;

	HASH_ITER(hh, conn->legs, leg, next)
	ami_leg_forget(conn, leg);
}

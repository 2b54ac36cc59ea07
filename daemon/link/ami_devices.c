#include <stdio.h>
#include <stdlib.h>

#include "ami_state.h"

/* A telephone may be known to several servers under one name, and be registered with any of
 * them: it is busy where it is, and within reach if one of them reaches it. */

static struct ami_device *find(const struct ami_conn *conn, const char *name)
{
	struct ami_device *device;

	HASH_FIND_STR(conn->devices, name, device);
	return device;
}

/* False: no server knows it. */
static bool combine(const struct asterisk *asterisk, const char *name, enum device_state *ret)
{
	const struct asterisk_server *server;
	bool known = false;

	*ret = DEVICE_UNREACHABLE;
	TAILQ_FOREACH(server, &asterisk->servers, entry)
	{
		const struct ami_device *device =
		        server->ami == NULL ? NULL : find(server->ami, name);

		if (device == NULL)
			continue;
		known = true;
		if (server->ami->gone)
			continue;
		if (device->state == DEVICE_BUSY)
			*ret = DEVICE_BUSY;
		else if (device->state == DEVICE_REACHABLE && *ret != DEVICE_BUSY)
			*ret = DEVICE_REACHABLE;
	}
	return known;
}

static void tell(struct ami_conn *conn, const char *name)
{
	enum device_state state;

	/* What nobody knows anything of is no veto. */
	if (!combine(asterisk_of(conn), name, &state))
		state = DEVICE_REACHABLE;
	asterisk_device(asterisk_of(conn), name, state);
}

/* "PJSIP/alice", but not "Queue:sales_pause_PJSIP/alice" or "Custom:night". */
static bool is_telephone(const char *name)
{
	const char *slash = strchr(name, '/'), *colon = strchr(name, ':');

	return slash != NULL && (colon == NULL || colon > slash);
}

static struct ami_device *know(struct ami_conn *conn, const char *name)
{
	struct ami_device *device = find(conn, name);

	if (device != NULL)
		return device;
	if (!is_telephone(name) || HASH_COUNT(conn->devices) >= AMI_DEVICES_MAX)
		return NULL;
	device = calloc(1, sizeof(*device));
	if (device == NULL)
		return NULL;
	snprintf(device->name, sizeof(device->name), "%s", name);
	HASH_ADD_STR(conn->devices, name, device);
	if (device->hh.tbl == NULL) {
		free(device);
		return NULL;
	}
	return device;
}

void ami_device(struct ami_conn *conn, const char *name, enum device_state state)
{
	struct ami_device *device = know(conn, name);

	if (device == NULL)
		return;
	device->state = state;
	device->listed = conn->lists;
	tell(conn, name);
}

static void forget(struct ami_conn *conn, struct ami_device *device)
{
	HASH_DEL(conn->devices, device);
	tell(conn, device->name);
	free(device);
}

void ami_devices_listed(struct ami_conn *conn)
{
	struct ami_device *device, *next;

	HASH_ITER(hh, conn->devices, device, next)
	if (device->listed != conn->lists)
		forget(conn, device);
}

void ami_devices_tell(struct ami_conn *conn)
{
	struct ami_device *device, *next;

	HASH_ITER(hh, conn->devices, device, next)
	tell(conn, device->name);
}

void ami_devices_clear(struct ami_conn *conn)
{
	struct ami_device *device, *next;

	HASH_ITER(hh, conn->devices, device, next)
	{
		HASH_DEL(conn->devices, device);
		free(device);
	}
}

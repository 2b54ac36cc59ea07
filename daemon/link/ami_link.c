#include <errno.h>

#include "asterisk.h"

/* The manager interface: to come. */

struct ami_conn *ami_new(struct asterisk_server *server, struct err *err)
{
	err_set(err, -ENOSYS, "asterisk.%s: not built yet", server->name);
	return NULL;
}

struct ami_conn *ami_free(struct ami_conn *ami)
{
	(void)ami;
	return NULL;
}

void ami_reconfigure(struct ami_conn *ami)
{
	(void)ami;
}

void ami_resume(struct ami_conn *ami)
{
	(void)ami;
}

void ami_hang_up_leg(struct ami_conn *ami, struct asterisk_call *call)
{
	(void)ami;
	(void)call;
}

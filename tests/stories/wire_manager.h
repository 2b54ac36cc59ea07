#ifndef NAJIMI_TESTS_WIRE_MANAGER_H
#define NAJIMI_TESTS_WIRE_MANAGER_H

#include "ami_state.h"

/* What Asterisk's manager interface does to callers, without a word of it: the connection is held
 * to be up, what is said on it goes nowhere. */

static inline void watch(struct asterisk_server *server)
{
	static char *nowhere[] = { NULL };
	static char nothing[] = "";
	static struct asterisk_options options = { .name = nothing,
		                                   .address = nothing,
		                                   .user = nothing,
		                                   .secret = nothing,
		                                   .secret_file = nothing,
		                                   .from = nowhere,
		                                   .ca_file = nothing };
	static const struct ami_times never = { .tick = HOUR(1),
		                                .backoff_min = HOUR(1),
		                                .backoff_max = HOUR(1) };
	struct err err;

	server->options = &options;
	server->ami = ami_new_timed(server, &never, &err);
	assert_non_null(server->ami);
	event_del(server->ami->retry);
	server->ami->stage = AMI_STAGE_UP;
	asterisk_server_watched(server, true);
}

/* "joined", "joined to CHANNEL"... False: nothing of that kind is told. */
static inline bool tell_of(struct asterisk_call *call, const char *what)
{
	char channel[64];

	if (sscanf(what, "joined to %63s", channel) == 1)
		assert_true(agi_join(call->server->asterisk->agi, call, channel));
	else if (strcmp(what, "joined") == 0)
		call->joined = true;
	else if (strcmp(what, "answered") == 0)
		asterisk_call_answered(call, 0);
	else if (strcmp(what, "refused") == 0)
		asterisk_call_failed(call, 0, MISS_REJECTED);
	else if (strcmp(what, "over") == 0)
		asterisk_call_ended(call, BY_CALLER);
	else
		return false;
	return true;
}

#endif

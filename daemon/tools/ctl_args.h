#ifndef NAJIMI_TOOLS_CTL_ARGS_H
#define NAJIMI_TOOLS_CTL_ARGS_H

#include <stdbool.h>

#include "contacts_args.h"
#include "najimi/base/err.h"
#include "whatif_args.h"

/* What najimictl was told on its command line and in its environment. */
#define CTL_TOKEN_SIZE 1024

struct ctl_args {
	const char *host;           /* "HOST:PORT" */
	const char *client;         /* client.name of the session */
	const char *role;           /* NULL: the token's, or supervisor without a token */
	const char *queue;          /* NULL: all */
	const char *state;          /* NULL: all */
	char token[CTL_TOKEN_SIZE]; /* "" without */
	usec_t timeout;
	int64_t count;              /* of events or contacts; 0: without end */
	const char *since;          /* as it was given; NULL */
	const char *from, *to, *by; /* of figures, likewise */
	bool day;                   /* the agent's, not the state */
	bool json, help, version;
	struct whatif_args whatif;
	struct contacts_args contacts;
	const char *command;      /* NULL: none was given */
	const char *const *words; /* after the command */
	size_t words_count;
};

/* 0, or -EINVAL for what cannot be understood, or why the token could not be read.
 * Options may stand before and after the command. */
int ctl_args_read(int argc, char *argv[], struct ctl_args *ret, struct err *err) MUST_CHECK;

#endif

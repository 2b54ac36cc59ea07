#ifndef NAJIMI_TOOLS_CONTACTS_ARGS_H
#define NAJIMI_TOOLS_CONTACTS_ARGS_H

#include <stdbool.h>

#include "najimi/base/err.h"
#include "najimi/base/macros.h"

/* What `najimictl contacts` was asked for. */
enum contacts_format {
	CONTACTS_TABLE,
	CONTACTS_CSV,
	CONTACTS_JSON,
	CONTACTS_STORY /* a table, with what agents said of them */
};

struct contacts_args {
	usec_t since, until; /* instants; `until` USEC_NEVER: to the end */
	const char *agent;   /* NULL: of all */
	const char *after;   /* an entry's id; NULL */
	enum contacts_format format;
	bool has_format;
	bool pii; /* with what says who the caller is */
};

enum contacts_option {
	CONTACTS_AFTER = 640, /* behind those of whatif_args.h */
	CONTACTS_AGENT,
	CONTACTS_FORMAT,
	CONTACTS_PII,
	CONTACTS_SINCE,
	CONTACTS_UNTIL,
};

/* Those of the last day, as a table. */
void contacts_args_init(struct contacts_args *args, usec_t now);

/* Takes one option over. `value` may be kept. */
int contacts_args_take(struct contacts_args *args, int option, const char *value, usec_t now,
                       struct err *err) MUST_CHECK;

#endif

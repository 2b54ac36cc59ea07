#ifndef NAJIMI_TOOLS_CONTACTS_PRINT_H
#define NAJIMI_TOOLS_CONTACTS_PRINT_H

#include <stdio.h>

#include "contacts_args.h"
#include "lexicon.h"
#include "najimi/codec/json.h"
#include "table.h"

/* Finished contacts as a table, as CSV (RFC 4180) or as JSON, one after another.
 *
 * Without `pii` nothing says who a caller is: the members that do are left out, and so are
 * those that we do not know. In their place `caller` is a number, the same for all of
 * the caller's contacts that are printed, and without a meaning elsewhere. */
struct contacts_print {
	FILE *out;
	enum contacts_format format;
	bool pii;
	struct lexicon callers;
	struct table *table;
	size_t count;
};

/* -ENOMEM. */
int contacts_print_begin(struct contacts_print *print, FILE *out, enum contacts_format format,
                         bool pii, struct err *err) MUST_CHECK;

/* `entry`: its id in the stream. */
int contacts_print_one(struct contacts_print *print, const char *entry, const struct json *contact,
                       struct err *err) MUST_CHECK;

/* `next`: the entry behind which there may be more; NULL: that was all. */
void contacts_print_end(struct contacts_print *print, const char *next, bool colour);

void contacts_print_done(struct contacts_print *print);

#endif

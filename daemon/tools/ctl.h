#ifndef NAJIMI_TOOLS_CTL_H
#define NAJIMI_TOOLS_CTL_H

#include <stdio.h>

#include "ctl_args.h"
#include "najimi/codec/json_out.h"
#include "rpc_client.h"
#include "table.h"

/* najimictl's commands and what they share. */

enum ctl_exit {
	CTL_OK = 0,
	CTL_REFUSED = 1, /* the daemon said no, or there is no such thing */
	CTL_USAGE = 2,
	CTL_UNREACHABLE = 3
};

#define CTL_PARAMS_SIZE 4096

struct ctl {
	struct ctl_args args;
	struct rpc_client *client;
	const char *host;           /* who is asked: args.host, or leader */
	struct rpc_message session; /* what the daemon said of itself */
	char leader[264];           /* whom a daemon that stands by has named; "": none has */
	bool stays;                 /* none other is meant */
	FILE *out;
	bool colour;
};

typedef enum ctl_exit ctl_command_fn(struct ctl *ctl);

struct ctl_command {
	const char *name, *usage;
	size_t words_min, words_max; /* after the command */
	ctl_command_fn *run;
	const char *help;
};

ctl_command_fn ctl_status, ctl_queues, ctl_agents, ctl_calls; /* ctl_lists.c, ctl_status.c */
ctl_command_fn ctl_stats;                                     /* ctl_stats.c */
ctl_command_fn ctl_fcr;                                       /* ctl_fcr.c */
ctl_command_fn ctl_explain, ctl_caller;                       /* ctl_stories.c */
ctl_command_fn ctl_agent;                                     /* ctl_history.c */
ctl_command_fn ctl_watch;                                     /* ctl_watch.c */
ctl_command_fn ctl_contacts;                                  /* ctl_contacts.c */
ctl_command_fn ctl_whatif;                                    /* ctl_whatif.c */
ctl_command_fn ctl_ping, ctl_check, ctl_reload;               /* ctl_config.c */

/* What is known of a caller, asked for with these params. */
enum ctl_exit ctl_show_caller(struct ctl *ctl, const char *params); /* ctl_history.c */

/* --- asking --- */

/* Connects and opens the session; hangs up. */
enum ctl_exit ctl_connect(struct ctl *ctl, const char *host);
void ctl_hang_up(struct ctl *ctl);

/* Asks; says on stderr what went wrong. CTL_OK: *ret is the result, to be emptied
 * with rpc_message_done(). A daemon that stands by names the one that leads, which is asked
 * then, and from then on. */
enum ctl_exit ctl_ask(struct ctl *ctl, const char *method, const char *params,
                      struct rpc_message *ret);

/* Asks and, with --json, prints the result as it came: CTL_OK and an empty *ret then. */
enum ctl_exit ctl_ask_or_print(struct ctl *ctl, const char *method, const char *params,
                               struct rpc_message *ret);

/* An object with one text. */
void ctl_params(char *ret, size_t size, const char *name, const char *value);

/* Asks for a list, piece by piece, and hands out each element of the member `list`;
 * with --json prints them as one object instead. `filter` is a JSON object without
 * limit and after, at least "{}". */
typedef void ctl_element_fn(const struct json *element, usec_t as_of, void *arg);
enum ctl_exit ctl_walk(struct ctl *ctl, const char *method, const char *list, const char *filter,
                       ctl_element_fn *element, void *arg);

/* --- reading answers: members that are absent or of another type are told as such --- */

const char *ctl_text(const struct json *object, const char *name);          /* NULL */
int64_t ctl_number(const struct json *object, const char *name);            /* 0 */
bool ctl_true(const struct json *object, const char *name);                 /* false */
const struct json *ctl_member(const struct json *object, const char *name); /* NULL, also of NULL */
bool ctl_instant(const struct json *object, const char *name, usec_t *ret);

/* How long ago the member's instant was; USEC_NEVER without. */
usec_t ctl_age(const struct json *object, const char *name, usec_t as_of);
/* The answer's own `as_of`, else our clock. */
usec_t ctl_as_of(const struct json *answer);

/* --- figures of days: ctl_stats.c --- */

/* The question that the arguments ask. */
void ctl_days(const struct ctl *ctl, char *ret, size_t size);
enum contacts_format ctl_format(const struct ctl *ctl);
/* What a row is of: "09:00" of an hour, "-" for none. */
void ctl_add_name(struct table *table, const struct json *row, const char *by);
/* "82%" of a share between 0 and 1; "-" where there is none. */
void ctl_add_share(struct table *table, const struct json *share);

/* --- writing --- */

/* A JSON value and a newline. */
void ctl_print_json(struct ctl *ctl, const struct json *json);
/* Empties and frees the table. Without rows it says `nothing` instead. */
void ctl_print_table(struct ctl *ctl, struct table *table, const char *nothing);
/* Local time, "14:03:22" or with ".123". `size` at least 16. */
void ctl_clock(usec_t at, bool fraction, char *ret, size_t size);

#endif

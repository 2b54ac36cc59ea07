#ifndef NAJIMI_DAEMON_CONFIG_ROWS_H
#define NAJIMI_DAEMON_CONFIG_ROWS_H

#include "najimi/config/options.h"

/* The option tables. A row is all there is to know about an option; loading,
 * messages, --dump-config, the manual page, the sample and the comparison before
 * a reload walk the rows and know no option by name. */

enum option_kind {
	OPTION_BOOL,
	OPTION_INT,      /* a field of 2, 4 or 8 bytes */
	OPTION_DURATION, /* "90s"; a usec_t */
	OPTION_SIZE,     /* "64K"; a uint64_t of bytes */
	OPTION_PERCENT,  /* "5%", "0.5%"; a uint16_t of thousandths */
	OPTION_CHOICE,   /* one of the row's words; an enum, int or (of two) bool, its index */
	OPTION_TEXT,     /* a char *, never NULL */
	OPTION_TEXTS,    /* a char **, ended by NULL */
	OPTION_SECRET,   /* a char * that is never shown */
	OPTION_QUEUES,   /* an agent's queues: plan_file.c */
	OPTION_LEVELS    /* an agent's skills: plan_file.c */
};

/* What the field belongs to, and so where the option stands in the file. */
enum option_scope {
	SCOPE_SITE,    /* path as written, dots for groups */
	SCOPE_QUEUE,   /* in queue = { }, and in each element of queues */
	SCOPE_AGENT,   /* in an element of agents */
	SCOPE_TIER,    /* in an element of tiers */
	SCOPE_CLIENT,  /* in an element of clients */
	SCOPE_ASTERISK /* in an element of asterisk */
};
#define OPTION_SCOPES (SCOPE_ASTERISK + 1)

/* 0, or a negative errno and words: what would be right. */
typedef int option_form_fn(const char *text, struct err *err);

struct option_row {
	const char *path;
	enum option_scope scope;
	enum option_kind kind;
	bool reload;   /* may change while running */
	bool own;      /* SCOPE_QUEUE: only in an element, there is no default for all */
	bool inverted; /* BOOL: the field says the opposite */
	size_t offset, width;
	int64_t min, max; /* INT; DURATION in microseconds; PERCENT in thousandths; SIZE and texts
	                     in bytes */
	const char *also; /* a number outside of these: a word, or another spelling of none */
	int64_t also_is;  /* how it is kept */
	const char *fallback; /* the default, as text; TEXTS: separated by spaces */
	const char *preset[STICKY_PRESETS - 1]; /* SCOPE_QUEUE: what presets set, from the first */
	const char *const *words;
	option_form_fn *form;
	const char *doc; /* a sentence or more; no markup */
};

/* Options that stand together, with what they have in common. */
struct option_group {
	const char *name; /* what stands before the first dot, "" for the top */
	const char *doc;
};

extern const struct option_group option_groups[];
extern const size_t option_groups_count;

/* The rows of a scope in their order, NULL past the last. */
const struct option_row *row_at(enum option_scope scope, size_t index);
const struct option_row *row_find(enum option_scope scope, const char *path); /* NULL: none */
bool row_in_group(const struct option_row *row, const char *group);
enum option_scope group_scope(const struct option_group *group); /* of its rows */

/* The known path that a mistaken one most likely means, as it is written at the top
 * of the file or in an element. False when none is near. */
bool row_suggest(enum option_scope scope, const char *path, char *ret, size_t size);

/* The row that names a file to read a secret from: PATH_file. NULL: there is none. */
const struct option_row *row_secret_file(const struct option_row *row);

/* --- value.c: one value, in the struct that the row's scope says --- */

int value_set(const struct option_row *row, void *base, const char *text, struct err *err);
int value_add(const struct option_row *row, void *base, const char *text, struct err *err);
void value_clear_texts(const struct option_row *row, void *base);
int value_default(const struct option_row *row, void *base, struct err *err);
int value_copy(const struct option_row *row, void *to, const void *from, struct err *err);
bool value_equal(const struct option_row *row, const void *a, const void *b);
void value_free(const struct option_row *row, void *base);

/* What is in the field of a row that holds a number, a word's index, a text, texts. */
int64_t value_number(const struct option_row *row, const void *base);
const char *value_text(const struct option_row *row, const void *base);
char *const *value_texts(const struct option_row *row, const void *base);

/* Every row of a scope. */
int scope_default(enum option_scope scope, void *base, struct err *err);
int scope_copy(enum option_scope scope, void *to, const void *from, struct err *err);
void scope_free(enum option_scope scope, void *base);

/* --- value_print.c --- */

/* In the file's syntax. A secret that is set prints as "********". */
void value_print(const struct option_row *row, const void *base, FILE *out);
void value_print_default(const struct option_row *row, FILE *out);
void value_print_text(const char *text, FILE *out); /* quoted and escaped */
void value_write_limit(const struct option_row *row, int64_t limit, char *ret, size_t size);

/* "From 1s to 5m." or "One of ...", "" when any value will do: without it a reader
 * would have to try. */
void value_print_range(const struct option_row *row, FILE *out);

/* What the option wants, for a value of another type: "a whole number". */
const char *value_wants(const struct option_row *row);

/* What a message says of a value: cut when long, nothing unprintable. */
#define SHOWN_SIZE 52
const char *value_shown(const char *text, char *ret); /* ret[SHOWN_SIZE]; returned */

/* --- forms.c: what a text must look like --- */

int form_listen(const char *text, struct err *err);     /* "" or ADDRESS:PORT */
int form_address(const char *text, struct err *err);    /* "" or HOST:PORT */
int form_advertised(const char *text, struct err *err); /* likewise, one to connect to */
int form_network(const char *text, struct err *err);    /* ADDRESS or ADDRESS/BITS */
int form_key_part(const char *text, struct err *err);   /* letters, digits, dot, dash, underscore */
int form_word(const char *text, struct err *err);       /* what libconfig takes as a name */
int form_digits(const char *text, struct err *err);
int form_numbers(const char *text, struct err *err); /* +81312345678, or a range of them */
int form_sha256(const char *text, struct err *err);
int form_path(const char *text, struct err *err); /* "" or absolute */
int form_keys(const char *text, struct err *err); /* "" or of 0 to 9, * and # */
int form_zone(const char *text, struct err *err); /* "" or one that this machine knows */

/* Which of `count` candidates is nearest to `word`; `count` when none is near. The
 * candidate need only be valid until the next one is asked for. */
typedef const char *nearest_fn(size_t index, void *arg);
size_t nearest(const char *word, size_t count, nearest_fn *candidate, void *arg);

#endif

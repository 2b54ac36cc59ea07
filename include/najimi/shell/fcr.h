#ifndef NAJIMI_SHELL_FCR_H
#define NAJIMI_SHELL_FCR_H

#include "najimi/base/statistics.h"
#include "najimi/shell/daybook.h"

/* First contact resolution: which contacts were followed by another one of the same
 * caller. Redis decides and counts (the store's fcr.lua); here are the figures, and the
 * book of those that are shown all the time. What the words mean: najimi-redis(7). */

/* --- cells: three scopes in each of three windows --- */

enum fcr_window {
	FCR_24H,
	FCR_7D,
	FCR_30D
};
#define FCR_WINDOWS (FCR_30D + 1)

enum fcr_scope {
	FCR_ANY,
	FCR_QUEUE, /* only a contact in the same queue is a repeat */
	FCR_REASON /* only one with the same reason; none is a reason too */
};
#define FCR_SCOPES (FCR_REASON + 1)
#define FCR_CELLS (FCR_WINDOWS * FCR_SCOPES)

static inline unsigned fcr_cell(enum fcr_window window, enum fcr_scope scope)
{
	return (unsigned)window * FCR_SCOPES + (unsigned)scope;
}

const char *fcr_window_name(enum fcr_window window); /* "24h" */
usec_t fcr_window_span(enum fcr_window window);
const char *fcr_scope_name(enum fcr_scope scope); /* "any" */

/* --- figures --- */

/* What an agent said of a contact. */
enum fcr_said {
	SAID_RESOLVED,
	SAID_UNRESOLVED,
	SAID_ESCALATED, /* could not be solved at the first level */
	SAID_FOLLOW_UP
};
#define FCR_SAID (SAID_FOLLOW_UP + 1)
const char *fcr_said_name(enum fcr_said said);

/* Parts of a survey's index: each answer from 0 to 1000. */
enum survey_part {
	SURVEY_EXPECTATION,
	SURVEY_QUALITY,
	SURVEY_LOYALTY
};
#define SURVEY_PARTS (SURVEY_LOYALTY + 1)
const char *survey_part_name(enum survey_part part);

#define CSAT_MAX 5

/* From the three numbers of `wait` and `handling`: count, sum, and sum of squares, in
 * tenths of a second. */
#define FCR_MOMENTS 3

struct fcr_figures {
	uint64_t contacts;   /* eligible ones */
	uint64_t reconnects; /* calls that went on with one of them */
	/* Mature contacts by cell; of all, of those that repeat nothing themselves, and of
	 * those that an agent had escalated by then. */
	uint64_t resolved[FCR_CELLS], repeated[FCR_CELLS];
	uint64_t first_resolved[FCR_CELLS], first_repeated[FCR_CELLS];
	uint64_t escalated_resolved[FCR_CELLS], escalated_repeated[FCR_CELLS];
	uint64_t wait[FCR_MOMENTS], handling[FCR_MOMENTS]; /* of groups alone */
	uint64_t said[FCR_SAID];
	uint64_t surveys;
	uint64_t nps[3]; /* detractors, passives, promoters */
	uint64_t csat[CSAT_MAX];
	uint64_t solved[2];                                          /* yes, no */
	uint64_t index_sum[SURVEY_PARTS], index_count[SURVEY_PARTS]; /* thousandths */
};

void fcr_figures_add(struct fcr_figures *to, const struct fcr_figures *other);

/* Adds a field of Redis, "resolved" and "1,2,3...". False for what is none of ours. */
bool fcr_figures_read(struct fcr_figures *to, struct text what, struct text numbers);

/* Contacts of which it is known whether they were repeated. */
uint64_t fcr_mature(const struct fcr_figures *figures, unsigned cell);

/* "resolved:09:sales" is the figure "resolved" of the hour 9 in sales. False when it is not
 * like that. */
bool fcr_field_read(struct text field, struct text *ret_what, struct text *ret_name);
bool fcr_hour_read(struct text name, unsigned *ret_hour, struct text *ret_queue);

/* The hour of the site's clock as the counters take it: "2026-11-21T09". */
#define FCR_HOUR_SIZE 14
void fcr_hour_write(usec_t at, char ret[FCR_HOUR_SIZE]);

/* --- what callers say afterwards --- */

enum survey_resolved {
	SURVEY_UNSAID,
	SURVEY_YES,
	SURVEY_NO
};

struct survey {
	const char *contact;
	int nps;                 /* 0 to 10; -1 not answered, and so below */
	int csat;                /* 1 to CSAT_MAX */
	int index[SURVEY_PARTS]; /* 0 to 1000 */
	enum survey_resolved resolved;
	const char *comment; /* "" none */
	const char *by;      /* the client that says so */
};

/* What Redis knows of a contact that somebody asks for. */
struct contact_known {
	const char *queue, *agent; /* "" none */
	bool surveyed;
};

/* --- the book --- */

/* The latest day of which all can be known with a window of 24 hours lies so far back. */
#define FCR_FINAL_DAYS 2

/* Of each queue and of each group of returning callers (sticky, holdout): what was counted
 * since ever; of each queue today's contacts by the hour, and those of the
 * last day of which all is known (with a window of 24 hours). Kept as Redis has it, by the
 * leader: nothing else is told. */
struct fcrbook;

struct fcrbook *fcrbook_new(void);
struct fcrbook *fcrbook_free(struct fcrbook *book); /* accepts and returns NULL */

/* False until it was read for the first time: nothing is to be shown before. */
bool fcrbook_is_open(const struct fcrbook *book);
uint64_t fcrbook_reconnects(const struct fcrbook *book); /* since ever, in all queues */
uint64_t fcrbook_maturing(const struct fcrbook *book, enum fcr_window window);

/* What is not known is all zero; never NULL. Valid until the next turn. */
const struct fcr_figures *fcrbook_ever(const struct fcrbook *book, const char *queue);
const struct fcr_figures *fcrbook_today(const struct fcrbook *book, const char *queue);
const struct fcr_figures *fcrbook_hour(const struct fcrbook *book, const char *queue,
                                       unsigned hour);
const struct fcr_figures *fcrbook_group(const struct fcrbook *book, const char *group);
const struct fcr_figures *fcrbook_final(const struct fcrbook *book, const char *queue);

/* Every queue of which something was counted, whether it is configured or not; groups stand
 * among them, and have nothing of any day. */
typedef void fcrbook_queue_fn(const char *queue, void *arg);
void fcrbook_each_queue(const struct fcrbook *book, fcrbook_queue_fn *fn, void *arg);

/* --- filling it: the store --- */

enum fcrbook_part {
	FCRBOOK_EVER,
	FCRBOOK_GROUPS, /* since ever too */
	FCRBOOK_TODAY,
	FCRBOOK_FINAL
};
#define FCRBOOK_PARTS (FCRBOOK_FINAL + 1)

/* A part is read anew: begin, every field of it, end. Until the end it is as it was. */
void fcrbook_begin(struct fcrbook *book, enum fcrbook_part part);
void fcrbook_field(struct fcrbook *book, struct text field, struct text numbers);
void fcrbook_end(struct fcrbook *book);
void fcrbook_set_maturing(struct fcrbook *book, enum fcr_window window, uint64_t count);
void fcrbook_open(struct fcrbook *book);

#endif

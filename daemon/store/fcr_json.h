#ifndef NAJIMI_STORE_FCR_JSON_H
#define NAJIMI_STORE_FCR_JSON_H

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((void)(element))
#include <uthash.h>

#include "najimi/shell/fcr.h"

/* Contacts of some days under one name: a queue's, an agent's, an hour's. A day is final
 * where all its contacts have matured; only such days are in the final figures. */
struct fcr_row {
	UT_hash_handle hh;
	char *name;
	struct fcr_figures sum;   /* of all days */
	struct fcr_figures final; /* of each cell, of the days that are final there */
	uint64_t final_contacts[FCR_CELLS];
	struct fcr_figures day; /* of the day that is being added up */
};

/* In which cells a day is final, from all its contacts. */
void fcr_day_is_final(const struct fcr_figures *all, bool ret[FCR_CELLS]);

/* What there is of the day is in `day`: it is added to the others. */
void fcr_row_close_day(struct fcr_row *row, const bool final[FCR_CELLS]);

/* The answer as JSON, rows in the order of their names; the caller frees it. NULL: out of
 * memory. `total` is NULL where rows are not all there is. */
char *fcr_write(const struct stats_question *question, const char *zone, struct fcr_row **rows,
                const struct fcr_row *total, size_t *ret_length);

#endif

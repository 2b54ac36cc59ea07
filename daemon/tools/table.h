#ifndef NAJIMI_TOOLS_TABLE_H
#define NAJIMI_TOOLS_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "najimi/base/macros.h"

/* A table for people: columns as wide as their content, in characters as a terminal
 * shows them (wide ones take two cells, combining ones none). What a terminal would
 * obey instead of showing is made visible. */
#define TABLE_COLUMNS_MAX 16
#define TABLE_CELL_MAX 60 /* cells of one column; longer texts end in "…" */

struct column {
	const char *title;
	bool right; /* numbers */
};

struct table;

/* `columns` are kept, not copied. NULL: out of memory. */
struct table *table_new(const struct column *columns, size_t count);
struct table *table_free(struct table *table); /* accepts and returns NULL */

/* A row is filled from left to right; table_row() begins one. The text is copied,
 * NULL shows as "-". What memory does not allow is left out. */
void table_row(struct table *table);
void table_text(struct table *table, const char *text);
void table_number(struct table *table, int64_t number);
void table_duration(struct table *table, usec_t duration); /* "1:05", "2:10:00" */

size_t table_rows(const struct table *table);

/* Titles are bold when `colour`. */
void table_print(const struct table *table, bool colour, FILE *out);

/* Cells that a text takes in a terminal. */
size_t table_width(const char *text);

/* The text as it may be shown: no control characters, at most TABLE_CELL_MAX cells.
 * `size` at least 4 * TABLE_CELL_MAX + 8. */
void table_clean(const char *text, char *ret, size_t size);

#endif

#ifndef NAJIMI_TESTS_EDGE_H
#define NAJIMI_TESTS_EDGE_H

#include <stddef.h>

/* Memory that ends at a page nobody may read: one byte too far is a crash, with any
 * compiler and without a sanitizer. */
struct edge {
	char *start; /* a copy of the bytes; the byte after the last one is unreadable */
	size_t length;
	void *mapping;
	size_t mapped;
};

void edge_init(struct edge *edge, const void *bytes, size_t length);
void edge_done(struct edge *edge);

#endif

#ifndef NAJIMI_TOOLS_LEXICON_H
#define NAJIMI_TOOLS_LEXICON_H

#include "najimi/base/text.h"

/* Names as small numbers: 0, 1, 2... in the order of their first appearance. */
struct lexicon {
	char **list; /* [count] */
	uint32_t count, capacity;
	uint32_t *table;   /* open addressing: index + 1, 0 is empty */
	size_t table_size; /* a power of two */
};

/* Starts zeroed. False: out of memory. */
bool lexicon_intern(struct lexicon *lexicon, struct text name, uint32_t *ret) MUST_CHECK;
bool lexicon_find(const struct lexicon *lexicon, struct text name, uint32_t *ret);
void lexicon_done(struct lexicon *lexicon);

#endif

#ifndef TESTS_LIB_OWN_TEXTS_H
#define TESTS_LIB_OWN_TEXTS_H

#include <stdlib.h>
#include <string.h>

#include "najimi/config/options.h"

/* A queue that was made as a plain copy of the defaults gets texts of its own, but for name and
 * overflow: whoever makes it says those. */
static inline void queue_own_texts(struct queue_options *queue)
{
	char **const texts[] = { &queue->group, &queue->hold.music, &queue->hold.dial_options,
		                 &queue->hold.announcement, &queue->hold.leave };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = *texts[i] == NULL ? NULL : strdup(*texts[i]);
}

#endif

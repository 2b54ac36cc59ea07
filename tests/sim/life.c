#include "life.h"

#include <errno.h>

#include "oracle.h"
#include "story.h"

static struct story story;
static struct oracle oracle;

int life_live(const struct life *life, FILE *file, uint64_t *ret_digest, struct err *err)
{
	int r = 0;

	story_begin(&story);
	story.cast = life->cast;
	story.on_step = oracle_step;
	story.context = &oracle;
	oracle_begin(&oracle);
	for (size_t i = 0; i < life->count && r == 0; i++) {
		const struct deed *deed = &life->deeds[i];

		r = story_pass(&story, deed->at, err);
		if (file != NULL) {
			story_show_time(&story, file);
			deed_write(file, &story.cast, deed);
			fputc('\n', file);
			fflush(file); /* the next step may be the last */
		}
		if (deed->type == DEED_DAEMON_RESTARTS)
			oracle_restart(&oracle);
		if (r == 0)
			r = story_do(&story, deed, err);
		if (r == -EINVAL)
			r = 0; /* nobody would do that here */
		if (file != NULL)
			story_show(&story, file);
		story.orders_count = 0;
	}
	*ret_digest = story.trace;
	story_end(&story);
	return r;
}

#include "life.h"

#include "oracle.h"
#include "story.h"

static struct story story;
static struct oracle oracle;
bool life_policies;

void life_invent(struct life *life, uint64_t seed)
{
	day_invent(seed, &life->cast, life->deeds, life->count);
	if (life_policies)
		day_set_policies(seed, life->deeds, life->count);
}

int life_live(const struct life *life, FILE *file, uint64_t *ret_digest, struct err *err)
{
	int r = 0;

	story_begin(&story);
	story.cast = life->cast;
	story.on_step = life_policies ? NULL : oracle_step;
	story.context = &oracle;
	story.quiet = file == NULL;
	oracle_begin(&oracle);
	for (size_t i = 0; i < life->count && r == 0; i++) {
		const struct deed *deed = &life->deeds[i];

		r = story_pass(&story, deed->at, err);
		if (file != NULL)
			story_show_time(&story, file);
		if (r < 0 || story_admit(&story, deed, NULL) < 0)
			continue; /* nobody would do that here */
		if (file != NULL) {
			deed_write(file, &story.cast, deed);
			fputc('\n', file);
			fflush(file); /* the next step may be the last */
		}
		if (deed->type == DEED_DAEMON_RESTARTS)
			oracle_restart(&oracle);
		r = story_do(&story, deed, err);
		if (file != NULL)
			story_show(&story, file);
	}
	*ret_digest = story.trace;
	story_end(&story);
	return r;
}

#ifndef TESTS_STORY_PARTS_H
#define TESTS_STORY_PARTS_H

/* What story.c and its neighbours share. */

#include "story.h"

int story_make_core(struct story *story, struct err *err) MUST_CHECK;
int story_answer_recalls(struct story *story, struct err *err) MUST_CHECK;
int story_copy_core(struct story *story, struct err *err) MUST_CHECK;
int story_restart(struct story *story, struct err *err) MUST_CHECK;

#endif

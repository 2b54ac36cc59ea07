#ifndef TESTS_AIM_H
#define TESTS_AIM_H

#include "story.h"

/* Of a deed that aims, says whom it befalls now: a report is of a call that rings, a transfer of
 * one that talks, and the question before it of another. Where there is none, it stays as it is. */
void aim(const struct story *story, struct deed *deed);

#endif

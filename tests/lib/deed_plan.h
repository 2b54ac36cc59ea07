#ifndef NAJIMI_TESTS_DEED_PLAN_H
#define NAJIMI_TESTS_DEED_PLAN_H

#include <stdio.h>

#include "deed.h"
#include "words.h"

/* What a `queue` and a `rules` line say after their first words, and back. Members that
 * are not named have their usual value, and are not written. */

int plan_read(struct words *words, struct queue_plan *ret, struct err *err) MUST_CHECK;
void plan_write(FILE *file, const struct queue_plan *plan);

int rules_read(struct words *words, struct core_rules *ret, struct err *err) MUST_CHECK;
void rules_write(FILE *file, const struct core_rules *rules);

#endif

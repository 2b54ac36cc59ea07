#ifndef NAJIMI_BASE_STATISTICS_H
#define NAJIMI_BASE_STATISTICS_H

#include <stdbool.h>
#include <stdint.h>

/* How sure a figure is: intervals that hold the truth 95 times of 100. */
struct interval {
	double low, high;
};

/* Of a share: Wilson's, without correction for continuity. `whole` is not 0. */
struct interval wilson_interval(uint64_t part, uint64_t whole);

/* Of the difference of two shares, the first less the second: Newcombe's, from the two
 * intervals of Wilson (his method 10). Neither whole is 0. */
struct interval newcombe_interval(uint64_t part, uint64_t whole, uint64_t other_part,
                                  uint64_t other_whole);

/* What a mean is made from: how many values, their sum, the sum of their squares. */
struct moments {
	double count, sum, squares;
};

double moments_mean(const struct moments *moments); /* `count` is not 0 */

/* Of the difference of two means, the first less the second: Welch's, for groups of unlike
 * size and spread. False when a group has fewer than two values. */
bool welch_interval(const struct moments *first, const struct moments *second,
                    struct interval *ret);

/* The 97.5 % point of Student's t with `freedom` degrees, at least 1. */
double student_point(double freedom);

#endif

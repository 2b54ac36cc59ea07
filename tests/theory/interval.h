#ifndef TESTS_INTERVAL_H
#define TESTS_INTERVAL_H

#include <stdbool.h>

/* What ten independent runs say of one number: their mean, and how far from it the truth
 * lies at most, 95 times of 100 (Student's t). */
#define RUNS 10

struct interval {
	double mean, half;
};

struct interval interval_of(const double values[RUNS]);

/* How far the truth is from the mean, in halves of the interval: up to 1 they agree. What
 * is nearer than `grain`, the least difference that could show, agrees in any case. */
double interval_miss(const struct interval *interval, double truth, double grain);

#endif

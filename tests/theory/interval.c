#include "interval.h"

#include <math.h>

/* The 97.5 % point of Student's t with RUNS - 1 degrees of freedom. */
#define STUDENT 2.262157

struct interval interval_of(const double values[RUNS])
{
	double sum = 0, squares = 0, mean;

	for (int i = 0; i < RUNS; i++)
		sum += values[i];
	mean = sum / RUNS;
	for (int i = 0; i < RUNS; i++)
		squares += (values[i] - mean) * (values[i] - mean);
	return (struct interval){
		.mean = mean,
		.half = STUDENT * sqrt(squares / (RUNS - 1) / RUNS),
	};
}

double interval_miss(const struct interval *interval, double truth, double grain)
{
	double distance = fabs(interval->mean - truth);

	return distance <= grain ? 0 : (distance - grain) / (interval->half + 1e-300);
}

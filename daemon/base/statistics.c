#include "najimi/base/statistics.h"

#include <math.h>

#define NORMAL_POINT 1.959963984540054 /* 97.5 % */

struct interval wilson_interval(uint64_t part, uint64_t whole)
{
	double n = (double)whole, p = (double)part / n, z2 = NORMAL_POINT * NORMAL_POINT;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double half = NORMAL_POINT * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);

	/* Exact at the ends, where rounding would leave a trace. */
	return (struct interval){
		.low = part == 0 ? 0 : middle - half,
		.high = part == whole ? 1 : middle + half,
	};
}

struct interval newcombe_interval(uint64_t part, uint64_t whole, uint64_t other_part,
                                  uint64_t other_whole)
{
	double p = (double)part / (double)whole, q = (double)other_part / (double)other_whole;
	struct interval first = wilson_interval(part, whole);
	struct interval second = wilson_interval(other_part, other_whole);

	return (struct interval){
		.low = p - q - hypot(p - first.low, second.high - q),
		.high = p - q + hypot(first.high - p, q - second.low),
	};
}

/* --- Student's t --- */

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), result;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	result = d;
	for (int m = 1; m < 500; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		double step;

		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		result *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		step = d * c;
		result *= step;
		if (fabs(step - 1) < 1e-14)
			break;
	}
	return result;
}

/* The regularised incomplete beta function. */
static double beta_share(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x <= 0 ? 0 : 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* How often t is farther from 0 than this, on either side. */
static double tails(double t, double freedom)
{
	return beta_share(freedom / 2, 0.5, freedom / (freedom + t * t));
}

double student_point(double freedom)
{
	double low = NORMAL_POINT, high = 13;

	if (freedom > 1e7)
		return NORMAL_POINT;
	while (high - low > 1e-12 * high) {
		double middle = (low + high) / 2;

		if (tails(middle, freedom) > 0.05)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2;
}

/* --- means --- */

double moments_mean(const struct moments *moments)
{
	return moments->sum / moments->count;
}

/* Of the mean. */
static double squared_error(const struct moments *m)
{
	double spread = m->squares - m->sum * m->sum / m->count;

	return spread <= 0 ? 0 : spread / (m->count - 1) / m->count;
}

bool welch_interval(const struct moments *first, const struct moments *second, struct interval *ret)
{
	double difference, a, b, half = 0;

	if (first->count < 2 || second->count < 2)
		return false;
	difference = moments_mean(first) - moments_mean(second);
	a = squared_error(first);
	b = squared_error(second);
	if (a + b > 0) {
		double freedom = (a + b) * (a + b) /
		                 (a * a / (first->count - 1) + b * b / (second->count - 1));

		half = student_point(freedom) * sqrt(a + b);
	}
	*ret = (struct interval){ difference - half, difference + half };
	return true;
}

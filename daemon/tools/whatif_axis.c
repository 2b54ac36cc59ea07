#include "whatif_axis.h"

/* 1, 2 or 5 times a power of ten, at least as large. */
static double round_up(double step, int *ret_decimals)
{
	static const double factors[] = { 1, 2, 5 };
	double power = 0.001;
	int decimals = 3;

	for (;;) {
		for (size_t i = 0; i < ARRAY_LEN(factors); i++)
			if (factors[i] * power >= step) {
				*ret_decimals = decimals > 0 ? decimals : 0;
				return factors[i] * power;
			}
		power *= 10;
		decimals--;
	}
}

void whatif_axis_fit(struct whatif_axis *axis, double least, double most, unsigned steps)
{
	double span = most - least;

	axis->step = round_up(span / steps, &axis->decimals);
	axis->from = (double)(uint64_t)(least / axis->step) * axis->step;
	axis->to = axis->from;
	while (axis->to < most || axis->to <= axis->from)
		axis->to += axis->step;
}

double whatif_axis_place(const struct whatif_axis *axis, double value)
{
	return (value - axis->from) / (axis->to - axis->from);
}

bool whatif_has_place(const struct whatif_run *run)
{
	return run->wait >= 0 && run->reunited >= 0;
}

bool whatif_axes(const struct whatif_study *study, unsigned steps_x, unsigned steps_y,
                 struct whatif_axis *ret_x, struct whatif_axis *ret_y)
{
	double x_least = 0, x_most = 0, y_least = 0, y_most = 0;
	bool any = false;

	for (size_t i = 0; i < study->runs_count; i++) {
		const struct whatif_run *run = &study->runs[i];
		double x = run->wait, y = run->reunited * 100;

		if (!whatif_has_place(run))
			continue;
		x_least = !any || x < x_least ? x : x_least;
		x_most = !any || x > x_most ? x : x_most;
		y_least = !any || y < y_least ? y : y_least;
		y_most = !any || y > y_most ? y : y_most;
		any = true;
	}
	if (!any)
		return false;
	whatif_axis_fit(ret_x, x_least, x_most, steps_x);
	whatif_axis_fit(ret_y, y_least, y_most, steps_y);
	return true;
}

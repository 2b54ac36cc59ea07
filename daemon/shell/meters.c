#include "najimi/shell/meters.h"

#include <string.h>

#include "najimi/shell/clock.h"

static const usec_t decision_edges[] = { 100,       250,       500,       MSEC(1),  2500,
	                                 MSEC(5),   MSEC(10),  MSEC(25),  MSEC(50), MSEC(100),
	                                 MSEC(250), MSEC(500), MSEC(1000) };

void meters_init(struct meters *meters)
{
	*meters = (struct meters){ .started_at = clock_now(), .last_turn_at = clock_now() };
	histogram_init(&meters->decision, decision_edges, ARRAY_LEN(decision_edges));
	histogram_init(&meters->commit, decision_edges, ARRAY_LEN(decision_edges));
	histogram_init(&meters->recall, decision_edges, ARRAY_LEN(decision_edges));
}

void meter_count(struct meter_table *table, const char *first, const char *second)
{
	size_t i = 0;

	/* The words are constants, so most rows are found by their address. */
	while (i < table->count &&
	       !(table->rows[i].first == first && table->rows[i].second == second))
		i++;
	if (i == table->count) {
		i = 0;
		while (i < table->count && (strcmp(table->rows[i].first, first) != 0 ||
		                            strcmp(table->rows[i].second, second) != 0))
			i++;
	}
	if (i == table->count && i >= METER_ROWS_MAX - 1 && strcmp(first, "other") != 0) {
		meter_count(table, "other", "other");
		return;
	}
	if (i == table->count) {
		table->rows[i].first = first;
		table->rows[i].second = second;
		table->rows[i].value = 0;
		table->count++;
	}
	table->rows[i].value++;
}

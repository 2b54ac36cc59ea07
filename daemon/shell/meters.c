#include "najimi/shell/meters.h"

#include <stdio.h>
#include <string.h>

#include "najimi/shell/clock.h"

static const usec_t decision_edges[] = { 100,       250,       500,       MSEC(1),  2500,
	                                 MSEC(5),   MSEC(10),  MSEC(25),  MSEC(50), MSEC(100),
	                                 MSEC(250), MSEC(500), MSEC(1000) };

void meters_init(struct meters *meters)
{
	*meters = (struct meters){ .started_at = clock_now(), .last_turn_at = clock_now() };
	for (size_t i = 0; i < METER_ADAPTERS; i++)
		histogram_init(&meters->decision[i], decision_edges, ARRAY_LEN(decision_edges));
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

struct gateway_meter *meters_gateway(struct meters *meters, const char *kind, const char *name)
{
	struct gateway_meter *meter;

	for (size_t i = 0; i < meters->gateways_count; i++)
		if (strcmp(meters->gateways[i].name, name) == 0 &&
		    strcmp(meters->gateways[i].kind, kind) == 0)
			return &meters->gateways[i];
	if (meters->gateways_count == METER_GATEWAYS_MAX)
		return &meters->gateways[METER_GATEWAYS_MAX - 1];
	meter = &meters->gateways[meters->gateways_count++];
	*meter = (struct gateway_meter){ .kind = kind, .since = clock_now() };
	snprintf(meter->name, sizeof(meter->name), "%s",
	         meters->gateways_count == METER_GATEWAYS_MAX ? "other" : name);
	return meter;
}

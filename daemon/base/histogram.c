#include "najimi/base/histogram.h"

#include <assert.h>

void histogram_init(struct histogram *histogram, const usec_t *edges, size_t count)
{
	assert(count <= HISTOGRAM_EDGES_MAX - 2);

	*histogram = (struct histogram){ .edges_count = (uint32_t)count };
	for (size_t i = 0; i < count; i++) {
		assert(i == 0 || edges[i - 1] < edges[i]);
		histogram->edges[i] = edges[i];
	}
}

/* The bucket a value falls into: that of the first edge not below it. */
static uint32_t find_bucket(const struct histogram *histogram, usec_t value)
{
	uint32_t low = 0, high = histogram->edges_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (histogram->edges[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool histogram_insert_edge(struct histogram *histogram, usec_t edge)
{
	uint32_t place = find_bucket(histogram, edge);

	if (place < histogram->edges_count && histogram->edges[place] == edge)
		return true;
	if (histogram->edges_count == HISTOGRAM_EDGES_MAX)
		return false;

	for (uint32_t i = histogram->edges_count; i > place; i--)
		histogram->edges[i] = histogram->edges[i - 1];
	for (uint32_t i = histogram->edges_count + 1; i > place; i--)
		histogram->buckets[i] = histogram->buckets[i - 1];
	histogram->edges[place] = edge;
	histogram->buckets[place] = 0;
	histogram->edges_count++;
	return true;
}

void histogram_add(struct histogram *histogram, usec_t value)
{
	histogram->buckets[find_bucket(histogram, value)]++;
	histogram->count++;
	histogram->sum += value;
}

usec_t histogram_quantile(const struct histogram *histogram, unsigned per_mille)
{
	uint64_t below = 0;

	assert(per_mille <= 1000);

	if (histogram->count == 0)
		return 0;
	for (uint32_t i = 0; i < histogram->edges_count; i++) {
		below += histogram->buckets[i];
		if (below * 1000 >= histogram->count * per_mille)
			return histogram->edges[i];
	}
	return USEC_NEVER;
}

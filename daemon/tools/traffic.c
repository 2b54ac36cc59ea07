#include "traffic.h"

#include <errno.h>
#include <stdlib.h>

#include "csv.h"

#define LENGTH_MAX HOUR(24) /* of a talk, a wrap-up, a patience */

static const char calls_header[] =
        "call_id,arrive_s,customer_id,queue,service_s,wrapup_s,patience_s";
static const char shifts_header[] = "agent,on_s,off_s,queues";

/* Doubles an array that is full. */
static void *room(void *array, size_t count, size_t element)
{
	if (count != 0 && (count < 64 || (count & (count - 1)) != 0))
		return array;
	return realloc(array, (count == 0 ? 64 : count * 2) * element);
}

static int out_of_memory(struct err *err)
{
	return err_set(err, -ENOMEM, "out of memory");
}

static int find_queue(struct traffic *traffic, const struct csv *csv, size_t column,
                      struct text name, uint8_t *ret, struct err *err)
{
	uint32_t index;

	if (!lexicon_intern(&traffic->queues, name, &index))
		return out_of_memory(err);
	if (index >= TRAFFIC_QUEUES_MAX)
		return csv_complain(csv, column, err, "is the %uth queue, the limit is %d",
		                    index + 1, TRAFFIC_QUEUES_MAX);
	*ret = (uint8_t)index;
	return 0;
}

static int read_call(struct traffic *traffic, const struct csv *csv, struct err *err)
{
	struct traffic_call call = { .customer = CUSTOMER_NONE };
	struct text name, queue, customer;
	uint32_t index;
	int r;

	if ((r = csv_get_id(csv, 0, &name, err)) < 0 ||
	    (r = csv_get_seconds(csv, 1, TRAFFIC_SPAN_MAX, &call.arrives, err)) < 0 ||
	    (r = csv_get_id(csv, 3, &queue, err)) < 0 ||
	    (r = csv_get_seconds(csv, 4, LENGTH_MAX, &call.service, err)) < 0 ||
	    (r = csv_get_seconds(csv, 5, LENGTH_MAX, &call.wrapup, err)) < 0 ||
	    (r = csv_get_seconds(csv, 6, LENGTH_MAX, &call.patience, err)) < 0 ||
	    (r = find_queue(traffic, csv, 3, queue, &call.queue, err)) < 0)
		return r;
	if (csv->fields[2].length > 0) {
		if ((r = csv_get_id(csv, 2, &customer, err)) < 0)
			return r;
		if (!lexicon_intern(&traffic->customers, customer, &call.customer))
			return out_of_memory(err);
	}
	if (!lexicon_intern(&traffic->calls_names, name, &index))
		return out_of_memory(err);
	if (index < traffic->calls_count)
		return csv_complain(csv, 0, err, "'%s' is there already",
		                    traffic->calls_names.list[index]);
	call.name = traffic->calls_names.list[index];
	call.order = index;
	traffic->calls[traffic->calls_count++] = call;
	return 0;
}

static int by_arrival(const void *left, const void *right)
{
	const struct traffic_call *a = left, *b = right;

	if (a->arrives != b->arrives)
		return a->arrives < b->arrives ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

int traffic_read_calls(struct traffic *traffic, const char *path, struct err *err)
{
	struct csv csv;
	int r = csv_open(&csv, path, calls_header, err);

	if (r < 0)
		return r;
	while ((r = csv_next(&csv, err)) > 0) {
		void *grown = room(traffic->calls, traffic->calls_count, sizeof(*traffic->calls));

		if (grown == NULL) {
			r = out_of_memory(err);
			break;
		}
		traffic->calls = grown;
		r = read_call(traffic, &csv, err);
		if (r < 0)
			break;
	}
	csv_close(&csv);
	if (r == 0 && traffic->calls_count == 0)
		r = err_set(err, -EINVAL, "%s: holds no call", path);
	if (r == 0)
		qsort(traffic->calls, traffic->calls_count, sizeof(*traffic->calls), by_arrival);
	return r;
}

/* "PS|NW|NE" */
static int read_queues(struct traffic *traffic, const struct csv *csv, uint64_t *ret,
                       struct err *err)
{
	const char *at = csv->fields[3].start, *end = at + csv->fields[3].length;
	uint64_t queues = 0;

	for (;;) {
		const char *bar = memchr(at, '|', (size_t)(end - at));
		struct text name = { at, (size_t)((bar == NULL ? end : bar) - at) };
		uint8_t index;
		int r;

		if (!text_is_id(name, 128))
			return csv_complain(csv, 3, err, "holds an empty or unprintable name");
		r = find_queue(traffic, csv, 3, name, &index, err);
		if (r < 0)
			return r;
		queues |= UINT64_C(1) << index;
		if (bar == NULL)
			break;
		at = bar + 1;
	}
	*ret = queues;
	return 0;
}

static int read_shift(struct traffic *traffic, const struct csv *csv, struct err *err)
{
	struct traffic_shift shift = { .line = csv->number };
	struct text agent;
	int r;

	if ((r = csv_get_id(csv, 0, &agent, err)) < 0 ||
	    (r = csv_get_seconds(csv, 1, TRAFFIC_SPAN_MAX, &shift.on, err)) < 0 ||
	    (r = csv_get_seconds(csv, 2, TRAFFIC_SPAN_MAX, &shift.off, err)) < 0 ||
	    (r = read_queues(traffic, csv, &shift.queues, err)) < 0)
		return r;
	if (shift.off <= shift.on)
		return csv_complain(csv, 2, err, "is not after on_s");
	if (!lexicon_intern(&traffic->agents, agent, &shift.agent))
		return out_of_memory(err);
	traffic->shifts[traffic->shifts_count++] = shift;
	return 0;
}

static int by_agent(const void *left, const void *right)
{
	const struct traffic_shift *a = left, *b = right;

	if (a->agent != b->agent)
		return a->agent < b->agent ? -1 : 1;
	if (a->on != b->on)
		return a->on < b->on ? -1 : 1;
	return 0;
}

static int by_start(const void *left, const void *right)
{
	const struct traffic_shift *a = left, *b = right;

	if (a->on != b->on)
		return a->on < b->on ? -1 : 1;
	return a->agent < b->agent ? -1 : a->agent > b->agent;
}

static int order_shifts(struct traffic *traffic, const char *path, struct err *err)
{
	qsort(traffic->shifts, traffic->shifts_count, sizeof(*traffic->shifts), by_agent);
	for (size_t i = 1; i < traffic->shifts_count; i++) {
		const struct traffic_shift *a = &traffic->shifts[i - 1], *b = &traffic->shifts[i];

		if (a->agent == b->agent && b->on < a->off)
			return err_set(err, -EINVAL,
			               "%s:%u: %s is present already, from line %u on", path,
			               b->line, traffic->agents.list[b->agent], a->line);
	}
	qsort(traffic->shifts, traffic->shifts_count, sizeof(*traffic->shifts), by_start);
	return 0;
}

int traffic_read_shifts(struct traffic *traffic, const char *path, struct err *err)
{
	struct csv csv;
	int r = csv_open(&csv, path, shifts_header, err);

	if (r < 0)
		return r;
	while ((r = csv_next(&csv, err)) > 0) {
		void *grown =
		        room(traffic->shifts, traffic->shifts_count, sizeof(*traffic->shifts));

		if (grown == NULL) {
			r = out_of_memory(err);
			break;
		}
		traffic->shifts = grown;
		r = read_shift(traffic, &csv, err);
		if (r < 0)
			break;
	}
	csv_close(&csv);
	if (r == 0 && traffic->shifts_count == 0)
		r = err_set(err, -EINVAL, "%s: holds nobody's presence", path);
	return r < 0 ? r : order_shifts(traffic, path, err);
}

void traffic_done(struct traffic *traffic)
{
	lexicon_done(&traffic->calls_names);
	lexicon_done(&traffic->customers);
	lexicon_done(&traffic->queues);
	lexicon_done(&traffic->agents);
	free(traffic->calls);
	free(traffic->shifts);
	*traffic = (struct traffic){ 0 };
}

size_t traffic_cut(struct traffic *traffic, usec_t from, usec_t to)
{
	size_t count = 0;

	for (size_t i = 0; i < traffic->calls_count; i++)
		if (traffic->calls[i].arrives >= from && traffic->calls[i].arrives < to)
			traffic->calls[count++] = traffic->calls[i];
	traffic->calls_count = count;
	count = 0;
	for (size_t i = 0; i < traffic->shifts_count; i++)
		if (traffic->shifts[i].off > from && traffic->shifts[i].on < to)
			traffic->shifts[count++] = traffic->shifts[i];
	traffic->shifts_count = count;
	return traffic->calls_count;
}

static int by_instant(const void *left, const void *right)
{
	const usec_t *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

size_t traffic_calls_at_once(const struct traffic *traffic)
{
	usec_t *ends = malloc((traffic->calls_count + 1) * sizeof(*ends));
	size_t most = 0, over = 0;

	if (ends == NULL)
		return traffic->calls_count; /* surely enough */
	for (size_t i = 0; i < traffic->calls_count; i++)
		ends[i] = traffic->calls[i].arrives + traffic->calls[i].patience;
	qsort(ends, traffic->calls_count, sizeof(*ends), by_instant);
	for (size_t i = 0; i < traffic->calls_count; i++) {
		while (ends[over] < traffic->calls[i].arrives)
			over++;
		if (i + 1 - over > most)
			most = i + 1 - over;
	}
	free(ends);
	return most + traffic->agents.count;
}

#include <assert.h>
#include <stdlib.h>

#include "najimi/shell/fcr.h"
#include "names.h"

#define HOURS 24
#define QUEUES_MAX 4096 /* names; more than may be configured */

/* One queue. While a part is read, `next` has what there is of it so far. */
struct fcr_queue {
	UT_hash_handle hh;
	char *name;
	struct fcr_figures figures[FCRBOOK_PARTS];
	struct fcr_figures next;
	struct fcr_figures *hours[HOURS]; /* today's; NULL: none */
	struct fcr_figures *next_hours[HOURS];
};

struct fcrbook {
	struct fcr_queue *queues;
	size_t count;
	uint64_t maturing[FCR_WINDOWS];
	enum fcrbook_part part; /* being read */
	bool open;
};

static const struct fcr_figures nothing;

static const struct fcr_queue *find(const struct fcrbook *book, const char *name)
{
	struct fcr_queue *queue;

	HASH_FIND_STR(book->queues, name, queue);
	return queue;
}

static struct fcr_queue *know(struct fcrbook *book, struct text name)
{
	struct fcr_queue *queue;

	HASH_FIND(hh, book->queues, name.start, name.length, queue);
	if (queue != NULL || book->count == QUEUES_MAX)
		return queue;
	queue = calloc(1, sizeof(*queue));
	if (queue == NULL)
		return NULL;
	queue->name = strndup(name.start, name.length);
	if (queue->name != NULL)
		HASH_ADD_KEYPTR(hh, book->queues, queue->name, strlen(queue->name), queue);
	if (queue->hh.tbl == NULL) {
		free(queue->name);
		free(queue);
		return NULL;
	}
	book->count++;
	return queue;
}

/* --- reading --- */

bool fcrbook_is_open(const struct fcrbook *book)
{
	return book->open;
}

uint64_t fcrbook_reconnects(const struct fcrbook *book)
{
	uint64_t sum = 0;

	for (const struct fcr_queue *queue = book->queues; queue != NULL; queue = queue->hh.next)
		sum += queue->figures[FCRBOOK_EVER].reconnects;
	return sum;
}

uint64_t fcrbook_maturing(const struct fcrbook *book, enum fcr_window window)
{
	return book->maturing[window];
}

static const struct fcr_figures *part_of(const struct fcrbook *book, const char *name,
                                         enum fcrbook_part part)
{
	const struct fcr_queue *queue = find(book, name);

	return queue == NULL ? &nothing : &queue->figures[part];
}

const struct fcr_figures *fcrbook_ever(const struct fcrbook *book, const char *queue)
{
	return part_of(book, queue, FCRBOOK_EVER);
}

/* Groups stand among the queues: a queue of that name has no figures in this part. */
const struct fcr_figures *fcrbook_group(const struct fcrbook *book, const char *group)
{
	return part_of(book, group, FCRBOOK_GROUPS);
}

const struct fcr_figures *fcrbook_today(const struct fcrbook *book, const char *queue)
{
	return part_of(book, queue, FCRBOOK_TODAY);
}

const struct fcr_figures *fcrbook_final(const struct fcrbook *book, const char *queue)
{
	return part_of(book, queue, FCRBOOK_FINAL);
}

const struct fcr_figures *fcrbook_hour(const struct fcrbook *book, const char *name, unsigned hour)
{
	const struct fcr_queue *queue = find(book, name);

	return queue == NULL || hour >= HOURS || queue->hours[hour] == NULL ? &nothing
	                                                                    : queue->hours[hour];
}

void fcrbook_each_queue(const struct fcrbook *book, fcrbook_queue_fn *fn, void *arg)
{
	for (const struct fcr_queue *queue = book->queues; queue != NULL; queue = queue->hh.next)
		fn(queue->name, arg);
}

/* --- filling --- */

static void drop_hours(struct fcr_figures *hours[HOURS])
{
	for (unsigned hour = 0; hour < HOURS; hour++) {
		free(hours[hour]);
		hours[hour] = NULL;
	}
}

void fcrbook_begin(struct fcrbook *book, enum fcrbook_part part)
{
	struct fcr_queue *queue, *next;

	book->part = part;
	HASH_ITER(hh, book->queues, queue, next)
	{
		queue->next = nothing;
		drop_hours(queue->next_hours);
	}
}

static void add_to_hour(struct fcr_queue *queue, unsigned hour, struct text what,
                        struct text numbers)
{
	if (queue->next_hours[hour] == NULL)
		queue->next_hours[hour] = calloc(1, sizeof(**queue->next_hours));
	if (queue->next_hours[hour] != NULL)
		(void)fcr_figures_read(queue->next_hours[hour], what, numbers);
}

static bool is_of_days(enum fcrbook_part part)
{
	return part == FCRBOOK_TODAY || part == FCRBOOK_FINAL;
}

/* Those of days have their hour before the queue. */
void fcrbook_field(struct fcrbook *book, struct text field, struct text numbers)
{
	struct text what, name;
	struct fcr_queue *queue;
	unsigned hour = 0;

	if (!fcr_field_read(field, &what, &name) ||
	    (is_of_days(book->part) && !fcr_hour_read(name, &hour, &name)))
		return;
	queue = know(book, name);
	if (queue == NULL)
		return;
	(void)fcr_figures_read(&queue->next, what, numbers);
	if (book->part == FCRBOOK_TODAY)
		add_to_hour(queue, hour, what, numbers);
}

void fcrbook_end(struct fcrbook *book)
{
	struct fcr_queue *queue, *next;

	HASH_ITER(hh, book->queues, queue, next)
	{
		queue->figures[book->part] = queue->next;
		if (book->part != FCRBOOK_TODAY)
			continue;
		drop_hours(queue->hours);
		memcpy(queue->hours, queue->next_hours, sizeof(queue->hours));
		memset(queue->next_hours, 0, sizeof(queue->next_hours));
	}
}

void fcrbook_set_maturing(struct fcrbook *book, enum fcr_window window, uint64_t count)
{
	book->maturing[window] = count;
}

void fcrbook_open(struct fcrbook *book)
{
	book->open = true;
}

/* --- its life --- */

struct fcrbook *fcrbook_new(void)
{
	return calloc(1, sizeof(struct fcrbook));
}

struct fcrbook *fcrbook_free(struct fcrbook *book)
{
	struct fcr_queue *queue, *next;

	if (book == NULL)
		return NULL;
	HASH_ITER(hh, book->queues, queue, next)
	{
		HASH_DELETE(hh, book->queues, queue);
		drop_hours(queue->hours);
		drop_hours(queue->next_hours);
		free(queue->name);
		free(queue);
	}
	free(book);
	return NULL;
}

#include "wallboard_fcr.h"

/* The window is 24 hours, the strictest that a day can wait for. Today's figure is
 * provisional: who has not called again so far counts as resolved. */

static void add_so_far(struct fcr_tally *to, const struct fcr_figures *figures)
{
	uint64_t repeated = figures->repeated[fcr_cell(FCR_24H, FCR_ANY)];

	to->decided += figures->contacts;
	to->resolved += figures->contacts > repeated ? figures->contacts - repeated : 0;
}

static void add(const struct fcrbook *book, const char *queue, struct board *board)
{
	const struct fcr_figures *final = fcrbook_final(book, queue);

	add_so_far(&board->provisional, fcrbook_today(book, queue));
	for (unsigned hour = 0; hour < HOURS; hour++)
		add_so_far(&board->fcr_hours[hour], fcrbook_hour(book, queue, hour));
	board->final.decided += fcr_mature(final, fcr_cell(FCR_24H, FCR_ANY));
	board->final.resolved += final->resolved[fcr_cell(FCR_24H, FCR_ANY)];
}

void wallboard_read_fcr(const struct http_needs *needs, queue_index queue, struct board *board)
{
	if (needs->fcr != NULL && fcrbook_is_open(needs->fcr))
		add(needs->fcr, directory_queue_name(needs->directory, queue), board);
}

struct adding {
	const struct fcrbook *book;
	struct board *board;
};

static void add_queue(const char *queue, void *arg)
{
	struct adding *adding = arg;

	add(adding->book, queue, adding->board);
}

void wallboard_read_whole_fcr(const struct http_needs *needs, struct board *whole)
{
	if (needs->fcr != NULL && fcrbook_is_open(needs->fcr))
		fcrbook_each_queue(needs->fcr, add_queue, &(struct adding){ needs->fcr, whole });
}

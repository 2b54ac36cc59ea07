#include "wallboard_fcr.h"

/* The window is 24 hours, the strictest that a day can wait for. Today's figure is
 * provisional: who has not called again so far counts as resolved. */

static struct fcr_tally so_far(const struct fcr_figures *figures)
{
	uint64_t repeated = figures->repeated[fcr_cell(FCR_24H, FCR_ANY)];

	return (struct fcr_tally){
		.decided = figures->contacts,
		.resolved = figures->contacts > repeated ? figures->contacts - repeated : 0,
	};
}

void wallboard_read_fcr(const struct http_needs *needs, queue_index queue, struct board *board)
{
	const char *name = directory_queue_name(needs->directory, queue);
	const struct fcr_figures *final;

	if (needs->fcr == NULL || !fcrbook_is_open(needs->fcr))
		return;
	board->provisional = so_far(fcrbook_today(needs->fcr, name));
	for (unsigned hour = 0; hour < HOURS; hour++)
		board->fcr_hours[hour] = so_far(fcrbook_hour(needs->fcr, name, hour));
	final = fcrbook_final(needs->fcr, name);
	board->final = (struct fcr_tally){
		.decided = fcr_mature(final, fcr_cell(FCR_24H, FCR_ANY)),
		.resolved = final->resolved[fcr_cell(FCR_24H, FCR_ANY)],
	};
}

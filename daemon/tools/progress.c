#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "najimi/shell/clock.h"

#define WIDTH 40

void progress_start(struct progress *progress, const char *label)
{
	*progress = (struct progress){
		.label = label,
		.wanted = isatty(STDERR_FILENO) == 1,
		.started_at = clock_monotonic(),
	};
	progress->drawn_at = progress->started_at;
}

static void draw(const struct progress *progress, double share, usec_t now)
{
	double spent = (double)(now - progress->started_at) / 1e6;
	int full = (int)(share * WIDTH);
	char bar[WIDTH + 1];

	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < full ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3.0f%%", progress->label, bar, share * 100);
	if (share > 0.01)
		fprintf(stderr, "  %.0f s left   ", spent * (1 - share) / share);
	fflush(stderr);
}

void progress_tell(struct progress *progress, double share)
{
	usec_t now;

	if (!progress->wanted && !progress->lines)
		return;
	now = clock_monotonic();
	if (now - progress->drawn_at < MSEC(200) ||
	    (!progress->lines && now - progress->started_at < SEC(1)))
		return;
	progress->drawn_at = now;
	if (progress->part > 0)
		share = progress->from + share * progress->part;
	share = share < 0 ? 0 : share > 1 ? 1 : share;
	if (progress->lines) {
		fprintf(stderr, "progress %d\n", (int)(share * 100));
		return;
	}
	progress->shown = true;
	draw(progress, share, now);
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fprintf(stderr, "\r\033[K");
	progress->shown = false;
}

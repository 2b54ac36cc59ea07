#ifndef NAJIMI_HTTP_WALLBOARD_FCR_H
#define NAJIMI_HTTP_WALLBOARD_FCR_H

#include "wallboard_figures.h"

/* First contact resolution of a queue's contacts: adds to provisional, final and fcr_hours.
 * What is not counted stays at zero, and is shown as unknown. */
void wallboard_read_fcr(const struct http_needs *needs, queue_index queue, struct board *board);

/* Of all contacts, those in queues that were removed since among them. */
void wallboard_read_whole_fcr(const struct http_needs *needs, struct board *whole);

#endif

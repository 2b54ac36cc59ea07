#include "wallboard_fcr.h"

/* A contact's fate is known a day to a month later, and nothing counts it yet: every
 * figure stays unknown. */
void wallboard_read_fcr(const struct http_needs *needs, queue_index queue, struct board *board)
{
	(void)needs;
	(void)queue;
	(void)board;
}

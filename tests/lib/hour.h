#ifndef NAJIMI_TESTS_HOUR_H
#define NAJIMI_TESTS_HOUR_H

#include <time.h>
#include <unistd.h>

/* What is counted by the hour and the day is not to be counted in two of them: whoever comes in
 * the last `seconds` of an hour waits for the next. */
static inline void hour_keep_off_its_end(unsigned seconds)
{
	unsigned left = 3600 - (unsigned)(time(NULL) % 3600);

	if (left <= seconds)
		sleep(left);
}

#endif

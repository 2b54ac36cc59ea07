#include "site_clock.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOUR_SECONDS 3600

void site_clock_set(const char *zone)
{
	if (*zone != '\0')
		setenv("TZ", zone, 1);
	tzset();
}

void site_clock_read(usec_t at, struct site_hour *ret)
{
	time_t second = (time_t)(at / SEC(1)), ends;
	struct tm tm;

	localtime_r(&second, &tm);
	/* Digits that cannot be more than they have room for. */
	snprintf(ret->day, sizeof(ret->day), "%04u-%02u-%02u",
	         (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100,
	         (unsigned)tm.tm_mday % 100);
	ret->hour = (unsigned)tm.tm_hour;
	tm.tm_min = tm.tm_sec = 0;
	tm.tm_hour++;
	tm.tm_isdst = -1;
	ends = mktime(&tm);
	/* Where a clock hour comes twice, mktime() may mean the first. */
	if (ends <= second)
		ends = second - second % HOUR_SECONDS + HOUR_SECONDS;
	ret->ends = (usec_t)ends * SEC(1);
	localtime_r(&second, &tm);
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	ret->midnight = (usec_t)mktime(&tm) * SEC(1);
}

int site_day_read(struct text text, int64_t *ret)
{
	char instant[DAY_SIZE + 16];
	usec_t at;

	if (text.length != DAY_SIZE - 1)
		return -EINVAL;
	snprintf(instant, sizeof(instant), "%.*sT00:00:00Z", DAY_SIZE - 1, text.start);
	if (text_to_instant(text_of(instant), &at) < 0)
		return -EINVAL;
	*ret = (int64_t)(at / HOUR(24));
	return 0;
}

void site_day_write(int64_t day, char ret[DAY_SIZE])
{
	char instant[INSTANT_SIZE];

	assert(day >= 0);
	text_of_instant((usec_t)day * HOUR(24), instant, sizeof(instant));
	memcpy(ret, instant, DAY_SIZE - 1);
	ret[DAY_SIZE - 1] = '\0';
}

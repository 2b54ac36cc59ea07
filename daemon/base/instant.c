/* RFC 3339 instants. The calendar is the proleptic Gregorian one, counted in days
 * from 1 March so that the odd month comes last (the well-known "civil" method). */
#include <assert.h>
#include <errno.h>

#include "najimi/base/text.h"

#define LAST_INSTANT UINT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */

static void put_digits(char *at, unsigned value, unsigned count)
{
	while (count > 0) {
		at[--count] = (char)('0' + value % 10);
		value /= 10;
	}
}

void text_of_instant(usec_t at, char *ret, size_t size)
{
	uint64_t ms, second;
	unsigned days, era, day, year, month;

	assert(size >= INSTANT_SIZE);

	if (at > LAST_INSTANT)
		at = LAST_INSTANT;
	ms = at / 1000;
	second = ms / 1000;
	days = (unsigned)(second / 86400) + 719468; /* from 0000-03-01 */
	era = days / 146097;
	day = days % 146097;
	year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += era * 400 + (month >= 10);

	memcpy(ret, "0000-00-00T00:00:00.000Z", INSTANT_SIZE);
	put_digits(ret, year, 4);
	put_digits(ret + 5, month < 10 ? month + 3 : month - 9, 2);
	put_digits(ret + 8, day + 1, 2);
	put_digits(ret + 11, (unsigned)(second / 3600 % 24), 2);
	put_digits(ret + 14, (unsigned)(second / 60 % 60), 2);
	put_digits(ret + 17, (unsigned)(second % 60), 2);
	put_digits(ret + 20, (unsigned)(ms % 1000), 3);
}

/* Takes `count` digits off the front. */
static bool take_digits(struct text *text, unsigned count, unsigned *ret)
{
	unsigned value = 0;

	if (text->length < count)
		return false;
	for (unsigned i = 0; i < count; i++) {
		char c = text->start[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (unsigned)(c - '0');
	}
	text->start += count;
	text->length -= count;
	*ret = value;
	return true;
}

static bool take_one_of(struct text *text, const char *wanted, char *ret)
{
	if (text->length == 0 || *text->start == '\0' || strchr(wanted, *text->start) == NULL)
		return false;
	*ret = *text->start++;
	text->length--;
	return true;
}

static unsigned days_in_month(unsigned year, unsigned month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Days from 1970-01-01. */
static int64_t count_days(unsigned year, unsigned month, unsigned day)
{
	unsigned shifted = month > 2 ? month - 3 : month + 9;
	int64_t of_march = (int64_t)year - (month <= 2);
	int64_t era = (of_march >= 0 ? of_march : of_march - 399) / 400;
	int64_t in_era = of_march - era * 400;

	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + (153 * shifted + 2) / 5 +
	       day - 1 - 719468;
}

static bool take_date(struct text *text, int64_t *ret_days)
{
	unsigned year, month, day;
	char c;

	if (!take_digits(text, 4, &year) || !take_one_of(text, "-", &c) ||
	    !take_digits(text, 2, &month) || !take_one_of(text, "-", &c) ||
	    !take_digits(text, 2, &day))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
		return false;
	*ret_days = count_days(year, month, day);
	return true;
}

static bool take_time(struct text *text, int64_t *ret_us)
{
	unsigned hour, minute, second, digit, worth = 100000;
	int64_t fraction = 0;
	char c;

	if (!take_digits(text, 2, &hour) || !take_one_of(text, ":", &c) ||
	    !take_digits(text, 2, &minute) || !take_one_of(text, ":", &c) ||
	    !take_digits(text, 2, &second))
		return false;
	/* 60 is a leap second, which our count of microseconds does not have. */
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	if (take_one_of(text, ".", &c)) {
		if (!take_digits(text, 1, &digit))
			return false;
		do {
			fraction += (int64_t)digit * worth;
			worth /= 10;
		} while (take_digits(text, 1, &digit));
	}
	*ret_us = (int64_t)(hour * 3600 + minute * 60 + second) * 1000000 + fraction;
	return true;
}

static bool take_offset(struct text *text, int64_t *ret_us)
{
	unsigned hour, minute;
	char sign, c;

	if (take_one_of(text, "Zz", &c)) {
		*ret_us = 0;
		return true;
	}
	if (!take_one_of(text, "+-", &sign) || !take_digits(text, 2, &hour) ||
	    !take_one_of(text, ":", &c) || !take_digits(text, 2, &minute))
		return false;
	if (hour > 23 || minute > 59)
		return false;
	*ret_us = (int64_t)(hour * 3600 + minute * 60) * (sign == '-' ? -1000000 : 1000000);
	return true;
}

int text_to_instant(struct text text, usec_t *ret)
{
	int64_t days, us, offset, at;
	char c;

	if (!take_date(&text, &days) || !take_one_of(&text, "Tt ", &c) || !take_time(&text, &us) ||
	    !take_offset(&text, &offset) || text.length > 0)
		return -EINVAL;
	at = days * INT64_C(86400000000) + us - offset;
	if (at < 0)
		return -EINVAL; /* before 1970 */
	*ret = (usec_t)at;
	return 0;
}

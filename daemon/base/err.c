#include "najimi/base/err.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

int err_set(struct err *err, int code, const char *fmt, ...)
{
	va_list ap;

	assert(code < 0);
	if (err == NULL)
		return code;

	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}

int err_wrap(struct err *err, int code, const char *fmt, ...)
{
	char doing[128], cause[sizeof(err->text)];
	va_list ap;

	assert(code < 0);
	if (err == NULL)
		return code;

	va_start(ap, fmt);
	vsnprintf(doing, sizeof(doing), fmt, ap);
	va_end(ap);

	snprintf(cause, sizeof(cause), "%s", err->text);
	snprintf(err->text, sizeof(err->text), "%.127s: %.120s", doing, cause);
	return code;
}

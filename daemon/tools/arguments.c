#include "arguments.h"

#include <errno.h>

#include "najimi/base/number.h"

int arguments_read(int argc, char **argv, const struct option *options,
                   int (*set)(int val, void *arg, struct err *err), void *arg, struct err *err)
{
	int val, r;

	opterr = 0;
	optind = 0; /* from the start, also when called again */
	while ((val = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (val == ':')
			return err_set(err, -EINVAL, "%s wants a value", argv[optind - 1]);
		if (val == '?')
			return err_set(err, -EINVAL, "%s: no such option (see --help)",
			               argv[optind - 1]);
		r = set(val, arg, err);
		if (r < 0)
			return r;
	}
	return optind;
}

int arguments_number(const char *name, const char *text, int64_t min, int64_t max, int64_t *ret,
                     struct err *err)
{
	int64_t value;

	if (number_parse(text, &value) < 0 || value < min || value > max)
		return err_set(err, -EINVAL, "--%s: '%s' is no number from %lld to %lld", name,
		               text, (long long)min, (long long)max);
	*ret = value;
	return 0;
}

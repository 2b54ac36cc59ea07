/* What a text must look like, beyond its length: each form says what would be right. */
#include "rows.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "najimi/base/number.h"

/* "[ADDRESS]" or "ADDRESS" of `length` bytes, without the brackets. */
static bool copy_host(const char *text, size_t length, char *ret, size_t size, bool *ret_brackets)
{
	*ret_brackets = length >= 2 && text[0] == '[' && text[length - 1] == ']';
	if (*ret_brackets) {
		text++;
		length -= 2;
	}
	if (length == 0 || length >= size)
		return false;
	memcpy(ret, text, length);
	ret[length] = '\0';
	return true;
}

/* HOST:PORT, the host still to be judged. */
static bool split(const char *text, char *ret_host, size_t size, bool *ret_brackets,
                  int64_t *ret_port)
{
	const char *colon = strrchr(text, ':');

	return colon != NULL &&
	       copy_host(text, (size_t)(colon - text), ret_host, size, ret_brackets) &&
	       number_parse(colon + 1, ret_port) == 0 && *ret_port >= 0 && *ret_port <= UINT16_MAX;
}

static bool is_v4(const char *text)
{
	struct in_addr address;

	return inet_pton(AF_INET, text, &address) == 1;
}

static bool is_v6(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, text, &address) == 1;
}

int form_listen(const char *text, struct err *err)
{
	char host[64], shown[SHOWN_SIZE];
	bool brackets;
	int64_t port;

	if (*text == '\0')
		return 0;
	if (split(text, host, sizeof(host), &brackets, &port) &&
	    (brackets ? is_v6(host) : is_v4(host)))
		return 0;
	return err_set(err, -EINVAL,
	               "wants ADDRESS:PORT, such as 127.0.0.1:7070 or [::1]:7070, not \"%s\"",
	               value_shown(text, shown));
}

static bool is_host_name(const char *text)
{
	for (; *text != '\0'; text++)
		if (!isalnum((unsigned char)*text) && strchr("-._", *text) == NULL)
			return false;
	return true;
}

int form_address(const char *text, struct err *err)
{
	char host[254], shown[SHOWN_SIZE];
	bool brackets;
	int64_t port;

	if (*text == '\0')
		return 0; /* whether it may be is the row's affair */
	if (split(text, host, sizeof(host), &brackets, &port) && port > 0 &&
	    (brackets ? is_v6(host) : is_host_name(host)))
		return 0;
	return err_set(err, -EINVAL, "wants HOST:PORT with a port from 1 to 65535, not \"%s\"",
	               value_shown(text, shown));
}

/* For others to connect to: every address is none. */
int form_advertised(const char *text, struct err *err)
{
	struct in6_addr six;
	struct in_addr four;
	char host[254], shown[SHOWN_SIZE];
	bool brackets;
	int64_t port;
	int r = form_address(text, err);

	if (r < 0 || *text == '\0')
		return r;
	if (!split(text, host, sizeof(host), &brackets, &port) ||
	    (inet_pton(AF_INET, host, &four) == 1 && four.s_addr == htonl(INADDR_ANY)) ||
	    (inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_UNSPECIFIED(&six)))
		return err_set(err, -EINVAL,
		               "wants an address or a name that others can connect to, not \"%s\"",
		               value_shown(text, shown));
	return 0;
}

int form_network(const char *text, struct err *err)
{
	char host[64], shown[SHOWN_SIZE];
	const char *slash = strchr(text, '/');
	size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
	int64_t bits = 0;
	bool brackets, fits;

	fits = copy_host(text, length, host, sizeof(host), &brackets) && !brackets &&
	       (is_v4(host) || is_v6(host)) &&
	       (slash == NULL || (number_parse(slash + 1, &bits) == 0 && bits >= 0 &&
	                          bits <= (is_v4(host) ? 32 : 128)));
	if (fits)
		return 0;
	return err_set(err, -EINVAL,
	               "wants an address or a network, such as 192.0.2.7 or 10.0.0.0/8, not \"%s\"",
	               value_shown(text, shown));
}

int form_key_part(const char *text, struct err *err)
{
	char shown[SHOWN_SIZE];

	/* Braces above all must not be in it: they decide a key's slot in a cluster. */
	for (const char *at = text; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("-._", *at) == NULL)
			return err_set(
			        err, -EINVAL,
			        "wants letters, digits, dots, dashes and underscores, not \"%s\"",
			        value_shown(text, shown));
	return 0;
}

int form_word(const char *text, struct err *err)
{
	char shown[SHOWN_SIZE];
	bool fits = isalpha((unsigned char)*text) != 0;

	for (const char *at = text; *at != '\0'; at++)
		fits = fits && (isalnum((unsigned char)*at) || *at == '-' || *at == '_');
	if (fits)
		return 0;
	return err_set(err, -EINVAL,
	               "wants a letter, then letters, digits, dashes and underscores, not \"%s\"",
	               value_shown(text, shown));
}

int form_digits(const char *text, struct err *err)
{
	char shown[SHOWN_SIZE];

	if (text[strspn(text, "0123456789")] == '\0')
		return 0;
	return err_set(err, -EINVAL, "wants digits, not \"%s\"", value_shown(text, shown));
}

/* How many digits there are, 0 when too many for a number. */
static size_t count_digits(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits <= 15 ? digits : 0;
}

/* The range's end: as long as its beginning, or only the last digits. */
static bool is_range_end(const char *first, size_t length, const char *last)
{
	size_t digits;

	last += *last == '+';
	digits = count_digits(last);
	return digits >= 1 && digits <= length && last[digits] == '\0' &&
	       (last[-1] != '+' || digits == length) &&
	       memcmp(first + length - digits, last, digits) <= 0;
}

int form_numbers(const char *text, struct err *err)
{
	char shown[SHOWN_SIZE];
	const char *first = text + 1;
	size_t digits = *text == '+' ? count_digits(first) : 0;

	if (digits > 0 &&
	    (first[digits] == '\0' ||
	     (first[digits] == '-' && is_range_end(first, digits, first + digits + 1))))
		return 0;
	return err_set(err, -EINVAL, "wants +81312 or a range as +81312340000-9999, not \"%s\"",
	               value_shown(text, shown));
}

int form_sha256(const char *text, struct err *err)
{
	if (*text == '\0' || (strlen(text) == 64 && strspn(text, "0123456789abcdefABCDEF") == 64))
		return 0;
	return err_set(err, -EINVAL, "wants 64 hexadecimal digits");
}

int form_path(const char *text, struct err *err)
{
	char shown[SHOWN_SIZE];

	if (*text == '\0' || *text == '/')
		return 0;
	return err_set(err, -EINVAL, "wants a path from the root, not \"%s\"",
	               value_shown(text, shown));
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* As the C library looks for it. One that it does not know it would take for UTC. */
int form_zone(const char *text, struct err *err)
{
	const char *folder = getenv("TZDIR");
	char path[512], shown[SHOWN_SIZE];

	if (*text == '\0' || strcmp(text, "UTC") == 0)
		return 0;
	snprintf(path, sizeof(path), "%s/%s", folder == NULL ? "/usr/share/zoneinfo" : folder,
	         text);
	if (*text != '/' && strstr(text, "..") == NULL && is_file(path))
		return 0;
	return err_set(err, -EINVAL,
	               "wants a time zone that this machine knows, such as Asia/Tokyo, not \"%s\"",
	               value_shown(text, shown));
}

int form_keys(const char *text, struct err *err)
{
	size_t length = strspn(text, "0123456789*#");

	if (text[length] == '\0')
		return 0;
	return err_set(err, -EINVAL, "\"%c\" is no key of a telephone: 0 to 9, * and #",
	               text[length]);
}

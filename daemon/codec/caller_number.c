#include "caller_number.h"

#include <assert.h>

#define SPELLING_MAX 200 /* of a URI with its parameters; what is longer is no number */
#define DIGITS_MIN 7     /* of an E.164 number with its country code; shorter are extensions */
#define DIGITS_MAX 15
#define EXTENSION_MIN 2
#define EXTENSION_MAX 6

/* Bounded scratch text: ASCII, terminated. */
struct spelling {
	char text[SPELLING_MAX + 1];
	size_t length;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* What a character means in a number, after NFKC as far as numbers need it: the
 * full-width forms that Japanese keyboards type, the many dashes and spaces, and
 * nothing at all for invisible marks that come along when a number is pasted. */
static char fold(uint32_t character)
{
	static const struct {
		uint32_t first, last;
		char as; /* '\0': dropped; 'F': the full-width form of an ASCII character */
	} folds[] = {
		{ 0x00a0, 0x00a0, ' ' },  { 0x00ad, 0x00ad, '\0' }, { 0x2000, 0x200a, ' ' },
		{ 0x200b, 0x200f, '\0' }, { 0x2010, 0x2015, '-' },  { 0x202a, 0x202e, '\0' },
		{ 0x202f, 0x202f, ' ' },  { 0x2060, 0x2069, '\0' }, { 0x2212, 0x2212, '-' },
		{ 0x3000, 0x3000, ' ' },  { 0x30fc, 0x30fc, '-' },  { 0xfe63, 0xfe63, '-' },
		{ 0xfeff, 0xfeff, '\0' }, { 0xff01, 0xff5e, 'F' },  { 0xff70, 0xff70, '-' },
	};

	if (character < 0x80)
		return character == '\t' ? ' ' : (char)character;
	for (size_t i = 0; i < ARRAY_LEN(folds); i++) {
		if (character < folds[i].first || character > folds[i].last)
			continue;
		return folds[i].as == 'F' ? (char)(character - 0xfee0) : folds[i].as;
	}
	return '?'; /* a letter of some language: no number has one */
}

/* Into ASCII, without space at the ends. */
static bool read_spelling(struct text from, struct spelling *ret)
{
	size_t length = 0;

	while (from.length > 0) {
		uint32_t character;
		size_t bytes = text_char(from, &character);
		char c;

		if (bytes == 0 || length == SPELLING_MAX)
			return false;
		from.start += bytes;
		from.length -= bytes;
		c = fold(character);
		if (c != '\0' && (c != ' ' || length > 0))
			ret->text[length++] = c;
	}
	while (length > 0 && ret->text[length - 1] == ' ')
		length--;
	ret->text[length] = '\0';
	ret->length = length;
	return length > 0;
}

/* Of `"Taro" <sip:0312345678@host>` the inside. */
static struct text inside_angles(const char *from)
{
	const char *open = strrchr(from, '<');
	const char *close = open == NULL ? NULL : strchr(open, '>');

	if (close == NULL)
		return text_of(from);
	return (struct text){ open + 1, (size_t)(close - open - 1) };
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Where the text goes on after a scheme, in whatever case; NULL when it has another. */
static char *after_scheme(char *text, const char *scheme)
{
	for (; *scheme != '\0'; scheme++, text++) {
		if (lower(*text) != *scheme)
			return NULL;
	}
	return text;
}

/* The value of `;phone-context=` where it is a number: the local number's missing
 * first part (RFC 3966). */
static char *phone_context(char *parameters)
{
	static const char name[] = ";phone-context=";
	char *found = strstr(parameters, name);

	if (found == NULL)
		return strchr(parameters, '\0');
	found += sizeof(name) - 1;
	return *found == '+' ? found : strchr(found, '\0');
}

/* Cuts a tel: or sip: URI, or user@host, down to its number. *ret_context is what
 * stands before a local number, or "". NULL when there is no number in it. */
static char *cut_uri(char *text, char **ret_context)
{
	char *number = after_scheme(text, "tel:"), *host, *end;
	bool sip = false;

	if (number == NULL) {
		number = after_scheme(text, "sips:");
		if (number == NULL)
			number = after_scheme(text, "sip:");
		sip = number != NULL;
	}
	if (number == NULL)
		number = text;

	/* Whatever stands before anonymous.invalid, it is nobody (RFC 3323). And a SIP
	 * address may be a host alone, which can be digits, too. */
	host = strchr(number, '@');
	if (host == NULL ? sip : after_scheme(host + 1, "anonymous.invalid") != NULL)
		return NULL;
	if (host != NULL)
		*host = '\0';

	*ret_context = phone_context(number);
	end = strchr(*ret_context, ';');
	if (end != NULL)
		*end = '\0';
	end = strchr(number, ';');
	if (end != NULL)
		*end = '\0';

	/* An escaped plus is the one escape that numbers come with. */
	if (starts_with(number, "%2B") || starts_with(number, "%2b")) {
		number += 2;
		*number = '+';
	}
	return number;
}

/* Digits with an optional plus before them, once what only pleases the eye is gone. */
static bool strip_separators(const char *text, struct spelling *ret)
{
	size_t length = 0;

	for (; *text != '\0'; text++) {
		if (strchr(" -.()/", *text) != NULL)
			continue;
		if (!is_digit(*text) && (*text != '+' || length > 0))
			return false;
		assert(length < SPELLING_MAX); /* what is stripped is a spelling already */
		ret->text[length++] = *text;
	}
	ret->text[length] = '\0';
	ret->length = length;
	return length > 0;
}

/* The same digit all along is what gateways send for nobody. Four are still an
 * extension that somebody may have, unless they are zeros. */
static bool is_placeholder(const char *digits)
{
	size_t length = strlen(digits);

	return strspn(digits, (char[]){ digits[0], '\0' }) == length &&
	       (length > 4 || digits[0] == '0');
}

/* A number that is already international, without its plus. */
static bool set_international(const char *digits, const struct identity_rules *rules,
                              char ret[NUMBER_SIZE])
{
	size_t country = strlen(rules->country), trunk = 0, length;

	/* "+81 (0)3...": written for people, who know what to leave out. Where the
	 * prefix is no 0, as 8 in Russia, numbers may begin like it. */
	if (!starts_with(digits, rules->country))
		country = 0;
	else if (strcmp(rules->trunk, "0") == 0 && digits[country] == '0')
		trunk = 1;

	length = strlen(digits) - trunk;
	if (digits[0] == '0' || length < DIGITS_MIN || length > DIGITS_MAX)
		return false;
	if (trunk > 0 && digits[country + trunk] == '0')
		return false;
	ret[0] = '+';
	memcpy(ret + 1, digits, country);
	memcpy(ret + 1 + country, digits + country + trunk, length - country + 1);

	/* "anonymous" on the letters of a keypad. */
	return strcmp(ret, "+266696687") != 0;
}

static bool set_national(const char *digits, const struct identity_rules *rules,
                         char ret[NUMBER_SIZE])
{
	size_t country = strlen(rules->country), length = strlen(digits);

	if (digits[0] == '0' || country + length < DIGITS_MIN || country + length > DIGITS_MAX)
		return false;
	ret[0] = '+';
	memcpy(ret + 1, rules->country, country);
	memcpy(ret + 1 + country, digits, length + 1);
	return true;
}

static bool is_japan(const struct identity_rules *rules)
{
	return strcmp(rules->country, "81") == 0;
}

/* A Japanese national number with its 0: ten digits, eleven for those that begin with
 * 020 and 050 to 090 (mobile, IP, M2M, and the freephone 0800). */
static bool is_japanese(const char *digits)
{
	size_t length = strlen(digits);

	if (digits[0] != '0' || digits[1] == '0' || digits[1] == '\0')
		return false;
	return length == 10 ||
	       (length == 11 && digits[2] == '0' && strchr("256789", digits[1]) != NULL);
}

/* 184 and 186 (withhold, show the number) and 00XY (carrier selection) are dialled
 * before a number and leak into it. */
static const char *skip_service_prefix(const char *digits)
{
	if ((starts_with(digits, "184") || starts_with(digits, "186")) && digits[3] == '0')
		return digits + 3;

	/* 0039 is a carrier and also Italy, whose numbers keep their 0: a number from
	 * there is the likelier one. Elsewhere no country code is followed by a 0. */
	if (starts_with(digits, "00") && strlen(digits) > 4 && !starts_with(digits, "0039") &&
	    (is_japanese(digits + 4) || starts_with(digits + 4, "010")))
		return digits + 4;
	return digits;
}

/* Numbers without plus and without any prefix: only what can be one thing. */
static bool set_bare(const char *digits, const struct identity_rules *rules, char ret[NUMBER_SIZE])
{
	size_t country = strlen(rules->country), length = strlen(digits);

	if (length >= EXTENSION_MIN && length <= EXTENSION_MAX) {
		memcpy(ret, "ext:", 4);
		memcpy(ret + 4, digits, length + 1);
		return true;
	}
	/* An international number that lost its plus, for a country whose national
	 * numbers cannot look like it because they begin with a 0. */
	if (country > 0 && starts_with(digits, rules->country)) {
		if (is_japan(rules)) {
			const char *rest = digits + country;
			size_t rest_length = length - country;

			if (rest[0] == '0')
				return is_japanese(rest) && set_national(rest + 1, rules, ret);
			return (rest_length == 9 || rest_length == 10) &&
			       set_national(rest, rules, ret);
		}
		if (length >= country + DIGITS_MIN)
			return set_international(digits, rules, ret);
	}
	/* Where there is no trunk prefix, this is what national numbers look like. */
	return rules->trunk[0] == '\0' && country > 0 && length >= DIGITS_MIN &&
	       set_national(digits, rules, ret);
}

static bool normalise(const char *digits, const struct identity_rules *rules, char ret[NUMBER_SIZE])
{
	size_t international = strlen(rules->international), trunk = strlen(rules->trunk);

	if (digits[0] == '+')
		return set_international(digits + 1, rules, ret);
	if (is_placeholder(digits))
		return false;
	if (is_japan(rules))
		digits = skip_service_prefix(digits);

	if (international > 0 && starts_with(digits, rules->international))
		return set_international(digits + international, rules, ret);
	if (starts_with(digits, "00"))
		return set_international(digits + 2, rules, ret);
	if (trunk > 0 && starts_with(digits, rules->trunk) && strlen(digits) > EXTENSION_MAX) {
		size_t left = strlen(digits) - trunk;

		if (is_japan(rules) && left != 9 && left != 10)
			return false;
		return set_national(digits + trunk, rules, ret);
	}
	return set_bare(digits, rules, ret);
}

/* Puts a local number's missing first part before it. The own country's code does
 * not have to be repeated: the number is national as it is. */
static bool complete(struct spelling *digits, const char *context,
                     const struct identity_rules *rules)
{
	struct spelling first;

	if (digits->text[0] == '+' || *context == '\0')
		return true;
	if (!strip_separators(context, &first))
		return false;
	if (strcmp(first.text + 1, rules->country) == 0 && rules->trunk[0] != '\0' &&
	    starts_with(digits->text, rules->trunk))
		return true;
	assert(first.length + digits->length <= SPELLING_MAX); /* both are parts of one */
	memmove(digits->text + first.length, digits->text, digits->length + 1);
	memcpy(digits->text, first.text, first.length);
	digits->length += first.length;
	return true;
}

bool caller_number_read(const char *from, const struct identity_rules *rules, char ret[NUMBER_SIZE])
{
	struct spelling spelling, digits;
	char *number, *context;

	/* No list of words for "withheld" is complete, in two languages and on every
	 * gateway; so nothing but digits is a number. The words are in the tests. */
	ret[0] = '\0';
	if (!read_spelling(inside_angles(from), &spelling))
		return false;
	number = cut_uri(spelling.text, &context);
	if (number == NULL || !strip_separators(number, &digits) ||
	    !complete(&digits, context, rules) || !normalise(digits.text, rules, ret) ||
	    (ret[0] == '+' ? is_placeholder(ret + 1) : strcmp(ret + 4, number) != 0)) {
		ret[0] = '\0';
		return false;
	}
	return true;
}

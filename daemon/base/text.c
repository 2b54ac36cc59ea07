#include "najimi/base/text.h"

#include <assert.h>

static bool is_tail(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t text_char(struct text text, uint32_t *ret)
{
	const unsigned char *in = (const unsigned char *)text.start;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t value;
	size_t length;

	if (text.length == 0)
		return 0;
	if (in[0] < 0x80) {
		*ret = in[0];
		return 1;
	}
	if (in[0] < 0xc2 || in[0] > 0xf4)
		return 0;

	length = in[0] < 0xe0 ? 2 : in[0] < 0xf0 ? 3 : 4;
	if (text.length < length)
		return 0;
	value = in[0] & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if (!is_tail(in[i]))
			return 0;
		value = value << 6 | (in[i] & 0x3f);
	}

	/* Longer than needed, half of a UTF-16 pair, or beyond the last plane. */
	if (value < least[length] || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
		return 0;
	*ret = value;
	return length;
}

bool text_is_utf8(struct text text)
{
	while (text.length > 0) {
		uint32_t value;
		size_t length = text_char(text, &value);

		if (length == 0)
			return false;
		text.start += length;
		text.length -= length;
	}
	return true;
}

/* Nothing to see, or it changes how what stands around it is seen: controls, marks of
 * direction and of no width, and what is no character at all. */
static bool is_unprintable(uint32_t value)
{
	return value < 0x20 || (value >= 0x7f && value < 0xa0) ||
	       (value >= 0x200b && value <= 0x200f) || (value >= 0x2028 && value <= 0x202e) ||
	       (value >= 0x2060 && value <= 0x206f) || value == 0xfeff ||
	       (value & 0xfffe) == 0xfffe;
}

bool text_is_id(struct text text, size_t bytes_max)
{
	if (text.length == 0 || text.length > bytes_max)
		return false;
	while (text.length > 0) {
		uint32_t value;
		size_t length = text_char(text, &value);

		if (length == 0 || is_unprintable(value))
			return false;
		text.start += length;
		text.length -= length;
	}
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

void text_mask_number(const char *number, char *ret, size_t size)
{
	size_t digits = 0, seen = 0, first, last;

	assert(size > 0);

	for (const char *in = number; *in != '\0'; in++)
		digits += is_digit(*in);

	/* Four digits hide the person and still show region and carrier. A short
	 * number has nothing to spare: all of it is starred. */
	first = digits > 6 ? digits - 6 : 0;
	last = digits > 6 ? digits - 2 : digits;

	for (; *number != '\0' && size > 1; number++, size--) {
		bool hidden = false;

		if (is_digit(*number)) {
			hidden = seen >= first && seen < last;
			seen++;
		}
		*ret++ = hidden ? '*' : *number;
	}
	*ret = '\0';
}

/* Any caller: the first byte chooses presentation and rules, a zero byte ends the
 * number and begins the customer id. A key is well formed or empty, and whoever sends
 * the normalised number is the same caller. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/codec/identity.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 1024

static const char *const shared[] = { "+81345670000-9999", "+8152", "+81366660000-+81366669999",
	                              "81-", NULL };

static const struct identity_rules all_rules[] = {
	{ "81", "0", "010", false, shared, false }, { "81", "0", "010", true, NULL, true },
	{ "44", "0", "00", false, NULL, false },    { "47", "", "00", false, shared, true },
	{ "1", "1", "011", true, NULL, false },     { "", "", "", false, NULL, true },
};

static void check_number(const char *number)
{
	size_t length = strlen(number), digits;

	if (length == 0)
		return;
	if (strncmp(number, "ext:", 4) == 0) {
		digits = strspn(number + 4, "0123456789");
		if (digits < 2 || digits > 6 || number[4 + digits] != '\0')
			abort();
		return;
	}
	digits = strspn(number + 1, "0123456789");
	if (number[0] != '+' || number[1] == '0' || digits + 1 != length || digits < 7 ||
	    digits > 15)
		abort();
}

static void check(const struct identity *identity)
{
	const char *key = identity->key;

	check_number(identity->number);
	switch (identity->kind) {
	case IDENTITY_OF_NOBODY:
	case IDENTITY_OF_SHARED:
		if (key[0] != '\0')
			abort();
		break;
	case IDENTITY_OF_NUMBER:
		if (strncmp(key, "tel:", 4) != 0 || strcmp(key + 4, identity->number) != 0 ||
		    key[4] == '\0')
			abort();
		break;
	case IDENTITY_OF_CUSTOMER:
		if (strncmp(key, "cid:", 4) != 0 || !text_is_id(text_of(key + 4), 128))
			abort();
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char from[INPUT_MAX + 1];
	const struct identity_rules *rules;
	struct identity identity, again;
	const char *customer;
	size_t length;

	if (size < 1 || size > INPUT_MAX)
		return 0;
	memcpy(from, data + 1, size - 1);
	from[size - 1] = '\0';
	length = strlen(from);
	customer = length < size - 1 ? from + length + 1 : NULL;
	rules = &all_rules[data[0] / 3 % ARRAY_LEN(all_rules)];

	identity_of(from, (enum presentation)(data[0] % 3), customer, rules, &identity);
	check(&identity);

	if (identity.number[0] == '+' && identity.kind != IDENTITY_OF_CUSTOMER) {
		identity_of(identity.number, (enum presentation)(data[0] % 3), NULL, rules, &again);
		if (again.kind != identity.kind || strcmp(again.number, identity.number) != 0 ||
		    strcmp(again.key, identity.key) != 0)
			abort();
	}
	return 0;
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "najimi/codec/identity.h"

static const char *const shared[] = {
	"+81345670000-9999",
	"+81366660000-+81366660099",
	"+8152",
	"+14155550100-0199",
	"-",
	"",
	"81-",
	NULL,
};

static const struct identity_rules rules = { "81", "0", "010", false, shared, false };
static const struct identity_rules trusting = { "81", "0", "010", true, shared, false };
static const struct identity_rules bare = { "81", "0", "010", false, NULL, false };
static const struct identity_rules by_number = { "81", "0", "010", true, shared, true };

static const struct {
	const char *from;
	enum presentation presentation;
	const char *customer;
	const struct identity_rules *rules;
	enum identity_kind kind;
	bool restricted;
	const char *number, *key;
} rows[] = {
	/* A number that may be shown. */
	{ "0312345678", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false,
	  "+81312345678", "tel:+81312345678" },
	{ "０３−１２３４−５６７８", PRESENTATION_ALLOWED, "", &rules, IDENTITY_OF_NUMBER, false,
	  "+81312345678", "tel:+81312345678" },
	{ "204", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false, "ext:204",
	  "tel:ext:204" },
	/* A customer id goes before any number, whatever that says. */
	{ "0312345678", PRESENTATION_ALLOWED, "C-1001", &rules, IDENTITY_OF_CUSTOMER, false,
	  "+81312345678", "cid:C-1001" },
	{ "0120123456", PRESENTATION_ALLOWED, "C-1001", &rules, IDENTITY_OF_CUSTOMER, false,
	  "+81120123456", "cid:C-1001" },
	{ "0312345678", PRESENTATION_RESTRICTED, "C-1001", &rules, IDENTITY_OF_CUSTOMER, true,
	  "+81312345678", "cid:C-1001" },
	{ "anonymous", PRESENTATION_ALLOWED, "山田", &rules, IDENTITY_OF_CUSTOMER, false, "",
	  "cid:山田" },
	{ NULL, PRESENTATION_UNAVAILABLE, "C-1001", &rules, IDENTITY_OF_CUSTOMER, false, "",
	  "cid:C-1001" },
	/* Unless the site prefers the number; but only one that is shown and nobody else's. */
	{ "0312345678", PRESENTATION_ALLOWED, "C-1001", &by_number, IDENTITY_OF_NUMBER, false,
	  "+81312345678", "tel:+81312345678" },
	{ "0312345678", PRESENTATION_RESTRICTED, "C-1001", &by_number, IDENTITY_OF_CUSTOMER, true,
	  "+81312345678", "cid:C-1001" },
	{ "0120123456", PRESENTATION_ALLOWED, "C-1001", &by_number, IDENTITY_OF_CUSTOMER, false,
	  "+81120123456", "cid:C-1001" },
	{ "anonymous", PRESENTATION_ALLOWED, "C-1001", &by_number, IDENTITY_OF_CUSTOMER, false, "",
	  "cid:C-1001" },
	{ "0312345678", PRESENTATION_UNAVAILABLE, "C-1001", &by_number, IDENTITY_OF_CUSTOMER, false,
	  "", "cid:C-1001" },
	/* What cannot be an id does not count. */
	{ "0312345678", PRESENTATION_ALLOWED, "C\n1", &rules, IDENTITY_OF_NUMBER, false,
	  "+81312345678", "tel:+81312345678" },
	/* Restricted: the network told us, not the agent. */
	{ "0398765432", PRESENTATION_RESTRICTED, NULL, &rules, IDENTITY_OF_NOBODY, true,
	  "+81398765432", "" },
	{ "0398765432", PRESENTATION_RESTRICTED, NULL, &trusting, IDENTITY_OF_NUMBER, true,
	  "+81398765432", "tel:+81398765432" },
	{ "0120123456", PRESENTATION_RESTRICTED, NULL, &trusting, IDENTITY_OF_SHARED, true,
	  "+81120123456", "" },
	{ "anonymous", PRESENTATION_RESTRICTED, NULL, &trusting, IDENTITY_OF_NOBODY, true, "", "" },
	/* Nobody. A shared key would send all of them to one agent. */
	{ "anonymous", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NOBODY, false, "", "" },
	{ "unknown", PRESENTATION_UNAVAILABLE, NULL, &rules, IDENTITY_OF_NOBODY, false, "", "" },
	{ "0312345678", PRESENTATION_UNAVAILABLE, NULL, &rules, IDENTITY_OF_NOBODY, false, "", "" },
	{ NULL, PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NOBODY, false, "", "" },
	{ "", PRESENTATION_ALLOWED, "", &rules, IDENTITY_OF_NOBODY, false, "", "" },
	{ "312345678", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NOBODY, false, "", "" },
	/* Companies: freephone and navi-dial by definition... */
	{ "0120123456", PRESENTATION_ALLOWED, NULL, &bare, IDENTITY_OF_SHARED, false,
	  "+81120123456", "" },
	{ "08001234567", PRESENTATION_ALLOWED, NULL, &bare, IDENTITY_OF_SHARED, false,
	  "+818001234567", "" },
	{ "0570123456", PRESENTATION_ALLOWED, NULL, &bare, IDENTITY_OF_SHARED, false,
	  "+81570123456", "" },
	{ "08012345678", PRESENTATION_ALLOWED, NULL, &bare, IDENTITY_OF_NUMBER, false,
	  "+818012345678", "tel:+818012345678" },
	/* ...switchboards by configuration: short ranges, whole ranges, prefixes. */
	{ "0345670000", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_SHARED, false,
	  "+81345670000", "" },
	{ "0345679999", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_SHARED, false,
	  "+81345679999", "" },
	{ "0345680000", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false,
	  "+81345680000", "tel:+81345680000" },
	{ "0345669999", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false,
	  "+81345669999", "tel:+81345669999" },
	{ "0345670000", PRESENTATION_ALLOWED, NULL, &bare, IDENTITY_OF_NUMBER, false,
	  "+81345670000", "tel:+81345670000" },
	{ "0366660099", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_SHARED, false,
	  "+81366660099", "" },
	{ "0366660100", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false,
	  "+81366660100", "tel:+81366660100" },
	{ "0521234567", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_SHARED, false,
	  "+81521234567", "" },
	{ "+14155550150", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_SHARED, false,
	  "+14155550150", "" },
	{ "+14155550200", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false,
	  "+14155550200", "tel:+14155550200" },
	{ "+1415555", PRESENTATION_ALLOWED, NULL, &rules, IDENTITY_OF_NUMBER, false, "+1415555",
	  "tel:+1415555" },
};

static void finds_who_a_caller_is(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct identity identity;

		memset(&identity, 0xaa, sizeof(identity));
		identity_of(rows[i].from, rows[i].presentation, rows[i].customer, rows[i].rules,
		            &identity);
		if (identity.kind != rows[i].kind)
			fail_msg("row %zu: kind %d, not %d", i, identity.kind, rows[i].kind);
		assert_int_equal(identity.restricted, rows[i].restricted);
		assert_string_equal(identity.number, rows[i].number);
		assert_string_equal(identity.key, rows[i].key);
	}
}

static void a_customer_id_of_128_bytes_fits_and_one_more_does_not_count(void **state)
{
	struct identity identity;
	char customer[130];

	(void)state;
	memset(customer, 'c', sizeof(customer));
	customer[129] = '\0';
	identity_of(NULL, PRESENTATION_ALLOWED, customer, &rules, &identity);
	assert_int_equal(identity.kind, IDENTITY_OF_NOBODY);
	assert_string_equal(identity.key, "");
	customer[128] = '\0';
	identity_of(NULL, PRESENTATION_ALLOWED, customer, &rules, &identity);
	assert_int_equal(identity.kind, IDENTITY_OF_CUSTOMER);
	assert_int_equal(strlen(identity.key), 4 + 128);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_who_a_caller_is),
		cmocka_unit_test(a_customer_id_of_128_bytes_fits_and_one_more_does_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

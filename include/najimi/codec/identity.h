#ifndef NAJIMI_CODEC_IDENTITY_H
#define NAJIMI_CODEC_IDENTITY_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* Who a caller is, from what a telephony system sent: wire.md section 8. Pure. */

#define NUMBER_SIZE 40    /* a normalised number and its end */
#define IDENTITY_SIZE 140 /* "cid:" or "tel:" and at most 128 bytes */

enum presentation {
	PRESENTATION_ALLOWED,
	PRESENTATION_RESTRICTED,
	PRESENTATION_UNAVAILABLE
};

struct identity_rules {
	char country[4];       /* default country calling code, "81" */
	char trunk[4];         /* national prefix, "0" */
	char international[8]; /* international prefix, "010"; "00" is always understood too */
	bool use_restricted;   /* a withheld number that the network told us may be the key */
	const char *const
	        *shared;   /* E.164 prefixes or "A-B" ranges of shared numbers; NULL-terminated */
	bool number_first; /* a number that is shown and one's own goes before a customer id */
};

enum identity_kind {
	IDENTITY_OF_NOBODY, /* withheld, unusable or absent */
	IDENTITY_OF_SHARED, /* a company's, freephone or configured shared number */
	IDENTITY_OF_NUMBER,
	IDENTITY_OF_CUSTOMER
};

struct identity {
	enum identity_kind kind;
	bool restricted;          /* the number must not be shown */
	char number[NUMBER_SIZE]; /* "+81312345678", "ext:204", or "" */
	char key[IDENTITY_SIZE];  /* "cid:ID" or "tel:+81..."; "" without */
};

/* `from` and `customer_id` may be NULL or empty. Never fails: what cannot be used
 * makes nobody. */
void identity_of(const char *from, enum presentation presentation, const char *customer_id,
                 const struct identity_rules *rules, struct identity *ret);

#endif

#include "najimi/codec/identity.h"

#include "caller_number.h"

#define CUSTOMER_MAX 128

/* Japan's freephone and navi-dial numbers belong to companies: who shows one as the
 * caller is not one person. */
static const char *const japan_shared[] = { "+81120", "+81800", "+81570" };

static const char *skip_plus(const char *number)
{
	return *number == '+' ? number + 1 : number;
}

/* "A-B": whether the number begins like one of the numbers from A to B. A shorter B
 * stands for A with its last digits replaced: "+81312340000-9999". */
static bool is_in_range(const char *number, const char *first, const char *dash)
{
	size_t length = (size_t)(dash - first), tail;
	const char *last = skip_plus(dash + 1);

	tail = strlen(last);
	if (tail == 0 || tail > length || strlen(number) < length)
		return false;
	return memcmp(number, first, length) >= 0 && memcmp(number, first, length - tail) == 0 &&
	       memcmp(number + length - tail, last, tail) <= 0;
}

static bool is_shared(const char *number, const struct identity_rules *rules)
{
	for (size_t i = 0; i < ARRAY_LEN(japan_shared); i++) {
		if (strncmp(number, japan_shared[i], strlen(japan_shared[i])) == 0)
			return true;
	}
	if (rules->shared == NULL || *number != '+')
		return false;

	for (const char *const *entry = rules->shared; *entry != NULL; entry++) {
		const char *first = skip_plus(*entry), *dash = strchr(first, '-');

		if (dash != NULL ? is_in_range(number + 1, first, dash)
		                 : *first != '\0' && strncmp(number + 1, first, strlen(first)) == 0)
			return true;
	}
	return false;
}

static void set_key(struct identity *identity, enum identity_kind kind, const char *space,
                    const char *name)
{
	size_t length = strlen(space);

	identity->kind = kind;
	memcpy(identity->key, space, length);
	memcpy(identity->key + length, name, strlen(name) + 1);
}

void identity_of(const char *from, enum presentation presentation, const char *customer_id,
                 const struct identity_rules *rules, struct identity *ret)
{
	bool customer = customer_id != NULL && text_is_id(text_of(customer_id), CUSTOMER_MAX);
	bool usable, shared;

	*ret = (struct identity){ .restricted = presentation == PRESENTATION_RESTRICTED };

	/* Unavailable: what still stands in the number is the gateway's filler. */
	usable = from != NULL && presentation != PRESENTATION_UNAVAILABLE &&
	         caller_number_read(from, rules, ret->number);
	shared = usable && is_shared(ret->number, rules);
	if (rules->number_first && usable && !ret->restricted && !shared)
		customer = false;

	if (customer)
		set_key(ret, IDENTITY_OF_CUSTOMER, "cid:", customer_id);
	else if (!usable || (ret->restricted && !rules->use_restricted))
		ret->kind = IDENTITY_OF_NOBODY;
	else if (shared)
		ret->kind = IDENTITY_OF_SHARED;
	else
		set_key(ret, IDENTITY_OF_NUMBER, "tel:", ret->number);
}

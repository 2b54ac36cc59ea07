#ifndef NAJIMI_TESTS_WHATIF_MADE_H
#define NAJIMI_TESTS_WHATIF_MADE_H

#include <stdio.h>

#include "najimi/base/rng.h"
#include "whatif_contacts.h"

/* Contacts made up for the tests of what-if. Instants are seconds since MADE_DAWN. */
#define MADE_DAWN SEC(1795219200) /* 2026-11-21 */

struct made {
	unsigned at, wait, talk; /* seconds; talk 0: gave up */
	const char *agent, *key, *queue;
};

static inline struct whatif_contact *made_add(struct whatif_contacts *contacts,
                                              const struct made *made)
{
	char json[1024], arrived[INSTANT_SIZE], answered[INSTANT_SIZE], ended[INSTANT_SIZE];
	usec_t at = MADE_DAWN + SEC(made->at);
	struct err err = { "" };

	text_of_instant(at, arrived, sizeof(arrived));
	text_of_instant(at + SEC(made->wait), answered, sizeof(answered));
	text_of_instant(at + SEC(made->wait + made->talk), ended, sizeof(ended));
	snprintf(json, sizeof(json),
	         "{\"contact\":\"c%zu\",\"queue\":\"%s\",\"arrived_at\":\"%s\",\"wait_ms\":%u,"
	         "\"ended_at\":\"%s\",\"key\":\"%s\"",
	         contacts->count, made->queue == NULL ? "sales" : made->queue, arrived,
	         made->wait * 1000, ended, made->key == NULL ? "" : made->key);
	snprintf(json + strlen(json), sizeof(json) - strlen(json),
	         made->talk == 0
	                 ? ",\"outcome\":\"abandoned\"}"
	                 : ",\"outcome\":\"answered\",\"answered_at\":\"%s\",\"talk_ms\":%u,"
	                   "\"agent\":\"%s\"}",
	         answered, made->talk * 1000, made->agent == NULL ? "" : made->agent);
	if (whatif_contacts_add(contacts, text_of(json), &err) != 1)
		fail_msg("%s: %s", json, err.text);
	return &contacts->list[contacts->count - 1];
}

/* Five agents and sixty regulars for some hours: the last agent who was free takes whom
 * they can, others give up. */
static inline void made_centre(struct whatif_contacts *contacts, unsigned calls)
{
	static const char *const agents[] = { "a0", "a1", "a2", "a3", "a4" };
	unsigned free_at[5] = { 0 }, now = 0;
	uint64_t chance = 7;

	for (unsigned i = 0; i < calls; i++) {
		struct made made = { .queue = rng_below(&chance, 2) == 0 ? "sales" : "help" };
		unsigned best = 0, patience = 10 + rng_below(&chance, 100);
		char key[16];

		now += 1 + rng_below(&chance, 20);
		snprintf(key, sizeof(key), "cid:%u", rng_below(&chance, 60));
		for (unsigned j = 1; j < 5; j++)
			best = free_at[j] < free_at[best] ? j : best;
		made.at = now;
		made.key = key;
		made.wait = free_at[best] > now ? free_at[best] - now : 0;
		if (made.wait > patience) {
			made.wait = patience;
		} else {
			made.agent = agents[best];
			made.talk = 20 + rng_below(&chance, 61);
			free_at[best] = now + made.wait + made.talk + 5;
		}
		made_add(contacts, &made);
	}
	whatif_contacts_sort(contacts, 0);
}

#endif

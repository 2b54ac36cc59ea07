#ifndef LINK_ARRIVALS_H
#define LINK_ARRIVALS_H

#include "link_state.h"
#include "rpc_translate.h"

/* A caller arrives, whichever way their telephony system says so. */

enum caller_identity arrival_identity(const struct identity *identity);

/* Looks up the names in `words` and fills the event of the arrival with what was said; `facts`
 * and `identity` are facts_of_words()'. False with the refusal: an unknown queue or skill. */
bool arrival_fill(struct link *link, const struct call_words *words, const struct call_facts *facts,
                  const struct identity *identity, struct core_event *ev, struct refusal *refusal);

/* The call has a card from now on, and the core hears of it: the inbox has room, that was asked
 * before. `facts` name `client`. NULL: calls_max are there. */
struct call_card *arrival_post(struct link *link, struct client *client,
                               const struct call_facts *facts, uint64_t fingerprint,
                               enum call_adapter adapter, struct core_event *ev);

bool arrival_find_queue(struct link *link, const char *name, const char *field, queue_index *ret,
                        struct refusal *refusal);
/* Each becomes skill and level; the field is "skills[n].name". */
bool arrival_find_skill(struct link *link, const char *name, size_t index, skill_index *ret,
                        struct refusal *refusal);

#endif

#ifndef TESTS_DAY_H
#define TESTS_DAY_H

#include "deed.h"

/* A random day at a call centre: mostly one so small that everything happens to the
 * same few people and limits are reached all the time; sometimes a larger one. */

#define DAY_DEEDS_MIN 32 /* opening the centre takes up to 17 */
#define DAY_DEEDS_MAX 4096

/* Fills `cast` and `deeds`: `count` deeds, among them the set-up of the site. The same
 * seed makes the same day on any machine. */
void day_invent(uint64_t seed, struct cast *cast, struct deed *deeds, size_t count);

/* Lets callers in some queues of a day be told where they stand. */
void day_set_telling(uint64_t seed, struct deed *deeds, size_t count);

/* Lets gateways say in two days of three what nobody else says: for how long the dialplan has it
 * ring, that nobody was called, and in which call an agent was asked before a caller is handed
 * over. Many of these deeds aim: met by chance alone they would be too rare. */
void day_set_gateways(uint64_t seed, const struct cast *cast, struct deed *deeds, size_t count);

/* Makes the queues of a day sticky by any policy without a price, with what the oracle
 * knows of their other knobs. */
void day_set_plain_policies(uint64_t seed, struct deed *deeds, size_t count);

/* Makes the queues of a day sticky by any policy, most of them at a price, with all their
 * knobs. The oracle does not know these. */
void day_set_policies(uint64_t seed, struct deed *deeds, size_t count);

#endif

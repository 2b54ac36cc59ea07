#ifndef NAJIMI_BASE_RNG_H
#define NAJIMI_BASE_RNG_H

#include "najimi/base/macros.h"

/* SplitMix64 (Steele, Lea, Flood 2014). One word of state, which belongs to the
 * caller: the same seed gives the same numbers on every machine. */
uint64_t rng_next(uint64_t *state);
uint32_t rng_below(uint64_t *state, uint32_t limit);  /* 0 to limit - 1, limit > 0 */
usec_t rng_exponential(uint64_t *state, usec_t mean); /* integer arithmetic */

#endif

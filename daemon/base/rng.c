#include "najimi/base/rng.h"

#include <assert.h>

uint64_t rng_next(uint64_t *state)
{
	uint64_t word;

	*state += UINT64_C(0x9e3779b97f4a7c15);
	word = *state;
	word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
	return word ^ (word >> 31);
}

uint32_t rng_below(uint64_t *state, uint32_t limit)
{
	assert(limit > 0);

	/* The high half times the limit: a bias of at most limit / 2^32, and always
	 * exactly one number drawn, so that a trace stays aligned. */
	return (uint32_t)(((rng_next(state) >> 32) * limit) >> 32);
}

/* -log2(word / 2^64) with 24 bits behind the point. The classic: squaring the
 * mantissa doubles its logarithm, and whether it overflows 2 is the next bit. */
static uint64_t minus_log2(uint64_t word)
{
	unsigned zeros = (unsigned)__builtin_clzll(word);
	uint64_t mantissa = (word << zeros) >> 32; /* 1.0 to 2.0 with 31 bits */
	uint64_t fraction = 0;

	for (int i = 0; i < 24; i++) {
		uint64_t square = mantissa * mantissa;

		fraction <<= 1;
		if (square >> 63) {
			fraction |= 1;
			mantissa = square >> 32;
		} else {
			mantissa = square >> 31;
		}
	}
	return ((uint64_t)(zeros + 1) << 24) - fraction;
}

usec_t rng_exponential(uint64_t *state, usec_t mean)
{
	const uint64_t ln2 = 2977044472; /* 32 bits behind the point */
	uint64_t log;

	assert(mean < UINT64_C(1) << 56);

	log = (minus_log2(rng_next(state) | 1) * ln2) >> 32;
	return (mean >> 24) * log + (((mean & 0xffffff) * log) >> 24);
}

#include "najimi/base/hash.h"

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *in = bytes;

	for (size_t i = 0; i < length; i++) {
		hash ^= in[i];
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

uint64_t hash_word(uint64_t hash, uint64_t word)
{
	/* The added constant keeps a run of zero words from being a fixed point. */
	hash = (hash ^ word) + UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
	return hash ^ (hash >> 31);
}

#ifndef NAJIMI_BASE_HASH_H
#define NAJIMI_BASE_HASH_H

#include "najimi/base/macros.h"

/* FNV-1a over bytes and SplitMix64's finaliser over words: digests that are equal
 * on every machine. Not for hostile input. Start with HASH_START. */
#define HASH_START UINT64_C(0xcbf29ce484222325)

uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length);
uint64_t hash_word(uint64_t hash, uint64_t word);

#endif

#ifndef NAJIMI_BASE_MACROS_H
#define NAJIMI_BASE_MACROS_H

#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define BIT(n) (1u << (n))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))
#define MUST_CHECK __attribute__((warn_unused_result))

/* Monotonic microseconds. The one unit of time inside the daemon. */
typedef uint64_t usec_t;

#define USEC_NEVER UINT64_MAX
#define MSEC(n) ((usec_t)(n)*1000)
#define SEC(n) ((usec_t)(n)*1000000)
#define MINUTE(n) (SEC(60) * (n))
#define HOUR(n) (MINUTE(60) * (n))

/* Through an integer, so that a const pointer may lead to a const container
 * and the caller's declaration decides which. */
#define container_of(ptr, type, member) ((type *)((uintptr_t)(ptr)-offsetof(type, member)))

#endif

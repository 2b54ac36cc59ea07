#include "alloc.h"

#include <stdlib.h>

/* The linker gives us every call to malloc() under the name __wrap_malloc and the C
 * library's own as __real_malloc. */
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);

static size_t asked;
static unsigned countdown;

void alloc_fail(unsigned nth)
{
	countdown = nth;
}

size_t alloc_count(void)
{
	return asked;
}

static int must_fail(void)
{
	asked++;
	return countdown > 0 && --countdown == 0;
}

void *__wrap_malloc(size_t size)
{
	return must_fail() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return must_fail() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return must_fail() ? NULL : __real_realloc(old, size);
}

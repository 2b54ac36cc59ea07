#ifndef NAJIMI_TESTS_ALLOC_H
#define NAJIMI_TESTS_ALLOC_H

#include <stddef.h>

/* malloc(), calloc() and realloc() of the program and our libraries, made to fail on
 * purpose. Other libraries do not notice: theirs are not linked through us. */

/* The `nth` allocation from now fails, once; 0: none does. */
void alloc_fail(unsigned nth);

/* Allocations asked for since the start of the program. */
size_t alloc_count(void);

#endif

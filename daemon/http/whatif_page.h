#ifndef NAJIMI_HTTP_WHATIF_PAGE_H
#define NAJIMI_HTTP_WHATIF_PAGE_H

#include <stddef.h>

/* whatif.html, made into C by CMake. */
extern const char whatif_html[];
extern const size_t whatif_html_length;

#endif

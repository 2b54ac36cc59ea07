#ifndef NAJIMI_TOOLS_CSV_OUT_H
#define NAJIMI_TOOLS_CSV_OUT_H

#include <stdio.h>

#include "najimi/codec/json.h"

/* Fields of comma-separated values (RFC 4180). */
void csv_put_text(const char *text, FILE *out);

/* A text, number or truth as it is; anything else, and NULL, is empty. */
void csv_put_value(const struct json *value, FILE *out);

#endif

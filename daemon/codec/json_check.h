#ifndef NAJIMI_CODEC_JSON_CHECK_H
#define NAJIMI_CODEC_JSON_CHECK_H

/* The grammar of RFC 8259 to the letter, and our limits, over bytes that are not
 * trusted yet. Duplicate members are not looked for here: they show once the escapes
 * in their names are gone. */
#include "najimi/codec/json.h"

int json_check(struct text text, const struct json_limits *limits, struct err *err) MUST_CHECK;

/* Where the name of the `index`-th member stands, all objects of a checked text
 * counted together in the order of their bytes. */
size_t json_find_name(struct text text, size_t index);

#endif

#ifndef NAJIMI_CODEC_CALLER_NUMBER_H
#define NAJIMI_CODEC_CALLER_NUMBER_H

/* One spelling for every way in which telephony systems spell a caller's number. */
#include "najimi/codec/identity.h"

/* "+81312345678" or "ext:204". False, and "" in `ret`, when `from` names nobody: words
 * ("anonymous", "P"), placeholders ("0000000000"), or digits that could be anything. */
bool caller_number_read(const char *from, const struct identity_rules *rules,
                        char ret[NUMBER_SIZE]);

#endif

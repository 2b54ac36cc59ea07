#ifndef NAJIMI_HTTP_STAMP_H
#define NAJIMI_HTTP_STAMP_H

#include "answer.h"

/* What every answer of JSON under /v1/ has in common: the object begins with `as_of`,
 * `epoch` and `seq`, and the ETag is a digest of all the rest and of the epoch.
 *
 * The same content has the same tag, however much later it is asked for and whatever has
 * happened that is not in it: who has it already gets 304, and may go on with the `seq`
 * they hold. It is a weak tag, since `as_of` and `seq` are not in it. */

/* Makes the three the first members of the object that `body` is. One that begins with
 * its own `as_of`, as the store's do, keeps that. */
void stamp_put(struct body *body, const char *epoch, const struct stamp *stamp);

/* Gives the answer its ETag and its stamp; or makes it a 304 without a body, if whoever
 * asks has the tag among those of `if_none_match` (NULL: nothing). */
void stamp_answer(struct answer *answer, const char *epoch, const char *if_none_match);

/* Whether an asker who has one of the `if_none_match` (NULL: nothing) has `etag`. */
bool stamp_has(const char *if_none_match, const char *etag);

#endif

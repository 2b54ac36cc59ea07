#ifndef NAJIMI_STORE_BATCH_H
#define NAJIMI_STORE_BATCH_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* Redis commands in the making: RESP written by hand into one buffer that grows and
 * is used again. It is the hot path; no argument is copied twice.
 *
 * Arguments may be gathered in operations, as najimi_commit wants them: a count, a
 * name, arguments. Where the buffer cannot grow, `failed` stays true and nothing
 * more is added; whoever sends looks at it once. */
#define BATCH_HEAD 1024 /* kept free in front, for what is known last */

struct batch {
	char *bytes;
	size_t length, size; /* both with the head */
	size_t args;
	size_t op_at;   /* where the count of the open operation stands; 0 none is open */
	size_t op_args; /* name and arguments so far */
	bool failed;
};

void batch_done(struct batch *batch);
void batch_clear(struct batch *batch); /* keeps the memory */

void batch_text(struct batch *batch, struct text arg);
void batch_string(struct batch *batch, const char *arg);
void batch_uint(struct batch *batch, uint64_t arg);
void batch_instant(struct batch *batch, usec_t at); /* RFC 3339 */
void batch_ms(struct batch *batch, usec_t span);

/* An argument made of two texts. */
void batch_pair(struct batch *batch, struct text first, struct text second);

/* An argument that somebody else writes: room for up to `size` bytes (NULL when
 * there is none), then how many it became. */
char *batch_reserve(struct batch *batch, size_t size);
void batch_written(struct batch *batch, size_t length);

/* Between the two, all arguments belong to the operation. */
void batch_open(struct batch *batch, const char *name);
void batch_close(struct batch *batch);

/* Appends arguments that another batch has made (whole operations). */
void batch_append(struct batch *batch, const char *bytes, size_t length, size_t args);

/* What has been added, without a head. */
struct text batch_body(const struct batch *batch);

/* The whole command: `head` stands in front of everything added. Empty when the
 * batch has failed or the head is longer than BATCH_HEAD. Valid until the next use. */
struct text batch_command(struct batch *batch, const struct text *head, size_t count);

#endif

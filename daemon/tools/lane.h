#ifndef NAJIMI_TOOLS_LANE_H
#define NAJIMI_TOOLS_LANE_H

#include <stdbool.h>

#include "najimi/base/err.h"
#include "najimi/base/text.h"

/* A session with the daemon for measuring: texts are put together by hand and looked
 * through for a few words, since the one who measures shares the machine with the one
 * who is measured. Never a way to write a client. */

#define LANE_IN (256 * 1024)
#define LANE_OUT (256 * 1024)

struct lane {
	int fd;
	size_t in_length, out_length;
	bool overflowed; /* more was put than there was room for */
	char in[LANE_IN], out[LANE_OUT];
};

/* Opens a session of the role pbx under that name and subscribes to call.decided. */
int lane_open(struct lane **ret, const char *address, const char *client, const char *token,
              struct err *err) MUST_CHECK;
struct lane *lane_close(struct lane *lane); /* accepts and returns NULL */

/* Room for messages of that many bytes; without it, flush or wait. */
static inline bool lane_has_room(const struct lane *lane, size_t bytes)
{
	return LANE_OUT - lane->out_length >= bytes;
}

/* Append to what is to be sent. Without room the lane is of no more use, and the next
 * lane_flush() says so. */
void lane_put(struct lane *lane, struct text text);
void lane_put_uint(struct lane *lane, uint64_t number);

/* Sends what the socket takes now. */
int lane_flush(struct lane *lane, struct err *err) MUST_CHECK;

/* Reads what is there and hands out each whole line. -ECONNRESET at the end. */
typedef void lane_line_fn(struct text line, void *arg);
int lane_read(struct lane *lane, lane_line_fn *take, void *arg, struct err *err) MUST_CHECK;

/* The number or the text behind `name` (written as "\"id\":") in the line. False: not there. */
bool line_uint(struct text line, struct text name, uint64_t *ret);
bool line_text(struct text line, struct text name, struct text *ret);
bool line_has(struct text line, struct text word);

#endif

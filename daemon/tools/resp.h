#ifndef NAJIMI_TOOLS_RESP_H
#define NAJIMI_TOOLS_RESP_H

#include "najimi/base/err.h"
#include "najimi/base/text.h"

/* Redis's wire protocol, as little of it as measuring takes: commands are written as
 * bytes, replies are measured and dropped. It blocks. */
struct resp {
	int fd;
	char *in;
	size_t length, size; /* bytes held, and room */
	size_t used;         /* of them, by replies that were taken */
};

/* "unix:/PATH" or "HOST:PORT"; `auth` is "", "PASSWORD" or "USER:PASSWORD". */
int resp_open(struct resp *resp, const char *address, const char *auth, struct err *err) MUST_CHECK;
void resp_close(struct resp *resp); /* a zeroed one is closed */

/* How many bytes the first reply takes; 0: it is not whole yet; SIZE_MAX: not RESP. */
size_t resp_measure(const char *data, size_t length);

int resp_write(struct resp *resp, struct text bytes, struct err *err) MUST_CHECK;

/* The next reply whole, or its next line (without the line's end). Both are valid
 * until the next call. -ECONNRESET when Redis closed, -ETIMEDOUT after 10 s. */
int resp_reply(struct resp *resp, struct text *ret, struct err *err) MUST_CHECK;
int resp_line(struct resp *resp, struct text *ret, struct err *err) MUST_CHECK;

/* Writes a command of `count` texts and takes its reply; an error reply fails with
 * -EREMOTEIO and its words. */
int resp_command(struct resp *resp, const char *const *args, size_t count, struct text *ret,
                 struct err *err) MUST_CHECK;

/* Appends an argument ("$3\r\nfoo\r\n") or a head ("*3\r\n") to `out`, which has room:
 * RESP_OVERHEAD more than the text. Returns the bytes added. */
#define RESP_OVERHEAD 32
size_t resp_print_arg(char *out, struct text arg);
size_t resp_print_head(char *out, size_t args);

#endif

#ifndef NAJIMI_CODEC_AGI_H
#define NAJIMI_CODEC_AGI_H

#include <stdbool.h>

#include "najimi/base/text.h"

/* Asterisk's FastAGI: lines that end in a line feed, in both directions. Asterisk first says
 * what it is about (the environment, up to an empty line), then answers one command at a
 * time. Pure: what is not used of the bytes is shown again with more behind it. */

#define AGI_LINE_MAX 8192 /* with its end, as Asterisk has it */

/* --- lines --- */

enum agi_result {
	AGI_READY,
	AGI_SHORT, /* more bytes are needed */
	AGI_WRONG  /* `reason` says why; close */
};

struct agi_lines {
	size_t scanned;     /* of the unfinished line: it is not searched again */
	const char *reason; /* a stable word for metrics: "line_too_long" */
};

/* One line without its end (a line feed, a carriage return before it is dropped). *ret_used
 * is what to drop before the next call. */
enum agi_result agi_line_next(struct agi_lines *lines, const char *data, size_t length,
                              struct text *ret, size_t *ret_used);

/* --- the environment --- */

#define AGI_ENV_LINES_MAX 200
#define AGI_ENV_BYTES_MAX 16384
#define AGI_ARGS_MAX 32

enum agi_field {
	AGI_SCRIPT, /* agi_network_script: path and query of the URL */
	AGI_CHANNEL,
	AGI_UNIQUEID,
	AGI_CALLERID,
	AGI_CALLERIDNAME,
	AGI_CALLINGPRES,
	AGI_DNID,
	AGI_CONTEXT,
	AGI_EXTENSION,
	AGI_LANGUAGE,
	AGI_VERSION
};
#define AGI_FIELDS (AGI_VERSION + 1)

/* What Asterisk has said. Values are as they came, but for bytes that are no UTF-8 and
 * control characters: each is a question mark, also a line feed in a caller's number or name,
 * which makes lines of its own. Such lines add nothing else: of what is said twice the first
 * counts, of arguments those at the end. */
struct agi_env {
	const char *fields[AGI_FIELDS]; /* never NULL once agi_env_init() was called; "" not said */
	size_t args_count;
	const char *args[AGI_ARGS_MAX]; /* agi_arg_1 is the first */
	size_t lines, bytes;            /* so far, */
	size_t odd;                     /* of these not Asterisk's own */
	const char *reason; /* WRONG: "garbage", "http", "tls_on_plain", "not_agi", "said_twice",
	                     * "too_many_lines", "too_many_arguments", "too_large" */
	size_t used;
	const char *last; /* the field at the end of `store`; NULL: none */
	char store[AGI_ENV_BYTES_MAX];
};

void agi_env_init(struct agi_env *env);

/* One line more. READY: it was the empty one at the end. */
enum agi_result agi_env_take(struct agi_env *env, struct text line);

/* The bytes of a line that is not complete: WRONG when it cannot be one of an environment, so
 * that a stranger is not waited for. */
enum agi_result agi_env_expect(struct agi_env *env, struct text bytes);

/* --- path and query of the URL --- */

#define AGI_QUERY_MAX 16

struct agi_url {
	const char *path; /* without slashes before and behind it */
	size_t count;
	struct {
		const char *name, *value;
	} query[AGI_QUERY_MAX]; /* percent-encoding undone */
	char store[1024];
};

/* False: too long, or more in the query than AGI_QUERY_MAX. */
bool agi_url_read(struct agi_url *url, const char *script);
const char *agi_url_find(const struct agi_url *url, const char *name); /* NULL: not said */

/* --- replies --- */

#define AGI_USAGE_LINES_MAX 256

struct agi_reply {
	int code;          /* 200, 510, 511, 520 */
	bool has_result;   /* it is a number */
	int64_t result;    /* of "result="; 0 without */
	struct text value; /* in parentheses; start NULL without. Points into the line */
	int64_t endpos;    /* -1 without */
};

enum agi_news {
	AGI_NEWS_REPLY,
	AGI_NEWS_NOTHING, /* the reply has more lines */
	AGI_NEWS_HANGUP,  /* said unasked, answers nothing */
	AGI_NEWS_WRONG    /* no reply at all; close */
};

struct agi_replies {
	size_t usage; /* lines so far of a reply that has several, 0 outside of one */
};

enum agi_news agi_reply_take(struct agi_replies *replies, struct text line, struct agi_reply *ret);

/* --- commands --- */

/* A command and its end, every argument between quotation marks. Control characters in
 * arguments are blanks: a line feed would be another command. */
struct agi_command {
	size_t length;
	bool cut; /* it did not fit and must not be sent */
	char bytes[AGI_LINE_MAX];
};

void agi_command_begin(struct agi_command *command, const char *words); /* "SET VARIABLE" */
void agi_command_add(struct agi_command *command, const char *argument);
struct text agi_command_end(struct agi_command *command); /* length 0: it was cut */

/* Adds NAME=VALUE to the argument of EXEC MSet, which sets several variables at once; its own
 * separators in the value are escaped. False: no room in `list`. */
bool agi_mset_add(char *list, size_t size, const char *name, const char *value) MUST_CHECK;

#endif

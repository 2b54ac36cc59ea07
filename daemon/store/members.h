#ifndef NAJIMI_STORE_MEMBERS_H
#define NAJIMI_STORE_MEMBERS_H

#include "najimi/codec/json.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/directory.h"

/* A struct as a JSON object, from a table with a row for each member: the same rows
 * write and read, so the two cannot part. What has its usual value is left out, and
 * what is missing reads as that value. Members that no row names are skipped. */
enum member_kind {
	MEMBER_INSTANT, /* usec_t, microseconds since the epoch, or "never"; 0 is usual */
	MEMBER_DUE,     /* usec_t; USEC_NEVER is usual */
	MEMBER_I16,
	MEMBER_U16,
	MEMBER_U32,
	MEMBER_U64,
	MEMBER_BOOL,
	MEMBER_HEX,        /* uint64_t, all 64 bits of it */
	MEMBER_STATE,      /* an enum, always written */
	MEMBER_WORD,       /* an enum; 0 is usual */
	MEMBER_RFC,        /* usec_t, an instant for people: RFC 3339; 0 is usual */
	MEMBER_MS,         /* usec_t, a span in whole milliseconds; 0 is usual */
	MEMBER_QUEUE,      /* by name; must be known */
	MEMBER_PAST_QUEUE, /* by name; QUEUE_NONE when nobody knows the name any more */
	MEMBER_AGENT,      /* by name; unset when nobody knows the name */
	MEMBER_TEXT,       /* const char *; "" is usual */
	MEMBER_OBJECT,     /* const char *, a JSON object as it is; "" is usual */
	MEMBER_OWN         /* has functions of its own */
};

struct member_reading {
	struct directory *directory;
	char *objects; /* where the text of a MEMBER_OBJECT goes; one per struct */
	size_t objects_size;
};

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
	const char *(*word)(int value); /* MEMBER_STATE, MEMBER_WORD */
	int words;
	void (*write)(struct json_out *out, const char *name, const void *record,
	              struct directory *directory);
	int (*read)(const struct json *json, void *record, struct directory *directory,
	            struct err *err);
};

void members_write(const struct member *rows, size_t count, struct json_out *out,
                   const void *record, struct directory *directory);

/* `record` holds the usual values. Texts point into the document. -EINVAL names the
 * member that is wrong; -ENOENT a queue that is not configured. */
int members_read(const struct member *rows, size_t count, const struct json *object, void *record,
                 const struct member_reading *reading, struct err *err) MUST_CHECK;

/* False also when there is no such member. */
bool member_get_int(const struct json *object, const char *name, int64_t *ret);
bool member_get_text(const struct json *object, const char *name, const char **ret);

/* The version every value begins with; -EPROTONOSUPPORT for one that is newer. */
#define RECORD_VERSION 1
int members_check_version(const struct json *object, struct err *err) MUST_CHECK;

#endif

#ifndef NAJIMI_STORE_DAY_JSON_H
#define NAJIMI_STORE_DAY_JSON_H

#include "najimi/base/err.h"
#include "najimi/codec/json_out.h"
#include "najimi/shell/daybook.h"

/* Rows of the daybook as fields of Redis' hashes: day:DATE has "queue/NAME/HOUR" and
 * "agent/NAME", totals has the queue's NAME. Values are JSON objects, what is zero left
 * out (najimi-redis(7)). */
#define DAY_FIELD_SIZE 320
#define DAY_VALUE_SIZE 16384

struct text day_field(const struct day_row *row, char buffer[DAY_FIELD_SIZE]);

/* The JSON's length, 0 when `size` is too small. */
size_t day_value(const struct day_row *row, char *buffer, size_t size) MUST_CHECK;

/* What has been read: row points into the rest. */
struct day_read {
	struct day_row row;
	char name[DAY_FIELD_SIZE];
	struct day_figures figures;
	struct agent_day agent;
};

/* A field of day:DATE or, when `day` is NULL, of totals. 0; -ENOENT: it is somebody
 * else's; -EINVAL, -EPROTONOSUPPORT: it cannot be used. */
int day_read(struct daybook *daybook, const char *day, struct text field, struct text value,
             struct day_read *ret, struct err *err) MUST_CHECK;

/* A span's distribution as a member: {"ms":SUM,"EDGE":COUNT,...,"inf":COUNT}, edges in
 * milliseconds, only what is not zero. */
void day_put_span(struct json_out *out, const char *name, const struct histogram *span);

#endif

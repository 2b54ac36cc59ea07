#ifndef NAJIMI_HTTP_EXPOSITION_H
#define NAJIMI_HTTP_EXPOSITION_H

#include "body.h"
#include "najimi/base/histogram.h"

/* Metrics as Prometheus reads them, in both of its text formats, written so that
 * neither strict parser finds fault: one block per family, names, escapes and
 * numbers as the format wants them. */
enum exposition_format {
	EXPOSITION_TEXT,       /* text/plain; version=0.0.4 */
	EXPOSITION_OPENMETRICS /* application/openmetrics-text; version=1.0.0 */
};

const char *exposition_type(enum exposition_format format); /* the Content-Type */

enum family_kind {
	FAMILY_COUNTER,
	FAMILY_GAUGE,
	FAMILY_HISTOGRAM,
	FAMILY_INFO
};

/* A family is declared once, with its help. The name is without "_total" (counters)
 * and "_info"; they are added where the format wants them. The unit, if any, is the
 * name's last word. */
struct family {
	const char *name;
	enum family_kind kind;
	const char *unit; /* NULL: a plain number */
	const char *help;
};

struct label {
	const char *name;
	const char *value; /* any bytes: escaped, and made UTF-8 */
};

#define EXPOSITION_LABELS_MAX 4

struct exposition {
	struct body *body;
	enum exposition_format format;
	const struct family *family; /* whose samples may follow */
};

/* Labels of a sample, ended by a NULL name: LABELS({ "queue", name }). */
#define LABELS(...) ((const struct label[]){ __VA_ARGS__, { NULL, NULL } })
#define NO_LABELS ((const struct label[]){ { NULL, NULL } })

void exposition_begin(struct exposition *out, struct body *body, enum exposition_format format);
void exposition_end(struct exposition *out);

/* Starts a family; its samples follow. Each family at most once. */
void exposition_family(struct exposition *out, const struct family *family);

void exposition_number(struct exposition *out, const struct label *labels, uint64_t value);
void exposition_seconds(struct exposition *out, const struct label *labels, usec_t value);
void exposition_unknown(struct exposition *out, const struct label *labels); /* NaN: gauges only */
void exposition_histogram(struct exposition *out, const struct label *labels,
                          const struct histogram *histogram);

#endif

#ifndef NAJIMI_DAEMON_CONFIG_READER_H
#define NAJIMI_DAEMON_CONFIG_READER_H

#include <libconfig.h>

#include "rows.h"
#include "source.h"

/* A configuration file being read into options. Only those who
 * include this know libconfig. */
struct reader {
	struct source source;
	config_t file;
	struct options *options; /* half built; freed by options_free() in any case */
};

/* What an option is called in messages: "queues.sales.ring". */
#define READER_NAME_SIZE 192

/* --- reader.c --- */

/* Puts file, line and option in front of the error. */
int reader_err(const struct reader *reader, const config_setting_t *at, const char *option,
               int code, struct err *err);

/* Sets a row from a setting. The error does not say where. */
int reader_value(struct reader *reader, const struct option_row *row, void *base,
                 const config_setting_t *setting, struct err *err);

/* All members of a group into the rows of a scope. `shown` stands before each path
 * in messages. Errors are complete. */
int reader_group(struct reader *reader, enum option_scope scope, void *base,
                 const config_setting_t *group, const char *path, const char *shown,
                 struct err *err);

/* One of them; `path` is its path within the scope. */
int reader_member(struct reader *reader, enum option_scope scope, void *base,
                  const config_setting_t *setting, const char *path, const char *shown,
                  struct err *err);

/* Reads the secrets of a scope that stand in files of their own. Errors are complete. */
int reader_secrets(struct reader *reader, enum option_scope scope, void *base,
                   const config_setting_t *group, const char *shown, struct err *err);

/* The element's own name in messages: "queues.sales", or "queues[3]" while it has
 * none, and its name into the row. Errors are complete. */
int reader_name(struct reader *reader, const char *list, size_t index, const struct option_row *row,
                void *base, const config_setting_t *element, char *ret_shown, struct err *err);

/* How many elements a list of groups has. Errors are complete. */
int reader_count(const struct reader *reader, const config_setting_t *list, const char *name,
                 size_t *ret, struct err *err);

/* That no name stands twice among the `count` elements of a list that have been read.
 * Errors are complete. */
int reader_unique(const struct reader *reader, const config_setting_t *list, const char *name,
                  size_t count, nearest_fn *element_name, struct err *err);

/* --- plan_file.c, after what stands at the top --- */

/* All members of `queue` or of an element of `queues`. Errors are complete. */
int read_queue_group(struct reader *reader, struct queue_options *queue,
                     const config_setting_t *group, const char *shown, struct err *err);
int read_queues(struct reader *reader, const config_setting_t *list, struct err *err);
int read_agents(struct reader *reader, const config_setting_t *list, struct err *err);
/* --- tier_file.c --- */
int read_tiers(struct reader *reader, const config_setting_t *list, struct err *err);
/* --- client_file.c --- */
int read_clients(struct reader *reader, const config_setting_t *list, struct err *err);

/* --- asterisk_file.c --- */
int read_asterisks(struct reader *reader, const config_setting_t *list, struct err *err);

/* --- check.c: what has been read, against one another. Errors are complete. --- */

int check_site(const struct reader *reader, struct err *err);
int check_queues(const struct reader *reader, const config_setting_t *list, struct err *err);

#endif

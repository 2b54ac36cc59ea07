#ifndef NAJIMI_STORE_STATS_JSON_H
#define NAJIMI_STORE_STATS_JSON_H

#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(element) ((void)(element))
#include <uthash.h>

#include "najimi/shell/daybook.h"

/* Figures added up under one name: a queue's, an agent's, an hour's, a day's. */
struct stats_line {
	UT_hash_handle hh;
	char *name;
	unsigned days; /* of an agent: of which something is known */
	union {
		struct day_figures figures;
		struct agent_day agent;
	} of;
};

/* Made when there is none yet, and counted in *count. NULL: out of memory, or `count` is
 * NULL and there is none. */
struct stats_line *stats_find_line(struct stats_line **lines, const char *name, bool of_agent,
                                   size_t *count);
void stats_lines_free(struct stats_line **lines);

struct json_out;
/* An agent's figures as members of an open object. */
void stats_put_agent(struct json_out *out, const struct agent_day *agent);

/* The answer to the question as JSON, lines in the order of their names; the caller frees
 * it. NULL: out of memory. najimi-protocol(7), stats.get. */
char *stats_write(const struct stats_question *question, const char *zone,
                  struct stats_line **lines, size_t *ret_length);

#endif

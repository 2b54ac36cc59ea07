#ifndef NAJIMI_DAEMON_CONFIG_TABLE_H
#define NAJIMI_DAEMON_CONFIG_TABLE_H

#include "rows.h"

/* How rows are written: table_*.c are rows and nothing else. */

#define AT(field) \
	.offset = offsetof(struct options, field), \
	.width = sizeof(((const struct options *)NULL)->field)
#define IN_QUEUE(field) \
	.scope = SCOPE_QUEUE, .offset = offsetof(struct queue_options, field), \
	.width = sizeof(((const struct queue_options *)NULL)->field)
#define IN_AGENT(field) \
	.scope = SCOPE_AGENT, .offset = offsetof(struct agent_options, field), \
	.width = sizeof(((const struct agent_options *)NULL)->field)
#define IN_TIER(field) \
	.scope = SCOPE_TIER, .offset = offsetof(struct tier_options, field), \
	.width = sizeof(((const struct tier_options *)NULL)->field)
#define IN_CLIENT(field) \
	.scope = SCOPE_CLIENT, .offset = offsetof(struct client_options, field), \
	.width = sizeof(((const struct client_options *)NULL)->field)
#define IN_ASTERISK(field) \
	.scope = SCOPE_ASTERISK, .offset = offsetof(struct asterisk_options, field), \
	.width = sizeof(((const struct asterisk_options *)NULL)->field)

/* Allowed beside the range of a duration. */
#define NEVER .also = "never", .also_is = (int64_t)USEC_NEVER
#define QUEUE_AS_NEVER .also = "queue", .also_is = (int64_t)USEC_NEVER
#define NEVER_AS_0 .also = "never", .also_is = 0

#define DAY(n) HOUR((n)*24)
#define KIB(n) (INT64_C(1024) * (n))
#define MIB(n) (KIB(1024) * (n))
#define NAME_MAX_BYTES 128 /* of agents, queues, skills and the like, as on the wire */

/* Rows of one scope. */
struct option_table {
	enum option_scope scope;
	const struct option_row *rows;
	size_t count;
};

extern const struct option_table table_site, table_net, table_agi, table_fcr; /* SCOPE_SITE */
extern const struct option_table table_queue, table_sticky, table_hold;       /* SCOPE_QUEUE */
extern const struct option_table table_agent, table_tier, table_client, table_asterisk;

#endif

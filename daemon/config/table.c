/* The single home of every option: groups and tables, in the order of the manual page and
 * of the sample. */
#include "table.h"

const struct option_group option_groups[] = {
	{ "", "The site." },
	{ "time", "The clock on the wall of the site." },
	{ "log", "The log: one fact a line on standard error, for journald." },
	{ "core", "Limits of the routing core. Memory for whatever may live is taken at start." },
	{ "rpc", "The native protocol, najimi-protocol(7): telephony systems, agents' desktops, "
	         "supervisors." },
	{ "http", "Metrics, health and the state as JSON." },
	{ "agi",
	  "FastAGI, najimi-asterisk(7): Asterisk servers connect here and leave callers with "
	  "us until there is an agent for them." },
	{ "redis", "Redis, or Valkey, where calls, agents and what is known of callers are kept." },
	{ "recall", "Asking who the caller is." },
	{ "offer", "Ringing an agent." },
	{ "rona",
	  "What becomes of an agent who misses calls (redirection on no answer). The counts "
	  "are of misses in a row; 0 means that this kind never pauses." },
	{ "pause", "Agents who pause." },
	{ "caller", "Callers who give up." },
	{ "identity", "How it is found who a caller is: numbers are brought to one form first." },
	{ "fcr",
	  "First contact resolution: when a caller who is back was not helped the first time." },
	{ "queue", "What holds for every queue that does not say otherwise: each of these may also "
	           "stand in an element of queues." },
};
const size_t option_groups_count = ARRAY_LEN(option_groups);

static const struct option_table *const tables[] = {
	&table_site, &table_net,   &table_agi,  &table_fcr,    &table_queue,    &table_sticky,
	&table_hold, &table_agent, &table_tier, &table_client, &table_asterisk,
};

const struct option_row *row_at(enum option_scope scope, size_t index)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		if (tables[i]->scope != scope)
			continue;
		if (index < tables[i]->count)
			return &tables[i]->rows[index];
		index -= tables[i]->count;
	}
	return NULL;
}

#ifndef NAJIMI_SHELL_METERS_H
#define NAJIMI_SHELL_METERS_H

#include <stdbool.h>

#include "najimi/base/histogram.h"

/* What the daemon counts about itself; the core counts calls and agents. Whoever
 * does a thing counts it here, http/metrics.c shows it. One struct, passed. */

/* Counters by one or two words. The words are string constants. */
#define METER_ROWS_MAX 256
struct meter_table {
	size_t count;
	struct {
		const char *first, *second;
		uint64_t value;
	} rows[METER_ROWS_MAX];
};

/* A full table counts into the row "other","other", which is always kept free. */
void meter_count(struct meter_table *table, const char *first, const char *second);

/* A telephony system that comes in by a gateway. */
struct gateway_meter {
	char name[129];
	const char *kind; /* "asterisk" */
	bool connects;    /* we connect to it; else only its callers tell that it is there */
	bool up;          /* connected, and compared with what we know */
	usec_t since;     /* of `up`, or of its opposite */
	uint64_t connections, messages, held; /* made; read; callers held now */
};
#define METER_GATEWAYS_MAX 64
#define METER_ADAPTERS 2 /* enum call_adapter */

/* Where others reach a daemon, HOST:PORT each. "": it does not listen, or nobody knows. */
#define WHERE_BYTES_MAX 260
struct whereabouts {
	char rpc[WHERE_BYTES_MAX + 1], agi[WHERE_BYTES_MAX + 1];
};

struct meters {
	usec_t started_at;
	struct whereabouts own; /* for the lease: set before the store starts */

	/* the native protocol */
	uint64_t rpc_connections, rpc_connections_total;
	uint64_t rpc_sessions[5];               /* by enum client_role */
	struct meter_table rpc_requests;        /* method, code ("0" for a result) */
	struct meter_table rpc_protocol_errors; /* reason */
	uint64_t events_published, events_dropped;

	/* gateways */
	uint64_t agi_connections, agi_connections_total;
	struct meter_table agi_requests;        /* script, how it ended */
	struct meter_table agi_protocol_errors; /* reason */
	size_t gateways_count;
	struct gateway_meter gateways[METER_GATEWAYS_MAX];

	/* arrival read -> decision written, by adapter; durable when Redis is there */
	struct histogram decision[METER_ADAPTERS];
	/* a turn's changes sent -> acknowledged */
	struct histogram commit;
	struct histogram recall;

	/* the store */
	bool store_up;       /* connected, function loaded, lease held */
	bool store_degraded; /* orders flow without the acknowledgement */
	bool leader;
	bool standing_by;             /* another daemon leads, and is alive */
	struct whereabouts leader_at; /* while standing by: that one */
	uint64_t store_epoch, store_reconnects, store_commits, store_commit_failures;
	uint64_t store_pending;       /* batches sent and not acknowledged */
	uint64_t store_backlog_bytes; /* contacts and memories kept while Redis is away */
	uint64_t store_backlog_dropped;
	uint64_t spool_records; /* entries of the stream among what is kept */
	uint64_t recalls, recalls_late;

	uint64_t reloads_done, reloads_failed;
	uint64_t inbox_full; /* times an adapter was told to wait */
	uint64_t steps;
	usec_t last_turn_at; /* for /healthz: the loop turns */
	bool ready;          /* for /readyz: recovered and open */
};

void meters_init(struct meters *meters);

/* The meter of that name, made when it is new. When all are in use the last one is several
 * systems', under the name "other". */
struct gateway_meter *meters_gateway(struct meters *meters, const char *kind, const char *name);

#endif

#include <stdio.h>
#include <string.h>

#include "metrics.h"
#include "najimi/config/options.h"

/* What the daemon says of itself, from the meters. */

#define COUNTER(n, h) \
	(&(const struct family){ .name = "najimi_" n, .kind = FAMILY_COUNTER, .help = h })
#define GAUGE(n, h) (&(const struct family){ .name = "najimi_" n, .kind = FAMILY_GAUGE, .help = h })
#define GAUGE_BYTES(n, h) \
	(&(const struct family){ \
	        .name = "najimi_" n "_bytes", .kind = FAMILY_GAUGE, .unit = "bytes", .help = h })
#define HISTOGRAM(n, h) \
	(&(const struct family){ .name = "najimi_" n "_seconds", \
	                         .kind = FAMILY_HISTOGRAM, \
	                         .unit = "seconds", \
	                         .help = h })

static void show(struct exposition *out, const struct family *family, uint64_t value)
{
	exposition_family(out, family);
	exposition_number(out, NO_LABELS, value);
}

static void show_table(struct exposition *out, const struct family *family,
                       const struct meter_table *table, const char *first, const char *second)
{
	exposition_family(out, family);
	for (size_t i = 0; i < table->count; i++)
		exposition_number(
		        out,
		        LABELS({ first, table->rows[i].first }, { second, table->rows[i].second }),
		        table->rows[i].value);
}

static void show_build(struct exposition *out)
{
	static const struct family family = {
		.name = "najimi_build",
		.kind = FAMILY_INFO,
		.help = "The program that runs.",
	};

	exposition_family(out, &family);
	exposition_number(out, LABELS({ "version", NAJIMI_VERSION }), 1);
}

static void show_sessions(struct exposition *out, const struct meters *meters)
{
	exposition_family(out, GAUGE("rpc_sessions", "Open sessions of the native protocol."));
	for (int role = ROLE_PBX; role <= ROLE_OBSERVER; role++)
		exposition_number(out, LABELS({ "role", client_role_name((enum client_role)role) }),
		                  meters->rpc_sessions[role]);
}

static void show_protocol(struct exposition *out, const struct meters *meters)
{
	show(out, GAUGE("rpc_connections", "Open connections of the native protocol."),
	     meters->rpc_connections);
	show(out, COUNTER("rpc_connections_accepted", "Connections that were accepted."),
	     meters->rpc_connections_total);
	show_sessions(out, meters);
	show_table(out,
	           COUNTER("rpc_requests", "Requests by method and error code, 0 for a result."),
	           &meters->rpc_requests, "method", "code");
	show_table(out, COUNTER("rpc_protocol_errors", "Connections closed for what they sent."),
	           &meters->rpc_protocol_errors, "reason", NULL);
	show(out, COUNTER("events_published", "Events given a number."), meters->events_published);
	show(out, COUNTER("events_dropped", "Events slow readers were spared."),
	     meters->events_dropped);
}

/* A gateway's systems have names of the configuration, as queues have. */
static void show_gateways(struct exposition *out, const struct meters *meters)
{
	show(out, GAUGE("agi_connections", "Open FastAGI connections: callers who are held."),
	     meters->agi_connections);
	show(out, COUNTER("agi_connections_accepted", "FastAGI connections that were accepted."),
	     meters->agi_connections_total);
	show_table(out, COUNTER("agi_requests", "FastAGI requests by script and how they ended."),
	           &meters->agi_requests, "method", "result");
	show_table(out, COUNTER("agi_protocol_errors", "FastAGI connections closed for what came."),
	           &meters->agi_protocol_errors, "reason", NULL);
	exposition_family(out, GAUGE("gateway_up", "1 while a telephony system that we connect to "
	                                           "is connected and compared."));
	for (size_t i = 0; i < meters->gateways_count; i++)
		if (meters->gateways[i].connects)
			exposition_number(out, LABELS({ "adapter", meters->gateways[i].name }),
			                  meters->gateways[i].up);
	exposition_family(out, COUNTER("gateway_connections", "Connections made to it."));
	for (size_t i = 0; i < meters->gateways_count; i++)
		if (meters->gateways[i].connects)
			exposition_number(out, LABELS({ "adapter", meters->gateways[i].name }),
			                  meters->gateways[i].connections);
	exposition_family(out, COUNTER("gateway_messages", "Messages read from it."));
	for (size_t i = 0; i < meters->gateways_count; i++)
		if (meters->gateways[i].connects)
			exposition_number(out, LABELS({ "adapter", meters->gateways[i].name }),
			                  meters->gateways[i].messages);
	exposition_family(out, GAUGE("gateway_held_calls", "Callers of it whom we hold."));
	for (size_t i = 0; i < meters->gateways_count; i++)
		exposition_number(out, LABELS({ "adapter", meters->gateways[i].name }),
		                  meters->gateways[i].held);
}

static void show_times(struct exposition *out, const struct meters *meters)
{
	exposition_family(out, HISTOGRAM("decision", "From a call's arrival read to its first "
	                                             "decision written, durable when Redis is "
	                                             "there."));
	exposition_histogram(out, LABELS({ "adapter", "native" }),
	                     &meters->decision[ADAPTER_NATIVE]);
	exposition_histogram(out, LABELS({ "adapter", "fastagi" }),
	                     &meters->decision[ADAPTER_FASTAGI]);
	exposition_family(out, HISTOGRAM("commit", "A turn's changes, sent to acknowledged."));
	exposition_histogram(out, NO_LABELS, &meters->commit);
	exposition_family(out, HISTOGRAM("recall", "A caller's memory, asked to answered."));
	exposition_histogram(out, NO_LABELS, &meters->recall);
}

static void show_store(struct exposition *out, const struct meters *meters)
{
	show(out, GAUGE("store_up", "1 while Redis is connected and the lease is ours."),
	     meters->store_up);
	show(out, GAUGE("store_degraded", "1 while orders flow without Redis' acknowledgement."),
	     meters->store_degraded);
	show(out, GAUGE("leader", "1 while this daemon routes for its site."), meters->leader);
	show(out, GAUGE("store_epoch", "Epoch of the lease held last."), meters->store_epoch);
	show(out, COUNTER("store_reconnects", "Connections to Redis made anew."),
	     meters->store_reconnects);
	show(out, COUNTER("store_commits", "Batches sent."), meters->store_commits);
	show(out, COUNTER("store_commit_failures", "Batches refused or lost."),
	     meters->store_commit_failures);
	show(out, GAUGE("store_pending_commits", "Batches sent and not acknowledged."),
	     meters->store_pending);
	show(out, GAUGE_BYTES("store_backlog", "Contacts and memories kept while Redis is away."),
	     meters->store_backlog_bytes);
	show(out, GAUGE("spool_records", "Contacts and what was said of them, kept likewise."),
	     meters->spool_records);
	show(out, COUNTER("store_backlog_dropped", "Contacts and memories lost at the limit."),
	     meters->store_backlog_dropped);
	show(out, COUNTER("recalls", "Callers asked for."), meters->recalls);
	show(out, COUNTER("recalls_late", "Answers that came after the caller was routed."),
	     meters->recalls_late);
}

static void show_reloads(struct exposition *out, const struct meters *meters)
{
	exposition_family(out, COUNTER("config_reloads", "Reloads of the configuration."));
	exposition_number(out, LABELS({ "result", "done" }), meters->reloads_done);
	exposition_number(out, LABELS({ "result", "failed" }), meters->reloads_failed);
}

static void show_lag(struct exposition *out, const struct server_facts *server)
{
	exposition_family(out, HISTOGRAM("loop_lag", "How late the loop's timer of one second "
	                                             "comes: everybody waits as long."));
	exposition_histogram(out, NO_LABELS, &server->lag.late);
}

static void show_http(struct exposition *out, const struct server_facts *server)
{
	show(out, GAUGE("http_connections", "Open HTTP connections."), server->connections);
	show(out, COUNTER("http_connections_accepted", "HTTP connections that were accepted."),
	     server->connections_total);
	show(out, COUNTER("http_connections_refused", "HTTP connections beyond the limit."),
	     server->connections_refused);
	show_table(out, COUNTER("http_requests", "HTTP requests by status."), &server->answers,
	           "code", NULL);
}

void metrics_daemon(struct exposition *out, const struct http_needs *needs,
                    const struct server_facts *server)
{
	const struct meters *meters = needs->meters;

	show_build(out);
	show_protocol(out, meters);
	show_gateways(out, meters);
	show_times(out, meters);
	show_store(out, meters);
	show_reloads(out, meters);
	show(out, GAUGE("ready", "1 when live state is recovered and calls are taken."),
	     meters->ready);
	show(out, COUNTER("core_steps", "Steps of the routing core."), meters->steps);
	show(out, COUNTER("inbox_full", "Times an adapter was told to wait."), meters->inbox_full);
	show_lag(out, server);
	show_http(out, server);
}

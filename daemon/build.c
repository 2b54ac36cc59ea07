#include <errno.h>
#include <event2/event.h>
#include <sys/resource.h>

#include "configure.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "najimi/shell/systemd.h"
#include "perform.h"

/* Link, store and http do not know each other: what one needs of another goes
 * through the functions here. */

#define ASKED_BY_HTTP (UINT64_C(1) << 63) /* a request's number: http's, not link's */
#define DESCRIPTORS_OWN 32 /* loop, listeners, Redis, logs and files read at a reload */

static void on_recovered(void *arg)
{
	struct daemon *daemon = arg;

	configure_rules(daemon);
	daemon->meters.ready = true;
	link_set_ready(daemon->link, true);
	systemd_ready("routing");
	log_fact(LOG_LEVEL_NOTICE, "daemon.ready",
	         LOG_NUMBER("calls", directory_calls(daemon->directory)),
	         LOG_NUMBER("rpc_port", link_port(daemon->link)),
	         LOG_NUMBER("http_port", http_port(daemon->http)),
	         LOG_NUMBER("start_ms", (clock_now() - daemon->meters.started_at) / MSEC(1)));
}

static void on_refused(const char *why, void *arg)
{
	struct daemon *daemon = arg;

	(void)why; /* the store has logged it */
	daemon->refused = true;
	event_base_loopbreak(daemon->base);
}

/* Callers whom we hold are let go at once, for the one who leads has them too. */
static void on_deposed(void *arg)
{
	struct daemon *daemon = arg;

	log_fact(LOG_LEVEL_ERROR, "daemon.deposed",
	         LOG_NUMBER("calls", directory_calls(daemon->directory)),
	         LOG_NUMBER("lost_records", daemon->meters.spool_records),
	         LOG_TEXT("effect", "it ends, to be started again as one that stands by"));
	daemon->deposed = true;
	systemd_stopping();
	event_base_loopbreak(daemon->base);
}

static void on_committed(uint64_t commit, void *arg)
{
	perform_committed(arg, commit);
}

static void on_caller_read(uint64_t request, int outcome, struct text json, void *arg)
{
	struct daemon *daemon = arg;

	link_caller_read(daemon->link, request, outcome, json);
	loop_nudge(daemon->loop);
}

static void on_forgotten(uint64_t request, int outcome, uint64_t contacts, void *arg)
{
	struct daemon *daemon = arg;

	link_forgotten(daemon->link, request, outcome, contacts);
	loop_nudge(daemon->loop);
}

static void on_stats_read(uint64_t request, int outcome, struct text json, void *arg)
{
	struct daemon *daemon = arg;

	if (request & ASKED_BY_HTTP) {
		http_stats_read(daemon->http, request & ~ASKED_BY_HTTP, outcome, json);
		return;
	}
	link_stats_read(daemon->link, request, outcome, json);
	loop_nudge(daemon->loop);
}

static void on_history_read(uint64_t request, int outcome, struct text json, void *arg)
{
	struct daemon *daemon = arg;

	if (request & ASKED_BY_HTTP) {
		http_history_read(daemon->http, request & ~ASKED_BY_HTTP, outcome, json);
		return;
	}
	link_history_read(daemon->link, request, outcome, json);
	loop_nudge(daemon->loop);
}

static int read_history(const char *caller, const char *agent, bool pii, uint64_t request,
                        void *arg)
{
	struct daemon *daemon = arg;

	return store_read_history(daemon->store, caller, agent, pii, request);
}

static int read_history_for_http(const char *caller, const char *agent, bool pii, uint64_t number,
                                 void *arg)
{
	struct daemon *daemon = arg;

	return store_read_history(daemon->store, caller, agent, pii, number | ASKED_BY_HTTP);
}

static int read_stats_for_http(const struct stats_question *question, uint64_t number, void *arg)
{
	struct daemon *daemon = arg;

	return store_read_stats(daemon->store, question, number | ASKED_BY_HTTP);
}

static void on_contact_found(uint64_t request, int outcome, const struct contact_known *known,
                             void *arg)
{
	struct daemon *daemon = arg;

	link_contact_found(daemon->link, request, outcome, known);
	loop_nudge(daemon->loop);
}

static int find_contact(const char *contact, uint64_t request, void *arg)
{
	struct daemon *daemon = arg;

	return store_find_contact(daemon->store, contact, request);
}

static void keep_survey(const struct survey *survey, void *arg)
{
	struct daemon *daemon = arg;

	store_survey(daemon->store, survey);
}

static void route_for_http(const struct route_asked *asked, uint64_t number, void *arg)
{
	struct daemon *daemon = arg;

	link_route(daemon->link, &(struct link_guest){ .peer = perform_guest(number),
	                                               .client = asked->client,
	                                               .granted = asked->granted,
	                                               .from = asked->from,
	                                               .params = asked->params });
}

static bool when_kept(uint64_t number, void *arg)
{
	return perform_when_kept(arg, number);
}

static int read_stats(const struct stats_question *question, uint64_t request, void *arg)
{
	struct daemon *daemon = arg;

	return store_read_stats(daemon->store, question, request);
}

static void read_caller(const char *key, uint64_t request, void *arg)
{
	struct daemon *daemon = arg;

	store_read_caller(daemon->store, key, request);
}

static void dispose(const char *agent, const char *contact, const char *client, const char *call,
                    const char *key, const char *outcome, const char *reason, const char *note,
                    bool stick, void *arg)
{
	struct daemon *daemon = arg;

	store_dispose(daemon->store, &(struct disposition){ .agent = agent,
	                                                    .contact = contact,
	                                                    .client = client,
	                                                    .call = call,
	                                                    .key = key,
	                                                    .outcome = outcome,
	                                                    .reason = reason,
	                                                    .note = note,
	                                                    .stick = stick });
}

static void pin_caller(const char *key, const char *agent, void *arg)
{
	struct daemon *daemon = arg;

	store_pin(daemon->store, key, agent);
}

static void exclude_agent(const char *key, const char *agent, usec_t until, const char *reason,
                          const char *by, void *arg)
{
	const struct exclusion_said said = { .until = until, .reason = reason, .by = by };
	struct daemon *daemon = arg;

	store_exclude(daemon->store, key, agent, until == 0 ? NULL : &said);
}

static void note_caller(const char *key, const char *notes, void *arg)
{
	struct daemon *daemon = arg;

	store_note(daemon->store, key, notes);
}

static int forget_caller(const char *key, const char *number_key, uint64_t request, void *arg)
{
	struct daemon *daemon = arg;

	return store_forget(daemon->store, key, number_key, request);
}

static void credit_outbound(struct agent_id agent, queue_index queue, usec_t at, usec_t talk,
                            const char *key, const char *client, char contact[33], void *arg)
{
	struct daemon *daemon = arg;

	store_outbound(daemon->store,
	               &(struct outbound){ .agent = agent,
	                                   .queue = queue,
	                                   .at = at,
	                                   .talk = talk,
	                                   .key = key,
	                                   .client = client },
	               contact);
}

static int check_config(struct err *err, void *arg)
{
	return configure_check(arg, err);
}

static int reload(struct err *err, void *arg)
{
	return configure_reload(arg, err);
}

static int build_link(struct daemon *daemon, struct err *err)
{
	struct link_needs link = { .base = daemon->base,
		                   .loop = daemon->loop,
		                   .directory = daemon->directory,
		                   .feed = daemon->feed,
		                   .outbox = daemon->outbox,
		                   .meters = &daemon->meters,
		                   .options = daemon->options,
		                   .daybook = daemon->daybook,
		                   .read_stats = read_stats,
		                   .read_history = read_history,
		                   .read_caller = read_caller,
		                   .find_contact = find_contact,
		                   .survey = keep_survey,
		                   .dispose = dispose,
		                   .pin_caller = pin_caller,
		                   .exclude_agent = exclude_agent,
		                   .note_caller = note_caller,
		                   .forget_caller = forget_caller,
		                   .credit_outbound = credit_outbound,
		                   .check_config = check_config,
		                   .reload = reload,
		                   .arg = daemon };
	struct http_needs http = { .base = daemon->base,
		                   .loop = daemon->loop,
		                   .directory = daemon->directory,
		                   .feed = daemon->feed,
		                   .daybook = daemon->daybook,
		                   .fcr = daemon->fcr,
		                   .meters = &daemon->meters,
		                   .options = daemon->options,
		                   .when_kept = when_kept,
		                   .read_stats = read_stats_for_http,
		                   .read_history = read_history_for_http,
		                   .route = route_for_http,
		                   .arg = daemon,
		                   .redis_socket = store_redis_socket(daemon->store) };

	daemon->link = link_new(&link, err);
	if (daemon->link == NULL)
		return -ENOMEM;
	daemon->http = http_new(&http, err);
	return daemon->http == NULL ? -ENOMEM : 0;
}

/* Connections must not take the descriptors that Redis is reached with again: with
 * fewer than all of them need, a crowd of clients would outlast Redis' next restart. */
static void raise_descriptors(const struct options *options)
{
	rlim_t wanted = (rlim_t)(options->rpc.connections_max + options->http.connections_max) +
	                DESCRIPTORS_OWN;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < wanted)
		log_fact(LOG_LEVEL_WARNING, "descriptors.few",
		         LOG_NUMBER("allowed", (int64_t)limit.rlim_cur),
		         LOG_NUMBER("wanted", (int64_t)wanted),
		         LOG_TEXT("effect", "a crowd of clients can keep us from Redis"));
}

int daemon_build(struct daemon *daemon, struct err *err)
{
	const struct options *options = daemon->options;
	struct core_limits limits = { .calls_max = (uint32_t)options->calls_max,
		                      .agents_max = (uint32_t)options->agents_max,
		                      .queues_max = (uint32_t)options->queues_max,
		                      .memberships_max = (uint32_t)options->memberships_max };
	struct store_hooks hooks = { .recovered = on_recovered,
		                     .committed = on_committed,
		                     .caller_read = on_caller_read,
		                     .forgotten = on_forgotten,
		                     .contact_found = on_contact_found,
		                     .stats_read = on_stats_read,
		                     .history_read = on_history_read,
		                     .refused = on_refused,
		                     .deposed = on_deposed,
		                     .arg = daemon };
	int r;

	raise_descriptors(options);
	meters_init(&daemon->meters);
	daemon->base = event_base_new();
	if (daemon->base == NULL)
		return err_set(err, -ENOMEM, "no event loop");
	daemon->loop = loop_new(daemon->base, &limits, &daemon->meters);
	daemon->feed = feed_new((size_t)options->rpc.events_kept);
	if (daemon->loop == NULL || daemon->feed == NULL)
		return err_set(err, -ENOMEM, "no memory for core.calls_max = %u", limits.calls_max);
	daemon->directory = directory_new(options, err);
	if (daemon->directory == NULL)
		return -ENOMEM;
	daemon->daybook = daybook_new(options, daemon->loop, daemon->directory, err);
	daemon->fcr = fcrbook_new();
	if (daemon->daybook == NULL || daemon->fcr == NULL)
		return -ENOMEM;
	r = perform_init(daemon, err);
	if (r < 0)
		return r;
	daemon->store = store_new(daemon->base, options, daemon->loop, daemon->directory,
	                          &daemon->meters, &hooks, err);
	if (daemon->store == NULL)
		return -ENOMEM;
	store_keep_days(daemon->store, daemon->daybook);
	store_keep_fcr(daemon->store, daemon->fcr);
	return build_link(daemon, err);
}

void daemon_take_down(struct daemon *daemon)
{
	daemon->http = http_free(daemon->http);
	daemon->store = store_free(daemon->store);
	daemon->link = link_free(daemon->link);
	perform_done(daemon);
	daemon->daybook = daybook_free(daemon->daybook);
	daemon->fcr = fcrbook_free(daemon->fcr);
	daemon->directory = directory_free(daemon->directory);
	daemon->feed = feed_free(daemon->feed);
	daemon->loop = loop_free(daemon->loop);
	if (daemon->watchdog != NULL)
		event_free(daemon->watchdog);
	if (daemon->base != NULL)
		event_base_free(daemon->base);
	daemon->options = options_free(daemon->options);
	libevent_global_shutdown();
}

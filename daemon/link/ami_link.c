#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "ami_state.h"
#include "najimi/base/rng.h"
#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "orphans.h"

/* The life of a connection to a manager interface: connect, log in, compare, listen, and again. */

#define UNANSWERED_MAX 2
#define SAY_AGAIN MINUTE(5) /* that it is still away, for the same reason */

static const struct ami_times usual = {
	.connect_max = SEC(5),
	.login_max = SEC(10),
	.boot_max = SEC(3),
	.list_max = SEC(30),
	.ping = SEC(15),
	.backoff_min = MSEC(500),
	.backoff_max = SEC(15),
	.gone_after = SEC(5),
	.tick = MSEC(500),
};

static struct timeval tv_of(usec_t span)
{
	return (struct timeval){ .tv_sec = (time_t)(span / SEC(1)),
		                 .tv_usec = (suseconds_t)(span % SEC(1)) };
}

static void enter(struct ami_conn *conn, enum ami_stage stage, usec_t max)
{
	conn->stage = stage;
	conn->until = max == USEC_NEVER ? USEC_NEVER : clock_monotonic() + max;
}

/* --- saying --- */

void ami_begin(struct ami_action *action, const char *name, const char *id)
{
	ami_out_begin(&action->out, action->bytes, sizeof(action->bytes), name, id);
}

bool ami_say(struct ami_conn *conn, struct ami_action *action)
{
	struct text bytes = ami_out_end(&action->out);

	if (bytes.length == 0) {
		log_limited(LOG_LEVEL_ERROR, "asterisk.unspeakable",
		            LOG_TEXT("server", conn->server->name),
		            LOG_TEXT("reason", action->out.wrong));
		return false;
	}
	ami_line_say(conn->line, bytes);
	return true;
}

static void ask(struct ami_conn *conn, const char *name, const char *id)
{
	struct ami_action action;

	ami_begin(&action, name, id);
	(void)!ami_say(conn, &action);
}

/* --- losing it --- */

static bool take_options(struct ami_conn *conn)
{
	const struct asterisk_options *options = conn->server->options;
	char *address = strdup(options->address), *user = strdup(options->user);
	char *secret = strdup(options->secret), *ca_file = strdup(options->ca_file);

	if (address == NULL || user == NULL || secret == NULL || ca_file == NULL) {
		free(address);
		free(user);
		free(secret);
		free(ca_file);
		return false;
	}
	free(conn->address);
	free(conn->user);
	free(conn->secret);
	free(conn->ca_file);
	conn->address = address;
	conn->user = user;
	conn->secret = secret;
	conn->ca_file = ca_file;
	conn->md5 = options->md5;
	conn->tls = options->tls;
	return true;
}

static void say_away(struct ami_conn *conn, const char *why, bool was_up)
{
	usec_t now = clock_monotonic();

	if (!was_up && strcmp(conn->why, why) == 0 && now - conn->said_at < SAY_AGAIN)
		return;
	snprintf(conn->why, sizeof(conn->why), "%s", why);
	conn->said_at = now;
	log_fact(LOG_LEVEL_WARNING, "asterisk.away", LOG_TEXT("server", conn->server->name),
	         LOG_TEXT("address", conn->address), LOG_TEXT("error", why),
	         LOG_NUMBER("retry_ms", conn->backoff / MSEC(1)));
}

/* A quarter more or less, so that many daemons do not come back as one. */
static void wait_and_retry(struct ami_conn *conn)
{
	usec_t delay =
	        conn->backoff * 3 / 4 + rng_below(&conn->chance, (uint32_t)(conn->backoff / 2) + 1);
	struct timeval tv = tv_of(delay);

	conn->backoff = conn->backoff * 2 > conn->times.backoff_max ? conn->times.backoff_max
	                                                            : conn->backoff * 2;
	event_add(conn->retry, &tv);
}

static void leave(struct ami_conn *conn)
{
	enter(conn, AMI_STAGE_AWAY, USEC_NEVER);
	conn->booted = false;
	if (conn->lost_at == 0)
		conn->lost_at = clock_monotonic();
	asterisk_server_watched(conn->server, false);
}

static void on_lost(const char *why, bool answered, void *arg)
{
	struct ami_conn *conn = arg;
	bool was_up = conn->stage == AMI_STAGE_UP;

	/* One that is stopped closes what it has, and after that nobody is there. One that takes
	 * connections, whatever comes of them, lives. */
	conn->vanished = !answered || was_up;
	leave(conn);
	say_away(conn, why, was_up);
	wait_and_retry(conn);
}

static void drop(struct ami_conn *conn, const char *why)
{
	ami_line_close(conn->line);
	on_lost(why, true, conn);
}

/* --- connecting --- */

static void on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct ami_conn *conn = arg;
	struct ami_target target = { conn->address, conn->tls, conn->ca_file };

	(void)fd;
	(void)what;
	enter(conn, AMI_STAGE_CONNECTING, USEC_NEVER);
	conn->banner[0] = '\0';
	ami_line_open(conn->line, &target, conn->times.connect_max);
}

static void on_opened(void *arg)
{
	struct ami_conn *conn = arg;
	struct ami_action action;

	conn->server->meter->connections++;
	conn->unanswered = 0;
	conn->ping_at = clock_monotonic() + conn->times.ping;
	if (conn->md5) {
		enter(conn, AMI_STAGE_CHALLENGED, conn->times.login_max);
		ami_begin(&action, "Challenge", "challenge");
		ami_out_field(&action.out, "AuthType", "MD5");
		(void)!ami_say(conn, &action);
		return;
	}
	enter(conn, AMI_STAGE_LOGIN, conn->times.login_max);
	if (!ami_login(conn, NULL))
		drop(conn, "user and secret do not fit a line");
}

static void on_greeted(struct text banner, void *arg)
{
	struct ami_conn *conn = arg;

	snprintf(conn->banner, sizeof(conn->banner), "%.*s", (int)banner.length, banner.start);
}

/* --- logging in --- */

/* Said once for each configuration, for it will not heal by itself. */
static void refused(struct ami_conn *conn, const char *message)
{
	char why[160];

	if (!conn->refused)
		log_fact(LOG_LEVEL_ERROR, "asterisk.refused",
		         LOG_TEXT("server", conn->server->name), LOG_TEXT("user", conn->user),
		         LOG_TEXT("error", message),
		         LOG_TEXT("do", "user, secret and permit have to fit manager.conf; "
		                        "then reload"));
	conn->refused = true;
	snprintf(why, sizeof(why), "the login was refused: %s", message);
	conn->backoff = conn->times.backoff_max;
	drop(conn, why);
}

static void on_challenge(struct ami_conn *conn, const struct ami_fact *fact)
{
	if (!fact->accepted || fact->challenge[0] == '\0') {
		refused(conn, fact->message);
		return;
	}
	enter(conn, AMI_STAGE_LOGIN, conn->times.login_max);
	if (!ami_login(conn, fact->challenge))
		drop(conn, "the secret cannot be proved: this machine has no MD5");
}

static void on_login(struct ami_conn *conn, const struct ami_fact *fact)
{
	if (!fact->accepted) {
		refused(conn, fact->message);
		return;
	}
	conn->refused = false;
	conn->vanished = false;
	enter(conn, AMI_STAGE_BOOTING, conn->times.boot_max);
	ami_filter(conn);
}

/* --- comparing --- */

static void compare(struct ami_conn *conn)
{
	struct client *client = conn->server->client;

	conn->lists++;
	client->sync = ++asterisk_of(conn)->link->syncs_last;
	ami_calls_begin(conn);
	enter(conn, AMI_STAGE_CHANNELS, conn->times.list_max);
	ask(conn, "CoreShowChannels", "channels");
}

/* Whatever was not listed is over. */
static void settled(struct ami_conn *conn)
{
	if (!orphans_sync(conn->server->client, 0, TEXT(""), TEXT(""))) {
		drop(conn, "out of memory");
		return;
	}
	enter(conn, AMI_STAGE_DEVICES, conn->times.list_max);
	ask(conn, "DeviceStateList", "devices");
}

static void settle(struct ami_conn *conn)
{
	if (ami_calls_settle(conn))
		settled(conn);
	else
		enter(conn, AMI_STAGE_SETTLING, USEC_NEVER);
}

static void come_up(struct ami_conn *conn)
{
	bool back = conn->gone;

	ami_devices_listed(conn);
	enter(conn, AMI_STAGE_UP, USEC_NEVER);
	conn->backoff = conn->times.backoff_min;
	conn->why[0] = '\0';
	conn->lost_at = 0;
	conn->gone = conn->vanished = false;
	if (back)
		ami_devices_tell(conn);
	if (!conn->server->watched)
		log_fact(LOG_LEVEL_NOTICE, "asterisk.up", LOG_TEXT("server", conn->server->name),
		         LOG_TEXT("address", conn->address), LOG_TEXT("version", conn->banner),
		         LOG_NUMBER("calls", conn->server->client->calls),
		         LOG_NUMBER("devices", HASH_COUNT(conn->devices)));
	asterisk_server_watched(conn->server, true);
}

/* Without the list of channels nothing can be compared; without the devices' we do without
 * their vetoes. */
static void on_list_refused(struct ami_conn *conn, const struct ami_fact *fact)
{
	char why[200];

	snprintf(why, sizeof(why),
	         "%s; the user's `write` in manager.conf needs system or reporting", fact->message);
	if (conn->stage == AMI_STAGE_CHANNELS) {
		drop(conn, why);
	} else if (conn->stage == AMI_STAGE_DEVICES) {
		log_fact(LOG_LEVEL_WARNING, "asterisk.no_devices",
		         LOG_TEXT("server", conn->server->name), LOG_TEXT("error", why));
		come_up(conn);
	}
}

static void on_list_done(struct ami_conn *conn, const struct ami_fact *fact)
{
	if (conn->stage == AMI_STAGE_CHANNELS && strcmp(fact->id, "channels") == 0)
		settle(conn);
	else if (conn->stage == AMI_STAGE_DEVICES && strcmp(fact->id, "devices") == 0)
		come_up(conn);
}

static void on_booted(struct ami_conn *conn)
{
	conn->booted = true;
	if (conn->stage > AMI_STAGE_BOOTING ||
	    (conn->stage == AMI_STAGE_BOOTING && conn->was_ready))
		compare(conn); /* again, if we had not waited for it */
}

/* --- listening --- */

static void on_answer(struct ami_conn *conn, const struct ami_fact *fact)
{
	if (conn->stage == AMI_STAGE_CHALLENGED && strcmp(fact->id, "challenge") == 0)
		on_challenge(conn, fact);
	else if (conn->stage == AMI_STAGE_LOGIN && strcmp(fact->id, "login") == 0)
		on_login(conn, fact);
	else if (!fact->accepted &&
	         (strcmp(fact->id, "channels") == 0 || strcmp(fact->id, "devices") == 0))
		on_list_refused(conn, fact);
	else if (conn->stage > AMI_STAGE_LOGIN)
		ami_calls_fact(conn, fact);
}

static void take(struct ami_conn *conn, const struct ami_fact *fact)
{
	switch (fact->kind) {
	case AMI_NOTHING:
		break;
	case AMI_ANSWER:
		on_answer(conn, fact);
		break;
	case AMI_BOOTED:
		on_booted(conn);
		break;
	case AMI_DEVICE:
		ami_device(conn, fact->device, fact->state);
		break;
	case AMI_CHANNEL:
		if (conn->stage == AMI_STAGE_CHANNELS)
			ami_calls_list(conn, fact);
		break;
	case AMI_LIST_DONE:
		on_list_done(conn, fact);
		break;
	case AMI_RINGING:
	case AMI_DIALLED:
	case AMI_DIAL_ENDED:
	case AMI_BRIDGE_ENTERED:
	case AMI_BRIDGE_LEFT:
	case AMI_PUT_ASIDE:
	case AMI_HELD:
	case AMI_RETRIEVED:
	case AMI_HANGUP_ASKED:
	case AMI_HUNG_UP:
	case AMI_SENT_ON:
	case AMI_HANDED_OVER:
	case AMI_PUT_IN_PLACE:
	case AMI_AGENT_DID:
	case AMI_DIGIT:
	case AMI_CALLED:
		ami_calls_fact(conn, fact);
		break;
	}
}

static bool on_message(const struct ami_message *message, void *arg)
{
	struct ami_conn *conn = arg;
	struct loop *loop = asterisk_of(conn)->link->needs.loop;
	unsigned posted = loop_posted(loop);
	struct refusal refusal;

	/* What one message means depends on what became of the one before: they come several at
	 * once when the machine, or Asterisk, is busy. */
	if (!loop_has_stepped(loop, conn->posted)) {
		event_active(conn->again, EV_TIMEOUT, 0);
		return false;
	}
	if (!asterisk_has_room(asterisk_of(conn)))
		return false;
	conn->server->meter->messages++;
	conn->heard = true;
	if (message->odd)
		log_limited(LOG_LEVEL_NOTICE, "asterisk.odd_caller",
		            LOG_TEXT("server", conn->server->name));
	if (ami_translate(message, &conn->fact, &refusal))
		take(conn, &conn->fact);
	else
		log_limited(LOG_LEVEL_NOTICE, "asterisk.senseless",
		            LOG_TEXT("server", conn->server->name),
		            LOG_TEXT("field", refusal.field), LOG_TEXT("error", refusal.detail));
	if (loop_posted(loop) != posted)
		conn->posted = loop_posted(loop);
	return true;
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
	struct ami_conn *conn = arg;

	(void)fd;
	(void)what;
	ami_line_resume(conn->line);
}

/* --- the clock --- */

static void watch_pings(struct ami_conn *conn, usec_t now)
{
	if (conn->heard) {
		conn->heard = false;
		conn->unanswered = 0;
	}
	if (now < conn->ping_at)
		return;
	if (conn->unanswered == UNANSWERED_MAX) {
		drop(conn, "it is silent");
		return;
	}
	conn->unanswered++;
	conn->ping_at = now + conn->times.ping;
	ask(conn, "Ping", "ping");
}

/* Callers on FastAGI connections are proof that it lives. */
static void watch_gone(struct ami_conn *conn, usec_t now)
{
	if (conn->gone || conn->lost_at == 0 || now - conn->lost_at < conn->times.gone_after ||
	    !conn->vanished || conn->server->meter->held > 0)
		return;
	conn->gone = true;
	log_fact(LOG_LEVEL_WARNING, "asterisk.gone", LOG_TEXT("server", conn->server->name),
	         LOG_NUMBER("devices", HASH_COUNT(conn->devices)));
	ami_devices_tell(conn);
}

static void watch_stage(struct ami_conn *conn, usec_t now)
{
	switch (conn->stage) {
	case AMI_STAGE_CHALLENGED:
	case AMI_STAGE_LOGIN:
		if (now >= conn->until)
			drop(conn, "it does not answer the login");
		break;
	case AMI_STAGE_BOOTING:
		if (conn->was_ready && (conn->booted || now >= conn->until))
			compare(conn);
		break;
	case AMI_STAGE_CHANNELS:
	case AMI_STAGE_DEVICES:
		if (now >= conn->until)
			drop(conn, "it does not end its list");
		break;
	case AMI_STAGE_SETTLING:
		settle(conn);
		break;
	case AMI_STAGE_AWAY:
	case AMI_STAGE_CONNECTING:
	case AMI_STAGE_UP:
		break;
	}
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct ami_conn *conn = arg;
	bool ready = asterisk_of(conn)->ready;
	usec_t now = clock_monotonic();

	(void)fd;
	(void)what;
	/* Who has just recovered what was known has to compare it. */
	if (ready && !conn->was_ready && conn->stage > AMI_STAGE_BOOTING) {
		conn->was_ready = true;
		compare(conn);
	}
	conn->was_ready = ready;
	watch_stage(conn, now);
	if (conn->stage > AMI_STAGE_LOGIN)
		watch_pings(conn, now);
	watch_gone(conn, now);
}

/* --- whole connections --- */

struct ami_conn *ami_new_timed(struct asterisk_server *server, const struct ami_times *times,
                               struct err *err)
{
	struct ami_conn *conn = calloc(1, sizeof(*conn));
	struct event_base *base = server->asterisk->link->needs.base;
	struct ami_line_hooks hooks = { .opened = on_opened,
		                        .greeted = on_greeted,
		                        .message = on_message,
		                        .lost = on_lost,
		                        .arg = conn };
	struct timeval tick = tv_of(times->tick), now = { 0 };

	if (conn == NULL) {
		err_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	conn->server = server;
	conn->times = *times;
	conn->backoff = times->backoff_min;
	conn->until = USEC_NEVER;
	conn->was_ready = server->asterisk->ready;
	conn->posted = loop_posted(server->asterisk->link->needs.loop);
	if (getrandom(&conn->chance, sizeof(conn->chance), 0) < 0)
		conn->chance = clock_now();
	conn->line = ami_line_new(base, &hooks);
	conn->retry = event_new(base, -1, 0, on_retry, conn);
	conn->tick = event_new(base, -1, EV_PERSIST, on_tick, conn);
	conn->again = event_new(base, -1, 0, on_again, conn);
	if (conn->line == NULL || conn->retry == NULL || conn->tick == NULL ||
	    conn->again == NULL || !take_options(conn)) {
		err_set(err, -ENOMEM, "out of memory");
		return ami_free(conn);
	}
	event_add(conn->tick, &tick);
	event_add(conn->retry, &now);
	return conn;
}

struct ami_conn *ami_new(struct asterisk_server *server, struct err *err)
{
	return ami_new_timed(server, &usual, err);
}

struct ami_conn *ami_free(struct ami_conn *conn)
{
	if (conn == NULL)
		return NULL;
	/* It is in no list any more: nobody tells of its calls. */
	if (conn->server->options == NULL) {
		asterisk_server_watched(conn->server, false);
		conn->lists++;
		ami_devices_listed(conn);
	}
	ami_line_free(conn->line);
	if (conn->retry != NULL)
		event_free(conn->retry);
	if (conn->tick != NULL)
		event_free(conn->tick);
	if (conn->again != NULL)
		event_free(conn->again);
	ami_calls_clear(conn);
	ami_devices_clear(conn);
	free(conn->address);
	free(conn->user);
	free(conn->secret);
	free(conn->ca_file);
	free(conn);
	return NULL;
}

static bool is_other(const struct ami_conn *conn, const struct asterisk_options *options)
{
	return strcmp(conn->address, options->address) != 0 ||
	       strcmp(conn->user, options->user) != 0 ||
	       strcmp(conn->secret, options->secret) != 0 ||
	       strcmp(conn->ca_file, options->ca_file) != 0 || conn->md5 != options->md5 ||
	       conn->tls != options->tls;
}

/* Who was refused tries again with every reload: manager.conf may be another. */
void ami_reconfigure(struct ami_conn *conn)
{
	struct timeval now = { 0 };
	bool other = is_other(conn, conn->server->options);

	if (!other && !conn->refused)
		return;
	conn->refused = false;
	if (other && !take_options(conn)) {
		log_fact(LOG_LEVEL_ERROR, "asterisk.not_reconfigured",
		         LOG_TEXT("server", conn->server->name),
		         LOG_TEXT("error", "out of memory"));
		return;
	}
	ami_line_close(conn->line);
	leave(conn);
	conn->why[0] = '\0';
	conn->backoff = conn->times.backoff_min;
	event_add(conn->retry, &now);
}

void ami_resume(struct ami_conn *conn)
{
	if (conn->stage == AMI_STAGE_SETTLING)
		settle(conn);
	ami_line_resume(conn->line);
}

#include "perform.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "najimi/shell/systemd.h"

/* A message to nobody: the moment an arrival was read. It stands in the outbox
 * behind the decision, so it comes out when the decision is written. */
#define PEER_STOPWATCH 0

/* Likewise to whoever reads events over HTTP: the number of the last one in the turn.
 * No link has such a peer. */
#define PEER_READERS UINT64_MAX

/* And to whoever asked over HTTP for what must not be taken back: their number. */
#define PEER_ASKERS (UINT64_MAX - 1)

/* And from here on to whoever asked over HTTP where to route a call: their number. */
#define PEER_GUESTS (UINT64_C(3) << 62)

/* Which adapter the arrival came by stands above the instant. */
#define INSTANT_BITS 56

static_assert(CALL_ADAPTERS == METER_ADAPTERS, "one histogram for each adapter");

static void stop_watch(struct daemon *daemon, uint64_t number)
{
	usec_t read_at = number & ((UINT64_C(1) << INSTANT_BITS) - 1);

	histogram_add(&daemon->meters.decision[number >> INSTANT_BITS], clock_now() - read_at);
}

static void tell_guest(struct daemon *daemon, uint64_t number, struct text message)
{
	struct guest_answer answer;
	struct text json = link_guest_read(message, &answer);

	if (daemon->http != NULL &&
	    !http_routed(daemon->http, number, answer.code, answer.retry_after, json))
		link_guest_gone(daemon->link, &answer);
}

uint64_t perform_guest(uint64_t number)
{
	return PEER_GUESTS | number;
}

static void send_message(uint64_t peer, struct text message, void *arg)
{
	struct daemon *daemon = arg;
	uint64_t number;

	if (peer >= PEER_GUESTS && peer < PEER_ASKERS) {
		tell_guest(daemon, peer & ~PEER_GUESTS, message);
		return;
	}
	if (peer != PEER_STOPWATCH && peer != PEER_READERS && peer != PEER_ASKERS) {
		link_send(peer, message, daemon->link);
		return;
	}
	assert(message.length == sizeof(number));
	memcpy(&number, message.start, sizeof(number));
	if (peer == PEER_STOPWATCH)
		stop_watch(daemon, number);
	else if (daemon->http != NULL && peer == PEER_READERS)
		http_told(daemon->http, number);
	else if (daemon->http != NULL)
		http_kept(daemon->http, number);
}

static bool put_number(struct daemon *daemon, uint64_t peer, uint64_t number)
{
	if (outbox_put(daemon->outbox, peer,
	               (struct text){ (const char *)&number, sizeof(number) }))
		return true;
	log_limited(LOG_LEVEL_WARNING, "outbox.full");
	return false;
}

bool perform_when_kept(struct daemon *daemon, uint64_t number)
{
	daybook_collect(daemon->daybook, true);
	if (!put_number(daemon, PEER_ASKERS, number))
		return false;
	loop_nudge(daemon->loop);
	return true;
}

static void start_stopwatch(struct daemon *daemon, struct call_card *card)
{
	/* Only the first decision answers the arrival. */
	if (card->read_at != 0)
		put_number(daemon, PEER_STOPWATCH,
		           card->read_at | (uint64_t)card->adapter << INSTANT_BITS);
	card->read_at = 0;
}

static void log_decision(struct daemon *daemon, const struct call_card *card,
                         const struct decision *decision)
{
	const char *queue = directory_queue_name(daemon->directory, decision->queue);

	switch (decision->kind) {
	case DECIDE_CONNECT:
		if (log_wants(LOG_LEVEL_DEBUG))
			log_fact(LOG_LEVEL_DEBUG, "call.offered",
			         LOG_TEXT("call", card->facts.name), LOG_TEXT("queue", queue),
			         LOG_TEXT("agent",
			                  directory_agent_name(daemon->directory, decision->agent)),
			         LOG_NUMBER("offer", decision->offer),
			         LOG_TEXT("sticky", sticky_result_name(decision->sticky)));
		break;
	case DECIDE_QUEUE:
		break;
	case DECIDE_OVERFLOW:
	case DECIDE_REJECT:
		log_limited(LOG_LEVEL_NOTICE,
		            decision->kind == DECIDE_OVERFLOW ? "call.overflowed" : "call.rejected",
		            LOG_TEXT("call", card->facts.name), LOG_TEXT("queue", queue),
		            LOG_TEXT("reason", decision_reason_name(decision->reason)));
		break;
	}
}

static void end_call(struct daemon *daemon, struct call_card *card, const struct contact *facts)
{
	char contact[33];

	/* Unique: no slot ends twice in the same generation, and generations begin
	 * anew only with a restart, long after. */
	snprintf(contact, sizeof(contact), "%014" PRIx64 "-%" PRIx32 "-%" PRIx32, facts->ended_at,
	         card->id.slot, card->id.gen);
	if (facts->outcome == OUTCOME_LOST || log_wants(LOG_LEVEL_DEBUG))
		log_limited(facts->outcome == OUTCOME_LOST ? LOG_LEVEL_NOTICE : LOG_LEVEL_DEBUG,
		            "call.ended", LOG_TEXT("call", card->facts.name),
		            LOG_TEXT("outcome", call_outcome_name(facts->outcome)),
		            LOG_NUMBER("wait_ms", facts->wait / MSEC(1)),
		            LOG_TEXT("contact", contact));
	daybook_call_ended(daemon->daybook, card, contact, facts);
	store_end_call(daemon->store, card, contact, facts);
	link_call_ended(daemon->link, card, contact, facts);
	directory_end_call(daemon->directory, card->id, contact, facts);
}

/* It was the last of a contact's handling, or of one agent's part in a call that goes on. */
static void end_wrapup(struct daemon *daemon, struct wrapup_card *wrapup)
{
	if (!wrapup->over)
		return;
	if (*wrapup->contact != '\0')
		store_handled(daemon->store, wrapup->contact, wrapup->spent);
	else
		store_save_call(daemon->store, wrapup->call);
	*wrapup = (struct wrapup_card){ 0 };
}

static void change_agent(struct daemon *daemon, struct agent_id id)
{
	struct agent_card *card = directory_agent(daemon->directory, id);
	struct agent_record agent;

	daybook_agent_changed(daemon->daybook, id);
	if (card != NULL)
		end_wrapup(daemon, &card->wrapup);
	store_save_agent(daemon->store, id);
	link_agent_changed(daemon->link, id);
	if (core_get_agent(loop_core(daemon->loop), id, &agent) && agent.state == AGENT_PAUSED &&
	    agent.cause == PAUSE_RONA && agent.since == core_now(loop_core(daemon->loop)))
		log_fact(LOG_LEVEL_WARNING, "agent.rona",
		         LOG_TEXT("agent", directory_agent_name(daemon->directory, id)));
}

static void carry_out(struct daemon *daemon, const struct core_action *action)
{
	struct call_card *card = directory_call(daemon->directory, action->call);

	assert(card != NULL || action->type == ACT_REPLY || action->type == ACT_CHANGE_AGENT);
	switch (action->type) {
	case ACT_RECALL:
		daybook_call_recalled(daemon->daybook, card);
		store_recall(daemon->store, action->call);
		break;
	case ACT_DECIDE:
		daybook_call_decided(daemon->daybook, card, &action->decide);
		log_decision(daemon, card, &action->decide);
		link_decided(daemon->link, card, &action->decide);
		start_stopwatch(daemon, card);
		break;
	case ACT_TELL_CALLER:
		daybook_call_decided(daemon->daybook, card, &action->decide);
		link_tell_caller(daemon->link, card, &action->decide);
		break;
	case ACT_CANCEL_OFFER:
		link_offer_cancelled(daemon->link, card, action->agent, action->cancel_offer.offer,
		                     action->cancel_offer.missed);
		break;
	case ACT_CHANGE_CALL:
		daybook_call_changed(daemon->daybook, card);
		store_save_call(daemon->store, action->call);
		link_call_changed(daemon->link, card);
		break;
	case ACT_CHANGE_AGENT:
		change_agent(daemon, action->agent);
		break;
	case ACT_END_CALL:
		end_call(daemon, card, &action->end);
		break;
	case ACT_REPLY:
		break;
	}
}

/* Replies come last: what they tell of (an ended call's outcome, an agent's state)
 * is by then where it can be looked up. */
static void perform(const struct core_actions *actions, void *arg)
{
	struct daemon *daemon = arg;

	for (size_t i = 0; i < actions->count; i++)
		carry_out(daemon, &actions->items[i]);
	for (size_t i = 0; i < actions->count; i++) {
		const struct core_action *action = &actions->items[i];

		if (action->type == ACT_REPLY)
			link_replied(daemon->link, action->reply.request, action->reply.code);
	}
}

static void set_commit_alarm(struct daemon *daemon)
{
	usec_t oldest = outbox_oldest(daemon->outbox), now, due, delay;
	struct timeval tv;

	if (oldest == USEC_NEVER || daemon->commit_alarm_at != USEC_NEVER)
		return; /* an alarm that comes too early is simply set again */
	now = clock_now();
	due = oldest + daemon->options->redis.commit_max;
	delay = due > now ? due - now : 0;
	tv = (struct timeval){ .tv_sec = (time_t)(delay / SEC(1)),
		               .tv_usec = (suseconds_t)(delay % SEC(1)) };
	daemon->commit_alarm_at = due;
	event_add(daemon->commit_alarm, &tv);
}

static void on_commit_alarm(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *daemon = arg;

	(void)fd;
	(void)what;
	daemon->commit_alarm_at = USEC_NEVER;
	if (outbox_release_old(daemon->outbox, clock_now() - daemon->options->redis.commit_max))
		log_limited(
		        LOG_LEVEL_WARNING, "commit.late",
		        LOG_NUMBER("commit_max_ms", daemon->options->redis.commit_max / MSEC(1)));
	set_commit_alarm(daemon);
}

/* What was published in this turn is told to its readers with the rest of it. */
static void tell_readers(struct daemon *daemon)
{
	uint64_t seq = feed_seq(daemon->feed);

	if (seq == daemon->told)
		return;
	put_number(daemon, PEER_READERS, seq);
	daemon->told = seq;
}

static void turn_over(void *arg)
{
	struct daemon *daemon = arg;
	uint64_t commit = store_commit(daemon->store);

	if (daemon->watchdog_asked) {
		daemon->watchdog_asked = false;
		systemd_alive();
	}
	tell_readers(daemon);
	outbox_seal(daemon->outbox, commit, clock_now());
	if (!daemon->meters.store_up && daemon->meters.ready)
		outbox_release_old(daemon->outbox, USEC_NEVER); /* Redis away is a mode */
	else
		outbox_release(daemon->outbox, daemon->committed);
	directory_forget_finished(daemon->directory,
	                          clock_now() - daemon->options->rpc.finished_keep);
	set_commit_alarm(daemon);
}

static void room(void *arg)
{
	struct daemon *daemon = arg;

	link_resume(daemon->link);
}

void perform_committed(struct daemon *daemon, uint64_t commit)
{
	daemon->committed = commit;
	outbox_release(daemon->outbox, commit);
}

int perform_init(struct daemon *daemon, struct err *err)
{
	struct loop_hooks hooks = {
		.perform = perform, .turn_over = turn_over, .room = room, .arg = daemon
	};

	daemon->commit_alarm_at = USEC_NEVER;
	daemon->outbox = outbox_new(send_message, daemon);
	daemon->commit_alarm = event_new(daemon->base, -1, 0, on_commit_alarm, daemon);
	if (daemon->outbox == NULL || daemon->commit_alarm == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	loop_set_hooks(daemon->loop, &hooks);
	return 0;
}

void perform_done(struct daemon *daemon)
{
	if (daemon->commit_alarm != NULL)
		event_free(daemon->commit_alarm);
	daemon->commit_alarm = NULL;
	daemon->outbox = outbox_free(daemon->outbox);
}

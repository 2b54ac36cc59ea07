#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/log.h"
#include "state.h"

/* When what is gathered is sent, and what is known to have arrived.
 *
 * While fewer than IN_FLIGHT_MAX commits are unanswered, the changes of a turn leave
 * at its end. Otherwise they wait for an answer and leave together with those of the
 * turns that follow, so batches grow wider by themselves when Redis is the slower. */
#define IN_FLIGHT_MAX 2
#define SEAL_BYTES (256 * 1024) /* lasting operations that are gathered as one */
#define RETAIN SEC(3) /* confirmed ones are kept so long: Redis may lose its last second */

/* --- what is kept until it has arrived --- */

static size_t weight(const struct kept *kept)
{
	return sizeof(*kept) + kept->length;
}

static size_t gathered_bytes(const struct commits *commits)
{
	return batch_body(&commits->lasting).length + batch_body(&commits->told).length;
}

/* What is gathered that lasts, under the number of the gathering. */
static struct kept *keep_lasting(struct store *store)
{
	struct commits *commits = &store->commits;
	struct kept *kept = malloc(sizeof(*kept) + gathered_bytes(commits));
	struct text body = batch_body(&commits->lasting), told;

	if (kept == NULL)
		return NULL;
	if (commits->told.op_at != 0)
		batch_close(&commits->told);
	told = batch_body(&commits->told);
	*kept = (struct kept){ .number = commits->next++,
		               .contacts = commits->lasting_contacts,
		               .args = commits->lasting.args + commits->told.args,
		               .length = body.length + told.length };
	memcpy(kept->ops, body.start, body.length);
	memcpy(kept->ops + body.length, told.start, told.length);
	TAILQ_INSERT_TAIL(&commits->kept, kept, by_number);
	if (commits->open == NULL)
		commits->open = kept;
	commits->kept_bytes += weight(kept);
	batch_clear(&commits->lasting);
	batch_clear(&commits->told);
	commits->lasting_contacts = 0;
	return kept;
}

static void forget_kept(struct store *store, struct kept *kept)
{
	struct commits *commits = &store->commits;
	size_t *bytes = kept->acked_at != 0 ? &commits->acked_bytes : &commits->kept_bytes;

	*bytes -= weight(kept);
	if (commits->open == kept)
		commits->open = TAILQ_NEXT(kept, by_number);
	TAILQ_REMOVE(&commits->kept, kept, by_number);
	free(kept);
}

static struct kept *first_unsent(const struct commits *commits)
{
	struct kept *kept = commits->open;

	while (kept != NULL && kept->sent_at != 0)
		kept = TAILQ_NEXT(kept, by_number);
	return kept;
}

/* What stands in the stream when Redis is back. */
static uint64_t backlog_contacts(const struct commits *commits)
{
	uint64_t contacts = commits->lasting_contacts;

	for (const struct kept *kept = commits->open; kept != NULL;
	     kept = TAILQ_NEXT(kept, by_number))
		contacts += kept->contacts;
	return contacts;
}

/* While nothing can be sent there is a limit to what is kept. The oldest goes: live
 * state does not need it, and the newest is what somebody still remembers. */
static void bound_backlog(struct store *store)
{
	struct commits *commits = &store->commits;
	struct kept *kept;

	while (commits->kept_bytes > store->backlog_max && (kept = first_unsent(commits)) != NULL) {
		store->meters->store_backlog_dropped += kept->contacts;
		log_limited(LOG_LEVEL_ERROR, "store.backlog_dropped",
		            LOG_NUMBER("contacts", kept->contacts),
		            LOG_NUMBER("backlog_max", store->backlog_max));
		forget_kept(store, kept);
	}
	store->meters->store_backlog_bytes =
	        store->phase == PHASE_LIVE ? 0 : commits->kept_bytes + gathered_bytes(commits);
	store->meters->spool_records = store->phase == PHASE_LIVE ? 0 : backlog_contacts(commits);
}

/* Lasting operations that have become many are closed off while they wait, so that
 * no commit becomes too big and the oldest can be dropped by themselves. */
static void seal(struct store *store)
{
	struct commits *commits = &store->commits;
	struct kept *kept;
	bool live;

	if (commits->lasting.failed || commits->told.failed || gathered_bytes(commits) < SEAL_BYTES)
		return;
	live = store->phase == PHASE_LIVE && commits->first_call == SLOT_NONE &&
	       commits->first_agent == SLOT_NONE && commits->gone.args == 0 &&
	       !days_have_news(store);
	kept = keep_lasting(store);
	if (kept == NULL)
		return; /* goes on growing; the next try may succeed */
	kept->live = live;
	if (live)
		commits->changed = false;
}

/* --- sending --- */

static void on_answer(const redisReply *reply, uint64_t number, void *arg);

static bool send_out(struct store *store, uint64_t number, bool record)
{
	struct commits *commits = &store->commits;
	char digits[24];
	size_t at = sizeof(digits);
	bool sent;

	for (uint64_t rest = number; rest > 0 || at == sizeof(digits); rest /= 10)
		digits[--at] = (char)('0' + rest % 10);
	const struct text head[] = {
		TEXT("FCALL"),
		TEXT("najimi_commit"),
		TEXT("1"),
		text_of(store->keys.lease),
		text_of(store->epoch_text),
		{ digits + at, sizeof(digits) - at },
		record ? TEXT("1") : TEXT("0"),
	};
	sent = redis_send(store->redis, batch_command(&commits->out, head, ARRAY_LEN(head)),
	                  on_answer, number, store);
	batch_clear(&commits->out);
	if (!sent) {
		redis_drop(store->redis, "out of memory for a commit");
		return false;
	}
	commits->in_flight++;
	store->meters->store_pending = commits->in_flight;
	return true;
}

static bool send_kept(struct store *store, struct kept *kept)
{
	batch_append(&store->commits.out, kept->ops, kept->length, kept->args);
	kept->sent_at = clock_monotonic();
	/* Live state may be written twice. After a rewrite no batch of an earlier
	 * connection, still on its way somewhere, may touch it any more. */
	return send_out(store, kept->number, kept->length > 0 || kept->last_of_rewrite);
}

/* Everything gathered since the last time, after what is in `out` already. */
static bool send_gathered(struct store *store, bool last_of_rewrite)
{
	struct commits *commits = &store->commits;
	struct kept *kept;

	if (commits->gone.failed || commits->lasting.failed || commits->told.failed) {
		/* Some of it is lost; live state is not, and is written anew. */
		batch_clear(&commits->gone);
		batch_clear(&commits->lasting);
		batch_clear(&commits->told);
		redis_drop(store->redis, "out of memory while gathering");
		return false;
	}
	gather_write(store, &commits->out);
	days_write(store, &commits->out);
	kept = keep_lasting(store);
	if (kept == NULL) {
		redis_drop(store->redis, "out of memory for a commit");
		return false;
	}
	kept->live = true;
	kept->last_of_rewrite = last_of_rewrite;
	commits->changed = false;
	return send_kept(store, kept);
}

static bool send_rewrite(struct store *store)
{
	struct commits *commits = &store->commits;

	if (rewrite_chunk(store, &commits->out))
		return send_out(store, 0, false);
	rewrite_switch(store, &commits->out);
	store->phase = PHASE_LIVE;
	return send_gathered(store, true);
}

void commits_pump(struct store *store)
{
	struct commits *commits = &store->commits;
	struct kept *kept;

	while (store->phase >= PHASE_REWRITING && commits->in_flight < IN_FLIGHT_MAX) {
		bool sent;

		if ((kept = first_unsent(commits)) != NULL)
			sent = send_kept(store, kept);
		else if (store->phase == PHASE_REWRITING)
			sent = send_rewrite(store);
		else if (commits->changed)
			sent = send_gathered(store, false);
		else
			break;
		if (!sent)
			return;
	}
}

/* --- what has arrived --- */

static void finish_rewrite(struct store *store)
{
	store->meters->store_up = true;
	store->meters->store_degraded = false;
	bound_backlog(store);
	log_fact(
	        LOG_LEVEL_NOTICE, "store.rewritten",
	        LOG_NUMBER("calls", directory_calls(store->directory)),
	        LOG_NUMBER("took_ms", (clock_monotonic() - store->commits.rewrite_began) / MSEC(1)),
	        LOG_NUMBER("away_ms", (clock_monotonic() - store->lost_at) / MSEC(1)));
}

static void forget_old(struct store *store)
{
	struct commits *commits = &store->commits;
	usec_t now = clock_monotonic();
	struct kept *kept;

	while ((kept = TAILQ_FIRST(&commits->kept)) != NULL && kept->acked_at != 0 &&
	       (now - kept->acked_at > RETAIN || commits->acked_bytes > store->backlog_max / 4))
		forget_kept(store, kept);
}

static void acknowledge(struct store *store, struct kept *kept)
{
	struct commits *commits = &store->commits;

	assert(commits->open == kept);
	kept->acked_at = clock_monotonic();
	commits->kept_bytes -= weight(kept);
	commits->acked_bytes += weight(kept);
	commits->open = TAILQ_NEXT(kept, by_number);
	if (kept->number > commits->answered)
		commits->answered = kept->number;
}

static void confirm(struct store *store, uint64_t number)
{
	struct commits *commits = &store->commits;
	struct kept *kept = commits->open;
	bool live, last_of_rewrite;

	if (kept == NULL || kept->number != number)
		return; /* of an earlier connection */
	acknowledge(store, kept);
	histogram_add(&store->meters->commit, kept->acked_at - kept->sent_at);
	store->meters->store_commits++;
	live = kept->live;
	last_of_rewrite = kept->last_of_rewrite;
	if (kept->length == 0)
		forget_kept(store, kept);
	forget_old(store);
	days_kept(store, number);
	if (last_of_rewrite)
		finish_rewrite(store);
	if (live && number > commits->reported) {
		commits->reported = number;
		if (store->hooks.committed != NULL)
			store->hooks.committed(number, store->hooks.arg);
	}
}

static void on_answer(const redisReply *reply, uint64_t number, void *arg)
{
	struct store *store = arg;

	if (reply == NULL)
		return; /* commits_suspend() sees to it */
	if (store->commits.in_flight > 0)
		store->commits.in_flight--;
	store->meters->store_pending = store->commits.in_flight;
	if (reply->type == REDIS_REPLY_ERROR) {
		store->meters->store_commit_failures++;
		redis_drop(store->redis, reply->str);
		return;
	}
	if (reply->type == REDIS_REPLY_ARRAY && reply->elements == 3) {
		/* Somebody has made something else of a key: the rest is done. */
		store->meters->store_commit_failures++;
		log_limited(LOG_LEVEL_ERROR, "store.operation_failed",
		            LOG_NUMBER("operations", reply->element[1]->integer),
		            LOG_TEXT("error", reply->element[2]->str));
	}
	if (number != 0)
		confirm(store, number);
	commits_pump(store);
}

/* --- the daemon's side --- */

uint64_t store_commit(struct store *store)
{
	struct commits *commits = &store->commits;
	uint64_t number = 0;

	if (days_have_news(store))
		gather_mark(store);
	if (commits->marked) {
		commits->marked = false;
		commits_pump(store);
		seal(store);
		if (store->phase != PHASE_LIVE)
			bound_backlog(store);
		/* What an answer has made room for may have left before the turn was over. */
		number = commits->changed ? commits->next : commits->next - 1;
	}
	redis_flush(store->redis); /* recalls too */
	return number;
}

void commits_suspend(struct store *store)
{
	struct commits *commits = &store->commits;

	commits->in_flight = 0;
	store->meters->store_pending = 0;
	batch_clear(&commits->out);
	gather_nothing(store);
	for (struct kept *kept = commits->open; kept != NULL; kept = TAILQ_NEXT(kept, by_number)) {
		kept->sent_at = 0;
		kept->live = kept->last_of_rewrite = false;
	}
	bound_backlog(store);
}

void commits_resume(struct store *store, uint64_t applied)
{
	struct commits *commits = &store->commits;
	struct kept *kept;

	while (commits->open != NULL && commits->open->number <= applied)
		acknowledge(store, commits->open);
	/* What was confirmed and is not there: Redis has lost the end of its file. */
	while ((kept = commits->open == NULL
	                       ? TAILQ_LAST(&commits->kept, kept_list)
	                       : TAILQ_PREV(commits->open, kept_list, by_number)) != NULL &&
	       kept->number > applied) {
		commits->acked_bytes -= weight(kept);
		commits->kept_bytes += weight(kept);
		kept->acked_at = kept->sent_at = 0;
		kept->live = kept->last_of_rewrite = false;
		commits->open = kept;
	}
	days_lost(store, applied);
	rewrite_begin(store);
	store->phase = PHASE_REWRITING;
	commits_pump(store);
}

bool commits_idle(const struct store *store)
{
	return store->phase < PHASE_REWRITING ||
	       (store->phase == PHASE_LIVE && !store->commits.changed &&
	        store->commits.in_flight == 0 && store->commits.open == NULL);
}

bool commits_all_sent(const struct store *store)
{
	return store->phase == PHASE_LIVE && !store->commits.changed &&
	       first_unsent(&store->commits) == NULL;
}

int commits_init(struct store *store, const struct options *options, struct err *err)
{
	struct commits *commits = &store->commits;

	commits->next = 1;
	commits->first_call = commits->first_agent = SLOT_NONE;
	TAILQ_INIT(&commits->kept);
	commits->calls_max = (uint32_t)options->calls_max;
	commits->agents_max = (uint32_t)options->agents_max;
	commits->calls = calloc(commits->calls_max, sizeof(*commits->calls));
	commits->agents = calloc(commits->agents_max, sizeof(*commits->agents));
	if (commits->calls == NULL || commits->agents == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

void commits_done(struct store *store)
{
	struct commits *commits = &store->commits;
	struct kept *kept;

	/* Not begun when the lists are still zero. */
	while (commits->next != 0 && (kept = TAILQ_FIRST(&commits->kept)) != NULL) {
		TAILQ_REMOVE(&commits->kept, kept, by_number);
		free(kept);
	}
	for (uint32_t i = 0; commits->calls != NULL && i < commits->calls_max; i++)
		recalled_free(&commits->calls[i]);
	free(commits->calls);
	free(commits->agents);
	batch_done(&commits->gone);
	batch_done(&commits->lasting);
	batch_done(&commits->told);
	batch_done(&commits->out);
}

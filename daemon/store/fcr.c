#include "fcr.h"

#include "state.h"

/* What fcr.lua is told of a call: words with tabs between, which no name has. */
#define NEWS_SIZE 2048
#define REASON_BYTES 64 /* of a reason that count */

struct news {
	struct batch *batch;
	char *start;
	size_t length;
};

/* All that a commit tells goes to the end of the list by one command. */
static bool open_news(struct store *store, struct news *news, const char *what)
{
	struct wide_op op = { &store->commits.told, "RPUSH", store->keys.news };

	*news = (struct news){ .batch = op.batch };
	wide_op_next(&op);
	news->start = batch_reserve(news->batch, NEWS_SIZE);
	if (news->start == NULL)
		return false; /* the batch says so when it is sent */
	news->length = strlen(what);
	memcpy(news->start, what, news->length);
	return true;
}

/* One more word; what could part words or lines is a space. */
static void put(struct news *news, const char *word, size_t bytes_max)
{
	size_t length = strlen(word);

	if (length > bytes_max) {
		length = bytes_max;
		while (length > 0 && ((unsigned char)word[length] & 0xc0) == 0x80)
			length--; /* not in the midst of a character */
	}
	if (news->length + 1 + length > NEWS_SIZE)
		length = NEWS_SIZE - news->length - 1;
	news->start[news->length++] = '\t';
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)word[i];

		news->start[news->length++] = byte < ' ' || byte == 0x7f ? ' ' : word[i];
	}
}

static void put_ms(struct news *news, usec_t value)
{
	char digits[24];
	size_t at = sizeof(digits) - 1;

	digits[at] = '\0';
	value /= MSEC(1);
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	put(news, digits + at, sizeof(digits));
}

static void close_news(struct store *store, struct news *news)
{
	if (news->start != NULL)
		batch_written(news->batch, news->length);
	gather_mark(store);
	fcr_sweep_news(store->fcr_sweep);
}

void store_keep_fcr(struct store *store, struct fcrbook *book)
{
	store->fcr.book = book;
}

/* --- calls --- */

/* Names, tiers and the like are at most 128 bytes each. */
static void put_facts(struct store *store, struct news *news, const struct call_card *card,
                      const struct contact *facts)
{
	const struct directory_names {
		const char *queue, *agent, *tier;
	} names = {
		directory_queue_name(store->directory, facts->queue),
		directory_agent_name(store->directory, facts->credited),
		directory_tier_name(store->directory, facts->tier),
	};
	bool holdout = facts->sticky == STICKY_NEW && facts->why == WHY_HOLDOUT;

	put(news, days_hour(store, facts->ended_at), FCR_HOUR_SIZE);
	put(news, names.queue, 160);
	put(news, card->facts.reason, REASON_BYTES);
	put(news, names.agent, 160);
	put(news, sticky_result_name(facts->sticky), 32);
	put(news, names.tier, 160);
	/* Only those who return are compared. */
	put(news, holdout ? "holdout" : facts->sticky == STICKY_NEW ? "" : "sticky", 16);
}

/* NULL: there is nothing to tell. */
static const char *kind_of(const struct store *store, const char *key, bool remembered,
                           const struct contact *facts)
{
	const struct queue_options *queue = directory_queue_options(store->directory, facts->queue);

	if (facts->outcome == OUTCOME_ABANDONED)
		return store->fcr.abandoned_counts && *key != '\0' ? "left" : NULL;
	if (facts->outcome != OUTCOME_ANSWERED)
		return NULL;
	if (*key == '\0' || (queue != NULL && facts->talk < queue->plan.min_talk))
		return "other";
	return remembered ? "kept" : "contact";
}

/* Whether its agent wraps up: the handling is told when that is over. */
static bool waits_for_wrapup(const struct store *store, const char *contact,
                             const struct contact *facts)
{
	const struct agent_card *agent = directory_agent(store->directory, facts->agent);

	return agent != NULL && strcmp(agent->wrapup.contact, contact) == 0;
}

void fcr_tell_call(struct store *store, const struct call_card *card, const char *contact,
                   const char *key, bool remembered, const struct contact *facts)
{
	const char *kind = kind_of(store, key, remembered, facts);
	struct news news;

	if (kind == NULL)
		return;
	if (open_news(store, &news, "call")) {
		put(&news, kind, 16);
		put(&news, key, 300);
		put(&news, contact, 64);
		put_ms(&news, facts->arrived_at);
		put_ms(&news, facts->ended_at);
		put_ms(&news, facts->wait);
		if (waits_for_wrapup(store, contact, facts))
			put(&news, "-", 1);
		else
			put_ms(&news, facts->talk + facts->hold + card->days.wrapup);
		put_facts(store, &news, card, facts);
	}
	close_news(store, &news);
}

void fcr_tell_long(struct store *store, const struct call_card *card, const char *key,
                   const struct call_record *record, usec_t now)
{
	struct news news;

	if (open_news(store, &news, "call")) {
		put(&news, "long", 16);
		put(&news, key, 300);
		put(&news, "-", 1); /* contacts have a name when they are over */
		put_ms(&news, record->arrived_at);
		put_ms(&news, now);
		put_ms(&news, 0);
		put_ms(&news, 0);
		put(&news, days_hour(store, now), FCR_HOUR_SIZE);
		put(&news, directory_queue_name(store->directory, record->queue), 160);
		put(&news, card->facts.reason, REASON_BYTES);
	}
	close_news(store, &news);
}

void fcr_tell_handled(struct store *store, const char *contact, usec_t handling)
{
	struct news news;

	if (open_news(store, &news, "handled")) {
		put(&news, contact, 64);
		put_ms(&news, handling);
	}
	close_news(store, &news);
}

/* --- what is said of them --- */

void fcr_tell_said(struct store *store, const char *contact, const char *outcome)
{
	struct news news;

	if (*contact == '\0' || *outcome == '\0')
		return;
	if (open_news(store, &news, "said")) {
		put(&news, contact, 64);
		put(&news, outcome, 32);
	}
	close_news(store, &news);
}

void fcr_tell_survey(struct store *store, const char *contact, struct text json)
{
	struct news news;
	char answers[512];

	if (json.length >= sizeof(answers))
		return;
	memcpy(answers, json.start, json.length);
	answers[json.length] = '\0';
	if (open_news(store, &news, "survey")) {
		put(&news, contact, 64);
		put(&news, answers, sizeof(answers));
	}
	close_news(store, &news);
}

/* A contact that was told before would bring the memory back. */
void fcr_tell_forgotten(struct store *store, const char *key)
{
	struct news news;

	if (open_news(store, &news, "forget"))
		put(&news, key, 300);
	close_news(store, &news);
}

#include "najimi/shell/feed.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#define SUBSCRIBERS_MAX 4
#define JSON_MAX ((size_t)16 << 10)
#define WRAPPING "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":" /* closed by one '}' */

struct kept {
	struct feed_event event; /* its client and json live in `bytes` */
	char *bytes;
	size_t size;
};

struct feed {
	char epoch[9];
	char start[96]; /* of every notification, up to the number */
	size_t start_length;
	uint64_t seq;
	size_t kept_max;
	struct kept *ring; /* event n is at n % kept_max */
	size_t subscribers_count;
	struct {
		feed_subscriber_fn *fn;
		void *arg;
	} subscribers[SUBSCRIBERS_MAX];
};

static const char *const type_names[FEED_TYPES] = {
	[FEED_CALL_DECIDED] = "call.decided",
	[FEED_CALL_CHANGED] = "call.changed",
	[FEED_CALL_OFFER_CANCELLED] = "call.offer_cancelled",
	[FEED_CALL_ENDED] = "call.ended",
	[FEED_AGENT_CHANGED] = "agent.changed",
	[FEED_SURVEY_ANSWERED] = "survey.answered",
};

const char *feed_type_name(enum feed_type type)
{
	return type_names[type];
}

int feed_type_of(const char *name)
{
	for (int i = 0; i < FEED_TYPES; i++)
		if (strcmp(type_names[i], name) == 0)
			return i;
	return -1;
}

struct text feed_event_params(const struct feed_event *event)
{
	size_t before = sizeof(WRAPPING) - 1;

	assert(event->json.length > before + 1);
	return (struct text){ event->json.start + before, event->json.length - before - 1 };
}

struct feed *feed_new(size_t kept)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	uint32_t chance = 0;

	assert(kept > 0);
	if (feed == NULL)
		return NULL;
	feed->kept_max = kept;
	feed->ring = calloc(kept, sizeof(*feed->ring));
	if (feed->ring == NULL || getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
		return feed_free(feed);
	snprintf(feed->epoch, sizeof(feed->epoch), "%08" PRIx32, chance);
	feed->start_length = (size_t)snprintf(feed->start, sizeof(feed->start),
	                                      WRAPPING "{\"epoch\":\"%s\",\"seq\":", feed->epoch);
	return feed;
}

struct feed *feed_free(struct feed *feed)
{
	if (feed == NULL)
		return NULL;
	for (size_t i = 0; feed->ring != NULL && i < feed->kept_max; i++)
		free(feed->ring[i].bytes);
	free(feed->ring);
	free(feed);
	return NULL;
}

const char *feed_epoch(const struct feed *feed)
{
	return feed->epoch;
}

uint64_t feed_seq(const struct feed *feed)
{
	return feed->seq;
}

/* Room for `need` bytes in the ring's place; what was there is forgotten. */
static bool make_room(struct kept *kept, size_t need)
{
	char *bytes;

	if (kept->size >= need)
		return true;
	bytes = realloc(kept->bytes, need);
	if (bytes == NULL)
		return false;
	kept->bytes = bytes;
	kept->size = need;
	return true;
}

static char *put(char *at, const char *bytes, size_t length)
{
	memcpy(at, bytes, length);
	return at + length;
}

static char *put_number(char *at, uint64_t number)
{
	char digits[20];
	size_t first = sizeof(digits);

	do {
		digits[--first] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	return put(at, digits + first, sizeof(digits) - first);
}

/* Everything before the data. By hand: a busy daemon says this a hundred thousand times
 * a second. */
static size_t make_head(const struct feed *feed, enum feed_type type, usec_t at, char head[256])
{
	const char *name = type_names[type];
	char instant[INSTANT_SIZE], *end;

	text_of_instant(at, instant, sizeof(instant));
	end = put(head, feed->start, feed->start_length);
	end = put_number(end, feed->seq + 1);
	end = put(end, ",\"at\":\"", 7);
	end = put(end, instant, INSTANT_SIZE - 1);
	end = put(end, "\",\"type\":\"", 10);
	end = put(end, name, strlen(name));
	end = put(end, "\",\"data\":", 9);
	return (size_t)(end - head);
}

void feed_publish(struct feed *feed, enum feed_type type, queue_index queue, const char *client,
                  usec_t at, struct text data)
{
	struct kept *kept = &feed->ring[(feed->seq + 1) % feed->kept_max];
	size_t client_size = strlen(client) + 1, head_length;
	char head[256];

	assert(data.length < JSON_MAX);
	head_length = make_head(feed, type, at, head);
	/* Out of memory: the event is not numbered, so nobody takes it for a gap. */
	if (!make_room(kept, client_size + head_length + data.length + 3))
		return;
	memcpy(kept->bytes, client, client_size);
	memcpy(kept->bytes + client_size, head, head_length);
	memcpy(kept->bytes + client_size + head_length, data.start, data.length);
	memcpy(kept->bytes + client_size + head_length + data.length, "}}", 3);
	kept->event = (struct feed_event){
		.seq = ++feed->seq,
		.type = type,
		.queue = queue,
		.coalesces = type == FEED_CALL_CHANGED || type == FEED_AGENT_CHANGED,
		.client = kept->bytes,
		.json = { kept->bytes + client_size, head_length + data.length + 2 },
	};
	for (size_t i = 0; i < feed->subscribers_count; i++)
		feed->subscribers[i].fn(&kept->event, feed->subscribers[i].arg);
}

bool feed_subscribe(struct feed *feed, feed_subscriber_fn *subscriber, void *arg)
{
	if (feed->subscribers_count == SUBSCRIBERS_MAX)
		return false;
	feed->subscribers[feed->subscribers_count].fn = subscriber;
	feed->subscribers[feed->subscribers_count++].arg = arg;
	return true;
}

bool feed_replay(const struct feed *feed, uint64_t after, feed_subscriber_fn *subscriber, void *arg)
{
	if (after > feed->seq || feed->seq - after > feed->kept_max)
		return false;
	for (uint64_t seq = after + 1; seq <= feed->seq; seq++)
		if (feed->ring[seq % feed->kept_max].event.seq != seq)
			return false;
	for (uint64_t seq = after + 1; seq <= feed->seq; seq++)
		subscriber(&feed->ring[seq % feed->kept_max].event, arg);
	return true;
}

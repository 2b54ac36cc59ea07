#include "whatif_contacts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "najimi/base/hash.h"
#include "najimi/codec/json.h"
#include "traffic.h"

#define SPAN_MAX HOUR(24) /* of a wait or a talk */
#define LINE_BYTES_MAX ((size_t)64 * 1024)
#define ID_BYTES_MAX 300

static const struct json_limits limits = { .bytes_max = (size_t)16 << 10,
	                                   .depth_max = 8,
	                                   .members_max = 256 };

/* --- members --- */

/* NULL when absent or no text. */
static const char *text_member(const struct json *object, const char *name)
{
	const struct json *member = json_member(object, name);
	const char *text = NULL;

	return member != NULL && json_get_text(member, &text) ? text : NULL;
}

/* An absent span is none. */
static int get_span(const struct json *object, const char *name, usec_t *ret, struct err *err)
{
	const struct json *member = json_member(object, name);
	int64_t ms = 0;

	if (member != NULL && (!json_get_int(member, &ms) || ms < 0))
		return err_set(err, -EINVAL, "%s is no number of milliseconds", name);
	if ((usec_t)ms > SPAN_MAX / MSEC(1))
		return err_set(err, -EINVAL, "%s is longer than a day", name);
	*ret = MSEC(ms);
	return 0;
}

/* An absent instant is 0. */
static int get_instant(const struct json *object, const char *name, usec_t *ret, struct err *err)
{
	const struct json *member = json_member(object, name);
	const char *text;

	*ret = 0;
	if (member == NULL)
		return 0;
	if (!json_get_text(member, &text) || text_to_instant(text_of(text), ret) < 0)
		return err_set(err, -EINVAL, "%s is no instant", name);
	return 0;
}

/* An absent name is nobody's. */
static int get_name(const struct json *object, const char *name, struct lexicon *lexicon,
                    uint32_t *ret, struct err *err)
{
	const char *text = text_member(object, name);

	*ret = WHATIF_NOBODY;
	if (text == NULL || text[0] == '\0')
		return 0;
	if (!text_is_id(text_of(text), ID_BYTES_MAX))
		return err_set(err, -EINVAL, "%s is no name", name);
	if (!lexicon_intern(lexicon, text_of(text), ret))
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

/* --- one contact --- */

static int get_queue(struct whatif_contacts *contacts, const struct json *object, uint8_t *ret,
                     struct err *err)
{
	uint32_t queue;
	int r = get_name(object, "queue", &contacts->queues, &queue, err);

	if (r == 0 && queue == WHATIF_NOBODY)
		r = get_name(object, "first_queue", &contacts->queues, &queue, err);
	if (r < 0)
		return r;
	if (queue == WHATIF_NOBODY)
		return err_set(err, -EINVAL, "has no queue");
	if (queue >= TRAFFIC_QUEUES_MAX)
		return err_set(err, -E2BIG, "contacts of more than %d queues: that is too many",
		               TRAFFIC_QUEUES_MAX);
	*ret = (uint8_t)queue;
	return 0;
}

static int get_times(const struct json *object, struct whatif_contact *contact, struct err *err)
{
	usec_t talk = 0, hold = 0;
	int r;

	if ((r = get_instant(object, "arrived_at", &contact->arrived_at, err)) < 0 ||
	    (r = get_instant(object, "answered_at", &contact->answered_at, err)) < 0 ||
	    (r = get_instant(object, "ended_at", &contact->ended_at, err)) < 0 ||
	    (r = get_span(object, "wait_ms", &contact->wait, err)) < 0 ||
	    (r = get_span(object, "ring_ms", &contact->ring, err)) < 0 ||
	    (r = get_span(object, "talk_ms", &talk, err)) < 0 ||
	    (r = get_span(object, "hold_ms", &hold, err)) < 0 ||
	    (r = get_span(object, "waited_ms", &contact->held, err)) < 0)
		return r;
	if (contact->arrived_at == 0)
		return err_set(err, -EINVAL, "has no arrived_at");
	if (contact->answered_at != 0 && contact->answered_at < contact->arrived_at)
		return err_set(err, -EINVAL, "was answered before it arrived");
	contact->service = talk + hold;
	if (contact->answered_at != 0 && contact->ended_at < contact->answered_at)
		contact->ended_at = contact->answered_at + contact->service;
	return 0;
}

/* How it went, in the words of the record. False: it cannot be played. */
static bool get_fate(const struct json *object, struct whatif_contact *contact)
{
	const char *outcome = text_member(object, "outcome"), *sticky;

	if (outcome == NULL || strcmp(outcome, "rejected") == 0)
		return false;
	contact->gave_up =
	        strcmp(outcome, "abandoned") == 0 || strcmp(outcome, "short_abandoned") == 0;
	if (contact->gave_up)
		contact->answered_at = 0;
	sticky = text_member(object, "sticky");
	if (contact->answered_at != 0 && sticky != NULL) {
		contact->own = strcmp(sticky, "own") == 0;
		contact->returned = contact->own || strcmp(sticky, "known") == 0 ||
		                    strcmp(sticky, "team") == 0 || strcmp(sticky, "other") == 0;
	}
	return true;
}

/* Doubles the list when it is full. */
static int make_room(struct whatif_contacts *contacts, struct err *err)
{
	size_t capacity = contacts->capacity == 0 ? 1024 : contacts->capacity * 2;
	struct whatif_contact *grown;

	if (contacts->count == WHATIF_CONTACTS_MAX)
		return err_set(err, -E2BIG, "more than %d contacts: choose a shorter --since",
		               WHATIF_CONTACTS_MAX);
	if (contacts->count < contacts->capacity)
		return 0;
	grown = realloc(contacts->list, capacity * sizeof(*grown));
	if (grown == NULL)
		return err_set(err, -ENOMEM, "out of memory for %zu contacts", capacity);
	contacts->list = grown;
	contacts->capacity = capacity;
	return 0;
}

static int take(struct whatif_contacts *contacts, const struct json *object, struct err *err)
{
	struct whatif_contact contact = { 0 };
	const char *id = text_member(object, "contact");
	int r = make_room(contacts, err);

	if (r < 0)
		return r;
	if (json_type(object) != JSON_OBJECT)
		return err_set(err, -EINVAL, "is no object");
	/* A disposition is another record; in a file nothing else tells them apart. */
	if (json_member(object, "arrived_at") == NULL && json_member(object, "at") != NULL)
		return 0;
	r = get_times(object, &contact, err);
	if (r < 0)
		return r;
	if (!get_fate(object, &contact))
		return 0;
	if ((r = get_queue(contacts, object, &contact.queue, err)) < 0 ||
	    (r = get_name(object, "agent", &contacts->agents, &contact.agent, err)) < 0 ||
	    (r = get_name(object, "key", &contacts->customers, &contact.customer, err)) < 0)
		return r;
	if (id == NULL)
		return err_set(err, -EINVAL, "has no contact");
	contact.id = hash_bytes(HASH_START, id, strlen(id));
	contacts->list[contacts->count++] = contact;
	return 1;
}

int whatif_contacts_add(struct whatif_contacts *contacts, struct text json, struct err *err)
{
	struct json *document;
	struct err why = { "" };
	int r = json_parse(json, &limits, &document, &why);

	contacts->read++;
	if (r == 0) {
		r = take(contacts, document, &why);
		json_free(document);
	}
	if (r == -EINVAL && contacts->unreadable++ == 0)
		snprintf(contacts->fault, sizeof(contacts->fault), "%.199s", why.text);
	return r < 0 ? err_set(err, r, "%s", why.text) : r;
}

int whatif_contacts_read(struct whatif_contacts *contacts, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	size_t size = 0, number = 0;
	char *line = NULL;
	int r = 0;

	if (file == NULL)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	while (r >= 0) {
		ssize_t length;

		errno = 0;
		length = getline(&line, &size, file);
		if (length < 0 && errno != 0)
			r = err_set(err, -errno, "%s: %s", path, strerror(errno));
		if (length < 0)
			break;
		number++;
		while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
			length--;
		if (length == 0)
			continue;
		if ((size_t)length > LINE_BYTES_MAX)
			r = err_set(err, -EINVAL, "a line of %zd bytes", length);
		else
			r = whatif_contacts_add(contacts, (struct text){ line, (size_t)length },
			                        err);
		if (r < 0)
			r = err_wrap(err, r, "%s:%zu", path, number);
	}
	free(line);
	fclose(file);
	return r < 0 ? r : 0;
}

/* --- all of them --- */

static int by_arrival(const void *left, const void *right)
{
	const struct whatif_contact *a = left, *b = right;

	if (a->arrived_at != b->arrived_at)
		return a->arrived_at < b->arrived_at ? -1 : 1;
	return a->id < b->id ? -1 : a->id > b->id;
}

void whatif_contacts_sort(struct whatif_contacts *contacts, usec_t from)
{
	struct whatif_contact *list = contacts->list;
	size_t count = 0;

	if (contacts->count > 0)
		qsort(list, contacts->count, sizeof(*list), by_arrival);
	for (size_t i = 0; i < contacts->count; i++) {
		if (list[i].arrived_at < from)
			continue;
		if (count > 0 && by_arrival(&list[count - 1], &list[i]) == 0)
			continue;
		list[count++] = list[i];
	}
	contacts->count = count;
}

void whatif_contacts_done(struct whatif_contacts *contacts)
{
	lexicon_done(&contacts->customers);
	lexicon_done(&contacts->agents);
	lexicon_done(&contacts->queues);
	free(contacts->list);
	*contacts = (struct whatif_contacts){ 0 };
}

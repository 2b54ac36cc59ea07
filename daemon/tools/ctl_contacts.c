#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "contact_stream.h"
#include "contacts_print.h"
#include "ctl.h"

#define TABLE_ROWS_MAX 10000 /* what a person looks through is less */
#define SKEW_MAX MINUTE(5)   /* between the daemon's clock and Redis' */
#define LATE_MAX HOUR(24)    /* a contact that Redis had to wait for longer than that... */

/* najimictl contacts: asks no daemon, but prints what the daemon has written. */
struct listing {
	const struct contacts_args *args;
	const char *queue;
	struct contacts_print print;
	size_t max;
	uint64_t unreadable;
	char last[CONTACT_STREAM_ID_SIZE]; /* the entry printed last */
	bool more;
};

static const struct json_limits limits = { .bytes_max = (size_t)64 << 10,
	                                   .depth_max = 8,
	                                   .members_max = 256 };

static bool is_member(const struct json *contact, const char *name, const char *value)
{
	const char *text;

	return json_get_text(json_member(contact, name), &text) && strcmp(text, value) == 0;
}

static bool is_wanted(const struct listing *listing, const struct json *contact)
{
	const struct contacts_args *args = listing->args;
	const char *text;
	usec_t ended;

	if (!json_get_text(json_member(contact, "ended_at"), &text) ||
	    text_to_instant(text_of(text), &ended) < 0)
		return false;
	if (ended < args->since || ended >= args->until)
		return false;
	if (listing->queue != NULL && !is_member(contact, "queue", listing->queue) &&
	    !is_member(contact, "first_queue", listing->queue))
		return false;
	return args->agent == NULL || is_member(contact, "agent", args->agent);
}

/* Entries lie in the order in which Redis heard of them. */
static bool is_past(const struct listing *listing, const char *id)
{
	return listing->args->until != USEC_NEVER &&
	       strtoull(id, NULL, 10) > (listing->args->until + LATE_MAX) / MSEC(1);
}

static int list_one(struct listing *listing, const char *id, const struct json *contact,
                    struct err *err)
{
	int r;

	if (!is_wanted(listing, contact))
		return 0;
	if (listing->print.count == listing->max) {
		listing->more = true;
		return 1;
	}
	r = contacts_print_one(&listing->print, id, contact, err);
	snprintf(listing->last, sizeof(listing->last), "%s", id);
	return r;
}

static int take_entry(const struct contact_entry *entry, void *arg, struct err *err)
{
	struct listing *listing = arg;
	struct json *contact;
	struct err why;
	int r;

	if (is_past(listing, entry->id))
		return 1;
	if (strcmp(entry->field, "contact") != 0)
		return 0;
	r = json_parse(entry->json, &limits, &contact, &why);
	if (r == -EINVAL) {
		listing->unreadable++;
		return 0;
	}
	if (r < 0)
		return err_set(err, r, "%s", why.text);
	r = list_one(listing, entry->id, contact, err);
	json_free(contact);
	return r;
}

static int list_all(struct ctl *ctl, struct listing *listing, struct err *err)
{
	const struct contacts_args *args = listing->args;
	struct progress progress = { 0 };
	struct options *options = NULL;
	struct contact_wish wish = { .after = args->after, .take = take_entry, .arg = listing };
	int r = options_load(ctl->args.whatif.config, &options, err);

	if (r < 0)
		return r;
	wish.from = args->since > SKEW_MAX ? args->since - SKEW_MAX : 0;
	progress_start(&progress, "reading contacts");
	r = contact_stream_read(options, ctl->args.whatif.socket, &wish, &progress, err);
	progress_end(&progress);
	options_free(options);
	return r;
}

/* What the output itself has no place for. */
static void say_the_rest(const struct listing *listing)
{
	if (listing->unreadable > 0)
		fprintf(stderr, "najimictl: %" PRIu64 " entries cannot be read\n",
		        listing->unreadable);
	if (listing->more && listing->print.format != CONTACTS_JSON)
		fprintf(stderr, "najimictl: there are more: --after %s\n", listing->last);
}

enum ctl_exit ctl_contacts(struct ctl *ctl)
{
	const struct contacts_args *args = &ctl->args.contacts;
	struct listing listing = { .args = args, .queue = ctl->args.queue, .max = SIZE_MAX };
	enum contacts_format format =
	        ctl->args.json && !args->has_format ? CONTACTS_JSON : args->format;
	struct err err = { "" };
	int r;

	if (ctl->args.count > 0)
		listing.max = (size_t)ctl->args.count;
	else if (format == CONTACTS_TABLE)
		listing.max = TABLE_ROWS_MAX;
	signal(SIGPIPE, SIG_IGN); /* hiredis writes without MSG_NOSIGNAL; ferror() tells of ours */
	r = contacts_print_begin(&listing.print, ctl->out, format, args->pii, &err);
	if (r == 0)
		r = list_all(ctl, &listing, &err);
	if (r == 0) {
		contacts_print_end(&listing.print, listing.more ? listing.last : NULL, ctl->colour);
		say_the_rest(&listing);
	} else {
		fprintf(stderr, "najimictl: %s\n", err.text);
	}
	contacts_print_done(&listing.print);
	return r == 0 ? CTL_OK : r == -ENOTCONN ? CTL_UNREACHABLE : CTL_REFUSED;
}

/* Sentences become deeds. One function per kind of sentence, a table to find it. */
#include <errno.h>
#include <string.h>

#include "deed.h"
#include "deed_plan.h"
#include "words.h"

#include "najimi/core/view.h"

const struct core_limits deed_limits = {
	.calls_max = 32, .agents_max = 16, .queues_max = CAST_QUEUES_MAX, .memberships_max = 64
};

unsigned names_index(struct names *names, unsigned max, const char *name)
{
	for (unsigned i = 0; i < names->count; i++)
		if (strcmp(names->items[i], name) == 0)
			return i;
	if (names->count == max || strlen(name) >= CAST_NAME_MAX || *name == '\0')
		return CAST_NOBODY;
	strcpy(names->items[names->count], name);
	return names->count++;
}

static int read_name(struct names *names, unsigned max, struct words *words, unsigned *ret,
                     struct err *err)
{
	const char *name = words_take(words);

	*ret = names_index(names, max, name);
	if (*ret == CAST_NOBODY)
		return err_set(err, -EINVAL, "'%s' is no usable name, or there are too many", name);
	return 0;
}

static int read_agent(struct cast *cast, struct words *words, unsigned *ret, struct err *err)
{
	return read_name(&cast->agents, CAST_AGENTS_MAX, words, ret, err);
}

static int read_queue(struct cast *cast, struct words *words, unsigned *ret, struct err *err)
{
	return read_name(&cast->queues, CAST_QUEUES_MAX, words, ret, err);
}

static int read_unsigned(struct words *words, long max, uint32_t *ret, struct err *err)
{
	long value;
	int r = words_number(words, 0, max, &value, err);

	if (r == 0)
		*ret = (uint32_t)value;
	return r;
}

static int read_priority(struct words *words, int *ret, struct err *err)
{
	long value = 0;
	int r = words_number(words, -PRIORITY_MAX, PRIORITY_MAX, &value, err);

	*ret = (int)value;
	return r;
}

static int not_understood(struct words *words, struct err *err)
{
	const char *word = words_peek(words);

	if (word == NULL)
		return err_set(err, -EINVAL, "the sentence ends too early");
	return err_set(err, -EINVAL, "'%s' is not understood here", word);
}

static int read_limits(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	struct core_limits *limits = &deed->limits;
	int r = 0;

	(void)cast;
	deed->type = DEED_LIMITS;
	*limits = deed_limits;
	while (r == 0 && words_peek(words) != NULL) {
		if (words_skip(words, "calls"))
			r = read_unsigned(words, CAST_CALLS_MAX, &limits->calls_max, err);
		else if (words_skip(words, "agents"))
			r = read_unsigned(words, CAST_AGENTS_MAX, &limits->agents_max, err);
		else if (words_skip(words, "queues"))
			r = read_unsigned(words, CAST_QUEUES_MAX, &limits->queues_max, err);
		else if (words_skip(words, "memberships"))
			r = read_unsigned(words, 1024, &limits->memberships_max, err);
		else
			r = not_understood(words, err);
	}
	return r;
}

static int read_plan(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r = read_queue(cast, words, &deed->queue, err);

	deed->type = DEED_QUEUE;
	return r < 0 ? r : plan_read(words, &deed->plan, err);
}

static int read_miss(struct words *words, enum miss_kind *ret, struct err *err)
{
	for (int kind = 0; kind < MISS_KINDS; kind++)
		if (words_skip(words, miss_kind_name((enum miss_kind)kind))) {
			*ret = (enum miss_kind)kind;
			return 0;
		}
	return not_understood(words, err);
}

static bool is_at(const struct words *words, const char *word)
{
	return words_peek(words) != NULL && strcmp(words_peek(words), word) == 0;
}

/* What may be said next of a caller whom the store knows something of, or the end of it. */
static bool is_next_clause(const struct words *words)
{
	static const char *const begins[] = {
		")", "known", "pinned", "never", "left", "tier", "in"
	};

	for (size_t i = 0; i < ARRAY_LEN(begins); i++)
		if (is_at(words, begins[i]))
			return true;
	return words_peek(words) == NULL;
}

/* "known to alice 3d ago, bob", "pinned to carol": a day ago when it is not said. */
static int read_known(struct cast *cast, struct words *words, bool pinned,
                      struct deed_caller *caller, struct err *err)
{
	int r = 0;

	do {
		unsigned i = caller->known_count;

		if (i == KNOWN_MAX)
			return err_set(err, -EINVAL, "known to more than %d agents", KNOWN_MAX);
		r = read_agent(cast, words, &caller->known[i].agent, err);
		caller->known[i].pinned = pinned;
		caller->known[i].ago = HOUR(24);
		if (r == 0 && words_peek(words) != NULL &&
		    strchr("0123456789", *words_peek(words))) {
			r = words_duration(words, &caller->known[i].ago, err);
			if (r == 0 && !words_skip(words, "ago"))
				r = not_understood(words, err);
		}
		caller->known_count++;
	} while (r == 0 && !is_next_clause(words));
	return r;
}

static int read_never(struct cast *cast, struct words *words, struct deed_caller *caller,
                      struct err *err)
{
	if (caller->never_count == ARRAY_LEN(caller->never))
		return err_set(err, -EINVAL, "never more than %zu agents",
		               ARRAY_LEN(caller->never));
	return read_agent(cast, words, &caller->never[caller->never_count++], err);
}

static int read_tier(struct words *words, unsigned *ret, struct err *err)
{
	return read_unsigned(words, TIERS_MAX, ret, err);
}

/* "left sales 20s ago having waited 5s" */
static int read_left(struct cast *cast, struct words *words, struct deed_caller *caller,
                     struct err *err)
{
	int r = read_queue(cast, words, &caller->left_queue, err);

	caller->left = true;
	if (r == 0)
		r = words_duration(words, &caller->left_ago, err);
	if (r == 0 && !words_skip(words, "ago having waited"))
		r = not_understood(words, err);
	if (r == 0)
		r = words_duration(words, &caller->left_waited, err);
	return r;
}

/* What the store remembers, clause by clause up to the bracket. */
static int read_memory(struct cast *cast, struct words *words, struct deed_caller *caller,
                       struct err *err)
{
	int r = 0;

	caller->kind = CALLER_KNOWN;
	while (r == 0 && !is_at(words, ")")) {
		if (words_skip(words, "known to"))
			r = read_known(cast, words, false, caller, err);
		else if (words_skip(words, "pinned to"))
			r = read_known(cast, words, true, caller, err);
		else if (words_skip(words, "never"))
			r = read_never(cast, words, caller, err);
		else if (words_skip(words, "tier"))
			r = read_tier(words, &caller->tier, err);
		else if (words_skip(words, "in the holdout"))
			caller->holdout = true;
		else if (words_skip(words, "left"))
			r = read_left(cast, words, caller, err);
		else
			r = not_understood(words, err);
	}
	return r;
}

static int read_caller(struct cast *cast, struct words *words, struct deed_caller *caller,
                       struct err *err)
{
	int r = 0;

	if (!words_skip(words, "("))
		return 0;
	if (words_skip(words, "new")) {
		caller->kind = CALLER_NEW;
	} else if (words_skip(words, "withheld")) {
		caller->kind = CALLER_WITHHELD;
	} else if (words_skip(words, "a company")) {
		caller->kind = CALLER_COMPANY;
	} else if (words_skip(words, "a mixed number")) {
		caller->kind = CALLER_MIXED;
	} else if (is_next_clause(words)) {
		r = read_memory(cast, words, caller, err);
	} else {
		caller->kind = CALLER_AGAIN;
		r = read_name(&cast->calls, CAST_CALLS_MAX, words, &caller->again, err);
		if (r == 0 && !words_skip(words, "again"))
			r = not_understood(words, err);
	}
	if (r == 0 && !words_skip(words, ")"))
		r = not_understood(words, err);
	return r;
}

static int read_need(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	uint32_t level = 0;
	int r;

	deed->has_needs = true;
	if (words_skip(words, "nothing"))
		return 0;
	if (deed->needs_count == CALL_NEEDS_MAX)
		return err_set(err, -EINVAL, "more than %d skills", CALL_NEEDS_MAX);
	r = read_name(&cast->skills, CAST_SKILLS_MAX, words, &deed->needs[deed->needs_count].skill,
	              err);
	if (r == 0)
		r = read_unsigned(words, UINT8_MAX, &level, err);
	deed->needs[deed->needs_count++].level = level;
	return r;
}

/* What is said of a call after its verb. */
static int read_wishes(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r = 0;

	while (r == 0 && words_peek(words) != NULL) {
		if (words_skip(words, "queue")) {
			deed->has_queue = true;
			r = read_queue(cast, words, &deed->queue, err);
		} else if (words_skip(words, "priority")) {
			deed->has_priority = true;
			r = read_priority(words, &deed->priority, err);
		} else if (words_skip(words, "needs")) {
			r = read_need(cast, words, deed, err);
		} else if (words_skip(words, "caller")) {
			r = read_caller(cast, words, &deed->caller, err);
		} else if (words_skip(words, "having waited")) {
			r = words_duration(words, &deed->waited, err);
		} else if (words_skip(words, "anybody")) {
			deed->releases = true;
		} else if (words_skip(words, "tier")) {
			deed->has_tier = true;
			r = read_tier(words, &deed->tier, err);
		} else {
			r = not_understood(words, err);
		}
	}
	return r;
}

static int read_arrival(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r;

	deed->type = DEED_CALL_ARRIVES;
	r = read_queue(cast, words, &deed->queue, err);
	return r < 0 ? r : read_wishes(cast, words, deed, err);
}

static int read_offer(struct words *words, struct deed *deed, struct err *err)
{
	uint32_t offer = 0;
	int r = words_skip(words, "offer") ? read_unsigned(words, UINT16_MAX, &offer, err) : 0;

	deed->offer = offer;
	return r;
}

static int read_failure(struct words *words, struct deed *deed, struct err *err)
{
	int r = read_miss(words, &deed->miss, err);

	deed->type = DEED_CALL_FAILS;
	deed->blameless = r == 0 && words_skip(words, "without blame");
	return r < 0 ? r : read_offer(words, deed, err);
}

static int read_transfer(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r;

	deed->type = DEED_CALL_TRANSFERRED;
	if (words_skip(words, "queue"))
		return read_queue(cast, words, &deed->queue, err);
	deed->to_agent = true;
	r = read_agent(cast, words, &deed->agent, err);
	deed->consult = words_skip(words, "by consult");
	deed->has_asked = r == 0 && deed->consult && words_skip(words, "in");
	if (deed->has_asked)
		r = read_name(&cast->calls, CAST_CALLS_MAX, words, &deed->asked, err);
	return r;
}

/* Sentences that say all by their verb; some may name the offer they mean. */
static const struct verb {
	const char *phrase;
	enum deed_type type;
	bool names_offer;
	enum miss_kind miss;
	enum ended_by by;
} verbs[] = {
	{ "rings", DEED_CALL_RINGS, true, 0, 0 },
	{ "is answered", DEED_CALL_ANSWERED, true, 0, 0 },
	{ "is not answered", DEED_CALL_FAILS, true, MISS_NO_ANSWER, 0 },
	{ "is rejected", DEED_CALL_FAILS, true, MISS_REJECTED, 0 },
	{ "is held", DEED_CALL_HELD, false, 0, 0 },
	{ "is retrieved", DEED_CALL_RETRIEVED, false, 0, 0 },
	{ "hangs up", DEED_CALL_ENDED, false, 0, BY_CALLER },
	{ "is hung up by agent", DEED_CALL_ENDED, false, 0, BY_AGENT },
	{ "is hung up by system", DEED_CALL_ENDED, false, 0, BY_SYSTEM },
	{ "is lost", DEED_CALL_ENDED, false, 0, BY_LOSS },
};

static int read_verb(struct words *words, struct deed *deed, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
		const struct verb *verb = &verbs[i];

		if (!words_skip(words, verb->phrase))
			continue;
		deed->type = verb->type;
		deed->miss = verb->miss;
		deed->by = verb->by;
		if (deed->type == DEED_CALL_RINGS && words_skip(words, "for")) {
			int r = words_duration(words, &deed->ring, err);

			if (r < 0)
				return r;
		}
		return verb->names_offer ? read_offer(words, deed, err) : 0;
	}
	return not_understood(words, err);
}

static int read_call(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r = read_name(&cast->calls, CAST_CALLS_MAX, words, &deed->call, err);

	if (r == 0)
		r = read_caller(cast, words, &deed->caller, err);
	if (r < 0)
		return r;
	if (words_skip(words, "arrives in"))
		return read_arrival(cast, words, deed, err);
	if (words_skip(words, "is transferred to"))
		return read_transfer(cast, words, deed, err);
	if (words_skip(words, "fails"))
		return read_failure(words, deed, err);
	if (words_skip(words, "changes to")) {
		deed->type = DEED_CALL_CHANGES;
		return read_wishes(cast, words, deed, err);
	}
	return read_verb(words, deed, err);
}

/* "sales, support with french 5 in team 1 and is ready" */
static int read_service(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r = 0;

	deed->type = DEED_AGENT_LOGS_IN;
	while (r == 0 && words_peek(words) != NULL && !is_at(words, "with") &&
	       !is_at(words, "in") && !is_at(words, "and")) {
		if (deed->queues_count == CAST_QUEUES_MAX)
			return err_set(err, -EINVAL, "more than %d queues", CAST_QUEUES_MAX);
		if (words_skip(words, "nothing"))
			continue;
		r = read_queue(cast, words, &deed->queues[deed->queues_count++], err);
	}
	if (r == 0 && words_skip(words, "with"))
		while (r == 0 && words_peek(words) != NULL && !is_at(words, "in") &&
		       !is_at(words, "and"))
			r = read_need(cast, words, deed, err);
	if (r == 0 && words_skip(words, "in team"))
		r = read_unsigned(words, UINT16_MAX, &deed->team, err);
	deed->ready = words_skip(words, "and is ready");
	return r;
}

static int read_telephone(struct words *words, struct deed *deed, struct err *err)
{
	deed->type = DEED_AGENT_TELEPHONE;
	for (int device = 0; device <= DEVICE_BUSY; device++)
		if (words_skip(words, device_state_name((enum device_state)device))) {
			deed->device = (enum device_state)device;
			return 0;
		}
	return not_understood(words, err);
}

/* Says by `type` that this is no sentence about an agent. */
static int read_person(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r;

	words->next++; /* the name */
	if (words_skip(words, "logs in to"))
		r = read_service(cast, words, deed, err);
	else if (words_skip(words, "now serves"))
		deed->keep_state = true, r = read_service(cast, words, deed, err);
	else if (words_skip(words, "has telephone"))
		r = read_telephone(words, deed, err);
	else if (words_skip(words, "extends wrapup by"))
		deed->type = DEED_AGENT_EXTENDS, r = words_duration(words, &deed->extend, err);
	else if (words_skip(words, "is ready"))
		deed->type = DEED_AGENT_READY, r = 0;
	else if (words_skip(words, "pauses briefly"))
		deed->type = DEED_AGENT_PAUSES, deed->brief = true, r = 0;
	else if (words_skip(words, "pauses"))
		deed->type = DEED_AGENT_PAUSES, r = 0;
	else if (words_skip(words, "logs out"))
		deed->type = DEED_AGENT_LOGS_OUT, r = 0;
	else
		return 1;
	if (r == 0) {
		unsigned end = words->next;

		words->next = 0;
		r = read_agent(cast, words, &deed->agent, err);
		words->next = end;
	}
	return r;
}

static int read_store(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	int r;

	if (words_skip(words, "is silent")) {
		deed->type = DEED_STORE_SILENT;
		return 0;
	}
	if (words_skip(words, "speaks")) {
		deed->type = DEED_STORE_SPEAKS;
		return 0;
	}
	if (words_skip(words, "answers"))
		deed->type = DEED_STORE_ANSWERS;
	else if (words_skip(words, "fails for"))
		deed->type = DEED_STORE_FAILS;
	else
		return not_understood(words, err);
	r = read_name(&cast->calls, CAST_CALLS_MAX, words, &deed->call, err);
	return r < 0 ? r : read_caller(cast, words, &deed->caller, err);
}

static int read_sentence(struct cast *cast, struct words *words, struct deed *deed, struct err *err)
{
	unsigned start = words->next;
	int r;

	if (words_skip(words, "limits"))
		return read_limits(cast, words, deed, err);
	if (words_skip(words, "queue"))
		return read_plan(cast, words, deed, err);
	if (words_skip(words, "rules")) {
		deed->type = DEED_RULES;
		return rules_read(words, &deed->rules, err);
	}
	if (words_skip(words, "the store"))
		return read_store(cast, words, deed, err);
	if (words_skip(words, "time passes"))
		return 0;
	if (words_skip(words, "the core is copied")) {
		deed->type = DEED_CORE_COPIED;
		return 0;
	}
	if (words_skip(words, "the daemon restarts")) {
		deed->type = DEED_DAEMON_RESTARTS;
		return 0;
	}
	r = read_person(cast, words, deed, err);
	if (r <= 0)
		return r;
	words->next = start;
	return read_call(cast, words, deed, err);
}

int deed_read(struct cast *cast, const char *line, usec_t now, struct deed *ret, struct err *err)
{
	struct deed deed = { .at = now };
	struct words words;
	int r = words_cut(&words, line, err);

	if (r == 0 && words.count > 0 && words.items[0][0] >= '0' && words.items[0][0] <= '9') {
		r = words_duration(&words, &deed.at, err);
		/* The sentence starts at the first word, time or not. */
		memmove(words.items, words.items + 1, (words.count - 1) * sizeof(words.items[0]));
		words.count--;
		words.next = 0;
	}
	if (r == 0)
		r = read_sentence(cast, &words, &deed, err);
	if (r == 0 && words_peek(&words) != NULL)
		r = not_understood(&words, err);
	if (r == 0)
		*ret = deed;
	return r;
}

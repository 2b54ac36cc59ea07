/* Plans and rules in words: one table says how every member is called. */
#include "deed_plan.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "najimi/core/view.h"

const struct queue_plan deed_plan = {
	.open = true,
	.sticky = true,
	.line_max = 3,
	.waiting_max = 100,
	.ring = SEC(20),
	.wait_max = USEC_NEVER,
	.service_level = SEC(20),
	.short_abandon = SEC(5),
	.window = HOUR(24) * 7,
	.wait_busy = SEC(20),
	.wait_wrapup = SEC(20),
	.familiarity = { 600, 400 },
	.min_talk = SEC(15),
	.value = SEC(60),
	.skip_price = 300,
	.wait_idle = MINUTE(1),
	.wait_skipped = MINUTE(1),
	.credit = MINUTE(2),
	.overtake_max = MINUTE(10),
	.review = SEC(5),
	.service_guard = USEC_NEVER,
	.talk_mean = MINUTE(3),
};

const struct core_rules deed_rules = {
	.exclude_for = MINUTE(10),
	.ring_grace = SEC(5),
	.recall_max = MSEC(50),
};

static const struct tier_plan usual_tier = {
	.value_share = 1000,
	.price_share = 1000,
	.wait_idle = USEC_NEVER,
	.wait_skipped = USEC_NEVER,
};

static const char *const credits[TRANSFER_CREDITS] = {
	[CREDIT_LAST] = "last",
	[CREDIT_FIRST] = "first",
	[CREDIT_LONGEST] = "longest",
};

/* One member of a plan, of the rules, or of a tier. */
struct member {
	const char *name;
	enum member_kind {
		MEMBER_FLAG, /* its name alone says that it is so */
		MEMBER_NOT,  /* ... that it is not */
		MEMBER_COUNT,
		MEMBER_SPAN
	} kind;
	size_t offset;
};

#define FLAG(name, member) \
	{ \
		name, MEMBER_FLAG, offsetof(struct queue_plan, member) \
	}
#define NOT(name, member) \
	{ \
		name, MEMBER_NOT, offsetof(struct queue_plan, member) \
	}
#define COUNT(what, member) \
	{ \
#member, MEMBER_COUNT, offsetof(struct what, member) \
	}
#define SPAN(what, member) \
	{ \
#member, MEMBER_SPAN, offsetof(struct what, member) \
	}

static const struct member plan_members[] = {
	NOT("closed", open),
	FLAG("overflows", overflows),
	NOT("not sticky", sticky),
	FLAG("in turn", in_turn),
	FLAG("skips_skills", skips_skills),
	FLAG("prefers_team", prefers_team),
	FLAG("after_hours", after_hours),
	FLAG("absent_overflows", absent_overflows),
	COUNT(queue_plan, skip_price),
	COUNT(queue_plan, line_max),
	COUNT(queue_plan, candidates),
	COUNT(queue_plan, load_max),
	COUNT(queue_plan, agent_calls),
	SPAN(queue_plan, ring),
	SPAN(queue_plan, ring_own),
	SPAN(queue_plan, wait_max),
	SPAN(queue_plan, wrapup),
	SPAN(queue_plan, service_level),
	SPAN(queue_plan, short_abandon),
	SPAN(queue_plan, window),
	SPAN(queue_plan, wait_busy),
	SPAN(queue_plan, wait_wrapup),
	SPAN(queue_plan, wait_paused),
	SPAN(queue_plan, wait_brief),
	SPAN(queue_plan, wait_away),
	SPAN(queue_plan, ewt_guard),
	SPAN(queue_plan, fade),
	SPAN(queue_plan, min_talk),
	SPAN(queue_plan, tell_after),
	SPAN(queue_plan, tell_every),
	SPAN(queue_plan, value),
	SPAN(queue_plan, wait_idle),
	SPAN(queue_plan, wait_skipped),
	SPAN(queue_plan, credit),
	SPAN(queue_plan, head_start),
	SPAN(queue_plan, overtake_max),
	SPAN(queue_plan, review),
	SPAN(queue_plan, service_guard),
	SPAN(queue_plan, talk_mean),
	SPAN(queue_plan, target_extra_wait),
};

static const struct member rules_members[] = {
	SPAN(core_rules, rona_return), SPAN(core_rules, exclude_for), SPAN(core_rules, ring_grace),
	SPAN(core_rules, recall_max),  SPAN(core_rules, resume_max),  COUNT(core_rules, walk_max),
};

static const struct member tier_members[] = {
	SPAN(tier_plan, head_start), COUNT(tier_plan, value_share), COUNT(tier_plan, price_share),
	SPAN(tier_plan, wait_idle),  SPAN(tier_plan, wait_skipped),
};

static int not_understood(struct words *words, struct err *err)
{
	const char *word = words_peek(words);

	return err_set(err, -EINVAL, "'%s' is not understood here", word == NULL ? "" : word);
}

static int read_count(struct words *words, uint16_t *ret, struct err *err)
{
	long value = 0;
	int r = words_number(words, 0, UINT16_MAX, &value, err);

	*ret = (uint16_t)value;
	return r;
}

static int read_member(struct words *words, const struct member *members, size_t count, void *to,
                       struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		void *at = (char *)to + members[i].offset;

		if (!words_skip(words, members[i].name))
			continue;
		switch (members[i].kind) {
		case MEMBER_FLAG:
		case MEMBER_NOT:
			*(bool *)at = members[i].kind == MEMBER_FLAG;
			return 0;
		case MEMBER_COUNT:
			return read_count(words, at, err);
		case MEMBER_SPAN:
			return words_duration(words, at, err);
		}
	}
	return not_understood(words, err);
}

static void write_members(FILE *file, const struct member *members, size_t count, const void *from,
                          const void *usual)
{
	char text[DURATION_SIZE];

	for (size_t i = 0; i < count; i++) {
		const void *at = (const char *)from + members[i].offset;
		const void *as_usual = (const char *)usual + members[i].offset;

		switch (members[i].kind) {
		case MEMBER_FLAG:
		case MEMBER_NOT:
			if (*(const bool *)at != *(const bool *)as_usual)
				fprintf(file, ", %s", members[i].name);
			break;
		case MEMBER_COUNT:
			if (*(const uint16_t *)at != *(const uint16_t *)as_usual)
				fprintf(file, ", %s %u", members[i].name, *(const uint16_t *)at);
			break;
		case MEMBER_SPAN:
			if (*(const usec_t *)at != *(const usec_t *)as_usual)
				fprintf(file, ", %s %s", members[i].name,
				        duration_text(*(const usec_t *)at, text));
			break;
		}
	}
}

static int read_policy(struct words *words, enum sticky_policy *ret, struct err *err)
{
	for (int policy = 0; policy < STICKY_POLICIES; policy++)
		if (words_skip(words, sticky_policy_name((enum sticky_policy)policy))) {
			*ret = (enum sticky_policy)policy;
			return 0;
		}
	return not_understood(words, err);
}

static int read_credit(struct words *words, enum transfer_credit *ret, struct err *err)
{
	for (int credit = 0; credit < TRANSFER_CREDITS; credit++)
		if (words_skip(words, credits[credit])) {
			*ret = (enum transfer_credit)credit;
			return 0;
		}
	return not_understood(words, err);
}

int plan_read(struct words *words, struct queue_plan *ret, struct err *err)
{
	int r = 0;
	long value;

	*ret = deed_plan;
	while (r == 0 && words_peek(words) != NULL) {
		if (words_skip(words, "policy")) {
			r = read_policy(words, &ret->policy, err);
		} else if (words_skip(words, "transfer_credit")) {
			r = read_credit(words, &ret->transfer_credit, err);
		} else if (words_skip(words, "priority")) {
			r = words_number(words, -PRIORITY_MAX, PRIORITY_MAX, &value, err);
			ret->priority = (int16_t)(r == 0 ? value : 0);
		} else if (words_skip(words, "waiting_max")) {
			r = words_number(words, 0, UINT16_MAX, &value, err);
			ret->waiting_max = (uint32_t)(r == 0 ? value : 0);
		} else if (words_skip(words, "familiarity")) {
			for (unsigned i = 0; r == 0 && i < ARRAY_LEN(ret->familiarity); i++)
				r = read_count(words, &ret->familiarity[i], err);
		} else {
			r = read_member(words, plan_members, ARRAY_LEN(plan_members), ret, err);
		}
	}
	return r;
}

void plan_write(FILE *file, const struct queue_plan *plan)
{
	const struct queue_plan *usual = &deed_plan;

	if (plan->policy != usual->policy)
		fprintf(file, ", policy %s", sticky_policy_name(plan->policy));
	if (plan->transfer_credit != usual->transfer_credit)
		fprintf(file, ", transfer_credit %s", credits[plan->transfer_credit]);
	if (plan->priority != usual->priority)
		fprintf(file, ", priority %d", plan->priority);
	if (plan->waiting_max != usual->waiting_max)
		fprintf(file, ", waiting_max %u", plan->waiting_max);
	if (memcmp(plan->familiarity, usual->familiarity, sizeof(plan->familiarity)) != 0) {
		fprintf(file, ", familiarity");
		for (unsigned i = 0; i < ARRAY_LEN(plan->familiarity); i++)
			fprintf(file, " %u", plan->familiarity[i]);
	}
	write_members(file, plan_members, ARRAY_LEN(plan_members), plan, usual);
}

/* "tier 2 head_start 20s": those before it that were not named are as usual. */
static int read_tier(struct words *words, struct core_rules *rules, struct tier_plan **ret,
                     struct err *err)
{
	long number = 0;
	int r = words_number(words, 1, TIERS_MAX, &number, err);

	if (r < 0)
		return r;
	while (rules->tiers_count < number)
		rules->tiers[rules->tiers_count++] = usual_tier;
	*ret = &rules->tiers[number - 1];
	return 0;
}

static int read_miss_limit(struct words *words, struct core_rules *rules, struct err *err)
{
	for (int kind = 0; kind < MISS_KINDS; kind++)
		if (words_skip(words, miss_kind_name((enum miss_kind)kind)))
			return read_count(words, &rules->misses_max[kind], err);
	return read_member(words, rules_members, ARRAY_LEN(rules_members), rules, err);
}

int rules_read(struct words *words, struct core_rules *ret, struct err *err)
{
	struct tier_plan *tier = NULL; /* what follows is said of it */
	int r = 0;

	*ret = deed_rules;
	while (r == 0 && words_peek(words) != NULL) {
		if (words_skip(words, "tier"))
			r = read_tier(words, ret, &tier, err);
		else if (tier != NULL)
			r = read_member(words, tier_members, ARRAY_LEN(tier_members), tier, err);
		else
			r = read_miss_limit(words, ret, err);
	}
	return r;
}

void rules_write(FILE *file, const struct core_rules *rules)
{
	for (int kind = 0; kind < MISS_KINDS; kind++)
		if (rules->misses_max[kind] != deed_rules.misses_max[kind])
			fprintf(file, ", %s %u", miss_kind_name((enum miss_kind)kind),
			        rules->misses_max[kind]);
	write_members(file, rules_members, ARRAY_LEN(rules_members), rules, &deed_rules);
	for (unsigned i = 0; i < rules->tiers_count; i++) {
		fprintf(file, ", tier %u", i + 1);
		write_members(file, tier_members, ARRAY_LEN(tier_members), &rules->tiers[i],
		              &usual_tier);
	}
}

#include "replay_policy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/base/text.h"
#include "najimi/config/options.h"
#include "najimi/core/view.h"

#define SPAN_MAX HOUR(24)

/* Seconds, or a duration with its unit. */
static int get_span(struct text text, usec_t *ret, struct err *err)
{
	char span[24];
	int64_t bare;

	if (text.length >= sizeof(span) - 1)
		return err_set(err, -EINVAL, "--policy: '%.*s' is too long", (int)text.length,
		               text.start);
	memcpy(span, text.start, text.length);
	span[text.length] = '\0';
	if (number_parse(span, &bare) == 0 && bare >= 0 && bare <= (int64_t)(SPAN_MAX / SEC(1))) {
		*ret = SEC((usec_t)bare);
		return 0;
	}
	if (number_parse_duration(span, ret) < 0)
		return err_set(err, -EINVAL,
		               "--policy: '%s' is no duration such as 20, 500ms or 2m", span);
	if (*ret != USEC_NEVER && *ret > SPAN_MAX)
		return err_set(err, -EINVAL, "--policy: '%s' is above a day", span);
	return 0;
}

/* Cuts up to the next '+', which is left out. */
static struct text cut(const char **word)
{
	struct text part = { *word, strcspn(*word, "+") };

	*word += part.length;
	if (**word == '+')
		++*word;
	return part;
}

static int set_fixed(struct queue_plan *plan, const char *word, struct err *err)
{
	struct text span = cut(&word);
	int r = get_span(span, &plan->wait_busy, err);

	plan->policy = POLICY_FIXED;
	plan->in_turn = *word == '\0';
	plan->wait_wrapup = plan->wait_busy;
	if (r == 0 && !plan->in_turn && strcmp(word, "own_first") != 0)
		return err_set(err, -EINVAL, "--policy: '+%s' is not +own_first", word);
	return r;
}

/* One "name:value" behind rate:V. */
static int set_extra(struct queue_plan *plan, struct text part, struct err *err)
{
	const struct {
		const char *name;
		usec_t *spans[2];
	} extras[] = {
		{ "budget:", { &plan->wait_idle, &plan->wait_skipped } },
		{ "credit:", { &plan->credit, NULL } },
		{ "head_start:", { &plan->head_start, NULL } },
	};

	for (size_t i = 0; i < ARRAY_LEN(extras); i++) {
		size_t length = strlen(extras[i].name);
		usec_t span;
		int r;

		if (part.length < length || memcmp(part.start, extras[i].name, length) != 0)
			continue;
		r = get_span((struct text){ part.start + length, part.length - length }, &span,
		             err);
		for (size_t j = 0; r == 0 && j < 2 && extras[i].spans[j] != NULL; j++)
			*extras[i].spans[j] = span;
		return r;
	}
	return err_set(err, -EINVAL,
	               "--policy: '+%.*s' is none of +budget:T, +credit:T, "
	               "+head_start:T",
	               (int)part.length, part.start);
}

static int set_rate(struct queue_plan *plan, const char *word, struct err *err)
{
	int r = get_span(cut(&word), &plan->value, err);

	plan->policy = POLICY_RATE;
	while (r == 0 && *word != '\0')
		r = set_extra(plan, cut(&word), err);
	if (r == 0 && plan->head_start > HEAD_START_MAX)
		r = err_set(err, -EINVAL, "--policy: a head start is at most %llu s",
		            (unsigned long long)(HEAD_START_MAX / SEC(1)));
	return r;
}

static bool set_by_name(struct queue_plan *plan, const char *word)
{
	static const enum sticky_policy policies[] = { POLICY_OFF, POLICY_LOOSE, POLICY_OWN_FIRST,
		                                       POLICY_STRICT, POLICY_NEW_AGENT };

	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		if (strcmp(word, sticky_policy_name(policies[i])) == 0) {
			plan->policy = policies[i];
			return true;
		}
	}
	if (!options_preset(word, plan))
		return false;
	plan->policy = POLICY_RATE;
	return true;
}

int replay_policy_set(struct queue_plan *plan, const char *word, struct err *err)
{
	plan->wait_busy = 0;
	plan->wait_wrapup = 0;
	plan->in_turn = false;
	plan->sticky = strcmp(word, "off") != 0;
	if (strncmp(word, "fixed:", 6) == 0)
		return set_fixed(plan, word + 6, err);
	if (strncmp(word, "rate:", 5) == 0)
		return set_rate(plan, word + 5, err);
	if (set_by_name(plan, word))
		return 0;
	return err_set(err, -EINVAL,
	               "--policy: '%s' is none of off, loose, own_first, strict, new_agent, "
	               "fixed:T, fixed:T+own_first, rate:V, neutral, balanced, sticky, regulars",
	               word);
}

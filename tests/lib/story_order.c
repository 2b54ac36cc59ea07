/* What the core orders, in the words of a story. */
#include <stdio.h>

#include "story.h"
#include "words.h"

/* " own", " other wait_spent", nothing for a caller without a past. */
static int write_sticky(const struct decision *decide, char *ret, size_t size)
{
	if (decide->sticky == STICKY_NEW && decide->why == WHY_NONE)
		return snprintf(ret, size, "%s", "");
	if (decide->why == WHY_NONE)
		return snprintf(ret, size, " %s", sticky_result_name(decide->sticky));
	return snprintf(ret, size, " %s %s", sticky_result_name(decide->sticky),
	                sticky_why_name(decide->why));
}

static void write_connect(const struct story *story, const struct core_action *act, char *ret,
                          size_t size)
{
	const struct decision *decide = &act->decide;
	char sticky[64], span[DURATION_SIZE];
	int length;

	write_sticky(decide, sticky, sizeof(sticky));
	length = snprintf(ret, size, "ring %s for %s (offer %u%s%s",
	                  story_agent_name(story, decide->agent), story_call_name(story, act->call),
	                  decide->offer, sticky[0] == '\0' ? "" : ",", sticky);
	if (decide->waited_for > 0)
		length += snprintf(ret + length, size - (size_t)length, ", held out %s",
		                   seconds_text(decide->waited_for, span));
	snprintf(ret + length, size - (size_t)length, ")");
}

static void write_wait(const struct story *story, const struct core_action *act, char *ret,
                       size_t size)
{
	const struct decision *decide = &act->decide;
	char sticky[64], span[DURATION_SIZE];
	int length = snprintf(ret, size, "%s waits at %u", story_call_name(story, act->call),
	                      decide->position);

	if (decide->sticky == STICKY_WAITING) {
		length += snprintf(ret + length, size - (size_t)length, " (for %s",
		                   story_agent_name(story, decide->preferred.agent));
		if (decide->until != USEC_NEVER)
			length += snprintf(ret + length, size - (size_t)length, ", %s more",
			                   seconds_text(decide->until, span));
		snprintf(ret + length, size - (size_t)length, ")");
		return;
	}
	write_sticky(decide, sticky, sizeof(sticky));
	if (sticky[0] != '\0')
		snprintf(ret + length, size - (size_t)length, " (%s)", sticky + 1);
}

static void write_dismissal(const struct story *story, const struct core_action *act, char *ret,
                            size_t size)
{
	char sticky[64];

	write_sticky(&act->decide, sticky, sizeof(sticky));
	snprintf(ret, size, "%s %s (%s%s%s)", decision_kind_name(act->decide.kind),
	         story_call_name(story, act->call), decision_reason_name(act->decide.reason),
	         sticky[0] == '\0' ? "" : ",", sticky);
}

static void write_decision(const struct story *story, const struct core_action *act, char *ret,
                           size_t size)
{
	switch (act->decide.kind) {
	case DECIDE_CONNECT:
		write_connect(story, act, ret, size);
		break;
	case DECIDE_QUEUE:
		write_wait(story, act, ret, size);
		break;
	case DECIDE_OVERFLOW:
	case DECIDE_REJECT:
		write_dismissal(story, act, ret, size);
		break;
	}
}

/* "tell c1: place 2, 3m to wait" */
static void write_telling(const struct story *story, const struct core_action *act, char *ret,
                          size_t size)
{
	char span[DURATION_SIZE];
	int length = snprintf(ret, size, "tell %s: place %u", story_call_name(story, act->call),
	                      act->decide.position);

	if (act->decide.estimated_wait != USEC_NEVER)
		snprintf(ret + length, size - (size_t)length, ", %s to wait",
		         seconds_text(act->decide.estimated_wait, span));
}

static int write_span(char *ret, size_t size, const char *name, usec_t value)
{
	char span[DURATION_SIZE];

	return value == 0 ? 0 : snprintf(ret, size, ", %s %s", name, seconds_text(value, span));
}

static void write_end(const struct story *story, const struct core_action *act, char *ret,
                      size_t size)
{
	const struct contact *end = &act->end;
	char span[DURATION_SIZE];
	int length;

	length = snprintf(ret, size, "%s ends: %s", story_call_name(story, act->call),
	                  call_outcome_name(end->outcome));
	if (agent_id_set(end->agent))
		length += snprintf(ret + length, size - (size_t)length, " by %s",
		                   story_agent_name(story, end->agent));
	length += snprintf(ret + length, size - (size_t)length, ", waited %s",
	                   seconds_text(end->wait, span));
	length += write_span(ret + length, size - (size_t)length, "talked", end->talk);
	length += write_span(ret + length, size - (size_t)length, "held", end->hold);
	length += write_span(ret + length, size - (size_t)length, "extra wait", end->extra_wait);
	if (end->tier != 0)
		length += snprintf(ret + length, size - (size_t)length, ", tier %u", end->tier);
	if (end->holdout)
		length += snprintf(ret + length, size - (size_t)length, ", in the holdout");
	if (agent_id_set(end->credited))
		snprintf(ret + length, size - (size_t)length, ", remembered for %s",
		         story_agent_name(story, end->credited));
}

bool order_write(const struct story *story, const struct core_action *act, char *ret, size_t size)
{
	switch (act->type) {
	case ACT_RECALL:
	case ACT_CHANGE_CALL:
	case ACT_CHANGE_AGENT:
		return false;
	case ACT_DECIDE:
		write_decision(story, act, ret, size);
		return true;
	case ACT_TELL_CALLER:
		write_telling(story, act, ret, size);
		return true;
	case ACT_CANCEL_OFFER:
		snprintf(ret, size, "stop ringing %s for %s%s", story_agent_name(story, act->agent),
		         story_call_name(story, act->call),
		         act->cancel_offer.missed ? " (missed)" : "");
		return true;
	case ACT_REPLY:
		if (act->reply.code == REPLY_DONE)
			return false;
		snprintf(ret, size, "refused: %s", core_reply_name(act->reply.code));
		return true;
	case ACT_END_CALL:
		write_end(story, act, ret, size);
		return true;
	}
	return false;
}

void story_show(struct story *story, FILE *file)
{
	for (size_t i = 0; i < story->orders_count; i++)
		fprintf(file, "          -> %s\n", story->orders[i].text);
	fflush(file);
	story->orders_count = 0;
}

void story_show_time(struct story *story, FILE *file)
{
	char text[DURATION_SIZE];

	for (size_t i = 0; i < story->orders_count; i++) {
		if (i == 0 || story->orders[i].at != story->orders[i - 1].at)
			fprintf(file, "%8s  time passes\n",
			        seconds_text(story->orders[i].at, text));
		fprintf(file, "          -> %s\n", story->orders[i].text);
	}
	fflush(file);
	story->orders_count = 0;
}

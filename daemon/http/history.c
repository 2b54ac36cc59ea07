#include "history.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "problem.h"

static bool may_ask(const struct http_needs *needs, struct answer *answer)
{
	if (needs->read_history != NULL && needs->daybook != NULL &&
	    daybook_is_open(needs->daybook))
		return true;
	problem_answer(answer, 503, "nothing is known yet");
	return false;
}

/* As the daemon's own answers and Redis name them: what else could be meant is for those
 * to say who know how the site writes numbers (caller.history). */
static bool is_key(const char *name)
{
	return (strncmp(name, "cid:", 4) == 0 || strncmp(name, "tel:", 4) == 0) && name[4] != '\0';
}

void history_of_caller(const struct inquiry *inquiry, struct answer *answer)
{
	if (!inquiry->pii) {
		problem_answer(answer, 403, "who calls is told to a client with pii = true alone");
		return;
	}
	if (!is_key(inquiry->name)) {
		problem_answer(answer, 400, "'%.64s' names no caller: cid:ID does, or tel:+NUMBER",
		               inquiry->name);
		return;
	}
	if (!may_ask(inquiry->needs, answer))
		return;
	snprintf(answer->history.name, sizeof(answer->history.name), "%s", inquiry->name);
	answer->history.pii = true;
	answer->asks = answer->history.wanted = true;
}

void history_of_agent(const struct inquiry *inquiry, struct answer *answer)
{
	if (directory_find_agent(inquiry->needs->directory, inquiry->name) == NULL) {
		problem_answer(answer, 404, "there is no agent '%.64s'", inquiry->name);
		return;
	}
	if (!may_ask(inquiry->needs, answer))
		return;
	snprintf(answer->history.name, sizeof(answer->history.name), "%s", inquiry->name);
	answer->history.of_agent = true;
	answer->history.pii = inquiry->pii;
	answer->asks = answer->history.wanted = true;
}

void history_finish(struct answer *answer, int outcome, struct text json)
{
	answer->asks = false;
	answer->type = TYPE_JSON;
	if (outcome == 0 && body_add(&answer->body, json))
		return;
	if (outcome == -ENOENT)
		problem_answer(answer, 404, "nothing is known of this caller");
	else if (outcome == -EBUSY)
		problem_answer(answer, 503, "too many others ask for contacts at the moment");
	else if (outcome == -ENOTCONN)
		problem_answer(answer, 503, "Redis cannot be asked at the moment");
	else
		problem_answer(answer, 500, "out of memory");
}

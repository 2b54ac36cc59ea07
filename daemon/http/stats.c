#include "stats.h"

#include <errno.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <string.h>

#include "najimi/base/lists.h"
#include "problem.h"

/* 0, or -EINVAL for a query that has others, or one twice. */
static int read_query(const struct evkeyvalq *query, const char **from, const char **to,
                      const char **by, struct err *err)
{
	const struct evkeyval *pair;

	TAILQ_FOREACH(pair, query, next)
	{
		const char **ret = strcmp(pair->key, "from") == 0 ? from
		                   : strcmp(pair->key, "to") == 0 ? to
		                   : strcmp(pair->key, "by") == 0 ? by
		                                                  : NULL;

		if (ret == NULL)
			return err_set(err, -EINVAL, "'%.32s' is none of from, to, by", pair->key);
		if (*ret != NULL)
			return err_set(err, -EINVAL, "%s: is there twice", pair->key);
		*ret = pair->value;
	}
	return 0;
}

typedef int question_fn(const struct daybook *daybook, const char *from, const char *to,
                        const char *by, struct stats_question *ret, struct err *err);

static void ask(const struct inquiry *inquiry, struct answer *answer, question_fn *read_question)
{
	const struct http_needs *needs = inquiry->needs;
	const char *from = NULL, *to = NULL, *by = NULL;
	struct evkeyvalq query;
	struct err err = { 0 };
	int r;

	if (needs->read_stats == NULL || needs->daybook == NULL ||
	    !daybook_is_open(needs->daybook)) {
		problem_answer(answer, 503, "the figures are not known yet");
		return;
	}
	if (evhttp_parse_query_str(inquiry->query == NULL ? "" : inquiry->query, &query) < 0) {
		problem_answer(answer, 400, "the query cannot be read");
		return;
	}
	r = read_query(&query, &from, &to, &by, &err);
	if (r == 0)
		r = read_question(needs->daybook, from, to, by, &answer->question, &err);
	evhttp_clear_headers(&query);
	if (r < 0)
		problem_answer(answer, 400, "%s", err.text);
	else
		answer->asks = true;
}

void stats_answer(const struct inquiry *inquiry, struct answer *answer)
{
	ask(inquiry, answer, stats_question_read);
}

void stats_answer_fcr(const struct inquiry *inquiry, struct answer *answer)
{
	ask(inquiry, answer, fcr_question_read);
}

void stats_finish(struct answer *answer, int outcome, struct text json)
{
	answer->asks = false;
	answer->type = TYPE_JSON;
	if (outcome == 0 && body_add(&answer->body, json))
		return;
	if (outcome == -EBUSY)
		problem_answer(answer, 503, "too many others ask for figures at the moment");
	else if (outcome == -ENOTCONN)
		problem_answer(answer, 503, "Redis cannot be asked at the moment");
	else
		problem_answer(answer, 500, "out of memory");
}

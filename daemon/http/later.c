#include "later.h"

#include <event2/http.h>
#include <stdlib.h>

void later_init(struct later *later)
{
	TAILQ_INIT(&later->all);
	later->last = 0;
}

static void forget(struct later_request *waiting)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(waiting->request);

	if (connection != NULL)
		evhttp_connection_set_closecb(connection, NULL, NULL);
	TAILQ_REMOVE(&waiting->later->all, waiting, entry);
	free(waiting);
}

/* The request is freed already. */
static void on_close(struct evhttp_connection *connection, void *arg)
{
	struct later_request *waiting = arg;

	evhttp_connection_set_closecb(connection, NULL, NULL);
	TAILQ_REMOVE(&waiting->later->all, waiting, entry);
	body_done(&waiting->answer.body);
	free(waiting);
}

void later_done(struct later *later)
{
	struct later_request *waiting;

	while ((waiting = TAILQ_FIRST(&later->all)) != NULL) {
		body_done(&waiting->answer.body);
		forget(waiting);
	}
}

uint64_t later_number(struct later *later)
{
	return ++later->last;
}

bool later_put(struct later *later, uint64_t number, struct evhttp_request *request,
               const struct answer *answer)
{
	struct evhttp_connection *connection = evhttp_request_get_connection(request);
	struct later_request *waiting = connection == NULL ? NULL : calloc(1, sizeof(*waiting));

	if (waiting == NULL)
		return false;
	waiting->later = later;
	waiting->number = number;
	waiting->request = request;
	waiting->answer = *answer;
	TAILQ_INSERT_TAIL(&later->all, waiting, entry);
	evhttp_connection_set_closecb(connection, on_close, waiting);
	return true;
}

bool later_take(struct later *later, uint64_t number, struct evhttp_request **ret_request,
                struct answer *ret_answer)
{
	struct later_request *waiting;

	TAILQ_FOREACH(waiting, &later->all, entry)
	{
		if (waiting->number != number)
			continue;
		*ret_request = waiting->request;
		*ret_answer = waiting->answer;
		forget(waiting);
		return true;
	}
	return false;
}

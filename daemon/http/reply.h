#ifndef NAJIMI_HTTP_REPLY_H
#define NAJIMI_HTTP_REPLY_H

#include "answer.h"

struct evhttp_request;

/* Sends an answer: headers and all, the body handed over without copying it. */
void reply_send(struct evhttp_request *request, struct answer *answer);

#endif

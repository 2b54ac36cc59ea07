#ifndef NAJIMI_HTTP_METRICS_H
#define NAJIMI_HTTP_METRICS_H

#include "answer.h"
#include "exposition.h"

/* GET /metrics: everything that is measured, in the words of metrics.md. */
answer_fn metrics_answer;

/* Its parts. Each writes whole families. */
void metrics_calls(struct exposition *out, const struct http_needs *needs);
void metrics_returning(struct exposition *out, const struct http_needs *needs);
void metrics_fcr(struct exposition *out, const struct http_needs *needs);
void metrics_agents(struct exposition *out, const struct http_needs *needs);
void metrics_daemon(struct exposition *out, const struct http_needs *needs,
                    const struct server_facts *server);
void metrics_process(struct exposition *out, const struct meters *meters);

#endif

#ifndef NAJIMI_HTTP_HEALTH_H
#define NAJIMI_HTTP_HEALTH_H

#include "answer.h"

/* GET /healthz: 200 while the loop turns and the core is stepped, else 503. For
 * whoever would restart us. */
answer_fn health_alive;

/* GET /readyz: 200 when calls are routed, else 503, with what is missing. For
 * whoever would send us calls. Redis away does not make us unready: routing goes
 * on without it. */
answer_fn health_ready;

/* "up"; "down", also while calls are routed without it; "degraded" when it is not known yet
 * whether all of that has arrived. */
const char *health_redis(const struct meters *meters);

#endif

#include "metrics.h"

#include "accept.h"
#include "problem.h"

void metrics_answer(const struct inquiry *inquiry, struct answer *answer)
{
	enum exposition_format format = accept_choose(inquiry->accept);
	struct exposition out;

	exposition_begin(&out, &answer->body, format);
	metrics_calls(&out, inquiry->needs);
	metrics_returning(&out, inquiry->needs);
	metrics_fcr(&out, inquiry->needs);
	metrics_agents(&out, inquiry->needs);
	metrics_daemon(&out, inquiry->needs, inquiry->server);
	metrics_process(&out, inquiry->needs->meters);
	exposition_end(&out);
	answer->type = exposition_type(format);
	if (answer->body.overflowed)
		problem_answer(answer, 500, "the metrics do not fit into %zu bytes",
		               answer->body.max);
}

#include "aim.h"

#include "najimi/core/view.h"

static bool is_on_the_line(const struct call_record *r)
{
	return r->state == CALL_TALKING || r->state == CALL_HELD;
}

static bool is_ringing(const struct call_record *r)
{
	return r->state == CALL_OFFERED;
}

/* From this one on, and around; but not that other one. The same when there is none. */
static unsigned next_call(const struct story *story, unsigned from, unsigned other,
                          bool (*is)(const struct call_record *), struct call_record *ret)
{
	unsigned count = story->cast.calls.count;

	for (unsigned i = 0; i < count; i++) {
		unsigned call = (from + i) % count;

		if (call != other && story->calls[call].live &&
		    core_get_call(story->core, story->calls[call].id, ret) && is(ret))
			return call;
	}
	return from;
}

static void aim_at_question(const struct story *story, struct deed *deed)
{
	struct call_record r = { .state = CALL_FREE };

	deed->asked = next_call(story, deed->asked, deed->call, is_on_the_line, &r);
	for (unsigned i = 0; is_on_the_line(&r) && i < story->cast.agents.count; i++)
		if (agent_id_equal(story->agents[i], r.agent))
			deed->agent = i;
}

void aim(const struct story *story, struct deed *deed)
{
	struct call_record r;

	if (!deed->aims || story->core == NULL)
		return;
	if (deed->type != DEED_CALL_TRANSFERRED) {
		deed->call = next_call(story, deed->call, CAST_NOBODY, is_ringing, &r);
		return;
	}
	deed->call = next_call(story, deed->call, CAST_NOBODY, is_on_the_line, &r);
	if (deed->has_asked)
		aim_at_question(story, deed);
}

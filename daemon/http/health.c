#include "health.h"

#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"
#include "problem.h"

#define STALE_AFTER SEC(5)
#define READY_SIZE 16384 /* with as many gateways as there may be */

/* The tick comes every second from the loop itself; a turn that took longer than
 * the limit is seen by whoever asks next. */
static bool loop_turns(const struct inquiry *inquiry)
{
	return clock_monotonic() - inquiry->server->ticked_at <= STALE_AFTER;
}

/* Something was due in the core and nobody stepped it. */
static bool core_steps(const struct inquiry *inquiry)
{
	usec_t due = core_deadline(loop_core(inquiry->needs->loop)), now = clock_now();

	return due >= now || now - due <= STALE_AFTER;
}

void health_alive(const struct inquiry *inquiry, struct answer *answer)
{
	if (!loop_turns(inquiry)) {
		problem_answer(answer, 503, "the loop has not turned for 5 s");
	} else if (!core_steps(inquiry)) {
		problem_answer(answer, 503, "the core has not been stepped for 5 s");
	} else {
		answer->type = TYPE_PLAIN;
		(void)body_add(&answer->body, TEXT("ok\n"));
	}
}

static const char *up_or_down(bool up)
{
	return up ? "up" : "down";
}

static const char *lease_word(const struct meters *meters)
{
	if (meters->leader)
		return "held";
	return meters->standing_by ? "held by another" : "not held";
}

const char *health_redis(const struct meters *meters)
{
	if (!meters->store_up)
		return "down";
	return meters->store_degraded ? "degraded" : "up";
}

/* A telephony system that is away makes us no less ready for the others. */
static void write_gateways(struct json_out *out, const struct meters *meters)
{
	json_object(out, "gateways");
	for (size_t i = 0; i < meters->gateways_count; i++)
		if (meters->gateways[i].connects) {
			json_name_text(out, text_of(meters->gateways[i].name));
			json_text(out, NULL, up_or_down(meters->gateways[i].up));
		}
	json_object_end(out);
}

void health_ready(const struct inquiry *inquiry, struct answer *answer)
{
	const struct meters *meters = inquiry->needs->meters;
	bool ready = meters->ready && loop_turns(inquiry) && core_steps(inquiry);
	char *room = body_reserve(&answer->body, READY_SIZE);
	struct json_out out;

	answer->type = TYPE_JSON;
	answer->status = ready ? 200 : 503;
	if (room == NULL)
		return;
	json_out_begin(&out, room, READY_SIZE);
	json_object(&out, NULL);
	json_bool(&out, "ready", ready);
	json_object(&out, "checks");
	json_text(&out, "loop", up_or_down(loop_turns(inquiry) && core_steps(inquiry)));
	json_text(&out, "recovery", meters->ready ? "done" : "waiting");
	json_text(&out, "lease", lease_word(meters));
	json_text(&out, "redis", health_redis(meters));
	json_object_end(&out);
	if (meters->leader_at.rpc[0] != '\0')
		json_text(&out, "leader", meters->leader_at.rpc);
	write_gateways(&out, meters);
	json_instant(&out, "as_of", clock_now());
	json_object_end(&out);
	body_advance(&answer->body, json_out_done(&out));
}

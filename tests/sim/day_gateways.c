/* What only gateways say, put into a day that was invented without them. */
#include "day.h"

#include "najimi/base/rng.h"

struct gateways {
	uint64_t rng;
	unsigned calls;
};

static unsigned below(struct gateways *gateways, unsigned limit)
{
	return rng_below(&gateways->rng, limit);
}

static bool one_in(struct gateways *gateways, unsigned n)
{
	return below(gateways, n) == 0;
}

/* As the dialplan has it; five minutes where a Dial of its own says when it is over. */
static usec_t invent_ring(struct gateways *gateways)
{
	switch (below(gateways, 8)) {
	case 0:
		return SEC(300);
	case 1:
		return one_in(gateways, 4) ? USEC_NEVER : MSEC(1);
	default:
		return MSEC(500) * (1 + below(gateways, 40));
	}
}

/* Caller and agent as they come would hardly ever be two who talk, and ask each other. */
static void invent_transfer(struct gateways *gateways, struct deed *deed)
{
	deed->aims = !one_in(gateways, 3);
	if (one_in(gateways, 2))
		deed->to_agent = deed->consult = true;
	deed->has_asked = deed->consult && !one_in(gateways, 4);
	deed->asked = deed->has_asked ? below(gateways, gateways->calls) : 0;
}

static void say_more(struct gateways *gateways, struct deed *deed)
{
	switch (deed->type) {
	case DEED_TIME_PASSES:
	case DEED_CALL_RINGS:
		deed->type = DEED_CALL_RINGS;
		deed->ring = one_in(gateways, 4) ? 0 : invent_ring(gateways);
		deed->aims = !one_in(gateways, 3);
		break;
	case DEED_CALL_ANSWERED:
		deed->aims = one_in(gateways, 2);
		break;
	case DEED_CALL_FAILS:
		deed->blameless = one_in(gateways, 2);
		deed->aims = one_in(gateways, 2);
		break;
	case DEED_CALL_TRANSFERRED:
		invent_transfer(gateways, deed);
		break;
	default:
		break; /* a gateway says of it what everybody says */
	}
}

void day_set_gateways(uint64_t seed, const struct cast *cast, struct deed *deeds, size_t count)
{
	struct gateways gateways = { .rng = seed ^ UINT64_C(0x2545f4914f6cdd1d),
		                     .calls = cast->calls.count };
	unsigned hurry; /* so that somebody rings, and many talk at once */

	if (one_in(&gateways, 3))
		return;
	hurry = one_in(&gateways, 3) ? 1 : 8;
	for (size_t i = 0; i < count; i++) {
		deeds[i].at = deeds[i].at / hurry / MSEC(1) * MSEC(1);
		say_more(&gateways, &deeds[i]);
	}
}

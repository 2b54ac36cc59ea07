#include "wallboard_figures.h"

#include "najimi/shell/clock.h"
#include "wallboard_fcr.h"

/* --- today, from the daybook --- */

static struct tally tally_of(const struct day_figures *day)
{
	const struct histogram *waits;

	if (day == NULL)
		return (struct tally){ 0 };
	waits = &day->spans[DAY_WAIT_ANSWERED];
	return (struct tally){
		.offered = day->counts[DAY_OFFERED],
		.answered = day->counts[DAY_OUTCOMES + OUTCOME_ANSWERED],
		.abandoned = day->counts[DAY_OUTCOMES + OUTCOME_ABANDONED],
		.short_abandoned = day->counts[DAY_OUTCOMES + OUTCOME_SHORT_ABANDONED],
		.in_time = day->counts[DAY_IN_TIME],
		.missed = day->counts[DAY_SERVICE_MISSED],
		.own = day->counts[DAY_STICKY + STICKY_OWN],
		/* As /v1/stats has it: those who are routed as unknown have no own agent. */
		.returning = day->counts[DAY_STICKY_GROUP + GROUP_ANSWERED],
		.reachable = day->counts[DAY_OWN_REACHABLE],
		.waits = waits->count,
		.waited = waits->sum,
	};
}

static void add(struct tally *to, const struct tally *tally)
{
	to->offered += tally->offered;
	to->answered += tally->answered;
	to->abandoned += tally->abandoned;
	to->short_abandoned += tally->short_abandoned;
	to->in_time += tally->in_time;
	to->missed += tally->missed;
	to->own += tally->own;
	to->returning += tally->returning;
	to->reachable += tally->reachable;
	to->waits += tally->waits;
	to->waited += tally->waited;
}

static void read_today(const struct http_needs *needs, queue_index queue, struct board *board)
{
	const struct daybook *daybook = needs->daybook;

	board->counted = daybook != NULL && daybook_is_open(daybook);
	if (!board->counted)
		return;
	board->today = tally_of(daybook_queue_today(daybook, queue));
	for (unsigned hour = 0; hour < HOURS; hour++)
		board->hours[hour] = tally_of(daybook_queue_hour(daybook, queue, hour));
	wallboard_read_fcr(needs, queue, board);
}

static void add_hour(const struct day_row *row, void *arg)
{
	struct board *whole = arg;
	struct tally tally = tally_of(row->figures);

	add(&whole->today, &tally);
	add(&whole->hours[row->hour], &tally);
}

void board_read_day(const struct http_needs *needs, struct board *whole)
{
	whole->counted = needs->daybook != NULL && daybook_is_open(needs->daybook);
	if (!whole->counted)
		return;
	daybook_each_queue_today(needs->daybook, add_hour, whole);
	wallboard_read_whole_fcr(needs, whole);
}

/* --- now, from the core --- */

bool board_read_queue(const struct http_needs *needs, queue_index queue, struct board *ret)
{
	const char *name = directory_queue_name(needs->directory, queue);
	struct queue_view view;
	usec_t now = clock_now();

	if (name[0] == '\0' || !core_get_queue(loop_core(needs->loop), queue, &view))
		return false;
	*ret = (struct board){
		.name = name,
		.options = directory_queue_options(needs->directory, queue),
		.waiting = view.waiting,
		.holding = view.holding,
		.unreachable = view.unreachable,
		.longest = view.oldest_at != 0 && view.oldest_at < now ? now - view.oldest_at : 0,
		.expected = view.estimated_wait,
	};
	if (ret->options != NULL)
		ret->holdout = ret->options->holdout;
	else
		ret->expected = USEC_NEVER; /* nobody comes next */
	for (int i = 0; i < AGENT_STATES; i++)
		ret->agents[i] = view.agents[i];
	read_today(needs, queue, ret);
	return true;
}

/* The longest that anybody is to expect: as long as one queue does not know, it may yet
 * be longer, but what is known is worth telling. */
static usec_t longer_known(usec_t a, usec_t b)
{
	if (a == USEC_NEVER || b == USEC_NEVER)
		return a == USEC_NEVER ? b : a;
	return a > b ? a : b;
}

void board_add(struct board *whole, const struct board *part)
{
	whole->waiting += part->waiting;
	whole->holding += part->holding;
	whole->holdout = whole->holdout > part->holdout ? whole->holdout : part->holdout;
	whole->longest = whole->longest > part->longest ? whole->longest : part->longest;
	whole->expected = longer_known(whole->expected, part->expected);
}

void board_read_agents(const struct http_needs *needs, struct board *whole)
{
	const struct core *core = loop_core(needs->loop);
	struct agent_record record;
	struct agent_id agent;

	for (uint32_t slot = 0; core_next_agent(core, slot, &agent); slot = agent.slot + 1) {
		if (!core_get_agent(core, agent, &record))
			continue;
		whole->agents[record.state]++;
		whole->unreachable +=
		        record.state != AGENT_LOGGED_OUT && record.device == DEVICE_UNREACHABLE;
	}
}

/* --- shares --- */

static int64_t share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? -1 : (int64_t)((part * 1000 + whole / 2) / whole);
}

int64_t board_service_level(const struct tally *tally)
{
	return share(tally->in_time, tally->in_time + tally->missed);
}

int64_t board_own_share(const struct tally *tally)
{
	return share(tally->own, tally->returning);
}

int64_t board_reachable_own_share(const struct tally *tally)
{
	return share(tally->own, tally->reachable);
}

int64_t board_fcr(const struct fcr_tally *tally)
{
	return share(tally->resolved, tally->decided);
}

int64_t board_mean_wait(const struct tally *tally)
{
	return tally->waits == 0 ? -1 : (int64_t)(tally->waited / tally->waits);
}

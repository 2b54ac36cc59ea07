#include "ready.h"

static int turn_compare(const struct membership *a, const struct membership *b)
{
	if (a->idle_since != b->idle_since)
		return a->idle_since < b->idle_since ? -1 : 1;
	return a->agent < b->agent ? -1 : a->agent > b->agent;
}

static void sum_up(struct membership *membership)
{
	const struct membership *left = RB_LEFT(membership, by_turn);
	const struct membership *right = RB_RIGHT(membership, by_turn);

	membership->skills_below = membership->skills;
	if (left != NULL)
		membership->skills_below |= left->skills_below;
	if (right != NULL)
		membership->skills_below |= right->skills_below;
}

/* The tree keeps the sums of what it turns; those on the way to the root are kept by
 * ready_add() and ready_drop(). */
#undef RB_AUGMENT
#define RB_AUGMENT(membership) sum_up(membership)
ORDERED_GENERATE(ready_tree, membership, by_turn, turn_compare)
#undef RB_AUGMENT
#define RB_AUGMENT(x)

static void sum_up_from(struct membership *membership)
{
	for (; membership != NULL; membership = RB_PARENT(membership, by_turn))
		sum_up(membership);
}

void ready_add(struct ready_tree *ready, struct membership *membership)
{
	membership->skills_below = membership->skills;
	RB_INSERT(ready_tree, ready, membership);
	sum_up_from(membership);
}

void ready_drop(struct ready_tree *ready, struct membership *membership)
{
	struct membership *parent = NULL;

	/* With two children the tree sums up the whole way by itself. */
	if (RB_LEFT(membership, by_turn) == NULL || RB_RIGHT(membership, by_turn) == NULL)
		parent = RB_PARENT(membership, by_turn);
	RB_REMOVE(ready_tree, ready, membership);
	sum_up_from(parent);
}

struct membership *ready_first(const struct ready_tree *ready)
{
	struct ready_tree copy = *ready; /* RB_MIN only reads the root */

	return RB_EMPTY(&copy) ? NULL : RB_MIN(ready_tree, &copy);
}

struct membership *ready_next(struct membership *membership)
{
	return RB_NEXT(ready_tree, NULL, membership);
}

/* In order; as deep as the tree is high, which for all agents there could be is 60. */
static struct agent *search(const struct core *core, const struct membership *at,
                            const struct call *call, fits_fn *fits, int *budget)
{
	struct agent *found;

	if (at == NULL || (call->needs_mask & ~at->skills_below) != 0 || *budget <= 0)
		return NULL;
	found = search(core, RB_LEFT(at, by_turn), call, fits, budget);
	if (found != NULL)
		return found;
	--*budget;
	if (fits(core, &core->agents[at->agent], call))
		return &core->agents[at->agent];
	return search(core, RB_RIGHT(at, by_turn), call, fits, budget);
}

struct agent *ready_find(const struct core *core, const struct ready_tree *ready,
                         const struct call *call, fits_fn *fits)
{
	int budget = walk_max(core);

	return search(core, RB_ROOT(ready), call, fits, &budget);
}

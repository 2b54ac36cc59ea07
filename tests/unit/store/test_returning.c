#include "state.h"
#include "world.h"

/* Whom a caller returns to, under the rules of each queue. */

static struct world world;
static struct store store;
static struct remembered remembered;
static struct core_event event;
static struct tier_options *tiers;

#define DAY(n) (HOUR(24) * (n))

static int set_up(void **state)
{
	struct core_limits limits = {
		.calls_max = 10, .agents_max = 20, .queues_max = 4, .memberships_max = 64
	};

	(void)state;
	world_prepare(&world, NULL);
	world_add_queue(&world, "spare");
	for (size_t i = 0; i < world.options->queues_count; i++) {
		struct queue_options *queue = &world.options->queues[i];

		queue->plan.window = DAY(7);
		queue->scope = MET_ANYWHERE;
		queue->pins = queue->exclusions = queue->drop_on_leave = true;
		queue->holdout = 0;
		world_set(&queue->group, "");
	}
	tiers = calloc(2, sizeof(*tiers));
	tiers[0].name = strdup("silver");
	tiers[1].name = strdup("gold");
	world.options->tiers = tiers;
	world.options->tiers_count = 2;
	meters_init(&world.meters);
	world.base = event_base_new();
	world.loop = loop_new(world.base, &limits, &world.meters);
	world.directory = directory_new(world.options, NULL);
	assert_non_null(world.directory);
	for (queue_index i = 0; i < 3; i++) {
		struct core_event ev = { .type = EVT_QUEUE_CONFIGURED };

		ev.queue_configured.queue = i;
		ev.queue_configured.plan = world.options->queues[i].plan;
		loop_apply(world.loop, &ev);
	}
	memset(&store, 0, sizeof(store));
	store.loop = world.loop;
	store.directory = world.directory;
	store.shared_agents = 2;
	store.site = 7;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	world.directory = directory_free(world.directory);
	world.loop = loop_free(world.loop);
	event_base_free(world.base);
	world.options = options_free(world.options);
	return 0;
}

/* Agents of sales and the service desk. */
static void log_in(const char *name)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_IN };

	ev.agent_logged_in.agent = directory_know_agent(world.directory, name)->id;
	ev.agent_logged_in.ready = true;
	ev.agent_logged_in.queues_count = 2;
	ev.agent_logged_in.queues[1] = 1;
	loop_apply(world.loop, &ev);
}

static void log_out(const char *name)
{
	struct core_event ev = { .type = EVT_AGENT_LOGGED_OUT };

	ev.agent_logged_out.agent = directory_find_agent(world.directory, name)->id;
	loop_apply(world.loop, &ev);
}

/* As Redis has it: "alice 1 sales", met a day ago there. */
static void met(struct memory *memory, const char *name, usec_t ago, const char *queue)
{
	struct memory_agent *agent = &memory->agents[memory->count++];

	agent->name = text_of(name);
	agent->at = clock_now() - ago;
	snprintf(agent->queue, sizeof(agent->queue), "%s", queue);
}

static void ask(const struct memory *memory, const char *key, queue_index queue)
{
	returning_resolve(&store, memory, key, false, &remembered);
	event = (struct core_event){ .type = EVT_CALLER_RECALLED };
	returning_answer(&store, &remembered, queue, &event);
}

/* Names of the known agents, with '!' for one who is pinned and '?' for one nobody knows. */
static const char *known(void)
{
	static char names[200];
	size_t length = 0;

	names[0] = '\0';
	for (size_t i = 0; i < event.caller_recalled.known_count; i++) {
		const struct known_agent *agent = &event.caller_recalled.known[i];

		length += (size_t)snprintf(
		        names + length, sizeof(names) - length, "%s%s%s", i == 0 ? "" : " ",
		        agent_id_set(agent->agent)
		                ? directory_agent_name(world.directory, agent->agent)
		                : "?",
		        agent->pinned ? "!" : "");
	}
	assert_int_equal(event.caller_recalled.outcome, length > 0 ? RECALL_KNOWN : RECALL_UNKNOWN);
	return names;
}

static void the_last_three_are_known_latest_first(void **state)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("") };

	(void)state;
	for (const char *const *name = (const char *const[]){ "a", "b", "c", "d", NULL };
	     *name != NULL; name++) {
		log_in(*name);
		met(&memory, *name, DAY(1 + memory.count), "sales");
	}
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "a b c");
	assert_int_equal(event.caller_recalled.tier, 0);
	assert_false(event.caller_recalled.holdout);
	assert_int_equal(event.caller_recalled.left_at, 0);
}

static void a_pin_comes_first_whoever_was_met_last(void **state)
{
	struct memory memory = { .pin = TEXT("c"), .tier = TEXT("") };

	(void)state;
	log_in("a");
	log_in("c");
	met(&memory, "a", DAY(1), "sales");
	met(&memory, "c", DAY(20), "sales"); /* longer ago than the window */
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c! a");
	assert_int_equal(event.caller_recalled.known[0].at, memory.agents[1].at);
	world.options->queues[0].pins = false;
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "a c");
}

static void a_pin_needs_no_contact(void **state)
{
	struct memory memory = { .pin = TEXT("c"), .tier = TEXT(""), .pin_at = SEC(1000) };

	(void)state;
	log_in("c");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c!");
	assert_int_equal(event.caller_recalled.known[0].at, SEC(1000));
	memory.pin_at = 0; /* a CRM's, that does not say */
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c!");
	assert_true(clock_now() - event.caller_recalled.known[0].at < SEC(5));
}

static void an_exclusion_forbids_even_a_pin(void **state)
{
	struct memory memory = { .pin = TEXT("c"), .tier = TEXT("") };

	(void)state;
	log_in("a");
	log_in("b");
	log_in("c");
	met(&memory, "a", DAY(1), "sales");
	met(&memory, "b", DAY(2), "sales");
	memory.excluded[memory.excluded_count++] =
	        (struct memory_exclusion){ TEXT("c"), USEC_NEVER };
	memory.excluded[memory.excluded_count++] =
	        (struct memory_exclusion){ TEXT("a"), clock_now() + SEC(60) };
	memory.excluded[memory.excluded_count++] =
	        (struct memory_exclusion){ TEXT("stranger"), USEC_NEVER };
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "b");
	assert_int_equal(event.caller_recalled.never_count, 2);
	world.options->queues[0].exclusions = false;
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c! a b");
	assert_int_equal(event.caller_recalled.never_count, 0);
}

/* What the cache remembers may have been over for a while. */
static void an_exclusion_that_is_over_forbids_nothing(void **state)
{
	(void)state;
	log_in("a");
	remembered_init(&remembered);
	remembered_note(&remembered, directory_find_agent(world.directory, "a")->id, 0,
	                clock_now());
	remembered_exclude(&remembered, directory_find_agent(world.directory, "a")->id,
	                   clock_now() - 1);
	event = (struct core_event){ .type = EVT_CALLER_RECALLED };
	returning_answer(&store, &remembered, 0, &event);
	assert_string_equal(known(), "a");
	assert_int_equal(event.caller_recalled.never_count, 0);
}

static void of_many_exclusions_those_who_are_here_go_first(void **state)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("") };
	static const char *const names[] = { "a", "b", "c", "d", "e", "f" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		log_in(names[i]);
		if (i < 3)
			log_out(names[i]);
		memory.excluded[memory.excluded_count++] =
		        (struct memory_exclusion){ text_of(names[i]), USEC_NEVER };
	}
	ask(&memory, "cid:1", 0);
	assert_int_equal(event.caller_recalled.never_count, 4);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(
		        directory_agent_name(world.directory, event.caller_recalled.never[i]),
		        names[i + 3]);
}

static void who_left_the_queue_gives_way_and_who_went_home_does_not(void **state)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("") };

	(void)state;
	log_in("here");
	log_in("home");
	log_out("home");
	directory_know_agent(world.directory, "never seen");
	met(&memory, "nobody", HOUR(1), "sales");
	met(&memory, "never seen", HOUR(2), "sales");
	met(&memory, "here", HOUR(3), "sales");
	met(&memory, "home", HOUR(4), "sales");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "here home");
	ask(&memory, "cid:1", 2); /* which neither serves */
	assert_string_equal(known(), "home");
	world.options->queues[0].drop_on_leave = false;
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "? never seen here");
}

static void who_is_in_the_file_is_merely_away(void **state)
{
	struct memory memory = { .pin = TEXT("b"), .tier = TEXT("") };
	struct agent_options *agents = calloc(1, sizeof(*agents));

	(void)state;
	agents[0].name = strdup("b");
	agents[0].target = strdup("");
	agents[0].team = strdup("");
	world.options->agents = agents;
	world.options->agents_count = 1;
	assert_int_equal(directory_configure(world.directory, world.options, NULL), 0);
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "b!");
	memory.pin = TEXT("nobody");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "");
}

static void the_scope_says_where_an_agent_must_have_been_met(void **state)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("") };
	struct queue_options *queues = world.options->queues;

	(void)state;
	for (const char *const *name = (const char *const[]){ "a", "b", "c", "d", NULL };
	     *name != NULL; name++)
		log_in(*name);
	met(&memory, "a", DAY(1), "spare");
	met(&memory, "b", DAY(2), "gone");
	met(&memory, "c", DAY(3), "sales");
	met(&memory, "d", DAY(4), ""); /* written by a CRM */
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "a b c");
	queues[0].scope = MET_IN_QUEUE;
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c d");
	queues[0].scope = MET_IN_GROUP;
	world_set(&queues[0].group, "west");
	world_set(&queues[2].group, "west");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "a c d");
	world_set(&queues[2].group, "east");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c d");
	/* A queue without a group is a group of its own. */
	world_set(&queues[0].group, "");
	world_set(&queues[2].group, "");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "c d");
	/* A pin is a pin everywhere. */
	memory.pin = TEXT("a");
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "a! c d");
}

static void a_number_that_met_too_many_agents_lately_is_nobodys(void **state)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("gold") };

	(void)state;
	for (const char *const *name = (const char *const[]){ "a", "b", "c", NULL }; *name != NULL;
	     name++)
		log_in(*name);
	met(&memory, "a", DAY(1), "sales");
	met(&memory, "b", DAY(2), "sales");
	met(&memory, "c", DAY(8), "sales");
	ask(&memory, "tel:+811", 0);
	assert_string_equal(known(), "a b c"); /* c is beyond the window: the core says so */
	memory.agents[2].at = clock_now() - DAY(6);
	ask(&memory, "tel:+811", 0);
	assert_int_equal(event.caller_recalled.outcome, RECALL_SHARED);
	assert_int_equal(event.caller_recalled.known_count, 0);
	assert_int_equal(event.caller_recalled.tier, 2);
	ask(&memory, "cid:1", 0); /* a customer may meet as many as there are */
	assert_string_equal(known(), "a b c");
	memory.pin = TEXT("b"); /* somebody knows whose number it is */
	ask(&memory, "tel:+811", 0);
	assert_string_equal(known(), "b! a c");
	memory.pin = TEXT("");
	store.shared_agents = 0;
	ask(&memory, "tel:+811", 0);
	assert_string_equal(known(), "a b c");
}

static void a_number_of_many_customers_is_nobodys(void **state)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("") };

	(void)state;
	log_in("a");
	met(&memory, "a", DAY(1), "sales");
	returning_resolve(&store, &memory, "tel:+811", true, &remembered);
	event = (struct core_event){ .type = EVT_CALLER_RECALLED };
	returning_answer(&store, &remembered, 0, &event);
	assert_int_equal(event.caller_recalled.outcome, RECALL_SHARED);
	assert_int_equal(event.caller_recalled.known_count, 0);
}

static bool is_held_out(const char *key, queue_index queue)
{
	struct memory memory = { .pin = TEXT(""), .tier = TEXT("") };

	ask(&memory, key, queue);
	return event.caller_recalled.holdout;
}

static void the_held_out_are_a_share_of_callers_and_always_the_same(void **state)
{
	unsigned held_out = 0, moved = 0;
	char key[32];

	(void)state;
	world.options->queues[0].holdout = 50;
	world.options->queues[1].holdout = 200;
	for (unsigned i = 0; i < 10000; i++) {
		bool first;

		snprintf(key, sizeof(key), "tel:+8131234%04u", i);
		first = is_held_out(key, 0);
		held_out += first;
		assert_int_equal(is_held_out(key, 0), first);
		/* A larger share has all of the smaller one. */
		assert_true(!first || is_held_out(key, 1));
		store.site = 8; /* another site draws others */
		moved += is_held_out(key, 0) != first;
		store.site = 7;
	}
	if (held_out < 430 || held_out > 570) /* three standard deviations */
		fail_msg("%u of 10000 instead of 500", held_out);
	assert_true(moved > 500);
	world.options->queues[0].holdout = 0;
	assert_false(is_held_out(key, 0));
	world.options->queues[0].holdout = 1000;
	assert_true(is_held_out(key, 0));
}

static void tier_and_giving_up_are_told_too(void **state)
{
	struct memory memory = { .pin = TEXT(""),
		                 .tier = TEXT("silver"),
		                 .left_queue = "spare",
		                 .left_arrived_at = SEC(5),
		                 .left_at = SEC(9) };

	(void)state;
	ask(&memory, "cid:1", 0);
	assert_string_equal(known(), "");
	assert_int_equal(event.caller_recalled.tier, 1);
	assert_int_equal(event.caller_recalled.left_queue, 2);
	assert_int_equal(event.caller_recalled.left_arrived_at, SEC(5));
	assert_int_equal(event.caller_recalled.left_at, SEC(9));
	memory.tier = TEXT("tin");
	ask(&memory, "cid:1", 0);
	assert_int_equal(event.caller_recalled.tier, 0);
}

static void callers_of_a_queue_that_is_gone_are_served_as_usual(void **state)
{
	struct memory memory = { .pin = TEXT("b"), .tier = TEXT("") };

	(void)state;
	log_in("a");
	log_in("b");
	met(&memory, "a", DAY(300), "sales");
	world.options->queues_count = 2;
	assert_int_equal(directory_configure(world.directory, world.options, NULL), 0);
	ask(&memory, "cid:1", 2);
	assert_string_equal(known(), "b! a");
	world.options->queues_count = 3; /* so that it is freed */
}

#define RETURNING_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RETURNING_TEST(the_last_three_are_known_latest_first),
		RETURNING_TEST(a_pin_comes_first_whoever_was_met_last),
		RETURNING_TEST(a_pin_needs_no_contact),
		RETURNING_TEST(an_exclusion_forbids_even_a_pin),
		RETURNING_TEST(an_exclusion_that_is_over_forbids_nothing),
		RETURNING_TEST(of_many_exclusions_those_who_are_here_go_first),
		RETURNING_TEST(who_left_the_queue_gives_way_and_who_went_home_does_not),
		RETURNING_TEST(who_is_in_the_file_is_merely_away),
		RETURNING_TEST(the_scope_says_where_an_agent_must_have_been_met),
		RETURNING_TEST(a_number_that_met_too_many_agents_lately_is_nobodys),
		RETURNING_TEST(a_number_of_many_customers_is_nobodys),
		RETURNING_TEST(the_held_out_are_a_share_of_callers_and_always_the_same),
		RETURNING_TEST(tier_and_giving_up_are_told_too),
		RETURNING_TEST(callers_of_a_queue_that_is_gone_are_served_as_usual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

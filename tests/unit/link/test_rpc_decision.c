#include "najimi/shell/directory.h"
#include "rpc_decision.h"
#include "said.h"

/* Two agents and two queues, and what is written of them. */
struct scene {
	struct options *options;
	struct directory *directory;
	struct agent_card *alice, *bob;
	struct json_out out;
	char bytes[4096];
};

static char sales[] = "sales", support[] = "support", voicemail[] = "voicemail", none[] = "";
static struct queue_options queues[] = { { .name = sales, .overflow = voicemail },
	                                 { .name = support, .overflow = none } };
static char german[] = "german", tax[] = "tax";
static char *skills[] = { german, tax, NULL };
static struct options options = { .calls_max = 8,
	                          .agents_max = 8,
	                          .queues_max = 8,
	                          .queues = queues,
	                          .queues_count = 2,
	                          .skills = skills };

static int build(void **state)
{
	static struct scene scene;

	scene.directory = directory_new(&options, NULL);
	assert_non_null(scene.directory);
	scene.alice = directory_know_agent(scene.directory, "alice");
	scene.bob = directory_know_agent(scene.directory, "bob");
	assert_true(directory_set_agent(scene.directory, scene.alice, "PJSIP/alice", "lunch"));
	json_out_begin(&scene.out, scene.bytes, sizeof(scene.bytes));
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	directory_free(scene->directory);
	return 0;
}

static const char *written(struct scene *scene)
{
	assert_true(json_out_done(&scene->out) > 0);
	return scene->bytes;
}

static const char *decide(struct scene *scene, const struct decision *decision)
{
	json_out_begin(&scene->out, scene->bytes, sizeof(scene->bytes));
	write_decision(&scene->out, NULL, scene->directory, "c42", NULL, decision);
	return written(scene);
}

static void a_connection_names_agent_target_and_offer(void **state)
{
	struct scene *scene = *state;
	struct decision decision = {
		.kind = DECIDE_CONNECT,
		.agent = scene->alice->id,
		.offer = 1,
		.ring = SEC(20),
		.sticky = STICKY_OWN,
		.preferred = { .agent = scene->alice->id, .at = MSEC(1794622269120) },
		.waited_for = MSEC(4200),
	};

	assert_string_equal(
	        decide(scene, &decision),
	        "{\"call_id\":\"c42\",\"action\":\"connect\",\"agent\":\"alice\","
	        "\"target\":\"PJSIP/alice\",\"offer\":1,\"ring_ms\":20000,\"sticky\":{"
	        "\"result\":\"own\",\"preferred\":\"alice\","
	        "\"last_contact\":\"2026-11-14T02:11:09.120Z\",\"waited_for_ms\":4200}}");
	decision.sticky = STICKY_NEW;
	decision.preferred.at = 0;
	assert_string_equal(decide(scene, &decision),
	                    "{\"call_id\":\"c42\",\"action\":\"connect\",\"agent\":\"alice\","
	                    "\"target\":\"PJSIP/alice\",\"offer\":1,\"ring_ms\":20000,"
	                    "\"sticky\":{\"result\":\"new\"}}");
}

static void a_place_says_how_long_and_for_whom(void **state)
{
	struct scene *scene = *state;
	struct decision decision = {
		.kind = DECIDE_QUEUE,
		.position = 3,
		.estimated_wait = MSEC(41000),
		.sticky = STICKY_WAITING,
		.preferred = { .agent = scene->alice->id, .at = MSEC(1794622269120) },
		.until = SEC(20),
	};

	assert_string_equal(decide(scene, &decision),
	                    "{\"call_id\":\"c42\",\"action\":\"queue\",\"position\":3,"
	                    "\"estimated_wait_ms\":41000,\"sticky\":{\"result\":\"waiting\","
	                    "\"preferred\":\"alice\","
	                    "\"last_contact\":\"2026-11-14T02:11:09.120Z\",\"until_ms\":20000}}");
	decision.estimated_wait = USEC_NEVER;
	decision.sticky = STICKY_OTHER;
	decision.why = WHY_PAUSED;
	decision.preferred.agent = (struct agent_id){ 0 };
	assert_string_equal(decide(scene, &decision),
	                    "{\"call_id\":\"c42\",\"action\":\"queue\",\"position\":3,"
	                    "\"estimated_wait_ms\":null,\"sticky\":{\"result\":\"other\","
	                    "\"why\":\"paused\",\"preferred\":null,"
	                    "\"last_contact\":\"2026-11-14T02:11:09.120Z\"}}");
}

static void an_overflow_without_a_place_to_go_is_a_rejection(void **state)
{
	struct scene *scene = *state;
	struct decision decision = { .kind = DECIDE_OVERFLOW,
		                     .reason = REASON_MAX_WAIT,
		                     .queue = 0 };

	assert_string_equal(decide(scene, &decision),
	                    "{\"call_id\":\"c42\",\"action\":\"overflow\",\"to\":\"voicemail\","
	                    "\"reason\":\"max_wait\"}");
	decision.queue = 1;
	assert_string_equal(decide(scene, &decision),
	                    "{\"call_id\":\"c42\",\"action\":\"reject\",\"code\":480,"
	                    "\"reason\":\"max_wait\"}");
	decision.kind = DECIDE_REJECT;
	decision.reason = REASON_QUEUE_FULL;
	assert_string_equal(decide(scene, &decision),
	                    "{\"call_id\":\"c42\",\"action\":\"reject\",\"code\":480,"
	                    "\"reason\":\"queue_full\"}");
}

static void those_who_watch_many_are_told_whose_call_it_is(void **state)
{
	struct scene *scene = *state;
	struct decision decision = { .kind = DECIDE_REJECT, .reason = REASON_CLOSED };

	write_decision(&scene->out, NULL, scene->directory, "c42", "pbx-a", &decision);
	assert_string_equal(written(scene),
	                    "{\"call_id\":\"c42\",\"client\":\"pbx-a\",\"action\":\"reject\","
	                    "\"code\":480,\"reason\":\"closed\"}");
}

static void an_end_says_how(void **state)
{
	struct scene *scene = *state;
	struct contact contact = { .outcome = OUTCOME_SHORT_ABANDONED, .by = BY_CALLER };

	write_ended(&scene->out, NULL, scene->directory, "c42", &contact);
	assert_string_equal(written(scene), "{\"call_id\":\"c42\",\"action\":\"ended\","
	                                    "\"outcome\":\"short_abandoned\"}");
}

static void an_end_says_where_a_caller_was_sent(void **state)
{
	struct scene *scene = *state;
	struct contact away = { .outcome = OUTCOME_OVERFLOW, .queue = 0 };
	struct contact nowhere = { .outcome = OUTCOME_OVERFLOW, .queue = 1 };

	write_ended(&scene->out, NULL, scene->directory, "c42", &away);
	assert_string_equal(written(scene), "{\"call_id\":\"c42\",\"action\":\"ended\","
	                                    "\"outcome\":\"overflow\",\"to\":\"voicemail\"}");
	json_out_begin(&scene->out, scene->bytes, sizeof(scene->bytes));
	write_ended(&scene->out, NULL, scene->directory, "c42", &nowhere);
	assert_string_equal(written(scene), "{\"call_id\":\"c42\",\"action\":\"ended\","
	                                    "\"outcome\":\"overflow\",\"code\":480}");
}

static void an_outcome_has_the_times_and_the_agent(void **state)
{
	struct scene *scene = *state;
	struct contact contact = { .outcome = OUTCOME_ANSWERED,
		                   .by = BY_AGENT,
		                   .queue = 1,
		                   .arrived_at = SEC(1),
		                   .ended_at = SEC(9),
		                   .wait = SEC(2),
		                   .ring = SEC(1),
		                   .talk = SEC(5),
		                   .hold = SEC(1),
		                   .agent = scene->bob->id,
		                   .legs = 1 };

	json_object(&scene->out, NULL);
	write_outcome(&scene->out, "x-1", &contact, scene->directory);
	json_object_end(&scene->out);
	assert_string_equal(
	        written(scene),
	        "{\"outcome\":\"answered\",\"queue\":\"support\",\"by\":\"agent\","
	        "\"contact\":\"x-1\",\"agent\":\"bob\",\"arrived_at\":\"1970-01-01T00:00:01.000Z\","
	        "\"ended_at\":\"1970-01-01T00:00:09.000Z\",\"wait_ms\":2000,\"ring_ms\":1000,"
	        "\"talk_ms\":5000,\"hold_ms\":1000,\"legs\":1,\"sticky\":{\"result\":\"new\"}}");
}

static struct call_card *add_call(struct scene *scene, bool restricted)
{
	struct call_facts facts = { .client = "pbx-a",
		                    .name = "c42",
		                    .from = "0312345678",
		                    .number = "+81312345678",
		                    .key = "",
		                    .to = "0120",
		                    .customer_id = "",
		                    .tier = "gold",
		                    .reason = "",
		                    .channel = "",
		                    .case_id = "",
		                    .data = "{\"a\":1}",
		                    .restricted = restricted };
	struct call_card *card = directory_add_call(scene->directory, &facts);

	assert_non_null(card);
	return card;
}

static const char *show(struct scene *scene, const struct call_card *card, enum call_detail detail,
                        bool numbers)
{
	struct call_record record = { .id = card->id,
		                      .state = CALL_WAITING,
		                      .arrived_at = SEC(5),
		                      .since = SEC(6),
		                      .overflow_at = USEC_NEVER,
		                      .needs_count = 1,
		                      .needs = { { .skill = 1, .min = 4 } } };

	json_out_begin(&scene->out, scene->bytes, sizeof(scene->bytes));
	write_call(&scene->out, NULL, scene->directory, card, &record, detail, numbers);
	return written(scene);
}

static void a_call_in_an_event_has_no_number(void **state)
{
	struct scene *scene = *state;

	assert_string_equal(
	        show(scene, add_call(scene, false), CALL_BRIEF, false),
	        "{\"call_id\":\"c42\",\"client\":\"pbx-a\",\"queue\":\"sales\","
	        "\"state\":\"waiting\",\"since\":\"1970-01-01T00:00:06.000Z\","
	        "\"arrived_at\":\"1970-01-01T00:00:05.000Z\",\"agent\":null,\"offer\":0,"
	        "\"sticky\":{\"result\":\"new\"}}");
}

static void a_listed_call_shows_the_number_to_those_who_may_see_it(void **state)
{
	struct scene *scene = *state;
	struct call_card *card = add_call(scene, false);

	assert_non_null(strstr(show(scene, card, CALL_LISTED, true), "\"from\":\"0312345678\""));
	assert_null(strstr(show(scene, card, CALL_LISTED, true), "customer_id"));
	assert_null(strstr(show(scene, card, CALL_LISTED, true), "overflow_at"));
	assert_null(strstr(show(scene, card, CALL_LISTED, false), "0312345678"));
	assert_null(strstr(show(scene, card, CALL_LISTED, false), "81312345678"));
	assert_non_null(strstr(show(scene, card, CALL_LISTED, false), "\"tier\":\"gold\""));
}

static void a_withheld_number_is_shown_to_nobody(void **state)
{
	struct scene *scene = *state;
	struct call_card *card = add_call(scene, true);

	assert_null(strstr(show(scene, card, CALL_WHOLE, true), "12345678"));
	assert_non_null(strstr(show(scene, card, CALL_WHOLE, true), "\"restricted\":true"));
}

static void a_whole_call_has_data_needs_and_story(void **state)
{
	struct scene *scene = *state;
	struct call_card *card = add_call(scene, false);

	card->story = strdup("{\"name\":\"Taro\"}");
	assert_non_null(strstr(show(scene, card, CALL_WHOLE, true), "\"data\":{\"a\":1}"));
	assert_non_null(strstr(show(scene, card, CALL_WHOLE, true),
	                       "\"skills\":[{\"name\":\"tax\",\"min\":4}]"));
	assert_non_null(strstr(show(scene, card, CALL_WHOLE, true), "{\"name\":\"Taro\"}"));
	assert_null(strstr(show(scene, card, CALL_WHOLE, false), "Taro"));
}

static void an_agent_is_shown_with_reason_veto_and_what_comes_next(void **state)
{
	struct scene *scene = *state;
	struct agent_record record = { .id = scene->alice->id,
		                       .state = AGENT_PAUSED,
		                       .since = SEC(5),
		                       .until = SEC(9),
		                       .cause = PAUSE_RONA,
		                       .device = DEVICE_UNREACHABLE,
		                       .misses = { 2, 0, 1, 0 },
		                       .queues_count = 2,
		                       .queues = { 0, 1 },
		                       .levels = { 0, 7 } };

	write_agent(&scene->out, NULL, scene->directory, scene->alice, &record, AGENT_WHOLE);
	assert_string_equal(
	        written(scene),
	        "{\"agent\":\"alice\",\"state\":\"paused\",\"since\":\"1970-01-01T00:00:05.000Z\","
	        "\"until\":\"1970-01-01T00:00:09.000Z\",\"pending\":null,\"reason\":\"lunch\","
	        "\"why\":\"rona\",\"unreachable\":true,\"call\":null,"
	        "\"queues\":[\"sales\",\"support\"],\"device\":\"unreachable\","
	        "\"target\":\"PJSIP/alice\",\"idle_since\":null,\"configured\":false,"
	        "\"misses\":{\"no_answer\":2,\"rejected\":1},\"skills\":{\"tax\":7}}");
}

static void an_agent_on_a_call_names_it_and_what_was_asked_for(void **state)
{
	struct scene *scene = *state;
	struct agent_record record = { .id = scene->alice->id,
		                       .state = AGENT_TALKING,
		                       .pending = PENDING_PAUSE,
		                       .call = add_call(scene, false)->id };

	write_agent(&scene->out, NULL, scene->directory, scene->alice, &record, AGENT_BRIEF);
	assert_non_null(strstr(written(scene), "\"call\":\"c42\",\"client\":\"pbx-a\""));
	assert_non_null(strstr(scene->bytes, "\"pending\":\"pause\",\"reason\":\"lunch\""));
	assert_null(strstr(scene->bytes, "queues"));
}

static void one_who_is_nowhere_to_be_waited_for_is_sent_elsewhere(void **state)
{
	struct scene *scene = *state;
	struct decision decision = { .kind = DECIDE_OVERFLOW,
		                     .reason = REASON_OWN_AWAY,
		                     .queue = 0 };

	write_decision(&scene->out, NULL, scene->directory, "c42", NULL, &decision);
	assert_non_null(strstr(written(scene), "\"action\":\"overflow\""));
	assert_non_null(strstr(scene->bytes, "\"reason\":\"own_away\""));
}

static void a_pinned_agent_is_said_to_be(void **state)
{
	struct scene *scene = *state;
	struct known_agent preferred = { .agent = scene->alice->id, .at = SEC(5), .pinned = true };

	json_object(&scene->out, NULL);
	write_sticky(&scene->out, scene->directory, STICKY_OWN, WHY_NONE, &preferred);
	json_object_end(&scene->out);
	assert_string_equal(written(scene),
	                    "{\"sticky\":{\"result\":\"own\",\"preferred\":\"alice\","
	                    "\"last_contact\":\"1970-01-01T00:00:05.000Z\",\"pinned\":true}}");
}

static void who_never_logged_in_is_logged_out(void **state)
{
	struct scene *scene = *state;

	write_agent(&scene->out, NULL, scene->directory, scene->bob, NULL, AGENT_WHOLE);
	assert_non_null(strstr(written(scene), "\"state\":\"logged_out\",\"since\":null"));
}

static void a_queue_is_shown_with_its_people_and_outcomes(void **state)
{
	struct scene *scene = *state;
	static struct queue_stats stats = { .offered = 9, .outcomes = { 4, 1 } };
	struct queue_view view = { .plan = { .open = true, .waiting_max = 50 },
		                   .waiting = 2,
		                   .oldest_at = SEC(5),
		                   .agents = { 0, 1, 0, 3 },
		                   .estimated_wait = USEC_NEVER };

	write_queue(&scene->out, NULL, "sales", &view, &stats, SEC(7));
	assert_non_null(strstr(written(scene), "\"waiting\":2"));
	assert_non_null(strstr(scene->bytes, "\"oldest_wait_ms\":2000"));
	assert_non_null(strstr(scene->bytes, "\"estimated_wait_ms\":null"));
	assert_non_null(strstr(scene->bytes, "\"ready\":1"));
	assert_non_null(strstr(scene->bytes, "\"talking\":3"));
	assert_non_null(strstr(scene->bytes, "\"arrived\":9"));
	assert_non_null(strstr(scene->bytes, "\"answered\":4"));
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, build, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_connection_names_agent_target_and_offer),
		TEST(a_place_says_how_long_and_for_whom),
		TEST(an_overflow_without_a_place_to_go_is_a_rejection),
		TEST(those_who_watch_many_are_told_whose_call_it_is),
		TEST(an_end_says_how),
		TEST(an_end_says_where_a_caller_was_sent),
		TEST(an_outcome_has_the_times_and_the_agent),
		TEST(a_call_in_an_event_has_no_number),
		TEST(a_listed_call_shows_the_number_to_those_who_may_see_it),
		TEST(a_withheld_number_is_shown_to_nobody),
		TEST(a_whole_call_has_data_needs_and_story),
		TEST(an_agent_is_shown_with_reason_veto_and_what_comes_next),
		TEST(an_agent_on_a_call_names_it_and_what_was_asked_for),
		TEST(one_who_is_nowhere_to_be_waited_for_is_sent_elsewhere),
		TEST(a_pinned_agent_is_said_to_be),
		TEST(who_never_logged_in_is_logged_out),
		TEST(a_queue_is_shown_with_its_people_and_outcomes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

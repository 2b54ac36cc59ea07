#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>

#include "alloc.h"
#include "records.h"

static char sales[] = "sales", odd[] = "s\"\\\n", none[] = "", german[] = "german",
            odd_skill[] = "sk\"ill";
static char *skills[] = { german, odd_skill, NULL };
static struct queue_options queues[] = { { .name = sales, .overflow = none },
	                                 { .name = odd, .overflow = none } };

static char gold[] = "gold", silver[] = "si\"lver", carol[] = "carol";
static struct tier_options tiers[] = { { .name = gold }, { .name = silver } };
static struct agent_options agents[] = { { .name = carol, .target = none, .team_number = 4 } };

static int set_up(void **state)
{
	static struct options options = { .calls_max = 10, .agents_max = 10, .queues_max = 4 };
	struct directory *directory;
	struct err err = { 0 };

	options.skills = skills;
	options.queues = queues;
	options.queues_count = ARRAY_LEN(queues);
	options.tiers = tiers;
	options.tiers_count = ARRAY_LEN(tiers);
	options.agents = agents;
	options.agents_count = ARRAY_LEN(agents);
	directory = directory_new(&options, &err);
	if (directory == NULL)
		fail_msg("%s", err.text);
	directory_know_agent(directory, "alice");
	directory_know_agent(directory, "bob \"b\"");
	*state = directory;
	return 0;
}

static int tear_down(void **state)
{
	directory_free(*state);
	return 0;
}

#define NOW UINT64_C(1795316788164023)

static struct agent_id agent(struct directory *directory, const char *name)
{
	return directory_find_agent(directory, name)->id;
}

/* No member has its usual value. */
static struct call_saved full_call(struct directory *directory)
{
	struct agent_id alice = agent(directory, "alice"), bob = agent(directory, "bob \"b\"");

	return (struct call_saved){
		.record = { .state = CALL_OFFERED,
		            .queue = 1,
		            .first_queue = 0,
		            .priority = -999,
		            .seq = 1234567890123,
		            .arrived_at = NOW,
		            .since = NOW + 1,
		            .overflow_at = NOW + 2,
		            .answered_at = NOW + 3,
		            .ring = 4,
		            .talk = 5,
		            .hold = 6,
		            .offer = UINT32_MAX,
		            .legs = UINT16_MAX,
		            .agent = bob,
		            .ring_until = NOW + 7,
		            .credit = alice,
		            .target = bob,
		            .needs_count = 2,
		            .needs = { { 0, 1 }, { 1, 255 } },
		            .known_count = 2,
		            .known = { { alice, NOW - 5, true }, { { 0 }, NOW - 6, false } },
		            .excluded_count = 2,
		            .excluded = { { bob, NOW + 8 }, { alice, USEC_NEVER } },
		            .sticky = STICKY_OTHER,
		            .why = WHY_WAIT_SPENT,
		            .hold_since = NOW + 9,
		            .hold_until = NOW + 10,
		            .told_wait = 11,
		            .service_counted = true,
		            .own_there = true,
		            .holdout = true,
		            .tier = 2,
		            .credit_talk = 15,
		            .extra_wait = 16,
		            .overtaken_at = NOW + 19,
		            .held_for = 12,
		            .passed_at = NOW + 13,
		            .talker = alice,
		            .talk_before = 14 },
		.facts = { "pbx@a \"1\"", "c\\1", "\"x\"", "+81312345678", "cid:\xe5\xb1\xb1",
		           "0120", "\xe5\xb1\xb1", "gold", "why\t", "voice", "case",
		           "{\"a\":{\"b\":[1,\"\xc3\xa9\"]}}", true },
		.fingerprint = 0xfedcba9876543210,
		.promised_at = NOW + 17,
		.promised = 18,
		.identity = "cid:4711",
		.shared = true,
	};
}

/* No member is left out of a record in which none is as usual. */
static const char call_members[] =
        "call client state queue first_queue agent offer priority seq arrived_us since_us "
        "overflow_us ring_until_us answered_us ring_spent_us talk_spent_us hold_spent_us "
        "legs credit target talker talk_before_us needs known excluded sticky why "
        "hold_since_us hold_until_us told_wait_us held_for_us passed_us own_there "
        "service_counted holdout tier_used credit_talk_us pinned overtaken_us extra_wait_us from "
        "number "
        "key identity shared to customer_id tier reason channel case_id restricted fingerprint "
        "promised_at_us promised_us data ";

static void every_member_of_a_call_is_written_and_read(void **state)
{
	struct call_saved call = full_call(*state), back;
	char first[4096], second[4096];
	size_t length = call_saved_write(&call, *state, first, sizeof(first));
	struct reading reading;
	struct err err = { 0 };

	assert_true(length > 0);
	for (const char *at = call_members; *at != '\0'; at += strcspn(at, " ") + 1) {
		char name[32];

		snprintf(name, sizeof(name), "\"%.*s\":", (int)strcspn(at, " "), at);
		if (strstr(first, name) == NULL)
			fail_msg("%s is missing in %s", name, first);
	}
	if (call_saved_read((struct text){ first, length }, *state, &reading, &back, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(call_saved_write(&back, *state, second, sizeof(second)), length);
	assert_string_equal(second, first);
	/* And not only as text. */
	assert_int_equal(back.record.priority, -999);
	assert_int_equal(back.record.seq, call.record.seq);
	assert_int_equal(back.record.told_wait, 11);
	assert_int_equal(back.promised_at, NOW + 17);
	assert_int_equal(back.promised, 18);
	assert_true(agent_id_equal(back.record.talker, call.record.talker));
	assert_int_equal(back.record.needs[1].min, 255);
	assert_false(agent_id_set(back.record.known[1].agent));
	assert_true(back.record.known[0].pinned);
	assert_false(back.record.known[1].pinned);
	assert_int_equal(back.record.excluded[0].until, NOW + 8);
	assert_int_equal(back.record.excluded[1].until, USEC_NEVER);
	assert_int_equal(back.record.tier, 2);
	assert_string_equal(back.facts.data, call.facts.data);
	assert_int_equal(back.fingerprint, call.fingerprint);
	reading_done(&reading);
}

static void what_is_usual_is_left_out_and_reads_as_usual(void **state)
{
	struct call_saved call = {
		.record = { .state = CALL_WAITING,
		            .overflow_at = USEC_NEVER,
		            .told_wait = USEC_NEVER,
		            .arrived_at = NOW },
		.facts = { "p", "c", "", "", "", "", "", "", "", "", "", "", false },
		.identity = "",
	};
	struct call_saved back;
	struct reading reading;
	char json[512];
	size_t length = call_saved_write(&call, *state, json, sizeof(json));

	assert_string_equal(json, "{\"v\":1,\"call\":\"c\",\"client\":\"p\",\"state\":\"waiting\","
	                          "\"queue\":\"sales\",\"first_queue\":\"sales\","
	                          "\"arrived_us\":1795316788164023,\"sticky\":\"new\"}");
	assert_int_equal(
	        call_saved_read((struct text){ json, length }, *state, &reading, &back, NULL), 0);
	assert_int_equal(back.record.overflow_at, USEC_NEVER);
	assert_int_equal(back.record.told_wait, USEC_NEVER);
	assert_string_equal(back.facts.data, "");
	assert_string_equal(back.identity, "");
	reading_done(&reading);
}

static void one_may_hold_out_for_ever(void **state)
{
	struct call_saved call = full_call(*state), back;
	struct reading reading;
	char json[4096];
	size_t length;

	call.record.hold_until = USEC_NEVER;
	length = call_saved_write(&call, *state, json, sizeof(json));
	assert_non_null(strstr(json, "\"hold_until_us\":\"never\""));
	assert_int_equal(
	        call_saved_read((struct text){ json, length }, *state, &reading, &back, NULL), 0);
	assert_int_equal(back.record.hold_until, USEC_NEVER);
	reading_done(&reading);
}

static void members_of_a_newer_minor_version_are_skipped(void **state)
{
	static const char json[] = "{ \"colour\": [1, {}], \"v\": 1, \"client\": \"p\",\n"
	                           "\"queue\": \"sales\", \"first_queue\": \"sales\", "
	                           "\"state\": \"waiting\", \"call\": \"c\" }";
	struct call_saved call;
	struct reading reading;

	assert_int_equal(call_saved_read(TEXT(json), *state, &reading, &call, NULL), 0);
	assert_string_equal(call.facts.name, "c");
	reading_done(&reading);
}

#define CALL \
	"{\"v\":1,\"call\":\"c\",\"client\":\"p\",\"queue\":\"sales\",\"first_queue\":\"sales\""

static void a_wrong_call_is_refused_with_the_reason(void **state)
{
	static const struct {
		const char *json;
		int code;
		const char *words;
	} cases[] = {
		{ "", -EINVAL, "" },
		{ "{", -EINVAL, "" },
		{ "{}", -EINVAL, "version" },
		{ "{\"v\":2}", -EPROTONOSUPPORT, "version 2" },
		{ "{\"v\":1}", -EINVAL, "no call or client" },
		{ CALL "}", -EINVAL, "state" },
		{ CALL ",\"state\":\"dancing\"}", -EINVAL, "dancing" },
		{ CALL ",\"state\":\"free\"}", -EINVAL, "state" },
		{ CALL ",\"state\":5}", -EINVAL, "state is no text" },
		{ CALL ",\"state\":\"talking\"}", -ENOENT, "nobody knows" },
		{ CALL ",\"state\":\"talking\",\"agent\":\"zoe\"}", -ENOENT, "nobody knows" },
		{ CALL ",\"state\":\"waiting\",\"seq\":-1}", -EINVAL, "seq" },
		{ CALL ",\"state\":\"waiting\",\"seq\":1.5}", -EINVAL, "seq" },
		{ CALL ",\"state\":\"waiting\",\"legs\":65536}", -EINVAL, "legs" },
		{ CALL ",\"state\":\"waiting\",\"offer\":4294967296}", -EINVAL, "offer" },
		{ CALL ",\"state\":\"waiting\",\"priority\":40000}", -EINVAL, "priority" },
		{ CALL ",\"state\":\"waiting\",\"priority\":1001}", -EINVAL, "priority" },
		{ CALL ",\"state\":\"waiting\",\"since_us\":\"now\"}", -EINVAL, "since_us" },
		{ CALL ",\"state\":\"waiting\",\"since_us\":\"Never\"}", -EINVAL, "since_us" },
		{ CALL ",\"state\":\"waiting\",\"known\":[{},{}]}", -EINVAL, "known" },
		{ CALL ",\"state\":\"waiting\",\"known\":[5]}", -EINVAL, "known" },
		{ CALL ",\"state\":\"waiting\",\"known\":[1,2,3,4]}", -EINVAL, "known" },
		{ CALL ",\"state\":\"waiting\",\"known\":{}}", -EINVAL, "known" },
		{ CALL ",\"state\":\"waiting\",\"excluded\":\"x\"}", -EINVAL, "excluded" },
		{ CALL ",\"state\":\"waiting\",\"needs\":[{\"min\":1}]}", -EINVAL, "name" },
		{ CALL ",\"state\":\"waiting\",\"needs\":[{\"name\":\"german\"}]}", -EINVAL,
		  "german" },
		{ CALL ",\"state\":\"waiting\",\"needs\":[{\"name\":\"german\",\"min\":256}]}",
		  -EINVAL, "german" },
		{ CALL ",\"state\":\"waiting\",\"needs\":[{\"name\":\"greek\",\"min\":1}]}",
		  -ENOENT, "greek" },
		{ CALL ",\"state\":\"waiting\",\"data\":[]}", -EINVAL, "data" },
		{ CALL ",\"state\":\"waiting\",\"fingerprint\":\"xyz\"}", -EINVAL, "fingerprint" },
		{ CALL ",\"state\":\"waiting\",\"fingerprint\":\"00000000000000001\"}", -EINVAL,
		  "fingerprint" },
		{ CALL ",\"state\":\"waiting\",\"restricted\":1}", -EINVAL, "restricted" },
		{ CALL ",\"state\":\"waiting\",\"tier_used\":2}", -EINVAL, "tier_used" },
		{ CALL ",\"state\":\"waiting\",\"excluded\":[{\"until_us\":\"x\"}]}", -EINVAL,
		  "until_us" },
		{ CALL ",\"state\":\"waiting\",\"tier\":null}", -EINVAL, "tier" },
		{ "{\"v\":1,\"call\":\"c\",\"client\":\"p\",\"state\":\"waiting\"}", -EINVAL,
		  "no queue" },
		{ "{\"v\":1,\"call\":\"c\",\"client\":\"p\",\"queue\":\"gone\"}", -ENOENT,
		  "'gone' is not configured" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct call_saved call;
		struct reading reading;
		struct err err = { 0 };
		int r = call_saved_read(text_of(cases[i].json), *state, &reading, &call, &err);

		reading_done(&reading);
		if (r != cases[i].code || strstr(err.text, cases[i].words) == NULL)
			fail_msg("%s: %d, %s", cases[i].json, r, err.text);
	}
}

static void a_call_that_waits_has_no_agent_whatever_its_record_says(void **state)
{
	struct call_saved call;
	struct reading reading;

	assert_int_equal(call_saved_read(TEXT(CALL ",\"state\":\"waiting\",\"agent\":\"alice\"}"),
	                                 *state, &reading, &call, NULL),
	                 0);
	assert_false(agent_id_set(call.record.agent));
	reading_done(&reading);
}

static struct agent_saved full_agent(void)
{
	return (struct agent_saved){
		.record = { .state = AGENT_PAUSED,
		            .since = NOW,
		            .until = NOW + 1,
		            .idle_since = NOW + 2,
		            .pending = PENDING_LOGOUT,
		            .cause = PAUSE_RONA,
		            .brief = true,
		            .device = DEVICE_BUSY,
		            .misses = { 1, 2, 0, 65535 },
		            .queues_count = 2,
		            .queues = { 1, 0 },
		            .levels = { [0] = 3, [1] = 255 } },
		.name = "bob \"b\"",
		.target = "PJSIP/b",
		.pause_reason = "lunch\n",
	};
}

static void every_member_of_an_agent_is_written_and_read(void **state)
{
	struct agent_saved agent_is = full_agent(), back;
	char first[1024], second[1024];
	size_t length = agent_saved_write(&agent_is, *state, first, sizeof(first));
	struct reading reading;

	assert_string_equal(
	        first,
	        "{\"v\":1,\"agent\":\"bob \\\"b\\\"\",\"state\":\"paused\","
	        "\"since_us\":1795316788164023,\"until_us\":1795316788164024,"
	        "\"idle_since_us\":1795316788164025,\"pending\":\"logout\",\"cause\":\"rona\","
	        "\"brief\":true,\"device\":\"busy\",\"pause_reason\":\"lunch\\n\",\"target\":"
	        "\"PJSIP/b\","
	        "\"misses\":{\"no_answer\":1,\"busy\":2,\"unreachable\":65535},"
	        "\"queues\":[\"s\\\"\\\\\\n\",\"sales\"],"
	        "\"skills\":{\"german\":3,\"sk\\\"ill\":255}}");
	assert_int_equal(
	        agent_saved_read((struct text){ first, length }, *state, &reading, &back, NULL), 0);
	assert_int_equal(agent_saved_write(&back, *state, second, sizeof(second)), length);
	assert_string_equal(second, first);
	assert_int_equal(agent_saved_digest(&back, false), agent_saved_digest(&agent_is, false));
	reading_done(&reading);
}

static void a_contact_that_waits_for_a_wrapup_is_kept_with_the_agent(void **state)
{
	struct agent_saved is = {
		.record = { .state = AGENT_WRAPUP }, .name = "a", .target = "", .pause_reason = ""
	};
	struct agent_saved back, bare = is;
	struct reading reading;
	char json[1024];
	size_t length;

	is.wrapup = (struct wrapup_card){
		.contact = "00000000000123-1-1", .holdout = true, .queue = 0, .spent = 1234
	};
	length = agent_saved_write(&is, *state, json, sizeof(json));
	assert_non_null(strstr(json, "\"wraps_up\":{\"contact\":\"00000000000123-1-1\","
	                             "\"queue\":\"sales\",\"group\":\"holdout\","
	                             "\"spent_us\":1234}"));
	assert_int_equal(
	        agent_saved_read((struct text){ json, length }, *state, &reading, &back, NULL), 0);
	assert_string_equal(back.wrapup.contact, is.wrapup.contact);
	assert_true(back.wrapup.holdout);
	assert_int_equal(back.wrapup.queue, 0);
	assert_int_equal(back.wrapup.spent, 1234);
	assert_int_equal(agent_saved_digest(&back, false), agent_saved_digest(&is, false));
	assert_int_not_equal(agent_saved_digest(&bare, false), agent_saved_digest(&is, false));
	reading_done(&reading);
}

static void queues_and_skills_that_are_gone_are_left_out(void **state)
{
	struct agent_saved back;
	struct reading reading;

	assert_int_equal(agent_saved_read(TEXT("{\"v\":1,\"agent\":\"a\",\"state\":\"ready\","
	                                       "\"queues\":[\"gone\",\"sales\"],"
	                                       "\"skills\":{\"greek\":1,\"german\":2}}"),
	                                  *state, &reading, &back, NULL),
	                 0);
	assert_int_equal(back.record.queues_count, 1);
	assert_int_equal(back.record.queues[0], 0);
	assert_int_equal(back.record.levels[0], 2);
	reading_done(&reading);
}

static void an_agents_team_is_the_configurations(void **state)
{
	struct agent_saved back;
	struct reading reading;

	assert_int_equal(agent_saved_read(TEXT("{\"v\":1,\"agent\":\"carol\",\"state\":\"ready\"}"),
	                                  *state, &reading, &back, NULL),
	                 0);
	assert_int_equal(back.record.team, 4);
	reading_done(&reading);
	assert_int_equal(agent_saved_read(TEXT("{\"v\":1,\"agent\":\"alice\",\"state\":\"ready\"}"),
	                                  *state, &reading, &back, NULL),
	                 0);
	assert_int_equal(back.record.team, 0);
	reading_done(&reading);
}

static void a_tier_that_is_not_configured_any_more_is_none(void **state)
{
	struct call_saved call;
	struct reading reading;

	assert_int_equal(call_saved_read(TEXT(CALL ",\"state\":\"waiting\",\"tier\":\"tin\","
	                                           "\"tier_used\":\"tin\"}"),
	                                 *state, &reading, &call, NULL),
	                 0);
	assert_int_equal(call.record.tier, 0);
	assert_string_equal(call.facts.tier, "tin");
	reading_done(&reading);
}

static void a_wrong_agent_is_refused_with_the_reason(void **state)
{
	static const struct {
		const char *json, *words;
	} cases[] = {
		{ "{\"v\":1}", "no agent" },
		{ "{\"v\":1,\"agent\":7}", "agent" },
		{ "{\"v\":1,\"agent\":\"a\",\"queues\":{}}", "queues" },
		{ "{\"v\":1,\"agent\":\"a\",\"queues\":[1]}", "queues" },
		{ "{\"v\":1,\"agent\":\"a\",\"skills\":[]}", "skills" },
		{ "{\"v\":1,\"agent\":\"a\",\"skills\":{\"german\":-1}}", "german" },
		{ "{\"v\":1,\"agent\":\"a\",\"misses\":{\"busy\":99999}}", "busy" },
		{ "{\"v\":1,\"agent\":\"a\",\"misses\":7}", "misses" },
		{ "{\"v\":1,\"agent\":\"a\",\"wraps_up\":7}", "wraps_up" },
		{ "{\"v\":1,\"agent\":\"a\",\"wraps_up\":{\"contact\":"
		  "\"0123456789012345678901234567890123\",\"queue\":\"sales\","
		  "\"group\":\"sticky\",\"spent_us\":1}}",
		  "wraps_up" },
		{ "{\"v\":1,\"agent\":\"a\",\"wraps_up\":{\"contact\":\"c\","
		  "\"queue\":\"sales\",\"group\":\"sticky\",\"spent_us\":-1}}",
		  "wraps_up" },
		{ "{\"v\":1,\"agent\":\"a\",\"pending\":\"tea\"}", "tea" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct agent_saved agent_is;
		struct reading reading;
		struct err err = { 0 };
		int r = agent_saved_read(text_of(cases[i].json), *state, &reading, &agent_is, &err);

		reading_done(&reading);
		if (r != -EINVAL || strstr(err.text, cases[i].words) == NULL)
			fail_msg("%s: %d, %s", cases[i].json, r, err.text);
	}
}

static void a_busy_agent_is_saved_as_without_their_call(void **state)
{
	struct agent_saved idle = full_agent(), busy;

	(void)state;
	idle.record.state = AGENT_READY;
	idle.record.until = 0;
	busy = idle;
	busy.record.state = AGENT_TALKING;
	busy.record.since = NOW + 500;
	busy.record.call = (struct call_id){ 3, 3 };
	assert_int_equal(agent_saved_digest(&busy, true), agent_saved_digest(&idle, true));
	busy.record.brief = false; /* this part lasts */
	assert_int_not_equal(agent_saved_digest(&busy, true), agent_saved_digest(&idle, true));
	busy.record.brief = true;
	busy.record.misses[0] = 9; /* and this */
	assert_int_not_equal(agent_saved_digest(&busy, true), agent_saved_digest(&idle, true));
	agent_saved_settle(&busy.record);
	assert_int_equal(busy.record.state, AGENT_READY);
	assert_int_equal(busy.record.since, busy.record.idle_since);
	idle.record.state = AGENT_WRAPUP;
	agent_saved_settle(&idle.record);
	assert_int_equal(idle.record.state, AGENT_WRAPUP);
}

static void a_record_that_does_not_fit_has_no_length(void **state)
{
	struct call_saved call = full_call(*state);
	struct agent_saved agent_is = full_agent();
	char buffer[100];

	assert_int_equal(call_saved_write(&call, *state, buffer, sizeof(buffer)), 0);
	assert_int_equal(agent_saved_write(&agent_is, *state, buffer, sizeof(buffer)), 0);
}

#define RECORD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RECORD_TEST(every_member_of_a_call_is_written_and_read),
		RECORD_TEST(what_is_usual_is_left_out_and_reads_as_usual),
		RECORD_TEST(one_may_hold_out_for_ever),
		RECORD_TEST(members_of_a_newer_minor_version_are_skipped),
		RECORD_TEST(a_wrong_call_is_refused_with_the_reason),
		RECORD_TEST(a_call_that_waits_has_no_agent_whatever_its_record_says),
		RECORD_TEST(every_member_of_an_agent_is_written_and_read),
		RECORD_TEST(a_contact_that_waits_for_a_wrapup_is_kept_with_the_agent),
		RECORD_TEST(queues_and_skills_that_are_gone_are_left_out),
		RECORD_TEST(an_agents_team_is_the_configurations),
		RECORD_TEST(a_tier_that_is_not_configured_any_more_is_none),
		RECORD_TEST(a_wrong_agent_is_refused_with_the_reason),
		RECORD_TEST(a_busy_agent_is_saved_as_without_their_call),
		RECORD_TEST(a_record_that_does_not_fit_has_no_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

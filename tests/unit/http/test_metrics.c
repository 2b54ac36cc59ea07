#include "metrics.h"

#include <stdio.h>

#include "centre.h"

#define OPENMETRICS "application/openmetrics-text; version=1.0.0"

static void assert_has(const struct answer *answer, const char *line)
{
	if (strstr(answer->body.start, line) == NULL)
		print_error("missing: %s\nin:\n%s\n", line, answer->body.start);
	assert_non_null(strstr(answer->body.start, line));
}

static int set_up(void **state)
{
	int r = centre_set_up(state);

	centre_keep_days(*state);
	return r;
}

static void assert_lacks(const struct answer *answer, const char *text)
{
	if (strstr(answer->body.start, text) != NULL)
		fail_msg("there is: %s", text);
}

static void until_the_past_is_known_there_are_no_totals(void **state)
{
	struct answer answer = centre_ask(*state, metrics_answer, (struct inquiry){ 0 });

	assert_has(&answer, "# TYPE najimi_calls_offered_total counter\n");
	assert_lacks(&answer, "\nnajimi_calls_offered_total{");
	assert_lacks(&answer, "\nnajimi_call_wait_seconds_bucket{");
	assert_lacks(&answer, "\nnajimi_sticky_total{");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"waiting\"} 0\n");
	body_done(&answer.body);
}

static void every_configured_queue_has_its_series_from_the_start(void **state)
{
	struct answer answer = centre_ask(*state, metrics_answer, (struct inquiry){ 0 });

	assert_int_equal(answer.status, 200);
	assert_string_equal(answer.type, "text/plain; version=0.0.4; charset=utf-8");
	assert_has(&answer, "\nnajimi_calls_offered_total{queue=\"sales\"} 0\n");
	assert_has(&answer, "\nnajimi_calls_offered_total{queue=\"営業 \\\"a\\\\b\\\"\"} 0\n");
	assert_has(
	        &answer,
	        "\nnajimi_calls_completed_total{queue=\"sales\",outcome=\"short_abandoned\"} 0\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"recalling\"} 0\n");
	assert_has(&answer,
	           "\nnajimi_sticky_fallthrough_total{queue=\"sales\",reason=\"busy\"} 0\n");
	assert_has(&answer, "\nnajimi_promises_total{queue=\"sales\",result=\"kept\"} 0\n");
	assert_has(&answer,
	           "\nnajimi_estimate_error_seconds_bucket{queue=\"sales\",result=\"late\","
	           "le=\"10.0\"} 0\n");
	assert_has(&answer, "\nnajimi_sticky_answered_total{queue=\"sales\"} 0\n");
	assert_has(&answer, "\nnajimi_sticky_held_total{queue=\"sales\"} 0\n");
	assert_has(&answer, "\nnajimi_sticky_held_in_vain_total{queue=\"sales\"} 0\n");
	assert_has(&answer, "\nnajimi_sticky_idle_seconds_total{queue=\"sales\"} 0.0\n");
	assert_has(&answer, "\nnajimi_sticky_value_seconds{queue=\"sales\"} 0.0\n");
	assert_has(&answer, "\nnajimi_group_answered_total{queue=\"sales\",group=\"holdout\"} 0\n");
	assert_has(&answer,
	           "\nnajimi_group_wait_seconds_total{queue=\"sales\",group=\"sticky\"} 0.0\n");
	assert_has(&answer, "\nnajimi_queue_estimated_wait_seconds{queue=\"sales\"} NaN\n");
	assert_has(&answer, "\nnajimi_service_level_threshold_seconds{queue=\"sales\"} 20.0\n");
	body_done(&answer.body);
}

static void a_calls_life_is_counted(void **state)
{
	struct centre *centre = *state;
	struct call_id talking, waiting;
	struct answer answer;

	centre_log_in(centre, "alice");
	talking = centre_call(centre, "c1", "+81312345678", false, 0);
	waiting = centre_call(centre, "c2", "+81312345679", false, 0);
	(void)waiting;
	centre_answer(centre, talking);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ .accept = OPENMETRICS });
	assert_has(&answer, "\nnajimi_calls_offered_total{queue=\"sales\"} 2\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"waiting\"} 1\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"talking\"} 1\n");
	assert_has(&answer, "\nnajimi_agents{queue=\"sales\",state=\"talking\"} 1\n");
	assert_has(&answer, "\nnajimi_queue_oldest_call_age_seconds{queue=\"sales\"} 30.");
	assert_has(&answer, "\nnajimi_offers_total{queue=\"sales\"} 1\n");
	/* Both came 30 s ago: too late for one, and the other waits beyond T. */
	assert_has(&answer, "\nnajimi_service_level_answered_in_time_total{queue=\"sales\"} 0\n");
	assert_has(&answer,
	           "\nnajimi_call_wait_seconds_bucket{queue=\"sales\",outcome=\"answered\","
	           "le=\"20.0\"} 0\n");
	assert_has(&answer,
	           "\nnajimi_call_wait_seconds_count{queue=\"sales\",outcome=\"answered\"} 1\n");
	assert_string_equal(answer.body.start + answer.body.length - 7, "\n# EOF\n");
	body_done(&answer.body);

	centre_end(centre, talking);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ .accept = OPENMETRICS });
	assert_has(&answer,
	           "\nnajimi_calls_completed_total{queue=\"sales\",outcome=\"answered\"} 1\n");
	body_done(&answer.body);
}

static void what_was_counted_before_is_counted(void **state)
{
	struct day_figures before = { .counts = { [DAY_OFFERED] = 40 } };
	struct centre *centre = *state;
	struct answer answer;

	day_span_put(&before.spans[DAY_WAIT_ANSWERED], SEC(20), 7);
	day_span_put(&before.spans[DAY_WAIT_ANSWERED], SEC(25), 2);
	before.spans[DAY_WAIT_ANSWERED].sum = SEC(100);
	centre_open_day(centre, "sales", &before);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_calls_offered_total{queue=\"sales\"} 40\n");
	assert_has(&answer,
	           "\nnajimi_call_wait_seconds_bucket{queue=\"sales\",outcome=\"answered\","
	           "le=\"20.0\"} 7\n");
	assert_has(&answer,
	           "\nnajimi_call_wait_seconds_bucket{queue=\"sales\",outcome=\"answered\","
	           "le=\"30.0\"} 9\n");
	/* An edge that the queue has no more. */
	assert_lacks(&answer, "outcome=\"answered\",le=\"25.0\"");
	assert_has(&answer,
	           "\nnajimi_call_wait_seconds_sum{queue=\"sales\",outcome=\"answered\"} 100.0\n");
	body_done(&answer.body);
}

static void who_is_looked_up_is_not_offered_yet(void **state)
{
	struct centre *centre = *state;
	struct core_event ev = { .type = EVT_CALL_ARRIVED };
	struct call_facts facts = { "pbx-a", "c1", "", "", "tel:+81", "",   "",
		                    "",      "",   "", "", "",        false };
	struct answer answer;

	ev.call_arrived.call = directory_add_call(centre->directory, &facts)->id;
	ev.call_arrived.identity = IDENTITY_KEYED;
	ev.call_arrived.arrived_at = clock_now();
	centre_step(centre, ev);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_calls_offered_total{queue=\"sales\"} 0\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"recalling\"} 1\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"waiting\"} 0\n");
	body_done(&answer.body);
	/* The same for somebody who has waited already. */
	ev.type = EVT_CALLER_RECALLED;
	ev.caller_recalled.call = directory_find_call(centre->directory, "pbx-a", "c1")->id;
	ev.caller_recalled.outcome = RECALL_UNKNOWN;
	ev.caller_recalled.known_count = 0;
	ev.caller_recalled.never_count = 0;
	centre_step(centre, ev);
	ev = (struct core_event){ .type = EVT_CALL_UPDATED };
	ev.call_updated.call = directory_find_call(centre->directory, "pbx-a", "c1")->id;
	ev.call_updated.has_identity = true;
	ev.call_updated.identity = IDENTITY_KEYED;
	centre_step(centre, ev);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_calls_offered_total{queue=\"sales\"} 1\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"recalling\"} 0\n");
	assert_has(&answer, "\nnajimi_queue_calls{queue=\"sales\",state=\"waiting\"} 1\n");
	body_done(&answer.body);
}

static void the_daemon_tells_of_itself(void **state)
{
	struct centre *centre = *state;
	struct answer answer;

	meter_count(&centre->meters.rpc_requests, "call.arrive", "0");
	meter_count(&centre->meters.rpc_requests, "call.arrive", "0");
	meter_count(&centre->meters.rpc_protocol_errors, "garbage", "");
	centre->meters.rpc_sessions[ROLE_PBX] = 3;
	centre->meters.reloads_failed = 2;
	centre->meters.store_up = true;
	histogram_add(&centre->meters.decision[ADAPTER_NATIVE], 300);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_rpc_requests_total{method=\"call.arrive\",code=\"0\"} 2\n");
	assert_has(&answer, "\nnajimi_rpc_protocol_errors_total{reason=\"garbage\"} 1\n");
	assert_has(&answer, "\nnajimi_rpc_sessions{role=\"pbx\"} 3\n");
	assert_has(&answer, "\nnajimi_config_reloads_total{result=\"failed\"} 2\n");
	assert_has(&answer, "\nnajimi_store_up 1\n");
	assert_has(&answer,
	           "\nnajimi_decision_seconds_bucket{adapter=\"native\",le=\"0.00025\"} 0\n");
	assert_has(&answer,
	           "\nnajimi_decision_seconds_bucket{adapter=\"native\",le=\"0.0005\"} 1\n");
	assert_has(&answer, "\nnajimi_build_info{version=\"" NAJIMI_VERSION "\"} 1\n");
	assert_has(&answer, "\nprocess_open_fds ");
	assert_has(&answer, "\nprocess_resident_memory_bytes ");
	body_done(&answer.body);
}

static void no_family_is_told_twice(void **state)
{
	struct answer answer = centre_ask(*state, metrics_answer, (struct inquiry){ 0 });
	size_t families = 0;

	for (char *line = strstr(answer.body.start, "# TYPE "); line != NULL;
	     line = strstr(line + 1, "\n# TYPE ")) {
		char *start = line[0] == '\n' ? line + 1 : line, *end = strchr(start, '\n');
		char descriptor[256];

		snprintf(descriptor, sizeof(descriptor), "%.*s\n", (int)(end - start), start);
		assert_ptr_equal(strstr(answer.body.start, descriptor), start);
		assert_null(strstr(start + 1, descriptor));
		families++;
	}
	assert_true(families > 50);
	body_done(&answer.body);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, centre_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(until_the_past_is_known_there_are_no_totals,
		                                centre_set_up, centre_tear_down),
		TEST(who_is_looked_up_is_not_offered_yet),
		cmocka_unit_test_setup_teardown(what_was_counted_before_is_counted, centre_set_up,
		                                centre_tear_down),
		TEST(every_configured_queue_has_its_series_from_the_start),
		TEST(a_calls_life_is_counted),
		TEST(the_daemon_tells_of_itself),
		TEST(no_family_is_told_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

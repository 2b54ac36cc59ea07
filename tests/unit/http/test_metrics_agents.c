#include "metrics.h"

#include "centre.h"

static void assert_has(const struct answer *answer, const char *line)
{
	if (strstr(answer->body.start, line) == NULL)
		print_error("missing: %s\nin:\n%s\n", line, answer->body.start);
	assert_non_null(strstr(answer->body.start, line));
}

static void nobody_is_paused_for_misses_until_it_is_so(void **state)
{
	struct centre *centre = *state;
	struct answer answer;

	centre_log_in(centre, "alice");
	centre_step(centre, (struct core_event){
	                            .type = EVT_AGENT_PAUSED,
	                            .agent_paused = { .agent = centre_agent(centre, "alice") } });
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_agents{queue=\"sales\",state=\"paused\"} 1\n");
	assert_has(&answer, "\nnajimi_agents_rona{queue=\"sales\"} 0\n");
	body_done(&answer.body);
}

static void who_missed_too_many_offers_is_counted_in_each_queue(void **state)
{
	struct centre *centre = *state;
	struct core_event rules = { .type = EVT_RULES_CONFIGURED };
	struct core_event failed = { .type = EVT_CALL_FAILED };
	struct answer answer;

	rules.rules = (struct core_rules){ .misses_max = { [MISS_NO_ANSWER] = 1 },
		                           .recall_max = SEC(60),
		                           .exclude_for = SEC(60),
		                           .ring_grace = SEC(5) };
	centre_step(centre, rules);
	centre_log_in(centre, "alice");
	failed.call_failed.call = centre_call(centre, "c1", "+81312345678", false, 0);
	failed.call_failed.offer = 1;
	failed.call_failed.kind = MISS_NO_ANSWER;
	centre_step(centre, failed);
	answer = centre_ask(centre, metrics_answer, (struct inquiry){ 0 });
	assert_has(&answer, "\nnajimi_agents_rona{queue=\"sales\"} 1\n");
	assert_has(&answer, "\nnajimi_agents_rona{queue=\"営業 \\\"a\\\\b\\\"\"} 1\n");
	body_done(&answer.body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_is_paused_for_misses_until_it_is_so,
		                                centre_set_up, centre_tear_down),
		cmocka_unit_test_setup_teardown(who_missed_too_many_offers_is_counted_in_each_queue,
		                                centre_set_up, centre_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

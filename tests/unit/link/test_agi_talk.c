#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

#include "agi_talk.h"

/* One conversation. Each test reads as it goes: `say` is what we say next, `hear` what
 * Asterisk says. */
static struct talk talk;
static struct talk_report report;
static struct queue_options queue;
static char music[] = "default", leave[] = "0*", own[] = "please-wait", none[] = "";

static int set_up(void **state)
{
	(void)state;
	talk_init(&talk);
	memset(&queue, 0, sizeof(queue));
	queue.hold.answer = true;
	queue.hold.music = music;
	queue.hold.leave = leave;
	queue.hold.announcement = own;
	return 0;
}

/* "" waits, "close" closes. */
static void say(const char *expected)
{
	static struct agi_command command;
	char said[AGI_LINE_MAX] = "";
	struct text bytes;

	switch (talk_next(&talk, &queue, &command)) {
	case TALK_SEND:
		bytes = agi_command_end(&command);
		assert_true(bytes.length > 0);
		snprintf(said, sizeof(said), "%.*s", (int)bytes.length - 1, bytes.start);
		/* Whatever is in flight, nothing more is said. */
		assert_int_equal(talk_next(&talk, &queue, &command), TALK_WAIT);
		break;
	case TALK_WAIT:
		break;
	case TALK_CLOSE:
		strcpy(said, "close");
		break;
	}
	assert_string_equal(said, expected);
}

static enum talk_news hear(const char *line)
{
	return talk_take(&talk, text_of(line), &report);
}

static void quietly(const char *line)
{
	assert_int_equal(hear(line), NEWS_NOTHING);
}

static void answers_and_plays_music_while_a_caller_waits(void **state)
{
	(void)state;
	say("");
	talk_hold(&talk);
	say("ANSWER");
	quietly("200 result=0");
	say("SET MUSIC ON \"default\"");
	quietly("200 result=0");
	say("");
	talk_hold(&talk);
	say("");
}

static void keeps_ringing_where_nothing_is_to_be_played(void **state)
{
	(void)state;
	queue.hold.answer = false;
	queue.hold.music = none;
	talk_hold(&talk);
	say("");
	assert_int_equal(talk_next(&talk, NULL, NULL), TALK_WAIT); /* the queue is gone */
}

static void sets_variables_before_all_else_and_closes(void **state)
{
	(void)state;
	talk_hold(&talk);
	say("ANSWER");
	talk_leave(&talk, "A=1,B=\"2\"");
	say("");
	quietly("200 result=0");
	say("EXEC \"MSet\" \"A=1,B=\\\"2\\\"\"");
	quietly("200 result=0");
	say("close");
	/* And turns the music off, if there was any. */
	set_up(NULL);
	queue.hold.answer = false;
	talk_hold(&talk);
	say("SET MUSIC ON \"default\"");
	quietly("200 result=0");
	talk_leave(&talk, "A=1");
	say("EXEC \"MSet\" \"A=1\"");
	quietly("200 result=0");
	say("SET MUSIC OFF");
	quietly("200 result=0");
	say("close");
}

static void closes_at_once_when_nothing_is_to_be_said(void **state)
{
	(void)state;
	talk_leave(&talk, "");
	say("close");
}

static void hears_of_a_hang_up_between_a_command_and_its_reply(void **state)
{
	(void)state;
	talk_hold(&talk);
	say("ANSWER");
	assert_int_equal(hear("HANGUP"), NEWS_HUNGUP);
	say("close");
	quietly("HANGUP");
	quietly("200 result=-1");
	say("close");
}

static void knows_a_dead_channel_by_what_it_does_not_permit(void **state)
{
	(void)state;
	talk_hold(&talk);
	say("ANSWER");
	assert_int_equal(hear("511 Command Not Permitted on a dead channel or intercept routine"),
	                 NEWS_HUNGUP);
	say("close");
}

static void tells_place_and_wait_one_sound_at_a_time(void **state)
{
	(void)state;
	queue.hold.answer = false;
	talk_hold(&talk);
	say("SET MUSIC ON \"default\"");
	quietly("200 result=0");
	assert_false(talk_is_saying(&talk));
	talk_say(&talk, SOUND_OWN, 0);
	talk_say(&talk, SOUND_THERE_ARE, 0);
	talk_say(&talk, SOUND_NUMBER, 12);
	assert_true(talk_is_saying(&talk));
	say("STREAM FILE \"please-wait\" \"0*\"");
	quietly("200 result=0 endpos=8000");
	say("STREAM FILE \"queue-thereare\" \"0*\"");
	quietly("200 result=0 endpos=8000");
	say("SAY NUMBER \"12\" \"0*\"");
	assert_true(talk_is_saying(&talk));
	quietly("200 result=0");
	assert_false(talk_is_saying(&talk));
	say("SET MUSIC ON \"default\"");
	quietly("200 result=0");
	say("");
}

static void lets_a_decision_wait_for_one_sound_at_most(void **state)
{
	(void)state;
	queue.hold.answer = false;
	talk_hold(&talk);
	talk_say(&talk, SOUND_NEXT, 0);
	talk_say(&talk, SOUND_OWN, 0);
	say("STREAM FILE \"queue-youarenext\" \"0*\"");
	talk_leave(&talk, "A=1");
	say("");
	quietly("200 result=48 endpos=100"); /* too late to leave */
	say("EXEC \"MSet\" \"A=1\"");
	quietly("200 result=0");
	say("close");
}

static void hears_the_digit_of_a_caller_who_leaves(void **state)
{
	(void)state;
	queue.hold.answer = false;
	talk_hold(&talk);
	talk_say(&talk, SOUND_NEXT, 0);
	talk_say(&talk, SOUND_OWN, 0);
	say("STREAM FILE \"queue-youarenext\" \"0*\"");
	assert_int_equal(hear("200 result=42 endpos=100"), NEWS_DIGIT);
	assert_int_equal(report.digit, '*');
	say("");
}

static void says_nothing_more_after_a_sound_that_cannot_be_played(void **state)
{
	(void)state;
	queue.hold.answer = false;
	queue.hold.music = none;
	talk_hold(&talk);
	talk_say(&talk, SOUND_NUMBER, 3);
	talk_say(&talk, SOUND_CALLERS, 0);
	say("SAY NUMBER \"3\" \"0*\"");
	quietly("200 result=-1");
	say("");
	for (size_t i = 0; i < 2 * TALK_SOUNDS_MAX; i++)
		talk_say(&talk, SOUND_BEEP, 0);
	assert_true(talk.sounds_count <= TALK_SOUNDS_MAX);
}

static void asks_for_the_variables_of_the_channel(void **state)
{
	(void)state;
	talk_ask(&talk);
	say("GET FULL VARIABLE \"${NAJIMI_CUSTOMER}\xe2\x90\x9f${NAJIMI_TIER}\xe2\x90\x9f"
	    "${NAJIMI_REASON}\xe2\x90\x9f${NAJIMI_SKILLS}\xe2\x90\x9f${NAJIMI_PRIORITY}"
	    "\xe2\x90\x9f${NAJIMI_CASE}\"");
	assert_int_equal(hear("200 result=1 (a) b)"), NEWS_VARIABLES);
	assert_true(text_is(report.value, "a) b"));
	talk_ask(&talk);
	assert_int_equal(talk_next(&talk, &queue, &(struct agi_command){ 0 }), TALK_SEND);
	assert_int_equal(hear("200 result=0"), NEWS_VARIABLES);
	assert_true(text_is(report.value, ""));
}

static void dial_comes_back(const char *result, const char *status)
{
	talk_dial(&talk, "PJSIP/alice,20,g");
	say("EXEC \"Dial\" \"PJSIP/alice,20,g\"");
	quietly(result);
	say("GET FULL VARIABLE \"${DIALSTATUS} ${HANGUPCAUSE} ${ANSWEREDTIME} ${UNIQUEID}\"");
	assert_int_equal(hear(status), NEWS_DIALLED);
}

static void dials_and_asks_how_it_ended(void **state)
{
	(void)state;
	dial_comes_back("200 result=0", "200 result=1 (ANSWER 16 42 1.1)");
	assert_int_equal(report.dial.end, DIAL_TALKED);
	assert_int_equal(report.seconds, 42);
	assert_true(report.by_agent);
	assert_true(text_is(report.value, "1.1"));
	dial_comes_back("200 result=-1", "200 result=1 (ANSWER 16 42 1.1)");
	assert_false(report.by_agent);
	dial_comes_back("200 result=0", "200 result=1 (CHANUNAVAIL 21 )");
	assert_int_equal(report.dial.end, DIAL_MISSED);
	assert_int_equal(report.dial.miss, MISS_REJECTED);
	assert_int_equal(report.seconds, 0);
	dial_comes_back("200 result=0", "200 result=1 (NOANSWER  )");
	assert_int_equal(report.dial.miss, MISS_NO_ANSWER);
	dial_comes_back("200 result=0", "200 result=1 (  )");
	assert_int_equal(report.dial.end, DIAL_MISSED);
	dial_comes_back("200 result=0", "200 result=0");
	assert_int_equal(report.dial.end, DIAL_MISSED);
	say("");
	/* And the caller waits on. */
	talk_hold(&talk);
	say("ANSWER");
}

/* Captured with Asterisk 16. */
static void asks_how_dial_ended_though_the_caller_has_hung_up(void **state)
{
	(void)state;
	talk_dial(&talk, "PJSIP/alice,20,g");
	say("EXEC \"Dial\" \"PJSIP/alice,20,g\"");
	quietly("200 result=-1");
	say("GET FULL VARIABLE \"${DIALSTATUS} ${HANGUPCAUSE} ${ANSWEREDTIME} ${UNIQUEID}\"");
	assert_int_equal(hear("HANGUP"), NEWS_HUNGUP);
	say("");
	assert_int_equal(hear("200 result=1 (CANCEL 0  1.1)"), NEWS_DIALLED);
	assert_int_equal(report.dial.end, DIAL_LEFT);
	say("close");
}

static void does_not_dial_for_a_caller_who_has_hung_up(void **state)
{
	(void)state;
	queue.hold.answer = false;
	talk_hold(&talk);
	say("SET MUSIC ON \"default\"");
	quietly("200 result=0");
	talk_dial(&talk, "PJSIP/alice,20,g");
	say("SET MUSIC OFF");
	assert_int_equal(hear("HANGUP"), NEWS_HUNGUP);
	quietly("200 result=0");
	say("close");
}

static void joins_and_asks_who_has_left(void **state)
{
	(void)state;
	queue.hold.dial = DIAL_AGENT_FIRST;
	talk_hold(&talk);
	say("EXEC \"Answer\" \",i\"");
	assert_false(talk_is_engaged(&talk));
	talk_join(&talk, "najimi-1,x");
	assert_true(talk_is_engaged(&talk));
	say("");
	quietly("200 result=0");
	say("EXEC \"Bridge\" \"najimi-1,x\"");
	quietly("200 result=0");
	say("GET FULL VARIABLE \"${UNIQUEID}\"");
	assert_int_equal(hear("200 result=1 (1.1)"), NEWS_PARTED);
	assert_true(report.by_agent);
	assert_true(text_is(report.value, "1.1"));
	assert_false(talk_is_engaged(&talk));
	say("");
	/* And the caller waits on. */
	talk_hold(&talk);
	say("SET MUSIC ON \"default\"");
}

/* Asterisk 22 says HANGUP before it answers, 16 may say it while they talk. */
static void hears_of_a_caller_who_has_left_the_agent(void **state)
{
	(void)state;
	talk_join(&talk, "najimi-1,x");
	say("EXEC \"Bridge\" \"najimi-1,x\"");
	quietly("200 result=0");
	say("GET FULL VARIABLE \"${UNIQUEID}\"");
	assert_int_equal(hear("HANGUP"), NEWS_PARTED);
	assert_false(report.by_agent);
	say("close");
	quietly("200 result=1 (1.1)");
	say("close");
	set_up(NULL);
	talk_join(&talk, "najimi-1,x");
	say("EXEC \"Bridge\" \"najimi-1,x\"");
	assert_int_equal(hear("HANGUP"), NEWS_HUNGUP);
	say("");
	quietly("200 result=-1");
	say("GET FULL VARIABLE \"${UNIQUEID}\"");
	assert_int_equal(hear("200 result=1 (1.1)"), NEWS_PARTED);
	assert_false(report.by_agent);
	say("close");
}

static void plays_what_an_agent_is_told_after_the_result_is_set(void **state)
{
	(void)state;
	talk_leave(&talk, "NAJIMI_RESULT=done");
	talk_say(&talk, SOUND_LOGGED_IN, 0);
	say("EXEC \"MSet\" \"NAJIMI_RESULT=done\"");
	quietly("200 result=0");
	say("ANSWER");
	quietly("200 result=0");
	say("STREAM FILE \"agent-loginok\" \"\"");
	quietly("200 result=0 endpos=1");
	say("close");
}

static void calls_wrong_what_no_asterisk_says(void **state)
{
	(void)state;
	assert_int_equal(hear("200 result=1"), NEWS_WRONG);
	assert_string_equal(report.reason, "unasked");
	assert_int_equal(hear("520-x"), NEWS_WRONG);
	set_up(NULL);
	assert_int_equal(hear("hello"), NEWS_WRONG);
	assert_string_equal(report.reason, "bad_reply");
	talk_hold(&talk);
	say("ANSWER");
	quietly("520-Invalid command syntax.  Proper usage follows:");
	quietly("Usage: ANSWER");
	assert_int_equal(hear("520 End of proper usage."), NEWS_WRONG);
	assert_string_equal(report.reason, "command_refused");
	set_up(NULL);
	talk_dial(&talk, "x");
	say("EXEC \"Dial\" \"x\"");
	assert_int_equal(hear("200 result=-2"), NEWS_WRONG);
	assert_string_equal(report.reason, "no_dial");
	set_up(NULL);
	talk_join(&talk, "x");
	say("EXEC \"Bridge\" \"x\"");
	assert_int_equal(hear("200 result=-2"), NEWS_WRONG);
	assert_string_equal(report.reason, "no_bridge");
	set_up(NULL);
	talk_leave(&talk, "A=1");
	say("EXEC \"MSet\" \"A=1\"");
	assert_int_equal(hear("200 result=-2"), NEWS_WRONG);
	assert_string_equal(report.reason, "no_mset");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_and_plays_music_while_a_caller_waits),
		TEST(keeps_ringing_where_nothing_is_to_be_played),
		TEST(sets_variables_before_all_else_and_closes),
		TEST(closes_at_once_when_nothing_is_to_be_said),
		TEST(hears_of_a_hang_up_between_a_command_and_its_reply),
		TEST(knows_a_dead_channel_by_what_it_does_not_permit),
		TEST(tells_place_and_wait_one_sound_at_a_time),
		TEST(lets_a_decision_wait_for_one_sound_at_most),
		TEST(hears_the_digit_of_a_caller_who_leaves),
		TEST(says_nothing_more_after_a_sound_that_cannot_be_played),
		TEST(asks_for_the_variables_of_the_channel),
		TEST(dials_and_asks_how_it_ended),
		TEST(asks_how_dial_ended_though_the_caller_has_hung_up),
		TEST(joins_and_asks_who_has_left),
		TEST(hears_of_a_caller_who_has_left_the_agent),
		TEST(does_not_dial_for_a_caller_who_has_hung_up),
		TEST(plays_what_an_agent_is_told_after_the_result_is_set),
		TEST(calls_wrong_what_no_asterisk_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

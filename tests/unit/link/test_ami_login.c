#include "manager.h"

static void a_secret_is_proved_by_what_only_it_can_make_of_the_challenge(void **state)
{
	char key[AMI_KEY_SIZE];

	(void)state;
	assert_true(ami_login_key("795475272", "of the tests", key));
	assert_string_equal(key, "7da0fa195ea946d52823718b1dde8937");
	assert_true(ami_login_key("", "abc", key)); /* RFC 1321 */
	assert_string_equal(key, "900150983cd24fb0d6963f7d28e17f72");
}

static void the_secret_itself_is_not_said_where_it_can_be_proved(void **state)
{
	struct manager *manager = manager_make();

	(void)state;
	manager->options.md5 = true;
	manager_connect(manager, &manager_calm);
	manager_expect(manager, "AuthType: MD5\r\n");
	manager_say(manager, "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\n"
	                     "ActionID: challenge\r\nChallenge: 795475272\r\n\r\n");
	assert_null(strstr(manager->heard, "of the tests"));
	manager_expect(manager,
	               "Key: 7da0fa195ea946d52823718b1dde8937\r\nEvents: system,call,user,dtmf");
	manager_close(manager);
}

static void what_would_not_fit_a_line_is_not_said(void **state)
{
	static char secret[AMI_OUT_LINE_MAX + 1];
	struct manager *manager = manager_make();

	(void)state;
	memset(secret, 's', AMI_OUT_LINE_MAX);
	manager->options.secret = secret;
	log_set_level(LOG_LEVEL_ERROR - 1);
	manager_connect(manager, &manager_calm);
	manager_pass(manager, MSEC(50));
	assert_string_equal(manager->heard, "");
	assert_string_equal(manager->conn->why, "user and secret do not fit a line");
	manager_close(manager);
}

static void events_that_concern_nobody_are_filtered_out(void **state)
{
	struct manager *manager = manager_make();

	(void)state;
	manager_connect(manager, &manager_calm);
	manager_expect(manager, "Secret: of the tests\r\nEvents: system,call,user,dtmf");
	manager_say(manager, "Response: Success\r\nActionID: login\r\n\r\n");
	manager_expect(manager, "Operation: Add\r\nFilter: !Event: VarSet");
	manager_expect(manager, "Operation: Add\r\nFilter: !Event: Newexten");
	manager_close(manager);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_is_proved_by_what_only_it_can_make_of_the_challenge),
		cmocka_unit_test(the_secret_itself_is_not_said_where_it_can_be_proved),
		cmocka_unit_test(what_would_not_fit_a_line_is_not_said),
		cmocka_unit_test(events_that_concern_nobody_are_filtered_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "config_test.h"

#include "rows.h"

static void every_option_has_an_entry(void **state)
{
	char *manual = printed(options_manual);
	const struct option_row *row;

	(void)state;
	for (unsigned scope = 0; scope < OPTION_SCOPES; scope++)
		for (size_t i = 0; (row = row_at((enum option_scope)scope, i)) != NULL; i++) {
			char entry[128];

			snprintf(entry, sizeof(entry), ".TP\n\\fB%s%s\\fR",
			         scope == SCOPE_QUEUE && !row->own ? "queue." : "", row->path);
			if (strstr(manual, entry) == NULL)
				fail_msg("%s is missing", row->path);
		}
	free(manual);
}

static void says_default_range_and_what_needs_a_restart(void **state)
{
	char *manual = printed(options_manual);

	(void)state;
	assert_non_null(strstr(manual, ".TP\n\\fBcore.calls_max\\fR = \\fI20000\\fR\n"));
	assert_non_null(strstr(manual, "From 1 to 1000000.\nTakes effect after a restart.\n"));
	assert_non_null(strstr(manual, "\\fBqueue.wait_max\\fR = \\fI\\(dq30m\\(dq\\fR"));
	assert_non_null(strstr(manual, "From 10ms to 1d, or never.\n"));
	free(manual);
}

static void nothing_in_it_is_taken_for_a_command(void **state)
{
	char *manual = printed(options_manual);
	const char *const commands[] = { ".TH ", ".SH ", ".SS ", ".TP", ".PP", ".nf", ".fi",
		                         ".RS",  ".RE",  ".B ",  ".BR", ".I ", ".IR" };

	(void)state;
	for (char *line = strtok(manual, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		bool known = *line != '.' && *line != '\'';

		for (size_t i = 0; i < ARRAY_LEN(commands); i++)
			known = known || strncmp(line, commands[i], strlen(commands[i])) == 0;
		if (!known)
			fail_msg("%s", line);
	}
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_has_an_entry),
		cmocka_unit_test(says_default_range_and_what_needs_a_restart),
		cmocka_unit_test(nothing_in_it_is_taken_for_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "config_test.h"

#include "rows.h"

static void the_sample_is_the_defaults(void **state)
{
	struct options *defaults = NULL, *options;
	char *sample = printed(options_sample), *wanted, *got;

	(void)state;
	assert_int_equal(options_defaults(&defaults, NULL), 0);
	options = load(sample);
	wanted = dump(defaults);
	got = dump(options);
	assert_string_equal(got, wanted);
	free(sample);
	free(wanted);
	free(got);
	options_free(defaults);
	options_free(options);
}

static void the_sample_sets_every_option(void **state)
{
	char *sample = printed(options_sample);
	const struct option_row *row;

	(void)state;
	for (enum option_scope scope = SCOPE_SITE; scope <= SCOPE_QUEUE; scope++)
		for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++) {
			const char *dot = strrchr(row->path, '.');
			char line[80];

			if (row->own || strcmp(row->path, "skills") == 0)
				continue;
			snprintf(line, sizeof(line), "%s = ", dot == NULL ? row->path : dot + 1);
			if (strstr(sample, line) == NULL)
				fail_msg("%s is missing", row->path);
		}
	free(sample);
}

static void lines_of_the_sample_fit_a_terminal(void **state)
{
	char *sample = printed(options_sample);

	(void)state;
	for (char *line = strtok(sample, "\n"); line != NULL; line = strtok(NULL, "\n"))
		assert_true(strlen(line) <= 100);
	free(sample);
}

/* Nobody who takes the sample and changes one word would want to be surprised. */
static void a_preset_chosen_in_the_sample_is_in_force(void **state)
{
	static char changed[65536];
	char *sample = printed(options_sample);
	const char *at = strstr(sample, "\"neutral\"");
	struct options *options;
	int length;

	(void)state;
	assert_non_null(at);
	length = snprintf(changed, sizeof(changed), "%.*s\"sticky\"%s", (int)(at - sample), sample,
	                  at + strlen("\"neutral\""));
	assert_true(length > 0 && (size_t)length < sizeof(changed));
	options = load(changed);
	assert_int_equal(options->queue_defaults.plan.value, SEC(200));
	assert_int_equal(options->queue_defaults.plan.wait_idle, MINUTE(2));
	options_free(options);
	free(sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sample_is_the_defaults),
		cmocka_unit_test(the_sample_sets_every_option),
		cmocka_unit_test(a_preset_chosen_in_the_sample_is_in_force),
		cmocka_unit_test(lines_of_the_sample_fit_a_terminal),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

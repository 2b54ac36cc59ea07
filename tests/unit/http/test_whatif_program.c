#include "whatif_program.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static int set_up(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/najimi-near-XXXXXX");
	return mkdtemp(folder) == NULL;
}

static int tear_down(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

/* A program, with the folders that lead to it. */
static const char *put(const char *name, mode_t mode)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	for (char *at = strchr(path + strlen(folder) + 1, '/'); at != NULL;
	     at = strchr(at + 1, '/')) {
		*at = '\0';
		mkdir(path, 0700);
		*at = '/';
	}
	fclose(fopen(path, "w"));
	chmod(path, mode);
	return path;
}

static int find(const char *self, const char *installed, char *ret, struct err *err)
{
	char self_path[128], installed_path[128];

	snprintf(self_path, sizeof(self_path), "%s/%s", folder, self);
	snprintf(installed_path, sizeof(installed_path), "%s/%s", folder, installed);
	return whatif_program_near(self_path, installed_path, ret, err);
}

static void assert_found(const char *self, const char *expected)
{
	char path[PROGRAM_PATH_SIZE], *real;
	struct err err = { "" };

	if (find(self, "usr/bin", path, &err) < 0)
		fail_msg("%s", err.text);
	real = realpath(path, NULL);
	assert_string_equal(real + strlen(folder) + 1, expected);
	free(real);
}

static void it_is_beside_the_daemon_before_all(void **state)
{
	(void)state;
	put("usr/bin/najimictl", 0700);
	put("build/daemon/tools/najimictl", 0700);
	put("build/najimictl", 0700);
	assert_found("build/najimid", "build/najimictl");
}

static void or_where_it_was_built(void **state)
{
	(void)state;
	put("usr/bin/najimictl", 0700);
	put("build/daemon/tools/najimictl", 0700);
	assert_found("build/najimid", "build/daemon/tools/najimictl");
}

static void or_where_programs_are_when_the_daemon_is_where_daemons_are(void **state)
{
	(void)state;
	put("opt/bin/najimictl", 0700);
	put("opt/sbin/najimid", 0700);
	put("usr/bin/najimictl", 0700);
	assert_found("opt/sbin/najimid", "opt/bin/najimictl");
}

static void or_where_it_is_installed(void **state)
{
	(void)state;
	put("usr/bin/najimictl", 0700);
	put("build/najimictl", 0600); /* no program */
	assert_found("build/najimid", "usr/bin/najimictl");
}

static void or_nowhere_and_that_is_said(void **state)
{
	char path[PROGRAM_PATH_SIZE];
	struct err err;

	(void)state;
	assert_int_equal(find("build/najimid", "usr/bin", path, &err), -ENOENT);
	assert_non_null(strstr(err.text, "there is no najimictl beside "));
	assert_non_null(strstr(err.text, "usr/bin"));
	assert_int_equal(whatif_program_near("", "/nowhere", path, &err), -ENOENT);
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(it_is_beside_the_daemon_before_all),
		T(or_where_it_was_built),
		T(or_where_programs_are_when_the_daemon_is_where_daemons_are),
		T(or_where_it_is_installed),
		T(or_nowhere_and_that_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "whatif_program.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_there(const char *folder, size_t length, const char *name, char *ret)
{
	int n = snprintf(ret, PROGRAM_PATH_SIZE, "%.*s%s", (int)length, folder, name);

	return n > 0 && n < PROGRAM_PATH_SIZE && access(ret, X_OK) == 0;
}

int whatif_program_near(const char *self, const char *installed, char *ret, struct err *err)
{
	/* An installed one may be of another version than a daemon that is not. */
	static const char *const places[] = { "/najimictl", "/daemon/tools/najimictl",
		                              "/../bin/najimictl" };
	const char *slash = strrchr(self, '/');

	for (size_t i = 0; slash != NULL && i < ARRAY_LEN(places); i++)
		if (is_there(self, (size_t)(slash - self), places[i], ret))
			return 0;
	if (is_there(installed, strlen(installed), "/najimictl", ret))
		return 0;
	return err_set(err, -ENOENT, "there is no najimictl beside %s or in %s", self, installed);
}

int whatif_program_find(char *ret, struct err *err)
{
	char self[PROGRAM_PATH_SIZE];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	self[length < 0 ? 0 : length] = '\0';
	return whatif_program_near(self, NAJIMI_BINDIR, ret, err);
}

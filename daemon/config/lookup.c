/* What others look up in the options by name. */
#include <string.h>

#include "najimi/config/options.h"

uint8_t options_find_tier(const struct options *options, const char *name)
{
	for (size_t i = 0; i < options->tiers_count; i++)
		if (strcmp(options->tiers[i].name, name) == 0)
			return (uint8_t)(i + 1);
	return 0;
}

bool options_pause_is_brief(const struct options *options, const char *reason)
{
	for (size_t i = 0; options->brief_pauses[i] != NULL; i++)
		if (strcmp(options->brief_pauses[i], reason) == 0)
			return true;
	return false;
}

/* Tiers of callers: by name for those who hear of them, by number for the core. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>

static const char *tier_name(size_t index, void *arg)
{
	const struct options *options = arg;

	return options->tiers[index].name;
}

static int read_tier(struct reader *reader, const config_setting_t *element, size_t index,
                     struct err *err)
{
	struct tier_options *tier = &reader->options->tiers[index];
	char shown[READER_NAME_SIZE], within[READER_NAME_SIZE + 1];
	int r;

	tier->line = (int)element->line;
	r = scope_default(SCOPE_TIER, tier, err);
	if (r == 0)
		r = reader_name(reader, "tiers", index, row_find(SCOPE_TIER, "name"), tier, element,
		                shown, err);
	if (r < 0)
		return r;
	snprintf(within, sizeof(within), "%s.", shown);
	r = reader_group(reader, SCOPE_TIER, tier, element, "", within, err);
	reader->options->rules.tiers[index] = tier->plan;
	return r;
}

int read_tiers(struct reader *reader, const config_setting_t *list, struct err *err)
{
	struct options *options = reader->options;
	size_t count;
	int r;

	r = reader_count(reader, list, "tiers", &count, err);
	if (r < 0 || count == 0)
		return r;
	if (count > TIERS_MAX) {
		r = err_set(err, -ERANGE, "%zu are outside 0 to %d", count, TIERS_MAX);
		return reader_err(reader, config_setting_get_elem(list, TIERS_MAX), "tiers", r,
		                  err);
	}
	options->tiers = calloc(count, sizeof(*options->tiers));
	if (options->tiers == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	options->tiers_count = count;
	options->rules.tiers_count = (uint16_t)count;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_tier(reader, config_setting_get_elem(list, (unsigned)i), i, err);
	return r < 0 ? r : reader_unique(reader, list, "tiers", count, tier_name, err);
}

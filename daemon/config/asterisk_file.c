/* Asterisk servers: where their manager interface is, and how to log in. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ASTERISKS_MAX 64

/* What is missing. The error does not say where. */
static int check_asterisk(const struct asterisk_options *asterisk, struct err *err)
{
	if (*asterisk->address == '\0')
		return err_set(err, -EINVAL, "has no address: HOST:PORT of its manager interface");
	if (*asterisk->user == '\0')
		return err_set(err, -EINVAL, "has no user: a name of its manager.conf");
	if (*asterisk->secret == '\0')
		return err_set(err, -EINVAL, "has no secret: secret or secret_file");
	if (*asterisk->ca_file != '\0' && !asterisk->tls)
		return err_set(err, -EINVAL, "has a ca_file, which only tls = true uses");
	return 0;
}

static const char *name_of(size_t index, void *arg)
{
	return ((const struct options *)arg)->asterisks[index].name;
}

static int read_asterisk(struct reader *reader, const config_setting_t *element, size_t index,
                         struct err *err)
{
	struct asterisk_options *asterisk = &reader->options->asterisks[index];
	char shown[READER_NAME_SIZE], within[READER_NAME_SIZE + 1];
	int r;

	asterisk->line = (int)element->line;
	r = scope_default(SCOPE_ASTERISK, asterisk, err);
	if (r == 0)
		r = reader_name(reader, "asterisk", index, row_find(SCOPE_ASTERISK, "name"),
		                asterisk, element, shown, err);
	if (r < 0)
		return r;
	snprintf(within, sizeof(within), "%s.", shown);
	r = reader_group(reader, SCOPE_ASTERISK, asterisk, element, "", within, err);
	if (r == 0)
		r = reader_secrets(reader, SCOPE_ASTERISK, asterisk, element, within, err);
	if (r < 0)
		return r;

	r = check_asterisk(asterisk, err);
	return r < 0 ? reader_err(reader, element, shown, r, err) : 0;
}

int read_asterisks(struct reader *reader, const config_setting_t *list, struct err *err)
{
	struct options *options = reader->options;
	size_t count;
	int r;

	r = reader_count(reader, list, "asterisk", &count, err);
	if (r < 0 || count == 0)
		return r;
	if (count > ASTERISKS_MAX) {
		r = err_set(err, -ERANGE, "%zu are outside 0 to %d", count, ASTERISKS_MAX);
		return reader_err(reader, list, "asterisk", r, err);
	}
	options->asterisks = calloc(count, sizeof(*options->asterisks));
	if (options->asterisks == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	options->asterisks_count = count;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_asterisk(reader, config_setting_get_elem(list, (unsigned)i), i, err);
	if (r == 0)
		r = reader_unique(reader, list, "asterisk", count, name_of, err);
	return r;
}

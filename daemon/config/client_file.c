/* Who may open a session, and as what. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CLIENTS_MAX 4096

enum client_role client_role_of(const char *word)
{
	const struct option_row *row = row_find(SCOPE_CLIENT, "role");

	for (int i = ROLE_NONE + 1; row->words[i] != NULL; i++)
		if (strcmp(row->words[i], word) == 0)
			return (enum client_role)i;
	return ROLE_NONE;
}

const char *client_role_name(enum client_role role)
{
	return row_find(SCOPE_CLIENT, "role")->words[role];
}

/* What is missing or too much. The error does not say where. */
static int check_client(const struct client_options *client, struct err *err)
{
	unsigned secrets =
	        (unsigned)(*client->token != '\0') + (unsigned)(*client->token_sha256 != '\0');

	if (client->role == ROLE_NONE)
		return err_set(err, -EINVAL, "has no role: pbx, agent, supervisor or observer");
	if (secrets == 0)
		return err_set(err, -EINVAL, "has no secret: token, token_sha256 or token_file");
	if (secrets > 1)
		return err_set(err, -EINVAL, "has two secrets; one of them is enough");
	if (client->role == ROLE_AGENT && *client->agent == '\0')
		return err_set(err, -EINVAL, "has the role agent, and no agent to speak for");
	if (client->role != ROLE_AGENT && *client->agent != '\0')
		return err_set(err, -EINVAL, "has an agent, which only the role agent may");
	return 0;
}

/* The same name may stand there again, but for another role or agent. */
static int check_twice(const struct options *options, size_t index, struct err *err)
{
	const struct client_options *client = &options->clients[index];

	for (size_t i = 0; i < index; i++) {
		const struct client_options *other = &options->clients[i];

		if (client->role == other->role && strcmp(client->name, other->name) == 0 &&
		    strcmp(client->agent, other->agent) == 0 && strcmp(client->name, "*") != 0)
			return err_set(err, -EEXIST, "is there already, at line %d", other->line);
	}
	return 0;
}

static int read_client(struct reader *reader, const config_setting_t *element, size_t index,
                       struct err *err)
{
	struct client_options *client = &reader->options->clients[index];
	char shown[READER_NAME_SIZE], within[READER_NAME_SIZE + 1];
	int r;

	client->line = (int)element->line;
	r = scope_default(SCOPE_CLIENT, client, err);
	if (r == 0)
		r = reader_name(reader, "clients", index, row_find(SCOPE_CLIENT, "name"), client,
		                element, shown, err);
	if (r < 0)
		return r;
	snprintf(within, sizeof(within), "%s.", shown);
	r = reader_group(reader, SCOPE_CLIENT, client, element, "", within, err);
	if (r == 0)
		r = reader_secrets(reader, SCOPE_CLIENT, client, element, within, err);
	if (r < 0)
		return r;

	r = check_client(client, err);
	if (r == 0)
		r = check_twice(reader->options, index, err);
	return r < 0 ? reader_err(reader, element, shown, r, err) : 0;
}

int read_clients(struct reader *reader, const config_setting_t *list, struct err *err)
{
	struct options *options = reader->options;
	size_t count;
	int r;

	r = reader_count(reader, list, "clients", &count, err);
	if (r < 0 || count == 0)
		return r;
	if (count > CLIENTS_MAX) {
		r = err_set(err, -ERANGE, "%zu are outside 0 to %d", count, CLIENTS_MAX);
		return reader_err(reader, list, "clients", r, err);
	}
	options->clients = calloc(count, sizeof(*options->clients));
	if (options->clients == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	options->clients_count = count;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_client(reader, config_setting_get_elem(list, (unsigned)i), i, err);
	return r;
}

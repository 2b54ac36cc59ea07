/* A whole file, in the order in which one part needs another. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define STATE_FOLDER "/var/lib/najimi"

static int read_settings(struct reader *reader, struct err *err)
{
	struct options *options = reader->options;
	const config_setting_t *root = config_root_setting(&reader->file);
	const config_setting_t *queue = config_setting_get_member(root, "queue");
	const struct source_number *cut;
	int r;

	r = reader_group(reader, SCOPE_SITE, options, root, "", "", err);
	if (r == 0 && queue != NULL && !config_setting_is_group(queue)) {
		r = err_set(err, -EINVAL, "is a group of options, queue = { ... };");
		return reader_err(reader, queue, "queue", r, err);
	}
	if (r == 0 && queue != NULL)
		r = read_queue_group(reader, &options->queue_defaults, queue, "queue.", err);
	if (r == 0)
		r = check_site(reader, err);
	if (r == 0)
		r = reader_secrets(reader, SCOPE_SITE, options, root, "", err);
	if (r == 0)
		r = read_tiers(reader, config_setting_get_member(root, "tiers"), err);
	if (r == 0)
		r = read_queues(reader, config_setting_get_member(root, "queues"), err);
	if (r == 0)
		r = read_agents(reader, config_setting_get_member(root, "agents"), err);
	if (r == 0)
		r = check_queues(reader, config_setting_get_member(root, "queues"), err);
	if (r == 0)
		r = read_clients(reader, config_setting_get_member(root, "clients"), err);
	if (r == 0)
		r = read_asterisks(reader, config_setting_get_member(root, "asterisk"), err);
	if (r < 0)
		return r;

	cut = source_unused(&reader->source);
	if (cut != NULL) {
		r = err_set(err, -ERANGE, "%s is too large a number", cut->text);
		return source_err(&reader->source, cut->file, cut->line, NULL, r, err);
	}
	return 0;
}

static int read_file(struct reader *reader, const char *path, struct err *err)
{
	int r;

	r = source_init(&reader->source, path, err);
	if (r < 0)
		return r;
	config_set_include_dir(&reader->file, reader->source.folder);
	if (config_read_file(&reader->file, path))
		return read_settings(reader, err);
	r = err_set(err, -EINVAL, "%s", config_error_text(&reader->file));
	return source_err(&reader->source, config_error_file(&reader->file),
	                  config_error_line(&reader->file), NULL, r, err);
}

/* The state directory is known only when we run. */
static int find_directory(struct options *options, struct err *err)
{
	const struct option_row *row = row_find(SCOPE_SITE, "redis.directory");
	const char *given = getenv("STATE_DIRECTORY");
	char folder[1024];

	if (*options->redis.directory != '\0')
		return 0;
	if (given == NULL || *given != '/')
		given = STATE_FOLDER;
	/* systemd gives several, with colons between them; the first is ours. */
	snprintf(folder, sizeof(folder), "%.*s", (int)strcspn(given, ":"), given);
	return value_set(row, options, folder, err);
}

/* Defaults before anything was resolved. */
static int make_options(struct options **ret, struct err *err)
{
	struct options *options = calloc(1, sizeof(*options));
	int r;

	if (options == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	r = scope_default(SCOPE_SITE, options, err);
	if (r == 0)
		r = scope_default(SCOPE_QUEUE, &options->queue_defaults, err);
	if (r == 0) {
		options->file = strdup("");
		if (options->file == NULL)
			r = err_set(err, -ENOMEM, "out of memory");
	}
	if (r < 0) {
		options_free(options);
		return r;
	}
	*ret = options;
	return 0;
}

int options_defaults(struct options **ret, struct err *err)
{
	struct options *options;
	int r;

	r = make_options(&options, err);
	if (r < 0)
		return r;
	r = find_directory(options, err);
	if (r < 0) {
		options_free(options);
		return r;
	}
	*ret = options;
	return 0;
}

int options_load(const char *path, struct options **ret, struct err *err)
{
	struct reader reader = { .options = NULL };
	int r;

	r = make_options(&reader.options, err);
	if (r < 0)
		return r;
	config_init(&reader.file);
	r = read_file(&reader, path, err);
	config_destroy(&reader.file);
	source_done(&reader.source);
	if (r == 0)
		r = find_directory(reader.options, err);
	if (r == 0) {
		free(reader.options->file);
		reader.options->file = strdup(path);
		if (reader.options->file == NULL)
			r = err_set(err, -ENOMEM, "out of memory");
	}
	if (r < 0) {
		options_free(reader.options);
		return r;
	}
	*ret = reader.options;
	return 0;
}

struct options *options_free(struct options *options)
{
	if (options == NULL)
		return NULL;
	for (size_t i = 0; i < options->queues_count; i++)
		scope_free(SCOPE_QUEUE, &options->queues[i]);
	for (size_t i = 0; i < options->agents_count; i++)
		scope_free(SCOPE_AGENT, &options->agents[i]);
	for (size_t i = 0; i < options->tiers_count; i++)
		scope_free(SCOPE_TIER, &options->tiers[i]);
	for (size_t i = 0; i < options->clients_count; i++)
		scope_free(SCOPE_CLIENT, &options->clients[i]);
	for (size_t i = 0; i < options->asterisks_count; i++)
		scope_free(SCOPE_ASTERISK, &options->asterisks[i]);
	free(options->queues);
	free(options->agents);
	free(options->tiers);
	free(options->clients);
	free(options->asterisks);
	scope_free(SCOPE_QUEUE, &options->queue_defaults);
	scope_free(SCOPE_SITE, options);
	free(options->file);
	free(options);
	return NULL;
}

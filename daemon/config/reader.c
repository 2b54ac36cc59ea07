/* Settings of a file into the fields that the tables say, through libconfig. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

#define SECRET_BYTES_MAX 4096

int reader_err(const struct reader *reader, const config_setting_t *at, const char *option,
               int code, struct err *err)
{
	/* libconfig's own macro would cut the line to 16 bits. */
	return source_err(&reader->source, at->file, (int)at->line, option, code, err);
}

/* Whether the file's type is one that the kind can be made of. */
static bool type_fits(const struct option_row *row, int type)
{
	switch (row->kind) {
	case OPTION_BOOL:
		return type == CONFIG_TYPE_BOOL;
	case OPTION_INT:
		return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_CHOICE:
	case OPTION_TEXT:
	case OPTION_SECRET:
		return type == CONFIG_TYPE_STRING;
	case OPTION_TEXTS:
	case OPTION_QUEUES:
		return type == CONFIG_TYPE_ARRAY || type == CONFIG_TYPE_LIST;
	case OPTION_LEVELS:
		return type == CONFIG_TYPE_GROUP;
	}
	return false;
}

/* The value as text: what a scalar says, what anything else is. */
static const char *text_of_setting(struct reader *reader, const config_setting_t *setting,
                                   char *buffer, size_t size)
{
	const char *whole;

	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		return config_setting_get_string(setting);
	case CONFIG_TYPE_BOOL:
		return config_setting_get_bool(setting) ? "true" : "false";
	case CONFIG_TYPE_INT:
		whole = source_number(&reader->source, setting->file, (int)setting->line,
		                      config_setting_get_int(setting));
		if (whole != NULL)
			return whole;
		snprintf(buffer, size, "%d", config_setting_get_int(setting));
		return buffer;
	case CONFIG_TYPE_INT64:
		snprintf(buffer, size, "%lld", config_setting_get_int64(setting));
		return buffer;
	case CONFIG_TYPE_FLOAT:
		snprintf(buffer, size, "%g", config_setting_get_float(setting));
		return buffer;
	case CONFIG_TYPE_GROUP:
		return "a group { }";
	default:
		return "a list";
	}
}

static int refuse_type(struct reader *reader, const struct option_row *row,
                       const config_setting_t *setting, struct err *err)
{
	char number[32], shown[SHOWN_SIZE];
	const char *text = text_of_setting(reader, setting, number, sizeof(number));
	bool quoted = config_setting_type(setting) == CONFIG_TYPE_STRING;

	if (row->kind == OPTION_SECRET)
		return err_set(err, -EINVAL, "wants %s", value_wants(row));
	return err_set(err, -EINVAL, "wants %s, not %s%s%s", value_wants(row), quoted ? "\"" : "",
	               value_shown(text, shown), quoted ? "\"" : "");
}

static int read_texts(struct reader *reader, const struct option_row *row, void *base,
                      const config_setting_t *list, struct err *err)
{
	int r = 0;

	value_clear_texts(row, base);
	for (int i = 0; r == 0 && i < config_setting_length(list); i++) {
		const config_setting_t *element = config_setting_get_elem(list, (unsigned)i);

		if (config_setting_type(element) != CONFIG_TYPE_STRING)
			r = refuse_type(reader, row, element, err);
		else
			r = value_add(row, base, config_setting_get_string(element), err);
	}
	return r;
}

int reader_value(struct reader *reader, const struct option_row *row, void *base,
                 const config_setting_t *setting, struct err *err)
{
	char number[32];

	if (!type_fits(row, config_setting_type(setting)))
		return refuse_type(reader, row, setting, err);
	if (row->kind == OPTION_TEXTS)
		return read_texts(reader, row, base, setting, err);
	return value_set(row, base, text_of_setting(reader, setting, number, sizeof(number)), err);
}

/* "no such option", with the nearest that there is. */
static int refuse_unknown(const struct reader *reader, enum option_scope scope, const char *path,
                          const config_setting_t *at, const char *shown, struct err *err)
{
	bool defaults = strcmp(shown, "queue.") == 0;
	char near[READER_NAME_SIZE], option[READER_NAME_SIZE];
	int r;

	if (row_suggest(scope, path, near, sizeof(near)))
		r = err_set(err, -ENOENT, "no such option; did you mean %s%s?",
		            defaults ? shown : "", near);
	else
		r = err_set(err, -ENOENT, "no such option");
	snprintf(option, sizeof(option), "%s%s", shown, path);
	return reader_err(reader, at, option, r, err);
}

/* Whether any option's path goes on after this one. */
static bool is_group(enum option_scope scope, const char *path)
{
	const struct option_row *row;
	size_t length = strlen(path);

	for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++)
		if (strncmp(row->path, path, length) == 0 && row->path[length] == '.')
			return true;
	return false;
}

/* Names that stand at the top and are no options of the site. */
static bool is_elsewhere(enum option_scope scope, const char *path)
{
	static const char *const names[] = { "queue", "queues",  "agents",
		                             "tiers", "clients", "asterisk" };

	for (size_t i = 0; scope == SCOPE_SITE && i < ARRAY_LEN(names); i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

int reader_member(struct reader *reader, enum option_scope scope, void *base,
                  const config_setting_t *setting, const char *path, const char *shown,
                  struct err *err)
{
	const struct option_row *row = row_find(scope, path);
	bool group = is_group(scope, path);
	char option[READER_NAME_SIZE];
	int r;

	snprintf(option, sizeof(option), "%s%s", shown, path);
	if (is_elsewhere(scope, path))
		return 0;
	if (group && config_setting_is_group(setting))
		return reader_group(reader, scope, base, setting, path, shown, err);
	if (group) {
		r = err_set(err, -EINVAL, "is a group of options, %s = { ... };",
		            config_setting_name(setting));
		return reader_err(reader, setting, option, r, err);
	}
	/* The default of all queues cannot be a queue's name. */
	if (row == NULL || (row->own && strcmp(shown, "queue.") == 0))
		return refuse_unknown(reader, scope, path, setting, shown, err);

	r = reader_value(reader, row, base, setting, err);
	return r < 0 ? reader_err(reader, setting, option, r, err) : 0;
}

int reader_group(struct reader *reader, enum option_scope scope, void *base,
                 const config_setting_t *group, const char *path, const char *shown,
                 struct err *err)
{
	int r = 0;

	for (int i = 0; r == 0 && i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
		char member[READER_NAME_SIZE / 2];

		snprintf(member, sizeof(member), "%s%s%s", path, *path != '\0' ? "." : "",
		         config_setting_name(setting));
		r = reader_member(reader, scope, base, setting, member, shown, err);
	}
	return r;
}

int reader_name(struct reader *reader, const char *list, size_t index, const struct option_row *row,
                void *base, const config_setting_t *element, char *ret_shown, struct err *err)
{
	const config_setting_t *name;
	char shown[SHOWN_SIZE];
	int r;

	snprintf(ret_shown, READER_NAME_SIZE, "%s[%zu]", list, index);
	if (!config_setting_is_group(element)) {
		r = err_set(err, -EINVAL, "wants { name = \"...\"; ... }");
		return reader_err(reader, element, ret_shown, r, err);
	}
	name = config_setting_get_member(element, "name");
	if (name == NULL) {
		r = err_set(err, -EINVAL, "has no name");
		return reader_err(reader, element, ret_shown, r, err);
	}
	r = reader_value(reader, row, base, name, err);
	if (r == 0 && *config_setting_get_string(name) == '\0')
		r = err_set(err, -EINVAL, "must not be empty");
	if (r < 0) {
		strncat(ret_shown, ".name", READER_NAME_SIZE - strlen(ret_shown) - 1);
		return reader_err(reader, name, ret_shown, r, err);
	}
	snprintf(ret_shown, READER_NAME_SIZE, "%s.%s", list,
	         value_shown(config_setting_get_string(name), shown));
	return 0;
}

int reader_count(const struct reader *reader, const config_setting_t *list, const char *name,
                 size_t *ret, struct err *err)
{
	int r;

	*ret = 0;
	if (list == NULL)
		return 0;
	if (config_setting_type(list) != CONFIG_TYPE_LIST &&
	    (config_setting_type(list) != CONFIG_TYPE_ARRAY || config_setting_length(list) > 0)) {
		r = err_set(err, -EINVAL, "wants a list, ( { name = \"...\"; ... }, ... )");
		return reader_err(reader, list, name, r, err);
	}
	*ret = (size_t)config_setting_length(list);
	return 0;
}

static int refuse_twice(const struct reader *reader, const config_setting_t *list, const char *name,
                        size_t second, size_t first, struct err *err)
{
	const config_setting_t *at = config_setting_get_elem(list, (unsigned)second);
	const config_setting_t *before = config_setting_get_elem(list, (unsigned)first);
	char shown[SHOWN_SIZE], option[READER_NAME_SIZE];
	int r;

	snprintf(option, sizeof(option), "%s.%s", name,
	         value_shown(config_setting_get_string(config_setting_get_member(at, "name")),
	                     shown));
	r = err_set(err, -EEXIST, "is there already, at line %u", before->line);
	return reader_err(reader, at, option, r, err);
}

int reader_unique(const struct reader *reader, const config_setting_t *list, const char *name,
                  size_t count, nearest_fn *element_name, struct err *err)
{
	struct names names;
	size_t first, second;
	int r;

	r = names_init(&names, count, element_name, reader->options, err);
	if (r < 0)
		return r;
	if (names_twice(&names, &first, &second))
		r = refuse_twice(reader, list, name, second, first, err);
	names_done(&names);
	return r;
}

/* The error does not say where. */
static int read_secret(struct reader *reader, const struct option_row *row, void *base,
                       const char *name, struct err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[2048], *text;
	size_t length;
	int r;

	if (folder == NULL || *folder == '\0')
		folder = reader->source.folder;
	if (snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : folder,
	             *name == '/' ? "" : "/", name) >= (int)sizeof(path))
		return err_set(err, -ENAMETOOLONG, "too long a name");

	r = source_read(path, SECRET_BYTES_MAX, &text, &length, err);
	if (r < 0)
		return err_wrap(err, r, "%s", path);
	while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
		text[--length] = '\0';
	if (length == 0)
		r = err_set(err, -EINVAL, "is empty");
	else if (strlen(text) != length)
		r = err_set(err, -EINVAL, "has a zero byte");
	else
		r = value_set(row, base, text, err);
	explicit_bzero(text, length);
	free(text);
	return r < 0 ? err_wrap(err, r, "%s", path) : 0;
}

int reader_secrets(struct reader *reader, enum option_scope scope, void *base,
                   const config_setting_t *group, const char *shown, struct err *err)
{
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++) {
		const struct option_row *from = row_secret_file(row);
		const config_setting_t *at;
		char option[READER_NAME_SIZE];
		int r;

		if (from == NULL || *value_text(from, base) == '\0')
			continue;
		if (*value_text(row, base) != '\0')
			r = err_set(err, -EINVAL, "stands beside %s; one of them is enough",
			            row->path);
		else
			r = read_secret(reader, row, base, value_text(from, base), err);
		if (r < 0) {
			at = config_setting_lookup((config_setting_t *)(uintptr_t)group,
			                           from->path);
			snprintf(option, sizeof(option), "%s%s", shown, from->path);
			return reader_err(reader, at != NULL ? at : group, option, r, err);
		}
	}
	return 0;
}

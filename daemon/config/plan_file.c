/* Queues and agents, who they are and how they hang together. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

static const char *queue_name(size_t index, void *arg)
{
	const struct options *options = arg;

	return options->queues[index].name;
}

static const char *agent_name(size_t index, void *arg)
{
	const struct options *options = arg;

	return options->agents[index].name;
}

static const char *skill_name(size_t index, void *arg)
{
	const struct options *options = arg;

	return options->skills[index];
}

static size_t count_skills(const struct options *options)
{
	size_t count = 0;

	while (options->skills[count] != NULL)
		count++;
	return count;
}

/* More elements than a limit of the core takes. */
static int check_count(const struct reader *reader, const config_setting_t *list, const char *name,
                       size_t count, int64_t max, struct err *err)
{
	const config_setting_t *first_over;
	int r;

	if (count <= (size_t)max)
		return 0;
	first_over = config_setting_get_elem(list, (unsigned)max);
	r = err_set(err, -ERANGE, "%zu are outside 0 to %lld, which is core.%s_max", count,
	            (long long)max, name);
	return reader_err(reader, first_over, name, r, err);
}

/* What a preset says where the group itself does not. */
static int read_preset(struct queue_options *queue, const config_setting_t *group, struct err *err)
{
	config_setting_t *within = (config_setting_t *)(uintptr_t)group;
	const struct option_row *row;
	int r = 0;

	if (queue->preset == PRESET_NONE || config_setting_lookup(within, "sticky.preset") == NULL)
		return 0;
	for (size_t i = 0; r == 0 && (row = row_at(SCOPE_QUEUE, i)) != NULL; i++)
		if (row->preset[0] != NULL && config_setting_lookup(within, row->path) == NULL)
			r = value_set(row, queue, row->preset[queue->preset - 1], err);
	return r;
}

int read_queue_group(struct reader *reader, struct queue_options *queue,
                     const config_setting_t *group, const char *shown, struct err *err)
{
	int r;

	r = reader_group(reader, SCOPE_QUEUE, queue, group, "", shown, err);
	return r < 0 ? r : read_preset(queue, group, err);
}

/* What follows from several options. */
static void conclude(struct queue_options *queue)
{
	bool tells = queue->hold.tell_place || queue->hold.tell_wait ||
	             *queue->hold.announcement != '\0';

	queue->plan.overflows = *queue->overflow != '\0';
	queue->plan.tell_after = queue->hold.tell_after;
	queue->plan.tell_every =
	        tells && queue->hold.tell_after != USEC_NEVER ? queue->hold.tell_every : 0;
}

static int read_queue(struct reader *reader, const config_setting_t *element, size_t index,
                      struct err *err)
{
	struct options *options = reader->options;
	struct queue_options *queue = &options->queues[index];
	char shown[READER_NAME_SIZE], within[READER_NAME_SIZE + 1];
	int r;

	queue->line = (int)element->line;
	r = scope_copy(SCOPE_QUEUE, queue, &options->queue_defaults, err);
	if (r < 0)
		return r;
	r = reader_name(reader, "queues", index, row_find(SCOPE_QUEUE, "name"), queue, element,
	                shown, err);
	if (r < 0)
		return r;
	snprintf(within, sizeof(within), "%s.", shown);
	r = read_queue_group(reader, queue, element, within, err);
	conclude(queue);
	return r;
}

int read_queues(struct reader *reader, const config_setting_t *list, struct err *err)
{
	struct options *options = reader->options;
	size_t count;
	int r;

	r = reader_count(reader, list, "queues", &count, err);
	if (r < 0 || count == 0)
		return r;
	r = check_count(reader, list, "queues", count, options->queues_max, err);
	if (r < 0)
		return r;
	options->queues = calloc(count, sizeof(*options->queues));
	if (options->queues == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	options->queues_count = count;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_queue(reader, config_setting_get_elem(list, (unsigned)i), i, err);
	if (r < 0)
		return r;

	return reader_unique(reader, list, "queues", count, queue_name, err);
}

/* --- agents --- */

/* What all agents are read with. */
struct roster {
	struct reader *reader;
	struct names queues; /* by name */
	size_t skills_count;
	int64_t memberships;
};

static int refuse_name(const char *what, const char *name, size_t near, size_t count,
                       nearest_fn *candidate, void *arg, struct err *err)
{
	char shown[SHOWN_SIZE], other[SHOWN_SIZE];

	value_shown(name, shown);
	if (near == count)
		return err_set(err, -ENOENT, "no %s is called \"%s\"", what, shown);
	return err_set(err, -ENOENT, "no %s is called \"%s\"; did you mean \"%s\"?", what, shown,
	               value_shown(candidate(near, arg), other));
}

/* The error does not say where. */
static int add_queue(struct roster *roster, struct agent_options *agent,
                     const config_setting_t *element, struct err *err)
{
	struct options *options = roster->reader->options;
	const char *name = config_setting_get_string(element);
	char shown[SHOWN_SIZE];
	size_t index;

	if (name == NULL)
		return err_set(err, -EINVAL, "wants %s",
		               value_wants(row_find(SCOPE_AGENT, "queues")));
	if (!names_find(&roster->queues, name, &index))
		return refuse_name("queue", name,
		                   nearest(name, options->queues_count, queue_name, options),
		                   options->queues_count, queue_name, options, err);
	for (unsigned i = 0; i < agent->queues_count; i++)
		if (agent->queues[i] == index)
			return err_set(err, -EEXIST, "has \"%s\" twice", value_shown(name, shown));
	if (agent->queues_count == AGENT_QUEUES_MAX)
		return err_set(err, -ERANGE, "has more than %d queues", AGENT_QUEUES_MAX);
	if (++roster->memberships > options->memberships_max)
		return err_set(err, -ERANGE,
		               "all agents' queues add up to more than %lld, which is "
		               "core.memberships_max",
		               (long long)options->memberships_max);
	agent->queues[agent->queues_count++] = (queue_index)index;
	return 0;
}

/* The error does not say where. */
static int add_skill(struct roster *roster, struct agent_options *agent,
                     const config_setting_t *element, struct err *err)
{
	struct options *options = roster->reader->options;
	const struct option_row *row = row_find(SCOPE_AGENT, "skills");
	/* Any number the table can hold, to be checked as options are. */
	struct {
		int64_t level;
	} value = { 0 };
	const struct option_row level = {
		.kind = OPTION_INT,
		.width = sizeof(value.level),
		.min = row->min,
		.max = row->max,
	};
	const char *name = config_setting_name(element);
	size_t index = 0;
	int r;

	while (index < roster->skills_count && strcmp(options->skills[index], name) != 0)
		index++;
	if (index == roster->skills_count)
		return refuse_name("skill", name,
		                   nearest(name, roster->skills_count, skill_name, options),
		                   roster->skills_count, skill_name, options, err);
	r = reader_value(roster->reader, &level, &value, element, err);
	if (r < 0)
		return r;
	/* libconfig lets no name stand twice in a group, so there is room. */
	agent->skills[agent->skills_count++] = (struct skill_level){
		.skill = (skill_index)index,
		.level = (uint8_t)value.level,
	};
	return 0;
}

/* Each element of an agent's queues or skills. Errors are complete. */
static int read_list(struct roster *roster, struct agent_options *agent,
                     const struct option_row *row, const config_setting_t *list, const char *shown,
                     struct err *err)
{
	bool queues = row->kind == OPTION_QUEUES;
	bool fits = queues ? config_setting_is_array(list) || config_setting_is_list(list)
	                   : config_setting_is_group(list);
	char option[READER_NAME_SIZE + 8];
	int r = 0;

	snprintf(option, sizeof(option), "%s%s", shown, row->path);
	if (!fits) {
		r = err_set(err, -EINVAL, "wants %s", value_wants(row));
		return reader_err(roster->reader, list, option, r, err);
	}
	for (int i = 0; i < config_setting_length(list); i++) {
		const config_setting_t *element = config_setting_get_elem(list, (unsigned)i);

		r = queues ? add_queue(roster, agent, element, err)
		           : add_skill(roster, agent, element, err);
		if (r < 0)
			return reader_err(roster->reader, element, option, r, err);
	}
	return 0;
}

static int read_agent(struct roster *roster, const config_setting_t *element, size_t index,
                      struct err *err)
{
	struct reader *reader = roster->reader;
	struct agent_options *agent = &reader->options->agents[index];
	char shown[READER_NAME_SIZE], within[READER_NAME_SIZE + 1];
	int r;

	agent->line = (int)element->line;
	r = scope_default(SCOPE_AGENT, agent, err);
	if (r == 0)
		r = reader_name(reader, "agents", index, row_find(SCOPE_AGENT, "name"), agent,
		                element, shown, err);
	snprintf(within, sizeof(within), "%s.", shown);
	for (int i = 0; r == 0 && i < config_setting_length(element); i++) {
		const config_setting_t *setting = config_setting_get_elem(element, (unsigned)i);
		const struct option_row *row = row_find(SCOPE_AGENT, config_setting_name(setting));

		if (row != NULL && (row->kind == OPTION_QUEUES || row->kind == OPTION_LEVELS))
			r = read_list(roster, agent, row, setting, within, err);
		else
			r = reader_member(reader, SCOPE_AGENT, agent, setting,
			                  config_setting_name(setting), within, err);
	}
	return r;
}

int read_agents(struct reader *reader, const config_setting_t *list, struct err *err)
{
	struct options *options = reader->options;
	struct roster roster = { .reader = reader, .skills_count = count_skills(options) };
	size_t count;
	int r;

	r = reader_count(reader, list, "agents", &count, err);
	if (r < 0 || count == 0)
		return r;
	r = check_count(reader, list, "agents", count, options->agents_max, err);
	if (r < 0)
		return r;
	options->agents = calloc(count, sizeof(*options->agents));
	if (options->agents == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	options->agents_count = count;

	r = names_init(&roster.queues, options->queues_count, queue_name, options, err);
	if (r < 0)
		return r;
	for (size_t i = 0; r == 0 && i < count; i++)
		r = read_agent(&roster, config_setting_get_elem(list, (unsigned)i), i, err);
	names_done(&roster.queues);
	if (r < 0)
		return r;

	r = reader_unique(reader, list, "agents", count, agent_name, err);
	if (r < 0)
		return r;
	r = teams_number(options, NULL, err);
	return r < 0 ? reader_err(reader, list, "agents", r, err) : 0;
}

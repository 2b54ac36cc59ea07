/* What options must be to one another, once all are read. */
#include "reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/number.h"

#define UNLIMITED_AGENTS_MIN 10 /* in a queue whose own callers overtake without limit */

/* An option that does not go with another one: where it is set, or else the other. */
static int refuse_beside(const struct reader *reader, const char *option, const char *other,
                         int code, struct err *err)
{
	const config_setting_t *at = config_lookup(&reader->file, option);

	if (at == NULL)
		at = config_lookup(&reader->file, other);
	return at != NULL ? reader_err(reader, at, option, code, err)
	                  : source_err(&reader->source, NULL, 0, option, code, err);
}

int check_site(const struct reader *reader, struct err *err)
{
	const struct options *options = reader->options;
	char soft[32], most[32];
	size_t skills = 0;
	int r;

	if (options->rpc.output_soft > options->rpc.output_max) {
		number_print_size(options->rpc.output_soft, soft, sizeof(soft));
		number_print_size(options->rpc.output_max, most, sizeof(most));
		r = err_set(err, -ERANGE, "%s is above %s, which is rpc.output_max", soft, most);
		return refuse_beside(reader, "rpc.output_soft", "rpc.output_max", r, err);
	}
	if (*options->http.listen != '\0' &&
	    strcmp(options->http.listen, options->rpc.listen) == 0 &&
	    strcmp(strrchr(options->http.listen, ':'), ":0") != 0) {
		r = err_set(err, -EADDRINUSE, "%s is rpc.listen already", options->http.listen);
		return refuse_beside(reader, "http.listen", "rpc.listen", r, err);
	}
	if (options->redis.mode == REDIS_UNIX && *options->redis.socket == '\0') {
		r = err_set(err, -EINVAL, "must be given when redis.mode is \"unix\"");
		return refuse_beside(reader, "redis.socket", "redis.mode", r, err);
	}
	while (options->skills[skills] != NULL)
		skills++;
	if (skills > SKILLS_MAX) {
		r = err_set(err, -ERANGE, "%zu skills are outside 0 to %d", skills, SKILLS_MAX);
		return refuse_beside(reader, "skills", "skills", r, err);
	}
	return 0;
}

/* --- queues --- */

/* The error does not say where. `path` is the option that is to blame. */
static int check_queue(const struct queue_options *queue, size_t agents, const char **path,
                       struct err *err)
{
	const struct queue_plan *plan = &queue->plan;
	bool sticks = plan->sticky && plan->policy != POLICY_OFF;
	bool rate = sticks && plan->policy == POLICY_RATE;

	*path = "sticky.scope";
	if (queue->scope == MET_IN_GROUP && *queue->group == '\0')
		return err_set(err, -EINVAL, "is \"group\", and sticky.group names none");

	*path = "sticky.familiarity_third";
	if (plan->familiarity[1] > plan->familiarity[0])
		return err_set(err, -ERANGE,
		               "is above sticky.familiarity_second: who was met earlier cannot "
		               "be worth more");

	*path = "sticky.absent";
	if (sticks && plan->policy == POLICY_STRICT && plan->absent_overflows &&
	    *queue->overflow == '\0')
		return err_set(err, -EINVAL,
		               "is \"overflow\", and the queue has none to send callers to");

	*path = "sticky.credit";
	if (rate && plan->credit == USEC_NEVER && agents > 0 && agents < UNLIMITED_AGENTS_MIN)
		return err_set(err, -ERANGE,
		               "is \"never\", and the file gives the queue %zu agent%s: with fewer "
		               "than %d, others were seen to wait a quarter longer",
		               agents, agents > 1 ? "s" : "", UNLIMITED_AGENTS_MIN);
	return 0;
}

/* Where the queue sets the option, or all queues do, or else the queue itself. */
static const config_setting_t *find_place(const struct reader *reader,
                                          const config_setting_t *element, const char *path)
{
	const config_setting_t *at;
	char shared[READER_NAME_SIZE];

	at = config_setting_lookup((config_setting_t *)(uintptr_t)element, path);
	if (at != NULL)
		return at;
	snprintf(shared, sizeof(shared), "queue.%s", path);
	at = config_lookup(&reader->file, shared);
	return at != NULL ? at : element;
}

int check_queues(const struct reader *reader, const config_setting_t *list, struct err *err)
{
	const struct options *options = reader->options;
	size_t *agents = calloc(options->queues_count + 1, sizeof(*agents));
	int r = 0;

	if (agents == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < options->agents_count; i++)
		for (unsigned j = 0; j < options->agents[i].queues_count; j++)
			agents[options->agents[i].queues[j]]++;
	for (size_t i = 0; r == 0 && i < options->queues_count; i++) {
		const struct queue_options *queue = &options->queues[i];
		char option[READER_NAME_SIZE], shown[SHOWN_SIZE];
		const char *path;

		r = check_queue(queue, agents[i], &path, err);
		if (r == 0)
			continue;
		snprintf(option, sizeof(option), "queues.%s.%s", value_shown(queue->name, shown),
		         path);
		r = reader_err(reader,
		               find_place(reader, config_setting_get_elem(list, (unsigned)i), path),
		               option, r, err);
	}
	free(agents);
	return r;
}

#include "najimi/shell/directory.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "directory_private.h"

struct directory *directory_new(const struct options *options, struct err *err)
{
	struct directory *directory = calloc(1, sizeof(*directory));
	uint32_t calls = (uint32_t)options->calls_max, agents = (uint32_t)options->agents_max;

	if (directory == NULL)
		goto fail;
	directory->queues_max = (size_t)options->queues_max;
	directory->finished_max = (size_t)calls * FINISHED_PER_CALL;
	TAILQ_INIT(&directory->finished_by_age);
	directory->cards = calloc(calls, sizeof(*directory->cards));
	directory->agents = calloc(agents, sizeof(*directory->agents));
	directory->queues = calloc(directory->queues_max, sizeof(*directory->queues));
	if (!pool_init(&directory->calls_pool, calls) ||
	    !pool_init(&directory->agents_pool, agents) || directory->cards == NULL ||
	    directory->agents == NULL || directory->queues == NULL)
		goto fail;
	if (directory_configure(directory, options, err) < 0)
		return directory_free(directory);
	return directory;
fail:
	err_set(err, -ENOMEM, "no memory for %u calls and %u agents", calls, agents);
	return directory_free(directory);
}

struct directory *directory_free(struct directory *directory)
{
	if (directory == NULL)
		return NULL;
	calls_done(directory);
	for (uint32_t i = 0; directory->agents != NULL && i < directory->agents_pool.capacity; i++)
		agent_entry_done(&directory->agents[i]);
	for (size_t i = 0; i < directory->queues_count; i++) {
		free(directory->queues[i].name);
		free(directory->queues[i].overflow);
	}
	for (size_t i = 0; i < directory->skills_count; i++)
		free(directory->skills[i]);
	HASH_CLEAR(hh, directory->agents_by_name);
	pool_done(&directory->calls_pool);
	pool_done(&directory->agents_pool);
	free(directory->cards);
	free(directory->agents);
	free(directory->queues);
	free(directory);
	return NULL;
}

static int configure_queue(struct directory *directory, const struct queue_options *options,
                           struct err *err)
{
	queue_index index = directory_find_queue(directory, options->name);

	if (index == QUEUE_NONE) {
		if (directory->queues_count == directory->queues_max)
			return err_set(err, -ENOSPC,
			               "queue %s would be one more than core.queues_max = %zu "
			               "(removed queues count until a restart)",
			               options->name, directory->queues_max);
		index = (queue_index)directory->queues_count;
		directory->queues[index] = (struct queue_entry){ 0 };
		if (!keep_text(&directory->queues[index].name, options->name))
			return err_set(err, -ENOMEM, "out of memory");
		directory->queues_count++;
	}
	if (!keep_text(&directory->queues[index].overflow, options->overflow))
		return err_set(err, -ENOMEM, "out of memory");
	directory->queues[index].options = options;
	return 0;
}

static int configure_skills(struct directory *directory, const struct options *options,
                            struct err *err)
{
	for (char **name = options->skills; name != NULL && *name != NULL; name++) {
		if (directory_find_skill(directory, *name) >= 0)
			continue;
		if (directory->skills_count == SKILLS_MAX)
			return err_set(err, -ENOSPC, "skill %s would be one more than %d", *name,
			               SKILLS_MAX);
		directory->skills[directory->skills_count] = strdup(*name);
		if (directory->skills[directory->skills_count] == NULL)
			return err_set(err, -ENOMEM, "out of memory");
		directory->skills_count++;
	}
	return 0;
}

static int configure_agent(struct directory *directory, const struct agent_options *options,
                           struct err *err)
{
	struct agent_card *card = directory_know_agent(directory, options->name);

	if (card == NULL)
		return err_set(err, -ENOSPC, "agent %s would be one more than core.agents_max = %u",
		               options->name, directory->agents_pool.capacity);
	card->configured = true;
	container_of(card, struct agent_entry, card)->options = options;
	return directory_set_agent(directory, card, options->target, NULL)
	               ? 0
	               : err_set(err, -ENOMEM, "out of memory");
}

int directory_configure(struct directory *directory, const struct options *options, struct err *err)
{
	int r = configure_skills(directory, options, err);

	for (size_t i = 0; r == 0 && i < directory->queues_count; i++)
		directory->queues[i].options = NULL;
	for (size_t i = 0; r == 0 && i < options->queues_count; i++)
		r = configure_queue(directory, &options->queues[i], err);
	for (uint32_t i = 0; r == 0 && i < directory->agents_pool.capacity; i++)
		directory->agents[i].card.configured = false;
	for (size_t i = 0; r == 0 && i < options->agents_count; i++)
		r = configure_agent(directory, &options->agents[i], err);
	directory->options = options;
	return r;
}

/* --- queues and skills --- */

queue_index directory_find_queue(struct directory *directory, const char *name)
{
	for (size_t i = 0; i < directory->queues_count; i++)
		if (strcmp(directory->queues[i].name, name) == 0)
			return (queue_index)i;
	return QUEUE_NONE;
}

const char *directory_queue_name(struct directory *directory, queue_index queue)
{
	return queue < directory->queues_count ? directory->queues[queue].name : "";
}

const char *directory_queue_overflow(struct directory *directory, queue_index queue)
{
	return queue < directory->queues_count ? directory->queues[queue].overflow : "";
}

const struct queue_options *directory_queue_options(struct directory *directory, queue_index queue)
{
	return queue < directory->queues_count ? directory->queues[queue].options : NULL;
}

size_t directory_queues(const struct directory *directory)
{
	return directory->queues_count;
}

int directory_find_skill(struct directory *directory, const char *name)
{
	for (size_t i = 0; i < directory->skills_count; i++)
		if (strcmp(directory->skills[i], name) == 0)
			return (int)i;
	return -1;
}

const char *directory_skill_name(struct directory *directory, skill_index skill)
{
	return skill < directory->skills_count ? directory->skills[skill] : "";
}

uint8_t directory_find_tier(struct directory *directory, const char *name)
{
	return options_find_tier(directory->options, name);
}

const char *directory_tier_name(struct directory *directory, uint8_t tier)
{
	return tier == 0 || tier > directory->options->tiers_count
	               ? ""
	               : directory->options->tiers[tier - 1].name;
}

queue_index directory_queue_of(struct directory *directory, const struct options *options,
                               queue_index in_options)
{
	assert(in_options < options->queues_count);
	return directory_find_queue(directory, options->queues[in_options].name);
}

skill_index directory_skill_of(struct directory *directory, const struct options *options,
                               skill_index in_options)
{
	int skill = directory_find_skill(directory, options->skills[in_options]);

	assert(skill >= 0); /* options were taken over before anybody asks */
	return (skill_index)skill;
}

#include <stdlib.h>

#include "directory_private.h"

void agent_entry_done(struct agent_entry *entry)
{
	free(entry->card.name);
	free(entry->card.target);
	free(entry->card.pause_reason);
}

struct agent_card *directory_find_agent(struct directory *directory, const char *name)
{
	struct agent_entry *entry;

	HASH_FIND_STR(directory->agents_by_name, name, entry);
	return entry == NULL ? NULL : &entry->card;
}

struct agent_card *directory_know_agent(struct directory *directory, const char *name)
{
	struct agent_card *known = directory_find_agent(directory, name);
	struct agent_entry *entry;
	uint32_t slot, gen;

	if (known != NULL || !pool_take(&directory->agents_pool, &slot, &gen))
		return known;
	entry = &directory->agents[slot];
	*entry = (struct agent_entry){ .card = { .id = { slot, gen },
		                                 .name = strdup(name),
		                                 .target = strdup(""),
		                                 .pause_reason = strdup("") } };
	if (entry->card.name != NULL && entry->card.target != NULL &&
	    entry->card.pause_reason != NULL)
		HASH_ADD_KEYPTR(hh, directory->agents_by_name, entry->card.name,
		                strlen(entry->card.name), entry);
	if (entry->hh.tbl == NULL) {
		agent_entry_done(entry);
		*entry = (struct agent_entry){ 0 };
		pool_give(&directory->agents_pool, slot);
		return NULL;
	}
	return &entry->card;
}

struct agent_card *directory_agent(struct directory *directory, struct agent_id id)
{
	if (id.gen == 0 || !pool_holds(&directory->agents_pool, id.slot, id.gen))
		return NULL;
	return directory->agents[id.slot].card.name == NULL ? NULL
	                                                    : &directory->agents[id.slot].card;
}

const char *directory_agent_name(struct directory *directory, struct agent_id id)
{
	const struct agent_card *card = directory_agent(directory, id);

	return card == NULL ? "" : card->name;
}

bool keep_text(char **text, const char *value)
{
	char *copy;

	if (value == NULL || (*text != NULL && strcmp(*text, value) == 0))
		return true;
	copy = strdup(value);
	if (copy == NULL)
		return false;
	free(*text);
	*text = copy;
	return true;
}

bool directory_set_agent(struct directory *directory, struct agent_card *card, const char *target,
                         const char *pause_reason)
{
	(void)directory;
	return keep_text(&card->target, target) && keep_text(&card->pause_reason, pause_reason);
}

struct agent_card *directory_next_agent(struct directory *directory, const struct agent_card *after)
{
	struct agent_entry *entry =
	        after == NULL ? directory->agents_by_name
	                      : container_of(after, struct agent_entry, card)->hh.next;

	return entry == NULL ? NULL : &entry->card;
}

const struct agent_options *directory_agent_options(struct directory *directory, const char *name)
{
	const struct agent_card *card = directory_find_agent(directory, name);

	return card == NULL || !card->configured
	               ? NULL
	               : container_of(card, const struct agent_entry, card)->options;
}

uint16_t directory_agent_team(struct directory *directory, const char *name)
{
	const struct agent_options *options = directory_agent_options(directory, name);

	return options == NULL ? 0 : options->team_number;
}

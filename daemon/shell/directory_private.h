#ifndef NAJIMI_SHELL_DIRECTORY_PRIVATE_H
#define NAJIMI_SHELL_DIRECTORY_PRIVATE_H

#include "najimi/base/lists.h"
#include "najimi/base/pool.h"
#include "najimi/shell/directory.h"
#include "names.h"

/* Finished calls that are remembered, for each call that may be live. At a busy
 * centre they are forgotten by number before they are by age. */
#define FINISHED_PER_CALL 10

struct queue_entry {
	char *name, *overflow;
	const struct queue_options *options; /* NULL: not configured any more */
};

/* A call's key is its client and name with a zero byte between them, which no id
 * contains; all of a card's texts stand in one block that begins with the key. */
struct call_entry {
	struct call_card card;
	bool used;
	char *block;
	size_t key_length;
	UT_hash_handle hh;
};

struct finished_entry {
	struct finished_call finished;
	TAILQ_ENTRY(finished_entry) by_age;
	size_t key_length;
	UT_hash_handle hh;
	char block[]; /* client, name, key */
};

struct agent_entry {
	struct agent_card card;
	const struct agent_options *options; /* while card.configured */
	UT_hash_handle hh;
};

struct directory {
	const struct options *options; /* the ones last taken over */

	struct pool calls_pool;
	struct call_entry *cards;
	struct call_entry *calls_by_name;

	TAILQ_HEAD(finished_list, finished_entry) finished_by_age;
	struct finished_entry *finished_by_name;
	size_t finished_count, finished_max;

	struct pool agents_pool;
	struct agent_entry *agents;
	struct agent_entry *agents_by_name;

	size_t queues_count, queues_max;
	struct queue_entry *queues;
	size_t skills_count;
	char *skills[SKILLS_MAX];
};

void calls_done(struct directory *directory);
void agent_entry_done(struct agent_entry *entry);

/* Replaces *text by a copy of `value`, unless that is NULL or the same. False: out of
 * memory, and nothing changed. */
bool keep_text(char **text, const char *value) MUST_CHECK;

#endif

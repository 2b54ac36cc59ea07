/* Any value of a hash: refused with a reason, or read, written and read to the same. */
#include <stdlib.h>

#include "memory.h"
#include "records.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct directory *make_directory(void)
{
	static char sales[] = "sales", none[] = "", german[] = "german";
	static char *skills[] = { german, NULL };
	static struct queue_options queues[] = { { .name = sales, .overflow = none } };
	static struct options options = { .calls_max = 4, .agents_max = 4, .queues_max = 2 };
	struct directory *directory;

	options.skills = skills;
	options.queues = queues;
	options.queues_count = ARRAY_LEN(queues);
	directory = directory_new(&options, NULL);
	if (directory == NULL || directory_know_agent(directory, "alice") == NULL)
		abort();
	return directory;
}

/* Written and read once more, it is written the same. */
static void try_call(struct directory *directory, struct text json)
{
	static char first[1 << 20], second[1 << 20];
	struct call_saved call;
	struct reading reading;
	size_t length;

	if (call_saved_read(json, directory, &reading, &call, NULL) == 0) {
		length = call_saved_write(&call, directory, first, sizeof(first));
		reading_done(&reading);
		if (length == 0 || call_saved_read((struct text){ first, length }, directory,
		                                   &reading, &call, NULL) < 0)
			abort();
		if (call_saved_write(&call, directory, second, sizeof(second)) != length ||
		    memcmp(first, second, length) != 0)
			abort();
	}
	reading_done(&reading);
}

static void try_agent(struct directory *directory, struct text json)
{
	static char first[1 << 20], second[1 << 20];
	struct agent_saved agent;
	struct reading reading;
	size_t length;

	if (agent_saved_read(json, directory, &reading, &agent, NULL) == 0) {
		length = agent_saved_write(&agent, directory, first, sizeof(first));
		reading_done(&reading);
		if (length == 0 || agent_saved_read((struct text){ first, length }, directory,
		                                    &reading, &agent, NULL) < 0)
			abort();
		if (agent_saved_write(&agent, directory, second, sizeof(second)) != length ||
		    memcmp(first, second, length) != 0)
			abort();
	}
	reading_done(&reading);
}

static void try_memory(struct text value)
{
	static char story[1 << 20];
	const struct memory_field fields[] = { { TEXT("agent:a"), value },
		                               { TEXT("left"), value },
		                               { value, value } };
	struct memory memory;

	memory_read(fields, ARRAY_LEN(fields), SEC(1), &memory);
	if (memory.count > MEMORY_AGENTS_MAX)
		abort();
	(void)!memory_story(fields, ARRAY_LEN(fields), &memory, value, story, sizeof(story));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct directory *directory;
	struct text bytes = { (const char *)data, size };

	if (size > 16384)
		return 0;
	if (directory == NULL)
		directory = make_directory();
	try_call(directory, bytes);
	try_agent(directory, bytes);
	try_memory(bytes);
	return 0;
}

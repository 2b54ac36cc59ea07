#include "edge.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void edge_init(struct edge *edge, const void *bytes, size_t length)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t readable = (length + page - 1) / page * page;
	char *mapping;
	int r;

	mapping = mmap(NULL, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
	               -1, 0);
	assert(mapping != MAP_FAILED);
	r = mprotect(mapping + readable, page, PROT_NONE);
	assert(r == 0);
	(void)r;

	*edge = (struct edge){
		.start = mapping + readable - length,
		.length = length,
		.mapping = mapping,
		.mapped = readable + page,
	};
	if (length > 0)
		memcpy(edge->start, bytes, length);
}

void edge_done(struct edge *edge)
{
	munmap(edge->mapping, edge->mapped);
	*edge = (struct edge){ 0 };
}

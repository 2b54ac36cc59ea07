#ifndef NAJIMI_BASE_HEAP_H
#define NAJIMI_BASE_HEAP_H

#include <stdbool.h>
#include <stddef.h>

/* An intrusive binary min-heap.
 *
 * The owner embeds `struct heap_node` and provides the array, so pushing never
 * allocates and never fails below the capacity it was given. A node knows its
 * own place, which makes removal from the middle O(log n) and lets the owner
 * ask whether it is queued at all. */
#define HEAP_ABSENT ((size_t)-1)

struct heap_node {
	size_t index; /* HEAP_ABSENT while not in a heap */
};

typedef bool heap_less_fn(const struct heap_node *a, const struct heap_node *b);

struct heap {
	struct heap_node **slots;
	size_t count;
	size_t capacity;
	heap_less_fn *less;
};

void heap_init(struct heap *heap, heap_less_fn *less, struct heap_node **slots, size_t capacity);
void heap_push(struct heap *heap, struct heap_node *node);
void heap_remove(struct heap *heap, struct heap_node *node);
struct heap_node *heap_top(const struct heap *heap); /* NULL when empty */

static inline bool heap_holds(const struct heap_node *node)
{
	return node->index != HEAP_ABSENT;
}

#endif

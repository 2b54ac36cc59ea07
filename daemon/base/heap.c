#include "najimi/base/heap.h"

#include <assert.h>

static void place(struct heap *heap, size_t index, struct heap_node *node)
{
	heap->slots[index] = node;
	node->index = index;
}

static void sift_up(struct heap *heap, size_t index)
{
	struct heap_node *node = heap->slots[index];

	while (index > 0) {
		size_t parent = (index - 1) / 2;

		if (!heap->less(node, heap->slots[parent]))
			break;
		place(heap, index, heap->slots[parent]);
		index = parent;
	}
	place(heap, index, node);
}

static void sift_down(struct heap *heap, size_t index)
{
	struct heap_node *node = heap->slots[index];

	for (;;) {
		size_t child = 2 * index + 1;

		if (child >= heap->count)
			break;
		if (child + 1 < heap->count &&
		    heap->less(heap->slots[child + 1], heap->slots[child]))
			child++;
		if (!heap->less(heap->slots[child], node))
			break;
		place(heap, index, heap->slots[child]);
		index = child;
	}
	place(heap, index, node);
}

void heap_init(struct heap *heap, heap_less_fn *less, struct heap_node **slots, size_t capacity)
{
	*heap = (struct heap){ .slots = slots, .capacity = capacity, .less = less };
}

void heap_push(struct heap *heap, struct heap_node *node)
{
	assert(!heap_holds(node));
	assert(heap->count < heap->capacity);

	place(heap, heap->count, node);
	heap->count++;
	sift_up(heap, node->index);
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
	size_t hole = node->index;
	struct heap_node *last;

	assert(hole < heap->count);
	assert(heap->slots[hole] == node);

	heap->count--;
	last = heap->slots[heap->count];
	node->index = HEAP_ABSENT;
	if (last == node)
		return;

	place(heap, hole, last);
	sift_up(heap, hole);
	sift_down(heap, last->index);
}

struct heap_node *heap_top(const struct heap *heap)
{
	return heap->count > 0 ? heap->slots[0] : NULL;
}

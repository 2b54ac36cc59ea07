#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "najimi/base/heap.h"
#include "najimi/base/macros.h"
#include "najimi/base/rng.h"

#define COUNT 200

struct item {
	struct heap_node node;
	unsigned due;
};

static bool is_sooner(const struct heap_node *a, const struct heap_node *b)
{
	return container_of(a, struct item, node)->due < container_of(b, struct item, node)->due;
}

static void fill(struct heap *heap, struct heap_node **slots, struct item *items)
{
	uint64_t seed = 7;

	heap_init(heap, is_sooner, slots, COUNT);
	for (unsigned i = 0; i < COUNT; i++) {
		items[i] = (struct item){ .node = { HEAP_ABSENT }, .due = rng_below(&seed, 50) };
		heap_push(heap, &items[i].node);
	}
}

static void check_order_until_empty(struct heap *heap, size_t left)
{
	unsigned last = 0;

	for (; left > 0; left--) {
		struct item *top = container_of(heap_top(heap), struct item, node);

		assert_true(top->due >= last);
		last = top->due;
		heap_remove(heap, &top->node);
		assert_false(heap_holds(&top->node));
	}
	assert_null(heap_top(heap));
}

static void gives_the_smallest_first_whatever_the_order_of_coming(void **state)
{
	struct heap_node *slots[COUNT];
	struct item items[COUNT];
	struct heap heap;

	(void)state;
	fill(&heap, slots, items);
	check_order_until_empty(&heap, COUNT);
}

static void stays_in_order_when_any_node_is_taken_out(void **state)
{
	struct heap_node *slots[COUNT];
	struct item items[COUNT];
	struct heap heap;

	(void)state;
	for (unsigned gone = 0; gone < COUNT; gone++) {
		fill(&heap, slots, items);
		heap_remove(&heap, &items[gone].node);
		assert_false(heap_holds(&items[gone].node));
		for (size_t i = 0; i < heap.count; i++)
			assert_int_equal(slots[i]->index, i);
		check_order_until_empty(&heap, COUNT - 1);
	}
}

static void has_no_top_when_empty(void **state)
{
	struct heap_node *slots[1];
	struct item item = { .node = { HEAP_ABSENT } };
	struct heap heap;

	(void)state;
	heap_init(&heap, is_sooner, slots, 1);
	assert_null(heap_top(&heap));
	heap_push(&heap, &item.node);
	assert_ptr_equal(heap_top(&heap), &item.node);
	heap_remove(&heap, &item.node);
	assert_null(heap_top(&heap));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_smallest_first_whatever_the_order_of_coming),
		cmocka_unit_test(stays_in_order_when_any_node_is_taken_out),
		cmocka_unit_test(has_no_top_when_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

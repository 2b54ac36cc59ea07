#include "najimi/shell/outbox.h"

#include <assert.h>
#include <stdlib.h>

/* Messages stand one behind the other in an arena that is used from the front
 * and moved down when its front half is empty; turns name ranges of it. */
#define ARENA_FIRST ((size_t)64 << 10)
#define ARENA_MAX ((size_t)256 << 20)
#define TURNS_FIRST 64

struct message {
	uint64_t peer;
	size_t length; /* the bytes follow, padded to the alignment of this struct */
};

struct turn {
	uint64_t commit; /* greatest commit it waits for, its own or a predecessor's */
	usec_t sealed_at;
	size_t bytes;
};

struct outbox {
	outbox_send_fn *send;
	void *arg;
	char *arena;
	size_t size, head, tail; /* bytes; [head, tail) is in use */
	size_t open_bytes;       /* of the turn that is not sealed yet, at the end */
	struct turn *turns;      /* a ring */
	size_t turns_size, turns_head, turns_count;
	uint64_t last_commit; /* of the last sealed turn */
	bool releasing;
};

static size_t padded(size_t length)
{
	size_t align = _Alignof(struct message);

	return (length + align - 1) / align * align;
}

struct outbox *outbox_new(outbox_send_fn *send, void *arg)
{
	struct outbox *outbox = calloc(1, sizeof(*outbox));

	if (outbox == NULL)
		return NULL;
	outbox->send = send;
	outbox->arg = arg;
	outbox->size = ARENA_FIRST;
	outbox->arena = malloc(outbox->size);
	outbox->turns_size = TURNS_FIRST;
	outbox->turns = calloc(outbox->turns_size, sizeof(*outbox->turns));
	if (outbox->arena == NULL || outbox->turns == NULL)
		return outbox_free(outbox);
	return outbox;
}

struct outbox *outbox_free(struct outbox *outbox)
{
	if (outbox == NULL)
		return NULL;
	free(outbox->arena);
	free(outbox->turns);
	free(outbox);
	return NULL;
}

static bool make_room(struct outbox *outbox, size_t need)
{
	size_t used = outbox->tail - outbox->head, size = outbox->size;
	char *arena;

	if (outbox->tail + need <= size)
		return true;
	/* Moving is worth it when it frees at least half; else the arena grows. */
	if (!outbox->releasing && outbox->head >= size / 2 && used + need <= size) {
		memmove(outbox->arena, outbox->arena + outbox->head, used);
		outbox->head = 0;
		outbox->tail = used;
		return true;
	}
	while (outbox->tail + need > size)
		size *= 2;
	if (size > ARENA_MAX)
		return false;
	arena = realloc(outbox->arena, size);
	if (arena == NULL)
		return false;
	outbox->arena = arena;
	outbox->size = size;
	return true;
}

bool outbox_put(struct outbox *outbox, uint64_t peer, struct text message)
{
	struct message head = { .peer = peer, .length = message.length };
	size_t need = sizeof(head) + padded(message.length);

	if (!make_room(outbox, need))
		return false;
	memcpy(outbox->arena + outbox->tail, &head, sizeof(head));
	memcpy(outbox->arena + outbox->tail + sizeof(head), message.start, message.length);
	outbox->tail += need;
	outbox->open_bytes += need;
	return true;
}

static bool make_turn_room(struct outbox *outbox)
{
	struct turn *turns;

	if (outbox->turns_count < outbox->turns_size)
		return true;
	turns = calloc(outbox->turns_size * 2, sizeof(*turns));
	if (turns == NULL)
		return false;
	for (size_t i = 0; i < outbox->turns_count; i++)
		turns[i] = outbox->turns[(outbox->turns_head + i) % outbox->turns_size];
	free(outbox->turns);
	outbox->turns = turns;
	outbox->turns_size *= 2;
	outbox->turns_head = 0;
	return true;
}

void outbox_seal(struct outbox *outbox, uint64_t commit, usec_t at)
{
	struct turn *turn;

	if (commit > outbox->last_commit)
		outbox->last_commit = commit;
	if (outbox->open_bytes == 0)
		return;
	/* Without memory for another turn the last one grows: later, never lost. */
	if (!make_turn_room(outbox)) {
		turn = &outbox->turns[(outbox->turns_head + outbox->turns_count - 1) %
		                      outbox->turns_size];
		turn->bytes += outbox->open_bytes;
		turn->commit = outbox->last_commit;
	} else {
		turn = &outbox->turns[(outbox->turns_head + outbox->turns_count++) %
		                      outbox->turns_size];
		*turn = (struct turn){ .commit = outbox->last_commit,
			               .sealed_at = at,
			               .bytes = outbox->open_bytes };
	}
	outbox->open_bytes = 0;
}

static void send_first(struct outbox *outbox)
{
	struct turn turn = outbox->turns[outbox->turns_head];
	size_t end = outbox->head + turn.bytes;

	outbox->turns_head = (outbox->turns_head + 1) % outbox->turns_size;
	outbox->turns_count--;
	outbox->releasing = true;
	while (outbox->head < end) {
		struct message head;

		memcpy(&head, outbox->arena + outbox->head, sizeof(head));
		outbox->send(
		        head.peer,
		        (struct text){ outbox->arena + outbox->head + sizeof(head), head.length },
		        outbox->arg);
		outbox->head += sizeof(head) + padded(head.length);
	}
	outbox->releasing = false;
	if (outbox->head == outbox->tail)
		outbox->head = outbox->tail = 0;
}

void outbox_release(struct outbox *outbox, uint64_t commit)
{
	assert(!outbox->releasing);
	while (outbox->turns_count > 0 && outbox->turns[outbox->turns_head].commit <= commit)
		send_first(outbox);
}

bool outbox_release_old(struct outbox *outbox, usec_t at)
{
	bool any = false;

	assert(!outbox->releasing);
	while (outbox->turns_count > 0 && outbox->turns[outbox->turns_head].sealed_at <= at) {
		send_first(outbox);
		any = true;
	}
	return any;
}

usec_t outbox_oldest(const struct outbox *outbox)
{
	return outbox->turns_count > 0 ? outbox->turns[outbox->turns_head].sealed_at : USEC_NEVER;
}

size_t outbox_bytes(const struct outbox *outbox)
{
	return outbox->tail - outbox->head;
}

/* Any bytes in any pieces: never past the end, never stuck, never more than agreed, and
 * the same frames as in one piece. The first byte says how the rest is cut. */
#include <stdint.h>
#include <stdlib.h>

#include "najimi/base/hash.h"
#include "najimi/codec/frame.h"

#define MESSAGE_MAX 64
#define STREAM_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct ending {
	uint64_t frames; /* their digest */
	enum frame_result result;
	const char *reason;
	bool newline;
	size_t left;
};

static struct ending play(const char *stream, size_t length, size_t piece)
{
	struct ending ending = { .frames = HASH_START, .result = FRAME_SHORT };
	size_t start = 0, end = 0;
	struct framer framer;

	framer_init(&framer);
	while (end < length && ending.result == FRAME_SHORT) {
		end = length - end < piece ? length : end + piece;
		do {
			struct text frame;
			size_t used = 0;

			ending.result = frame_next(&framer, stream + start, end - start,
			                           MESSAGE_MAX, &frame, &used);
			if (used > end - start)
				abort();
			if (ending.result == FRAME_READY) {
				if (used == 0 || frame.length > MESSAGE_MAX ||
				    frame.start < stream + start ||
				    frame.start + frame.length > stream + start + used)
					abort();
				ending.frames =
				        hash_bytes(ending.frames, frame.start, frame.length);
				ending.frames = hash_word(ending.frames, frame.length);
			}
			start += used;
		} while (ending.result == FRAME_READY);
		/* A message that is wanted whole cannot be longer than agreed. */
		if (ending.result == FRAME_SHORT && end - start > MESSAGE_MAX + NETSTRING_HEAD_MAX)
			abort();
	}
	ending.reason = framer.reason;
	ending.newline = framer.newline;
	ending.left = end - start;
	return ending;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *stream = (const char *)data + 1;
	struct ending whole, pieces;

	if (size < 2 || size > STREAM_MAX)
		return 0;
	whole = play(stream, size - 1, size - 1);
	pieces = play(stream, size - 1, data[0] % 16 + 1u);
	if (whole.frames != pieces.frames || whole.result != pieces.result ||
	    whole.reason != pieces.reason)
		abort();
	/* What is closed is not read to its end, so nothing is said of what is left. */
	if (whole.result == FRAME_SHORT &&
	    (whole.newline != pieces.newline || whole.left != pieces.left))
		abort();
	return 0;
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "edge.h"
#include "najimi/codec/frame.h"

#define MESSAGE_MAX 64

/* Feeds a stream in pieces, as a connection would: what is used is dropped, the rest
 * is kept before the next piece. The frames, one per line, and how it ended. */
static void play(const char *stream, size_t length, size_t piece, char *ret, size_t size)
{
	struct framer framer;
	char kept[1024];
	size_t kept_length = 0, written = 0;

	framer_init(&framer);
	ret[0] = '\0';
	for (size_t at = 0; at < length; at += piece) {
		size_t more = length - at < piece ? length - at : piece;

		memcpy(kept + kept_length, stream + at, more);
		kept_length += more;
		for (;;) {
			enum frame_result result;
			struct edge edge;
			struct text frame;
			size_t used;

			edge_init(&edge, kept, kept_length);
			result = frame_next(&framer, edge.start, edge.length, MESSAGE_MAX, &frame,
			                    &used);
			assert_true(used <= kept_length);
			if (result == FRAME_READY)
				written += (size_t)snprintf(ret + written, size - written, "%.*s\n",
				                            (int)frame.length, frame.start);
			else if (result != FRAME_SHORT)
				written += (size_t)snprintf(
				        ret + written, size - written, "%s: %s\n",
				        result == FRAME_HTTP ? "http" : "wrong", framer.reason);
			edge_done(&edge);
			memmove(kept, kept + used, kept_length - used);
			kept_length -= used;
			if (result == FRAME_SHORT)
				break;
			if (result != FRAME_READY)
				return;
		}
	}
	snprintf(ret + written, size - written, "%s%zu left\n", framer.newline ? "newline, " : "",
	         kept_length);
}

static const struct {
	const char *stream, *frames;
} streams[] = {
	/* Text: lines, other lines, nothing between, white space anywhere. */
	{ "{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}\n{\"b\":2}\nnewline, 0 left\n" },
	{ "{\"a\":1}\r\n[{\"b\":2}]\r\n", "{\"a\":1}\n[{\"b\":2}]\nnewline, 0 left\n" },
	{ "{\"a\":1}{\"b\":2}[]", "{\"a\":1}\n{\"b\":2}\n[]\n0 left\n" },
	{ " \t{\"a\":1} {\"b\":2} ", "{\"a\":1}\n{\"b\":2}\n0 left\n" },
	{ "\n\n{\"a\":1}", "{\"a\":1}\n0 left\n" }, /* no line's end after a message yet */
	{ "{\"a\":\n1}", "{\"a\":\n1}\n0 left\n" },
	{ "{\"a\":1}\n{\"b\"", "{\"a\":1}\nnewline, 4 left\n" },
	/* Brackets in texts and escapes are no brackets. */
	{ "{\"}\":\"]}\\\"}{\\\\\"}{}", "{\"}\":\"]}\\\"}{\\\\\"}\n{}\n0 left\n" },
	{ "[[[]],{\"a\":[{}]}]", "[[[]],{\"a\":[{}]}]\n0 left\n" },
	/* Mismatched brackets are a frame: the parser says what is wrong with it. */
	{ "{]{}", "{]\n{}\n0 left\n" },
	{ "{}x", "{}\nwrong: garbage\n" },
	{ "{}7:", "{}\nwrong: garbage\n" },
	{ "  GET / HTTP/1.1\r\n", "wrong: garbage\n" },
	{ "]", "wrong: garbage\n" },
	{ "\xef\xbb\xbf{}", "wrong: garbage\n" },
	{ "\"text\"", "wrong: garbage\n" },
	/* Netstrings. */
	{ "7:{\"a\":1},2:[],", "{\"a\":1}\n[]\n0 left\n" },
	{ "0:,2:{},", "\n{}\n0 left\n" },
	{ "12:{\"a\":\"\\\"},\"},", "{\"a\":\"\\\"},\"}\n0 left\n" },
	{ "2:{},\n2:{},", "{}\nwrong: bad_netstring\n" },
	{ "2:{}}", "wrong: bad_netstring\n" },
	{ "02:{},", "wrong: bad_netstring\n" },
	{ "00:,", "wrong: bad_netstring\n" },
	{ "2x{},", "wrong: bad_netstring\n" },
	{ "2 :{},", "wrong: bad_netstring\n" },
	{ "2:{},:", "{}\nwrong: bad_netstring\n" },
	{ "2:{},{}", "{}\nwrong: bad_netstring\n" },
	{ "65:", "wrong: too_large\n" },
	{ "99999999999999999999999999:", "wrong: too_large\n" },
	{ "12345", "wrong: too_large\n" },
	{ "64:", "3 left\n" },
	{ "5:{\"a\"", "6 left\n" },
	/* What else knocks on an open port. */
	{ "GET / HTTP/1.1\r\n\r\n{}", "http: http\n" },
	{ "POST / HTTP/1.1\r\n\r\n{\"id\":1}", "http: http\n" },
	{ "HEAD / HTTP/1.0", "http: http\n" },
	{ "DELETE /", "http: http\n" },
	{ "OPTIONS *", "http: http\n" },
	{ "CONNECT a:1", "http: http\n" },
	{ "TRACE /", "http: http\n" },
	{ "G", "1 left\n" },
	{ "G1", "wrong: garbage\n" },
	{ "get /", "wrong: garbage\n" },
	{ "\x16\x03\x01\x02\x05", "wrong: tls_on_plain\n" },
	{ "SSH-2.0-x\r\n", "wrong: garbage\n" },
	{ "hello", "wrong: garbage\n" },
	{ "\x80", "wrong: garbage\n" },
	{ "", "0 left\n" },
	{ " ", "0 left\n" },
};

static void gives_the_same_frames_however_the_bytes_arrive(void **state)
{
	char frames[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		size_t length = strlen(streams[i].stream);

		for (size_t piece = 1; piece <= length + 1; piece++) {
			play(streams[i].stream, length, piece, frames, sizeof(frames));
			assert_string_equal(frames, streams[i].frames);
		}
	}
}

static void a_zero_byte_is_garbage_before_a_message_and_not_a_bracket_inside(void **state)
{
	char frames[1024];

	(void)state;
	play("\0{}", 3, 1, frames, sizeof(frames));
	assert_string_equal(frames, "wrong: garbage\n");
	play("{\0}{", 4, 1, frames, sizeof(frames));
	assert_string_equal(frames, "{\n1 left\n"); /* printed up to the zero */
}

static void takes_a_message_of_just_the_limit_and_not_one_more(void **state)
{
	char message[MESSAGE_MAX + 2], stream[MESSAGE_MAX + 8], expected[MESSAGE_MAX + 32];
	char frames[1024];

	(void)state;
	memset(message, ' ', sizeof(message));
	message[0] = '[';
	for (size_t length = MESSAGE_MAX; length <= MESSAGE_MAX + 1; length++) {
		bool fits = length == MESSAGE_MAX;

		message[length - 2] = ' ';
		message[length - 1] = ']';
		snprintf(expected, sizeof(expected), "%.*s\n0 left\n", (int)length, message);
		for (size_t piece = 1; piece <= length; piece++) {
			play(message, length, piece, frames, sizeof(frames));
			assert_string_equal(frames, fits ? expected : "wrong: too_large\n");
		}
		snprintf(stream, sizeof(stream), "%zu:%.*s,", length, (int)length, message);
		play(stream, strlen(stream), 1, frames, sizeof(frames));
		assert_string_equal(frames, fits ? expected : "wrong: too_large\n");
	}
}

static void refuses_a_message_beyond_the_limit_before_its_end(void **state)
{
	struct framer framer;
	struct text frame;
	char endless[MESSAGE_MAX];
	size_t used;

	(void)state;
	memset(endless, '[', sizeof(endless));
	framer_init(&framer);
	assert_int_equal(frame_next(&framer, endless, MESSAGE_MAX - 1, MESSAGE_MAX, &frame, &used),
	                 FRAME_SHORT);
	assert_int_equal(frame_next(&framer, endless, MESSAGE_MAX, MESSAGE_MAX, &frame, &used),
	                 FRAME_WRONG);
	assert_string_equal(framer.reason, "too_large");
}

static void does_not_look_twice_at_what_it_has_seen(void **state)
{
	static const char message[] = "{\"text\":\"abc\\\"def\",\"list\":[1,2]}";
	struct framer framer;
	struct text frame;
	size_t used, last = 0;

	(void)state;
	framer_init(&framer);
	for (size_t length = 1; length < sizeof(message) - 1; length++) {
		assert_int_equal(frame_next(&framer, message, length, MESSAGE_MAX, &frame, &used),
		                 FRAME_SHORT);
		assert_true(framer.scanned == length && framer.scanned > last);
		last = framer.scanned;
	}
}

static void white_space_before_a_message_need_not_be_dropped(void **state)
{
	static const char stream[] = "  \n {\"a\":1}";
	struct framer framer;
	struct text frame;
	size_t used;

	(void)state;
	framer_init(&framer);
	for (size_t length = 1; length < sizeof(stream) - 1; length++)
		assert_int_equal(frame_next(&framer, stream, length, MESSAGE_MAX, &frame, &used),
		                 FRAME_SHORT);
	assert_int_equal(
	        frame_next(&framer, stream, sizeof(stream) - 1, MESSAGE_MAX, &frame, &used),
	        FRAME_READY);
	assert_true(text_is(frame, "{\"a\":1}"));
	assert_int_equal(used, sizeof(stream) - 1);
}

static void replies_end_like_the_messages_did(void **state)
{
	struct framer framer;
	struct text frame;
	size_t used;

	(void)state;
	framer_init(&framer);
	assert_int_equal(frame_next(&framer, "{}{}\n", 5, MESSAGE_MAX, &frame, &used), FRAME_READY);
	assert_false(framer.newline);
	/* Seen with the message it follows, before that is answered. */
	assert_int_equal(frame_next(&framer, "{}\n", 3, MESSAGE_MAX, &frame, &used), FRAME_READY);
	assert_true(framer.newline);
	assert_int_equal(used, 3);
	assert_int_equal(frame_next(&framer, "{}", 2, MESSAGE_MAX, &frame, &used), FRAME_READY);
	assert_true(framer.newline);
}

static void writes_the_head_of_a_netstring(void **state)
{
	static const struct {
		size_t length;
		const char *head;
	} rows[] = {
		{ 0, "0:" },     { 9, "9:" },         { 10, "10:" },
		{ 192, "192:" }, { 65536, "65536:" }, { 9999999, "9999999:" },
	};
	char head[NETSTRING_HEAD_MAX + 1];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		head[netstring_head(rows[i].length, head)] = '\0';
		assert_string_equal(head, rows[i].head);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_frames_however_the_bytes_arrive),
		cmocka_unit_test(a_zero_byte_is_garbage_before_a_message_and_not_a_bracket_inside),
		cmocka_unit_test(takes_a_message_of_just_the_limit_and_not_one_more),
		cmocka_unit_test(refuses_a_message_beyond_the_limit_before_its_end),
		cmocka_unit_test(does_not_look_twice_at_what_it_has_seen),
		cmocka_unit_test(white_space_before_a_message_need_not_be_dropped),
		cmocka_unit_test(replies_end_like_the_messages_did),
		cmocka_unit_test(writes_the_head_of_a_netstring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "edge.h"
#include "najimi/codec/ami.h"

/* Feeds a stream in pieces, as a connection would. Messages as "[key=value;...]", one per line,
 * and how it ended. */
static void play(const char *stream, size_t length, size_t piece, char *ret, size_t size)
{
	struct ami_reader reader;
	char *kept = malloc(length + 1);
	size_t kept_length = 0, written = 0;
	enum ami_result result = AMI_SHORT;

	ami_reader_init(&reader);
	ret[0] = '\0';
	for (size_t at = 0; at < length && result != AMI_WRONG; at += piece) {
		size_t more = length - at < piece ? length - at : piece;

		memcpy(kept + kept_length, stream + at, more);
		kept_length += more;
		do {
			struct ami_message message;
			struct ami_field field;
			struct edge edge;
			size_t used, in = 0;

			edge_init(&edge, kept, kept_length);
			result = ami_next(&reader, edge.start, edge.length, &message, &used);
			assert_true(used <= kept_length);
#define SAY(...) (written += (size_t)snprintf(ret + written, size - written, __VA_ARGS__))
			if (result == AMI_BANNER)
				SAY("(%.*s)\n", (int)message.bytes.length, message.bytes.start);
			if (result == AMI_MESSAGE) {
				SAY("[");
				while (ami_next_field(&message, &in, &field))
					SAY("%.*s=%.*s;", (int)field.key.length, field.key.start,
					    (int)field.value.length, field.value.start);
				SAY("]\n");
			}
			edge_done(&edge);
			memmove(kept, kept + used, kept_length - used);
			kept_length -= used;
		} while (result == AMI_MESSAGE || result == AMI_BANNER);
	}
	if (result == AMI_WRONG)
		SAY("wrong: %s", reader.reason);
	else
		SAY("%zu left", kept_length);
	free(kept);
}

static const struct {
	const char *stream, *messages;
} streams[] = {
	{ "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: 1\r\n\r\n",
	  "(Asterisk Call Manager/11.0.0)\n[Response=Success;ActionID=1;]\n0 left" },
	{ "Response: Success\nPing: Pong\n\nEvent: X\n\n",
	  "[Response=Success;Ping=Pong;]\n[Event=X;]\n0 left" },
	/* A server that greets behind its first answer. */
	{ "Response: Success\r\nActionID: 1\r\n\r\nAsterisk Call Manager/1.1\r\nEvent: A\r\n\r\n",
	  "[Response=Success;ActionID=1;]\n(Asterisk Call Manager/1.1)\n[Event=A;]\n0 left" },
	{ "Asterisk Call Manager/1.1\r\n\r\n\r\nEvent: A\r\n\r\n",
	  "(Asterisk Call Manager/1.1)\n[Event=A;]\n0 left" },
	/* Empty values, values with colons, blanks, lines without a colon or a key. */
	{ "Event: X\r\nAccountCode: \r\nContext:\r\nA: b: c\r\nB:x:y\r\nC:   d \r\nno\r\n: "
	  "e\r\n\r\n",
	  "[Event=X;AccountCode=;Context=;A=b: c;B=x:y;C=d ;]\n0 left" },
	/* Keys repeat. */
	{ "Event: X\r\nChanVariable: a=1\r\nChanVariable: b=2\r\n\r\n",
	  "[Event=X;ChanVariable=a=1;ChanVariable=b=2;]\n0 left" },
	{ "Event: X\r\nA: b\rc\r\n\r\n", "[Event=X;A=b\rc;]\n0 left" },
	/* What is between messages is no message. */
	{ "\r\n\n\r\n", "0 left" },
	{ "Event: X\r\n", "10 left" },
	{ "\r\nEvent: X\r\n\r", "11 left" },
	{ "Asterisk Call", "13 left" },
	{ "", "0 left" },
	/* Not the manager interface. */
	{ "SSH-2.0-OpenSSH_9.2\r\n", "wrong: garbage" },
	{ "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "wrong: garbage" },
	{ "220 mail.example ESMTP\r\n", "wrong: garbage" },
	{ "Event: X\r\n\r\nhello\r\n", "[Event=X;]\nwrong: garbage" },
};

static void gives_the_same_messages_however_the_bytes_arrive(void **state)
{
	char messages[1024];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(streams); i++) {
		size_t length = strlen(streams[i].stream);

		for (size_t piece = 1; piece <= length + 1; piece++) {
			play(streams[i].stream, length, piece, messages, sizeof(messages));
			assert_string_equal(messages, streams[i].messages);
		}
	}
}

/* Two pieces, cut everywhere. */
static void a_message_may_be_cut_anywhere(void **state)
{
	static const char stream[] = "Asterisk Call Manager/5.0.4\r\n"
	                             "Event: Hangup\r\nUniqueid: 1795309168.4\r\nCause: 16\r\n\r\n"
	                             "\r\nResponse: Error\r\nMessage: Permission denied\r\n\r\n";
	const size_t length = sizeof(stream) - 1;

	(void)state;
	for (size_t cut = 0; cut <= length; cut++) {
		struct ami_reader reader;
		struct ami_message message;
		size_t used, start = 0, banners = 0, events = 0;

		ami_reader_init(&reader);
		for (unsigned part = 0; part < 2; part++) {
			size_t end = part == 0 ? cut : length;
			enum ami_result result;

			while ((result = ami_next(&reader, stream + start, end - start, &message,
			                          &used)) != AMI_SHORT) {
				assert_int_not_equal(result, AMI_WRONG);
				start += used;
				banners += result == AMI_BANNER;
				events += result == AMI_MESSAGE;
			}
			start += used;
		}
		assert_int_equal(banners, 1);
		assert_int_equal(events, 2);
		assert_true(ami_has(&message, "response", "Error"));
		assert_int_equal(start, length);
	}
}

/* --- what callers say --- */

/* An event of a channel whose number is this. */
static void say_ringing(const char *number, char *ret, size_t size)
{
	snprintf(ret, size,
	         "Event: Newchannel\r\nChannel: PJSIP/trunk-1\r\nChannelState: 4\r\n"
	         "ChannelStateDesc: Ring\r\nCallerIDNum: %s\r\nCallerIDName: Taro\r\n"
	         "ConnectedLineNum: <unknown>\r\nConnectedLineName: <unknown>\r\nLanguage: en\r\n"
	         "AccountCode: \r\nContext: c\r\nExten: 700\r\nPriority: 1\r\nUniqueid: 1.1\r\n"
	         "Linkedid: 1.1\r\n\r\nEvent: Next\r\n\r\n",
	         number);
}

/* As long as what Asterisk keeps of a number. */
static const char *const numbers[] = {
	"0312\n345678",
	"0312\r\n\r\n345678",
	"\r\n",
	"\r\n\r\n",
	"0\r\n\r\nEvent: UserEvent\r\nUserEvent: NajimiLogout\r\nAgent: alice\r\n\r\n",
	"0\n\nEvent:Hangup\nUniqueid:1795361749.18\n\n",
	"0\r\nUniqueid: 2.2",
	"0\r\nCallerIDName: x\r\nUniqueid: 2.2\r\nLinkedid: 2.2\r\n\r\nEvent:Hangup\r\n",
	"0\nPriority:1\nUniqueid:2.2\n\nEvent:Hangup\nUniqueid:2.2\n",
	"0\nCallerIDName:\nConnectedLineNum:\nConnectedLineName:\nLanguage:\nExten:\n\n",
	"0\nChannelStateDesc: Up\nCallerIDNum: 1\n\nEvent:X\nChannelStateDesc: Up\n\n",
	"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n",
};

static void a_number_with_line_feeds_neither_ends_an_event_nor_begins_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		char stream[1024], said[4096], *event;

		assert_true(strlen(numbers[i]) < 80);
		say_ringing(numbers[i], stream, sizeof(stream));
		for (size_t piece = 1; piece < 9; piece++) {
			play(stream, strlen(stream), piece == 8 ? 1024 : piece, said, sizeof(said));
			event = strstr(said, "CallerIDNum=");
			assert_non_null(event);
			event = strchr(event, ';');
			assert_string_equal(event,
			                    ";Uniqueid=1.1;Linkedid=1.1;]\n[Event=Next;]\n0 left");
		}
	}
}

/* Somebody else's server says less of its channels than Asterisk. */
static void an_event_that_says_less_of_a_channel_ends_all_the_same(void **state)
{
	char said[4096];
	static const char less[] = "Event: A\r\nChannelStateDesc: Up\r\nUniqueid: 1\r\n\r\n"
	                           "Event: B\r\nCallerIDNum: 1\r\nUniqueid: 1\r\n\r\n";
	char *stream = malloc(64 * 1024), *at = stream;

	(void)state;
	play(less, sizeof(less) - 1, 1024, said, sizeof(said));
	assert_string_equal(said, "[Event=A;ChannelStateDesc=Up;Uniqueid=1;]\n"
	                          "[Event=B;CallerIDNum=1;Uniqueid=1;]\n0 left");
	at += sprintf(at, "Event: A\r\nChannelStateDesc: Up\r\nCallerIDNum: 1\r\n\r\n");
	for (int i = 0; i < 400; i++)
		at += sprintf(at, "\r\n");
	sprintf(at, "Event: B\r\n\r\n");
	play(stream, strlen(stream), 1024, said, sizeof(said));
	assert_string_equal(said,
	                    "[Event=A;ChannelStateDesc=Up;CallerIDNum=1;]\n[Event=B;]\n0 left");
	free(stream);
}

/* --- limits --- */

static void a_zero_byte_is_garbage(void **state)
{
	char messages[256];

	(void)state;
	for (size_t piece = 1; piece < 16; piece++) {
		play("Event: X\r\nA: b\0c\r\n\r\n", 19, piece, messages, sizeof(messages));
		assert_string_equal(messages, "wrong: garbage");
		play("\x16\x03\x01\0\0:\n", 7, piece, messages, sizeof(messages));
		assert_string_equal(messages, "wrong: garbage");
	}
}

static void play_long(const char *head, size_t line, unsigned lines, const char *expected)
{
	size_t length = strlen(head), size = length + (line + 2) * lines + 2, room = 2 * size + 256;
	char *stream = malloc(size), *said = malloc(room), *end;

	memcpy(stream, head, length);
	for (unsigned i = 0; i < lines; i++, length += line + 2) {
		memset(stream + length, 'x', line);
		memcpy(stream + length, "K: ", 3);
		memcpy(stream + length + line, "\r\n", 2);
	}
	memcpy(stream + length, "\r\n", 2);
	length += 2;
	for (size_t piece = 1; piece <= length;
	     piece = piece == 1 ? 4093 : length + (piece != length)) {
		/* Byte by byte costs a page fault each: only where it is short. */
		if (piece == 1 && length > 4096)
			continue;
		play(stream, length, piece, said, room);
		end = strrchr(said, '\n');
		assert_string_equal(end == NULL ? said : end + 1, expected);
	}
	free(stream);
	free(said);
}

static void says_which_limit_was_passed(void **state)
{
	(void)state;
	play_long("Event: X\r\n", AMI_LINE_MAX - 1, 1, "0 left");
	play_long("Event: X\r\n", AMI_LINE_MAX, 1, "wrong: line_too_long"); /* with its CR */
	play_long("Event: X\r\n", 8, AMI_LINES_MAX - 1, "0 left");
	play_long("Event: X\r\n", 8, AMI_LINES_MAX, "wrong: too_many_lines");
	play_long("Event: X\r\n", 8190, 11, "0 left");
	play_long("Event: X\r\n", 8190, 12, "wrong: message_too_long");
}

static void a_line_without_end_is_refused_before_it_ends(void **state)
{
	static char endless[AMI_LINE_MAX + 1];
	struct ami_reader reader;
	struct ami_message message;
	size_t used;

	(void)state;
	memset(endless, 'a', sizeof(endless));
	ami_reader_init(&reader);
	assert_int_equal(ami_next(&reader, endless, AMI_LINE_MAX, &message, &used), AMI_SHORT);
	assert_int_equal(reader.scanned, AMI_LINE_MAX); /* and is not looked at again */
	assert_int_equal(ami_next(&reader, endless, AMI_LINE_MAX + 1, &message, &used), AMI_WRONG);
	assert_string_equal(reader.reason, "line_too_long");
}

static void finds_values_by_keys_of_any_case(void **state)
{
	static const char bytes[] = "Event: Hangup\r\nUniqueID: 1.4\r\nCause-txt: User busy\r\n"
	                            "Cause: 17\r\nUniqueid: 2.5\r\nEmpty: \r\nBig: 4294967296\r\n";
	struct ami_message message = { .bytes = { bytes, sizeof(bytes) - 1 } };
	char value[8];
	unsigned number = 0;

	(void)state;
	assert_true(text_is(ami_get(&message, "uniqueid"), "1.4"));
	assert_true(ami_has(&message, "CAUSE-TXT", "User busy"));
	assert_false(ami_has(&message, "Cause-txt", "user busy"));
	assert_false(ami_has(&message, "Cause-tx", ""));
	assert_null(ami_get(&message, "Missing").start);
	assert_non_null(ami_get(&message, "Empty").start);
	assert_int_equal(ami_get(&message, "Empty").length, 0);

	assert_true(ami_copy(&message, "Event", value, sizeof(value)));
	assert_string_equal(value, "Hangup");
	assert_false(ami_copy(&message, "Cause-txt", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_false(ami_copy(&message, "Missing", value, sizeof(value)));
	assert_true(ami_copy(&message, "Empty", value, sizeof(value)));

	assert_true(ami_number(&message, "Cause", &number));
	assert_int_equal(number, 17);
	assert_false(ami_number(&message, "Event", &number));
	assert_false(ami_number(&message, "Empty", &number));
	assert_false(ami_number(&message, "Big", &number));
	assert_false(ami_number(&message, "Missing", &number));
	assert_int_equal(number, 17);
}

static void writes_an_action(void **state)
{
	char bytes[256];
	struct ami_out out;
	struct text action;

	(void)state;
	ami_out_begin(&out, bytes, sizeof(bytes), "Originate", "o-17");
	ami_out_field(&out, "Channel", "PJSIP/alice");
	ami_out_number(&out, "Timeout", 15000);
	action = ami_out_end(&out);
	assert_true(text_is(action,
	                    "Action: Originate\r\nActionID: o-17\r\nChannel: PJSIP/alice\r\n"
	                    "Timeout: 15000\r\n\r\n"));
	ami_out_begin(&out, bytes, sizeof(bytes), "Ping", "");
	assert_true(text_is(ami_out_end(&out), "Action: Ping\r\n\r\n"));
}

static void a_value_never_makes_another_line(void **state)
{
	char bytes[256];
	struct ami_out out;

	(void)state;
	ami_out_begin(&out, bytes, sizeof(bytes), "Originate", "1");
	ami_out_field(&out, "CallerID", "\"Eve\r\nAction: Command\nx\x7f\" <1>");
	assert_true(text_is(ami_out_end(&out),
	                    "Action: Originate\r\nActionID: 1\r\n"
	                    "CallerID: \"Eve  Action: Command x \" <1>\r\n\r\n"));
}

static void says_nothing_rather_than_what_would_be_refused(void **state)
{
	static char bytes[AMI_OUT_LINE_MAX * 4], value[AMI_OUT_LINE_MAX];
	struct ami_out out;

	(void)state;
	memset(value, 'v', sizeof(value) - 1);
	value[AMI_OUT_LINE_MAX - 3] = '\0';
	ami_out_begin(&out, bytes, sizeof(bytes), "X", "");
	ami_out_field(&out, "K", value);
	assert_int_equal(ami_out_end(&out).length, 9 + 2 + AMI_OUT_LINE_MAX + 2 + 2);

	ami_out_begin(&out, bytes, sizeof(bytes), "X", "");
	ami_out_field(&out, "Ke", value);
	ami_out_field(&out, "K", "more");
	assert_int_equal(ami_out_end(&out).length, 0);
	assert_string_equal(out.wrong, "line_too_long");

	ami_out_begin(&out, bytes, sizeof(bytes), "X", "");
	for (unsigned i = 1; i < AMI_OUT_LINES_MAX; i++)
		ami_out_field(&out, "K", "v");
	assert_null(out.wrong);
	ami_out_field(&out, "K", "v");
	assert_int_equal(ami_out_end(&out).length, 0);
	assert_string_equal(out.wrong, "too_many_lines");

	for (size_t size = 0; size < 25; size++) {
		ami_out_begin(&out, bytes, size, "Ping", "1");
		assert_int_equal(ami_out_end(&out).length, 0);
		assert_string_equal(out.wrong, "no_room");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_same_messages_however_the_bytes_arrive),
		cmocka_unit_test(a_message_may_be_cut_anywhere),
		cmocka_unit_test(a_number_with_line_feeds_neither_ends_an_event_nor_begins_one),
		cmocka_unit_test(an_event_that_says_less_of_a_channel_ends_all_the_same),
		cmocka_unit_test(a_zero_byte_is_garbage),
		cmocka_unit_test(says_which_limit_was_passed),
		cmocka_unit_test(a_line_without_end_is_refused_before_it_ends),
		cmocka_unit_test(finds_values_by_keys_of_any_case),
		cmocka_unit_test(writes_an_action),
		cmocka_unit_test(a_value_never_makes_another_line),
		cmocka_unit_test(says_nothing_rather_than_what_would_be_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#ifndef NAJIMI_TESTS_LINK_MANAGER_H
#define NAJIMI_TESTS_LINK_MANAGER_H

#include "ami_state.h"
#include "ami_talks.h"
#include "gate.h"

/* The board, and an Asterisk whose manager interface is the test: it listens, and says what the
 * test wants it to say. Or only what it would have said is told, without any connection. */
struct manager {
	struct board *board;
	struct asterisk_options options;
	struct asterisk_server *server;
	struct ami_conn *conn;
	char address[32];
	int listener, fd; /* -1 none */
	size_t length;
	char heard[1 << 16]; /* that nobody has expected yet */
};

/* Patient with the test, however busy the machine; only what nobody has to hurry for is soon. */
static const struct ami_times manager_calm = {
	.connect_max = SEC(30),
	.login_max = SEC(30),
	.boot_max = MSEC(50),
	.list_max = SEC(30),
	.ping = SEC(30),
	.backoff_min = MSEC(10),
	.backoff_max = MSEC(40),
	.gone_after = MSEC(50),
	.tick = MSEC(5),
};

static inline int manager_listen(struct manager *manager, in_port_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = port };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;

	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	snprintf(manager->address, sizeof(manager->address), "127.0.0.1:%u",
	         ntohs(address.sin_port));
	return fd;
}

static inline struct manager *manager_make_on(struct board *board, struct asterisk_server *server)
{
	static char *nowhere[] = { NULL };
	static char user[] = "najimi", secret[] = "of the tests", name[] = "pbx", nothing[] = "";
	struct manager *manager = calloc(1, sizeof(*manager));

	assert_non_null(manager);
	manager->board = board;
	manager->server = server;
	manager->fd = manager->listener = -1;
	manager->options = (struct asterisk_options){ .name = name,
		                                      .address = manager->address,
		                                      .user = user,
		                                      .secret = secret,
		                                      .secret_file = nothing,
		                                      .from = nowhere,
		                                      .ca_file = nothing };
	manager->server->options = &manager->options;
	return manager;
}

static inline struct manager *manager_make(void)
{
	struct board *board = board_open();

	return manager_make_on(board, gate_server(board));
}

static inline void manager_connect(struct manager *manager, const struct ami_times *times)
{
	struct err err;

	if (manager->listener < 0)
		manager->listener = manager_listen(manager, 0);
	manager->conn = ami_new_timed(manager->server, times, &err);
	assert_non_null(manager->conn);
	manager->server->ami = manager->conn;
}

/* Nobody listens, nobody connects: facts are told by manager_tell(). */
static inline struct manager *manager_quiet(void)
{
	static const struct ami_times never = { .tick = HOUR(1),
		                                .backoff_min = HOUR(1),
		                                .backoff_max = HOUR(1) };
	struct manager *manager = manager_make();

	manager_connect(manager, &never);
	event_del(manager->conn->retry);
	return manager;
}

static inline void manager_hang_up(struct manager *manager)
{
	if (manager->fd >= 0)
		close(manager->fd);
	manager->fd = -1;
	manager->length = 0;
}

static inline void manager_close(struct manager *manager)
{
	manager_hang_up(manager);
	if (manager->listener >= 0)
		close(manager->listener);
	board_close(manager->board);
	free(manager);
}

static inline void manager_pass(struct manager *manager, usec_t span)
{
	usec_t end = clock_monotonic() + span;
	ssize_t got;

	do {
		board_turn(manager->board);
		if (manager->fd < 0 && manager->listener >= 0) {
			manager->fd = accept(manager->listener, NULL, NULL);
			fcntl(manager->fd, F_SETFL, O_NONBLOCK);
		}
		got = manager->fd < 0 ? -1
		                      : read(manager->fd, manager->heard + manager->length,
		                             sizeof(manager->heard) - 1 - manager->length);
		if (got == 0)
			manager_hang_up(manager);
		manager->length += got > 0 ? (size_t)got : 0;
		manager->heard[manager->length] = '\0';
		usleep(100);
	} while (clock_monotonic() < end);
	board_turn(manager->board); /* the test may have been away, up to the end */
}

/* Up to the end of the action in which this is. */
static inline void manager_expect(struct manager *manager, const char *text)
{
	usec_t end = clock_monotonic() + SEC(60);
	char *found, *rest = NULL;

	while (rest == NULL && clock_monotonic() < end) {
		manager_pass(manager, 0);
		found = strstr(manager->heard, text);
		rest = found == NULL ? NULL : strstr(found, "\r\n\r\n");
	}
	if (rest == NULL)
		fail_msg("not said: %s, but: %s", text, manager->heard);
	manager->length -= (size_t)(rest + 4 - manager->heard);
	memmove(manager->heard, rest + 4, manager->length + 1);
}

/* Until it has been heard, or nobody listens any more. */
static inline void manager_say(struct manager *manager, const char *text)
{
	uint64_t heard = manager->server->meter->messages;
	usec_t end = clock_monotonic() + SEC(60);
	size_t length = strlen(text);

	assert_int_equal(write(manager->fd, text, length), length);
	while ((text = strstr(text, "\r\n\r\n")) != NULL) {
		text += 4;
		heard++;
	}
	while (manager->server->meter->messages < heard && clock_monotonic() < end &&
	       manager->conn->stage != AMI_STAGE_AWAY)
		manager_pass(manager, 0);
	manager_pass(manager, 0);
}

/* "Event: Hangup|Uniqueid: 1.1": lines are cut by bars. */
static inline void manager_tell(struct manager *manager, const char *text)
{
	struct ami_message message = { .bytes = { text, strlen(text) } };
	char lines[2048];
	struct ami_fact fact;
	struct refusal refusal;

	assert_true(message.bytes.length < sizeof(lines));
	for (size_t i = 0; i <= message.bytes.length; i++)
		lines[i] = (char)(text[i] == '|' ? '\n' : text[i]);
	message.bytes.start = lines;
	if (!ami_translate(&message, &fact, &refusal))
		fail_msg("%s: %s", text, refusal.detail);
	if (fact.kind == AMI_CHANNEL)
		ami_calls_list(manager->conn, &fact);
	else if (fact.kind == AMI_DEVICE)
		ami_device(manager->conn, fact.device, fact.state);
	else
		ami_calls_fact(manager->conn, &fact);
	board_turn(manager->board);
}

/* It logs in, and Asterisk has no channels and no devices. */
static inline void manager_come_up(struct manager *manager)
{
	manager_expect(manager, "Action: Login");
	manager_say(manager,
	            "Response: Success\r\nActionID: login\r\n\r\nEvent: FullyBooted\r\n\r\n");
	manager_expect(manager, "Action: CoreShowChannels");
	manager_say(manager, "Response: Success\r\nActionID: channels\r\n\r\n"
	                     "Event: CoreShowChannelsComplete\r\nActionID: channels\r\n\r\n");
	manager_expect(manager, "Action: DeviceStateList");
	manager_say(manager, "Response: Success\r\nActionID: devices\r\n\r\n"
	                     "Event: DeviceStateListComplete\r\nActionID: devices\r\n\r\n");
}

/* --- what people do, for manager_tell() --- */

#define CALLER_CHANNEL "Channel: PJSIP/trunk-00000001|Uniqueid: 1.1|Linkedid: 1.1"
#define ALICE_CHANNEL "Channel: PJSIP/alice-00000002|Uniqueid: 1.2|Linkedid: 1.1"
#define BOB_CHANNEL "Channel: PJSIP/bob-00000003|Uniqueid: 1.3|Linkedid: 1.1"
#define ALICE_DEST "DestChannel: PJSIP/alice-00000002|DestUniqueid: 1.2|DestLinkedid: 1.1"
#define BOB_DEST "DestChannel: PJSIP/bob-00000003|DestUniqueid: 1.3|DestLinkedid: 1.1"

static inline void manager_join(struct manager *manager, const char *bridge, const char *first,
                                const char *second)
{
	char text[512];

	snprintf(text, sizeof(text), "Event: BridgeEnter|BridgeUniqueid: %s|%s", bridge, first);
	manager_tell(manager, text);
	snprintf(text, sizeof(text), "Event: BridgeEnter|BridgeUniqueid: %s|%s", bridge, second);
	manager_tell(manager, text);
}

/* The caller 1.1 is offered to alice, who is rung. */
static inline struct asterisk_call *manager_ring(struct manager *manager)
{
	struct asterisk_call *call;

	gate_log_in(manager->board, "alice");
	call = gate_arrive(manager->board, "1.1", "sales");
	call->dialled = gate_record(manager->board, call->id).offer;
	manager_tell(manager, "Event: DialBegin|" CALLER_CHANNEL "|" ALICE_DEST);
	return call;
}

static inline struct asterisk_call *manager_talk(struct manager *manager)
{
	struct asterisk_call *call = manager_ring(manager);

	manager_tell(manager,
	             "Event: DialEnd|" CALLER_CHANNEL "|" ALICE_DEST "|DialStatus: ANSWER");
	manager_join(manager, "b1", ALICE_CHANNEL, CALLER_CHANNEL);
	assert_int_equal(gate_record(manager->board, call->id).state, CALL_TALKING);
	return call;
}

static inline enum call_state manager_state(struct manager *manager, struct call_id id)
{
	return gate_record(manager->board, id).state;
}

#endif

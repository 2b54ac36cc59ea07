#include "manager.h"

/* A line of its own, without anybody who logs in. */
struct end {
	struct manager *manager; /* for its socket */
	struct ami_line *line;
	unsigned opened, greeted, messages, lost;
	bool answered, busy;
	char said[1024], why[200];
};

static void on_opened(void *arg)
{
	((struct end *)arg)->opened++;
}

static void on_greeted(struct text banner, void *arg)
{
	struct end *end = arg;

	end->greeted++;
	snprintf(end->said, sizeof(end->said), "%.*s;", (int)banner.length, banner.start);
}

static bool on_message(const struct ami_message *message, void *arg)
{
	struct end *end = arg;
	struct text event = ami_get(message, "Event");
	size_t length = strlen(end->said);

	if (end->busy)
		return false;
	end->messages++;
	snprintf(end->said + length, sizeof(end->said) - length, "%.*s;", (int)event.length,
	         event.start);
	return true;
}

static void on_lost(const char *why, bool answered, void *arg)
{
	struct end *end = arg;

	end->lost++;
	end->answered = answered;
	snprintf(end->why, sizeof(end->why), "%s", why);
}

static struct end *open_end(void)
{
	struct end *end = calloc(1, sizeof(*end));
	struct ami_line_hooks hooks = { on_opened, on_greeted, on_message, on_lost, end };

	end->manager = manager_make();
	end->manager->listener = manager_listen(end->manager, 0);
	end->line = ami_line_new(end->manager->board->base, &hooks);
	assert_non_null(end->line);
	return end;
}

static void close_end(struct end *end)
{
	ami_line_free(end->line);
	manager_close(end->manager);
	free(end);
}

static void dial(struct end *end, const char *address, usec_t max)
{
	struct ami_target target = { .address = address, .ca_file = "" };

	ami_line_open(end->line, &target, max);
}

static void pass_until(struct end *end, const unsigned *count)
{
	unsigned before = *count;
	usec_t until = clock_monotonic() + SEC(60);

	while (*count == before && clock_monotonic() < until)
		manager_pass(end->manager, 0);
	assert_int_equal(*count, before + 1);
}

static void open_line(struct end *end)
{
	dial(end, end->manager->address, SEC(60));
	pass_until(end, &end->opened);
	while (end->manager->fd < 0)
		manager_pass(end->manager, 0);
}

static void put(struct end *end, const char *text)
{
	assert_int_equal(write(end->manager->fd, text, strlen(text)), strlen(text));
	manager_pass(end->manager, MSEC(1));
}

static void bytes_become_messages_wherever_they_are_cut(void **state)
{
	static const char text[] = "Asterisk Call Manager/1\r\nEvent: A\r\n\r\nEvent: B\r\n\r\n";
	struct end *end = open_end();

	(void)state;
	open_line(end);
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		assert_int_equal(write(end->manager->fd, text + i, 1), 1);
		manager_pass(end->manager, 0);
	}
	while (end->messages < 2)
		manager_pass(end->manager, 0);
	assert_string_equal(end->said, "Asterisk Call Manager/1;A;B;");
	ami_line_say(end->line, TEXT("Action: Ping\r\n\r\n"));
	manager_expect(end->manager, "Action: Ping");
	close_end(end);
}

static void what_cannot_be_taken_now_is_shown_again(void **state)
{
	struct end *end = open_end();

	(void)state;
	open_line(end);
	end->busy = true;
	put(end, "Event: A\r\n\r\nEvent: B\r\n\r\n");
	manager_pass(end->manager, MSEC(20));
	assert_int_equal(end->messages, 0);
	end->busy = false;
	ami_line_resume(end->line);
	while (end->messages < 2)
		manager_pass(end->manager, 0);
	assert_string_equal(end->said, "A;B;");
	ami_line_resume(end->line); /* nothing is held */
	close_end(end);
}

static void a_host_may_have_a_name(void **state)
{
	struct end *end = open_end();
	char address[64];

	(void)state;
	snprintf(address, sizeof(address), "localhost%s", strchr(end->manager->address, ':'));
	dial(end, address, SEC(60));
	pass_until(end, &end->opened);
	close_end(end);
}

static void says_why_nobody_is_there(void **state)
{
	struct end *end = open_end();

	(void)state;
	close(end->manager->listener);
	end->manager->listener = -1;
	dial(end, end->manager->address, SEC(60));
	pass_until(end, &end->lost);
	assert_string_equal(end->why, "Connection refused");
	assert_false(end->answered);
	dial(end, "[::1]:1", SEC(60)); /* refused there as well, if there is such an address */
	assert_true(end->lost == 2 || (pass_until(end, &end->lost), true));
	dial(end, "nonsense", SEC(60));
	assert_string_equal(end->why, "the address is not HOST:PORT");
	assert_int_equal(end->lost, 3);
	close_end(end);
}

static void a_connection_takes_no_longer_than_it_may(void **state)
{
	struct end *end = open_end();

	(void)state;
	/* Nobody answers there (RFC 5737); where there is no way to it, that is said at once. */
	dial(end, "192.0.2.1:5038", MSEC(50));
	if (end->lost == 0)
		pass_until(end, &end->lost);
	assert_false(end->answered);
	close_end(end);
}

static void what_is_no_manager_interface_is_closed(void **state)
{
	static const char *const wrong[] = { "SSH-2.0\r\n", "Event: A\r\n\0\r\n\r\n" };
	struct end *end = open_end();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		open_line(end);
		assert_int_equal(write(end->manager->fd, wrong[i], i == 0 ? 9 : 15),
		                 i == 0 ? 9 : 15);
		pass_until(end, &end->lost);
		assert_non_null(strstr(end->why, "garbage"));
		assert_true(end->answered);
		manager_hang_up(end->manager);
	}
	close_end(end);
}

static void an_end_is_told_once_and_what_is_closed_is_silent(void **state)
{
	struct end *end = open_end();

	(void)state;
	open_line(end);
	manager_hang_up(end->manager);
	pass_until(end, &end->lost);
	assert_string_equal(end->why, "the connection was closed");
	assert_true(end->answered);
	manager_pass(end->manager, MSEC(20));
	assert_int_equal(end->lost, 1);

	open_line(end);
	ami_line_close(end->line);
	ami_line_say(end->line, TEXT("Action: Ping\r\n\r\n"));
	manager_pass(end->manager, MSEC(20));
	assert_int_equal(end->lost, 1);
	close_end(end);
}

static void a_new_connection_takes_the_place_of_the_old(void **state)
{
	struct end *end = open_end();
	int old;

	(void)state;
	open_line(end);
	old = end->manager->fd;
	end->manager->fd = -1;
	open_line(end);
	(void)!write(old, "Event: Old\r\n\r\n", 14);
	put(end, "Event: New\r\n\r\n");
	while (end->messages < 1)
		manager_pass(end->manager, 0);
	manager_pass(end->manager, MSEC(20));
	assert_string_equal(end->said, "New;");
	assert_int_equal(end->lost, 0);
	close(old);
	close_end(end);
}

static void certificates_that_cannot_be_read_are_named(void **state)
{
	struct end *end = open_end();
	struct ami_target target = { end->manager->address, true, "/nowhere/ca.pem" };

	(void)state;
	ami_line_open(end->line, &target, SEC(60));
	pass_until(end, &end->lost);
	assert_non_null(strstr(end->why, "TLS: /nowhere/ca.pem: "));
	close_end(end);
}

static void a_peer_without_tls_is_told_nothing(void **state)
{
	struct end *end = open_end();
	struct ami_target target = { end->manager->address, true, "" };

	(void)state;
	ami_line_open(end->line, &target, SEC(60));
	pass_until(end, &end->opened);
	ami_line_say(end->line, TEXT("Action: Login\r\nSecret: s\r\n\r\n"));
	while (end->manager->fd < 0)
		manager_pass(end->manager, 0);
	assert_int_equal(write(end->manager->fd, "Asterisk Call Manager/1\r\n", 25), 25);
	pass_until(end, &end->lost);
	assert_string_equal(end->why, "TLS: the other side speaks something else");
	for (size_t i = 0; i < end->manager->length; i++)
		assert_int_not_equal(strncmp(end->manager->heard + i, "Secret", 6), 0);
	close_end(end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_become_messages_wherever_they_are_cut),
		cmocka_unit_test(what_cannot_be_taken_now_is_shown_again),
		cmocka_unit_test(a_host_may_have_a_name),
		cmocka_unit_test(says_why_nobody_is_there),
		cmocka_unit_test(a_connection_takes_no_longer_than_it_may),
		cmocka_unit_test(what_is_no_manager_interface_is_closed),
		cmocka_unit_test(an_end_is_told_once_and_what_is_closed_is_silent),
		cmocka_unit_test(a_new_connection_takes_the_place_of_the_old),
		cmocka_unit_test(certificates_that_cannot_be_read_are_named),
		cmocka_unit_test(a_peer_without_tls_is_told_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

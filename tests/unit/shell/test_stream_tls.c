#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <event2/event.h>
#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/shell/clock.h"
#include "najimi/shell/stream.h"

/* One end is a stream that speaks TLS, the other the test, as a server with a certificate that
 * only it has signed. */
struct meeting {
	struct event_base *base;
	struct stream *stream;
	SSL_CTX *client, *server;
	X509 *certificate;
	SSL *ssl, *peer;
	int fd;
	size_t length;
	char seen[4096];
	unsigned ended, closed;
	const char *reason;
	long verdict;
};

static size_t on_readable(const char *data, size_t length, void *arg)
{
	struct meeting *meeting = arg;

	assert_true(meeting->length + length <= sizeof(meeting->seen));
	memcpy(meeting->seen + meeting->length, data, length);
	meeting->length += length;
	return length;
}

static void on_ended(void *arg)
{
	((struct meeting *)arg)->ended++;
}

static void on_drained(void *arg)
{
	(void)arg;
}

static void on_closed(const char *reason, void *arg)
{
	struct meeting *meeting = arg;

	meeting->closed++;
	meeting->reason = reason;
	meeting->verdict = SSL_get_verify_result(meeting->ssl);
	meeting->stream = NULL;
}

static X509 *sign(EVP_PKEY *key)
{
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);
	X509_EXTENSION *hosts =
	        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:pbx.example");

	X509_set_version(certificate, 2);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"pbx.example",
	                           -1, -1, 0);
	X509_set_issuer_name(certificate, name);
	X509_add_ext(certificate, hosts, -1);
	X509_EXTENSION_free(hosts);
	assert_int_not_equal(X509_sign(certificate, key, EVP_sha256()), 0);
	return certificate;
}

static int build(void **state)
{
	struct meeting *meeting = calloc(1, sizeof(*meeting));
	EVP_PKEY *key = EVP_EC_gen("P-256");

	signal(SIGPIPE, SIG_IGN);
	meeting->base = event_base_new();
	meeting->client = SSL_CTX_new(TLS_client_method());
	meeting->server = SSL_CTX_new(TLS_server_method());
	meeting->certificate = sign(key);
	SSL_CTX_set_verify(meeting->client, SSL_VERIFY_PEER, NULL);
	SSL_CTX_use_certificate(meeting->server, meeting->certificate);
	SSL_CTX_use_PrivateKey(meeting->server, key);
	EVP_PKEY_free(key);
	*state = meeting;
	return 0;
}

static int tear_down(void **state)
{
	struct meeting *meeting = *state;

	stream_free(meeting->stream);
	SSL_free(meeting->peer);
	close(meeting->fd);
	X509_free(meeting->certificate);
	SSL_CTX_free(meeting->client);
	SSL_CTX_free(meeting->server);
	event_base_free(meeting->base);
	free(meeting);
	return 0;
}

static void connect_to(struct meeting *meeting, const char *host)
{
	struct stream_limits limits = {
		.input_max = 1024, .output_soft = 4096, .output_max = 16384, .stall_max = SEC(10)
	};
	struct stream_hooks hooks = { .readable = on_readable,
		                      .ended = on_ended,
		                      .drained = on_drained,
		                      .closed = on_closed,
		                      .arg = meeting };
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	fcntl(fds[0], F_SETFL, O_NONBLOCK);
	fcntl(fds[1], F_SETFL, O_NONBLOCK);
	meeting->fd = fds[1];
	meeting->ssl = SSL_new(meeting->client);
	assert_int_equal(SSL_set1_host(meeting->ssl, host), 1);
	meeting->peer = SSL_new(meeting->server);
	SSL_set_fd(meeting->peer, fds[1]);
	SSL_set_accept_state(meeting->peer);
	meeting->stream = stream_new_tls(meeting->base, fds[0], meeting->ssl, &limits, &hooks);
	assert_non_null(meeting->stream);
}

static void trust(struct meeting *meeting)
{
	X509_STORE_add_cert(SSL_CTX_get_cert_store(meeting->client), meeting->certificate);
}

/* What the peer reads meanwhile; it writes `text` when it can. */
static size_t pass(struct meeting *meeting, usec_t span, const char *text, char *ret, size_t size)
{
	usec_t end = clock_monotonic() + span;
	size_t read = 0, wrote = text == NULL, got;

	do {
		event_base_loop(meeting->base, EVLOOP_NONBLOCK);
		if (SSL_do_handshake(meeting->peer) == 1) {
			if (wrote == 0)
				(void)SSL_write_ex(meeting->peer, text, strlen(text), &wrote);
			if (SSL_read_ex(meeting->peer, ret + read, size - read, &got) == 1)
				read += got;
		}
		usleep(200);
	} while (clock_monotonic() < end && (read == 0 || wrote == 0 || meeting->length == 0));
	return read;
}

static void says_what_was_written_before_they_met(void **state)
{
	struct meeting *meeting = *state;
	char seen[64];
	size_t read;

	trust(meeting);
	connect_to(meeting, "pbx.example");
	stream_write(meeting->stream, TEXT("Action: Login\r\n\r\n"));
	read = pass(meeting, SEC(60), "hello", seen, sizeof(seen));
	assert_true(text_is((struct text){ seen, read }, "Action: Login\r\n\r\n"));
	assert_true(text_is((struct text){ meeting->seen, meeting->length }, "hello"));
	assert_int_equal(meeting->closed, 0);

	SSL_shutdown(meeting->peer);
	for (usec_t end = clock_monotonic() + SEC(60);
	     meeting->ended == 0 && clock_monotonic() < end;)
		event_base_loop(meeting->base, EVLOOP_NONBLOCK);
	assert_int_equal(meeting->ended, 1);
}

static void a_peer_that_just_closes_has_ended(void **state)
{
	struct meeting *meeting = *state;
	char seen[64];

	trust(meeting);
	connect_to(meeting, "pbx.example");
	stream_write(meeting->stream, TEXT("x"));
	pass(meeting, SEC(60), "hello", seen, sizeof(seen));
	shutdown(meeting->fd, SHUT_RDWR);
	pass(meeting, MSEC(100), NULL, seen, sizeof(seen));
	assert_int_equal(meeting->ended, 1);
}

static void expect_refused(struct meeting *meeting, long verdict)
{
	char seen[64];

	stream_write(meeting->stream, TEXT("secret"));
	for (usec_t end = clock_monotonic() + SEC(60);
	     meeting->closed == 0 && clock_monotonic() < end;)
		assert_int_equal(pass(meeting, 0, NULL, seen, sizeof(seen)), 0);
	assert_int_equal(meeting->closed, 1);
	assert_string_equal(meeting->reason, "tls");
	assert_int_equal(meeting->verdict, verdict);
}

static void tells_nothing_to_one_whom_nobody_vouches_for(void **state)
{
	connect_to(*state, "pbx.example");
	expect_refused(*state, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT);
}

static void tells_nothing_to_somebody_else(void **state)
{
	trust(*state);
	connect_to(*state, "other.example");
	expect_refused(*state, X509_V_ERR_HOSTNAME_MISMATCH);
}

static void a_peer_that_speaks_something_else_is_refused(void **state)
{
	struct meeting *meeting = *state;

	connect_to(meeting, "pbx.example");
	assert_int_equal(write(meeting->fd, "Asterisk Call Manager/1\r\n", 25), 25);
	for (usec_t end = clock_monotonic() + SEC(60);
	     meeting->closed == 0 && clock_monotonic() < end;)
		event_base_loop(meeting->base, EVLOOP_NONBLOCK);
	assert_string_equal(meeting->reason, "tls");
	assert_int_equal(meeting->verdict, X509_V_OK);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, build, tear_down)
		TEST(says_what_was_written_before_they_met),
		TEST(a_peer_that_just_closes_has_ended),
		TEST(tells_nothing_to_one_whom_nobody_vouches_for),
		TEST(tells_nothing_to_somebody_else),
		TEST(a_peer_that_speaks_something_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

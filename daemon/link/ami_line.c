#include "ami_line.h"

#include <errno.h>
#include <event2/event.h>
#include <netdb.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "najimi/base/lists.h"
#include "najimi/shell/resolve.h"
#include "najimi/shell/stream.h"

#define INPUT_MAX ((size_t)256 << 10)
#define OUTPUT_SOFT ((size_t)64 << 10)
#define OUTPUT_MAX ((size_t)512 << 10)
#define STALL_MAX SEC(30)

/* One that was opened. It goes when the loop says so, long after anybody has listened. */
struct wire {
	TAILQ_ENTRY(wire) entry;
	struct ami_line *line;
	struct stream *stream;
	SSL *ssl; /* the stream's, NULL without TLS */
	struct ami_reader reader;
	bool held;
};
TAILQ_HEAD(wire_list, wire);

struct ami_line {
	struct event_base *base;
	struct ami_line_hooks hooks;
	struct resolver *resolver;
	struct event *connecting; /* the socket that is being connected */
	int fd;                   /* likewise, -1 none */
	struct wire *wire;        /* the one that is listened to, NULL none */
	struct wire_list wires;
	char host[256];
	char port[8];
	bool tls;
	char *ca_file;
	usec_t connect_max;
};

static void lose(struct ami_line *line, const char *why, bool answered)
{
	char copy[200];

	snprintf(copy, sizeof(copy), "%s", why);
	ami_line_close(line);
	line->hooks.lost(copy, answered, line->hooks.arg);
}

/* --- messages --- */

static void complain(struct ami_line *line, const char *reason)
{
	char why[120];

	snprintf(why, sizeof(why), "%s: %s",
	         strcmp(reason, "garbage") == 0 ? "this is no manager interface"
	                                        : "a message beyond our limits",
	         reason);
	lose(line, why, true);
}

static size_t on_readable(const char *data, size_t length, void *arg)
{
	struct wire *wire = arg;
	struct ami_message message;
	size_t used = 0, step;

	while (wire->line->wire == wire && !wire->held) {
		struct ami_line *line = wire->line;
		struct ami_reader before = wire->reader;

		switch (ami_next(&wire->reader, data + used, length - used, &message, &step)) {
		case AMI_BANNER:
			line->hooks.greeted(message.bytes, line->hooks.arg);
			break;
		case AMI_MESSAGE:
			if (!line->hooks.message(&message, line->hooks.arg)) {
				wire->reader = before;
				wire->held = true;
				stream_hold(wire->stream);
				return used;
			}
			break;
		case AMI_SHORT:
			return used + step;
		case AMI_WRONG:
			complain(line, wire->reader.reason);
			return length;
		}
		used += step;
	}
	return used;
}

static void on_ended(void *arg)
{
	struct wire *wire = arg;

	if (wire->line->wire == wire)
		lose(wire->line, "the connection was closed", true);
}

static void on_drained(void *arg)
{
	(void)arg;
}

static void say_why(const struct wire *wire, const char *reason, char *ret, size_t size)
{
	long verdict = wire->ssl == NULL ? X509_V_OK : SSL_get_verify_result(wire->ssl);

	if (strcmp(reason, "tls") == 0)
		snprintf(ret, size, "TLS: %s",
		         verdict == X509_V_OK ? "the other side speaks something else"
		                              : X509_verify_cert_error_string(verdict));
	else
		snprintf(ret, size, "the connection was lost: %s", reason);
}

static void on_closed(const char *reason, void *arg)
{
	struct wire *wire = arg;
	struct ami_line *line = wire->line;
	bool listened = line->wire == wire;
	char why[160];

	say_why(wire, reason, why, sizeof(why));
	TAILQ_REMOVE(&line->wires, wire, entry);
	if (listened)
		line->wire = NULL;
	free(wire);
	if (listened)
		lose(line, why, true);
}

/* --- TLS --- */

static SSL_CTX *make_context(const struct ami_line *line)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	bool good = context != NULL && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;

	if (good && line->ca_file[0] != '\0')
		good = SSL_CTX_load_verify_locations(context, line->ca_file, NULL) == 1;
	else if (good)
		good = SSL_CTX_set_default_verify_paths(context) == 1;
	if (!good) {
		SSL_CTX_free(context);
		return NULL;
	}
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	return context;
}

/* Whom we want to meet: a name, which is told as well so that the right certificate is shown, or
 * an address. */
static bool name_peer(SSL *ssl, char *host)
{
	X509_VERIFY_PARAM *wish = SSL_get0_param(ssl);

	if (resolver_is_address(host))
		return X509_VERIFY_PARAM_set1_ip_asc(wish, host) == 1;
	return SSL_set1_host(ssl, host) == 1 && SSL_set_tlsext_host_name(ssl, host) == 1;
}

static SSL *make_ssl(struct ami_line *line, char *ret_why, size_t size)
{
	SSL_CTX *context;
	SSL *ssl;

	ERR_clear_error();
	context = make_context(line);
	ssl = context == NULL ? NULL : SSL_new(context);
	if (ssl != NULL && !name_peer(ssl, line->host)) {
		SSL_free(ssl);
		ssl = NULL;
	}
	if (ssl == NULL) {
		const char *reason = ERR_reason_error_string(ERR_peek_last_error());

		snprintf(ret_why, size, "TLS: %s: %s",
		         line->ca_file[0] == '\0' ? "the system's certificates" : line->ca_file,
		         reason == NULL ? "cannot be used" : reason);
	}
	SSL_CTX_free(context); /* the connection has its own share of it */
	ERR_clear_error();
	return ssl;
}

/* --- opening --- */

static struct wire *make_wire(struct ami_line *line, int fd, SSL *ssl)
{
	static const struct stream_limits limits = { .input_max = INPUT_MAX,
		                                     .output_soft = OUTPUT_SOFT,
		                                     .output_max = OUTPUT_MAX,
		                                     .stall_max = STALL_MAX };
	struct wire *wire = calloc(1, sizeof(*wire));
	struct stream_hooks hooks = { .readable = on_readable,
		                      .ended = on_ended,
		                      .drained = on_drained,
		                      .closed = on_closed,
		                      .arg = wire };

	if (wire == NULL) {
		close(fd);
		SSL_free(ssl);
		return NULL;
	}
	wire->line = line;
	wire->ssl = ssl;
	ami_reader_init(&wire->reader);
	wire->stream = ssl == NULL ? stream_new(line->base, fd, &limits, &hooks)
	                           : stream_new_tls(line->base, fd, ssl, &limits, &hooks);
	if (wire->stream == NULL) {
		free(wire);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&line->wires, wire, entry);
	return wire;
}

static void open_wire(struct ami_line *line, int fd)
{
	char why[200];
	SSL *ssl = NULL;

	if (line->tls) {
		ssl = make_ssl(line, why, sizeof(why));
		if (ssl == NULL) {
			close(fd);
			lose(line, why, true);
			return;
		}
	}
	line->wire = make_wire(line, fd, ssl);
	if (line->wire == NULL)
		lose(line, "out of memory", true);
	else
		line->hooks.opened(line->hooks.arg);
}

static void on_connected(evutil_socket_t fd, short what, void *arg)
{
	struct ami_line *line = arg;
	int code = what & EV_TIMEOUT ? ETIMEDOUT : 0;
	socklen_t size = sizeof(code);

	if (code == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size) < 0)
		code = errno;
	if (code != 0) {
		lose(line, strerror(code), false);
		return;
	}
	event_free(line->connecting);
	line->connecting = NULL;
	line->fd = -1;
	open_wire(line, fd);
}

static bool start_connecting(struct ami_line *line, const struct addrinfo *found)
{
	usec_t max = line->connect_max;
	struct timeval tv = { .tv_sec = (time_t)(max / SEC(1)),
		              .tv_usec = (suseconds_t)(max % SEC(1)) };

	line->fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (line->fd < 0 ||
	    (connect(line->fd, found->ai_addr, found->ai_addrlen) < 0 && errno != EINPROGRESS))
		return false;
	line->connecting = event_new(line->base, line->fd, EV_WRITE, on_connected, line);
	if (line->connecting == NULL)
		errno = ENOMEM;
	return line->connecting != NULL && event_add(line->connecting, &tv) == 0;
}

static void on_address(const char *address, const char *why, void *arg)
{
	static const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		                               .ai_family = AF_UNSPEC,
		                               .ai_socktype = SOCK_STREAM };
	struct ami_line *line = arg;
	struct addrinfo *found = NULL;
	int code;

	if (address == NULL) {
		lose(line, why, false);
		return;
	}
	code = getaddrinfo(address, line->port, &hints, &found); /* numbers: asks nobody */
	if (code != 0)
		lose(line, gai_strerror(code), false);
	else if (!start_connecting(line, found))
		lose(line, strerror(errno), false);
	if (found != NULL)
		freeaddrinfo(found);
}

/* "HOST:PORT", "[::1]:PORT": the options have checked it. */
static bool cut_address(struct ami_line *line, const char *address)
{
	const char *colon = strrchr(address, ':');
	size_t length = colon == NULL ? 0 : (size_t)(colon - address);

	if (length >= 2 && address[0] == '[' && colon[-1] == ']') {
		address++;
		length -= 2;
	}
	if (length == 0 || length >= sizeof(line->host) || strlen(colon + 1) >= sizeof(line->port))
		return false;
	memcpy(line->host, address, length);
	line->host[length] = '\0';
	snprintf(line->port, sizeof(line->port), "%s", colon + 1);
	return true;
}

void ami_line_open(struct ami_line *line, const struct ami_target *target, usec_t connect_max)
{
	char *ca_file = strdup(target->ca_file);

	ami_line_close(line);
	free(line->ca_file);
	line->ca_file = ca_file;
	line->tls = target->tls;
	line->connect_max = connect_max;
	if (ca_file == NULL)
		lose(line, "out of memory", false);
	else if (!cut_address(line, target->address))
		lose(line, "the address is not HOST:PORT", false);
	else if (resolver_is_address(line->host))
		on_address(line->host, NULL, line);
	else if (!resolver_ask(line->resolver, line->host))
		lose(line, "out of memory", false);
}

void ami_line_close(struct ami_line *line)
{
	struct wire *wire = line->wire;

	resolver_forget(line->resolver);
	if (line->connecting != NULL)
		event_free(line->connecting);
	if (line->fd >= 0)
		close(line->fd);
	line->connecting = NULL;
	line->fd = -1;
	line->wire = NULL;
	if (wire != NULL)
		stream_close(wire->stream, "left");
}

void ami_line_say(struct ami_line *line, struct text action)
{
	if (line->wire != NULL)
		stream_write(line->wire->stream, action);
}

void ami_line_resume(struct ami_line *line)
{
	if (line->wire == NULL || !line->wire->held)
		return;
	line->wire->held = false;
	stream_resume(line->wire->stream);
}

struct ami_line *ami_line_new(struct event_base *base, const struct ami_line_hooks *hooks)
{
	struct ami_line *line = calloc(1, sizeof(*line));

	if (line == NULL)
		return NULL;
	line->base = base;
	line->hooks = *hooks;
	line->fd = -1;
	TAILQ_INIT(&line->wires);
	line->resolver = resolver_new(base, on_address, line);
	return line->resolver == NULL ? ami_line_free(line) : line;
}

struct ami_line *ami_line_free(struct ami_line *line)
{
	struct wire *wire;

	if (line == NULL)
		return NULL;
	if (line->resolver != NULL)
		ami_line_close(line);
	while ((wire = TAILQ_FIRST(&line->wires)) != NULL) {
		TAILQ_REMOVE(&line->wires, wire, entry);
		stream_free(wire->stream);
		free(wire);
	}
	resolver_free(line->resolver);
	free(line->ca_file);
	free(line);
	return NULL;
}

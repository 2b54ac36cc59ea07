#include "najimi/shell/resolve.h"

#include <arpa/inet.h>
#include <event2/dns.h>
#include <event2/event.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

struct resolver {
	struct event_base *base;
	struct evdns_base *dns; /* made with the first question: reads resolv.conf and hosts */
	struct evdns_getaddrinfo_request *open;
	bool asking; /* an answer now would come from inside the question */
	struct event *later;
	char address[INET6_ADDRSTRLEN];
	char why[128];
	resolver_fn *fn;
	void *arg;
};

bool resolver_is_address(const char *host)
{
	struct in6_addr bytes;

	return inet_pton(AF_INET, host, &bytes) == 1 || inet_pton(AF_INET6, host, &bytes) == 1;
}

static void answer(struct resolver *resolver)
{
	resolver->fn(*resolver->address == '\0' ? NULL : resolver->address, resolver->why,
	             resolver->arg);
}

static void on_later(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	answer(arg);
}

/* The first of the old kind, or else the first: a server listens there more often. */
static void read_address(struct resolver *resolver, const struct evutil_addrinfo *found)
{
	const struct evutil_addrinfo *other = found;
	const void *bytes;

	while (other != NULL && other->ai_family != AF_INET)
		other = other->ai_next;
	if (other != NULL)
		found = other;
	if (found->ai_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)(const void *)found->ai_addr)->sin6_addr;
	else
		bytes = &((const struct sockaddr_in *)(const void *)found->ai_addr)->sin_addr;
	inet_ntop(found->ai_family, bytes, resolver->address, sizeof(resolver->address));
}

static void on_found(int code, struct evutil_addrinfo *found, void *arg)
{
	struct resolver *resolver = arg;

	if (code == EVUTIL_EAI_CANCEL)
		return;
	resolver->open = NULL;
	resolver->address[0] = '\0';
	evutil_snprintf(resolver->why, sizeof(resolver->why), "%s", evutil_gai_strerror(code));
	if (code == 0)
		read_address(resolver, found);
	if (found != NULL)
		evutil_freeaddrinfo(found);
	if (resolver->asking)
		event_active(resolver->later, EV_TIMEOUT, 0);
	else
		answer(resolver);
}

struct resolver *resolver_new(struct event_base *base, resolver_fn *fn, void *arg)
{
	struct resolver *resolver = calloc(1, sizeof(*resolver));

	if (resolver == NULL)
		return NULL;
	resolver->base = base;
	resolver->fn = fn;
	resolver->arg = arg;
	resolver->later = event_new(base, -1, 0, on_later, resolver);
	return resolver->later == NULL ? resolver_free(resolver) : resolver;
}

struct resolver *resolver_free(struct resolver *resolver)
{
	if (resolver == NULL)
		return NULL;
	resolver_forget(resolver);
	if (resolver->dns != NULL)
		evdns_base_free(resolver->dns, 0);
	if (resolver->later != NULL)
		event_free(resolver->later);
	free(resolver);
	return NULL;
}

bool resolver_ask(struct resolver *resolver, const char *host)
{
	const struct evutil_addrinfo hints = { .ai_family = AF_UNSPEC,
		                               .ai_socktype = SOCK_STREAM,
		                               .ai_flags = EVUTIL_AI_ADDRCONFIG };

	resolver_forget(resolver);
	if (resolver->dns == NULL)
		resolver->dns =
		        evdns_base_new(resolver->base, EVDNS_BASE_INITIALIZE_NAMESERVERS |
		                                               EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (resolver->dns == NULL) {
		/* No name server is configured: there is still a file. */
		resolver->dns = evdns_base_new(resolver->base, 0);
		if (resolver->dns == NULL)
			return false;
		evdns_base_load_hosts(resolver->dns, "/etc/hosts");
	}
	resolver->asking = true;
	resolver->open = evdns_getaddrinfo(resolver->dns, host, NULL, &hints, on_found, resolver);
	resolver->asking = false;
	return true;
}

void resolver_forget(struct resolver *resolver)
{
	if (resolver->open != NULL)
		evdns_getaddrinfo_cancel(resolver->open);
	resolver->open = NULL;
	event_del(resolver->later);
}

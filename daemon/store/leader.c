#include "leader.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>

#include "najimi/base/number.h"

#define AGI TEXT("agi://")

struct text leader_print(const struct whereabouts *own, char ret[LEADER_SIZE])
{
	int length = snprintf(ret, LEADER_SIZE, "%s%s%s%s", own->rpc,
	                      own->rpc[0] == '\0' || own->agi[0] == '\0' ? "" : " ",
	                      own->agi[0] == '\0' ? "" : AGI.start, own->agi);

	return (struct text){ ret, (size_t)length };
}

/* --- reading --- */

enum nearness {
	NEAR_NONE, /* no host, or every address */
	NEAR_HERE, /* this machine's own, on whichever machine one asks */
	NEAR_ANY
};

static enum nearness judge_v6(const char *host)
{
	struct in6_addr address;

	if (inet_pton(AF_INET6, host, &address) != 1 || IN6_IS_ADDR_UNSPECIFIED(&address))
		return NEAR_NONE;
	return IN6_IS_ADDR_LOOPBACK(&address) ? NEAR_HERE : NEAR_ANY;
}

static enum nearness judge_name(const char *host)
{
	struct in_addr address;

	if (inet_pton(AF_INET, host, &address) == 1) {
		if (address.s_addr == htonl(INADDR_ANY))
			return NEAR_NONE;
		return ntohl(address.s_addr) >> 24 == IN_LOOPBACKNET ? NEAR_HERE : NEAR_ANY;
	}
	for (const char *at = host; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("-._", *at) == NULL)
			return NEAR_NONE;
	return strcmp(host, "localhost") == 0 ? NEAR_HERE : NEAR_ANY;
}

static enum nearness judge(struct text word)
{
	char text[WHERE_BYTES_MAX + 1], *colon;
	int64_t port;

	if (word.length >= sizeof(text))
		return NEAR_NONE;
	memcpy(text, word.start, word.length);
	text[word.length] = '\0';
	colon = strrchr(text, ':');
	if (colon == NULL || colon == text || number_parse(colon + 1, &port) < 0 || port < 1 ||
	    port > UINT16_MAX)
		return NEAR_NONE;
	*colon = '\0';
	if (text[0] != '[')
		return judge_name(text);
	if (colon[-1] != ']')
		return NEAR_NONE;
	colon[-1] = '\0';
	return judge_v6(text + 1);
}

static bool same_machine(const char *holder, const char *ours)
{
	size_t length = strcspn(holder, ":");

	return length == strcspn(ours, ":") && memcmp(holder, ours, length) == 0;
}

static void take(struct text word, bool near, char ret[WHERE_BYTES_MAX + 1])
{
	enum nearness nearness = judge(word);

	if (nearness != NEAR_ANY && !(nearness == NEAR_HERE && near))
		return;
	memcpy(ret, word.start, word.length);
	ret[word.length] = '\0';
}

/* Words of a kind that is not known are a newer daemon's. */
void leader_read(const char *address, const char *holder, const char *ours, struct whereabouts *ret)
{
	bool near = same_machine(holder, ours);

	memset(ret, 0, sizeof(*ret));
	while (*address != '\0') {
		struct text word = { address, strcspn(address, " ") };

		address += word.length;
		address += strspn(address, " ");
		if (word.length > AGI.length && memcmp(word.start, AGI.start, AGI.length) == 0)
			take((struct text){ word.start + AGI.length, word.length - AGI.length },
			     near, ret->agi);
		else
			take(word, near, ret->rpc);
	}
}

#include "keys.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static char *name_key(const struct keys *keys, const char *name)
{
	size_t base = strlen(keys->base), length = strlen(name);
	char *key = malloc(base + length + 1);

	if (key == NULL)
		return NULL;
	memcpy(key, keys->base, base);
	memcpy(key + base, name, length + 1);
	return key;
}

int keys_init(struct keys *keys, const char *prefix, const char *site, struct err *err)
{
	int length;

	*keys = (struct keys){ 0 };
	length = snprintf(keys->base, sizeof(keys->base), "%s:{%s}:", prefix, site);
	if (length < 0 || (size_t)length >= sizeof(keys->base))
		return err_set(err, -ENAMETOOLONG,
		               "redis.prefix and site are longer than %d bytes together",
		               KEYS_BASE_MAX);
	keys->lease = name_key(keys, "lease");
	keys->config = name_key(keys, "config");
	keys->calls = name_key(keys, "calls");
	keys->agents = name_key(keys, "agents");
	keys->contacts = name_key(keys, "contacts");
	keys->quarantine = name_key(keys, "quarantine");
	keys->totals = name_key(keys, "totals");
	keys->days = name_key(keys, "day:");
	keys->news = name_key(keys, "maturing:news");
	keys->matured = name_key(keys, "matured");
	keys->matured_groups = name_key(keys, "matured:group");
	keys->answered = name_key(keys, "answered");
	keys->learned = name_key(keys, "learned");
	keys->histories = name_key(keys, "history:");
	keys->surveys = name_key(keys, "survey:");
	keys->callers = name_key(keys, "caller:");
	keys->aliases = name_key(keys, "alias:");
	if (keys->histories == NULL || keys->lease == NULL || keys->config == NULL ||
	    keys->calls == NULL || keys->agents == NULL || keys->contacts == NULL ||
	    keys->quarantine == NULL || keys->totals == NULL || keys->days == NULL ||
	    keys->learned == NULL || keys->news == NULL || keys->matured == NULL ||
	    keys->matured_groups == NULL || keys->answered == NULL || keys->callers == NULL ||
	    keys->surveys == NULL || keys->aliases == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	return 0;
}

void keys_done(struct keys *keys)
{
	free(keys->lease);
	free(keys->config);
	free(keys->calls);
	free(keys->agents);
	free(keys->contacts);
	free(keys->quarantine);
	free(keys->totals);
	free(keys->days);
	free(keys->news);
	free(keys->matured);
	free(keys->matured_groups);
	free(keys->answered);
	free(keys->learned);
	free(keys->histories);
	free(keys->surveys);
	free(keys->callers);
	free(keys->aliases);
	*keys = (struct keys){ 0 };
}

static struct text join(const char *first, struct text second, char buffer[KEY_SIZE])
{
	size_t length = strlen(first);

	if (second.start == NULL || length + second.length >= KEY_SIZE)
		return (struct text){ "", 0 };
	memcpy(buffer, first, length);
	memcpy(buffer + length, second.start, second.length);
	buffer[length + second.length] = '\0';
	return (struct text){ buffer, length + second.length };
}

struct text keys_caller(const struct keys *keys, const char *key, char buffer[KEY_SIZE])
{
	return join(keys->callers, text_of(key), buffer);
}

struct text keys_number(const char *key)
{
	if (strncmp(key, "tel:", 4) != 0)
		return (struct text){ NULL, 0 };
	return text_of(key + 4);
}

struct text keys_alias(const struct keys *keys, struct text number, char buffer[KEY_SIZE])
{
	return join(keys->aliases, number, buffer);
}

struct text keys_history(const struct keys *keys, const char *key, char buffer[KEY_SIZE])
{
	return join(keys->histories, text_of(key), buffer);
}

struct text keys_agents_history(const struct keys *keys, const char *agent, const char *day,
                                char buffer[KEY_SIZE])
{
	char rest[192];

	snprintf(rest, sizeof(rest), "agent:%s:%.10s", agent, day);
	return join(keys->histories, text_of(rest), buffer);
}

struct text keys_survey(const struct keys *keys, struct text contact, char buffer[KEY_SIZE])
{
	return join(keys->surveys, contact, buffer);
}

struct text keys_day(const struct keys *keys, const char *day, char buffer[KEY_SIZE])
{
	return join(keys->days, text_of(day), buffer);
}

struct text keys_fcr(const struct keys *keys, const char *day, const char *by,
                     char buffer[KEY_SIZE])
{
	char rest[64];

	snprintf(rest, sizeof(rest), "%s:fcr:%s", day, by);
	return join(keys->days, text_of(rest), buffer);
}

struct text keys_aside(const char *key, uint64_t epoch, uint64_t round, char buffer[KEY_SIZE])
{
	char suffix[48];
	int length = snprintf(suffix, sizeof(suffix), ":%" PRIu64 ".%" PRIu64, epoch, round);

	return join(key, (struct text){ suffix, (size_t)length }, buffer);
}

struct text keys_call_field(const char *client, const char *name, char buffer[FIELD_SIZE])
{
	size_t length = strlen(name);

	/* Names are at most 128 bytes, so both fit, escaped or not. */
	if (length >= FIELD_SIZE / 2)
		length = FIELD_SIZE / 2;
	memcpy(buffer, name, length);
	buffer[length++] = '@';
	for (; *client != '\0' && length < FIELD_SIZE - 4; client++) {
		if (*client == '@' || *client == '%') {
			memcpy(buffer + length, *client == '@' ? "%40" : "%25", 3);
			length += 3;
		} else {
			buffer[length++] = *client;
		}
	}
	buffer[length] = '\0';
	return (struct text){ buffer, length };
}

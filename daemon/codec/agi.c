#include "najimi/codec/agi.h"

#include <assert.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* --- lines --- */

enum agi_result agi_line_next(struct agi_lines *lines, const char *data, size_t length,
                              struct text *ret, size_t *ret_used)
{
	size_t most = length < AGI_LINE_MAX ? length : AGI_LINE_MAX, found;
	const char *end = NULL;

	assert(lines->scanned <= length);

	*ret_used = 0;
	if (lines->scanned < most)
		end = memchr(data + lines->scanned, '\n', most - lines->scanned);
	if (end == NULL) {
		lines->scanned = most;
		if (most < AGI_LINE_MAX)
			return AGI_SHORT;
		lines->reason = "line_too_long";
		return AGI_WRONG;
	}
	found = (size_t)(end - data);
	lines->scanned = 0;
	*ret_used = found + 1;
	if (found > 0 && data[found - 1] == '\r')
		found--;
	*ret = (struct text){ data, found };
	return AGI_READY;
}

/* --- the environment --- */

static const char *const field_names[AGI_FIELDS] = {
	[AGI_SCRIPT] = "network_script",
	[AGI_CHANNEL] = "channel",
	[AGI_UNIQUEID] = "uniqueid",
	[AGI_CALLERID] = "callerid",
	[AGI_CALLERIDNAME] = "calleridname",
	[AGI_CALLINGPRES] = "callingpres",
	[AGI_DNID] = "dnid",
	[AGI_CONTEXT] = "context",
	[AGI_EXTENSION] = "extension",
	[AGI_LANGUAGE] = "language",
	[AGI_VERSION] = "version",
};

static const char prefix[] = "agi_", arg_prefix[] = "arg_";
#define PREFIX (sizeof(prefix) - 1)
#define ARG_PREFIX (sizeof(arg_prefix) - 1)

/* Every value that was not said is this one, and none that was. */
static const char unsaid[] = "";

void agi_env_init(struct agi_env *env)
{
	for (size_t i = 0; i < AGI_FIELDS; i++)
		env->fields[i] = unsaid;
	env->args_count = env->lines = env->bytes = env->used = env->odd = 0;
	env->last = NULL;
	env->reason = NULL;
}

static enum agi_result refuse(struct agi_env *env, const char *reason)
{
	env->reason = reason;
	return AGI_WRONG;
}

/* What else knocks on an open port. */
static const char *const methods[] = { "GET ",    "POST ",    "HEAD ",  "PUT ",
	                               "DELETE ", "OPTIONS ", "TRACE ", "CONNECT " };

static const char *guess(struct text bytes)
{
	if (bytes.length > 0 && bytes.start[0] == '\x16')
		return "tls_on_plain";
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		size_t length = strlen(methods[i]);

		if (bytes.length >= length && memcmp(bytes.start, methods[i], length) == 0)
			return "http";
	}
	return "garbage";
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
}

/* Number and name are what somebody outside says, and Asterisk 22 hands it on as it came, line
 * feeds and all: from there on a line may be of the caller's making. What Asterisk itself says
 * was said before, or is said behind it. */
static bool tells_of_caller(const struct agi_env *env)
{
	return env->fields[AGI_CALLERID] != unsaid || env->fields[AGI_CALLERIDNAME] != unsaid;
}

/* This is what Asterisk always says behind the two. */
static bool in_callers_words(const struct agi_env *env)
{
	return tells_of_caller(env) && env->fields[AGI_CALLINGPRES] == unsaid;
}

enum agi_result agi_env_expect(struct agi_env *env, struct text bytes)
{
	size_t known = bytes.length < PREFIX ? bytes.length : PREFIX;

	if (memcmp(bytes.start, prefix, known) == 0 || tells_of_caller(env))
		return AGI_SHORT;
	/* It could still become the word that tells what it is. */
	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (bytes.length < strlen(methods[i]) &&
		    memcmp(bytes.start, methods[i], bytes.length) == 0)
			return AGI_SHORT;
	}
	return refuse(env, guess(bytes));
}

/* Never longer than what came: one question mark for each byte that cannot stay. */
static const char *keep(struct agi_env *env, struct text value)
{
	char *kept = env->store + env->used, *out = kept;

	assert(value.length < sizeof(env->store) - env->used);
	while (value.length > 0) {
		uint32_t point = 0;
		size_t length = text_char(value, &point);

		if (length == 0 || point < 0x20 || point == 0x7f) {
			*out++ = '?';
			length = 1;
		} else {
			memcpy(out, value.start, length);
			out += length;
		}
		value.start += length;
		value.length -= length;
	}
	*out++ = '\0';
	env->used += (size_t)(out - kept);
	return kept;
}

/* It goes on in the next line, or somebody wants us to believe so. */
static enum agi_result pass_over(struct agi_env *env, struct text line)
{
	env->odd++;
	if (env->last == NULL)
		return AGI_SHORT;
	env->store[env->used - 1] = '?'; /* where it ended */
	(void)keep(env, line);
	return AGI_SHORT;
}

static enum agi_result refuse_argument(struct agi_env *env, const char *reason)
{
	if (!in_callers_words(env))
		return refuse(env, reason);
	env->odd++;
	return AGI_SHORT;
}

/* Arguments come last and in their order, each once. */
static enum agi_result take_argument(struct agi_env *env, struct text number, struct text value)
{
	size_t n = 0;

	if (number.length == 0 || number.length > 3)
		return refuse_argument(env, "not_agi");
	for (size_t i = 0; i < number.length; i++) {
		if (!is_digit(number.start[i]))
			return refuse_argument(env, "not_agi");
		n = n * 10 + (size_t)(number.start[i] - '0');
	}
	if (n != env->args_count + 1)
		return refuse_argument(env,
		                       n >= 1 && n <= env->args_count ? "said_twice" : "not_agi");
	if (n > AGI_ARGS_MAX)
		return refuse_argument(env, "too_many_arguments");
	env->last = NULL;
	env->args[env->args_count++] = keep(env, value);
	return AGI_SHORT;
}

static enum agi_result take_field(struct agi_env *env, struct text name, struct text value)
{
	if (name.length >= ARG_PREFIX && memcmp(name.start, arg_prefix, ARG_PREFIX) == 0)
		return take_argument(
		        env, (struct text){ name.start + ARG_PREFIX, name.length - ARG_PREFIX },
		        value);
	/* Nothing comes behind the real ones. */
	env->odd += env->args_count;
	env->args_count = 0;
	env->last = NULL;
	for (size_t i = 0; i < AGI_FIELDS; i++) {
		if (!text_is(name, field_names[i]))
			continue;
		if (env->fields[i] == unsaid)
			env->fields[i] = env->last = keep(env, value);
		else if (tells_of_caller(env))
			env->odd++;
		else
			return refuse(env, "said_twice");
		break;
	}
	return AGI_SHORT;
}

enum agi_result agi_env_take(struct agi_env *env, struct text line)
{
	struct text name, value;
	size_t at = PREFIX;

	if (env->lines >= AGI_ENV_LINES_MAX)
		return refuse(env, "too_many_lines");
	/* With the ends of its values, so that they always fit. */
	if (env->bytes + line.length + 1 > AGI_ENV_BYTES_MAX)
		return refuse(env, "too_large");
	env->lines++;
	env->bytes += line.length + 1;
	if (line.length == 0 && !in_callers_words(env))
		return env->lines == 1 ? refuse(env, "garbage") : AGI_READY;
	if (line.length >= PREFIX && memcmp(line.start, prefix, PREFIX) == 0)
		while (at < line.length && is_name(line.start[at]))
			at++;
	else if (env->lines == 1)
		return refuse(env, guess(line));
	if (at == PREFIX || at >= line.length || line.start[at] != ':')
		return tells_of_caller(env) ? pass_over(env, line) : refuse(env, "not_agi");
	name = (struct text){ line.start + PREFIX, at - PREFIX };
	at++;
	if (at < line.length && line.start[at] == ' ')
		at++;
	value = (struct text){ line.start + at, line.length - at };
	return take_field(env, name, value);
}

/* --- path and query of the URL --- */

static int hex_of(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place. What is not an encoded byte that can be shown stays as it is. */
static void decode(char *text)
{
	char *out = text;

	while (*text != '\0') {
		int high = *text == '%' ? hex_of(text[1]) : -1;
		int low = high < 0 ? -1 : hex_of(text[2]);

		if (low >= 0 && high * 16 + low >= 0x20 && high * 16 + low != 0x7f) {
			*out++ = (char)(high * 16 + low);
			text += 3;
		} else {
			*out++ = *text == '+' ? ' ' : *text;
			text++;
		}
	}
	*out = '\0';
}

static bool read_query(struct agi_url *url, char *at)
{
	while (at != NULL && *at != '\0') {
		char *next = strchr(at, '&'), *value;

		if (next != NULL)
			*next++ = '\0';
		value = strchr(at, '=');
		if (value != NULL)
			*value++ = '\0';
		else
			value = at + strlen(at);
		if (*at != '\0') {
			if (url->count == AGI_QUERY_MAX)
				return false;
			decode(at);
			decode(value);
			url->query[url->count].name = at;
			url->query[url->count++].value = value;
		}
		at = next;
	}
	return true;
}

bool agi_url_read(struct agi_url *url, const char *script)
{
	size_t length = strlen(script);
	char *path = url->store, *query;

	url->path = "";
	url->count = 0;
	if (length >= sizeof(url->store))
		return false;
	memcpy(url->store, script, length + 1);
	query = strchr(path, '?');
	if (query != NULL)
		*query++ = '\0';
	while (*path == '/')
		path++;
	for (length = strlen(path); length > 0 && path[length - 1] == '/';)
		path[--length] = '\0';
	url->path = path;
	return read_query(url, query);
}

const char *agi_url_find(const struct agi_url *url, const char *name)
{
	for (size_t i = 0; i < url->count; i++) {
		if (strcmp(url->query[i].name, name) == 0)
			return url->query[i].value;
	}
	return NULL;
}

/* --- replies --- */

/* A number of at most eighteen digits at the beginning; how long it is, 0 for none. */
static size_t read_number(struct text text, int64_t *ret)
{
	bool negative = text.length > 0 && text.start[0] == '-';
	size_t first = negative ? 1 : 0, at = first;
	int64_t value = 0;

	for (; at < text.length && at - first < 18 && is_digit(text.start[at]); at++)
		value = value * 10 + (text.start[at] - '0');
	if (at == first || (at < text.length && is_digit(text.start[at])))
		return 0;
	*ret = negative ? -value : value;
	return at;
}

static struct text rest(struct text text, size_t at)
{
	return (struct text){ text.start + at, text.length - at };
}

static bool starts_with(struct text text, const char *word)
{
	return text.length >= strlen(word) && memcmp(text.start, word, strlen(word)) == 0;
}

/* " (value)": up to the last parenthesis of the line, for the value may have its own. */
static bool read_value(struct text after, struct agi_reply *ret)
{
	size_t end = after.length;

	if (!starts_with(after, " ("))
		return true;
	while (end > 2 && after.start[end - 1] != ')')
		end--;
	if (end <= 2)
		return false; /* it goes on in the next line, or is no reply */
	ret->value = (struct text){ after.start + 2, end - 1 - 2 };
	return true;
}

static void read_endpos(struct text after, struct agi_reply *ret)
{
	static const char word[] = " endpos=";

	for (; after.length > sizeof(word) - 1; after = rest(after, 1)) {
		if (starts_with(after, word)) {
			(void)read_number(rest(after, sizeof(word) - 1), &ret->endpos);
			return;
		}
	}
}

static bool read_success(struct text after, struct agi_reply *ret)
{
	static const char word[] = " result=";
	size_t digits;

	if (!starts_with(after, word))
		return false;
	after = rest(after, sizeof(word) - 1);
	digits = read_number(after, &ret->result);
	ret->has_result = digits > 0 && (digits == after.length || after.start[digits] == ' ');
	if (!ret->has_result)
		ret->result = 0;
	/* What is no number (the digits of GET DATA) is passed over. */
	while (digits < after.length && after.start[digits] != ' ')
		digits++;
	after = rest(after, digits);
	if (!read_value(after, ret))
		return false;
	if (ret->value.start == NULL)
		read_endpos(after, ret);
	return true;
}

/* The usage of a command goes over several lines, up to the one with the code and a blank. */
static enum agi_news take_usage(struct agi_replies *replies, struct text line,
                                struct agi_reply *ret)
{
	if (starts_with(line, "520 ")) {
		replies->usage = 0;
		ret->code = 520;
		return AGI_NEWS_REPLY;
	}
	return ++replies->usage > AGI_USAGE_LINES_MAX ? AGI_NEWS_WRONG : AGI_NEWS_NOTHING;
}

enum agi_news agi_reply_take(struct agi_replies *replies, struct text line, struct agi_reply *ret)
{
	*ret = (struct agi_reply){ .endpos = -1 };
	if (text_is(line, "HANGUP"))
		return AGI_NEWS_HANGUP;
	if (replies->usage > 0)
		return take_usage(replies, line, ret);
	if (line.length < 4)
		return AGI_NEWS_WRONG;
	for (size_t i = 0; i < 3; i++) {
		if (!is_digit(line.start[i]))
			return AGI_NEWS_WRONG;
		ret->code = ret->code * 10 + (line.start[i] - '0');
	}
	if (ret->code == 520 && line.start[3] == '-') {
		replies->usage = 1;
		return AGI_NEWS_NOTHING;
	}
	if (line.start[3] != ' ')
		return AGI_NEWS_WRONG;
	if (ret->code == 200 && !read_success(rest(line, 3), ret))
		return AGI_NEWS_WRONG;
	return AGI_NEWS_REPLY;
}

/* --- commands --- */

static void put(struct agi_command *command, char c)
{
	if (command->length < sizeof(command->bytes) - 1) /* the end always fits */
		command->bytes[command->length++] = c;
	else
		command->cut = true;
}

void agi_command_begin(struct agi_command *command, const char *words)
{
	command->length = 0;
	command->cut = false;
	while (*words != '\0')
		put(command, *words++);
}

void agi_command_add(struct agi_command *command, const char *argument)
{
	put(command, ' ');
	put(command, '"');
	for (; *argument != '\0'; argument++) {
		if (*argument == '"' || *argument == '\\')
			put(command, '\\');
		put(command, (unsigned char)*argument < 0x20 ? ' ' : *argument);
	}
	put(command, '"');
}

struct text agi_command_end(struct agi_command *command)
{
	if (command->cut)
		return (struct text){ command->bytes, 0 };
	command->bytes[command->length++] = '\n';
	return (struct text){ command->bytes, command->length };
}

bool agi_mset_add(char *list, size_t size, const char *name, const char *value)
{
	size_t used = strlen(list), start = used, length = strlen(name);

	assert(used < size);
	/* A comma, the equals sign, the end; each byte of the value with a backslash. */
	if (length + 3 > size - used)
		return false;
	if (used > 0)
		list[used++] = ',';
	memcpy(list + used, name, length);
	used += length;
	list[used++] = '=';
	for (; *value != '\0'; value++) {
		bool special = strchr("\\\",()[]", *value) != NULL;

		if (used + 2 >= size) {
			list[start] = '\0';
			return false;
		}
		if (special)
			list[used++] = '\\';
		list[used++] = *value;
	}
	list[used] = '\0';
	return true;
}

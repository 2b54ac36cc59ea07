#include "ctl_args.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arguments.h"
#include "najimi/base/number.h"
#include "najimi/shell/clock.h"

#define DEFAULT_HOST "127.0.0.1:7070"
#define DEFAULT_CLIENT "najimictl"
#define TIMEOUT_MAX HOUR(1)
#define COUNT_MAX 1000000000

enum option_code {
	OPT_BY = 255,
	OPT_CLIENT = 256,
	OPT_COUNT,
	OPT_DAY,
	OPT_HELP,
	OPT_HOST,
	OPT_JSON,
	OPT_QUEUE,
	OPT_ROLE,
	OPT_STATE,
	OPT_TIMEOUT,
	OPT_TO,
	OPT_TOKEN_FILE,
	OPT_VERSION,
};

static const struct option options[] = {
	{ "after", required_argument, NULL, CONTACTS_AFTER },
	{ "agent", required_argument, NULL, CONTACTS_AGENT },
	{ "agents", required_argument, NULL, WHATIF_AGENTS },
	{ "by", required_argument, NULL, OPT_BY },
	{ "client", required_argument, NULL, OPT_CLIENT },
	{ "config", required_argument, NULL, WHATIF_CONFIG },
	{ "count", required_argument, NULL, OPT_COUNT },
	{ "credit", required_argument, NULL, WHATIF_CREDIT },
	{ "day", no_argument, NULL, OPT_DAY },
	{ "format", required_argument, NULL, CONTACTS_FORMAT },
	{ "from", required_argument, NULL, WHATIF_FROM },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "pii", no_argument, NULL, CONTACTS_PII },
	{ "png", required_argument, NULL, WHATIF_PNG },
	{ "progress", no_argument, NULL, WHATIF_PROGRESS },
	{ "queue", required_argument, NULL, OPT_QUEUE },
	{ "redis-socket", required_argument, NULL, WHATIF_REDIS_SOCKET },
	{ "role", required_argument, NULL, OPT_ROLE },
	{ "since", required_argument, NULL, WHATIF_SINCE },
	{ "state", required_argument, NULL, OPT_STATE },
	{ "svg", required_argument, NULL, WHATIF_SVG },
	{ "timeout", required_argument, NULL, OPT_TIMEOUT },
	{ "to", required_argument, NULL, OPT_TO },
	{ "token-file", required_argument, NULL, OPT_TOKEN_FILE },
	{ "until", required_argument, NULL, CONTACTS_UNTIL },
	{ "value", required_argument, NULL, WHATIF_VALUE },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "wait-idle", required_argument, NULL, WHATIF_WAIT_IDLE },
	{ "wait-skipped", required_argument, NULL, WHATIF_WAIT_SKIPPED },
	{ NULL, 0, NULL, 0 },
};

/* Whose each option is that is not everybody's: where it would do nothing, figures of
 * something else would be taken for those that were asked for. */
static const struct {
	int option;
	const char *commands;
} owners[] = {
	{ CONTACTS_AFTER, " contacts " },
	{ CONTACTS_AGENT, " contacts " },
	{ WHATIF_AGENTS, " whatif " },
	{ OPT_BY, " stats fcr " },
	{ WHATIF_CONFIG, " contacts whatif " },
	{ OPT_COUNT, " contacts watch " },
	{ WHATIF_CREDIT, " whatif " },
	{ OPT_DAY, " agent " },
	{ CONTACTS_FORMAT, " stats fcr contacts " },
	{ WHATIF_FROM, " stats fcr whatif " },
	{ CONTACTS_PII, " contacts " },
	{ WHATIF_PNG, " whatif " },
	{ WHATIF_PROGRESS, " whatif " },
	{ OPT_QUEUE, " agents calls watch contacts whatif " },
	{ WHATIF_REDIS_SOCKET, " contacts whatif " },
	{ WHATIF_SINCE, " contacts whatif " },
	{ OPT_STATE, " agents calls " },
	{ WHATIF_SVG, " whatif " },
	{ OPT_TO, " stats fcr " },
	{ CONTACTS_UNTIL, " contacts " },
	{ WHATIF_VALUE, " whatif " },
	{ WHATIF_WAIT_IDLE, " whatif " },
	{ WHATIF_WAIT_SKIPPED, " whatif " },
};

static const char *from_environment(const char *name, const char *fallback)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? fallback : value;
}

/* The file's first line is the token. */
static int read_token(const char *path, char *ret, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	length = read(fd, ret, CTL_TOKEN_SIZE - 1);
	if (length < 0) {
		int code = errno;

		close(fd);
		return err_set(err, -code, "%s: %s", path, strerror(code));
	}
	close(fd);
	ret[length] = '\0';
	ret[strcspn(ret, "\r\n")] = '\0';
	if (ret[0] == '\0')
		return err_set(err, -EINVAL, "%s: its first line is no token", path);
	return 0;
}

static int read_timeout(const char *text, usec_t *ret, struct err *err)
{
	usec_t value;

	if (number_parse_duration(text, &value) < 0 || value == 0 || value > TIMEOUT_MAX)
		return err_set(err, -EINVAL, "--timeout: '%s' is not between 1us and 1h", text);
	*ret = value;
	return 0;
}

/* What is neither everybody's nor wrong. */
static int take_commands(int code, struct ctl_args *args, usec_t now, struct err *err)
{
	switch (code) {
	case CONTACTS_AFTER:
	case CONTACTS_AGENT:
	case CONTACTS_FORMAT:
	case CONTACTS_PII:
	case CONTACTS_UNTIL:
		return contacts_args_take(&args->contacts, code, optarg, now, err);
	case WHATIF_FROM: /* a file, or a day */
		args->from = optarg;
		return whatif_args_take(&args->whatif, code, optarg, err);
	case WHATIF_SINCE: /* what it means, the command says */
		args->since = optarg;
		return 0;
	default:
		return whatif_args_take(&args->whatif, code, optarg, err);
	}
}

struct taking {
	struct ctl_args *args;
	usec_t now;
	bool given[ARRAY_LEN(owners)];
};

static void note_given(struct taking *taking, int code)
{
	for (size_t i = 0; i < ARRAY_LEN(owners); i++)
		taking->given[i] = taking->given[i] || owners[i].option == code;
}

static const char *name_of(int code)
{
	const struct option *option = options;

	while (option->name != NULL && option->val != code)
		option++;
	return option->name;
}

static int check_owners(const struct taking *taking, const char *command, struct err *err)
{
	char wanted[64];

	if (command == NULL || taking->args->help || taking->args->version)
		return 0;
	snprintf(wanted, sizeof(wanted), " %.32s ", command);
	for (size_t i = 0; i < ARRAY_LEN(owners); i++)
		if (taking->given[i] && strstr(owners[i].commands, wanted) == NULL)
			return err_set(err, -EINVAL, "--%s is no option of %.32s",
			               name_of(owners[i].option), command);
	return 0;
}

static int take_option(int code, void *arg, struct err *err)
{
	struct taking *taking = arg;
	struct ctl_args *args = taking->args;

	note_given(taking, code);
	switch (code) {
	case OPT_BY:
		args->by = optarg;
		return 0;
	case OPT_CLIENT:
		args->client = optarg;
		return 0;
	case OPT_COUNT:
		return arguments_number("count", optarg, 1, COUNT_MAX, &args->count, err);
	case OPT_DAY:
		args->day = true;
		return 0;
	case OPT_HELP:
		args->help = true;
		return 0;
	case OPT_HOST:
		args->host = optarg;
		return 0;
	case OPT_JSON:
		args->json = true;
		return 0;
	case OPT_QUEUE:
		args->queue = optarg;
		return 0;
	case OPT_ROLE:
		args->role = optarg;
		return 0;
	case OPT_STATE:
		args->state = optarg;
		return 0;
	case OPT_TO:
		args->to = optarg;
		return 0;
	case OPT_TIMEOUT:
		return read_timeout(optarg, &args->timeout, err);
	case OPT_TOKEN_FILE:
		return read_token(optarg, args->token, err);
	case OPT_VERSION:
		args->version = true;
		return 0;
	default:
		return take_commands(code, args, taking->now, err);
	}
}

static int read_since(struct ctl_args *args, usec_t now, struct err *err)
{
	bool of_contacts = args->command != NULL && strcmp(args->command, "contacts") == 0;
	int r = 0;

	if (of_contacts && args->since != NULL)
		r = contacts_args_take(&args->contacts, CONTACTS_SINCE, args->since, now, err);
	if (r == 0 && of_contacts && args->contacts.until <= args->contacts.since)
		r = err_set(err, -EINVAL, "--until is not after --since, %s",
		            args->since == NULL ? "1d" : args->since);
	if (of_contacts || args->since == NULL)
		return r;
	return whatif_args_take(&args->whatif, WHATIF_SINCE, args->since, err);
}

/* The environment's token file counts when the command line names none. */
static int read_environments_token(struct ctl_args *args, struct err *err)
{
	const char *path = from_environment("NAJIMI_TOKEN_FILE", NULL);
	int r;

	if (args->token[0] != '\0' || path == NULL || args->help || args->version)
		return 0;
	r = read_token(path, args->token, err);
	return r < 0 ? err_wrap(err, r, "NAJIMI_TOKEN_FILE") : 0;
}

int ctl_args_read(int argc, char *argv[], struct ctl_args *ret, struct err *err)
{
	struct taking taking = { .args = ret, .now = clock_now() };
	int words, r;

	*ret = (struct ctl_args){
		.host = from_environment("NAJIMI_HOST", DEFAULT_HOST),
		.client = DEFAULT_CLIENT,
		.timeout = SEC(10),
	};
	whatif_args_init(&ret->whatif);
	contacts_args_init(&ret->contacts, taking.now);
	words = arguments_read(argc, argv, options, take_option, &taking, err);
	if (words < 0)
		return words;
	if (words < argc) {
		ret->command = argv[words];
		ret->words = (const char *const *)&argv[words + 1];
		ret->words_count = (size_t)(argc - words - 1);
	}
	r = check_owners(&taking, ret->command, err);
	if (r == 0)
		r = read_since(ret, taking.now, err);
	return r < 0 ? r : read_environments_token(ret, err);
}

#include "bench_args.h"

#include <errno.h>
#include <stdlib.h>

#include "arguments.h"

enum option_code {
	OPT_AGENTS = 256,
	OPT_AGI,
	OPT_CONNECTIONS,
	OPT_CUSTOMERS,
	OPT_HANDOVERS,
	OPT_HELP,
	OPT_HOST,
	OPT_JSON,
	OPT_LIVES,
	OPT_PID,
	OPT_PRINT_CONFIG,
	OPT_QUEUE,
	OPT_RATE,
	OPT_REDIS,
	OPT_SCENARIO,
	OPT_SECONDS,
	OPT_TOKEN,
	OPT_VERSION,
	OPT_WAITING,
};

static const struct option options[] = {
	{ "agents", required_argument, NULL, OPT_AGENTS },
	{ "agi", required_argument, NULL, OPT_AGI },
	{ "connections", required_argument, NULL, OPT_CONNECTIONS },
	{ "customers", required_argument, NULL, OPT_CUSTOMERS },
	{ "handovers", required_argument, NULL, OPT_HANDOVERS },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "host", required_argument, NULL, OPT_HOST },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "lives", required_argument, NULL, OPT_LIVES },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "print-config", no_argument, NULL, OPT_PRINT_CONFIG },
	{ "queue", required_argument, NULL, OPT_QUEUE },
	{ "rate", required_argument, NULL, OPT_RATE },
	{ "redis", required_argument, NULL, OPT_REDIS },
	{ "scenario", required_argument, NULL, OPT_SCENARIO },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "token", required_argument, NULL, OPT_TOKEN },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "waiting", required_argument, NULL, OPT_WAITING },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
        "najimi-bench [OPTION...]\n"
        "Plays telephony systems and agents against a running najimid and measures it,\n"
        "beside what its Redis does alone on the same machine in the same minute.\n"
        "\n"
        "  --host HOST:PORT     the daemon's native port (127.0.0.1:7070)\n"
        "  --token TEXT         of the sessions (najimi-bench, or $NAJIMI_TOKEN)\n"
        "  --queue NAME         where callers arrive and agents serve (bench)\n"
        "  --redis ADDRESS      unix:/PATH or HOST:PORT of the daemon's Redis; without it\n"
        "                       nothing is compared. Password, or user:password, in\n"
        "                       $REDISCLI_AUTH\n"
        "  --print-config       print a configuration for the daemon, and end\n"
        "\n"
        "  --scenario lives     calls arrive, are answered and end (default)\n"
        "    --rate N|max       call lives a second (max)\n"
        "    --seconds N        length of the main phase (5)\n"
        "    --connections N    telephony systems (4)\n"
        "    --lives N          calls at once on each, 1 to 200 (100)\n"
        "    --agents N         agents logged in (500)\n"
        "    --customers N      people who ring, again and again (10000)\n"
        "  --scenario ready     an agent becomes ready while many wait\n"
        "    --waiting N        callers in line (5000)\n"
        "    --handovers N      calls of that agent (1000)\n"
        "  --scenario fastagi   the same by FastAGI, as Asterisk does it\n"
        "    --agi HOST:PORT    the daemon's FastAGI port (127.0.0.1:4573)\n"
        "    --pid N            the daemon's process: memory and processor time of those held\n"
        "    --waiting, --handovers\n"
        "\n"
        "  --json               one object instead of a table\n"
        "  --help, --version\n";

void bench_args_help(FILE *out)
{
	fputs(help, out);
}

static int get_count(const char *name, int64_t max, unsigned *ret, struct err *err)
{
	int64_t value = *ret;
	int r = arguments_number(name, optarg, 1, max, &value, err);

	*ret = (unsigned)value;
	return r;
}

static int set_rate(struct bench_args *args, struct err *err)
{
	char *end;

	if (strcmp(optarg, "max") == 0) {
		args->rate = 0;
		return 0;
	}
	args->rate = strtod(optarg, &end);
	if (end == optarg || *end != '\0' || !(args->rate >= 0.1 && args->rate <= 1e7))
		return err_set(err, -EINVAL, "--rate: '%s' is neither max nor 0.1 to 10000000",
		               optarg);
	return 0;
}

static int set_scenario(struct bench_args *args, struct err *err)
{
	if (strcmp(optarg, "lives") == 0)
		args->scenario = SCENARIO_LIVES;
	else if (strcmp(optarg, "ready") == 0)
		args->scenario = SCENARIO_READY;
	else if (strcmp(optarg, "fastagi") == 0)
		args->scenario = SCENARIO_FASTAGI;
	else
		return err_set(err, -EINVAL, "--scenario: '%s' is not lives, ready or fastagi",
		               optarg);
	return 0;
}

static int set_seconds(struct bench_args *args, struct err *err)
{
	unsigned seconds = 0;
	int r = get_count("seconds", 3600, &seconds, err);

	args->length = SEC(seconds);
	return r;
}

/* It stands inside the quotes of messages that are not escaped. */
static int set_queue(struct bench_args *args, struct err *err)
{
	if (!text_is_id(text_of(optarg), 128) || strpbrk(optarg, "\"\\") != NULL)
		return err_set(err, -EINVAL, "--queue: '%s' cannot be measured", optarg);
	args->load.queue = optarg;
	return 0;
}

static int set(int code, void *arg, struct err *err)
{
	struct bench_args *args = arg;

	switch (code) {
	case OPT_AGENTS:
		return get_count("agents", 100000, &args->load.agents, err);
	case OPT_AGI:
		args->agi = optarg;
		return 0;
	case OPT_CONNECTIONS:
		return get_count("connections", 1000, &args->load.connections, err);
	case OPT_CUSTOMERS:
		return get_count("customers", 899999, &args->load.customers, err);
	case OPT_HANDOVERS:
		return get_count("handovers", 1000000, &args->handovers, err);
	case OPT_HELP:
		args->help = true;
		return 0;
	case OPT_HOST:
		args->load.address = optarg;
		return 0;
	case OPT_JSON:
		args->json = true;
		return 0;
	case OPT_LIVES:
		return get_count("lives", LIVES_MAX, &args->load.lives, err);
	case OPT_PID:
		return get_count("pid", INT32_MAX, &args->daemon, err);
	case OPT_PRINT_CONFIG:
		args->print_config = true;
		return 0;
	case OPT_QUEUE:
		return set_queue(args, err);
	case OPT_RATE:
		return set_rate(args, err);
	case OPT_REDIS:
		args->redis = optarg;
		return 0;
	case OPT_SCENARIO:
		return set_scenario(args, err);
	case OPT_SECONDS:
		return set_seconds(args, err);
	case OPT_TOKEN:
		args->load.token = optarg;
		return 0;
	case OPT_VERSION:
		args->version = true;
		return 0;
	default:
		return get_count("waiting", 900000, &args->waiting, err);
	}
}

static void set_defaults(struct bench_args *args)
{
	const char *token = getenv("NAJIMI_TOKEN"), *auth = getenv("REDISCLI_AUTH");

	*args = (struct bench_args){
		.load = {
			.address = "127.0.0.1:7070",
			.token = token == NULL ? "najimi-bench" : token,
			.queue = "bench",
			.connections = 4,
			.agents = 500,
			.lives = 100,
			.customers = 10000,
		},
		.length = SEC(5),
		.waiting = 5000,
		.handovers = 1000,
		.agi = "127.0.0.1:4573",
		.redis = "",
		.redis_auth = auth == NULL ? "" : auth,
	};
}

int bench_args_parse(struct bench_args *args, int argc, char **argv, struct err *err)
{
	int words;

	set_defaults(args);
	words = arguments_read(argc, argv, options, set, args, err);
	if (words >= 0 && words < argc)
		return err_set(err, -EINVAL, "'%s' is no option (see --help)", argv[words]);
	return words < 0 ? words : 0;
}

/* A text in the file's syntax. */
static void print_text(FILE *out, const char *name, const char *text)
{
	fprintf(out, "%s = \"", name);
	for (; *text != '\0'; text++)
		fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	fprintf(out, "\";");
}

void bench_args_print_config(const struct bench_args *args, FILE *out)
{
	unsigned calls = 2 * (args->waiting + args->load.connections * args->load.lives) + 1000;
	bool on_unix = strncmp(args->redis, "unix:", 5) == 0;

	fprintf(out, "# najimid for najimi-bench. It needs a Redis of its own.\n");
	fprintf(out, "site = \"bench\";\n\ncore: {\n  calls_max = %u;\n  agents_max = %u;\n};\n\n",
	        calls, args->load.agents + 100);
	fprintf(out, "rpc: {\n  ");
	print_text(out, "listen", args->load.address);
	fprintf(out, "\n  events_kept = 1000;\n};\n\nhttp: {\n  listen = \"\";\n};\n\n");
	if (args->scenario == SCENARIO_FASTAGI) {
		fprintf(out, "agi: {\n  ");
		print_text(out, "listen", args->agi);
		fprintf(out, "\n  connections_max = 65000;\n};\n\n");
	}
	if (args->redis[0] != '\0') {
		fprintf(out, "redis: {\n  mode = \"%s\";\n  ", on_unix ? "unix" : "tcp");
		print_text(out, on_unix ? "socket" : "address",
		           on_unix ? args->redis + 5 : args->redis);
		fprintf(out, "\n};\n\n");
	}
	fprintf(out, "clients = (\n  { name = \"*\"; role = \"pbx\"; ");
	print_text(out, "token", args->load.token);
	/* Every life has its full weight: a talk of no length is remembered as well. */
	fprintf(out, " }\n);\n\nqueue: {\n  wrapup = \"0s\";\n  wait_max = \"never\";\n"
	             "  waiting_max = 1000000;\n  sticky: {\n    min_talk = \"0s\";\n  };\n};\n\n"
	             "queues = (\n  { ");
	print_text(out, "name", args->load.queue);
	fprintf(out, " }\n);\n");
}

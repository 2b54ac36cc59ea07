#include "replay_args.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arguments.h"
#include "najimi/base/number.h"
#include "replay_policy.h"

enum option_code {
	OPT_AGENTS = 256,
	OPT_ANSWER_AFTER,
	OPT_CLIENT,
	OPT_COMPARE,
	OPT_CREDIT,
	OPT_DAYS,
	OPT_FROM_DAY,
	OPT_HEAD_START,
	OPT_HELP,
	OPT_JSON,
	OPT_KNOWN,
	OPT_LINE_MAX,
	OPT_MIN_TALK,
	OPT_OVERTAKE_MAX,
	OPT_POLICY,
	OPT_PRINT_CONFIG,
	OPT_REVIEW,
	OPT_SEED,
	OPT_SERVICE_LEVEL,
	OPT_SHORT_ABANDON,
	OPT_SKIP_PRICE,
	OPT_SPEED,
	OPT_THROUGH,
	OPT_TOKEN,
	OPT_VERSION,
	OPT_WAIT_BUSY,
	OPT_WAIT_IDLE,
	OPT_WAIT_SKIPPED,
	OPT_WARM_UP,
	OPT_WINDOW,
	OPT_WRAPUP,
};

static const struct option options[] = {
	{ "agents", required_argument, NULL, OPT_AGENTS },
	{ "answer-after", required_argument, NULL, OPT_ANSWER_AFTER },
	{ "client", required_argument, NULL, OPT_CLIENT },
	{ "compare", no_argument, NULL, OPT_COMPARE },
	{ "credit", required_argument, NULL, OPT_CREDIT },
	{ "days", required_argument, NULL, OPT_DAYS },
	{ "days-warm-up", required_argument, NULL, OPT_WARM_UP },
	{ "from-day", required_argument, NULL, OPT_FROM_DAY },
	{ "head-start", required_argument, NULL, OPT_HEAD_START },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "known", required_argument, NULL, OPT_KNOWN },
	{ "line-max", required_argument, NULL, OPT_LINE_MAX },
	{ "min-talk", required_argument, NULL, OPT_MIN_TALK },
	{ "overtake-max", required_argument, NULL, OPT_OVERTAKE_MAX },
	{ "policy", required_argument, NULL, OPT_POLICY },
	{ "print-config", no_argument, NULL, OPT_PRINT_CONFIG },
	{ "review", required_argument, NULL, OPT_REVIEW },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "service-level", required_argument, NULL, OPT_SERVICE_LEVEL },
	{ "short-abandon", required_argument, NULL, OPT_SHORT_ABANDON },
	{ "skip-price", required_argument, NULL, OPT_SKIP_PRICE },
	{ "speed", required_argument, NULL, OPT_SPEED },
	{ "through", required_argument, NULL, OPT_THROUGH },
	{ "token", required_argument, NULL, OPT_TOKEN },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "wait-busy", required_argument, NULL, OPT_WAIT_BUSY },
	{ "wait-idle", required_argument, NULL, OPT_WAIT_IDLE },
	{ "wait-skipped", required_argument, NULL, OPT_WAIT_SKIPPED },
	{ "window", required_argument, NULL, OPT_WINDOW },
	{ "wrapup", required_argument, NULL, OPT_WRAPUP },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
        "najimi-replay [OPTION...] CALLS.csv\n"
        "Plays a centre's logged calls through the router and says who met whom again.\n"
        "\n"
        "What is played\n"
        "  --agents FILE        presence of the agents (default: CALLS_calls.csv's\n"
        "                       CALLS_agents.csv)\n"
        "  --from-day N         begin at the log's Nth day (1)\n"
        "  --days N             play that many days (all)\n"
        "  --days-warm-up N     play the first N days without counting them (7 when at\n"
        "                       least 14 are played, else 0)\n"
        "  --wrapup D           wrap-up of every call, instead of the log's\n"
        "  --answer-after D     telephones ring, D on average (0s: answered at once)\n"
        "  --seed N             of the times that telephones ring (1)\n"
        "\n"
        "How calls are routed\n"
        "  --policy P           off, loose, own_first, strict, new_agent, fixed:T,\n"
        "                       fixed:T+own_first, rate:V (rate:60), or a preset of the\n"
        "                       daemon: neutral, balanced, sticky, regulars. Behind rate:V\n"
        "                       may stand +budget:T, +credit:T and +head_start:T. T and V are\n"
        "                       seconds, or durations with their unit\n"
        "  --wait-busy D        the same as --policy fixed:D+own_first\n"
        "  --skip-price N       rate: price of a second of letting others pass, in\n"
        "                       thousandths (300)\n"
        "  --wait-idle D        rate: most extra wait beside an idle agent (5m)\n"
        "  --wait-skipped D     rate: most extra wait while others pass (5m)\n"
        "  --credit D           rate: how much older own callers count (no limit)\n"
        "  --head-start D       rate: how much older returning callers count (0s)\n"
        "  --overtake-max D     rate: who has waited longer is not overtaken (10m)\n"
        "  --review D           rate: how often it is decided anew (5s)\n"
        "  --line-max N         callers who may hold out for one agent, 1 to 16 (16)\n"
        "  --window D           a contact longer ago makes no returning caller (7d)\n"
        "  --min-talk D         nor does a shorter one (0s)\n"
        "  --known N            earlier agents that are remembered, 1 to 3 (1)\n"
        "  --compare            play several policies, a row for each\n"
        "\n"
        "Through a running daemon\n"
        "  --through HOST:PORT  over TCP, in real time\n"
        "  --speed N            played seconds per second (600)\n"
        "  --token TEXT         of the session (najimi-replay, or $NAJIMI_TOKEN)\n"
        "  --client NAME        client.name of the session (replay-PID)\n"
        "  --print-config       print the daemon's configuration for this play, and end\n"
        "\n"
        "What is printed\n"
        "  --json               one object instead of tables\n"
        "  --service-level D    threshold of the service level (20s)\n"
        "  --short-abandon D    abandons up to this are short (5s)\n"
        "  --help, --version\n"
        "\n"
        "Durations D: 500ms, 20s, 10m, 8h, 7d.\n";

void replay_args_help(FILE *out)
{
	fputs(help, out);
}

static int get_duration(const char *name, const char *text, usec_t max, usec_t *ret,
                        struct err *err)
{
	usec_t value;

	if (number_parse_duration(text, &value) < 0 || value == USEC_NEVER)
		return err_set(err, -EINVAL, "--%s: '%s' is no duration such as 500ms, 20s or 7d",
		               name, text);
	if (value > max)
		return err_set(err, -EINVAL, "--%s: %s is above %llu s", name, text,
		               (unsigned long long)(max / SEC(1)));
	*ret = value;
	return 0;
}

int replay_args_set_policy(struct replay_args *args, const char *word, struct err *err)
{
	int r;

	if (strlen(word) >= sizeof(args->policy))
		return err_set(err, -EINVAL, "--policy: '%s' is too long", word);
	r = replay_policy_set(&args->plan, word, err);
	if (r == 0)
		memcpy(args->policy, word, strlen(word) + 1);
	return r;
}

static int set_address(struct replay_args *args, const char *address, struct err *err)
{
	const char *colon = strrchr(address, ':');
	int64_t port;

	if (colon == NULL || colon == address || number_parse(colon + 1, &port) < 0 || port < 1 ||
	    port > 65535)
		return err_set(err, -EINVAL, "--through: '%s' is not HOST:PORT", address);
	args->target.address = address;
	args->through = true;
	return 0;
}

static int set_speed(struct replay_args *args, const char *text, struct err *err)
{
	char *end;
	double speed = strtod(text, &end);

	if (end == text || *end != '\0' || !(speed >= 0.01 && speed <= 100000))
		return err_set(err, -EINVAL, "--speed: '%s' is no number from 0.01 to 100000",
		               text);
	args->target.speed = speed;
	return 0;
}

static int set_wait_busy(struct replay_args *args, struct err *err)
{
	char policy[64];

	snprintf(policy, sizeof(policy), "fixed:%s+own_first", optarg);
	return replay_args_set_policy(args, policy, err);
}

static int set_numbers(struct replay_args *args, int code, struct err *err)
{
	int64_t number = 0;
	int r = 0;

	switch (code) {
	case OPT_DAYS:
		r = arguments_number("days", optarg, 1, 3660, &number, err);
		args->days = (unsigned)number;
		break;
	case OPT_FROM_DAY:
		r = arguments_number("from-day", optarg, 1, 3660, &number, err);
		args->from_day = (unsigned)number;
		break;
	case OPT_WARM_UP:
		r = arguments_number("days-warm-up", optarg, 0, 3660, &number, err);
		args->warm_up = (int)number;
		break;
	case OPT_KNOWN:
		r = arguments_number("known", optarg, 1, WORLD_KNOWN_MAX, &number, err);
		args->known_max = (unsigned)number;
		break;
	case OPT_LINE_MAX:
		r = arguments_number("line-max", optarg, 1, LINE_MAX, &number, err);
		args->plan.line_max = (uint16_t)number;
		break;
	case OPT_SKIP_PRICE:
		r = arguments_number("skip-price", optarg, 0, 10000, &number, err);
		args->plan.skip_price = (uint16_t)number;
		break;
	case OPT_SEED:
		r = arguments_number("seed", optarg, 0, INT64_MAX, &number, err);
		args->rules.seed = (uint64_t)number;
		break;
	}
	return r;
}

static int set_durations(struct replay_args *args, int code, struct err *err)
{
	switch (code) {
	case OPT_ANSWER_AFTER:
		return get_duration("answer-after", optarg, MINUTE(5), &args->rules.answer_after,
		                    err);
	case OPT_CREDIT:
		return get_duration("credit", optarg, HOUR(24), &args->plan.credit, err);
	case OPT_HEAD_START:
		return get_duration("head-start", optarg, HEAD_START_MAX, &args->plan.head_start,
		                    err);
	case OPT_OVERTAKE_MAX:
		return get_duration("overtake-max", optarg, HOUR(24), &args->plan.overtake_max,
		                    err);
	case OPT_REVIEW:
		return get_duration("review", optarg, HOUR(1), &args->plan.review, err);
	case OPT_WAIT_IDLE:
		return get_duration("wait-idle", optarg, HOUR(1), &args->plan.wait_idle, err);
	case OPT_WAIT_SKIPPED:
		return get_duration("wait-skipped", optarg, HOUR(1), &args->plan.wait_skipped, err);
	case OPT_MIN_TALK:
		return get_duration("min-talk", optarg, HOUR(1), &args->rules.min_talk, err);
	case OPT_SERVICE_LEVEL:
		return get_duration("service-level", optarg, HOUR(1), &args->service_level, err);
	case OPT_SHORT_ABANDON:
		return get_duration("short-abandon", optarg, HOUR(1), &args->short_abandon, err);
	case OPT_WINDOW:
		return get_duration("window", optarg, HOUR(24) * 366, &args->rules.window, err);
	default:
		return get_duration("wrapup", optarg, HOUR(24), &args->rules.wrapup, err);
	}
}

static int set(int code, void *arg, struct err *err)
{
	struct replay_args *args = arg;

	switch (code) {
	case OPT_AGENTS:
		free(args->agents_path);
		args->agents_path = strdup(optarg);
		return args->agents_path == NULL ? err_set(err, -ENOMEM, "out of memory") : 0;
	case OPT_CLIENT:
		args->target.client = optarg;
		return 0;
	case OPT_COMPARE:
		args->compare = true;
		return 0;
	case OPT_HELP:
		args->help = true;
		return 0;
	case OPT_JSON:
		args->json = true;
		return 0;
	case OPT_POLICY:
		return replay_args_set_policy(args, optarg, err);
	case OPT_PRINT_CONFIG:
		args->print_config = true;
		return 0;
	case OPT_SPEED:
		return set_speed(args, optarg, err);
	case OPT_THROUGH:
		return set_address(args, optarg, err);
	case OPT_TOKEN:
		args->target.token = optarg;
		return 0;
	case OPT_VERSION:
		args->version = true;
		return 0;
	case OPT_WAIT_BUSY:
		return set_wait_busy(args, err);
	case OPT_DAYS:
	case OPT_FROM_DAY:
	case OPT_WARM_UP:
	case OPT_KNOWN:
	case OPT_LINE_MAX:
	case OPT_SEED:
	case OPT_SKIP_PRICE:
		return set_numbers(args, code, err);
	default:
		return set_durations(args, code, err);
	}
}

/* "bank_calls.csv" has its "bank_agents.csv" beside it. */
static int guess_agents(struct replay_args *args, struct err *err)
{
	static const char calls[] = "_calls.csv", agents[] = "_agents.csv";
	size_t length = strlen(args->calls_path), stem;

	if (length < sizeof(calls) ||
	    strcmp(args->calls_path + length - (sizeof(calls) - 1), calls) != 0)
		return err_set(err, -EINVAL,
		               "--agents FILE is missing: who was there to answer? (%s does not "
		               "end in %s, so there is nothing to guess from)",
		               args->calls_path, calls);
	stem = length - (sizeof(calls) - 1);
	args->agents_path = malloc(stem + sizeof(agents));
	if (args->agents_path == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	memcpy(args->agents_path, args->calls_path, stem);
	memcpy(args->agents_path + stem, agents, sizeof(agents));
	return 0;
}

static void set_defaults(struct replay_args *args)
{
	const char *token = getenv("NAJIMI_TOKEN");

	*args = (struct replay_args){
		.policy = "rate:60",
		.plan = {
			.sticky = true,
			.policy = POLICY_RATE,
			.value = SEC(60),
			.familiarity = { 600, 400 },
			.fade = HOUR(24) * 14,
			.skip_price = 300,
			.wait_idle = MINUTE(5),
			.wait_skipped = MINUTE(5),
			.credit = USEC_NEVER, /* a replayed centre is large enough */
			.overtake_max = SEC(600),
			.review = SEC(5),
			.service_guard = USEC_NEVER,
			.talk_mean = MINUTE(3),
			.agent_calls = 200,
		},
		.from_day = 1,
		.warm_up = -1,
		.known_max = 1,
		.service_level = SEC(20),
		.short_abandon = SEC(5),
		.rules = {
			.window = HOUR(24) * 7,
			.wrapup = USEC_NEVER,
			.seed = 1,
		},
		.target = {
			.address = "127.0.0.1:7070",
			.token = token == NULL ? "najimi-replay" : token,
			.speed = 600,
		},
	};
}

int replay_args_parse(struct replay_args *args, int argc, char **argv, struct err *err)
{
	int words;

	set_defaults(args);
	words = arguments_read(argc, argv, options, set, args, err);
	if (words < 0 || args->help || args->version)
		return words < 0 ? words : 0;
	if (words + 1 != argc)
		return err_set(err, -EINVAL, "one CALLS.csv is wanted, %d were given (see --help)",
		               argc - words);
	args->calls_path = argv[words];
	if (args->compare && args->through)
		return err_set(err, -EINVAL,
		               "--compare plays in virtual time: a daemon has one policy");
	return args->agents_path == NULL ? guess_agents(args, err) : 0;
}

void replay_args_done(struct replay_args *args)
{
	free(args->agents_path);
	args->agents_path = NULL;
}

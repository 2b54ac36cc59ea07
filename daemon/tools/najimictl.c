#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

/* najimictl(1): asks a daemon over its native port, and shows the answer to people. Two
 * commands ask none: contacts and whatif read what the daemon has written. */

static const struct ctl_command commands[] = {
	{ "status", "status", 0, 0, ctl_status, "The centre in a few lines." },
	{ "queues", "queues [QUEUE]", 0, 1, ctl_queues, "Queues: who waits, how long, how well." },
	{ "agents", "agents [AGENT]", 0, 1, ctl_agents, "Agents: what they do, since when, why." },
	{ "agent", "agent AGENT [--day]", 1, 1, ctl_agent,
	  "One agent; with --day, what they did today." },
	{ "calls", "calls", 0, 0, ctl_calls, "Live calls." },
	{ "explain", "explain CALL_ID [CLIENT]", 1, 2, ctl_explain,
	  "Why a call is where it is, or went where it went." },
	{ "caller", "caller NUMBER|CUSTOMER_ID", 1, 1, ctl_caller,
	  "What is remembered of a caller, and their last contacts." },
	{ "watch", "watch [TYPE...]", 0, 32, ctl_watch, "What happens, as it happens." },
	{ "stats", "stats", 0, 0, ctl_stats, "Figures of a day, or of several." },
	{ "fcr", "fcr", 0, 0, ctl_fcr, "Contacts that were followed by another, or not." },
	{ "contacts", "contacts", 0, 0, ctl_contacts, "Finished contacts, one a line." },
	{ "whatif", "whatif", 0, 0, ctl_whatif,
	  "What another setting of stickiness would have done." },
	{ "ping", "ping", 0, 0, ctl_ping, "Whether the daemon answers, and how fast." },
	{ "check", "check", 0, 0, ctl_check, "Has the daemon read its configuration file." },
	{ "reload", "reload", 0, 0, ctl_reload,
	  "Has the daemon take its configuration file over." },
};

static void print_help(FILE *out)
{
	fputs("najimictl [OPTION...] COMMAND [WORD...]\n"
	      "Asks a running najimid.\n"
	      "\n"
	      "Commands\n",
	      out);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		fprintf(out, "  %-26s %s\n", commands[i].usage, commands[i].help);
	fputs("\n"
	      "Options\n"
	      "  --host HOST:PORT           the daemon's native port (127.0.0.1:7070, or\n"
	      "                             $NAJIMI_HOST)\n"
	      "  --token-file FILE          the token is its first line ($NAJIMI_TOKEN_FILE)\n"
	      "  --client NAME              the name the token belongs to (najimictl)\n"
	      "  --role ROLE                observer, supervisor... (the token's, or supervisor)\n"
	      "  --queue QUEUE              agents, calls, watch: of this queue alone\n"
	      "  --state STATE              agents, calls: in this state alone\n"
	      "  --count N                  watch: ends after N events; contacts: at most N\n"
	      "  --day                      agent: what they did today\n"
	      "  --timeout D                how long to wait for an answer (10s)\n"
	      "  --json                     the daemon's own answers, for programs\n"
	      "  --help, --version\n"
	      "\n"
	      "Options of stats\n"
	      "  --from DAY, --to DAY       both included, as in 2026-11-21 (today)\n"
	      "  --by WHAT                  queue, agent, hour or day (queue)\n"
	      "  --format FORMAT            table, csv or json (table)\n"
	      "\n"
	      "Options of fcr: as of stats, and\n"
	      "  --by WHAT                  sticky, reason, tier or group as well\n"
	      "\n"
	      "Options of contacts\n"
	      "  --since T, --until T       that ended then: 1d is a day ago, an instant itself\n"
	      "                             (1d, to the end)\n"
	      "  --queue QUEUE, --agent AGENT\n"
	      "  --format FORMAT            table, csv or json (table)\n"
	      "  --pii                      with numbers and customer ids\n"
	      "  --after ENTRY              those behind this one: it goes on where --count ended\n"
	      "  --config FILE, --redis-socket FILE\n"
	      "                             as for whatif\n"
	      "\n"
	      "Options of whatif\n"
	      "  --config FILE              the daemon's (/etc/najimi/najimid.conf)\n"
	      "  --since D                  contacts of that long (14d)\n"
	      "  --value FROM..TO[:STEP]    sticky.value, seconds (0..300)\n"
	      "  --wait-idle D, --wait-skipped D, --credit D\n"
	      "                             with each value (as configured)\n"
	      "  --agents +N, -N            with more agents, or fewer\n"
	      "  --queue QUEUE              the others stay as they are, and are not counted\n"
	      "  --svg FILE, --png FILE     draws as well\n"
	      "  --from FILE                contacts as JSON lines, instead of Redis\n"
	      "  --redis-socket FILE        where the daemon's own redis-server listens\n"
	      "  --progress                 lines of it on the standard error\n"
	      "\n"
	      "Exit status: 0 done, 1 refused or not found, 2 not understood, 3 no daemon there.\n",
	      out);
}

static enum ctl_exit misused(const char *what, const char *word)
{
	fprintf(stderr, "najimictl: %s%s (najimictl --help)\n", what, word);
	return CTL_USAGE;
}

static const struct ctl_command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

/* What was written is read without one. */
static bool asks_daemon(const struct ctl_command *command)
{
	return command->run != ctl_whatif && command->run != ctl_contacts;
}

static enum ctl_exit run(struct ctl *ctl, const struct ctl_command *command)
{
	enum ctl_exit result = asks_daemon(command) ? ctl_connect(ctl, ctl->args.host) : CTL_OK;

	if (result == CTL_OK)
		result = command->run(ctl);
	ctl_hang_up(ctl);
	/* Written to a full disk or a closed pipe: that is not done. */
	if (fflush(ctl->out) != 0 && result == CTL_OK)
		result = CTL_REFUSED;
	return result;
}

int main(int argc, char *argv[])
{
	struct ctl ctl = { .out = stdout, .colour = isatty(STDOUT_FILENO) };
	const struct ctl_command *command;
	struct err err = { 0 };

	if (ctl_args_read(argc, argv, &ctl.args, &err) < 0)
		return (int)misused(err.text, "");
	if (ctl.args.help || ctl.args.version) {
		if (ctl.args.help)
			print_help(stdout);
		else
			puts("najimictl " NAJIMI_VERSION);
		return CTL_OK;
	}
	if (ctl.args.command == NULL)
		return (int)misused("a command is missing", "");
	command = find_command(ctl.args.command);
	if (command == NULL)
		return (int)misused("there is no command ", ctl.args.command);
	if (ctl.args.words_count < command->words_min || ctl.args.words_count > command->words_max)
		return (int)misused("usage: najimictl ", command->usage);
	return (int)run(&ctl, command);
}

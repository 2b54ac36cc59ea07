/* najimid.conf(5), in the man macros. */
#include "rows.h"

#include <string.h>

#define COLUMNS 72 /* before escapes make a line longer */

static const char head[] =
        ".TH NAJIMID.CONF 5 2026-11-22 \"Najimi " NAJIMI_VERSION "\" \"Najimi\"\n"
        ".SH NAME\n"
        "najimid.conf \\- configuration of the call router\n"
        ".SH SYNOPSIS\n"
        ".I /etc/najimi/SITE.conf\n"
        ".SH DESCRIPTION\n"
        ".BR najimid (8)\n"
        "reads one file in the form of\n"
        ".IR libconfig .\n"
        "An option stands in a group, or at the top:\n"
        ".PP\n"
        ".nf\n"
        ".RS\n"
        "site = \"tokyo\";\n"
        "redis = {\n"
        "\tmode = \"unix\";\n"
        "\tsocket = \"/run/redis/redis\\-server.sock\";\n"
        "};\n"
        "queue = { ring = \"15s\"; sticky = { wait_busy = \"30s\"; }; };\n"
        "queues = ( { name = \"sales\"; }, { name = \"support\"; ring = \"25s\"; } );\n"
        ".RE\n"
        ".fi\n"
        ".PP\n"
        "Below, the same options are called\n"
        ".BR site ,\n"
        ".B redis.mode\n"
        "and\n"
        ".BR queue.sticky.wait_busy .\n"
        "What is not set has the default that is shown.\n"
        "Comments begin with # or // and end with the line, or stand between /* and */.\n"
        ".PP\n"
        "Durations and sizes are texts with a unit:\n"
        ".BR \"\\(dq500us\\(dq\" \", \" \"\\(dq250ms\\(dq\" \", \" \"\\(dq20s\\(dq\" \", \" "
        "\"\\(dq10m\\(dq\" \", \" \"\\(dq8h\\(dq\" \", \" \"\\(dq7d\\(dq\" ;\n"
        ".B \\(dq512\\(dq\n"
        "bytes,\n"
        ".BR \"\\(dq64K\\(dq\" \", \" \"\\(dq64M\\(dq\" \", \" \"\\(dq2G\\(dq\" ,\n"
        "by powers of 1024.\n"
        ".PP\n"
        "A line\n"
        ".B @include \\(dqFILE\\(dq\n"
        "takes in another file; its name is relative to the folder of the first one.\n"
        ".PP\n"
        "Whatever is unknown, misspelt, out of range or contradictory is refused with\n"
        "file, line, option, value and limits; nothing is ignored.\n"
        ".B najimid \\-\\-check\n"
        "tells without starting anything,\n"
        ".B najimid \\-\\-dump\\-config\n"
        "prints what is in force, without secrets.\n"
        "On SIGHUP the file is read again.\n"
        "If anything is wrong with it, or an option has changed that needs a restart,\n"
        "the old configuration stays in force and the log says why.\n"
        "A reload touches no caller and no agent.\n"
        ".SH OPTIONS\n";

static const char queues[] =
        ".SH QUEUES\n"
        "Each element of\n"
        ".B queues\n"
        "is a queue. It takes a\n"
        ".B name\n"
        "and every option of the group\n"
        ".BR queue ,\n"
        "whose value it has unless it says otherwise.\n"
        "A queue that a reload removes takes no new callers; those who wait are served.\n";

static const char agents[] = ".SH AGENTS\n"
                             "Each element of\n"
                             ".B agents\n"
                             "is an agent. Agents need not be in the file:\n"
                             ".B agent.login\n"
                             "can bring all that stands here, and what it brings goes before.\n";

static const char tiers[] =
        ".SH TIERS\n"
        "Each element of\n"
        ".B tiers\n"
        "is a tier of callers, 8 at most: gold, for instance.\n"
        "A caller has the tier that\n"
        ".B call.arrive\n"
        "names, or else that of the caller's memory; a tier that is not here is none.\n"
        "Tiers shift what waiting and reunions are worth; they never cross priorities.\n"
        "A reload may change what they say and add some at the end of the list;\n"
        "to remove or to move one takes a restart.\n";

static const char clients[] =
        ".SH CLIENTS\n"
        "Each element of\n"
        ".B clients\n"
        "lets somebody open a session of the native protocol, or ask over HTTP.\n"
        "A name may stand there again for another role or another agent.\n";

static const char asterisks[] =
        ".SH ASTERISK SERVERS\n"
        "Each element of\n"
        ".B asterisk\n"
        "is an Asterisk whose manager interface we log in to, as\n"
        ".BR najimi\\-asterisk (7)\n"
        "describes. One that is not here may use FastAGI all the same, if\n"
        ".B agi.trusted\n"
        "has its address; what it does not report itself is not known then.\n";

static const char tail[] =
        ".SH EXAMPLE\n"
        "A centre with two queues, one tier, one agent who speaks German, and two clients:\n"
        ".PP\n"
        ".nf\n"
        ".RS\n"
        "skills = [ \"german\" ];\n"
        "queues = (\n"
        "\t{ name = \"sales\"; overflow = \"voicemail\\-sales\"; },\n"
        "\t{ name = \"support\"; wait_max = \"never\";\n"
        "\t  sticky = { policy = \"rate\"; preset = \"balanced\"; holdout = \"5%\"; }; }\n"
        ");\n"
        "tiers = ( { name = \"gold\"; value = \"150%\"; } );\n"
        "agents = (\n"
        "\t{ name = \"alice\"; target = \"PJSIP/alice\"; queues = [ \"sales\" ]; },\n"
        "\t{ name = \"bob\"; target = \"PJSIP/bob\"; queues = [ \"sales\", \"support\" ];\n"
        "\t  skills = { german = 5; }; }\n"
        ");\n"
        "clients = (\n"
        "\t{ name = \"pbx\\-a\"; role = \"pbx\"; token_file = \"pbx\\-a.token\"; },\n"
        "\t{ name = \"desk\\-7\"; role = \"agent\"; agent = \"alice\"; token_file = "
        "\"alice.token\"; }\n"
        ");\n"
        ".RE\n"
        ".fi\n"
        ".SH ENVIRONMENT\n"
        ".TP\n"
        ".B CREDENTIALS_DIRECTORY\n"
        "Where relative names of secrets' files are looked up; systemd sets it for\n"
        ".BR LoadCredential= .\n"
        ".TP\n"
        ".B STATE_DIRECTORY\n"
        "The default of\n"
        ".BR redis.directory ;\n"
        "systemd sets it for\n"
        ".BR StateDirectory= .\n"
        ".SH FILES\n"
        ".TP\n"
        ".I /etc/najimi/SITE.conf\n"
        "Configuration of\n"
        ".IR najimid@SITE.service .\n"
        ".SH SEE ALSO\n"
        ".BR najimid (8),\n"
        ".BR najimictl (1),\n"
        ".BR najimi\\-protocol (7),\n"
        ".BR najimi\\-redis (7)\n";

/* How roff wants it written; how many bytes that took. */
static size_t print_escaped(const char *text, size_t length, FILE *out)
{
	size_t bytes = 0;

	for (size_t i = 0; i < length; i++) {
		const char *instead = text[i] == '\\'  ? "\\e"
		                      : text[i] == '-' ? "\\-"
		                      : text[i] == '"' ? "\\(dq"
		                                       : NULL;

		if (instead != NULL)
			fputs(instead, out);
		else
			fputc(text[i], out);
		bytes += instead != NULL ? strlen(instead) : 1;
	}
	return bytes;
}

/* Each sentence begins a line, so that roff sets the space after it. */
static void print_prose(const char *words, FILE *out)
{
	size_t column = 0;

	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		if (column > 0 && column + 1 + length > COLUMNS) {
			fputc('\n', out);
			column = 0;
		}
		if (column > 0)
			column += (size_t)(fputc(' ', out) == ' ');
		else if (*words == '.' || *words == '\'')
			fputs("\\&", out); /* or it would be a command */
		column += print_escaped(words, length, out);
		words += length;
		if (words[-1] == '.') {
			fputc('\n', out);
			column = 0;
		}
		words += strspn(words, " ");
	}
	if (column > 0)
		fputc('\n', out);
}

static bool is_required(const struct option_row *row)
{
	return row->scope != SCOPE_SITE && *row->fallback == '\0';
}

static void print_default(const struct option_row *row, FILE *out)
{
	char text[256] = "";
	FILE *memory = fmemopen(text, sizeof(text), "w");

	if (memory != NULL) {
		value_print_default(row, memory);
		fclose(memory);
	}
	print_escaped(text, strlen(text), out);
}

static void print_row(const struct option_row *row, FILE *out)
{
	bool within_queue = row->scope == SCOPE_QUEUE && !row->own;
	char words[1024] = "";
	FILE *memory = fmemopen(words, sizeof(words), "w");

	fputs(".TP\n\\fB", out);
	fputs(within_queue ? "queue." : "", out);
	print_escaped(row->path, strlen(row->path), out);
	fputs("\\fR", out);
	if (within_queue || !is_required(row)) {
		fputs(" = \\fI", out);
		print_default(row, out);
		fputs("\\fR", out);
	}
	fputc('\n', out);

	if (memory != NULL) {
		fprintf(memory, "%s ", row->doc);
		value_print_range(row, memory);
		fputs(row->preset[0] != NULL ? " Unless set, as preset says." : "", memory);
		fputs(row->reload ? "" : " Takes effect after a restart.", memory);
		fclose(memory);
	}
	print_prose(words, out);
}

static void print_scope(enum option_scope scope, FILE *out)
{
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++)
		if (scope != SCOPE_QUEUE || row->own)
			print_row(row, out);
}

static void print_group(const struct option_group *group, FILE *out)
{
	const struct option_row *row;

	fputs(".SS ", out);
	fputs(*group->name != '\0' ? group->name : "top", out);
	fputs("\n", out);
	print_prose(group->doc, out);
	for (size_t i = 0; (row = row_at(group_scope(group), i)) != NULL; i++)
		if (row_in_group(row, group->name))
			print_row(row, out);
}

void options_manual(FILE *out)
{
	fputs(head, out);
	for (size_t i = 0; i < option_groups_count; i++)
		print_group(&option_groups[i], out);
	fputs(queues, out);
	print_scope(SCOPE_QUEUE, out);
	fputs(agents, out);
	print_scope(SCOPE_AGENT, out);
	fputs(tiers, out);
	print_scope(SCOPE_TIER, out);
	fputs(clients, out);
	print_scope(SCOPE_CLIENT, out);
	fputs(asterisks, out);
	print_scope(SCOPE_ASTERISK, out);
	fputs(tail, out);
}

/* The effective configuration, as a file that can be read again. */
#include "rows.h"

#include <string.h>

static void indent(unsigned depth, FILE *out)
{
	while (depth-- > 0)
		fputc('\t', out);
}

static void print_row(const struct option_row *row, const void *base, FILE *out)
{
	const struct option_row *file = row_secret_file(row);

	/* A secret that came from a file is named by that file alone. */
	if (file != NULL && *value_text(file, base) != '\0')
		fputs("\"\"", out);
	else
		value_print(row, base, out);
}

/* "sticky" of "sticky.window"; 0 for a path without dots. */
static size_t prefix_length(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot == NULL ? 0 : (size_t)(dot - path);
}

/* Whether a queue has another preset than all queues: loading it again sets more than
 * the preset, and what it sets must be said as well. */
static bool other_preset(const struct option_row *row, const void *base, const void *other)
{
	return row->preset[0] != NULL &&
	       !value_equal(row_find(SCOPE_QUEUE, "sticky.preset"), base, other);
}

static bool is_said(const struct option_row *row, const void *base, const void *other)
{
	if (row->own || row->kind == OPTION_QUEUES || row->kind == OPTION_LEVELS)
		return false;
	return other == NULL || !value_equal(row, base, other) || other_preset(row, base, other);
}

/* Rows one below the other, groups opened and closed as their paths want it. `other`
 * is what needs not be said again, NULL for nothing. */
static void print_rows(enum option_scope scope, const void *base, const void *other, unsigned depth,
                       FILE *out)
{
	const struct option_row *row, *before = NULL;
	size_t open = 0; /* length of the prefix of the group that is open */

	for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++) {
		size_t length = prefix_length(row->path);

		if (!is_said(row, base, other))
			continue;
		if (open > 0 && (length != open || strncmp(before->path, row->path, open) != 0)) {
			indent(depth, out);
			fputs("};\n", out);
			open = 0;
		}
		if (length > open) {
			indent(depth, out);
			fprintf(out, "%.*s = {\n", (int)length, row->path);
			open = length;
		}
		indent(depth + (open > 0), out);
		fprintf(out, "%s = ", row->path + length + (length > 0));
		print_row(row, base, out);
		fputs(";\n", out);
		before = row;
	}
	if (open > 0) {
		indent(depth, out);
		fputs("};\n", out);
	}
}

static void print_queues(const struct options *options, FILE *out)
{
	fputs("queue = {\n", out);
	print_rows(SCOPE_QUEUE, &options->queue_defaults, NULL, 1, out);
	fputs("};\nqueues = (", out);
	for (size_t i = 0; i < options->queues_count; i++) {
		const struct queue_options *queue = &options->queues[i];

		fprintf(out, "%s\n\t{\n\t\tname = ", i > 0 ? "," : "");
		value_print_text(queue->name, out);
		fputs(";\n", out);
		print_rows(SCOPE_QUEUE, queue, &options->queue_defaults, 2, out);
		fputs("\t}", out);
	}
	fputs(options->queues_count > 0 ? "\n);\n" : " );\n", out);
}

static void print_agent(const struct options *options, const struct agent_options *agent, FILE *out)
{
	print_rows(SCOPE_AGENT, agent, NULL, 2, out);
	fputs("\t\tqueues = [", out);
	for (unsigned i = 0; i < agent->queues_count; i++) {
		fputs(i > 0 ? ", " : " ", out);
		value_print_text(options->queues[agent->queues[i]].name, out);
	}
	fputs(" ];\n", out);
	if (agent->skills_count == 0)
		return;
	fputs("\t\tskills = {", out);
	for (unsigned i = 0; i < agent->skills_count; i++)
		fprintf(out, " %s = %u;", options->skills[agent->skills[i].skill],
		        agent->skills[i].level);
	fputs(" };\n", out);
}

/* A list whose elements have nothing but rows of that scope; they are `size` bytes each. */
static void print_list(const char *name, enum option_scope scope, const void *elements,
                       size_t count, size_t size, FILE *out)
{
	fprintf(out, "%s = (", name);
	for (size_t i = 0; i < count; i++) {
		fputs(i > 0 ? ",\n\t{\n" : "\n\t{\n", out);
		print_rows(scope, (const char *)elements + i * size, NULL, 2, out);
		fputs("\t}", out);
	}
	fputs(count > 0 ? "\n);\n" : " );\n", out);
}

void options_dump(const struct options *options, FILE *out)
{
	print_rows(SCOPE_SITE, options, NULL, 0, out);
	print_list("tiers", SCOPE_TIER, options->tiers, options->tiers_count,
	           sizeof(*options->tiers), out);
	print_queues(options, out);
	fputs("agents = (", out);
	for (size_t i = 0; i < options->agents_count; i++) {
		fputs(i > 0 ? ",\n\t{\n" : "\n\t{\n", out);
		print_agent(options, &options->agents[i], out);
		fputs("\t}", out);
	}
	fputs(options->agents_count > 0 ? "\n);\n" : " );\n", out);
	print_list("clients", SCOPE_CLIENT, options->clients, options->clients_count,
	           sizeof(*options->clients), out);
	print_list("asterisk", SCOPE_ASTERISK, options->asterisks, options->asterisks_count,
	           sizeof(*options->asterisks), out);
}

/* conf/najimid.conf: every option at its default, with its words. */
#include "rows.h"

#include <string.h>

#define COLUMNS 88

static const char head[] =
        "# najimid.conf(5): every option at its default. \"najimid --sample\" prints this file.\n"
        "#\n"
        "# Durations are texts with a unit, \"250ms\" \"20s\" \"10m\" \"8h\" \"7d\", and so are\n"
        "# sizes: \"512\" bytes, \"64K\", \"64M\". Try a change with \"najimid --check FILE\", "
        "take it\n"
        "# over with \"systemctl reload\". Options marked [restart] stay as they are until then.\n";

static const char tail[] =
        "\n# Skills, queues, agents and clients are best kept in a file of their own;\n"
        "# centre.example.conf shows a small centre. Relative to the folder of this file:\n"
        "#\n"
        "# @include \"centre.conf\"\n";

static void indent(unsigned depth, FILE *out)
{
	while (depth-- > 0)
		fputc('\t', out);
}

/* Words in lines of at most COLUMNS, each behind a '#'. */
static void print_comment(const char *words, unsigned depth, FILE *out)
{
	size_t column = 0;

	while (*words != '\0') {
		size_t length = strcspn(words, " ");

		if (column == 0 || column + 1 + length > COLUMNS) {
			fputs(column > 0 ? "\n" : "", out);
			indent(depth, out);
			fputs("# ", out);
			column = 8 * (size_t)depth + 2;
		} else {
			fputc(' ', out);
			column++;
		}
		fprintf(out, "%.*s", (int)length, words);
		column += length;
		words += length + strspn(words + length, " ");
	}
	fputc('\n', out);
}

static void print_option(const struct option_row *row, const char *name, unsigned depth, FILE *out)
{
	char words[1024] = "";
	FILE *text = fmemopen(words, sizeof(words), "w");

	if (text != NULL) {
		fprintf(text, "%s ", row->doc);
		value_print_range(row, text);
		fputs(row->preset[0] != NULL ? " Unless set, as preset says." : "", text);
		fputs(row->reload ? "" : " [restart]", text);
		fclose(text);
	}
	print_comment(words, depth, out);
	indent(depth, out);
	/* If it were set here, no preset would show. */
	fprintf(out, "%s%s = ", row->preset[0] != NULL ? "# " : "", name);
	value_print_default(row, out);
	fputs(";\n", out);
}

/* The inner group that is open: its name, as it begins a path. */
struct inner {
	const char *name;
	size_t length; /* 0: none is */
};

static void close_inner(struct inner *inner, FILE *out)
{
	if (inner->length > 0)
		fputs("\t};\n", out);
	inner->length = 0;
}

/* Leaves the inner group that `name` is not in. */
static void leave_inner(struct inner *inner, const char *name, FILE *out)
{
	if (strncmp(name, inner->name, inner->length) != 0 || name[inner->length] != '.')
		close_inner(inner, out);
}

static void enter_inner(struct inner *inner, const char *name, FILE *out)
{
	const char *dot = strchr(name, '.');

	if (dot == NULL || inner->length > 0)
		return;
	*inner = (struct inner){ name, (size_t)(dot - name) };
	fprintf(out, "\t%.*s = {\n", (int)inner->length, name);
}

/* The rows of one group, and of the groups within it. */
static void print_group(const struct option_group *group, FILE *out)
{
	size_t skip = strcmp(group->name, "queue") == 0 || *group->name == '\0'
	                      ? 0
	                      : strlen(group->name) + 1;
	unsigned depth = *group->name != '\0';
	struct inner inner = { "", 0 };
	const struct option_row *row;
	bool first = true;

	for (size_t i = 0; (row = row_at(group_scope(group), i)) != NULL; i++) {
		const char *name = row->path + skip, *dot;

		if (!row_in_group(row, group->name) || strcmp(row->path, "skills") == 0)
			continue;
		leave_inner(&inner, name, out);
		fputs(first ? "" : "\n", out);
		first = false;
		enter_inner(&inner, name, out);
		dot = strchr(name, '.');
		print_option(row, dot != NULL ? dot + 1 : name, depth + (dot != NULL), out);
	}
	close_inner(&inner, out);
}

void options_sample(FILE *out)
{
	fputs(head, out);
	for (size_t i = 0; i < option_groups_count; i++) {
		const struct option_group *group = &option_groups[i];

		fputs("\n", out);
		if (*group->name == '\0') {
			print_group(group, out);
			continue;
		}
		print_comment(group->doc, 0, out);
		fprintf(out, "%s = {\n", group->name);
		print_group(group, out);
		fputs("};\n", out);
	}
	fputs(tail, out);
}

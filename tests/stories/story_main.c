/* Plays one story file: story_main [-v] FILE.
 *
 * Exits 1 at the first line that is not told as written, naming file and line, with
 * what was expected and what happened. With -v the story is written out as it
 * happens, its own expectations replaced by what the core ordered: the way to write
 * a story is to write the deeds, and to read critically what -v says. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "story.h"
#include "words.h"

#define LINE_SIZE 1536

struct teller {
	const char *path;
	unsigned line;
	bool verbose;
	size_t told; /* orders that an expectation has met */
	struct story story;
};

PRINTF(2, 3)
static int fail(const struct teller *teller, const char *fmt, ...)
{
	va_list ap;

	fflush(stdout);
	fprintf(stderr, "%s:%u: ", teller->path, teller->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return 1;
}

static int nothing_left(struct teller *teller, const char *when)
{
	const struct story_order *order = &teller->story.orders[teller->told];
	char text[DURATION_SIZE];

	if (teller->told == teller->story.orders_count)
		return 0;
	return fail(teller, "%s, '%s' happened at %s and was not expected", when, order->text,
	            seconds_text(order->at, text));
}

static int play_expectation(struct teller *teller, const char *expected)
{
	const char *order = teller->story.orders[teller->told].text;

	if (teller->verbose)
		return 0;
	if (teller->told == teller->story.orders_count)
		return fail(teller, "expected '%s', but nothing happened", expected);
	if (strcmp(order, expected) != 0)
		return fail(teller, "expected '%s', got '%s'", expected, order);
	teller->told++;
	return 0;
}

static int play_check(struct teller *teller, const char *text, const char *source)
{
	struct err err;

	if (teller->verbose)
		printf("%s\n", source);
	if (nothing_left(teller, "before this") != 0)
		return 1;
	return story_check(&teller->story, text, &err) == 0 ? 0 : fail(teller, "%s", err.text);
}

/* First the clock, and by itself: what it brings belongs into a line of its own. */
static int play_deed(struct teller *teller, const char *text, const char *source)
{
	struct story *story = &teller->story;
	struct deed deed;
	struct err err;
	int result;

	if (nothing_left(teller, "before this") != 0)
		return 1;
	teller->told = story->orders_count = 0;
	if (deed_read(&story->cast, text, story->now, &deed, &err) < 0)
		return fail(teller, "%s", err.text);
	if (story_pass(story, deed.at, &err) < 0)
		return fail(teller, "%s", err.text);
	if (teller->verbose && deed.type != DEED_TIME_PASSES)
		story_show_time(story, stdout);
	else if (deed.type != DEED_TIME_PASSES && nothing_left(teller, "before this") != 0)
		return 1;
	if (teller->verbose)
		printf("%s\n", source);
	result = story_do(story, &deed, &err);
	if (teller->verbose)
		story_show(story, stdout);
	return result < 0 ? fail(teller, "%s", err.text) : 0;
}

/* A line without its comment and its blanks at both ends. */
static char *strip(const char *source, char *text)
{
	size_t length;

	strcpy(text, source);
	text[strcspn(text, "#")] = '\0';
	text += strspn(text, " \t");
	length = strlen(text);
	while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		text[--length] = '\0';
	return text;
}

static int play_line(struct teller *teller, const char *source)
{
	char buffer[LINE_SIZE];
	const char *text = strip(source, buffer);

	if (*text == '\0') {
		if (teller->verbose)
			printf("%s\n", source);
		return 0;
	}
	if (strncmp(text, "-> ", 3) == 0)
		return play_expectation(teller, text + 3);
	if (strncmp(text, "= ", 2) == 0)
		return play_check(teller, text + 2, source);
	return play_deed(teller, text, source);
}

static int play(struct teller *teller)
{
	char source[LINE_SIZE];
	FILE *file = fopen(teller->path, "re");
	int result = 0;

	if (file == NULL)
		return fail(teller, "%s", strerror(errno));
	story_begin(&teller->story);
	while (result == 0 && fgets(source, sizeof(source), file) != NULL) {
		teller->line++;
		if (strchr(source, '\n') == NULL && !feof(file))
			result = fail(teller, "too long a line");
		source[strcspn(source, "\n")] = '\0';
		if (result == 0 && teller->line == 1 && source[0] != '#')
			result = fail(teller, "a story opens with a comment on why it matters");
		if (result == 0)
			result = play_line(teller, source);
	}
	if (result == 0)
		result = nothing_left(teller, "at the end");
	story_end(&teller->story);
	fclose(file);
	return result;
}

int main(int argc, char **argv)
{
	static struct teller teller;
	bool verbose = argc == 3 && strcmp(argv[1], "-v") == 0;

	if (argc != (verbose ? 3 : 2)) {
		fprintf(stderr, "usage: story_main [-v] FILE\n");
		return 2;
	}
	teller.verbose = verbose;
	teller.path = argv[argc - 1];
	return play(&teller);
}

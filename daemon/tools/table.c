#include "table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/text.h"

#define CLEAN_SIZE (4 * TABLE_CELL_MAX + 8)
#define GAP "  "

struct table {
	const struct column *columns;
	size_t columns_count;
	size_t rows, size; /* rows begun, and allocated for */
	size_t column;     /* of the row that is being filled */
	char **cells;      /* [size * columns_count], NULL: empty */
};

/* Ranges whose characters take two cells: East Asian wide and full-width forms, and
 * the pictures that terminals draw wide. */
static bool is_wide(uint32_t point)
{
	static const struct {
		uint32_t from, to;
	} wide[] = {
		{ 0x1100, 0x115f },   { 0x2e80, 0x303e },   { 0x3041, 0x33ff },
		{ 0x3400, 0x4dbf },   { 0x4e00, 0x9fff },   { 0xa000, 0xa4cf },
		{ 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },
		{ 0xfe30, 0xfe6f },   { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
		{ 0x1f300, 0x1f64f }, { 0x1f900, 0x1f9ff }, { 0x20000, 0x3fffd },
	};

	for (size_t i = 0; i < ARRAY_LEN(wide); i++)
		if (point >= wide[i].from && point <= wide[i].to)
			return true;
	return false;
}

/* Marks that sit on the character before them, and what joins or hides. */
static bool is_combining(uint32_t point)
{
	return (point >= 0x0300 && point <= 0x036f) || (point >= 0x3099 && point <= 0x309a) ||
	       (point >= 0x200b && point <= 0x200d) || (point >= 0x20d0 && point <= 0x20ff) ||
	       (point >= 0xfe00 && point <= 0xfe0f);
}

/* Control characters, and those that turn the direction of writing. */
static bool is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
	       (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static size_t cells_of(uint32_t point)
{
	if (is_combining(point))
		return 0;
	return is_wide(point) ? 2 : 1;
}

size_t table_width(const char *text)
{
	struct text rest = text_of(text);
	size_t width = 0;

	while (rest.length > 0) {
		uint32_t point = 0;
		size_t bytes = text_char(rest, &point);

		width += bytes == 0 ? 1 : cells_of(point);
		bytes = bytes == 0 ? 1 : bytes;
		rest.start += bytes;
		rest.length -= bytes;
	}
	return width;
}

void table_clean(const char *text, char *ret, size_t size)
{
	struct text rest = text_of(text);
	size_t length = 0, width = 0;

	assert(size >= CLEAN_SIZE);
	while (rest.length > 0) {
		uint32_t point = 0;
		size_t bytes = text_char(rest, &point), taken = bytes == 0 ? 1 : bytes;
		struct text shown = { rest.start, bytes };

		if (bytes == 0 || is_control(point)) {
			shown = TEXT("\xef\xbf\xbd"); /* U+FFFD */
			point = 0xfffd;
		}
		/* The last cell is for the ellipsis when there is more to come. */
		if (width + cells_of(point) > TABLE_CELL_MAX - (rest.length > taken ? 1 : 0) ||
		    length + shown.length + 4 > size) {
			memcpy(ret + length, "\xe2\x80\xa6", 3);
			length += 3;
			break;
		}
		memcpy(ret + length, shown.start, shown.length);
		length += shown.length;
		width += cells_of(point);
		rest.start += taken;
		rest.length -= taken;
	}
	ret[length] = '\0';
}

struct table *table_new(const struct column *columns, size_t count)
{
	struct table *table = calloc(1, sizeof(*table));

	assert(count > 0 && count <= TABLE_COLUMNS_MAX);
	if (table == NULL)
		return NULL;
	table->columns = columns;
	table->columns_count = count;
	return table;
}

struct table *table_free(struct table *table)
{
	if (table == NULL)
		return NULL;
	for (size_t i = 0; i < table->rows * table->columns_count; i++)
		free(table->cells[i]);
	free(table->cells);
	free(table);
	return NULL;
}

void table_row(struct table *table)
{
	size_t size = table->size == 0 ? 16 : table->size * 2;
	char **cells;

	table->column = 0;
	if (table->rows == table->size) {
		cells = reallocarray(table->cells, size * table->columns_count, sizeof(*cells));
		if (cells == NULL) {
			table->column = table->columns_count; /* nothing more goes in */
			return;
		}
		table->cells = cells;
		table->size = size;
	}
	for (size_t i = 0; i < table->columns_count; i++)
		table->cells[table->rows * table->columns_count + i] = NULL;
	table->rows++;
}

void table_text(struct table *table, const char *text)
{
	char clean[CLEAN_SIZE];

	if (table->rows == 0 || table->column >= table->columns_count)
		return;
	table_clean(text == NULL ? "-" : text, clean, sizeof(clean));
	table->cells[(table->rows - 1) * table->columns_count + table->column++] = strdup(clean);
}

void table_number(struct table *table, int64_t number)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, number);
	table_text(table, text);
}

void table_duration(struct table *table, usec_t duration)
{
	uint64_t seconds = duration / SEC(1);
	char text[32];

	if (duration == USEC_NEVER) {
		table_text(table, NULL);
		return;
	}
	if (seconds >= 3600)
		snprintf(text, sizeof(text), "%" PRIu64 ":%02u:%02u", seconds / 3600,
		         (unsigned)(seconds / 60 % 60), (unsigned)(seconds % 60));
	else
		snprintf(text, sizeof(text), "%u:%02u", (unsigned)(seconds / 60),
		         (unsigned)(seconds % 60));
	table_text(table, text);
}

size_t table_rows(const struct table *table)
{
	return table->rows;
}

static const char *cell(const struct table *table, size_t row, size_t column)
{
	const char *text = table->cells[row * table->columns_count + column];

	return text == NULL ? "" : text;
}

static size_t column_width(const struct table *table, size_t column)
{
	size_t width = table_width(table->columns[column].title);

	for (size_t row = 0; row < table->rows; row++) {
		size_t own = table_width(cell(table, row, column));

		width = own > width ? own : width;
	}
	return width;
}

static void print_cell(const struct table *table, size_t column, size_t width, const char *text,
                       FILE *out)
{
	int padding = (int)(width - table_width(text));
	bool last = column + 1 == table->columns_count;

	if (column > 0)
		fputs(GAP, out);
	if (table->columns[column].right)
		fprintf(out, "%*s%s", padding, "", text);
	else if (last)
		fputs(text, out); /* no white space at the line's end */
	else
		fprintf(out, "%s%*s", text, padding, "");
}

void table_print(const struct table *table, bool colour, FILE *out)
{
	size_t widths[TABLE_COLUMNS_MAX];

	for (size_t i = 0; i < table->columns_count; i++)
		widths[i] = column_width(table, i);
	fputs(colour ? "\x1b[1m" : "", out);
	for (size_t i = 0; i < table->columns_count; i++)
		print_cell(table, i, widths[i], table->columns[i].title, out);
	fputs(colour ? "\x1b[0m\n" : "\n", out);
	for (size_t row = 0; row < table->rows; row++) {
		for (size_t i = 0; i < table->columns_count; i++)
			print_cell(table, i, widths[i], cell(table, row, i), out);
		fputc('\n', out);
	}
}

#include "whatif_plot.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "najimi/base/number.h"

#define HEIGHT 17
#define MARGIN 7 /* for the numbers of the scale */
#define WIDTH_MIN 40
#define WIDTH_MAX 120
#define STEPS_Y 5

/* The signs, as the terminal can show them. */
struct signs {
	const char *value, *present, *across, *up, *corner, *tick_x, *tick_y;
};

/* The first letters of the presets' names. */
static const char *const presets[] = { "N", "B", "S", "R" };

static const struct signs utf8 = { "●", "◆", "─", "│", "└", "┬", "┤" };
static const struct signs ascii = { "*", "@", "-", "|", "+", "+", "+" };

struct canvas {
	const struct signs *signs;
	unsigned width; /* of the area within the scales */
	struct whatif_axis x, y;
	const char *cells[HEIGHT][WIDTH_MAX]; /* NULL: empty */
	char digits[HEIGHT][WIDTH_MAX][2];    /* what the labels' cells point to */
};

/* --- points --- */

static unsigned column_of(const struct canvas *canvas, const struct whatif_run *run)
{
	return (unsigned)(whatif_axis_place(&canvas->x, run->wait) * (canvas->width - 1) + 0.5);
}

static unsigned row_of(const struct canvas *canvas, double percent)
{
	return HEIGHT - 1 - (unsigned)(whatif_axis_place(&canvas->y, percent) * (HEIGHT - 1) + 0.5);
}

static const char *sign_of(const struct canvas *canvas, const struct whatif_run *run)
{
	switch (run->kind) {
	case WHATIF_IS_VALUE:
		return canvas->signs->value;
	case WHATIF_IS_PRESENT:
		return canvas->signs->present;
	case WHATIF_IS_PRESET:
		break;
	}
	for (size_t i = 0; i < ARRAY_LEN(presets); i++)
		if ((presets[i][0] | 0x20) == run->name[0])
			return presets[i];
	return "?";
}

static void put_points(struct canvas *canvas, const struct whatif_study *study,
                       enum whatif_kind kind)
{
	for (size_t i = 0; i < study->runs_count; i++) {
		const struct whatif_run *run = &study->runs[i];

		if (run->kind == kind && whatif_has_place(run))
			canvas->cells[row_of(canvas, run->reunited * 100)][column_of(canvas, run)] =
			        sign_of(canvas, run);
	}
}

/* The number of a value beside its dot, where there is room. */
static void put_label(struct canvas *canvas, const struct whatif_run *run)
{
	unsigned row = row_of(canvas, run->reunited * 100), column = column_of(canvas, run) + 1;
	char label[16];
	size_t length = (size_t)snprintf(label, sizeof(label), "%llu",
	                                 (unsigned long long)(run->plan.value / SEC(1)));

	if (column + length + 1 > canvas->width)
		return;
	for (size_t i = 0; i <= length; i++)
		if (canvas->cells[row][column + i] != NULL)
			return;
	for (size_t i = 0; i < length; i++) {
		char *digit = canvas->digits[row][column + i];

		digit[0] = label[i];
		canvas->cells[row][column + i] = digit;
	}
}

static void put_labels(struct canvas *canvas, const struct whatif_study *study)
{
	for (size_t i = 0; i < study->runs_count; i++)
		if (study->runs[i].kind == WHATIF_IS_VALUE && whatif_has_place(&study->runs[i]))
			put_label(canvas, &study->runs[i]);
}

/* --- scales --- */

static void print_rows(const struct canvas *canvas, FILE *out)
{
	for (unsigned row = 0; row < HEIGHT; row++) {
		bool tick = false;
		unsigned last = 0;

		for (double at = canvas->y.from; at < canvas->y.to + canvas->y.step / 2;
		     at += canvas->y.step)
			if (row_of(canvas, at) == row) {
				fprintf(out, "%*.*f ", MARGIN - 2, canvas->y.decimals, at);
				tick = true;
			}
		fprintf(out, "%*s%s", tick ? 0 : MARGIN - 1, "",
		        tick ? canvas->signs->tick_y : canvas->signs->up);
		for (unsigned i = 0; i < canvas->width; i++)
			if (canvas->cells[row][i] != NULL)
				last = i + 1;
		for (unsigned i = 0; i < last; i++)
			fputs(canvas->cells[row][i] == NULL ? " " : canvas->cells[row][i], out);
		fputc('\n', out);
	}
}

static void print_scale(const struct canvas *canvas, FILE *out)
{
	unsigned written = 0, drawn = 0;

	fprintf(out, "%*s%s", MARGIN - 1, "", canvas->signs->corner);
	for (double at = canvas->x.from; at < canvas->x.to + canvas->x.step / 2;
	     at += canvas->x.step) {
		unsigned column =
		        (unsigned)(whatif_axis_place(&canvas->x, at) * (canvas->width - 1) + 0.5);

		for (; drawn < column; drawn++)
			fputs(canvas->signs->across, out);
		fputs(canvas->signs->tick_x, out);
		drawn++;
	}
	fputc('\n', out);
	for (double at = canvas->x.from; at < canvas->x.to + canvas->x.step / 2;
	     at += canvas->x.step) {
		char number[32];
		int length = snprintf(number, sizeof(number), "%.*f", canvas->x.decimals, at);
		unsigned column =
		        MARGIN +
		        (unsigned)(whatif_axis_place(&canvas->x, at) * (canvas->width - 1) + 0.5);
		unsigned start = column - (unsigned)length / 2;

		if (start < written + (written > 0))
			continue; /* no room */
		fprintf(out, "%*s%s", (int)(start - written), "", number);
		written = start + (unsigned)length;
	}
	fprintf(out, "\n%*smean wait of all answered callers, seconds\n", MARGIN, "");
}

static void print_legend(const struct canvas *canvas, FILE *out)
{
	fprintf(out,
	        "%*s%s value, s   %s present   N neutral   B balanced   S sticky   R regulars\n",
	        MARGIN - 2, "", canvas->signs->value, canvas->signs->present);
}

void whatif_plot(const struct whatif_study *study, unsigned width, bool plain, FILE *out)
{
	struct canvas canvas = { .signs = plain ? &ascii : &utf8 };

	if (width < WIDTH_MIN)
		width = WIDTH_MIN;
	canvas.width = width - MARGIN - 2 < WIDTH_MAX ? width - MARGIN - 2 : WIDTH_MAX;
	if (!whatif_axes(study, canvas.width / 12, STEPS_Y, &canvas.x, &canvas.y))
		return;
	/* What matters most is drawn over the rest. */
	put_points(&canvas, study, WHATIF_IS_VALUE);
	put_points(&canvas, study, WHATIF_IS_PRESET);
	put_points(&canvas, study, WHATIF_IS_PRESENT);
	put_labels(&canvas, study);
	fprintf(out, "returning callers, own agent present, who met them: %%\n");
	print_rows(&canvas, out);
	print_scale(&canvas, out);
	print_legend(&canvas, out);
}

/* --- the terminal --- */

unsigned whatif_terminal_width(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t number;

	if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (columns != NULL && number_parse(columns, &number) == 0 && number > 0 && number < 10000)
		return (unsigned)number;
	return 80;
}

bool whatif_terminal_plain(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool plain;

	if (locale == (locale_t)0)
		return true;
	plain = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") != 0;
	freelocale(locale);
	return plain;
}

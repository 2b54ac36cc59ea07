#include "whatif_draw.h"

#include <errno.h>

#ifdef NAJIMI_DRAWS

#include <cairo-svg.h>
#include <cairo.h>
#include <stdlib.h>
#include <string.h>

/* The sheet, and the area within the scales. */
#define WIDTH 960
#define HEIGHT 620
#define LEFT 84
#define TOP 96
#define RIGHT (WIDTH - 40)
#define BOTTOM (HEIGHT - 76)
#define PNG_SCALE 2

#define BOXES_MAX 8192
#define CURVE_STEP 6 /* between the boxes that keep labels off the curve */
#define FULL_TURN 6.283185307179586

struct colour {
	double red, green, blue;
};

/* On paper of its own, so that it reads the same on a light and on a dark page. */
static const struct colour paper = { 1, 1, 1 }, ink = { 0.13, 0.15, 0.18 },
                           faint = { 0.88, 0.90, 0.92 }, grey = { 0.36, 0.39, 0.43 },
                           blue = { 0.12, 0.36, 0.67 }, green = { 0.05, 0.45, 0.25 },
                           red = { 0.75, 0.20, 0.05 };

struct box {
	double left, top, right, bottom;
};

struct sheet {
	cairo_t *cairo;
	const struct whatif_study *study;
	struct whatif_axis x, y;
	struct box boxes[BOXES_MAX]; /* where labels cannot go any more */
	size_t boxes_count;
};

static void set_colour(struct sheet *sheet, struct colour colour)
{
	cairo_set_source_rgb(sheet->cairo, colour.red, colour.green, colour.blue);
}

static double place_x(const struct sheet *sheet, double wait)
{
	return LEFT + whatif_axis_place(&sheet->x, wait) * (RIGHT - LEFT);
}

static double place_y(const struct sheet *sheet, double percent)
{
	return BOTTOM - whatif_axis_place(&sheet->y, percent) * (BOTTOM - TOP);
}

/* --- text --- */

static double width_of(struct sheet *sheet, const char *text)
{
	cairo_text_extents_t extents;

	cairo_text_extents(sheet->cairo, text, &extents);
	return extents.x_advance;
}

/* `at` is 0 for a text that begins there, 0.5 for one in the middle, 1 for the end. */
static void write_text(struct sheet *sheet, const char *text, double x, double y, double at)
{
	cairo_move_to(sheet->cairo, x - at * width_of(sheet, text), y);
	cairo_show_text(sheet->cairo, text);
}

static void set_font(struct sheet *sheet, double size, bool bold)
{
	cairo_select_font_face(sheet->cairo, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
	                       bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(sheet->cairo, size);
}

/* --- scales --- */

static void draw_line(struct sheet *sheet, double x1, double y1, double x2, double y2)
{
	cairo_move_to(sheet->cairo, x1, y1);
	cairo_line_to(sheet->cairo, x2, y2);
	cairo_stroke(sheet->cairo);
}

static void draw_scales(struct sheet *sheet)
{
	char number[32];

	set_font(sheet, 14, false);
	cairo_set_line_width(sheet->cairo, 1);
	for (double at = sheet->x.from; at < sheet->x.to + sheet->x.step / 2; at += sheet->x.step) {
		set_colour(sheet, faint);
		draw_line(sheet, place_x(sheet, at), TOP, place_x(sheet, at), BOTTOM);
		set_colour(sheet, grey);
		snprintf(number, sizeof(number), "%.*f", sheet->x.decimals, at);
		write_text(sheet, number, place_x(sheet, at), BOTTOM + 22, 0.5);
	}
	for (double at = sheet->y.from; at < sheet->y.to + sheet->y.step / 2; at += sheet->y.step) {
		set_colour(sheet, faint);
		draw_line(sheet, LEFT, place_y(sheet, at), RIGHT, place_y(sheet, at));
		set_colour(sheet, grey);
		snprintf(number, sizeof(number), "%.*f %%", sheet->y.decimals, at);
		write_text(sheet, number, LEFT - 10, place_y(sheet, at) + 5, 1);
	}
	set_colour(sheet, ink);
	write_text(sheet, "mean wait of all answered callers, seconds", (LEFT + RIGHT) / 2.0,
	           HEIGHT - 24, 0.5);
	cairo_save(sheet->cairo);
	cairo_translate(sheet->cairo, 22, (TOP + BOTTOM) / 2.0);
	cairo_rotate(sheet->cairo, -FULL_TURN / 4);
	write_text(sheet, "met their own agent, where present", 0, 0, 0.5);
	cairo_restore(sheet->cairo);
}

static void draw_head(struct sheet *sheet)
{
	const struct whatif_study *study = sheet->study;
	char text[256], from[INSTANT_SIZE], to[INSTANT_SIZE];

	set_colour(sheet, ink);
	set_font(sheet, 21, true);
	write_text(sheet, "Reunions against waiting", LEFT, 38, 0);
	set_font(sheet, 14, false);
	set_colour(sheet, grey);
	text_of_instant(study->found.base + study->count_from, from, sizeof(from));
	text_of_instant(study->found.last, to, sizeof(to));
	snprintf(text, sizeof(text), "%s%s%s, %zu calls played, counted from %.10s to %.10s",
	         study->site, study->queue == NULL ? "" : ", queue ",
	         study->queue == NULL ? "" : study->queue, study->found.calls, from, to);
	write_text(sheet, text, LEFT, 60, 0);
	set_colour(sheet, red);
	snprintf(text, sizeof(text), "present: ");
	whatif_describe(&study->plans[study->main], text + strlen(text),
	                sizeof(text) - strlen(text));
	write_text(sheet, text, LEFT, 80, 0);
}

/* --- points and their labels --- */

static bool is_free(const struct sheet *sheet, const struct box *box)
{
	if (box->left < LEFT || box->right > WIDTH - 4 || box->top < TOP - 14 ||
	    box->bottom > BOTTOM)
		return false;
	for (size_t i = 0; i < sheet->boxes_count; i++) {
		const struct box *other = &sheet->boxes[i];

		if (box->left < other->right && other->left < box->right &&
		    box->top < other->bottom && other->top < box->bottom)
			return false;
	}
	return true;
}

static void take_box(struct sheet *sheet, struct box box)
{
	if (sheet->boxes_count < BOXES_MAX)
		sheet->boxes[sheet->boxes_count++] = box;
}

/* On the first side of the point that is free; `must`: somewhere if none is. */
static void draw_label(struct sheet *sheet, const char *text, double x, double y, double reach,
                       bool must)
{
	double width = width_of(sheet, text);
	const struct box sides[] = {
		{ x + reach, y - 8, x + reach + width, y + 8 },
		{ x - reach - width, y - 8, x - reach, y + 8 },
		{ x - width / 2, y - reach - 16, x + width / 2, y - reach },
		{ x - width / 2, y + reach, x + width / 2, y + reach + 16 },
		{ x + reach, y + reach, x + reach + width, y + reach + 16 },
		{ x + reach, y - reach - 16, x + reach + width, y - reach },
		{ x - reach - width, y - reach - 16, x - reach, y - reach },
		{ x - reach - width, y + reach + 4, x - reach, y + reach + 20 },
	};
	const struct box *chosen = must ? &sides[0] : NULL;

	for (size_t i = 0; i < ARRAY_LEN(sides); i++)
		if (is_free(sheet, &sides[i])) {
			chosen = &sides[i];
			break;
		}
	if (chosen == NULL)
		return;
	write_text(sheet, text, chosen->left, chosen->bottom - 3, 0);
	take_box(sheet, *chosen);
}

static void draw_sign(struct sheet *sheet, const struct whatif_run *run)
{
	double x = place_x(sheet, run->wait), y = place_y(sheet, run->reunited * 100);
	cairo_t *cairo = sheet->cairo;

	switch (run->kind) {
	case WHATIF_IS_VALUE:
		set_colour(sheet, blue);
		cairo_arc(cairo, x, y, 4.5, 0, FULL_TURN);
		cairo_fill(cairo);
		break;
	case WHATIF_IS_PRESENT:
		set_colour(sheet, red);
		cairo_set_line_width(cairo, 3);
		cairo_arc(cairo, x, y, 10, 0, FULL_TURN);
		cairo_stroke(cairo);
		break;
	case WHATIF_IS_PRESET:
		set_colour(sheet, green);
		cairo_move_to(cairo, x, y - 8);
		cairo_line_to(cairo, x + 8, y);
		cairo_line_to(cairo, x, y + 8);
		cairo_line_to(cairo, x - 8, y);
		cairo_close_path(cairo);
		cairo_fill(cairo);
		break;
	}
	take_box(sheet, (struct box){ x - 6, y - 6, x + 6, y + 6 });
}

/* Keeps labels off a part of the curve. */
static void take_line(struct sheet *sheet, double x1, double y1, double x2, double y2)
{
	double across = x2 > x1 ? x2 - x1 : x1 - x2, up = y2 > y1 ? y2 - y1 : y1 - y2;
	unsigned steps = (unsigned)((across > up ? across : up) / CURVE_STEP) + 1;

	for (unsigned i = 0; i <= steps; i++) {
		double x = x1 + (x2 - x1) * i / steps, y = y1 + (y2 - y1) * i / steps;

		take_box(sheet, (struct box){ x - 2, y - 2, x + 2, y + 2 });
	}
}

/* The values in their order: what more of it brings, and what it costs. */
static void draw_curve(struct sheet *sheet)
{
	const struct whatif_study *study = sheet->study;
	double last_x = 0, last_y = 0;
	bool any = false;

	set_colour(sheet, blue);
	cairo_set_line_width(sheet->cairo, 1.5);
	cairo_new_path(sheet->cairo); /* a text leaves its end behind */
	for (size_t i = 0; i < study->runs_count; i++) {
		double x, y;

		if (study->runs[i].kind != WHATIF_IS_VALUE || !whatif_has_place(&study->runs[i]))
			continue;
		x = place_x(sheet, study->runs[i].wait);
		y = place_y(sheet, study->runs[i].reunited * 100);
		cairo_line_to(sheet->cairo, x, y);
		if (any)
			take_line(sheet, last_x, last_y, x, y);
		last_x = x;
		last_y = y;
		any = true;
	}
	cairo_stroke(sheet->cairo);
}

static void draw_kind(struct sheet *sheet, enum whatif_kind kind)
{
	for (size_t i = 0; i < sheet->study->runs_count; i++)
		if (sheet->study->runs[i].kind == kind && whatif_has_place(&sheet->study->runs[i]))
			draw_sign(sheet, &sheet->study->runs[i]);
}

static void label_kind(struct sheet *sheet, enum whatif_kind kind)
{
	static const char value[] = "value ";

	for (size_t i = 0; i < sheet->study->runs_count; i++) {
		const struct whatif_run *run = &sheet->study->runs[i];
		const char *text = run->name;

		if (run->kind != kind || !whatif_has_place(run))
			continue;
		if (kind == WHATIF_IS_VALUE)
			text += sizeof(value) - 1;
		set_colour(sheet, kind == WHATIF_IS_VALUE     ? blue
		                  : kind == WHATIF_IS_PRESENT ? red
		                                              : green);
		draw_label(sheet, text, place_x(sheet, run->wait),
		           place_y(sheet, run->reunited * 100), kind == WHATIF_IS_PRESENT ? 15 : 11,
		           kind != WHATIF_IS_VALUE);
	}
}

static void draw(struct sheet *sheet)
{
	set_colour(sheet, paper);
	cairo_paint(sheet->cairo);
	draw_head(sheet);
	draw_scales(sheet);
	draw_curve(sheet);
	draw_kind(sheet, WHATIF_IS_VALUE);
	draw_kind(sheet, WHATIF_IS_PRESET);
	draw_kind(sheet, WHATIF_IS_PRESENT);
	set_font(sheet, 14, true);
	label_kind(sheet, WHATIF_IS_PRESENT);
	label_kind(sheet, WHATIF_IS_PRESET);
	set_font(sheet, 13, false);
	label_kind(sheet, WHATIF_IS_VALUE);
}

/* --- files --- */

static cairo_status_t write_bytes(void *arg, const unsigned char *bytes, unsigned length)
{
	return fwrite(bytes, 1, length, arg) == length ? CAIRO_STATUS_SUCCESS
	                                               : CAIRO_STATUS_WRITE_ERROR;
}

/* Takes the surface over. */
static cairo_status_t draw_on(cairo_surface_t *surface, const struct whatif_study *study,
                              double scale, FILE *png)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));
	cairo_status_t status = CAIRO_STATUS_NO_MEMORY;

	if (sheet != NULL) {
		sheet->study = study;
		sheet->cairo = cairo_create(surface);
		cairo_scale(sheet->cairo, scale, scale);
		if (whatif_axes(study, 8, 6, &sheet->x, &sheet->y))
			draw(sheet);
		status = cairo_status(sheet->cairo);
		cairo_destroy(sheet->cairo);
		free(sheet);
	}
	if (status == CAIRO_STATUS_SUCCESS && png != NULL)
		status = cairo_surface_write_to_png_stream(surface, write_bytes, png);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return status;
}

static int draw_file(const struct whatif_study *study, const char *path, bool png, struct err *err)
{
	FILE *file = fopen(path, "we");
	cairo_surface_t *surface;
	cairo_status_t status;

	if (file == NULL)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	if (png) {
		surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH * PNG_SCALE,
		                                     HEIGHT * PNG_SCALE);
		status = draw_on(surface, study, PNG_SCALE, file);
	} else {
		surface = cairo_svg_surface_create_for_stream(write_bytes, file, WIDTH, HEIGHT);
		cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
		status = draw_on(surface, study, 1, NULL);
	}
	if (fclose(file) != 0)
		return err_set(err, -errno, "%s: %s", path, strerror(errno));
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, -EIO, "%s: %s", path, cairo_status_to_string(status));
	return 0;
}

#else

static int draw_file(const struct whatif_study *study, const char *path, bool png, struct err *err)
{
	(void)study;
	(void)png;
	return err_set(err, -ENOSYS, "%s: this najimictl was built without cairo and cannot draw",
	               path);
}

#endif

int whatif_draw_svg(const struct whatif_study *study, const char *path, struct err *err)
{
	return draw_file(study, path, false, err);
}

int whatif_draw_png(const struct whatif_study *study, const char *path, struct err *err)
{
	return draw_file(study, path, true, err);
}

/* One value: from text, compared, copied, freed. */
#include "rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/base/text.h"

static void *field_of(const struct option_row *row, void *base)
{
	return (char *)base + row->offset;
}

static const void *const_field_of(const struct option_row *row, const void *base)
{
	return (const char *)base + row->offset;
}

static char *const *text_of_row(const struct option_row *row, const void *base)
{
	return const_field_of(row, base);
}

const char *value_text(const struct option_row *row, const void *base)
{
	assert(row->kind == OPTION_TEXT || row->kind == OPTION_SECRET);
	return *text_of_row(row, base);
}

char *const *value_texts(const struct option_row *row, const void *base)
{
	assert(row->kind == OPTION_TEXTS);
	return *(char **const *)const_field_of(row, base);
}

/* Every field's range fits the signed type of its width: tests/unit checks the rows. */
static void store_number(const struct option_row *row, void *base, int64_t value)
{
	void *field = field_of(row, base);

	switch (row->width) {
	case sizeof(bool):
		*(bool *)field = value != 0;
		return;
	case sizeof(int16_t):
		*(int16_t *)field = (int16_t)value;
		return;
	case sizeof(int32_t):
		*(int32_t *)field = (int32_t)value;
		return;
	default:
		assert(row->width == sizeof(int64_t));
		*(int64_t *)field = value;
	}
}

int64_t value_number(const struct option_row *row, const void *base)
{
	const void *field = const_field_of(row, base);

	switch (row->width) {
	case sizeof(bool):
		return *(const bool *)field;
	case sizeof(int16_t):
		return *(const int16_t *)field;
	case sizeof(int32_t):
		return *(const int32_t *)field;
	default:
		assert(row->width == sizeof(int64_t));
		return *(const int64_t *)field;
	}
}

static int refuse_kind(const struct option_row *row, const char *text, struct err *err)
{
	char shown[SHOWN_SIZE];

	return err_set(err, -EINVAL, "wants %s, not \"%s\"", value_wants(row),
	               value_shown(text, shown));
}

static int refuse_range(const struct option_row *row, const char *text, struct err *err)
{
	char shown[SHOWN_SIZE], low[32], high[32];
	bool also = row->also != NULL;

	value_write_limit(row, row->min, low, sizeof(low));
	value_write_limit(row, row->max, high, sizeof(high));
	return err_set(err, -ERANGE, "%s is outside %s to %s%s%s", value_shown(text, shown), low,
	               high, also ? ", or " : "", also ? row->also : "");
}

/* "5%", "0.5%": thousandths. */
static int parse_percent(const char *text, int64_t *ret)
{
	char whole[20];
	size_t length = strspn(text, "0123456789");
	int64_t value, tenths = 0;
	int r;

	if (length == 0 || length >= sizeof(whole))
		return length == 0 ? -EINVAL : -ERANGE;
	memcpy(whole, text, length);
	whole[length] = '\0';
	text += length;
	if (text[0] == '.' && text[1] >= '0' && text[1] <= '9') {
		tenths = text[1] - '0';
		text += 2;
	}
	if (strcmp(text, "%") != 0)
		return -EINVAL;
	r = number_parse(whole, &value);
	if (r < 0)
		return r;
	if (value > INT64_MAX / 10 - 1)
		return -ERANGE;
	*ret = value * 10 + tenths;
	return 0;
}

static int parse_number(const struct option_row *row, const char *text, int64_t *ret)
{
	uint64_t amount = 0;
	int r;

	if (row->kind == OPTION_INT)
		return number_parse(text, ret);
	if (row->kind == OPTION_PERCENT)
		return parse_percent(text, ret);
	r = row->kind == OPTION_DURATION ? number_parse_duration(text, &amount)
	                                 : number_parse_size(text, &amount);
	if (r == 0)
		*ret = amount > INT64_MAX ? INT64_MAX : (int64_t)amount;
	return r;
}

static int set_number(const struct option_row *row, void *base, const char *text, struct err *err)
{
	int64_t value = 0;
	int r;

	if (row->also != NULL && strcmp(text, row->also) == 0) {
		store_number(row, base, row->also_is);
		return 0;
	}
	r = parse_number(row, text, &value);
	if (r == -EINVAL)
		return refuse_kind(row, text, err);
	if (r < 0 || value < row->min || value > row->max)
		return refuse_range(row, text, err);
	store_number(row, base, value);
	return 0;
}

static int set_choice(const struct option_row *row, void *base, const char *text, struct err *err)
{
	char shown[SHOWN_SIZE], known[128] = "";
	size_t length = 0;

	for (int i = 0; row->words[i] != NULL; i++) {
		if (strcmp(row->words[i], text) == 0) {
			store_number(row, base, i);
			return 0;
		}
		if (*row->words[i] != '\0' && length < sizeof(known))
			length += (size_t)snprintf(known + length, sizeof(known) - length, "%s%s",
			                           length > 0 ? ", " : "", row->words[i]);
	}
	return err_set(err, -EINVAL, "does not know \"%s\", only %s", value_shown(text, shown),
	               known);
}

static int check_text(const struct option_row *row, const char *text, struct err *err)
{
	size_t length = strlen(text);

	if (length < (size_t)row->min)
		return err_set(err, -EINVAL, "must not be empty");
	if (length > (size_t)row->max)
		return err_set(err, -ERANGE, "is %zu bytes long, outside %lld to %lld", length,
		               (long long)row->min, (long long)row->max);
	if (length > 0 && !text_is_id(text_of(text), (size_t)row->max))
		return err_set(err, -EINVAL, "has a character that cannot be printed");
	return row->form != NULL ? row->form(text, err) : 0;
}

static int set_text(const struct option_row *row, void *base, const char *text, struct err *err)
{
	char **field = field_of(row, base);
	char *copy;
	int r;

	r = check_text(row, text, err);
	if (r < 0)
		return r;
	copy = strdup(text);
	if (copy == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	value_free(row, base);
	*field = copy;
	return 0;
}

int value_set(const struct option_row *row, void *base, const char *text, struct err *err)
{
	switch (row->kind) {
	case OPTION_BOOL:
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return refuse_kind(row, text, err);
		store_number(row, base, (*text == 't') != row->inverted);
		return 0;
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
		return set_number(row, base, text, err);
	case OPTION_CHOICE:
		return set_choice(row, base, text, err);
	case OPTION_TEXT:
	case OPTION_SECRET:
		return set_text(row, base, text, err);
	case OPTION_TEXTS:
	case OPTION_QUEUES:
	case OPTION_LEVELS:
		break;
	}
	assert(!"a list is set element by element");
	return -EINVAL;
}

static size_t count_texts(char *const *texts)
{
	size_t count = 0;

	while (texts != NULL && texts[count] != NULL)
		count++;
	return count;
}

int value_add(const struct option_row *row, void *base, const char *text, struct err *err)
{
	char ***field = field_of(row, base), **grown;
	size_t count = count_texts(*field);
	char shown[SHOWN_SIZE], *copy;
	int r;

	assert(row->kind == OPTION_TEXTS);

	r = check_text(row, text, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < count; i++)
		if (strcmp((*field)[i], text) == 0)
			return err_set(err, -EEXIST, "has \"%s\" twice", value_shown(text, shown));

	copy = strdup(text);
	grown = realloc(*field, (count + 2) * sizeof(*grown));
	if (grown != NULL)
		*field = grown;
	if (grown == NULL || copy == NULL) {
		free(copy);
		return err_set(err, -ENOMEM, "out of memory");
	}
	grown[count] = copy;
	grown[count + 1] = NULL;
	return 0;
}

void value_clear_texts(const struct option_row *row, void *base)
{
	char **texts = *(char ***)field_of(row, base);

	for (size_t i = 0; texts != NULL && texts[i] != NULL; i++) {
		free(texts[i]);
		texts[i] = NULL;
	}
}

void value_free(const struct option_row *row, void *base)
{
	char **text;

	switch (row->kind) {
	case OPTION_TEXTS:
		value_clear_texts(row, base);
		free(*(char ***)field_of(row, base));
		*(char ***)field_of(row, base) = NULL;
		break;
	case OPTION_TEXT:
	case OPTION_SECRET:
		text = field_of(row, base);
		if (*text != NULL && row->kind == OPTION_SECRET)
			explicit_bzero(*text, strlen(*text));
		free(*text);
		*text = NULL;
		break;
	case OPTION_BOOL:
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_CHOICE:
	case OPTION_QUEUES:
	case OPTION_LEVELS:
		break;
	}
}

/* An empty list is a list: what reads it need not look twice. */
static int make_list(const struct option_row *row, void *base, struct err *err)
{
	char ***field = field_of(row, base);

	*field = calloc(1, sizeof(**field));
	return *field != NULL ? 0 : err_set(err, -ENOMEM, "out of memory");
}

static int default_texts(const struct option_row *row, void *base, struct err *err)
{
	const char *at = row->fallback;
	char word[64];
	int r;

	r = make_list(row, base, err);
	while (r == 0 && *at != '\0') {
		size_t length = strcspn(at, " ");

		assert(length < sizeof(word));
		memcpy(word, at, length);
		word[length] = '\0';
		r = value_add(row, base, word, err);
		at += length + strspn(at + length, " ");
	}
	return r;
}

int value_default(const struct option_row *row, void *base, struct err *err)
{
	int r = 0;

	switch (row->kind) {
	case OPTION_QUEUES:
	case OPTION_LEVELS:
		break; /* none */
	case OPTION_TEXTS:
		r = default_texts(row, base, err);
		break;
	case OPTION_BOOL:
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_CHOICE:
	case OPTION_TEXT:
	case OPTION_SECRET:
		r = value_set(row, base, row->fallback, err);
		break;
	}
	assert(r == 0 || r == -ENOMEM); /* our own defaults are within our own ranges */
	return r;
}

int value_copy(const struct option_row *row, void *to, const void *from, struct err *err)
{
	assert(row->kind != OPTION_TEXTS && row->kind != OPTION_QUEUES &&
	       row->kind != OPTION_LEVELS);

	if (row->kind == OPTION_TEXT || row->kind == OPTION_SECRET)
		return set_text(row, to, *text_of_row(row, from), err);
	memcpy(field_of(row, to), const_field_of(row, from), row->width);
	return 0;
}

bool value_equal(const struct option_row *row, const void *a, const void *b)
{
	char *const *left, *const *right;
	size_t i;

	switch (row->kind) {
	case OPTION_TEXTS:
		left = value_texts(row, a);
		right = value_texts(row, b);
		for (i = 0; left[i] != NULL && right[i] != NULL; i++)
			if (strcmp(left[i], right[i]) != 0)
				return false;
		return left[i] == right[i];
	case OPTION_TEXT:
	case OPTION_SECRET:
		return strcmp(*text_of_row(row, a), *text_of_row(row, b)) == 0;
	case OPTION_BOOL:
	case OPTION_INT:
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_PERCENT:
	case OPTION_CHOICE:
		return memcmp(const_field_of(row, a), const_field_of(row, b), row->width) == 0;
	case OPTION_QUEUES:
	case OPTION_LEVELS:
		break;
	}
	assert(!"an agent's lists are compared by whoever takes them over");
	return false;
}

int scope_default(enum option_scope scope, void *base, struct err *err)
{
	const struct option_row *row;
	int r = 0;

	for (size_t i = 0; r == 0 && (row = row_at(scope, i)) != NULL; i++)
		r = value_default(row, base, err);
	return r;
}

int scope_copy(enum option_scope scope, void *to, const void *from, struct err *err)
{
	const struct option_row *row;
	int r = 0;

	for (size_t i = 0; r == 0 && (row = row_at(scope, i)) != NULL; i++)
		r = value_copy(row, to, from, err);
	return r;
}

void scope_free(enum option_scope scope, void *base)
{
	const struct option_row *row;

	for (size_t i = 0; (row = row_at(scope, i)) != NULL; i++)
		value_free(row, base);
}

/* What a scraper or a dashboard sends: the text as an Accept header, as a token, and as
 * the name of a queue that becomes a label. Whatever the label was, one line stays one
 * line, and its quotes are two. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "accept.h"
#include "auth.h"
#include "exposition.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX 4096

static const struct family family = { .name = "x", .kind = FAMILY_GAUGE, .help = "X." };

/* Quotes that are not escaped. */
static size_t bare_quotes(const struct body *body)
{
	size_t count = 0;

	for (size_t i = 0; i < body->length; i++) {
		if (body->start[i] == '\\')
			i++;
		else
			count += body->start[i] == '"';
	}
	return count;
}

static void check_label(const char *value)
{
	struct exposition out;
	struct body body;

	body_init(&body, 1 << 20);
	exposition_begin(&out, &body, EXPOSITION_TEXT);
	out.family = &family;
	exposition_number(&out, LABELS({ "queue", value }), 1);
	if (body.overflowed || bare_quotes(&body) != 2 ||
	    !text_is_utf8((struct text){ body.start, body.length }) ||
	    memchr(body.start, '\n', body.length) != body.start + body.length - 1)
		abort();
	body_done(&body);
}

static void check_token(const char *value)
{
	static char name[] = "*", token[] = "boss", none[] = "";
	static struct client_options client = {
		.name = name, .role = ROLE_SUPERVISOR, .token = token, .token_sha256 = none
	};
	static const struct options options = { .clients = &client, .clients_count = 1 };
	bool pii = true;

	if (auth_check(&options, true, value, &pii) == AUTH_GRANTED &&
	    strcmp(value + strlen(value) - 4, "boss") != 0)
		abort();
	if (pii)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = size > INPUT_MAX ? NULL : malloc(size + 1);

	if (text == NULL)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	(void)accept_choose(text);
	check_label(text);
	check_token(text);
	free(text);
	return 0;
}

#include <stdio.h>
#include <string.h>

#include "accept.h"
#include "problem.h"
#include "stamp.h"
#include "state.h"
#include "wallboard.h"
#include "wallboard_files.h"

/* Nothing but what we serve ourselves, and no script in the page: a caller's name that
 * found its way in there could do nothing. */
#define POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " \
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

static const char *const languages[] = { "en", "ja" };

static const struct wallboard_file *find(const char *name)
{
	for (size_t i = 0; i < wallboard_files_count; i++)
		if (strcmp(wallboard_files[i].name, name) == 0)
			return &wallboard_files[i];
	return NULL;
}

static void answer_file(const struct inquiry *inquiry, struct answer *answer,
                        const struct wallboard_file *file, const char *vary)
{
	bool zip = accept_gzip(inquiry->accept_encoding);
	struct text bytes = { (const char *)(zip ? file->zip : file->bytes),
		              zip ? file->zip_length : file->length };

	answer->type = file->type;
	answer->policy = POLICY;
	answer->vary = vary;
	answer->encoding = zip ? "gzip" : NULL;
	snprintf(answer->etag, sizeof(answer->etag), "%s", zip ? file->etag_zip : file->etag);
	if (stamp_has(inquiry->if_none_match, answer->etag)) {
		answer->status = 304;
		return;
	}
	(void)body_add(&answer->body, bytes);
	state_finish(answer);
}

void wallboard_page(const struct inquiry *inquiry, struct answer *answer)
{
	const struct wallboard_file *file;
	char name[16];
	size_t language =
	        accept_language(inquiry->accept_language, languages, ARRAY_LEN(languages));

	snprintf(name, sizeof(name), "page.%s", languages[language]);
	file = find(name);
	if (file == NULL)
		problem_answer(answer, 404, "there is nothing here");
	else
		answer_file(inquiry, answer, file, "Accept-Encoding, Accept-Language");
}

void wallboard_file(const struct inquiry *inquiry, struct answer *answer)
{
	const struct wallboard_file *file = find(inquiry->name);

	if (file == NULL)
		problem_answer(answer, 404, "there is nothing here");
	else
		answer_file(inquiry, answer, file, "Accept-Encoding");
}

const char *wallboard_edition(void)
{
	return wallboard_files_edition;
}

#include "rpc_translate.h"

/* What a caller answered: whole numbers, or for the index several to one part. */
#define INDEX_ANSWERS_MAX 8

static bool read_scale(const struct params *params, const char *name, int64_t min, int64_t max,
                       int *ret)
{
	int64_t number = -1;

	if (!params_int(params, name, min, max, OPTIONAL, &number))
		return false;
	*ret = (int)number;
	return true;
}

/* From 1 to 10, as thousandths of the way from 1 to 10. */
static int index_of(int64_t sum, int64_t count)
{
	return (int)(((sum - count) * 1000 + 9 * count / 2) / (9 * count));
}

static bool read_answers(const struct params *params, const char *name, const struct json *array,
                         int *ret)
{
	int64_t sum = 0, count = 0, number;

	for (const struct json *at = json_first(array); at != NULL; at = json_next(at)) {
		if (!json_get_int(at, &number) || number < 1 || number > 10)
			return params_refuse(params, name, "out_of_range",
			                     "wants whole numbers from 1 to 10");
		sum += number;
		count++;
	}
	if (count > 0)
		*ret = index_of(sum, count);
	return true;
}

static bool read_part(const struct params *params, const char *name, int *ret)
{
	const struct json *member = params_find(params, name), *array;
	int number;

	*ret = -1;
	if (member != NULL && json_type(member) == JSON_ARRAY)
		return params_array(params, name, INDEX_ANSWERS_MAX, REQUIRED, &array) &&
		       read_answers(params, name, array, ret);
	if (!read_scale(params, name, 1, 10, &number))
		return false;
	if (number >= 0)
		*ret = index_of(number, 1);
	return true;
}

static bool read_resolved(const struct params *params, enum survey_resolved *ret)
{
	bool resolved = false;

	*ret = SURVEY_UNSAID;
	if (params_find(params, "resolved") == NULL)
		return true;
	if (!params_bool(params, "resolved", &resolved))
		return false;
	*ret = resolved ? SURVEY_YES : SURVEY_NO;
	return true;
}

static bool is_empty(const struct survey *survey)
{
	for (unsigned part = 0; part < SURVEY_PARTS; part++)
		if (survey->index[part] >= 0)
			return false;
	return survey->nps < 0 && survey->csat < 0 && survey->resolved == SURVEY_UNSAID &&
	       survey->comment[0] == '\0';
}

bool translate_survey(const struct json *object, struct survey_words *ret, struct refusal *refusal)
{
	struct params params = { .object = object, .prefix = "", .refusal = refusal };
	struct survey *survey = &ret->survey;

	*ret = (struct survey_words){ .survey = { .comment = "" } };
	if (!params_id(&params, "contact_id", OPTIONAL, &ret->contact) ||
	    !params_id(&params, "call_id", OPTIONAL, &ret->call_id) ||
	    !params_id(&params, "client", OPTIONAL, &ret->client) ||
	    !read_scale(&params, "nps", 0, 10, &survey->nps) ||
	    !read_scale(&params, "csat", 1, CSAT_MAX, &survey->csat) ||
	    !read_resolved(&params, &survey->resolved) ||
	    !params_text(&params, "comment", COMMENT_BYTES_MAX, OPTIONAL, &survey->comment))
		return false;
	for (unsigned part = 0; part < SURVEY_PARTS; part++)
		if (!read_part(&params, survey_part_name((enum survey_part)part),
		               &survey->index[part]))
			return false;
	if (ret->contact == NULL && ret->call_id == NULL)
		return params_refuse(&params, "contact_id", "missing",
		                     "wants a contact_id or a call_id");
	if (ret->contact != NULL && ret->call_id != NULL)
		return params_refuse(&params, "call_id", "ambiguous",
		                     "wants a contact_id or a call_id, not both");
	return !is_empty(survey) ||
	       params_refuse(&params, "nps", "missing", "nothing was answered");
}

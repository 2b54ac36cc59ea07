#include "sse_wish.h"

#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <string.h>

#include "najimi/base/number.h"
#include "najimi/shell/feed.h"

#define ALL_TYPES (BIT(FEED_TYPES) - 1)
#define WALLBOARD "wallboard"

/* "EPOCH-NUMBER" */
static void read_last(const char *id, struct sse_wish *wish)
{
	const char *dash = strchr(id, '-');
	int64_t after;

	wish->resumes = true;
	if (dash == NULL || (size_t)(dash - id) != sizeof(wish->epoch) - 1 ||
	    number_parse(dash + 1, &after) < 0 || after < 0)
		return;
	memcpy(wish->epoch, id, sizeof(wish->epoch) - 1);
	wish->after = (uint64_t)after;
}

static bool add_type(const char *name, struct sse_wish *wish)
{
	int type = feed_type_of(name);

	if (strcmp(name, WALLBOARD) == 0)
		wish->wallboard = true;
	else if (type >= 0)
		wish->types |= BIT(type);
	else
		return false;
	return true;
}

/* Words with commas between them. */
static bool read_types(const char *list, struct sse_wish *wish, char what[SSE_WHAT_SIZE])
{
	while (true) {
		size_t length = strcspn(list, ",");

		snprintf(what, SSE_WHAT_SIZE, "%.*s", (int)length, list);
		if (!add_type(what, wish))
			return false;
		if (list[length] == '\0')
			return true;
		list += length + 1;
	}
}

bool sse_read_wish(const char *query, const char *last_event_id, struct sse_wish *ret,
                   char what[SSE_WHAT_SIZE])
{
	struct evkeyvalq pairs = { 0 };
	struct sse_wish wish = { 0 };
	const char *types = NULL;
	bool good = true;

	if (last_event_id != NULL && last_event_id[0] != '\0')
		read_last(last_event_id, &wish);
	if (query != NULL && query[0] != '\0' && evhttp_parse_query_str(query, &pairs) < 0) {
		snprintf(what, SSE_WHAT_SIZE, "%s", query);
		return false;
	}
	if (query != NULL && query[0] != '\0')
		types = evhttp_find_header(&pairs, "types");
	if (types == NULL)
		wish.types = ALL_TYPES;
	else
		good = read_types(types, &wish, what);
	evhttp_clear_headers(&pairs);
	if (good)
		*ret = wish;
	return good;
}

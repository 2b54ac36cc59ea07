#include "agi_dial.h"

#include <string.h>

#include "najimi/base/macros.h"

/* A telephone that rejects is told from one that is away by the cause alone: with
 * Asterisk 22 both are CHANUNAVAIL. */
bool agi_dial_read(const char *status, const char *cause, struct dial_report *ret)
{
	static const struct {
		const char *word;
		enum dial_end end;
		enum miss_kind miss;
	} words[] = {
		{ "", DIAL_NONE, MISS_NO_ANSWER },
		{ "ANSWER", DIAL_TALKED, MISS_NO_ANSWER },
		{ "NOANSWER", DIAL_MISSED, MISS_NO_ANSWER },
		{ "BUSY", DIAL_MISSED, MISS_BUSY },
		{ "CHANUNAVAIL", DIAL_MISSED, MISS_UNREACHABLE },
		{ "CONGESTION", DIAL_MISSED, MISS_UNREACHABLE },
		{ "DONTCALL", DIAL_MISSED, MISS_UNREACHABLE },
		{ "TORTURE", DIAL_MISSED, MISS_UNREACHABLE },
		{ "INVALIDARGS", DIAL_MISSED, MISS_UNREACHABLE },
		{ "CANCEL", DIAL_LEFT, MISS_NO_ANSWER },
	};
	size_t i = 0;

	while (i < ARRAY_LEN(words) && strcmp(status, words[i].word) != 0)
		i++;
	if (i == ARRAY_LEN(words))
		return false;
	*ret = (struct dial_report){ .end = words[i].end, .miss = words[i].miss };
	if (ret->end == DIAL_MISSED && ret->miss != MISS_NO_ANSWER) {
		if (strcmp(cause, "21") == 0)
			ret->miss = MISS_REJECTED;
		else if (strcmp(cause, "17") == 0)
			ret->miss = MISS_BUSY;
		ret->untried = ret->miss == MISS_UNREACHABLE &&
		               strcmp(status, "CHANUNAVAIL") == 0 && strcmp(cause, "0") == 0;
	}
	return true;
}

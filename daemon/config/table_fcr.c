/* First contact resolution. */
#include "table.h"

static const struct option_row rows[] = {
	{ .path = "fcr.reconnect",
	  .kind = OPTION_DURATION,
	  AT(fcr.reconnect),
	  .fallback = "15m",
	  .max = HOUR(12),
	  .reload = true,
	  .doc = "Who is back so soon after the end of a contact goes on with it: that is no "
	         "repeat, "
	         "and counted by itself." },
	{ .path = "fcr.abandoned_counts",
	  .kind = OPTION_BOOL,
	  AT(fcr.abandoned_counts),
	  .fallback = "false",
	  .reload = true,
	  .doc = "Whether a caller who came back and gave up waiting counts as one whose matter "
	         "was "
	         "not resolved. Those who gave up at once never do." },
};
const struct option_table table_fcr = { SCOPE_SITE, rows, ARRAY_LEN(rows) };

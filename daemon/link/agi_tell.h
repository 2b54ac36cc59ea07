#ifndef LINK_AGI_TELL_H
#define LINK_AGI_TELL_H

#include "agi_link.h"

/* What callers hear while they wait, when the core says so: whatever the site has to say, their
 * place, how long it may take. Who is still being told hears nothing more. */
void agi_tell(struct agi_conn *conn, const struct decision *decision);

#endif

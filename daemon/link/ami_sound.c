#include "ami_state.h"

/* What is played to callers while they wait. */

void ami_hush(struct ami_conn *conn, const struct asterisk_call *call)
{
	const struct call_card *card =
	        directory_call(directory_of(asterisk_of(conn)->link), call->id);
	struct ami_action action;

	if (card == NULL)
		return;
	ami_begin(&action, "ControlPlayback", "hush");
	ami_out_field(&action.out, "Channel", card->facts.name);
	ami_out_field(&action.out, "Control", "stop");
	(void)!ami_say(conn, &action);
}

#include "agi_tell.h"

static void tell_place(struct agi_conn *conn, uint32_t position)
{
	if (position <= 1) {
		talk_say(&conn->talk, SOUND_NEXT, 0);
		return;
	}
	talk_say(&conn->talk, SOUND_THERE_ARE, 0);
	talk_say(&conn->talk, SOUND_NUMBER, position);
	talk_say(&conn->talk, SOUND_CALLERS, 0);
}

static void tell_wait(struct agi_conn *conn, usec_t wait)
{
	usec_t minutes = (wait + MINUTE(1) - 1) / MINUTE(1);

	if (minutes == 0)
		minutes = 1;
	talk_say(&conn->talk, SOUND_HOLD_TIME, 0);
	talk_say(&conn->talk, SOUND_NUMBER, minutes > 9999 ? 9999 : (uint32_t)minutes);
	talk_say(&conn->talk, minutes == 1 ? SOUND_MINUTE : SOUND_MINUTES, 0);
}

void agi_tell(struct agi_conn *conn, const struct decision *decision)
{
	const struct queue_options *queue = agi_conn_queue(conn);

	if (queue == NULL || talk_is_saying(&conn->talk) || conn->call == NULL)
		return;
	if (queue->hold.announcement[0] != '\0')
		talk_say(&conn->talk, SOUND_OWN, 0);
	if (queue->hold.tell_place)
		tell_place(conn, decision->position);
	if (queue->hold.tell_wait && decision->estimated_wait != USEC_NEVER)
		tell_wait(conn, decision->estimated_wait);
}

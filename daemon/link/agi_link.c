#include <errno.h>
#include <stdlib.h>

#include "asterisk.h"

/* FastAGI: to come. Nobody connects, so there is nobody to tell. */

struct agi {
	struct asterisk *asterisk;
};

struct agi *agi_new(struct asterisk *asterisk, struct err *err)
{
	struct agi *agi = calloc(1, sizeof(*agi));

	if (agi == NULL)
		err_set(err, -ENOMEM, "out of memory");
	else
		agi->asterisk = asterisk;
	return agi;
}

struct agi *agi_free(struct agi *agi)
{
	free(agi);
	return NULL;
}

int agi_start(struct agi *agi, struct err *err)
{
	if (options_of(agi->asterisk->link)->agi.listen[0] == '\0')
		return 0;
	return err_set(err, -ENOSYS, "agi.listen: not built yet");
}

void agi_reconfigure(struct agi *agi)
{
	(void)agi;
}

void agi_resume(struct agi *agi)
{
	(void)agi;
}

void agi_send(struct agi *agi, uint64_t peer, struct text message)
{
	(void)agi;
	(void)peer;
	(void)message;
}

void agi_decided(struct agi *agi, struct asterisk_call *call, struct call_card *card,
                 const struct decision *decision)
{
	(void)agi;
	(void)call;
	(void)card;
	(void)decision;
}

void agi_call_ended(struct agi *agi, struct asterisk_call *call)
{
	(void)agi;
	(void)call;
}

void agi_replied(struct agi *agi, uint64_t peer, enum core_reply code)
{
	(void)agi;
	(void)peer;
	(void)code;
}

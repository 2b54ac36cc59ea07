/* A call's account, kept from outside and held against the contact that ends it. */
#include <errno.h>
#include <inttypes.h>

#include "watch.h"

void account_open(struct watch_account *account, usec_t arrived_at, usec_t now)
{
	*account = (struct watch_account){ .arrived_at = arrived_at, .counted_until = now };
}

void account_restore(struct watch_account *account, const struct call_record *record)
{
	*account = (struct watch_account){
		.arrived_at = record->arrived_at,
		.answered_at = record->answered_at,
		.ring = record->ring,
		.talk = record->talk,
		.hold = record->hold,
		.counted_until = record->since,
		.talk_before = record->talk_before,
		.talker = record->talker,
		.credit = record->credit,
		.credit_talk = record->credit_talk,
		.legs = record->legs,
	};
}

void account_pass(struct watch_account *account, enum call_state state, usec_t now)
{
	usec_t share = now - account->counted_until;

	account->counted_until = now;
	switch (state) {
	case CALL_FREE:
	case CALL_RECALLING:
	case CALL_WAITING:
		break;
	case CALL_OFFERED:
		account->ring += share;
		break;
	case CALL_TALKING:
		account->talk += share;
		break;
	case CALL_HELD:
		account->hold += share;
		break;
	}
}

void account_begin_talk(struct watch_account *account, struct agent_id talker, usec_t now)
{
	account->legs++;
	account->talker = talker;
	account->talk_before = account->talk;
	if (account->answered_at == 0)
		account->answered_at = now;
}

/* Whether the one who leaves gets the credit that somebody else had. */
static bool deserves(const struct watch_account *account, usec_t talk,
                     enum transfer_credit transfer_credit)
{
	switch (transfer_credit) {
	case CREDIT_LAST:
		return true;
	case CREDIT_FIRST:
		return false;
	case CREDIT_LONGEST:
		return talk > account->credit_talk;
	}
	return false;
}

void account_end_talk(struct watch_account *account, const struct queue_plan *plan)
{
	usec_t talk = account->talk - account->talk_before;

	if (talk < plan->min_talk ||
	    (agent_id_set(account->credit) && !deserves(account, talk, plan->transfer_credit)))
		return;
	account->credit = account->talker;
	account->credit_talk = talk;
}

static enum call_outcome outcome_of(const struct watch_account *account, const struct core *core,
                                    const struct core_event *ev, const struct contact *contact)
{
	struct queue_view view = { .configured = false };

	(void)core_get_queue(core, contact->first_queue, &view);
	if (account->answered_at != 0)
		return OUTCOME_ANSWERED;
	if (account->overflows)
		return OUTCOME_OVERFLOW;
	if (account->rejected)
		return OUTCOME_REJECTED;
	if (ev->type == EVT_CALL_ENDED && ev->call_ended.by == BY_LOSS)
		return OUTCOME_LOST;
	return ev->at - account->arrived_at <= view.plan.short_abandon ? OUTCOME_SHORT_ABANDONED
	                                                               : OUTCOME_ABANDONED;
}

static uint64_t id_word(struct agent_id id)
{
	return (uint64_t)id.gen << 32 | id.slot;
}

int account_close(const struct watch_account *account, const struct core *core,
                  const struct core_event *ev, const struct core_action *end, struct err *err)
{
	const struct contact *contact = &end->end;
	enum call_outcome outcome = outcome_of(account, core, ev, contact);
	usec_t until = account->answered_at != 0 ? account->answered_at : ev->at;
	const struct {
		const char *what;
		uint64_t account, contact;
	} pairs[] = {
		{ "arrival", account->arrived_at, contact->arrived_at },
		{ "answer", account->answered_at, contact->answered_at },
		{ "end", ev->at, contact->ended_at },
		{ "wait", until - account->arrived_at, contact->wait },
		{ "ring", account->ring, contact->ring },
		{ "talk", account->talk, contact->talk },
		{ "hold", account->hold, contact->hold },
		{ "legs", account->legs, contact->legs },
		{ "last talker", id_word(account->talker), id_word(contact->agent) },
		{ "credit", id_word(account->credit), id_word(contact->credited) },
	};

	if (contact->outcome != outcome)
		return err_set(err, -EPROTO, "a call ends as %s that was %s",
		               call_outcome_name(contact->outcome), call_outcome_name(outcome));
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		if (pairs[i].account != pairs[i].contact)
			return err_set(err, -EPROTO,
			               "a contact's %s is %" PRIu64 ", it was %" PRIu64,
			               pairs[i].what, pairs[i].contact, pairs[i].account);
	return 0;
}

#include "rpc_surveys.h"

#include <errno.h>
#include <stdlib.h>

#include "clients.h"
#include "rpc_decision.h"
#include "rpc_events.h"
#include "rpc_names.h"
#include "rpc_notices.h"
#include "rpc_pending.h"
#include "rpc_translate.h"

#define NPS_GOOD 9
#define CSAT_GOOD 4

/* A survey with its texts, in one piece. `queue` and `agent` are "" until they are known. */
struct survey_copy {
	struct survey survey;
	bool known;
	char queue[ID_BYTES_MAX + 1], agent[ID_BYTES_MAX + 1];
	char contact[ID_BYTES_MAX + 1];
	char comment[COMMENT_BYTES_MAX + 1];
};

static void copy_text(char *to, size_t size, const char *from)
{
	size_t length = strlen(from);

	if (length >= size)
		length = size - 1; /* names are as short as that */
	memcpy(to, from, length);
	to[length] = '\0';
}

static struct survey_copy *copy_survey(const struct survey *survey, const char *contact)
{
	struct survey_copy *copy = calloc(1, sizeof(*copy));

	if (copy == NULL)
		return NULL;
	copy->survey = *survey;
	copy_text(copy->contact, sizeof(copy->contact), contact);
	copy_text(copy->comment, sizeof(copy->comment), survey->comment);
	copy->survey.contact = copy->contact;
	copy->survey.comment = copy->comment;
	return copy;
}

/* --- telling --- */

/* Everything that was answered is good. */
static bool is_good(const struct survey *survey)
{
	if (survey->resolved == SURVEY_NO || (survey->nps >= 0 && survey->nps < NPS_GOOD) ||
	    (survey->csat >= 0 && survey->csat < CSAT_GOOD))
		return false;
	return survey->resolved == SURVEY_YES || survey->nps >= 0 || survey->csat >= 0;
}

static void answer(struct asker *asker, const char *contact, bool counted)
{
	struct json_out out;

	answer_begin(asker, &out);
	json_object(&out, "result");
	json_text(&out, "contact", contact);
	json_bool(&out, "counted", counted);
	json_object_end(&out);
	answer_end(asker, &out);
}

/* A kind word is for the agent, whatever else is for whoever can do something about it. */
static void tell_comment(struct link *link, const struct survey_copy *copy)
{
	const struct agent_card *card;

	if (copy->survey.comment[0] == '\0')
		return;
	card = copy->agent[0] == '\0' ? NULL
	                              : directory_find_agent(directory_of(link), copy->agent);
	if (!is_good(&copy->survey))
		events_survey(link, &copy->survey, copy->queue, copy->agent);
	else if (card != NULL)
		notice_survey(link, card->id, &copy->survey, copy->queue);
}

static void take(struct link *link, struct asker *asker, struct survey_copy *copy)
{
	link->needs.survey(&copy->survey, link->needs.arg);
	tell_comment(link, copy);
	answer(asker, copy->survey.contact, true);
}

void write_survey(struct json_out *out, const struct survey *survey, const char *queue)
{
	json_text(out, "contact", survey->contact);
	json_text(out, "queue", queue);
	if (survey->nps >= 0)
		json_int(out, "nps", survey->nps);
	if (survey->csat >= 0)
		json_int(out, "csat", survey->csat);
	if (survey->resolved != SURVEY_UNSAID)
		json_bool(out, "resolved", survey->resolved == SURVEY_YES);
	json_text(out, "comment", survey->comment);
}

/* --- which contact --- */

static bool refuse_unknown(struct refusal *ret)
{
	/* A contact can be asked for from a second or two after its end. */
	refuse(ret, RPC_UNKNOWN_CALL, "unknown_contact", "contact_id",
	       "no call of the last 31 days that was answered");
	ret->retry_after = SEC(2);
	return false;
}

/* The contact of a call that is over, whose facts are at hand. */
static bool name_contact(struct exchange *x, const struct survey_words *words,
                         const char **ret_contact, const struct contact **ret_facts)
{
	struct found_call found;

	*ret_facts = NULL;
	if (words->contact != NULL) {
		*ret_contact = words->contact;
		return true;
	}
	if (!names_find_call(x, words->call_id, words->client, REACH_OWN, &found))
		return false;
	if (found.finished == NULL)
		return refuse(&x->refusal, RPC_WRONG_STATE, "not_over", "call_id",
		              "the call goes on");
	if (found.finished->facts.outcome != OUTCOME_ANSWERED)
		return refuse(&x->refusal, RPC_WRONG_STATE, "not_answered", "call_id",
		              "nobody talked with the caller");
	*ret_contact = found.finished->contact;
	*ret_facts = &found.finished->facts;
	return true;
}

static void note_facts(struct directory *directory, struct survey_copy *copy,
                       const struct contact *facts)
{
	copy->known = true;
	copy_text(copy->queue, sizeof(copy->queue), directory_queue_name(directory, facts->queue));
	copy_text(copy->agent, sizeof(copy->agent),
	          directory_agent_name(directory, facts->credited));
}

bool survey_answer(struct exchange *x)
{
	const struct link_needs *needs = &x->link->needs;
	const struct contact *facts;
	struct survey_words words;
	struct survey_copy *copy;
	struct client *client;
	struct pending *pending;
	const char *contact = NULL;

	if (!translate_survey(x->params, &words, &x->refusal) ||
	    !name_contact(x, &words, &contact, &facts) || !names_find_client(x, &client))
		return false;
	copy = copy_survey(&words.survey, contact);
	pending = copy == NULL ? NULL : pending_new(&x->asker, PENDING_SURVEY, &x->refusal);
	if (pending == NULL) {
		free(copy);
		return copy == NULL ? refuse(&x->refusal, RPC_OVERLOADED, "out_of_memory", "",
		                             "out of memory")
		                    : false;
	}
	copy->survey.by = client->name;
	if (facts != NULL)
		note_facts(directory_of(x->link), copy, facts);
	pending->survey = copy;
	if (needs->find_contact(contact, pending->number, needs->arg) == 0)
		return true;
	pending_free(pending);
	return refuse_store(&x->refusal, -ENOTCONN, "contacts");
}

void surveys_found(struct link *link, uint64_t request, int outcome,
                   const struct contact_known *known)
{
	struct pending *pending = pending_find(link, request);
	struct survey_copy *copy = pending == NULL ? NULL : pending->survey;
	struct refusal refusal;

	if (copy == NULL)
		return;
	if (outcome == 0) {
		copy_text(copy->queue, sizeof(copy->queue), known->queue);
		copy_text(copy->agent, sizeof(copy->agent), known->agent);
	}
	if (outcome == 0 && known->surveyed) {
		answer(&pending->asker, copy->survey.contact, false);
	} else if (outcome == 0 || (outcome == -ENOENT && copy->known)) {
		take(link, &pending->asker, copy);
	} else {
		if (outcome == -ENOENT)
			refuse_unknown(&refusal);
		else
			refuse_store(&refusal, -ENOTCONN, "contacts");
		refusal.retry_after = SEC(2);
		pending_refuse(pending, &refusal);
		return;
	}
	pending_free(pending);
}

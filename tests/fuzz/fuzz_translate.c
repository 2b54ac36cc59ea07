/* Any bytes as a connection would bring them: cut into messages, read as JSON and as
 * requests, and each request's params translated as if for every method. A refusal must
 * say what is wrong and where; words that are taken must be within their limits. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "najimi/codec/frame.h"
#include "najimi/codec/rpc.h"
#include "rpc_translate.h"

#define NOW SEC(1795305628)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool fact)
{
	if (!fact)
		abort();
}

static void check_refusal(bool taken, const struct refusal *refusal)
{
	if (taken)
		return;
	must(refusal->code == RPC_INVALID_PARAMS);
	must(refusal->reason != NULL && refusal->reason[0] != '\0');
	must(refusal->field[0] != '\0' && refusal->detail[0] != '\0');
}

static void check_id(const char *id)
{
	must(id == NULL || text_is_id(text_of(id), ID_BYTES_MAX));
}

static void translate_calls(const struct json *params)
{
	static const struct identity_rules rules = { .country = "81",
		                                     .trunk = "0",
		                                     .international = "010" };
	struct call_words words;
	struct facts_room room;
	struct call_facts facts;
	struct refusal refusal;
	bool taken = translate_arrive(params, NOW, &words, &refusal);

	check_refusal(taken, &refusal);
	if (taken) {
		check_id(words.call_id);
		check_id(words.queue);
		must(words.skills_count <= CALL_NEEDS_MAX);
		must(words.arrived_at <= NOW + MINUTE(1));
		taken = facts_of_words(&words, NULL, &rules, &room, &facts, &refusal);
		check_refusal(taken, &refusal);
		if (taken)
			must(fingerprint_of_words(&words, facts.data) ==
			     fingerprint_of_words(&words, facts.data));
	}
	check_refusal(translate_update(params, NOW, &words, &refusal), &refusal);
	check_refusal(translate_route(params, &words, &refusal), &refusal);
}

static void translate_reports(const struct json *params)
{
	static bool (*const all[])(const struct json *, struct call_report *, struct refusal *) = {
		translate_call,  translate_offer_report, translate_failed,   translate_transfer,
		translate_ended, translate_wait,         translate_priority,
	};
	const struct json *calls, *element;
	struct call_report report;
	struct refusal refusal;
	const char *name;
	bool taken, more;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		taken = all[i](params, &report, &refusal);
		check_refusal(taken, &refusal);
		if (taken)
			check_id(report.call_id);
	}
	taken = translate_sync(params, &calls, &more, &refusal);
	check_refusal(taken, &refusal);
	element = taken ? json_first(calls) : NULL;
	for (size_t i = 0; element != NULL; element = json_next(element), i++)
		check_refusal(translate_sync_call(element, i, &name, &refusal), &refusal);
}

static void translate_agents(const struct json *params)
{
	static bool (*const all[])(const struct json *, struct agent_words *, struct refusal *) = {
		translate_agent,  translate_login,  translate_pause,
		translate_wrapup, translate_device,
	};
	struct disposition_words disposition;
	struct agent_words words;
	struct refusal refusal;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		bool taken = all[i](params, &words, &refusal);

		check_refusal(taken, &refusal);
		must(!taken || words.queues_count <= AGENT_QUEUES_MAX);
		must(!taken || words.skills_count <= SKILLS_MAX);
	}
	check_refusal(translate_disposition(params, &disposition, &refusal), &refusal);
}

static void translate_callers(const struct json *params)
{
	static bool (*const all[])(const struct json *, struct caller_words *,
	                           struct refusal *) = { translate_caller, translate_pin,
		                                         translate_note, translate_forget };
	struct caller_words words;
	struct refusal refusal;
	bool taken;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		taken = all[i](params, &words, &refusal);
		check_refusal(taken, &refusal);
		must(!taken || words.from != NULL || words.customer_id != NULL ||
		     words.call_id != NULL);
		if (taken)
			check_id(words.agent);
	}
	taken = translate_exclude(params, NOW, &words, &refusal);
	check_refusal(taken, &refusal);
	must(!taken || (words.agent != NULL && (words.until == 0 || words.until > NOW)));
	taken = translate_outbound(params, NOW, &words, &refusal);
	check_refusal(taken, &refusal);
	must(!taken || words.at <= NOW + MINUTE(1));
}

static void translate_the_rest(const struct json *params)
{
	struct stats_words stats;
	struct subscribing subscribing;
	struct opening opening;
	struct refusal refusal;
	struct page page;
	const char *queue;
	unsigned parts;

	check_refusal(translate_open(params, &opening, &refusal), &refusal);
	check_refusal(translate_subscribe(params, &subscribing, &refusal), &refusal);
	check_refusal(translate_calls_page(params, &page, &refusal), &refusal);
	check_refusal(translate_agents_page(params, &page, &refusal), &refusal);
	check_refusal(translate_snapshot(params, &parts, &refusal), &refusal);
	check_refusal(translate_queue(params, &queue, &refusal), &refusal);
	check_refusal(translate_stats(params, &stats, &refusal), &refusal);
}

static void translate_surveys(const struct json *params)
{
	struct survey_words words;
	struct refusal refusal = { 0 };
	bool taken = translate_survey(params, &words, &refusal);

	check_refusal(taken, &refusal);
	for (unsigned part = 0; taken && part < SURVEY_PARTS; part++)
		must(words.survey.index[part] >= -1 && words.survey.index[part] <= 1000);
}

static void take_request(const struct json *element)
{
	struct rpc_request request;
	struct err err;

	if (rpc_is_response(element) || rpc_read_request(element, &request, &err) != 0)
		return;
	translate_calls(request.params);
	translate_reports(request.params);
	translate_agents(request.params);
	translate_callers(request.params);
	translate_surveys(request.params);
	translate_the_rest(request.params);
}

static void take_message(struct text message)
{
	struct json_limits limits = { .bytes_max = 65536, .depth_max = 16, .members_max = 256 };
	const struct json *element;
	struct json *document;
	struct err err;

	if (json_parse(message, &limits, &document, &err) < 0)
		return;
	if (json_type(document) == JSON_ARRAY)
		for (element = json_first(document); element != NULL; element = json_next(element))
			take_request(element);
	else
		take_request(document);
	json_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct framer framer;
	struct text message;
	size_t used;

	framer_init(&framer);
	while (frame_next(&framer, bytes, size, 65536, &message, &used) == FRAME_READY) {
		take_message(message);
		bytes += used;
		size -= used;
	}
	return 0;
}

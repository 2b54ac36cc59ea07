#include <stdarg.h>
#include <stdio.h>

#include "rpc_explain.h"

/* What is special about a call, rule by rule: for the person who asks why. */

struct scene {
	struct json_out *out;
	struct link *link;
	const struct call_record *call;
	const struct queue_view *queue;
	const struct queue_options *options; /* NULL: the queue is not in the file any more */
};

static const char *name_of(const struct scene *scene, struct agent_id id)
{
	const char *name = directory_agent_name(directory_of(scene->link), id);

	return *name == '\0' ? "an agent nobody knows" : name;
}

/* The figures of the rule stand between the two. */
static void begin_rule(const struct scene *scene, const char *rule)
{
	json_object(scene->out, NULL);
	json_text(scene->out, "rule", rule);
}

static void PRINTF(2, 3) end_rule(const struct scene *scene, const char *fmt, ...)
{
	char words[640];
	va_list args;

	va_start(args, fmt);
	vsnprintf(words, sizeof(words), fmt, args);
	va_end(args);
	json_text(scene->out, "words", words);
	json_object_end(scene->out);
}

static double seconds(usec_t span)
{
	return (double)span / 1e6;
}

/* Thousandths as per cent. */
static void put_percent(const struct scene *scene, const char *name, uint16_t thousandths)
{
	char number[16];
	int length = snprintf(number, sizeof(number), "%u.%u", thousandths / 10, thousandths % 10);

	json_raw(scene->out, name, (struct text){ number, (size_t)length });
}

/* --- of the caller --- */

static void tell_pin(const struct scene *scene)
{
	const struct known_agent *own = &scene->call->known[0];

	if (scene->call->known_count == 0 || !own->pinned)
		return;
	begin_rule(scene, "pinned");
	json_text(scene->out, "agent", name_of(scene, own->agent));
	end_rule(scene, "%s is pinned to this caller, and comes before whoever was met last.",
	         name_of(scene, own->agent));
}

static void tell_exclusions(const struct scene *scene)
{
	for (size_t i = 0; i < scene->call->excluded_count; i++) {
		const struct exclusion *excluded = &scene->call->excluded[i];

		if (excluded->until != USEC_NEVER)
			continue; /* missed the call a moment ago: in "excluded" */
		begin_rule(scene, "excluded");
		json_text(scene->out, "agent", name_of(scene, excluded->agent));
		end_rule(scene, "%s is excluded for ever: this call is not offered to them.",
		         name_of(scene, excluded->agent));
	}
}

static void tell_tier(const struct scene *scene)
{
	uint8_t tier = scene->call->tier;
	const char *name = directory_tier_name(directory_of(scene->link), tier);
	const struct tier_plan *plan =
	        &options_of(scene->link)->rules.tiers[tier == 0 ? 0 : tier - 1];

	if (tier == 0 || *name == '\0')
		return;
	begin_rule(scene, "tier");
	json_text(scene->out, "tier", name);
	json_ms(scene->out, "head_start_ms", plan->head_start);
	put_percent(scene, "value_percent", plan->value_share);
	put_percent(scene, "price_percent", plan->price_share);
	json_ms(scene->out, "wait_idle_ms", plan->wait_idle);
	json_ms(scene->out, "wait_skipped_ms", plan->wait_skipped);
	end_rule(scene,
	         "Tier %s: counts as %.0f s older in the line. A reunion is worth %.1f %% of what "
	         "it is "
	         "in this queue, and a second of waiting costs %.1f %%.",
	         name, seconds(plan->head_start), plan->value_share / 10.0,
	         plan->price_share / 10.0);
}

static void tell_holdout(const struct scene *scene)
{
	uint16_t share = scene->options == NULL ? 0 : scene->options->holdout;

	if (!scene->call->holdout)
		return;
	begin_rule(scene, "holdout");
	put_percent(scene, "share_percent", share);
	end_rule(scene,
	         "Held out: one of the %.1f %% of callers who are routed as if nobody knew them, "
	         "to show what stickiness does.",
	         share / 10.0);
}

/* --- of the queue --- */

static void tell_new_agent(const struct scene *scene)
{
	if (scene->queue->plan.policy != POLICY_NEW_AGENT || !scene->queue->plan.sticky)
		return;
	begin_rule(scene, "new_agent");
	end_rule(scene, "This queue brings callers to an agent whom they have not met.");
}

static void tell_scope(const struct scene *scene)
{
	bool group;

	if (scene->options == NULL || scene->options->scope == MET_ANYWHERE)
		return;
	group = scene->options->scope == MET_IN_GROUP;
	begin_rule(scene, "scope");
	json_text(scene->out, "scope", group ? "group" : "queue");
	if (group) {
		json_text(scene->out, "group", scene->options->group);
		end_rule(scene, "Only agents met in a queue of the group %s count.",
		         scene->options->group);
	} else {
		end_rule(scene, "Only agents met in this queue count.");
	}
}

/* --- of the own agent --- */

static unsigned count_colleagues(const struct scene *scene, struct agent_id own, uint16_t team)
{
	const struct core *core = core_of(scene->link);
	struct agent_record record;
	unsigned count = 0;
	struct agent_id id;

	for (uint32_t slot = 0; core_next_agent(core, slot, &id); slot = id.slot + 1) {
		if (!agent_id_equal(id, own) && core_get_agent(core, id, &record) &&
		    record.team == team && record.state != AGENT_LOGGED_OUT)
			count++;
	}
	return count;
}

static void tell_team(const struct scene *scene, const struct agent_record *own)
{
	const struct agent_options *options =
	        directory_agent_options(directory_of(scene->link), name_of(scene, own->id));
	unsigned colleagues;

	if (!scene->queue->plan.prefers_team || own->team == 0 || options == NULL)
		return;
	colleagues = count_colleagues(scene, own->id, own->team);
	begin_rule(scene, "team");
	json_text(scene->out, "team", options->team);
	json_uint(scene->out, "colleagues", colleagues);
	end_rule(scene, "Of those who are free, the team of %s goes first: %s, %u logged in.",
	         name_of(scene, own->id), options->team, colleagues);
}

static void tell_load(const struct scene *scene, const struct agent_record *own)
{
	uint16_t load_max = scene->queue->plan.load_max;
	bool over = scene->call->why == WHY_OVERLOADED;

	if (load_max == 0)
		return;
	begin_rule(scene, "overloaded");
	json_text(scene->out, "agent", name_of(scene, own->id));
	put_percent(scene, "load_max_percent", load_max);
	json_bool(scene->out, "is_over", over);
	end_rule(scene,
	         "%s is not waited for when busy for more than %.1f %% of the time at work%s.",
	         name_of(scene, own->id), load_max / 10.0, over ? ", as now" : "");
}

static void tell_brief_pause(const struct scene *scene, const struct agent_record *own)
{
	const struct agent_card *card = directory_agent(directory_of(scene->link), own->id);
	usec_t wait = scene->queue->plan.wait_brief;

	if (own->state != AGENT_PAUSED || !own->brief || card == NULL)
		return;
	begin_rule(scene, "brief_pause");
	json_text(scene->out, "agent", card->name);
	json_text(scene->out, "reason", card->pause_reason);
	json_ms(scene->out, "wait_ms", wait);
	end_rule(scene, "%s pauses briefly (%s), and is waited for up to %.0f s.", card->name,
	         card->pause_reason, seconds(wait));
}

void explain_rules(struct json_out *out, struct link *link, const struct call_record *call,
                   const struct queue_view *queue)
{
	const struct scene scene = { .out = out,
		                     .link = link,
		                     .call = call,
		                     .queue = queue,
		                     .options = directory_queue_options(directory_of(link),
		                                                        call->queue) };
	struct agent_record own;

	json_array(out, "rules");
	tell_pin(&scene);
	tell_exclusions(&scene);
	tell_tier(&scene);
	tell_holdout(&scene);
	tell_new_agent(&scene);
	tell_scope(&scene);
	if (call->known_count > 0 && core_get_agent(core_of(link), call->known[0].agent, &own)) {
		tell_team(&scene, &own);
		tell_load(&scene, &own);
		tell_brief_pause(&scene, &own);
	}
	json_array_end(out);
}

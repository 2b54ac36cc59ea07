#include "najimi/base/number.h"
#include "najimi/core/view.h"
#include "play.h"

/* Durations that the daemon counts in real time, and which therefore shrink. */
static void print_duration(FILE *out, const char *name, usec_t played, usec_t min,
                           const struct through *through)
{
	usec_t real = (usec_t)((double)played / through->speed);
	char text[32];

	number_print_duration(real < min ? min : real, text, sizeof(text));
	fprintf(out, "  %s = \"%s\";\n", name, text);
}

/* A text in the file's syntax. */
static void print_text(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++)
		fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	fputc('"', out);
}

static void print_queues(const struct play *play, FILE *out)
{
	const struct lexicon *queues = &play->traffic->queues;

	fprintf(out, "queues = (\n");
	for (uint32_t i = 0; i < queues->count; i++) {
		fprintf(out, "  { name = ");
		print_text(out, queues->list[i]);
		fprintf(out, i + 1 < queues->count ? "; },\n" : "; }\n");
	}
	fprintf(out, ");\n\n");
}

static void print_limits(const struct play *play, FILE *out)
{
	const struct traffic *traffic = play->traffic;
	/* A daemon hears of a call's end a little later than it happens. */
	size_t calls = 2 * traffic_calls_at_once(traffic) + 100;

	fprintf(out, "core: {\n  calls_max = %zu;\n  agents_max = %u;\n  queues_max = %u;\n", calls,
	        traffic->agents.count, traffic->queues.count);
	fprintf(out, "  memberships_max = %u;\n};\n\n",
	        traffic->agents.count * traffic->queues.count);
}

/* What is counted in played time, and `never` as it is. */
static void print_span(FILE *out, const char *name, usec_t played, const struct through *through)
{
	usec_t real = played == USEC_NEVER ? played : (usec_t)((double)played / through->speed);
	char text[32];

	number_print_duration(real, text, sizeof(text));
	fprintf(out, "    %s = \"%s\";\n", name, text);
}

/* A head start is in whole seconds, which is coarse at high speeds. */
static void print_price(const struct queue_plan *plan, const struct through *through, FILE *out)
{
	static const usec_t review_min = MSEC(100);
	usec_t review = (usec_t)((double)plan->review / through->speed);

	print_span(out, "value", plan->value, through);
	fprintf(out, "    skip_price = %u;\n", plan->skip_price);
	print_span(out, "wait_idle", plan->wait_idle, through);
	print_span(out, "wait_skipped", plan->wait_skipped, through);
	print_span(out, "credit", plan->credit, through);
	print_span(out, "head_start", plan->head_start, through);
	print_span(out, "overtake_max", plan->overtake_max, through);
	print_span(out, "service_guard", plan->service_guard, through);
	print_span(out, "talk_mean",
	           plan->talk_mean < SEC(through->speed) ? (usec_t)(1e6 * through->speed)
	                                                 : plan->talk_mean,
	           through);
	print_span(out, "review", review < review_min ? review_min : review,
	           &(struct through){ .speed = 1 });
}

static void print_sticky(const struct play *play, const struct through *through, FILE *out)
{
	char text[32];

	fprintf(out, "  sticky: {\n    enabled = %s;\n", play->plan.sticky ? "true" : "false");
	fprintf(out, "    policy = \"%s\";\n    in_turn = %s;\n",
	        sticky_policy_name(play->plan.policy), play->plan.in_turn ? "true" : "false");
	if (play->plan.policy == POLICY_RATE)
		print_price(&play->plan, through, out);
	number_print_duration((usec_t)((double)play->plan.wait_busy / through->speed), text,
	                      sizeof(text));
	fprintf(out, "    wait_busy = \"%s\"; # %g s as played\n", text,
	        (double)play->plan.wait_busy / 1e6);
	number_print_duration((usec_t)((double)play->rules.window / through->speed), text,
	                      sizeof(text));
	fprintf(out, "    window = \"%s\";\n", text);
	number_print_duration((usec_t)((double)play->rules.min_talk / through->speed), text,
	                      sizeof(text));
	fprintf(out, "    min_talk = \"%s\";\n    line_max = %d;\n  };\n", text, LINE_MAX);
}

void play_print_config(const struct play *play, const struct through *through, FILE *out)
{
	fprintf(out,
	        "# najimid for this play at speed %g: what the daemon counts in real time is\n"
	        "# that much shorter, so that both live through the same days. It needs an empty\n"
	        "# Redis: what an earlier play left there would be remembered.\n"
	        "site = \"replay\";\n\n",
	        through->speed);
	print_limits(play, out);
	fprintf(out, "rpc: {\n  listen = ");
	print_text(out, through->address);
	fprintf(out, ";\n};\n\n");
	fprintf(out, "http: {\n  listen = \"\";\n};\n\n");
	fprintf(out, "clients = (\n  { name = \"*\"; role = \"pbx\"; token = ");
	print_text(out, through->token);
	fprintf(out, "; }\n);\n\n");
	/* A caller's place is the one of this call; nobody is passed over for a miss. */
	fprintf(out, "caller: {\n  resume_max = \"0s\";\n};\n\n");
	fprintf(out, "offer: {\n  exclude_for = \"0s\";\n};\n\n");
	fprintf(out, "queue: {\n  ring = \"5m\";\n  wait_max = \"never\";\n"
	             "  waiting_max = 1000000;\n"
	             "  wrapup = \"8h\"; # until the play says agent.ready\n");
	print_duration(out, "service_level", play->report->service_level, MSEC(10), through);
	print_duration(out, "short_abandon", play->report->short_abandon, 0, through);
	print_sticky(play, through, out);
	fprintf(out, "};\n\n");
	print_queues(play, out);
}

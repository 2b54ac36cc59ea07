#include "metrics.h"
#include "najimi/core/view.h"

/* Who called again, what agents said of it, what callers said of it: three series that say
 * different things and are never mixed. Totals are Redis', and there are none until they
 * have been read. */

#define COUNTER(n, h) \
	{ \
		.name = "najimi_" n, .kind = FAMILY_COUNTER, .help = h \
	}

typedef void show_fn(struct exposition *out, const char *queue, const struct fcr_figures *ever);

/* `of` is whose they are: a queue's, a group's. */
static void show_cells(struct exposition *out, struct label of, const struct fcr_figures *ever)
{
	for (unsigned cell = 0; cell < FCR_CELLS; cell++) {
		const char *window = fcr_window_name((enum fcr_window)(cell / FCR_SCOPES));
		const char *scope = fcr_scope_name((enum fcr_scope)(cell % FCR_SCOPES));

		exposition_number(out,
		                  LABELS(of, { "window", window }, { "scope", scope },
		                         { "resolved", "true" }),
		                  ever->resolved[cell]);
		exposition_number(out,
		                  LABELS(of, { "window", window }, { "scope", scope },
		                         { "resolved", "false" }),
		                  ever->repeated[cell]);
	}
}

static void show_matured(struct exposition *out, const char *queue, const struct fcr_figures *ever)
{
	show_cells(out, (struct label){ "queue", queue }, ever);
}

static void show_asserted(struct exposition *out, const char *queue, const struct fcr_figures *ever)
{
	for (unsigned said = 0; said < FCR_SAID; said++)
		exposition_number(out,
		                  LABELS({ "queue", queue },
		                         { "outcome", fcr_said_name((enum fcr_said)said) }),
		                  ever->said[said]);
}

static void show_surveys(struct exposition *out, const char *queue, const struct fcr_figures *ever)
{
	exposition_number(out, LABELS({ "queue", queue }), ever->surveys);
}

static void show_surveyed(struct exposition *out, const char *queue, const struct fcr_figures *ever)
{
	exposition_number(out, LABELS({ "queue", queue }, { "resolved", "true" }), ever->solved[0]);
	exposition_number(out, LABELS({ "queue", queue }, { "resolved", "false" }),
	                  ever->solved[1]);
}

static void show_nps(struct exposition *out, const char *queue, const struct fcr_figures *ever)
{
	static const char *const results[] = { "detractor", "passive", "promoter" };

	for (size_t i = 0; i < ARRAY_LEN(results); i++)
		exposition_number(out, LABELS({ "queue", queue }, { "result", results[i] }),
		                  ever->nps[i]);
}

static void show_csat(struct exposition *out, const char *queue, const struct fcr_figures *ever)
{
	static const char *const results[CSAT_MAX] = { "1", "2", "3", "4", "5" };

	for (size_t i = 0; i < CSAT_MAX; i++)
		exposition_number(out, LABELS({ "queue", queue }, { "result", results[i] }),
		                  ever->csat[i]);
}

static const struct {
	struct family family;
	show_fn *show;
} families[] = {
	{ COUNTER("contacts_matured",
	          "Contacts of which it is known whether the caller came back within the window."),
	  show_matured },
	{ COUNTER("contacts_asserted", "Contacts by what their agents said of them."),
	  show_asserted },
	{ COUNTER("surveys", "Contacts of which callers answered a survey."), show_surveys },
	{ COUNTER("survey_resolved", "Answers to whether the matter was resolved."),
	  show_surveyed },
	{ COUNTER("survey_nps", "Answers to how likely the caller is to recommend us."), show_nps },
	{ COUNTER("survey_csat", "Answers to how satisfied the caller is, 5 at best."), show_csat },
};

/* Of all queues together: a repeat is one whoever had it. */
static void show_groups(struct exposition *out, const struct fcrbook *book)
{
	static const struct family family =
	        COUNTER("group_contacts_matured",
	                "Likewise of returning callers, brought to their agents or held out.");
	static const char *const groups[] = { "sticky", "holdout" };

	exposition_family(out, &family);
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		show_cells(out, (struct label){ "group", groups[i] },
		           fcrbook_group(book, groups[i]));
}

static void show_site(struct exposition *out, const struct fcrbook *book)
{
	static const struct family reconnects =
	        COUNTER("contact_reconnects", "Calls that went on with a contact just over.");
	static const struct family maturing = {
		.name = "najimi_contacts_maturing",
		.kind = FAMILY_GAUGE,
		.help = "Contacts whose window has not passed, and that nobody repeated.",
	};

	exposition_family(out, &reconnects);
	exposition_number(out, NO_LABELS, fcrbook_reconnects(book));
	exposition_family(out, &maturing);
	for (unsigned window = 0; window < FCR_WINDOWS; window++)
		exposition_number(out,
		                  LABELS({ "window", fcr_window_name((enum fcr_window)window) }),
		                  fcrbook_maturing(book, (enum fcr_window)window));
}

void metrics_fcr(struct exposition *out, const struct http_needs *needs)
{
	size_t queues = directory_queues(needs->directory);

	if (needs->fcr == NULL || !fcrbook_is_open(needs->fcr))
		return;
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		exposition_family(out, &families[i].family);
		for (size_t queue = 0; queue < queues; queue++) {
			const char *name =
			        directory_queue_name(needs->directory, (queue_index)queue);

			if (name[0] != '\0' &&
			    core_queue_stats(loop_core(needs->loop), (queue_index)queue) != NULL)
				families[i].show(out, name, fcrbook_ever(needs->fcr, name));
		}
	}
	show_groups(out, needs->fcr);
	show_site(out, needs->fcr);
}

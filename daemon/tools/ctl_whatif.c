#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "contact_stream.h"
#include "ctl.h"
#include "najimi/shell/clock.h"
#include "progress.h"
#include "whatif_draw.h"
#include "whatif_plot.h"
#include "whatif_tell.h"

#define READING 0.3 /* of the whole time, for the bar */

/* najimictl whatif: asks no daemon, but plays what the daemon has written. */
struct work {
	struct ctl *ctl;
	const struct whatif_args *args;
	struct options *options;
	struct whatif_contacts contacts;
	struct whatif_study study;
	struct progress progress;
	char *rows; /* of the table, or of the JSON */
	size_t rows_length;
	usec_t started_at;
};

/* Whoever routes calls goes first, and if memory ends it shall be us who go. */
static void step_back(const struct whatif_args *args)
{
	FILE *file = fopen("/proc/self/oom_score_adj", "we");

	if (file != NULL) {
		fputs("500\n", file);
		fclose(file); /* not allowed: then not */
	}
	if (nice(10) == -1) /* likewise */
		errno = 0;
	signal(SIGPIPE, SIG_IGN); /* hiredis writes without MSG_NOSIGNAL */
	if (args->progress)
		prctl(PR_SET_PDEATHSIG, SIGTERM); /* nobody would read it */
}

/* What cannot be read is counted, and said later. */
static int take_entry(const struct contact_entry *entry, void *arg, struct err *err)
{
	struct err why;
	int r;

	if (strcmp(entry->field, "contact") != 0)
		return 0;
	r = whatif_contacts_add(arg, entry->json, &why);
	return r < 0 && r != -EINVAL ? err_set(err, r, "%s", why.text) : 0;
}

static int read_contacts(struct work *work, struct err *err)
{
	const struct whatif_args *args = work->args;
	usec_t now = clock_now(), from = now > args->since ? now - args->since : 0;
	int r;

	work->progress.part = READING;
	if (args->from == NULL) {
		r = contact_stream_read(work->options, args->socket,
		                        &(struct contact_wish){ .from = from,
		                                                .take = take_entry,
		                                                .arg = &work->contacts },
		                        &work->progress, err);
	} else {
		r = whatif_contacts_read(&work->contacts, args->from, err);
		from = 0;
		for (size_t i = 0; i < work->contacts.count; i++)
			if (work->contacts.list[i].arrived_at > from)
				from = work->contacts.list[i].arrived_at;
		from = from > args->since ? from - args->since : 0;
	}
	if (r == 0)
		whatif_contacts_sort(&work->contacts, from);
	return r;
}

static int play_all(struct work *work, FILE *rows, struct err *err)
{
	struct whatif_study *study = &work->study;
	struct report report;
	int r = 0;

	work->progress.label = "playing";
	work->progress.part = (1 - READING) / (double)study->runs_count;
	for (size_t i = 0; i < study->runs_count && r == 0; i++) {
		work->progress.from = READING + work->progress.part * (double)i;
		r = whatif_study_play(study, i, &work->progress, &report, err);
		if (r == 0 && work->ctl->args.json)
			r = whatif_tell_run(study, i, &report, rows, err);
		else if (r == 0)
			report_print_row(&report, rows);
		report_done(&report);
	}
	return r;
}

static int print_all(struct work *work, struct err *err)
{
	double took = (double)(clock_monotonic() - work->started_at) / 1e6;
	FILE *out = work->ctl->out;

	if (work->ctl->args.json)
		return whatif_tell_json(&work->study,
		                        (struct text){ work->rows, work->rows_length }, took, out,
		                        err);
	whatif_tell_head(&work->study, out);
	fputc('\n', out);
	report_print_head(out);
	fwrite(work->rows, 1, work->rows_length, out);
	fputc('\n', out);
	whatif_plot(&work->study, whatif_terminal_width(out), whatif_terminal_plain(), out);
	return 0;
}

static int play_and_print(struct work *work, struct err *err)
{
	FILE *rows = open_memstream(&work->rows, &work->rows_length);
	int r;

	if (rows == NULL)
		return err_set(err, -ENOMEM, "out of memory");
	r = play_all(work, rows, err);
	if (fclose(rows) != 0 && r == 0)
		r = err_set(err, -ENOMEM, "out of memory");
	progress_end(&work->progress);
	if (r == 0 && work->args->svg != NULL)
		r = whatif_draw_svg(&work->study, work->args->svg, err);
	if (r == 0 && work->args->png != NULL)
		r = whatif_draw_png(&work->study, work->args->png, err);
	if (r == 0)
		r = print_all(work, err);
	return r;
}

static int do_work(struct work *work, struct err *err)
{
	int r = options_load(work->args->config, &work->options, err);

	if (r == 0)
		r = read_contacts(work, err);
	if (r == 0)
		r = whatif_study_init(&work->study, work->options, work->args,
		                      work->ctl->args.queue, &work->contacts, err);
	if (r < 0)
		return r;
	r = play_and_print(work, err);
	whatif_study_done(&work->study);
	return r;
}

enum ctl_exit ctl_whatif(struct ctl *ctl)
{
	struct work *work = calloc(1, sizeof(*work));
	struct err err = { "" };
	int r;

	if (work == NULL)
		return CTL_REFUSED;
	work->ctl = ctl;
	work->args = &ctl->args.whatif;
	work->started_at = clock_monotonic();
	step_back(work->args);
	progress_start(&work->progress, "reading contacts");
	work->progress.lines = work->args->progress;
	r = do_work(work, &err);
	progress_end(&work->progress);
	if (r < 0)
		fprintf(stderr, "najimictl: %s\n", err.text);
	whatif_contacts_done(&work->contacts);
	options_free(work->options);
	free(work->rows);
	free(work);
	return r == 0 ? CTL_OK : r == -ENOTCONN ? CTL_UNREACHABLE : CTL_REFUSED;
}

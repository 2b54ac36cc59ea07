#include "fcr_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "najimi/codec/json_out.h"
#include "najimi/shell/clock.h"

#define HEAD_BYTES 16384 /* the uplift too */
#define ROW_BYTES 12288
#define ENOUGH 30 /* contacts of a group, to compare it */

void fcr_day_is_final(const struct fcr_figures *all, bool ret[FCR_CELLS])
{
	for (unsigned cell = 0; cell < FCR_CELLS; cell++)
		ret[cell] = fcr_mature(all, cell) >= all->contacts;
}

void fcr_row_close_day(struct fcr_row *row, const bool final[FCR_CELLS])
{
	const struct fcr_figures *day = &row->day;

	fcr_figures_add(&row->sum, day);
	for (unsigned cell = 0; cell < FCR_CELLS; cell++) {
		if (!final[cell])
			continue;
		row->final_contacts[cell] += day->contacts;
		row->final.resolved[cell] += day->resolved[cell];
		row->final.repeated[cell] += day->repeated[cell];
		row->final.first_resolved[cell] += day->first_resolved[cell];
		row->final.first_repeated[cell] += day->first_repeated[cell];
		row->final.escalated_resolved[cell] += day->escalated_resolved[cell];
		row->final.escalated_repeated[cell] += day->escalated_repeated[cell];
	}
	row->day = (struct fcr_figures){ 0 };
}

/* --- numbers --- */

static void put_number(struct json_out *out, const char *name, int decimals, double number)
{
	char digits[48];

	snprintf(digits, sizeof(digits), "%.*f", decimals, number);
	json_raw(out, name, text_of(digits));
}

/* Between 0 and 1; null of nothing. */
static void put_share(struct json_out *out, const char *name, uint64_t part, uint64_t whole)
{
	if (whole == 0)
		json_null(out, name);
	else
		put_number(out, name, 4, (double)part / (double)whole);
}

/* --- by repeat calls --- */

static void put_counted(struct json_out *out, const char *name, uint64_t eligible,
                        uint64_t resolved)
{
	json_object(out, name);
	json_uint(out, "eligible", eligible);
	json_uint(out, "resolved", resolved);
	put_share(out, "fcr", resolved, eligible);
	json_object_end(out);
}

static void put_provisional(struct json_out *out, const struct fcr_figures *sum, unsigned cell)
{
	uint64_t mature = fcr_mature(sum, cell);
	uint64_t open = sum->contacts > mature ? sum->contacts - mature : 0;

	json_object(out, "provisional");
	json_uint(out, "eligible", mature + open);
	json_uint(out, "resolved", sum->resolved[cell] + open);
	json_uint(out, "open", open);
	put_share(out, "fcr", sum->resolved[cell] + open, mature + open);
	json_object_end(out);
}

static void put_cell(struct json_out *out, const char *name, const struct fcr_row *row,
                     unsigned cell)
{
	json_object(out, name);
	put_counted(out, "final", row->final_contacts[cell], row->final.resolved[cell]);
	put_provisional(out, &row->sum, cell);
	json_object_end(out);
}

static void put_first(struct json_out *out, const char *name, const struct fcr_row *row,
                      unsigned cell)
{
	put_counted(out, name, row->final.first_resolved[cell] + row->final.first_repeated[cell],
	            row->final.first_resolved[cell]);
}

static void put_net(struct json_out *out, const char *name, const struct fcr_row *row,
                    unsigned cell)
{
	uint64_t resolved = row->final.resolved[cell] - row->final.escalated_resolved[cell];
	uint64_t repeated = row->final.repeated[cell] - row->final.escalated_repeated[cell];

	put_counted(out, name, resolved + repeated, resolved);
}

typedef void put_fn(struct json_out *out, const char *name, const struct fcr_row *row,
                    unsigned cell);

static void put_cells(struct json_out *out, const char *name, const struct fcr_row *row,
                      put_fn *put)
{
	json_object(out, name);
	for (unsigned window = 0; window < FCR_WINDOWS; window++) {
		json_object(out, fcr_window_name((enum fcr_window)window));
		for (unsigned scope = 0; scope < FCR_SCOPES; scope++)
			put(out, fcr_scope_name((enum fcr_scope)scope), row,
			    fcr_cell((enum fcr_window)window, (enum fcr_scope)scope));
		json_object_end(out);
	}
	json_object_end(out);
}

/* --- by what agents and callers say --- */

static void put_asserted(struct json_out *out, const struct fcr_figures *sum)
{
	uint64_t all = 0;

	json_object(out, "asserted");
	for (unsigned said = 0; said < FCR_SAID; said++) {
		json_uint(out, fcr_said_name((enum fcr_said)said), sum->said[said]);
		all += sum->said[said];
	}
	put_share(out, "fcr", sum->said[SAID_RESOLVED], all);
	put_share(out, "net", sum->said[SAID_RESOLVED], all - sum->said[SAID_ESCALATED]);
	json_object_end(out);
}

static void put_nps(struct json_out *out, const uint64_t nps[3])
{
	uint64_t all = nps[0] + nps[1] + nps[2];

	json_object(out, "nps");
	json_uint(out, "detractors", nps[0]);
	json_uint(out, "passives", nps[1]);
	json_uint(out, "promoters", nps[2]);
	if (all == 0)
		json_null(out, "nps");
	else
		put_number(out, "nps", 1, 100 * ((double)nps[2] - (double)nps[0]) / (double)all);
	json_object_end(out);
}

static void put_csat(struct json_out *out, const uint64_t csat[CSAT_MAX])
{
	uint64_t all = 0, sum = 0;

	json_object(out, "csat");
	json_array(out, "answers");
	for (unsigned i = 0; i < CSAT_MAX; i++) {
		json_uint(out, NULL, csat[i]);
		all += csat[i];
		sum += csat[i] * (i + 1);
	}
	json_array_end(out);
	if (all == 0)
		json_null(out, "mean");
	else
		put_number(out, "mean", 2, (double)sum / (double)all);
	put_share(out, "satisfied", csat[CSAT_MAX - 2] + csat[CSAT_MAX - 1], all);
	json_object_end(out);
}

static void put_index(struct json_out *out, const struct fcr_figures *sum)
{
	json_object(out, "index");
	for (unsigned part = 0; part < SURVEY_PARTS; part++) {
		json_object(out, survey_part_name((enum survey_part)part));
		json_uint(out, "answers", sum->index_count[part]);
		if (sum->index_count[part] == 0)
			json_null(out, "index");
		else
			put_number(out, "index", 1,
			           (double)sum->index_sum[part] / 10 /
			                   (double)sum->index_count[part]);
		json_object_end(out);
	}
	json_object_end(out);
}

static void put_surveyed(struct json_out *out, const struct fcr_figures *sum)
{
	json_object(out, "surveyed");
	json_uint(out, "answers", sum->surveys);
	json_uint(out, "resolved", sum->solved[0]);
	json_uint(out, "unresolved", sum->solved[1]);
	put_share(out, "fcr", sum->solved[0], sum->solved[0] + sum->solved[1]);
	put_nps(out, sum->nps);
	put_csat(out, sum->csat);
	put_index(out, sum);
	json_object_end(out);
}

/* --- what stickiness does --- */

static void put_interval(struct json_out *out, int decimals, const struct interval *interval)
{
	put_number(out, "low", decimals, interval->low);
	put_number(out, "high", decimals, interval->high);
}

static void put_group_share(struct json_out *out, const char *name, uint64_t part, uint64_t whole)
{
	struct interval interval;

	json_object(out, name);
	json_uint(out, "eligible", whole);
	json_uint(out, "resolved", part);
	put_share(out, "fcr", part, whole);
	if (whole > 0) {
		interval = wilson_interval(part, whole);
		put_interval(out, 4, &interval);
	}
	json_object_end(out);
}

static void put_thin(struct json_out *out)
{
	json_null(out, "difference");
	json_text(out, "why", "not enough data");
}

static void put_share_uplift(struct json_out *out, const char *name, const struct fcr_row *sticky,
                             const struct fcr_row *holdout, unsigned cell)
{
	uint64_t part = sticky->final.resolved[cell], whole = sticky->final_contacts[cell];
	uint64_t other = holdout->final.resolved[cell], others = holdout->final_contacts[cell];
	struct interval interval;

	json_object(out, name);
	put_group_share(out, "sticky", part, whole);
	put_group_share(out, "holdout", other, others);
	if (whole < ENOUGH || others < ENOUGH) {
		put_thin(out);
	} else {
		interval = newcombe_interval(part, whole, other, others);
		put_number(out, "difference", 4,
		           (double)part / (double)whole - (double)other / (double)others);
		put_interval(out, 4, &interval);
	}
	json_object_end(out);
}

/* Tenths of a second as milliseconds. */
static struct moments moments_of(const uint64_t numbers[FCR_MOMENTS])
{
	return (struct moments){ (double)numbers[0], (double)numbers[1] * 100,
		                 (double)numbers[2] * 10000 };
}

static void put_group_mean(struct json_out *out, const char *name, const struct moments *moments)
{
	json_object(out, name);
	put_number(out, "count", 0, moments->count);
	if (moments->count > 0)
		put_number(out, "mean_ms", 0, moments_mean(moments));
	else
		json_null(out, "mean_ms");
	json_object_end(out);
}

static void put_mean_uplift(struct json_out *out, const char *name, const uint64_t sticky[],
                            const uint64_t holdout[])
{
	struct moments first = moments_of(sticky), second = moments_of(holdout);
	struct interval interval;

	json_object(out, name);
	put_group_mean(out, "sticky", &first);
	put_group_mean(out, "holdout", &second);
	if (first.count < ENOUGH || second.count < ENOUGH ||
	    !welch_interval(&first, &second, &interval)) {
		put_thin(out);
	} else {
		put_number(out, "difference", 0, moments_mean(&first) - moments_mean(&second));
		put_interval(out, 0, &interval);
	}
	json_object_end(out);
}

static void put_uplift(struct json_out *out, struct fcr_row *rows)
{
	static const struct fcr_row nobody;
	const struct fcr_row *sticky, *holdout;
	struct fcr_row *found;

	HASH_FIND_STR(rows, "sticky", found);
	sticky = found == NULL ? &nobody : found;
	HASH_FIND_STR(rows, "holdout", found);
	holdout = found == NULL ? &nobody : found;
	json_object(out, "uplift");
	json_object(out, "fcr");
	for (unsigned window = 0; window < FCR_WINDOWS; window++) {
		json_object(out, fcr_window_name((enum fcr_window)window));
		for (unsigned scope = 0; scope < FCR_SCOPES; scope++)
			put_share_uplift(out, fcr_scope_name((enum fcr_scope)scope), sticky,
			                 holdout,
			                 fcr_cell((enum fcr_window)window, (enum fcr_scope)scope));
		json_object_end(out);
	}
	json_object_end(out);
	put_mean_uplift(out, "wait", sticky->sum.wait, holdout->sum.wait);
	put_mean_uplift(out, "handling", sticky->sum.handling, holdout->sum.handling);
	json_object_end(out);
}

/* --- all of it --- */

static int by_name(const struct fcr_row *a, const struct fcr_row *b)
{
	return strcmp(a->name, b->name);
}

/* Chains are counted by queue, and so by hour and day. */
static void put_row(struct json_out *out, enum stats_by by, const struct fcr_row *row)
{
	json_uint(out, "contacts", row->sum.contacts);
	json_uint(out, "reconnects", row->sum.reconnects);
	put_cells(out, "fcr", row, put_cell);
	if (by == STATS_BY_QUEUE || by == STATS_BY_HOUR || by == STATS_BY_DAY)
		put_cells(out, "first_of_chain", row, put_first);
	put_cells(out, "net", row, put_net);
	put_asserted(out, &row->sum);
	put_surveyed(out, &row->sum);
}

static void put_named_row(struct json_out *out, enum stats_by by, const struct fcr_row *row)
{
	json_object(out, NULL);
	if (by == STATS_BY_HOUR)
		json_int(out, stats_by_name(by), atoi(row->name));
	else
		json_text(out, stats_by_name(by), *row->name == '\0' ? NULL : row->name);
	put_row(out, by, row);
	json_object_end(out);
}

char *fcr_write(const struct stats_question *question, const char *zone, struct fcr_row **rows,
                const struct fcr_row *total, size_t *ret_length)
{
	size_t size = HEAD_BYTES + ROW_BYTES * ((size_t)HASH_COUNT(*rows) + 1);
	char *bytes = malloc(size);
	struct json_out out;

	if (bytes == NULL)
		return NULL;
	HASH_SORT(*rows, by_name);
	json_out_begin(&out, bytes, size);
	json_object(&out, NULL);
	json_instant(&out, "as_of", clock_now());
	json_text(&out, "from", question->from);
	json_text(&out, "to", question->to);
	json_text(&out, "by", stats_by_name(question->by));
	json_text(&out, "zone", zone);
	json_array(&out, "rows");
	for (const struct fcr_row *row = *rows; row != NULL; row = row->hh.next)
		put_named_row(&out, question->by, row);
	json_array_end(&out);
	if (total != NULL) {
		json_object(&out, "total");
		put_row(&out, question->by, total);
		json_object_end(&out);
	}
	if (question->by == STATS_BY_GROUP)
		put_uplift(&out, *rows);
	json_object_end(&out);
	*ret_length = json_out_done(&out);
	if (*ret_length > 0)
		return bytes;
	free(bytes);
	return NULL;
}

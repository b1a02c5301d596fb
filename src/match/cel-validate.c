/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-validate.h"

#include "base/cel-json.h"
#include "base/cel-number.h"
#include "match/cel-record-card.h"
#include "match/cel-weigh.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#define LEVEL 0.95

/* Lower ends of the reliability table's bins, in units of evidence; the first holds the rest. */
static const double bin_from[CEL_VALIDATE_BINS] = {-20, -4, -2, 0, 1, 2, 4, 6};

/* The quantile by halving: GSL's own inverse gives NaN for some of the large counts. */
static double beta_quantile(double part, double a, double b)
{
    enum { HALVINGS = 60 };
    double low = 0, high = 1;
    for (int i = 0; i < HALVINGS; i++) {
        const double middle = 0.5 * (low + high);
        if (gsl_cdf_beta_P(middle, a, b) < part)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

void cel_validate_interval(guint k, guint n, double level, double *out_low, double *out_high)
{
    const double tail = (1 - level) / 2;
    *out_low = k > 0 && n > 0 ? beta_quantile(tail, k, n - k + 1.0) : 0;
    *out_high = k < n ? beta_quantile(1 - tail, k + 1.0, n - k) : 1;
}

static void record_free(gpointer data)
{
    CelValidateRecord *record = data;
    g_free(record->file);
    g_free(record->group);
    g_free(record->truth_id);
    g_free(record->first_id);
    g_free(record->ceiling);
    g_free(record->problem);
    g_free(record->specimen);
    g_free(record->instrument);
    g_free(record->class_id);
    g_free(record->condition);
    g_free(record->first_class);
    g_free(record);
}

static void group_free(gpointer data)
{
    g_free(((CelValidateGroup *)data)->group);
    g_free(data);
}

static gboolean in_list(const char *list, const char *id)
{
    g_auto(GStrv) ids = g_strsplit(list != NULL ? list : "", " ", -1);
    return g_strv_contains((const char *const *)ids, id);
}

static gboolean names_something(CelOutcome outcome)
{
    return outcome == CEL_OUTCOME_FOUND || outcome == CEL_OUTCOME_CLASS_ONLY ||
           outcome == CEL_OUTCOME_MIXTURE;
}

static void judge(CelValidateRecord *record, const CelIdentification *answer,
                  const CelValidateCase *one)
{
    const gboolean is_truth =
        *one->truth_id != '\0' && strcmp(record->first_id, one->truth_id) == 0;
    record->family = is_truth || (*one->truth_id != '\0' && in_list(one->family, record->first_id));
    if (answer->outcome == CEL_OUTCOME_FOUND)
        record->right = is_truth;
    else if (names_something(answer->outcome))
        record->right = record->family;
    else
        record->right = *one->truth_id == '\0';
    record->lead = answer->lead_id != NULL;
    record->lead_right = record->lead && strcmp(answer->lead_id, one->truth_id) == 0;
}

static char *text_or_empty(const char *text)
{
    return g_strdup(text != NULL ? text : "");
}

static CelValidateRecord *make_record(const CelValidateCase *one, const CelIdentification *answer)
{
    CelValidateRecord *record = g_new0(CelValidateRecord, 1);
    record->file = g_strdup(one->file);
    record->group = g_strdup(one->group);
    record->truth_id = g_strdup(one->truth_id);
    record->first_id = g_strdup("");
    record->ceiling = g_strdup(answer != NULL ? answer->ceiling : "");
    record->laser_nm = one->laser_nm;
    record->specimen = text_or_empty(one->specimen);
    record->instrument = text_or_empty(one->instrument);
    record->class_id = text_or_empty(one->class_id);
    record->condition = text_or_empty(one->condition);
    record->first_class = g_strdup("");
    if (answer == NULL)
        return record;
    record->outcome = answer->outcome;
    record->snr = answer->quality.snr;
    record->elapsed_ms = (double)answer->elapsed_us / 1000;
    for (guint i = 0; i < answer->hits->len && record->rank == 0; i++) {
        const CelHit *hit = g_ptr_array_index(answer->hits, i);
        if (strcmp(hit->substance->id, one->truth_id) == 0)
            record->rank = i + 1;
    }
    if (answer->hits->len > 0) {
        const CelHit *first = g_ptr_array_index(answer->hits, 0);
        g_free(record->first_id);
        g_free(record->first_class);
        record->first_id = g_strdup(first->substance->id);
        record->first_class = g_strdup(first->substance->class_id);
        record->score = first->score;
        record->evidence = first->evidence;
        record->margin = cel_weigh_margin(answer->hits, FALSE);
        record->shift_cm1 = first->shift_applied_cm1;
        record->matched = first->matched->len;
    }
    judge(record, answer, one);
    return record;
}

static CelValidateGroup *group_of(CelValidation *validation, const char *name)
{
    for (guint i = 0; i < validation->groups->len; i++) {
        CelValidateGroup *group = g_ptr_array_index(validation->groups, i);
        if (strcmp(group->group, name) == 0)
            return group;
    }
    CelValidateGroup *group = g_new0(CelValidateGroup, 1);
    group->group = g_strdup(name);
    g_ptr_array_add(validation->groups, group);
    return group;
}

static void count(CelValidateGroup *group, const CelValidateRecord *record)
{
    if (record->problem != NULL) {
        group->unusable++;
        return;
    }
    group->n++;
    if (*record->truth_id != '\0') {
        group->n_known++;
        group->top1 += record->rank == 1;
        group->top5 += record->rank >= 1 && record->rank <= 5;
        group->family1 += record->family ? 1 : 0;
    }
    if (record->right)
        group->right[record->outcome]++;
    else
        group->wrong[record->outcome]++;
    group->lead_right += record->lead_right ? 1 : 0;
    group->lead_wrong += record->lead && !record->lead_right;
}

static void count_bins(CelValidation *validation)
{
    for (guint b = 0; b < CEL_VALIDATE_BINS; b++)
        validation->bins[b].from = bin_from[b];
    for (guint i = 0; i < validation->records->len; i++) {
        const CelValidateRecord *record = g_ptr_array_index(validation->records, i);
        guint b = CEL_VALIDATE_BINS - 1;
        while (b > 0 && record->evidence < bin_from[b])
            b--;
        if (record->problem == NULL && *record->first_id != '\0') {
            validation->bins[b].n++;
            validation->bins[b].right += record->rank == 1;
        }
    }
}

static CelValidateRecord *evaluate(const CelMatcher *matcher, const CelValidateCase *one,
                                   CelValidateLoad load, gpointer user_data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelSpectrum) spectrum = load(one, user_data, &error);
    g_autoptr(CelIdentification) answer =
        spectrum != NULL
            ? cel_matcher_identify(
                  matcher, &(CelSample){.raw = spectrum, .state.axis_check = one->axis_check}, NULL,
                  &error)
            : NULL;
    CelValidateRecord *record = make_record(one, answer);
    if (answer == NULL)
        record->problem = g_strdup(error != NULL ? error->message : "");
    return record;
}

CelValidation *cel_validate(const CelMatcher *matcher, const CelValidateCase *cases, gsize n,
                            CelValidateLoad load, gpointer user_data, CelJob *job, GError **error)
{
    g_autoptr(CelValidation) out = g_new0(CelValidation, 1);
    out->records = g_ptr_array_new_with_free_func(record_free);
    out->groups = g_ptr_array_new_with_free_func(group_free);
    for (gsize i = 0; i < n; i++) {
        if (!cel_job_step(job, N_("Validating"), i, n, error))
            return NULL;
        CelValidateRecord *record = evaluate(matcher, &cases[i], load, user_data);
        g_ptr_array_add(out->records, record);
        count(group_of(out, record->group), record);
    }
    CelValidateGroup *all = g_new0(CelValidateGroup, 1);
    all->group = g_strdup("all");
    for (guint i = 0; i < out->records->len; i++)
        count(all, g_ptr_array_index(out->records, i));
    g_ptr_array_add(out->groups, all);
    count_bins(out);
    return g_steal_pointer(&out);
}

void cel_validation_free(CelValidation *validation)
{
    if (validation == NULL)
        return;
    g_ptr_array_unref(validation->records);
    g_ptr_array_unref(validation->groups);
    g_free(validation);
}

static void append_rounded(GString *out, double value, int digits)
{
    const double scale = pow(10, digits);
    g_string_append_c(out, '\t');
    cel_number_append(out, round(value * scale) / scale);
}

/* Tabs and line ends in a text would break the table. */
static void append_cell(GString *out, const char *text)
{
    g_autofree char *clean = g_strdelimit(g_strdup(text), "\t\n\r", ' ');
    g_string_append(out, clean);
}

static void append_record(GString *out, const CelValidateRecord *r)
{
    append_cell(out, r->file);
    g_string_append_c(out, '\t');
    append_cell(out, r->group);
    g_string_append_c(out, '\t');
    append_cell(out, r->truth_id);
    g_string_append_printf(out, "\t%s\t%s\t%s\t%u\t%d\t%d\t%d",
                           r->problem != NULL ? "unusable" : cel_outcome_name(r->outcome),
                           r->ceiling, r->first_id, r->rank, r->right, r->family, r->lead_right);
    append_rounded(out, r->score, 4);
    append_rounded(out, r->margin, 4);
    append_rounded(out, r->evidence, 4);
    g_string_append_printf(out, "\t%u", r->matched);
    append_rounded(out, r->snr, 1);
    append_rounded(out, r->shift_cm1, 1);
    append_rounded(out, r->elapsed_ms, 2);
    g_string_append_c(out, '\t');
    append_cell(out, r->problem != NULL ? r->problem : "");
}

/** Origin: what every row repeats. */
typedef struct {
    char *texts[5]; /* policy, libraries, thresholds, who, when */
} Origin;

static void origin_clear(Origin *origin)
{
    for (gsize i = 0; i < G_N_ELEMENTS(origin->texts); i++)
        g_free(origin->texts[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Origin, origin_clear)

static void origin_fill(Origin *origin, const CelValidateSource *source)
{
    if (source == NULL)
        return;
    origin->texts[0] = g_strdup(source->policy);
    origin->texts[1] = cel_record_libraries(source->libraries, source->n_libraries);
    origin->texts[2] = cel_record_thresholds();
    origin->texts[3] = g_strdup(source->who);
    origin->texts[4] = g_strdup(source->when);
}

/* The class of a truth that the manifest does not give is the library's. */
static const char *class_of(const CelValidateRecord *r, const CelValidateSource *source)
{
    const CelSubstance *truth = NULL;
    for (gsize l = 0; source != NULL && truth == NULL && l < source->n_libraries; l++)
        truth = cel_library_find(source->libraries[l], r->truth_id);
    return *r->class_id != '\0' || truth == NULL ? r->class_id : truth->class_id;
}

static void append_domain(GString *out, const CelValidateRecord *r, const char *class_id,
                          const Origin *origin)
{
    const char *const texts[] = {r->instrument, class_id, r->first_class, r->condition};
    g_string_append_c(out, '\t');
    append_cell(out, r->specimen);
    g_string_append_c(out, '\t');
    if (r->laser_nm > 0)
        cel_number_append(out, r->laser_nm);
    for (gsize i = 0; i < G_N_ELEMENTS(texts) + G_N_ELEMENTS(origin->texts); i++) {
        const char *text =
            i < G_N_ELEMENTS(texts) ? texts[i] : origin->texts[i - G_N_ELEMENTS(texts)];
        g_string_append_c(out, '\t');
        append_cell(out, text != NULL ? text : "");
    }
    g_string_append_c(out, '\n');
}

char *cel_validation_records(const CelValidation *validation, const CelValidateSource *source)
{
    g_auto(Origin) origin = {0};
    GString *out = g_string_new("file\tgroup\ttruth_id\toutcome\tceiling\tfirst_"
                                "id\trank\tright\tfamily\tlead_right\tscore\t"
                                "margin\tevidence\tmatched\tsnr\tshift_cm1\telapsed_ms\tproblem\t"
                                "specimen\tlaser_nm\tinstrument\tclass\tfirst_class\tcondition\t"
                                "policy\tlibraries\tthresholds\twho\twhen\n");
    origin_fill(&origin, source);
    for (guint i = 0; i < validation->records->len; i++) {
        const CelValidateRecord *r = g_ptr_array_index(validation->records, i);
        append_record(out, r);
        append_domain(out, r, class_of(r, source), &origin);
    }
    return g_string_free(out, FALSE);
}

/* "12/30 (40.0 %, 22.7..59.4)" */
static void append_part(GString *out, const char *what, guint k, guint n)
{
    double low = 0, high = 1;
    cel_validate_interval(k, n, LEVEL, &low, &high);
    g_string_append_printf(out, "  %s %u/%u", what, k, n);
    if (n > 0)
        g_string_append_printf(out, " (%.1f %%, %.1f..%.1f)", 100.0 * k / n, 100 * low, 100 * high);
}

static void append_group(GString *out, const CelValidateGroup *g)
{
    const guint unknown = g->n - g->n_known;
    const guint silent = g->n - g->right[CEL_OUTCOME_FOUND] - g->wrong[CEL_OUTCOME_FOUND] -
                         g->right[CEL_OUTCOME_CLASS_ONLY] - g->wrong[CEL_OUTCOME_CLASS_ONLY];
    g_string_append_printf(out, "%s: n %u (%u not in a library, %u unusable)\n", g->group, g->n,
                           unknown, g->unusable);
    append_part(out, "top 1", g->top1, g->n_known);
    append_part(out, "top 5", g->top5, g->n_known);
    append_part(out, "top 1 family", g->family1, g->n_known);
    g_string_append_c(out, '\n');
    append_part(out, "found right", g->right[CEL_OUTCOME_FOUND], g->n);
    append_part(out, "found wrong", g->wrong[CEL_OUTCOME_FOUND], g->n);
    g_string_append_c(out, '\n');
    append_part(out, "class right", g->right[CEL_OUTCOME_CLASS_ONLY], g->n);
    append_part(out, "class wrong", g->wrong[CEL_OUTCOME_CLASS_ONLY], g->n);
    g_string_append_c(out, '\n');
    append_part(out, "lead right", g->lead_right, g->n);
    append_part(out, "lead wrong", g->lead_wrong, g->n);
    append_part(out, "nothing named", silent, g->n);
    g_string_append_c(out, '\n');
}

char *cel_validation_report(const CelValidation *validation)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < validation->groups->len; i++)
        append_group(out, g_ptr_array_index(validation->groups, i));
    g_string_append(out, _("Evidence of the first hit: how often it is the truth\n"));
    for (guint b = 0; b < CEL_VALIDATE_BINS; b++) {
        g_string_append_printf(out, "  >= %.1f:", validation->bins[b].from);
        append_part(out, "", validation->bins[b].right, validation->bins[b].n);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void write_part(CelJsonWriter *json, const char *key, guint k, guint n)
{
    double low = 0, high = 1;
    cel_validate_interval(k, n, LEVEL, &low, &high);
    cel_json_open(json, key, '{');
    cel_json_int(json, "k", k);
    cel_json_int(json, "n", n);
    cel_json_number(json, "low", low, 4);
    cel_json_number(json, "high", high, 4);
    cel_json_close(json);
}

static void write_group(CelJsonWriter *json, const CelValidateGroup *g)
{
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "group", g->group);
    cel_json_int(json, "n", g->n);
    cel_json_int(json, "unusable", g->unusable);
    write_part(json, "top1", g->top1, g->n_known);
    write_part(json, "top5", g->top5, g->n_known);
    write_part(json, "top1_family", g->family1, g->n_known);
    cel_json_open(json, "outcomes", '{');
    for (guint o = 0; o < CEL_N_OUTCOMES; o++) {
        cel_json_open(json, cel_outcome_name((CelOutcome)o), '{');
        write_part(json, "right", g->right[o], g->n);
        write_part(json, "wrong", g->wrong[o], g->n);
        cel_json_close(json);
    }
    cel_json_close(json);
    write_part(json, "lead_right", g->lead_right, g->n);
    write_part(json, "lead_wrong", g->lead_wrong, g->n);
    cel_json_close(json);
}

char *cel_validation_to_json(const CelValidation *validation)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_number(json, "interval_level", LEVEL, 2);
    cel_json_open(json, "groups", '[');
    for (guint i = 0; i < validation->groups->len; i++)
        write_group(json, g_ptr_array_index(validation->groups, i));
    cel_json_close(json);
    cel_json_open(json, "reliability", '[');
    for (guint b = 0; b < CEL_VALIDATE_BINS; b++) {
        cel_json_open(json, NULL, '{');
        cel_json_number(json, "evidence_from", validation->bins[b].from, 2);
        write_part(json, "first_hit_right", validation->bins[b].right, validation->bins[b].n);
        cel_json_close(json);
    }
    cel_json_close(json);
    cel_json_close(json);
    return cel_json_finish(json);
}

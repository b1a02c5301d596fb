/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-why.h"

#include "match/cel-claims.h"
#include "match/cel-weigh.h"

#include <math.h>
#include <string.h>

/* Digits in JSON: a position to 0.1 cm-1, a height or a score to 1e-4. */
enum { POSITION_DIGITS = 5, DIFFERENCE_DIGITS = 3, HEIGHT_DIGITS = 4, SCORE_DIGITS = 4 };

static const CelHit *hit_at(const CelIdentification *answer, guint i)
{
    return g_ptr_array_index(answer->hits, i);
}

/* The first hit after the first that is no look-alike of it; NULL when none is listed. */
static const CelHit *next_different(const CelIdentification *answer)
{
    const guint next = cel_weigh_next(answer->hits, FALSE);
    return next > 0 ? hit_at(answer, next) : NULL;
}

static const char *name_of(const CelHit *hit, gboolean chinese)
{
    const CelSubstance *x = hit->substance;
    const char *name = chinese && *x->name_zh != '\0' ? x->name_zh : x->name_en;
    return *name != '\0' ? name : x->id;
}

static const char *text_of(CelClaimId id, gboolean chinese)
{
    return chinese ? cel_claim(id)->zh : cel_claim(id)->en;
}

static char *number(double value, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, format, value));
}

static guint length(const GArray *array)
{
    return array != NULL ? array->len : 0;
}

static void append_part(GString *out, char *part, gboolean chinese)
{
    if (out->len > 0)
        g_string_append(out, chinese ? ";" : "; ");
    g_string_append(out, part);
    g_free(part);
}

/* Adds row @id with the list in @parts, which it frees; nothing when the list is empty. */
static void add_list(GPtrArray *lines, CelClaimId id, guint n, GString *parts, gboolean chinese)
{
    g_autofree char *count = g_strdup_printf("%u", n);
    g_autofree char *list = g_string_free(parts, FALSE);
    if (n > 0)
        g_ptr_array_add(lines, cel_claim_fill(text_of(id, chinese), "N", count, "P", list, NULL));
}

/* Where the reference states no height of one source, a weight of 1 must not read as one. */
static char *height_text(const CelPeakPair *pair, gboolean chinese)
{
    return pair->unweighed ? g_strdup(text_of(CEL_EXPLAIN_UNWEIGHED, chinese))
                           : number(pair->reference_intensity, "%.2f");
}

static char *pair_text(const CelPeakPair *pair, double shift_cm1, gboolean chinese)
{
    g_autofree char *at = number(pair->reference_cm1, "%.1f");
    g_autofree char *seen = number(pair->sample_cm1, "%.1f");
    g_autofree char *off = number(pair->sample_cm1 + shift_cm1 - pair->reference_cm1, "%+.1f");
    g_autofree char *allowed = number(pair->tolerance_cm1, "%.1f");
    g_autofree char *height = height_text(pair, chinese);
    g_autofree char *measured = number(pair->sample_height, "%.2f");
    return cel_claim_fill(text_of(CEL_EXPLAIN_PAIR, chinese), "P", at, "V", seen, "A", off, "W",
                          allowed, "N", height, "R", measured, NULL);
}

static void add_matched(GPtrArray *lines, const CelHit *hit, gboolean chinese)
{
    GString *parts = g_string_new(NULL);
    g_autofree char *count = g_strdup_printf("%u", hit->matched->len);
    g_autofree char *shift = number(hit->shift_applied_cm1, "%+.1f");
    for (guint i = 0; i < hit->matched->len; i++)
        append_part(parts,
                    pair_text(&g_array_index(hit->matched, CelPeakPair, i), hit->shift_applied_cm1,
                              chinese),
                    chinese);
    g_autofree char *list = g_string_free(parts, FALSE);
    if (hit->matched->len > 0)
        g_ptr_array_add(lines, cel_claim_fill(text_of(CEL_EXPLAIN_MATCHED, chinese), "N", count,
                                              "V", shift, "P", list, NULL));
}

static void add_missing(GPtrArray *lines, const CelHit *hit, gboolean chinese)
{
    GString *parts = g_string_new(NULL);
    for (guint i = 0; i < hit->missing->len; i++) {
        const CelPeakPair *pair = &g_array_index(hit->missing, CelPeakPair, i);
        g_autofree char *at = number(pair->reference_cm1, "%.1f");
        g_autofree char *height = height_text(pair, chinese);
        g_autofree char *measured = number(pair->sample_height, "%.2f");
        append_part(parts,
                    cel_claim_fill(text_of(CEL_EXPLAIN_ABSENT, chinese), "P", at, "N", height, "R",
                                   measured, NULL),
                    chinese);
    }
    add_list(lines, CEL_EXPLAIN_MISSING, hit->missing->len, parts, chinese);
}

static void add_extra(GPtrArray *lines, const CelHit *hit, gboolean chinese)
{
    GString *parts = g_string_new(NULL);
    for (guint i = 0; i < length(hit->unexplained); i++) {
        const CelPeakExtra *extra = &g_array_index(hit->unexplained, CelPeakExtra, i);
        g_autofree char *at = number(extra->sample_cm1, "%.1f");
        g_autofree char *measured = number(extra->sample_height, "%.2f");
        append_part(
            parts,
            cel_claim_fill(text_of(CEL_EXPLAIN_SURPLUS, chinese), "P", at, "R", measured, NULL),
            chinese);
    }
    add_list(lines, CEL_EXPLAIN_EXTRA, length(hit->unexplained), parts, chinese);
}

static void add_outside(GPtrArray *lines, const CelHit *hit, gboolean chinese)
{
    GString *parts = g_string_new(NULL);
    for (guint i = 0; i < length(hit->outside); i++)
        append_part(parts,
                    number(g_array_index(hit->outside, CelPeakPair, i).reference_cm1, "%.1f"),
                    chinese);
    add_list(lines, CEL_EXPLAIN_OUTSIDE, length(hit->outside), parts, chinese);
}

static void add_margin(GPtrArray *lines, const CelIdentification *answer, gboolean chinese)
{
    const CelHit *next = next_different(answer);
    if (next == NULL)
        return;
    g_autofree char *by = number(hit_at(answer, 0)->score - next->score, "%.3f");
    g_ptr_array_add(lines, cel_claim_fill(text_of(CEL_EXPLAIN_MARGIN, chinese), "Y",
                                          name_of(next, chinese), "V", by, NULL));
}

static void add_alike(GPtrArray *lines, const CelIdentification *answer, gboolean chinese)
{
    GString *list = g_string_new(NULL);
    const CelHit *first = hit_at(answer, 0);
    for (guint i = 1; i < answer->hits->len; i++) {
        const CelHit *hit = hit_at(answer, i);
        if (!cel_weigh_alike(answer->hits, i))
            continue;
        g_autofree char *by = number(first->score - hit->score, "%.3f");
        g_string_append_printf(list, "%s%s (%s)", list->len > 0 ? (chinese ? "、" : ", ") : "",
                               name_of(hit, chinese), by);
    }
    g_autofree char *text = g_string_free(list, FALSE);
    if (*text != '\0')
        g_ptr_array_add(lines,
                        cel_claim_fill(text_of(CEL_EXPLAIN_ALIKE, chinese), "A", text, NULL));
}

/* The view whose part of the distance between two hits is the largest; CEL_N_VIEWS: none was scored
 * for both. */
static guint deciding_view(const CelHit *first, const CelHit *next)
{
    guint best = CEL_N_VIEWS;
    double most = 0;
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        const double part = cel_views[v].weight * (first->views[v] - next->views[v]);
        if (isfinite(part) && (best == CEL_N_VIEWS || part > most)) {
            best = v;
            most = part;
        }
    }
    return best;
}

static const char *view_word(guint view, gboolean chinese)
{
    return chinese ? cel_views[view].zh : cel_views[view].id;
}

static char *view_scores(const CelHit *first, const CelHit *next, gboolean chinese)
{
    const char *comma = chinese ? "," : ", "; /* as in the catalogue of sentences */
    GString *out = g_string_new(NULL);
    for (guint v = 0; v < CEL_N_VIEWS; v++) {
        if (!isfinite(first->views[v]))
            continue;
        g_autofree char *one = number(first->views[v], "%.2f");
        g_string_append_printf(out, "%s%s %s", out->len > 0 ? comma : "", view_word(v, chinese),
                               one);
        if (next == NULL || !isfinite(next->views[v]))
            continue;
        g_autofree char *other = number(next->views[v], "%.2f");
        g_string_append_printf(out, " / %s", other);
    }
    return g_string_free(out, FALSE);
}

static void add_views(GPtrArray *lines, const CelIdentification *answer, gboolean chinese)
{
    const CelHit *first = hit_at(answer, 0), *next = next_different(answer);
    const guint decided = next != NULL ? deciding_view(first, next) : CEL_N_VIEWS;
    g_autofree char *scores = view_scores(first, next, chinese);
    if (*scores == '\0')
        return;
    const CelClaimId id = decided < CEL_N_VIEWS ? CEL_EXPLAIN_VIEW : CEL_EXPLAIN_VIEW_ALONE;
    const char *view = decided < CEL_N_VIEWS ? view_word(decided, chinese) : "";
    g_ptr_array_add(lines, cel_claim_fill(text_of(id, chinese), "P", scores, "V", view, NULL));
}

GPtrArray *cel_why_lines(const CelIdentification *answer, gboolean chinese)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
    if (answer->hits->len == 0)
        return lines;
    const CelHit *first = hit_at(answer, 0);
    add_matched(lines, first, chinese);
    add_missing(lines, first, chinese);
    add_extra(lines, first, chinese);
    add_outside(lines, first, chinese);
    add_margin(lines, answer, chinese);
    add_alike(lines, answer, chinese);
    add_views(lines, answer, chinese);
    return lines;
}

/* ---- numbers ---- */

static void write_reference_intensity(CelJsonWriter *json, const CelPeakPair *pair)
{
    cel_json_number(json, "reference_intensity", pair->unweighed ? NAN : pair->reference_intensity,
                    HEIGHT_DIGITS);
}

static void write_pair(CelJsonWriter *json, const CelPeakPair *pair, double shift_cm1)
{
    cel_json_open(json, NULL, '{');
    cel_json_number(json, "reference_cm1", pair->reference_cm1, POSITION_DIGITS);
    cel_json_number(json, "sample_cm1", pair->sample_cm1, POSITION_DIGITS);
    cel_json_number(json, "difference_cm1", pair->sample_cm1 + shift_cm1 - pair->reference_cm1,
                    DIFFERENCE_DIGITS);
    cel_json_number(json, "tolerance_cm1", pair->tolerance_cm1, DIFFERENCE_DIGITS);
    write_reference_intensity(json, pair);
    cel_json_number(json, "sample_intensity", pair->sample_height, HEIGHT_DIGITS);
    cel_json_close(json);
}

static void write_absent(CelJsonWriter *json, const CelPeakPair *pair, gboolean observable)
{
    cel_json_open(json, NULL, '{');
    cel_json_number(json, "reference_cm1", pair->reference_cm1, POSITION_DIGITS);
    write_reference_intensity(json, pair);
    if (observable)
        cel_json_number(json, "sample_intensity", pair->sample_height, HEIGHT_DIGITS);
    cel_json_close(json);
}

static void write_extra(CelJsonWriter *json, const CelPeakExtra *extra)
{
    cel_json_open(json, NULL, '{');
    cel_json_number(json, "sample_cm1", extra->sample_cm1, POSITION_DIGITS);
    cel_json_number(json, "sample_intensity", extra->sample_height, HEIGHT_DIGITS);
    cel_json_close(json);
}

static void write_views(CelJsonWriter *json, const CelHit *hit)
{
    cel_json_open(json, "views", '{');
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        if (isfinite(hit->views[v]))
            cel_json_number(json, cel_views[v].id, hit->views[v], SCORE_DIGITS);
    cel_json_close(json);
}

void cel_why_write_peaks(CelJsonWriter *json, const CelHit *hit)
{
    write_views(json, hit);
    cel_json_open(json, "peaks", '{');
    cel_json_open(json, "matched", '[');
    for (guint i = 0; i < hit->matched->len; i++)
        write_pair(json, &g_array_index(hit->matched, CelPeakPair, i), hit->shift_applied_cm1);
    cel_json_close(json);
    cel_json_open(json, "missing", '[');
    for (guint i = 0; i < hit->missing->len; i++)
        write_absent(json, &g_array_index(hit->missing, CelPeakPair, i), TRUE);
    cel_json_close(json);
    cel_json_open(json, "extra", '[');
    for (guint i = 0; i < length(hit->unexplained); i++)
        write_extra(json, &g_array_index(hit->unexplained, CelPeakExtra, i));
    cel_json_close(json);
    cel_json_open(json, "not_observable", '[');
    for (guint i = 0; i < length(hit->outside); i++)
        write_absent(json, &g_array_index(hit->outside, CelPeakPair, i), FALSE);
    cel_json_close(json);
    cel_json_close(json);
}

static void write_lines(CelJsonWriter *json, const CelIdentification *answer, gboolean chinese)
{
    g_autoptr(GPtrArray) lines = cel_why_lines(answer, chinese);
    cel_json_open(json, chinese ? "zh_CN" : "en", '[');
    for (guint i = 0; i < lines->len; i++)
        cel_json_text(json, NULL, g_ptr_array_index(lines, i));
    cel_json_close(json);
}

void cel_why_write(CelJsonWriter *json, const CelIdentification *answer)
{
    const CelHit *next = answer->hits->len > 0 ? next_different(answer) : NULL;
    if (next != NULL) {
        cel_json_open(json, "margin", '{');
        cel_json_text(json, "to", next->substance->id);
        cel_json_number(json, "score", hit_at(answer, 0)->score - next->score, SCORE_DIGITS);
        const guint view = deciding_view(hit_at(answer, 0), next);
        cel_json_text(json, "view", view < CEL_N_VIEWS ? cel_views[view].id : NULL);
        cel_json_close(json);
    }
    cel_json_open(json, "explanation", '{');
    write_lines(json, answer, FALSE);
    write_lines(json, answer, TRUE);
    cel_json_close(json);
}

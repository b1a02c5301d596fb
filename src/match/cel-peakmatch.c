/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-peakmatch.h"

#include "base/cel-number.h"
#include "process/cel-peaks.h"

#include <math.h>
#include <string.h>

/* Bands below this height (of the strongest) are not missed: they sink in noise and background. */
#define MISSED_FROM 0.10
/* Sample bands below this are not called unexplained. */
#define EXTRA_FROM 0.10
/* A sample as high as this part of what the reference lets expect shows the band as a shoulder. */
#define SHOULDER 0.5
/* Combined standard uncertainties within which two positions are called the same. */
#define REACH 3.0
/* Positions of one substance differ between specimens by more than instruments do (composition,
 * temperature, orientation): standard deviation seen between RRUFF samples of one mineral. */
#define U_SPECIMEN_CM1 1.2
/* "Expect +/-3 cm-1" of recalled rows, taken as rectangular: 3/sqrt(3); measured and verified ones
 * agree with the accepted standards within 1 cm-1. */
#define U_RECALLED_CM1 1.8
#define U_MEASURED_CM1 0.8

/* Heights at which bands from other sources than the main one are drawn: theirs stand on another
 * scale. Found on the weathered plastics (see README). */
#define DRAWN_MEASURED 0.8
#define DRAWN_RECALLED 0.2

GArray *cel_lines_of_view(const CelView *view, double u_cm1)
{
    g_autofree double *x = g_new(double, 2 * view->n);
    double *y = x + view->n;
    g_autofree guint8 *mask = g_malloc0(view->n);
    for (guint k = 0; k < view->n; k++) {
        x[k] = (view->first + k) * CEL_VIEW_STEP_CM1;
        y[k] = (double)view->level[k];
    }
    for (guint m = 0; m < view->n_masked; m++)
        mask[view->masked[m]] = CEL_MASK_SATURATED;

    GArray *lines = g_array_new(FALSE, FALSE, sizeof(CelLine));
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, x, view->n, NULL);
    g_autoptr(CelSpectrum) spectrum = cel_spectrum_new(axis, y, NULL);
    cel_spectrum_set_mask(spectrum, mask);
    const CelPeakOptions options = {.min_prominence = 0.03, .noise_factor = 5};
    g_autoptr(GArray) peaks = cel_peaks_find(spectrum, &options);
    double top = 0;
    for (guint i = 0; i < peaks->len; i++)
        top = MAX(top, g_array_index(peaks, CelPeak, i).height);
    for (guint i = 0; i < peaks->len; i++) {
        const CelPeak *peak = &g_array_index(peaks, CelPeak, i);
        const double height = peak->height / top;
        const CelLine line = {peak->position, u_cm1, height, height, FALSE};
        g_array_append_val(lines, line);
    }
    return lines;
}

static gboolean dropped(const CelBand *band, const CelBandDrop *drop)
{
    return drop != NULL && drop->source != NULL && *drop->source != '\0' &&
           strstr(band->source, drop->source) != NULL;
}

/* "measured: set/file; lit. 1062": what stands before the first ';' names the source. */
static gboolean same_source(const CelBand *a, const CelBand *b)
{
    const gsize length = strcspn(a->source, ";");
    return length == strcspn(b->source, ";") && strncmp(a->source, b->source, length) == 0;
}

/* The measured source that gives most of the rows; NULL when none gives three and half of them. */
static const CelBand *main_source(const GArray *rows)
{
    const CelBand *best = NULL;
    guint best_count = 0;
    for (guint i = 0; i < rows->len; i++) {
        const CelBand *row = &g_array_index(rows, CelBand, i);
        guint same = 0;
        for (guint k = 0; k < rows->len && row->status == CEL_STATUS_MEASURED; k++) {
            const CelBand *other = &g_array_index(rows, CelBand, k);
            same += other->status == CEL_STATUS_MEASURED && same_source(row, other) ? 1 : 0;
        }
        if (same > best_count) {
            best_count = same;
            best = row;
        }
    }
    return best_count >= 3 && 2 * best_count >= rows->len ? best : NULL;
}

static int by_position(gconstpointer a, gconstpointer b)
{
    const CelLine *x = a, *y = b;
    return x->position_cm1 < y->position_cm1 ? -1 : x->position_cm1 > y->position_cm1;
}

static void scale_heights(GArray *lines)
{
    double top = 0;
    for (guint i = 0; i < lines->len; i++)
        top = MAX(top, g_array_index(lines, CelLine, i).height);
    for (guint i = 0; i < lines->len && top > 0; i++)
        g_array_index(lines, CelLine, i).height /= top;
    for (guint i = 0; i < lines->len; i++) {
        CelLine *line = &g_array_index(lines, CelLine, i);
        line->drawn = !line->optional                ? line->height
                      : line->u_cm1 < U_RECALLED_CM1 ? DRAWN_MEASURED
                                                     : DRAWN_RECALLED;
    }
}

/* A measured row names the literature value that it confirmed: "...; lit. 1062". Returns: 0 when
 * there is none. */
static double literature_position(const CelBand *band)
{
    static const char mark[] = "lit. ";
    const char *at = strstr(band->source, mark);
    double value = 0;
    if (at == NULL || band->status != CEL_STATUS_MEASURED)
        return 0;
    at += strlen(mark);
    return cel_number_parse(at, strspn(at, "0123456789."), '.', &value) ? value : 0;
}

static GArray *rows_left(const CelSubstance *substance, const CelBandDrop *drop)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(CelBand));
    for (gsize i = 0; i < substance->n_bands; i++) {
        CelBand band = substance->bands[i];
        if (dropped(&band, drop)) {
            band.shift_cm1 = drop->keep_literature ? literature_position(&band) : 0;
            band.status = CEL_STATUS_RECALLED;
            band.source = "recalled";
        }
        if (band.shift_cm1 > 0)
            g_array_append_val(rows, band);
    }
    return rows;
}

GArray *cel_lines_of_bands(const CelSubstance *substance, const CelBandDrop *drop,
                           CelBandChoice *out_choice)
{
    g_autoptr(GArray) rows = rows_left(substance, drop);
    const CelBand *from = main_source(rows);
    *out_choice = (CelBandChoice){from != NULL, TRUE};

    GArray *lines = g_array_new(FALSE, FALSE, sizeof(CelLine));
    for (guint i = 0; i < rows->len; i++) {
        const CelBand *row = &g_array_index(rows, CelBand, i);
        const gboolean sure = row->status != CEL_STATUS_RECALLED;
        const gboolean asked = from == NULL || (sure && same_source(from, row));
        const CelLine line = {
            .position_cm1 = row->shift_cm1,
            .u_cm1 = sure ? U_MEASURED_CM1 : U_RECALLED_CM1,
            .height = from == NULL ? 1
                      : asked      ? row->rel_intensity
                                   : 0,
            .optional = !asked,
        };
        out_choice->recalled = out_choice->recalled && !sure;
        g_array_append_val(lines, line);
    }
    g_array_sort(lines, by_position);
    scale_heights(lines);
    return lines;
}

static const CelLine *line_at(const GArray *lines, guint i)
{
    return &g_array_index(lines, CelLine, i);
}

/* Square root, as in the views: a weak band in its place says more than its height. */
static double weight_of(double height)
{
    return sqrt(MAX(height, 0));
}

static gboolean inside(const CelPeakMatchInput *in, double sample_cm1, double margin)
{
    return sample_cm1 >= in->range_cm1[0] + margin && sample_cm1 <= in->range_cm1[1] - margin;
}

static double combined_u(const CelLine *a, const CelLine *b)
{
    return sqrt(a->u_cm1 * a->u_cm1 + b->u_cm1 * b->u_cm1 + U_SPECIMEN_CM1 * U_SPECIMEN_CM1);
}

typedef struct {
    const CelPeakMatchInput *in;
    CelPeakMatch *out;
    gint *partner; /* for each sample line: the reference line it explains, or -1 */
    double asked, given, near, near_weight;
} Work;

static gint nearest_free(const Work *work, const CelLine *reference)
{
    gint best = -1;
    double best_distance = REACH;
    for (guint i = 0; i < work->in->sample->len; i++) {
        const CelLine *line = line_at(work->in->sample, i);
        const double off = line->position_cm1 + work->in->shift_cm1 - reference->position_cm1;
        const double distance = fabs(off) / combined_u(line, reference);
        if (work->partner[i] < 0 && distance < best_distance) {
            best_distance = distance;
            best = (gint)i;
        }
    }
    return best;
}

static double level_at(const CelView *view, double cm1)
{
    const double k = floor(cm1 / CEL_VIEW_STEP_CM1 + 0.5) - view->first;
    return k >= 0 && k < view->n ? (double)view->level[(guint)k] : 0;
}

/* Only a table of bands has optional rows: they come from another source than the heights. */
static gboolean unweighed(const Work *work, const CelLine *reference)
{
    return work->in->unweighed || reference->optional;
}

static void note_match(Work *work, const CelLine *reference, guint sample)
{
    const CelLine *line = line_at(work->in->sample, sample);
    const CelPeakPair pair = {reference->position_cm1,
                              line->position_cm1,
                              reference->height,
                              line->height,
                              REACH * combined_u(line, reference),
                              unweighed(work, reference)};
    const double weight = weight_of(reference->height);
    const double off = (line->position_cm1 + work->in->shift_cm1 - reference->position_cm1) /
                       combined_u(line, reference);
    g_array_append_val(work->out->matched, pair);
    work->out->n_matched += !reference->optional;
    work->given += weight;
    work->near += weight * exp(-0.5 * off * off);
    work->near_weight += weight;
}

static void note_absent(Work *work, const CelLine *reference)
{
    const double here = reference->position_cm1 - work->in->shift_cm1;
    const double level = work->in->view != NULL ? level_at(work->in->view, here) : 0;
    if (reference->optional)
        return;
    if (work->in->view != NULL && level >= SHOULDER * reference->height) {
        work->given += SHOULDER * weight_of(reference->height);
        return;
    }
    const CelPeakPair pair = {reference->position_cm1,   0, reference->height, level, 0,
                              unweighed(work, reference)};
    if (reference->height >= MISSED_FROM)
        g_array_append_val(work->out->missing, pair);
}

/* What neither agrees nor disagrees: the range does not hold it. */
static void note_outside(Work *work, const CelLine *reference)
{
    const CelPeakPair pair = {reference->position_cm1,   0, reference->height, 0, 0,
                              unweighed(work, reference)};
    if (!reference->optional && reference->height >= MISSED_FROM)
        g_array_append_val(work->out->outside, pair);
}

static int by_height(gconstpointer a, gconstpointer b, gpointer lines)
{
    const guint i = *(const guint *)a, j = *(const guint *)b;
    const double x = line_at(lines, i)->height, y = line_at(lines, j)->height;
    return x > y ? -1 : x < y ? 1 : i < j ? -1 : i > j;
}

static void pair_up(Work *work)
{
    const GArray *reference = work->in->reference;
    g_autofree guint *order = g_new(guint, reference->len + 1);
    for (guint i = 0; i < reference->len; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)reference->len, sizeof *order, by_height, (gpointer)reference);
    for (guint r = 0; r < reference->len; r++) {
        const CelLine *line = line_at(reference, order[r]);
        if (!inside(work->in, line->position_cm1 - work->in->shift_cm1, line->u_cm1 * REACH)) {
            note_outside(work, line);
            continue;
        }
        const gint sample = nearest_free(work, line);
        work->out->observable += !line->optional;
        work->asked += line->optional ? 0 : weight_of(line->height);
        if (sample >= 0) {
            work->partner[sample] = (gint)order[r];
            note_match(work, line, (guint)sample);
        } else {
            note_absent(work, line);
        }
    }
}

static void note_extra(CelPeakMatch *out, const CelLine *line)
{
    const CelPeakExtra extra = {line->position_cm1, line->height};
    g_array_append_val(out->extra, line->position_cm1);
    g_array_append_val(out->unexplained, extra);
}

static double explained_part(Work *work)
{
    double all = 0, explained = 0;
    for (guint i = 0; i < work->in->sample->len; i++) {
        const CelLine *line = line_at(work->in->sample, i);
        if (!inside(work->in, line->position_cm1, 0))
            continue;
        all += weight_of(line->height);
        if (work->partner[i] >= 0)
            explained += weight_of(line->height);
        else if (line->height >= EXTRA_FROM)
            note_extra(work->out, line);
    }
    return all > 0 ? explained / all : 0;
}

static int by_reference(gconstpointer a, gconstpointer b)
{
    const CelPeakPair *x = a, *y = b;
    return x->reference_cm1 < y->reference_cm1 ? -1 : x->reference_cm1 > y->reference_cm1;
}

void cel_peakmatch(const CelPeakMatchInput *input, CelPeakMatch *out)
{
    *out = (CelPeakMatch){
        .matched = g_array_new(FALSE, FALSE, sizeof(CelPeakPair)),
        .missing = g_array_new(FALSE, FALSE, sizeof(CelPeakPair)),
        .extra = g_array_new(FALSE, FALSE, sizeof(double)),
        .unexplained = g_array_new(FALSE, FALSE, sizeof(CelPeakExtra)),
        .outside = g_array_new(FALSE, FALSE, sizeof(CelPeakPair)),
    };
    g_autofree gint *partner = g_new(gint, input->sample->len + 1);
    for (guint i = 0; i < input->sample->len; i++)
        partner[i] = -1;
    Work work = {.in = input, .out = out, .partner = partner};
    pair_up(&work);
    out->explained = explained_part(&work);
    out->found = work.asked > 0 ? MIN(1, work.given / work.asked) : 0;
    out->closeness = work.near_weight > 0 ? work.near / work.near_weight : 0;
    out->score = sqrt(out->found * out->explained) * (0.5 + 0.5 * out->closeness);
    g_array_sort(out->matched, by_reference);
    g_array_sort(out->missing, by_reference);
    g_array_sort(out->outside, by_reference);
}

void cel_peakmatch_clear(CelPeakMatch *match)
{
    g_clear_pointer(&match->matched, g_array_unref);
    g_clear_pointer(&match->missing, g_array_unref);
    g_clear_pointer(&match->extra, g_array_unref);
    g_clear_pointer(&match->unexplained, g_array_unref);
    g_clear_pointer(&match->outside, g_array_unref);
}

CelView *cel_view_of_lines(const GArray *lines, double width_cm1)
{
    enum { N = CEL_VIEW_LAST - CEL_VIEW_FIRST + 1 };
    g_autofree double *x = g_new0(double, 2 * N);
    double *y = x + N;
    for (guint k = 0; k < N; k++) {
        x[k] = (CEL_VIEW_FIRST + k) * CEL_VIEW_STEP_CM1;
        for (guint i = 0; i < lines->len; i++) {
            const double u = 2 * (x[k] - line_at(lines, i)->position_cm1) / width_cm1;
            y[k] += line_at(lines, i)->drawn / (1 + u * u);
        }
    }
    const CelCurve curve = {.x = x, .y = y, .n = N};
    return cel_view_new(&curve);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cel-paper.h"

#include "base/cel-error.h"
#include "draw/cel-draw-spectrum.h"
#include "match/cel-claims.h"
#include "match/cel-residual.h"
#include "process/cel-interpolate.h"
#include "process/cel-peakfit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A band of the exhibit and one of the reference are the same within this. */
static const double BAND_FWHM_CM1 = 10.0, SAME_BAND_CM1 = 2.0;
/* As the comparison of bands takes them: 3 % of the strongest, five times the noise. */
static const double PEAK_PROMINENCE = 0.03, PEAK_NOISE = 5.0;
enum { CURVE_POINTS = 1200, MAX_MARKS = 200, N_KINDS = CEL_MARK_EXTRA + 1 };

/** Curve: points that the plot borrows. */
typedef struct {
    double *x, *y;
    gsize n;
} Curve;

static void curve_clear(Curve *curve)
{
    g_free(curve->x);
    g_free(curve->y);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Curve, curve_clear)

static void scale_to_one(Curve *curve)
{
    double highest = 0.0;
    for (gsize i = 0; i < curve->n; i++)
        highest = fmax(highest, curve->y[i]);
    for (gsize i = 0; highest > 0.0 && i < curve->n; i++)
        curve->y[i] /= highest;
}

static gboolean read_curve(const CelPaper *paper, const char *x_path, const char *y_path,
                           Curve *curve, GError **error)
{
    const CelH5Node *root = cel_sealed_root(paper->request->sealed);
    gsize n_y = 0;
    curve->x = cel_h5_get_f64(root, x_path, &curve->n, error);
    curve->y = curve->x != NULL ? cel_h5_get_f64(root, y_path, &n_y, error) : NULL;
    if (curve->y == NULL)
        return FALSE;
    gboolean rising = curve->n >= 4; /* as many as an interpolation needs */
    for (gsize i = 1; i < curve->n; i++)
        rising &= curve->x[i] > curve->x[i - 1];
    if (n_y != curve->n || !rising) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s: axis and intensity differ in length, or the axis does not rise"),
                    y_path);
        return FALSE;
    }
    scale_to_one(curve);
    return TRUE;
}

/* Band tables have no curve: each band becomes a Lorentzian of a nominal width. */
static void bands_curve(const Curve *sample, JsonObject *answer, Curve *curve)
{
    JsonArray *positions = cel_json_list(answer, "reference_bands_cm1");
    JsonArray *heights = cel_json_list(answer, "reference_bands_intensity");
    const guint n_bands = positions != NULL ? cel_json_length(positions) : 0;
    if (n_bands == 0 || heights == NULL || cel_json_length(heights) != n_bands)
        return;
    curve->n = CURVE_POINTS;
    curve->x = g_new(double, CURVE_POINTS);
    curve->y = g_new0(double, CURVE_POINTS);
    const double from = sample->x[0], to = sample->x[sample->n - 1];
    for (gsize i = 0; i < CURVE_POINTS; i++) {
        curve->x[i] = from + (to - from) * (double)i / (CURVE_POINTS - 1);
        for (guint b = 0; b < n_bands; b++) {
            const double u = (curve->x[i] - cel_json_at_real(positions, b)) / (BAND_FWHM_CM1 / 2.0);
            curve->y[i] += cel_json_at_real(heights, b) / (1.0 + u * u);
        }
    }
    scale_to_one(curve);
}

static void reference_curve(const CelPaper *paper, const Curve *sample, Curve *curve)
{
    if (cel_h5_find(cel_sealed_root(paper->request->sealed), "/celadon/reference/intensity") !=
        NULL)
        (void)(read_curve(paper, "/celadon/reference/raman_shift", "/celadon/reference/intensity",
                          curve, NULL) ||
               (curve_clear(curve), *curve = (Curve){0}, FALSE));
    else
        bands_curve(sample, paper->answer, curve);
}

static gsize collect_marks(JsonObject *hit, CelMark *marks)
{
    static const char *const keys[N_KINDS] = {"matched_cm1", "missing_cm1", "extra_cm1"};
    gsize n = 0;
    for (guint kind = 0; hit != NULL && kind < N_KINDS; kind++) {
        JsonArray *values = cel_json_list(hit, keys[kind]);
        for (guint i = 0; values != NULL && i < cel_json_length(values); i++) {
            if (n < MAX_MARKS)
                marks[n++] = (CelMark){.x = cel_json_at_real(values, i), .kind = (CelMarkKind)kind};
        }
    }
    return n;
}

static int compare_marks(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelMark *)a)->x, y = ((const CelMark *)b)->x;
    return (x > y) - (x < y);
}

static char *reference_label(const CelPaper *paper)
{
    return g_strdup_printf("%s: %s", cel_paper_word(paper, CEL_WORD_REFERENCE),
                           cel_paper_hit_name(paper, paper->hit));
}

static CelTrace sample_trace(const CelPaper *paper, const Curve *sample)
{
    return (CelTrace){.x = sample->x,
                      .y = sample->y,
                      .n = sample->n,
                      .label = cel_paper_word(paper, CEL_WORD_SAMPLE),
                      .red = 0.05,
                      .green = 0.2,
                      .blue = 0.45,
                      .width = 0.9};
}

static CelTrace reference_trace(const Curve *reference, const char *label)
{
    return (CelTrace){.x = reference->x,
                      .y = reference->y,
                      .n = reference->n,
                      .label = label,
                      .red = 0.45,
                      .green = 0.45,
                      .blue = 0.45,
                      .width = 0.7,
                      .dashed = TRUE,
                      .fill_below = TRUE};
}

static CelPlot new_plot(const CelPaper *paper, const Curve *sample)
{
    return (CelPlot){.x_label = cel_paper_word(paper, CEL_WORD_AXIS_SHIFT),
                     .y_label = cel_paper_word(paper, CEL_WORD_AXIS_INTENSITY),
                     .x_min = sample->x[0],
                     .x_max = sample->x[sample->n - 1],
                     .font = CEL_PAGE_FONT,
                     .font_size = 6.8};
}

static void put_plot(CelPaper *paper, const CelPlot *plot, double height)
{
    CelPage *page = &paper->page;
    cel_page_need(page, height);
    cel_draw_plot(page->cr, plot, page->left, page->y, page->right - page->left, height);
    cairo_set_source_rgb(page->cr, 0.0, 0.0, 0.0);
    page->y += height;
}

gboolean cel_paper_plot(CelPaper *paper, GError **error)
{
    g_auto(Curve) sample = {0};
    g_auto(Curve) reference = {0};
    CelMark marks[MAX_MARKS];
    if (!read_curve(paper, "/entry/data/raman_shift", "/entry/data/intensity", &sample, error))
        return FALSE;
    reference_curve(paper, &sample, &reference);
    g_autofree char *label = reference_label(paper);
    const CelTrace traces[] = {reference_trace(&reference, label), sample_trace(paper, &sample)};
    const gboolean with_reference = reference.n > 0;
    const gsize n_marks = collect_marks(paper->hit, marks);
    qsort(marks, n_marks, sizeof *marks, compare_marks);
    CelPlot plot = new_plot(paper, &sample);
    plot.traces = with_reference ? traces : traces + 1;
    plot.n_traces = with_reference ? 2 : 1;
    plot.marks = marks;
    plot.n_marks = n_marks;
    for (guint kind = 0; n_marks > 0 && kind < N_KINDS; kind++)
        plot.mark_labels[kind] = cel_paper_word(paper, (CelReportWord)(CEL_WORD_MATCHED + kind));
    put_plot(paper, &plot, paper->plot_height);
    return TRUE;
}

/* ---- residual ---- */

static void note_residual(CelPaper *paper, const CelResidual *residual, double shift)
{
    g_autofree char *scale = g_strdup_printf("%.4f", residual->scale);
    g_autofree char *moved = g_strdup_printf("%.2f", shift);
    g_autofree char *range =
        g_strdup_printf("%.0f\u2013%.0f", residual->x[0], residual->x[residual->n - 1]);
    g_autofree char *rms = g_strdup_printf("%.4f", residual->rms);
    g_autofree char *note = cel_claim_fill(cel_paper_word(paper, CEL_WORD_RESIDUAL_NOTE), "A",
                                           scale, "S", moved, "R", range, "E", rms, NULL);
    cel_page_text(&paper->page, note, 7.6, FALSE);
}

gboolean cel_paper_residual(CelPaper *paper, double height, GError **error)
{
    g_auto(Curve) sample = {0};
    g_auto(Curve) reference = {0};
    if (!read_curve(paper, "/entry/data/raman_shift", "/entry/data/intensity", &sample, error))
        return FALSE;
    const double applied = cel_json_real(paper->hit, "shift_applied_cm1");
    const double shift = isfinite(applied) ? applied : 0.0;
    g_auto(CelResidual) residual = {0};
    const gboolean measured = cel_h5_find(cel_sealed_root(paper->request->sealed),
                                          "/celadon/reference/intensity") != NULL;
    if (measured)
        reference_curve(paper, &sample, &reference);
    const CelSamples ours = {.x = sample.x, .y = sample.y, .n = sample.n};
    const CelSamples theirs = {.x = reference.x, .y = reference.y, .n = reference.n};
    if (reference.n == 0 || !cel_residual_init(&residual, &ours, &theirs, shift)) {
        cel_page_bullet(&paper->page, cel_paper_word(paper, CEL_WORD_NO_RESIDUAL), 8.0);
        return TRUE;
    }
    double ends[] = {residual.x[0], residual.x[residual.n - 1]}, level[] = {0.0, 0.0};
    const Curve left = {residual.x, residual.y, residual.n};
    const Curve zero = {ends, level, 2};
    CelTrace traces[] = {reference_trace(&zero, NULL), sample_trace(paper, &left)};
    traces[0].fill_below = FALSE;
    traces[1].label = cel_paper_word(paper, CEL_WORD_RESIDUAL);
    CelPlot plot = new_plot(paper, &sample);
    plot.traces = traces;
    plot.n_traces = G_N_ELEMENTS(traces);
    cel_page_need(&paper->page, height + 24.0);
    put_plot(paper, &plot, height);
    note_residual(paper, &residual, shift);
    return TRUE;
}

void cel_paper_mixture_residual(CelPaper *paper, double height)
{
    enum { MOST = 4000 }; /* more than the search's axis has */
    JsonObject *mixture = cel_json_child(paper->answer, "mixture");
    JsonArray *values = cel_json_list(mixture, "residual_curve");
    const double first = cel_json_real(mixture, "residual_first_cm1");
    const double step = cel_json_real(mixture, "residual_step_cm1");
    const guint n = cel_json_length(values);
    if (n < 2 || n > MOST || !isfinite(first) || !(step > 0.0 && step < 100.0))
        return;
    g_auto(Curve) curve = {g_new(double, n), g_new(double, n), n};
    for (guint i = 0; i < n; i++) {
        curve.x[i] = first + step * i;
        curve.y[i] = cel_json_at_real(values, i);
    }
    double ends[] = {curve.x[0], curve.x[n - 1]}, level[] = {0.0, 0.0};
    const Curve zero = {ends, level, 2};
    CelTrace traces[] = {reference_trace(&zero, NULL), sample_trace(paper, &curve)};
    traces[0].fill_below = FALSE;
    traces[1].label = cel_paper_word(paper, CEL_WORD_RESIDUAL);
    CelPlot plot = new_plot(paper, &curve);
    plot.traces = traces;
    plot.n_traces = G_N_ELEMENTS(traces);
    put_plot(paper, &plot, height);
}

/* ---- bands ---- */

static CelSpectrum *processed(const CelPaper *paper, GError **error)
{
    const CelH5Node *root = cel_sealed_root(paper->request->sealed);
    gsize n_x = 0, n_y = 0, n_u = 0;
    g_autofree double *x = cel_h5_get_f64(root, "/entry/data/raman_shift", &n_x, error);
    g_autofree double *y =
        x != NULL ? cel_h5_get_f64(root, "/entry/data/intensity", &n_y, error) : NULL;
    g_autofree double *u = cel_h5_get_f64(root, "/entry/data/intensity_errors", &n_u, NULL);
    g_autoptr(CelAxis) axis =
        y != NULL && n_x == n_y ? cel_axis_new(CEL_UNIT_SHIFT_CM1, x, n_x, error) : NULL;
    g_autoptr(CelSpectrum) spectrum = axis != NULL ? cel_spectrum_new(axis, y, error) : NULL;
    if (spectrum == NULL) {
        if (error != NULL && *error == NULL)
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("%s: axis and intensity differ in length"), "/entry/data");
        return NULL;
    }
    for (gsize i = 0; i < n_u; i++)
        u[i] *= u[i];
    if (u != NULL && n_u == n_x) /* one that is not above 0 is no variance: then without */
        cel_spectrum_set_variance(spectrum, u, NULL);
    return g_steal_pointer(&spectrum);
}

static int compare_positions(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelPeak *)a)->position, y = ((const CelPeak *)b)->position;
    return (x > y) - (x < y);
}

static int compare_prominences(gconstpointer a, gconstpointer b)
{
    const double x = ((const CelPeak *)a)->prominence, y = ((const CelPeak *)b)->prominence;
    return (x < y) - (x > y);
}

gboolean cel_paper_peaks(const CelPaper *paper, guint most, CelPaperPeaks *out, GError **error)
{
    g_autoptr(CelSpectrum) spectrum = processed(paper, error);
    if (spectrum == NULL)
        return FALSE;
    double highest = 0.0;
    for (gsize i = 0; i < cel_spectrum_length(spectrum); i++)
        highest = fmax(highest, cel_spectrum_y(spectrum)[i]);
    /* Smoothing hides noise: what the raw samples showed counts too. */
    const double snr = cel_json_real(cel_json_child(paper->answer, "quality"), "snr");
    const double raw_noise = snr > 0.0 ? PEAK_NOISE / snr : 0.0;
    const CelPeakOptions options = {.min_prominence = MAX(PEAK_PROMINENCE, raw_noise) * highest,
                                    .noise_factor = PEAK_NOISE};
    out->peaks = cel_peakfit_spectrum(spectrum, &options, NULL, NULL, error);
    if (out->peaks == NULL)
        return FALSE;
    out->n_left_out = out->peaks->len > most ? out->peaks->len - most : 0;
    g_array_sort(out->peaks, compare_prominences);
    g_array_set_size(out->peaks, MIN(out->peaks->len, most));
    g_array_sort(out->peaks, compare_positions);
    const double u = cel_json_real(cel_json_child(paper->record, "cal"), "u_axis_mcm1") / 1000.0;
    out->u_axis_cm1 = u > 0.0 ? u : 0.0;
    return TRUE;
}

gboolean cel_paper_any_unfitted(const CelPaperPeaks *bands)
{
    for (guint i = 0; i < bands->peaks->len; i++)
        if (!(g_array_index(bands->peaks, CelPeak, i).u_position > 0.0))
            return TRUE;
    return FALSE;
}

gboolean cel_paper_is_matched(const CelPaper *paper, double cm1)
{
    JsonArray *matched = cel_json_list(paper->hit, "matched_cm1");
    for (guint i = 0; i < cel_json_length(matched); i++)
        if (fabs(cel_json_at_real(matched, i) - cm1) <= SAME_BAND_CM1)
            return TRUE;
    return FALSE;
}

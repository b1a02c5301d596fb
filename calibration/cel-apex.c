/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-apex.h"

#include "process/cel-peakfit.h"

#include <math.h>

enum { HEIGHT, CENTRE, HWHM, OFFSET, SLOPE, N_PARAMS };
enum { LEAST_SAMPLES = 5, MOST_SAMPLES = 512 };
/* Where the upper part begins; chosen on the scans of the i-Raman 532. */
static const double LEVEL = 0.85, U_SHARE = 0.25;

/* The sample of the highest value within half a width of the line. */
static gsize find_top(const CelSpectrum *spectrum, const CelMeasuredLine *line)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    gsize top = cel_axis_nearest(cel_spectrum_axis(spectrum), line->position);
    const double low = line->position - 0.5 * line->fwhm, high = line->position + 0.5 * line->fwhm;
    const gsize n = cel_spectrum_length(spectrum), from = top;
    for (gsize i = from; i > 0 && x[i] >= low; i--)
        top = y[i] > y[top] ? i : top;
    for (gsize i = from; i < n && x[i] <= high; i++)
        top = y[i] > y[top] ? i : top;
    return top;
}

/* The samples around @top that stand above @level, at least LEAST_SAMPLES. Returns: how many, 0
 * when one is masked or the spectrum ends before. */
static gsize take_window(const CelSpectrum *spectrum, gsize top, double level, gsize *out_first)
{
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const guint8 *mask = cel_spectrum_mask(spectrum);
    const gsize n = cel_spectrum_length(spectrum);
    gsize first = top, last = top;
    while (first > 0 && last + 1 < n && last - first + 1 < MOST_SAMPLES) {
        const gboolean few = last - first + 1 < LEAST_SAMPLES;
        const gboolean left = y[first - 1] > level, right = y[last + 1] > level;
        if (!few && !left && !right)
            break;
        if (few ? x[top] - x[first - 1] <= x[last + 1] - x[top] : left)
            first--;
        else
            last++;
    }
    for (gsize i = first; mask != NULL && i <= last; i++)
        if (mask[i] != 0)
            return 0;
    *out_first = first;
    const gsize count = last - first + 1;
    return count >= LEAST_SAMPLES && count <= MOST_SAMPLES ? count : 0;
}

gboolean cel_apex_refine(const CelSpectrum *spectrum, CelMeasuredLine *line)
{
    const double step = cel_axis_step(cel_spectrum_axis(spectrum));
    const double *x = cel_spectrum_x(spectrum), *y = cel_spectrum_y(spectrum);
    const gsize top = find_top(spectrum, line);
    gsize first = 0;
    const double base = y[top] - line->height;
    const gsize n =
        line->saturated ? 0 : take_window(spectrum, top, base + LEVEL * line->height, &first);
    if (n == 0)
        return FALSE;
    const double *given = cel_spectrum_variance(spectrum);
    gboolean weighted = given != NULL;
    for (gsize i = first; weighted && i < first + n; i++)
        weighted = given[i] > 0.0;
    static const guint8 fixed[N_PARAMS] = {[OFFSET] = 1, [SLOPE] = 1};
    const double start[N_PARAMS] = {line->height, x[top], 0.5 * line->fwhm, base, 0.0};
    const CelPeakfitProblem problem = {.x = x + first,
                                       .y = y + first,
                                       .variance = weighted ? given + first : NULL,
                                       .n = n,
                                       .shape = CEL_BAND_GAUSS,
                                       .n_bands = 1,
                                       .x0 = x[top],
                                       .fixed = fixed};
    g_autoptr(CelPeakfit) fit = cel_peakfit(&problem, start, NULL, NULL);
    if (fit == NULL || fabs(fit->p[CENTRE] - x[top]) > fmax(0.5 * line->fwhm, step) ||
        !(fit->u[CENTRE] > 0.0))
        return FALSE;
    const double moved = fit->p[CENTRE] - line->position;
    line->position = fit->p[CENTRE];
    line->u_position = hypot(fit->u[CENTRE], U_SHARE * moved);
    return TRUE;
}

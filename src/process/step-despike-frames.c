/* SPDX-License-Identifier: GPL-3.0-or-later */
/* despike.frames: cosmic rays from the single frames of the measurement. What leaving out the
 * struck frames changes in their mean is added to the spectrum, so the step stands before or after
 * dark.subtract, and before every other. The variance grows from that of a mean of n to one of the
 * frames left, and at struck samples is that of their unstruck neighbours. Points in a peak that
 * two frames show are not touched. */
#include "process/cel-despike.h"
#include "process/cel-select.h"
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { THRESHOLD, REACH, N_PARAMS };
static const CelParamDef params_table[] = {
    [THRESHOLD] = {.key = "threshold",
                   .label = N_("Threshold"),
                   .unit = "noise sd",
                   .type = CEL_PARAM_REAL,
                   .min = 3.0,
                   .max = 100.0,
                   .initial = 6.0},
    [REACH] = {.key = "reach",
               .label = N_("Foot of a peak within"),
               .unit = "samples",
               .type = CEL_PARAM_INT,
               .min = 5,
               .max = 200,
               .initial = 30},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params_table) == N_PARAMS);

enum { MIN_FRAMES = 3, MIN_SAMPLES = 8, VARIANCE_REACH = 10 };

static gboolean check_frames(const CelSpectrum *in, const CelStepInputs *inputs, GError **error)
{
    if (inputs->n_frames < MIN_FRAMES) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("There are %" G_GSIZE_FORMAT " single frames; to tell a cosmic ray from the "
                      "sample takes at least %d. Measure more frames, or use despike.celadon"),
                    inputs->n_frames, MIN_FRAMES);
        return FALSE;
    }
    for (gsize f = 0; f < inputs->n_frames; f++) {
        if (!cel_axis_equal(cel_spectrum_axis(in), cel_spectrum_axis(inputs->frames[f]))) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                        _("Frame %" G_GSIZE_FORMAT " stands on another axis than the spectrum; the "
                          "step must come before cropping and resampling"),
                        f + 1);
            return FALSE;
        }
    }
    return cel_step_window_fits(cel_spectrum_length(in), MIN_SAMPLES, error);
}

/* The spectrum must be the mean of the frames, with or without the dark. */
static gboolean check_mean(const CelSpectrum *in, const CelFrames *frames, const CelSpectrum *dark,
                           GError **error)
{
    const gboolean corrected = g_strcmp0(cel_spectrum_meta(in, CEL_META_DARK), "subtracted") == 0;
    const double *y = cel_spectrum_y(in);
    for (gsize i = 0; i < frames->n; i++) {
        double mean = 0.0;
        for (gsize f = 0; f < frames->n_rows; f++)
            mean += frames->rows[f][i] / (double)frames->n_rows;
        const double expected = mean - (corrected && dark != NULL ? cel_spectrum_y(dark)[i] : 0.0);
        if (fabs(y[i] - expected) > 1e-6 * (fabs(mean) + 1.0)) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("Sample %" G_GSIZE_FORMAT " is %g, the mean of the frames %g: the "
                          "spectrum was changed before. Put this step first in the recipe"),
                        i + 1, y[i], expected);
            return FALSE;
        }
    }
    return TRUE;
}

/* Median variance of the unstruck samples around @i, for one frame more than those left. */
static double variance_around(const double *variance, const guint *left_out, gsize n, gsize i,
                              double grown)
{
    double around[2 * VARIANCE_REACH + 1];
    gsize count = 0;
    const gsize last = MIN(n - 1, i + VARIANCE_REACH);
    for (gsize j = i > VARIANCE_REACH ? i - VARIANCE_REACH : 0; j <= last; j++) {
        if (left_out[j] == 0)
            around[count++] = variance[j];
    }
    return grown * (count > 0 ? cel_median(around, count) : variance[i]);
}

static CelSpectrum *correct(const CelSpectrum *in, const CelFrames *frames, const double *shift,
                            const guint *left_out, GError **error)
{
    const double *old_variance = cel_spectrum_variance(in), n_rows = (double)frames->n_rows;
    double *y = cel_step_y(in), *variance = cel_step_variance(in);
    g_autofree guint8 *mask = cel_step_mask_new(in);
    gsize found = 0;
    for (gsize i = 0; i < frames->n; i++) {
        if (left_out[i] == 0)
            continue;
        found++;
        y[i] += shift[i];
        mask[i] |= CEL_MASK_COSMIC;
        if (variance != NULL)
            variance[i] = variance_around(old_variance, left_out, frames->n, i,
                                          n_rows / (n_rows - (double)left_out[i]));
    }
    const gboolean masked = found > 0 || cel_spectrum_mask(in) != NULL;
    return cel_spectrum_derive(in, cel_spectrum_axis(in), y, variance,
                               masked ? g_steal_pointer(&mask) : NULL, error);
}

static void note(CelSpectrum *out, const guint *left_out, gsize n, gsize untouched)
{
    gsize found = 0;
    for (gsize i = 0; i < n; i++)
        found += left_out[i] > 0 ? 1 : 0;
    g_autofree char *words =
        g_strdup_printf("%" G_GSIZE_FORMAT " samples without struck frames, %" G_GSIZE_FORMAT
                        " left in peaks of two frames",
                        found, untouched);
    cel_spectrum_set_meta(out, CEL_META_DESPIKE, words);
}

static CelSpectrum *run(const CelSpectrum *in, const CelParams *params, const CelStepInputs *inputs,
                        GError **error)
{
    if (!check_frames(in, inputs, error))
        return NULL;
    const gsize n = cel_spectrum_length(in);
    g_autofree const double **rows = g_new(const double *, inputs->n_frames);
    for (gsize f = 0; f < inputs->n_frames; f++)
        rows[f] = cel_spectrum_y(inputs->frames[f]);
    const CelFrames frames = {.rows = rows,
                              .n_rows = inputs->n_frames,
                              .n = n,
                              .read_noise_counts = inputs->read_noise_counts,
                              .gain_e_per_count = inputs->gain_e_per_count};
    if (!check_mean(in, &frames, inputs->dark, error))
        return NULL;
    g_autofree double *shift = g_new0(double, n);
    g_autofree guint *left_out = g_new0(guint, n);
    const gsize untouched = cel_despike_frames(&frames, cel_params_get(params, THRESHOLD),
                                               cel_params_get_size(params, REACH), shift, left_out);
    CelSpectrum *out = correct(in, &frames, shift, left_out, error);
    if (out != NULL)
        note(out, left_out, n, untouched);
    return out;
}

const CelStepDef cel_step_despike_frames = {
    .id = "despike.frames",
    .version = 1,
    .title = N_("Cosmic rays (from several frames)"),
    .reference = "Celadon: src/process/cel-despike.h, cel_despike_frames()",
    .params = params_table,
    .n_params = N_PARAMS,
    .run = run,
};

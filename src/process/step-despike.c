/* SPDX-License-Identifier: GPL-3.0-or-later */
/* despike.*: cosmic rays. A replaced sample gets CEL_MASK_COSMIC and the variance of a prediction
 * from its neighbours, which is larger than theirs; all others are left bit for bit. */
#include "process/cel-despike.h"
#include "process/step-util.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { WH_THRESHOLD, WH_REACH, N_WH_PARAMS };
static const CelParamDef wh_params[] = {
    [WH_THRESHOLD] = {.key = "threshold",
                      .label = N_("Threshold"),
                      .unit = "1",
                      .type = CEL_PARAM_REAL,
                      .min = 1.0,
                      .max = 1000.0,
                      .initial = 8.0,
                      .scale = CEL_SCALE_LOG},
    [WH_REACH] = {.key = "reach",
                  .label = N_("Neighbours on either side"),
                  .unit = "samples",
                  .type = CEL_PARAM_INT,
                  .min = 1,
                  .max = 50,
                  .initial = 3},
};
G_STATIC_ASSERT(G_N_ELEMENTS(wh_params) == N_WH_PARAMS);

enum { THRESHOLD, BAND_FWHM, MAX_WIDTH, N_SINGLE_PARAMS };
static const CelParamDef single_params[] = {
    [THRESHOLD] = {.key = "threshold",
                   .label = N_("Threshold"),
                   .unit = "noise sd",
                   .type = CEL_PARAM_REAL,
                   .min = 3.0,
                   .max = 100.0,
                   .initial = 6.0},
    [BAND_FWHM] = {.key = "band_fwhm",
                   .label = N_("Narrowest band (FWHM)"),
                   .unit = "samples",
                   .type = CEL_PARAM_REAL,
                   .min = 2.0,
                   .max = 20.0,
                   .initial = 2.5},
    [MAX_WIDTH] = {.key = "max_width",
                   .label = N_("Widest spike"),
                   .unit = "samples",
                   .type = CEL_PARAM_INT,
                   .min = 1,
                   .max = 3,
                   .initial = 3},
};
G_STATIC_ASSERT(G_N_ELEMENTS(single_params) == N_SINGLE_PARAMS);

enum { MIN_SAMPLES = 8 };

static CelSpikeData data_of(const CelSpectrum *in)
{
    return (CelSpikeData){.y = cel_step_y(in),
                          .variance = cel_step_variance(in),
                          .flags = g_malloc0(cel_spectrum_length(in)),
                          .n = cel_spectrum_length(in)};
}

static void data_clear(CelSpikeData *data)
{
    g_free(data->y);
    g_free(data->variance);
    g_free(data->flags);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelSpikeData, data_clear)

static CelSpectrum *finish(const CelSpectrum *in, CelSpikeData *data, const char *words,
                           GError **error)
{
    guint8 *mask = cel_step_mask_new(in);
    gsize found = 0;
    for (gsize i = 0; i < data->n; i++) {
        mask[i] |= data->flags[i] ? CEL_MASK_COSMIC : 0;
        found += data->flags[i] ? 1 : 0;
    }
    if (found == 0 && cel_spectrum_mask(in) == NULL)
        g_clear_pointer(&mask, g_free);
    CelSpectrum *out = cel_spectrum_derive(in, cel_spectrum_axis(in), g_steal_pointer(&data->y),
                                           g_steal_pointer(&data->variance), mask, error);
    if (out == NULL)
        return NULL;
    g_autofree char *note = g_strdup_printf("%" G_GSIZE_FORMAT " samples replaced", found);
    cel_spectrum_set_meta(out, CEL_META_DESPIKE, words != NULL ? words : note);
    return out;
}

static CelSpectrum *run_whitaker_hayes(const CelSpectrum *in, const CelParams *params,
                                       const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    if (!cel_step_window_fits(cel_spectrum_length(in), MIN_SAMPLES, error))
        return NULL;
    g_auto(CelSpikeData) data = data_of(in);
    if (cel_despike_whitaker_hayes(&data, cel_params_get(params, WH_THRESHOLD),
                                   cel_params_get_size(params, WH_REACH)))
        return finish(in, &data, NULL, error);
    g_set_error(error, CEL_ERROR, CEL_ERROR_NUMERIC,
                _("Half of the differences between neighbours are equal, or spikes stand so close "
                  "that none has a good neighbour: this spectrum gives no measure for spikes. Use "
                  "despike.celadon"));
    return NULL;
}

static CelSpectrum *run_single(const CelSpectrum *in, const CelParams *params,
                               const CelStepInputs *inputs, GError **error)
{
    (void)inputs;
    if (!cel_step_window_fits(cel_spectrum_length(in), MIN_SAMPLES, error))
        return NULL;
    g_auto(CelSpikeData) data = data_of(in);
    const CelSpikeOptions options = {.threshold = cel_params_get(params, THRESHOLD),
                                     .band_fwhm = cel_params_get(params, BAND_FWHM),
                                     .max_width = cel_params_get_size(params, MAX_WIDTH)};
    const gsize found = cel_despike_single(&data, &options);
    g_autofree char *words = NULL;
    if (found > cel_despike_limit(data.n))
        words = g_strdup_printf("not applied: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                                " samples look like spikes",
                                found, data.n);
    return finish(in, &data, words, error);
}

const CelStepDef cel_step_despike_whitaker_hayes = {
    .id = "despike.whitaker-hayes",
    .version = 1,
    .title = N_("Cosmic rays (Whitaker, Hayes)"),
    .reference = "Whitaker, Hayes 2018, Chemom. Intell. Lab. Syst. 179, 82",
    .params = wh_params,
    .n_params = N_WH_PARAMS,
    .run = run_whitaker_hayes,
};

const CelStepDef cel_step_despike_celadon = {
    .id = "despike.celadon",
    .version = 1,
    .title = N_("Cosmic rays (steeper than any band)"),
    .reference = "Celadon: src/process/cel-despike.h, cel_despike_single()",
    .params = single_params,
    .n_params = N_SINGLE_PARAMS,
    .run = run_single,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"
#include "device/cel-auto-integration.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static const double FIRST_GUESS_MS = 100.0;

/* ---- the integration time ---- */

static gboolean probe(CelAcquisition *a, CelAutoIntegration *choice, CelSeries *series,
                      CelAutoVerdict *out_verdict, GError **error)
{
    guint64 number = 0;
    double floor_counts = 0.0;
    series->exposure.integration_ms = choice->next_ms;
    if (!cel_frames_take_one(a, series, 0, &number, error))
        return FALSE;
    const double level =
        cel_auto_integration_level(series->rows, a->device->description.n_pixels, &floor_counts);
    g_autofree char *key = g_strdup_printf("probe.%u", ++a->n_probes);
    cel_note(a, key, "%.6g ms: %.0f of %.0f counts", choice->next_ms, level,
             choice->saturation_counts);
    a->measurement->discarded_frames++;
    *out_verdict = cel_auto_integration_next(choice, level, floor_counts);
    return TRUE;
}

static CelAutoIntegration start_choice(const CelAcquisition *a)
{
    const CelDeviceDescription *d = &a->device->description;
    const double full = d->instrument.saturation_counts;
    const double step_ms = d->capabilities.integration_step_ms;
    const double most_ms = MIN(d->integration_max_ms, a->options.auto_max_ms);
    const double max_ms = step_ms > 0.0 ? floor(most_ms / step_ms) * step_ms : most_ms;
    return (CelAutoIntegration){
        .target_counts = a->options.target_fill * full,
        .saturation_counts = full,
        .min_ms = d->integration_min_ms,
        .max_ms = max_ms,
        .step_ms = step_ms,
        .next_ms = CLAMP(FIRST_GUESS_MS, d->integration_min_ms, max_ms),
    };
}

static gboolean choose_time_lit(CelAcquisition *a, const CelExposure *light, double *out_ms,
                                GError **error)
{
    CelAutoIntegration choice = start_choice(a);
    g_autofree double *row = g_new0(double, a->device->description.n_pixels);
    CelSeries series = {.stage = N_("Choosing the integration time"),
                        .name = "probe",
                        .exposure = *light,
                        .rows = row,
                        .n = 1};
    CelAutoVerdict verdict = CEL_AUTO_PROBE;
    while (verdict == CEL_AUTO_PROBE) {
        if (!probe(a, &choice, &series, &verdict, error))
            return FALSE;
    }
    if (verdict == CEL_AUTO_TOO_LIGHT) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The detector is full even at %g ms: no integration time fits this sample. "
                      "Nothing was measured. Lower the laser power, keep other light away, or "
                      "measure another place."),
                    choice.next_ms);
        return FALSE;
    }
    *out_ms = choice.next_ms;
    cel_note_number(a, "integration.fill", choice.best_level / choice.saturation_counts);
    return TRUE;
}

gboolean cel_choose_time(CelAcquisition *a, const CelExposure *light, double *out_ms,
                         GError **error)
{
    const CelLightTime time = {
        .frames = CEL_AUTO_MAX_PROBES * (1 + cel_frames_discards(a)),
        .integration_ms = MIN(a->device->description.integration_max_ms, a->options.auto_max_ms),
        .at_most = TRUE};
    if (!light->laser_on)
        return cel_light_ensure_off(a, error) && choose_time_lit(a, light, out_ms, error);
    if (!cel_light_on(a, light->laser_mw, &time, error))
        return FALSE;
    const gboolean ok = choose_time_lit(a, light, out_ms, error);
    cel_light_off(a, ok ? "the integration time was chosen" : "after a failure");
    return ok;
}

/* ---- the power ---- */

enum { RAMP_FRAMES = 2, MOST_DOUBLINGS = 6 };
/* Half of what is asked for is enough to measure by. */
static const double ENOUGH = 0.5;

/* At one power: the time, then two frames to compare. @out_level: counts. */
static gboolean try_power_lit(CelAcquisition *a, CelExposure *light, double *out_level,
                              GError **error)
{
    guint n = 0;
    double floor_counts = 0.0;
    light->integration_ms = a->options.integration_ms;
    if (light->integration_ms == 0.0 && !choose_time_lit(a, light, &light->integration_ms, error))
        return FALSE;
    const CelSeries series = {.stage = N_("Looking for a power that does no harm"),
                              .name = "ramp",
                              .exposure = *light,
                              .rows = a->measurement->frames,
                              .n = RAMP_FRAMES,
                              .is_measurement = TRUE};
    const guint64 done = a->done;
    if (!cel_frames_take(a, &series, &n, &a->measurement->first_frame_number, error))
        return FALSE;
    a->done = done;
    a->measurement->n_frames = n;
    *out_level = cel_auto_integration_level(a->measurement->frames, a->device->description.n_pixels,
                                            &floor_counts);
    return TRUE;
}

static gboolean try_power(CelAcquisition *a, CelExposure *light, double *out_level, GError **error)
{
    const double longest = MIN(a->device->description.integration_max_ms, a->options.auto_max_ms);
    const CelLightTime time = {.frames = (CEL_AUTO_MAX_PROBES + RAMP_FRAMES) *
                                         (1 + cel_frames_discards(a)),
                               .integration_ms = MAX(longest, a->options.integration_ms),
                               .at_most = TRUE};
    if (!cel_light_on(a, light->laser_mw, &time, error))
        return FALSE;
    const gboolean ok = try_power_lit(a, light, out_level, error);
    cel_light_off(a, !ok          ? "after a failure"
                     : a->altered ? "the sample changed"
                                  : "one power of the ramp was tried");
    return ok;
}

gboolean cel_choose_power(CelAcquisition *a, CelExposure *light, GError **error)
{
    const CelDeviceDescription *d = &a->device->description;
    const double top = a->plan.laser_mw > 0.0 ? a->plan.laser_mw : d->capabilities.laser_mw_default;
    const double enough = ENOUGH * a->options.target_fill * d->instrument.saturation_counts;
    light->laser_mw = MIN(MAX(a->plan.ramp_from_mw, top / (1 << MOST_DOUBLINGS)), top);
    for (guint step = 1;; step++) {
        double level = 0.0;
        if (!try_power(a, light, &level, error))
            return FALSE;
        g_autofree char *key = g_strdup_printf("ramp.%u", step);
        cel_note(a, key, "%.6g mW, %.6g ms: %.0f counts%s", light->laser_mw, light->integration_ms,
                 level, a->altered ? ", the sample changed" : "");
        if (a->altered || light->laser_mw >= top || (enough > 0.0 && level >= enough))
            return TRUE;
        light->laser_mw = MIN(2.0 * light->laser_mw, top);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Dark current of silicon and InGaAs doubles about every 7 degrees (Hamamatsu, Image Sensors
 * handbook, ch. 5): half a degree is 5 % of it, about what shot noise of a good dark leaves. */
static const double DRIFT_LIMIT_CELSIUS = 0.5;

static gboolean take(CelAcquisition *a, double integration_ms, double *rows, GError **error)
{
    const CelSeries dark = {.stage = N_("Taking dark frames"),
                            .name = "dark",
                            .is_dark = TRUE,
                            .exposure = {.integration_ms = integration_ms},
                            .rows = rows,
                            .n = a->options.dark_frames};
    guint64 first = 0;
    guint n = 0;
    if (!cel_light_ensure_off(a, error) || !cel_frames_take(a, &dark, &n, &first, error))
        return FALSE;
    cel_note_saturation(a, &dark, n, "saturated.dark");
    return TRUE;
}

gboolean cel_dark_take(CelAcquisition *a, double integration_ms, GError **error)
{
    if (a->options.dark_frames == 0)
        return TRUE;
    a->has_dark_celsius = cel_note_temperature(a, "detector.dark_celsius", &a->dark_celsius);
    return take(a, integration_ms, a->measurement->dark_frames, error);
}

/* Whether the dark frames no longer tell what the detector does without light. */
static gboolean has_drifted(CelAcquisition *a)
{
    double celsius = 0.0;
    if (!cel_note_temperature(a, "detector.light_celsius", &celsius) || !a->has_dark_celsius)
        return FALSE;
    const double drift = celsius - a->dark_celsius;
    if (fabs(drift) <= DRIFT_LIMIT_CELSIUS)
        return FALSE;
    cel_note(a, "detector.drift", "%+.2f degrees C since the dark frames, more than %g", drift,
             DRIFT_LIMIT_CELSIUS);
    return TRUE;
}

gboolean cel_dark_take_after(CelAcquisition *a, double integration_ms, GError **error)
{
    CelMeasurement *m = a->measurement;
    const gboolean drifted = has_drifted(a);
    const gsize n = a->options.dark_frames, n_pixels = m->n_pixels;
    if (n == 0 || !(drifted || a->options.dark_after))
        return TRUE;
    m->dark_frames = g_renew(double, m->dark_frames, (m->n_dark_frames + n) * n_pixels);
    a->total += n;
    if (!take(a, integration_ms, m->dark_frames + m->n_dark_frames * n_pixels, error))
        return FALSE;
    m->n_dark_frames += n;
    cel_note(a, "dark.after_frames", "%zu", n);
    return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocean/ocean-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* One frame, and what follows when it does not come: for both protocols. */

enum {
    MAX_EARLY_FRAMES = 8,
    MAX_HANGS = 2,           /* in a row; then the port is reset */
    SERIES_JITTER_US = 2000, /* of the time at which a frame comes */
};
/* Clocks of instrument and computer agree at least so well. */
static const double CLOCK_TOLERANCE = 1e-3;

static gboolean fail(CelSession *s, GError *failure, GCancellable *cancel, GError **error)
{
    cel_ocean_laser_off(s, cancel);
    s->begins_us = 0;
    s->n_failures++;
    s->is_unsettled = TRUE;
    return cel_transport_explain(failure, _("Reading the spectrum"), error);
}

static guint late_ms(CelSession *s)
{
    if (s->frame_until_us == 0)
        return 0;
    const gint64 left_us = s->frame_until_us - cel_transport_now_us(s->transport);
    return left_us <= 1000 ? 1 : (guint)MIN(left_us / 1000, (gint64)G_MAXINT);
}

/* After a failure: the next frame must be a new one. */
static gboolean settle(CelSession *s, GCancellable *cancel, GError **error)
{
    if (!s->is_unsettled)
        return TRUE;
    if (s->was_stalled && !cel_ocean_clear_halts(s, error))
        return FALSE;
    if (!s->link->drain(s, late_ms(s), cancel, error))
        return FALSE;
    if (s->n_hangs >= MAX_HANGS) {
        s->n_hangs = 0;
        if (!cel_transport_reset(s->transport, error) || !cel_ocean_clear_halts(s, error) ||
            !s->link->start(s, cancel, error))
            return FALSE;
    }
    s->frame_until_us = 0;
    s->is_unsettled = FALSE;
    return TRUE;
}

gboolean cel_ocean_drain(CelSession *s, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    return settle(s, cancel, &failure) ||
           cel_transport_explain(failure, _("Waiting for the late spectrum"), error);
}

/* Times go to the unit as whole multiples of its own unit. */
static gboolean choose_integration(CelSession *s, double ms, guint32 *out_us, GError **error)
{
    const double unit_us = s->model->unit_us, us = ms * 1000.0;
    if (us >= s->integration_us[0] && us <= s->integration_us[1]) {
        *out_us = (guint32)(round(us / unit_us) * unit_us);
        return TRUE;
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument refuses %g ms. Nothing was measured. Choose from %g to %g ms."),
                ms, s->integration_us[0] / 1000.0, s->integration_us[1] / 1000.0);
    return FALSE;
}

static gboolean set_integration(CelSession *s, guint32 us, GCancellable *cancel, GError **error)
{
    if (us == s->setting_us)
        return TRUE;
    s->begins_us = 0;
    s->previous_us = s->setting_us;
    s->setting_us = 0; /* not known until it is acknowledged */
    if (!s->link->set_integration(s, us, cancel, error))
        return FALSE;
    s->setting_us = us;
    return TRUE;
}

/* How long a frame may take: a unit may first end the exposure that is under way. */
static guint frame_ms(const CelSession *s)
{
    const guint64 before_us = s->previous_us != s->setting_us ? s->previous_us : 0;
    return (guint)((s->setting_us + before_us) / 1000) + CEL_OCEAN_FRAME_MS;
}

/* Did the frame come, however broken? */
static gboolean has_come(const GError *failure)
{
    return failure->domain == CEL_ERROR ||
           g_error_matches(failure, CEL_TRANSPORT_ERROR, CEL_TRANSPORT_ERROR_OVERFLOW);
}

static gboolean exchange(CelSession *s, CelOceanFrame *frame, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    const guint timeout_ms = frame_ms(s);
    s->frame_until_us = cel_transport_now_us(s->transport) + (gint64)timeout_ms * 1000;
    const gboolean ok = s->link->request(s, cancel, &failure) &&
                        s->link->receive(s, timeout_ms, frame, cancel, &failure);
    if (ok || has_come(failure))
        s->frame_until_us = 0;
    if (!ok)
        g_propagate_error(error, failure);
    return ok;
}

/* Units that run freely answer with the frame that is under way when they are asked. What comes
 * sooner than one integration time after the first question began before it, perhaps without the
 * laser, and is thrown away; the next one begins where that one ended. In a series without any
 * change a frame may begin where the one before ended. */
static gboolean take_frame(CelSession *s, double *out_counts, GCancellable *cancel, GError **error)
{
    CelOceanFrame frame = {.counts = out_counts};
    const gboolean is_series = s->begins_us != 0;
    const gint64 begins_us = is_series ? s->begins_us : cel_transport_now_us(s->transport);
    const double least_us =
        s->setting_us * (1.0 - CLOCK_TOLERANCE) - (is_series ? SERIES_JITTER_US : 0.0);
    for (guint i = 0; i <= MAX_EARLY_FRAMES; i++) {
        if (!exchange(s, &frame, cancel, error))
            return FALSE;
        const gint64 came_us = cel_transport_now_us(s->transport);
        if ((double)(came_us - begins_us) >= least_us && !frame.is_stale) {
            s->begins_us = came_us;
            s->previous_us = s->setting_us;
            s->n_hangs = 0;
            return TRUE;
        }
        s->n_early++;
    }
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_DEVICE,
                        _("The instrument sends spectra sooner than they can have been exposed. "
                          "The measurement is not usable. Unplug it, plug it in and repeat."));
    return FALSE;
}

/* Light that the unit did not switch on would be a dark frame that passes for a measurement. */
static gboolean confirm_light(CelSession *s, const CelExposure *exposure, GCancellable *cancel,
                              GError **error)
{
    return s->begins_us != 0 || !s->has_gate || !exposure->laser_on ||
           s->link->confirm_gate(s, TRUE, cancel, error);
}

/* What lies ready before frames of new conditions was exposed under the old ones. */
static gboolean sweep(CelSession *s, GCancellable *cancel, GError **error)
{
    return s->begins_us != 0 || s->link->sweep == NULL || s->link->sweep(s, cancel, error);
}

gboolean cel_ocean_expose(CelSession *s, const CelExposure *exposure, double *out_counts,
                          guint64 *out_frame_number, GCancellable *cancel, GError **error)
{
    GError *failure = NULL;
    guint32 us = 0;
    *out_frame_number = CEL_FRAME_NUMBER_NONE;
    if (!choose_integration(s, exposure->integration_ms, &us, &failure)) {
        cel_ocean_laser_off(s, cancel);
        g_propagate_error(error, failure);
        return FALSE;
    }
    return (settle(s, cancel, &failure) && set_integration(s, us, cancel, &failure) &&
            confirm_light(s, exposure, cancel, &failure) && sweep(s, cancel, &failure) &&
            take_frame(s, out_counts, cancel, &failure)) ||
           fail(s, failure, cancel, error);
}

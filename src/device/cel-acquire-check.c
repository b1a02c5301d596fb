/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum {
    DEFAULT_FRAMES = 5,
    MAX_VALUES = 1 << 26, /* frames x pixels of one record: 512 MiB */
};
static const double DEFAULT_FILL = 0.7;
static const double DEFAULT_AUTO_MAX_MS = 10000.0;

static void fill_defaults(CelAcquireOptions *o)
{
    o->frames = o->frames == 0 ? DEFAULT_FRAMES : o->frames;
    o->dark_frames = o->dark_frames == 0 ? o->frames : o->dark_frames;
    o->target_fill = o->target_fill == 0.0 ? DEFAULT_FILL : o->target_fill;
    o->auto_max_ms = o->auto_max_ms == 0.0 ? DEFAULT_AUTO_MAX_MS : o->auto_max_ms;
    o->no_dark = o->no_dark || o->laser_off;
    if (o->no_dark)
        o->dark_frames = 0;
    o->dark_after = o->dark_after && !o->no_dark;
}

static gboolean check_range(const char *what, const char *unit, double value, const double range[2],
                            GError **error)
{
    if (value >= range[0] && value <= range[1]) /* fails for a NaN */
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("%s of %g %s is outside of what is possible here: %g to %g %s. Nothing was "
                  "measured."),
                what, value, unit, range[0], range[1], unit);
    return FALSE;
}

/* A time that the instrument would round is not what the record would say. */
static gboolean check_step(double ms, double step_ms, GError **error)
{
    if (step_ms <= 0.0 || fabs(ms / step_ms - rint(ms / step_ms)) < 1e-6)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("This instrument takes integration times in steps of %g ms. Nothing was "
                  "measured. Choose %g or %g ms."),
                step_ms, floor(ms / step_ms) * step_ms, ceil(ms / step_ms) * step_ms);
    return FALSE;
}

static gboolean check_time(const CelAcquireOptions *o, const CelDeviceDescription *d,
                           GError **error)
{
    const double times[2] = {d->integration_min_ms, d->integration_max_ms};
    if (o->integration_ms != 0.0)
        return check_range(_("An integration time"), "ms", o->integration_ms, times, error) &&
               check_step(o->integration_ms, d->capabilities.integration_step_ms, error);
    if (!check_range(_("A target fill"), "", o->target_fill, (const double[]){0.05, 0.95}, error) ||
        !check_range(_("A longest automatic integration time"), "ms", o->auto_max_ms,
                     (const double[]){times[0], INFINITY}, error))
        return FALSE;
    if (d->instrument.saturation_counts > 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                _("It is not known at how many counts %s is full, so no integration time can be "
                  "chosen for it. Nothing was measured. State an integration time."),
                d->info.id);
    return FALSE;
}

static gboolean check_laser(CelAcquisition *a, const CelCapabilities *c, GError **error)
{
    const CelAcquireOptions *o = &a->options;
    const CelLaserAsk ask = {.confirmation = o->confirmation,
                             .hazard_policy = o->hazard_policy,
                             .ramp = o->ramp,
                             .laser_mw = o->laser_mw,
                             .cap_mw = o->laser_cap_mw};
    const double delays[2] = {0.0, CEL_ACQUIRE_MAX_START_DELAY_MS};
    if (c->laser != CEL_LASER_BUILT_IN && !o->no_dark) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_USAGE,
            _("This instrument does not switch its laser, so it cannot take dark frames. Nothing "
              "was measured. Take a separate dark measurement with the beam blocked, and this "
              "one without dark."));
        return FALSE;
    }
    return check_range(_("A delay before the laser"), "ms", o->start_delay_ms, delays, error) &&
           (o->laser_off || cel_laser_plan(c, &ask, &a->plan, error));
}

static gboolean check_frames(const CelAcquireOptions *o, gsize n_pixels, GError **error)
{
    const double counts[2] = {1.0, CEL_ACQUIRE_MAX_FRAMES};
    if (!check_range(_("A number of frames"), "", o->frames, counts, error) ||
        (!o->no_dark &&
         !check_range(_("A number of dark frames"), "", o->dark_frames, counts, error)))
        return FALSE;
    if (((gsize)o->frames + 2 * (gsize)o->dark_frames) * n_pixels <= MAX_VALUES)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_USAGE,
        _("So many frames would not fit into one record. Nothing was measured. Take fewer."));
    return FALSE;
}

gboolean cel_acquire_check(CelAcquisition *a, GError **error)
{
    const CelDeviceDescription *d = &a->device->description;
    fill_defaults(&a->options);
    return check_frames(&a->options, d->n_pixels, error) && check_time(&a->options, d, error) &&
           check_laser(a, &d->capabilities, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"
#include "device/cel-sample-change.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_RETAKES = 3 };
/* No detector counts further; what is above was not read from one. */
static const double MAX_PLAUSIBLE_COUNTS = 4294967296.0;

static gboolean check_counts(const double *counts, gsize n, GError **error)
{
    for (gsize i = 0; i < n; i++) {
        if (counts[i] >= 0.0 && counts[i] <= MAX_PLAUSIBLE_COUNTS) /* fails for a NaN */
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument sent a frame that no detector gives (pixel %zu). The "
                      "measurement is not usable. Unplug the instrument, plug it in and repeat."),
                    i);
        return FALSE;
    }
    return TRUE;
}

/* Light that the hardware reads as off was none: the frame is no frame with light. */
static gboolean check_light(CelAcquisition *a, const CelExposure *exposure, GError **error)
{
    CelDevice *device = a->device;
    const CelLaserState state = device->driver->laser(device->session);
    cel_device_set_laser(device, state);
    if (!cel_light_is_ours(a) || exposure->laser_on != cel_laser_is_off(state))
        return TRUE;
    if (!exposure->laser_on) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The laser came on during a frame without it (it is %s). The measurement is "
                      "not usable. Cut the instrument's power."),
                    _(cel_laser_state_text(state)));
        return FALSE;
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser went off during a frame (it is %s). The measurement is not usable. "
                  "Look at the interlock, the cover and the battery, then repeat."),
                _(cel_laser_state_text(state)));
    return FALSE;
}

static gboolean fail_exposure(CelAcquisition *a, GError *failure, GError **error)
{
    cel_device_want_drain(a->device);
    cel_device_look_whether_gone(a->device);
    if (failure == NULL) /* a driver's mistake must not pass for success */
        g_set_error(&failure, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument gave no frame and no reason. Nothing was measured."));
    return cel_light_explain(a, failure, error);
}

static gboolean expose(CelAcquisition *a, const CelExposure *exposure, double *out_counts,
                       guint64 *out_number, GError **error)
{
    CelDevice *device = a->device;
    GError *failure = NULL;
    const gboolean ok = device->driver->expose(device->session, exposure, out_counts, out_number,
                                               a->stop, &failure);
    device->last_exposure_us = g_get_monotonic_time();
    if (exposure->laser_on)
        a->laser_on_ms += exposure->integration_ms;
    if (!ok)
        return fail_exposure(a, failure, error);
    return cel_light_awake(a, error) && check_light(a, exposure, error) &&
           check_counts(out_counts, device->description.n_pixels, error);
}

/* A detector that is full everywhere gives equal frames by right. */
static gboolean is_full_everywhere(const CelDeviceDescription *d, const double *counts)
{
    const double full = d->instrument.saturation_counts;
    for (gsize i = 0; i < d->n_pixels; i++) {
        if (full <= 0.0 || counts[i] < full)
            return FALSE;
    }
    return TRUE;
}

/* Returns: (nullable): why the frame is not a new one, against the last frame read. */
static const char *why_stale(const CelDevice *device, const double *counts, guint64 number)
{
    const CelDeviceDescription *d = &device->description;
    if (!device->has_last)
        return NULL;
    const gboolean numbered =
        number != CEL_FRAME_NUMBER_NONE && device->last_number != CEL_FRAME_NUMBER_NONE;
    if (numbered && number == device->last_number)
        return "stale, has the number of the frame before";
    if (numbered && number < device->last_number)
        return "stale, has an earlier number than the frame before";
    if (memcmp(counts, device->last_counts, d->n_pixels * sizeof *counts) == 0 &&
        !is_full_everywhere(d, counts))
        return "equal in every count to the frame before";
    return NULL;
}

static void remember(CelDevice *device, const double *counts, guint64 number)
{
    device->has_last = TRUE;
    device->last_number = number;
    memcpy(device->last_counts, counts, device->description.n_pixels * sizeof *counts);
}

static gboolean same_settings(const CelAcquisition *a, const CelExposure *e)
{
    return a->has_settings && a->settings.laser_on == e->laser_on &&
           memcmp(&a->settings.integration_ms, &e->integration_ms, sizeof(double)) == 0 &&
           memcmp(&a->settings.laser_mw, &e->laser_mw, sizeof(double)) == 0;
}

/* One exposure. @out_why: (nullable): why the frame must not be used. */
static gboolean try_frame(CelAcquisition *a, const CelSeries *series, double *row,
                          const char **out_why, guint64 *out_number, GError **error)
{
    *out_number = CEL_FRAME_NUMBER_NONE;
    if (!cel_job_step(a->job, series->stage, a->done, a->total, error) ||
        !expose(a, &series->exposure, row, out_number, error))
        return FALSE;
    *out_why = why_stale(a->device, row, *out_number);
    remember(a->device, row, *out_number);
    return TRUE;
}

guint cel_frames_discards(const CelAcquisition *a)
{
    const CelCapabilities *c = &a->device->description.capabilities;
    return MAX(MAX(c->discard_after_change, 1), c->discard_after_idle);
}

static gboolean was_idle(const CelAcquisition *a)
{
    const CelCapabilities *c = &a->device->description.capabilities;
    return c->discard_after_idle > 0 &&
           g_get_monotonic_time() - a->device->last_exposure_us > (gint64)c->idle_ms * 1000;
}

static gboolean discard(CelAcquisition *a, const CelSeries *series, guint index, const char *reason,
                        GError **error)
{
    const char *why = NULL;
    guint64 number = 0;
    double *row = series->rows + (gsize)index * a->device->description.n_pixels;
    if (!try_frame(a, series, row, &why, &number, error))
        return FALSE;
    a->settings = series->exposure;
    a->has_settings = TRUE;
    cel_note_discarded(a, series, index, reason);
    return TRUE;
}

/* What the detector holds of other settings, or of a long rest, is read out of it first. */
static gboolean discard_first(CelAcquisition *a, const CelSeries *series, guint index,
                              GError **error)
{
    const CelCapabilities *c = &a->device->description.capabilities;
    const gboolean idle = was_idle(a), changed = !same_settings(a, &series->exposure);
    const guint n_change = changed ? MAX(c->discard_after_change, 1) : 0;
    const guint n = MAX(n_change, idle ? c->discard_after_idle : 0);
    for (guint i = 0; i < n; i++) {
        const char *reason = i >= n_change  ? "after a rest of the detector"
                             : n_change > 1 ? "among the first after a change of settings"
                                            : "the first after a change of settings";
        if (!discard(a, series, index, reason, error))
            return FALSE;
    }
    return TRUE;
}

gboolean cel_frames_take_one(CelAcquisition *a, const CelSeries *series, guint index,
                             guint64 *out_number, GError **error)
{
    double *row = series->rows + (gsize)index * a->device->description.n_pixels;
    if (!discard_first(a, series, index, error))
        return FALSE;
    const char *why = NULL;
    for (guint attempt = 0; attempt <= MAX_RETAKES; attempt++) {
        if (!try_frame(a, series, row, &why, out_number, error))
            return FALSE;
        if (why == NULL)
            return TRUE;
        cel_note_discarded(a, series, index, why);
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument gave no new frame in %d attempts (%s). The measurement is not "
                  "usable. Unplug the instrument, plug it in and repeat."),
                MAX_RETAKES + 1, why);
    return FALSE;
}

/* ---- series ---- */

static gint64 now_us(const CelAcquisition *a)
{
    return cel_clock_mono_us(a->options.clock);
}

/* Frames of a burst begin at equal distances, as far as the instrument keeps up. */
static gboolean await_turn(const CelAcquisition *a, const CelSeries *series, guint index,
                           gint64 began_us)
{
    const gint64 turn_us = began_us + (gint64)index * a->options.interval_ms * 1000;
    const gint64 left_us = turn_us - g_get_monotonic_time();
    if (!series->is_measurement || a->options.interval_ms == 0 || left_us <= 0)
        return TRUE;
    return cel_device_wait(a->device, (guint)MIN(left_us / 1000 + 1, G_MAXUINT), a->stop);
}

static void keep(CelAcquisition *a, const CelSeries *series, guint index)
{
    const gsize n_pixels = a->device->description.n_pixels;
    if (series->is_measurement)
        a->measurement->frame_us[index] = now_us(a) - a->began_us;
    if (a->options.on_frame != NULL)
        a->options.on_frame(series->rows + index * n_pixels, n_pixels, series->is_dark,
                            a->options.on_frame_data);
    a->done++;
}

/* A kinetic series goes on whatever happens, so that its ends are enough. Returns: FALSE to end. */
static gboolean watch_sample(CelAcquisition *a, const CelSeries *series, guint index)
{
    const CelDeviceDescription *d = &a->device->description;
    const gboolean is_turn = a->options.burst ? index + 1 == series->n : index > 0;
    if (!series->is_measurement || !series->exposure.laser_on || !is_turn || index == 0 ||
        a->options.no_change_watch)
        return TRUE;
    const CelSampleFrames frames = {.n_pixels = d->n_pixels,
                                    .first = series->rows,
                                    .later = series->rows + index * d->n_pixels,
                                    .full_counts = d->instrument.saturation_counts};
    g_autofree char *what = cel_sample_change(&frames);
    if (what == NULL || a->altered)
        return TRUE;
    a->altered = TRUE;
    cel_note(a, "sample.altered", "frame %u against frame 1: %s", index + 1, what);
    return a->options.burst;
}

gboolean cel_frames_take(CelAcquisition *a, const CelSeries *series, guint *out_n,
                         guint64 *out_first_number, GError **error)
{
    const gint64 began_us = g_get_monotonic_time();
    gboolean go_on = TRUE;
    *out_n = 0;
    for (guint i = 0; i < series->n && go_on; i++) {
        guint64 number = 0;
        await_turn(a, series, i, began_us); /* a cancel is seen in the next line */
        if (!cel_frames_take_one(a, series, i, &number, error))
            return FALSE;
        if (i == 0)
            *out_first_number = number;
        keep(a, series, i);
        (*out_n)++;
        go_on = watch_sample(a, series, i);
    }
    return cel_job_step(a->job, series->stage, a->done, a->total, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-acquire-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>

static gboolean take_lit(CelAcquisition *a, const CelSeries *frames, guint *out_n, GError **error)
{
    const CelAcquireOptions *o = &a->options;
    const CelLightTime time = {
        .frames = frames->n + cel_frames_discards(a),
        .integration_ms = frames->exposure.integration_ms,
        .pause_ms = o->burst ? (double)frames->n * o->interval_ms : 0.0,
    };
    if (!cel_light_on(a, frames->exposure.laser_mw, &time, error))
        return FALSE;
    const gboolean ok =
        cel_frames_take(a, frames, out_n, &a->measurement->first_frame_number, error);
    cel_light_off(a, !ok ? "after a failure" : a->altered ? "the sample changed" : "frames taken");
    return ok;
}

static gboolean take_light(CelAcquisition *a, const CelExposure *light, GError **error)
{
    CelMeasurement *m = a->measurement;
    const CelSeries frames = {.stage = light->laser_on ? N_("Measuring, laser on")
                                                       : N_("Measuring, laser off"),
                              .name = "light",
                              .exposure = *light,
                              .rows = m->frames,
                              .n = a->options.frames,
                              .is_measurement = TRUE};
    guint n = 0;
    if (light->laser_on) {
        if (!take_lit(a, &frames, &n, error))
            return FALSE;
    } else if (!cel_light_ensure_off(a, error) ||
               !cel_frames_take(a, &frames, &n, &m->first_frame_number, error)) {
        return FALSE;
    }
    m->n_frames = n;
    cel_note_saturation(a, &frames, n, "saturated.light");
    return TRUE;
}

/* ---- the whole ---- */

static CelMeasurement *start_measurement(const CelAcquisition *a)
{
    const CelDeviceDescription *d = &a->device->description;
    /* a ramp compares two frames */
    CelMeasurement *m =
        cel_measurement_new(d->n_pixels, MAX(a->options.frames, 2), a->options.dark_frames);
    m->frame_us = g_new0(gint64, m->n_frames);
    m->instrument = d->instrument;
    m->simulated = d->instrument.simulated;
    m->calibration = d->calibration;
    if (d->calibration_replaced)
        cel_measurement_note(m, "calibration.replaced", a->device->own_calibration.id);
    else if (d->calibration_refused[0] != '\0')
        cel_measurement_note(m, "calibration.refused", d->calibration_refused);
    m->laser_mw_nominal = TRUE;
    m->started_wall_us = cel_clock_wall_us(a->options.clock);
    return m;
}

static void end_measurement(CelAcquisition *a, const CelExposure *light)
{
    CelMeasurement *m = a->measurement;
    m->ended_wall_us = cel_clock_wall_us(a->options.clock);
    m->has_temperature = cel_note_temperature(a, "detector.end_celsius", &m->detector_celsius);
    if (light->laser_on)
        m->laser_mw = light->laser_mw > 0.0 ? light->laser_mw
                                            : a->device->description.capabilities.laser_mw_default;
    cel_note_number(a, "laser.on_ms", a->laser_on_ms);
    cel_note_pixels(a);
    if (light->laser_on)
        cel_note_light(a);
    cel_note_instrument(a);
}

static gboolean choose(CelAcquisition *a, CelExposure *light, GError **error)
{
    if (light->laser_on && a->plan.ramp)
        return cel_choose_power(a, light, error);
    return light->integration_ms > 0.0 || cel_choose_time(a, light, &light->integration_ms, error);
}

static gboolean measure(CelAcquisition *a, GError **error)
{
    CelExposure light = {.integration_ms = a->options.integration_ms,
                         .laser_on = !a->options.laser_off,
                         .laser_mw = a->plan.laser_mw};
    double celsius = 0.0;
    a->total = a->options.frames + a->options.dark_frames;
    cel_note_temperature(a, "detector.start_celsius", &celsius);
    if (!choose(a, &light, error))
        return FALSE;
    a->measurement->integration_ms = light.integration_ms;
    if (!a->altered) {
        if (!cel_dark_take(a, light.integration_ms, error) || !take_light(a, &light, error))
            return FALSE;
    }
    if (!cel_dark_take_after(a, light.integration_ms, error))
        return FALSE;
    end_measurement(a, &light);
    return cel_light_awake(a, error);
}

/* A laser that may still be on outweighs everything else that happened. */
static void check_laser_after(CelAcquisition *a, CelLaserState state)
{
    if (a->measurement != NULL)
        cel_note(a, "laser.after", "%s", cel_laser_state_text(state));
    if (cel_laser_is_off(state) || !cel_light_is_ours(a))
        return;
    cel_light_call_guard(a);
    GError *error = NULL;
    g_set_error(&error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser was commanded off but is %s. Keep away from the beam, cut the "
                  "instrument's power. This measurement was not kept.%s%s"),
                _(cel_laser_state_text(state)), a->error != NULL ? " " : "",
                a->error != NULL ? a->error->message : "");
    g_clear_error(&a->error);
    a->error = error;
}

/* What the log of the laser tells belongs to the measurement that the light was for. */
static void note_laser(CelAcquisition *a)
{
    if (!cel_light_is_ours(a) || a->options.laser_off)
        return;
    cel_note_confirmation(a);
    cel_note_number(a, "laser.burn_ms", a->burn_ms);
    cel_laser_note_edges(&a->device->laser_machine, a->measurement);
}

static void acquire_in_worker(CelDevice *device, gpointer data)
{
    CelAcquisition *a = data;
    a->began_us = cel_clock_mono_us(a->options.clock);
    cel_laser_forget_edges(&device->laser_machine);
    if (cel_device_look_whether_gone(device)) {
        cel_device_fail_gone(&a->error);
        return;
    }
    if (!cel_device_drain(device, a->stop, &a->error))
        return;
    a->measurement = start_measurement(a);
    measure(a, &a->error);
    check_laser_after(a, cel_light_insist_off(a, "the end of the measurement"));
    if (a->error != NULL)
        g_clear_pointer(&a->measurement, cel_measurement_free);
    else
        note_laser(a);
    cel_device_look_whether_gone(device);
}

static void pass_cancel(GCancellable *from, gpointer stop)
{
    (void)from;
    g_cancellable_cancel(stop);
}

static gboolean run(CelAcquisition *a)
{
    GCancellable *cancel = cel_job_cancellable(a->job);
    const gulong link =
        cancel != NULL ? g_cancellable_connect(cancel, G_CALLBACK(pass_cancel), a->stop, NULL) : 0;
    cel_device_count(a->device, TRUE);
    const gboolean ran = cel_device_run(a->device, acquire_in_worker, a, cancel);
    cel_device_count(a->device, FALSE);
    if (cancel != NULL)
        g_cancellable_disconnect(cancel, link);
    return ran;
}

CelMeasurement *cel_device_acquire(CelDevice *device, const CelAcquireOptions *options, CelJob *job,
                                   GError **error)
{
    g_return_val_if_fail(device != NULL, NULL);
    CelAcquisition a = {.device = device, .job = job};
    if (options != NULL)
        a.options = *options;
    if (!cel_acquire_check(&a, error))
        return NULL;
    a.slept_us = cel_clock_slept_us(a.options.clock);
    g_autoptr(GCancellable) stop = g_cancellable_new();
    a.stop = stop;
    if (!run(&a)) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_CANCELLED,
            _("Stopped while another measurement had the instrument. Nothing was measured."));
        return NULL;
    }
    if (a.error != NULL)
        g_propagate_error(error, a.error);
    return a.measurement;
}

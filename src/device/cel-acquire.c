/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/cel-auto-integration.h"
#include "device/cel-device-private.h"

#include "base/cel-error.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    DEFAULT_FRAMES = 5,
    MAX_RETAKES = 3,
    MAX_VALUES = 1 << 26, /* frames x pixels of one record: 512 MiB */
};
static const double DEFAULT_FILL = 0.7;
static const double DEFAULT_AUTO_MAX_MS = 10000.0;
static const double FIRST_GUESS_MS = 100.0;
/* No detector counts further; what is above was not read from one. */
static const double MAX_PLAUSIBLE_COUNTS = 4294967296.0;

/* One acquisition; lives on the caller's stack, touched by the worker while the caller waits. */
typedef struct {
    CelDevice *device;
    CelAcquireOptions options; /* complete: no 0 that means a default, except integration_ms */
    CelJob *job;
    CelMeasurement *measurement;
    GError *error;
    CelExposure settings; /* of the last frame */
    gboolean has_settings;
    guint n_discarded, n_probes;
    double laser_on_ms;
    guint64 done, total;
} Acquisition;

/* A series of frames with equal settings. */
typedef struct {
    const char *stage; /* msgid */
    const char *name;  /* in notes */
    CelExposure exposure;
    double *rows;
    guint n;
    gboolean is_dark;
} Series;

/* ---- options ---- */

static void fill_defaults(CelAcquireOptions *o)
{
    o->frames = o->frames == 0 ? DEFAULT_FRAMES : o->frames;
    o->dark_frames = o->dark_frames == 0 ? o->frames : o->dark_frames;
    o->target_fill = o->target_fill == 0.0 ? DEFAULT_FILL : o->target_fill;
    o->auto_max_ms = o->auto_max_ms == 0.0 ? DEFAULT_AUTO_MAX_MS : o->auto_max_ms;
    o->no_dark = o->no_dark || o->laser_off;
    if (o->no_dark)
        o->dark_frames = 0;
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

static gboolean check_time(const CelAcquireOptions *o, const CelDeviceDescription *d,
                           GError **error)
{
    const double times[2] = {d->integration_min_ms, d->integration_max_ms};
    if (o->integration_ms != 0.0)
        return check_range(_("An integration time"), "ms", o->integration_ms, times, error);
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

static gboolean check_laser(const CelAcquireOptions *o, const CelCapabilities *c, GError **error)
{
    if (o->laser_mw != 0.0 && !c->laser_mw_settable) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The laser power of this instrument cannot be set. Nothing was measured."));
        return FALSE;
    }
    const double powers[2] = {c->laser_mw_min, c->laser_mw_max};
    if (o->laser_mw != 0.0 && !check_range(_("A laser power"), "mW", o->laser_mw, powers, error))
        return FALSE;
    if (c->laser == CEL_LASER_BUILT_IN || o->no_dark)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_USAGE,
        _("This instrument does not switch its laser, so it cannot take dark frames. Nothing "
          "was measured. Take a separate dark measurement with the beam blocked, and this "
          "one without dark."));
    return FALSE;
}

static gboolean check_frames(const CelAcquireOptions *o, gsize n_pixels, GError **error)
{
    const double counts[2] = {1.0, CEL_ACQUIRE_MAX_FRAMES};
    if (!check_range(_("A number of frames"), "", o->frames, counts, error) ||
        (!o->no_dark &&
         !check_range(_("A number of dark frames"), "", o->dark_frames, counts, error)))
        return FALSE;
    if (((gsize)o->frames + o->dark_frames) * n_pixels <= MAX_VALUES)
        return TRUE;
    g_set_error(
        error, CEL_ERROR, CEL_ERROR_USAGE,
        _("So many frames would not fit into one record. Nothing was measured. Take fewer."));
    return FALSE;
}

static gboolean check_options(Acquisition *a, GError **error)
{
    const CelDeviceDescription *d = &a->device->description;
    fill_defaults(&a->options);
    return check_frames(&a->options, d->n_pixels, error) && check_time(&a->options, d, error) &&
           check_laser(&a->options, &d->capabilities, error);
}

/* ---- notes ---- */

static void note(Acquisition *a, const char *key, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void note(Acquisition *a, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    cel_measurement_note(a->measurement, key, text);
}

static void note_number(Acquisition *a, const char *key, double value)
{
    g_autofree char *text = cel_number_format(value);
    cel_measurement_note(a->measurement, key, text);
}

static void note_discarded(Acquisition *a, const Series *series, guint index, const char *why)
{
    g_autofree char *key = g_strdup_printf("discarded.%u", ++a->n_discarded);
    note(a, key, "%s frame %u: %s", series->name, index + 1, why);
    a->measurement->discarded_frames++;
}

/* ---- one frame ---- */

static gboolean is_built_in(const Acquisition *a)
{
    return a->device->description.capabilities.laser == CEL_LASER_BUILT_IN;
}

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

/* What is shown while light may be out: ON before the command, then what the hardware says. */
static gboolean expose(Acquisition *a, const CelExposure *exposure, double *out_counts,
                       guint64 *out_number, GError **error)
{
    CelDevice *device = a->device;
    GError *failure = NULL;
    if (exposure->laser_on)
        cel_device_set_laser(device, is_built_in(a) ? CEL_LASER_ON : CEL_LASER_UNKNOWN);
    const gboolean ok = device->driver->expose(device->session, exposure, out_counts, out_number,
                                               cel_job_cancellable(a->job), &failure);
    cel_device_set_laser(device, device->driver->laser(device->session));
    if (exposure->laser_on)
        a->laser_on_ms += exposure->integration_ms;
    if (ok)
        return check_counts(out_counts, device->description.n_pixels, error);
    if (failure == NULL) /* a driver's mistake must not pass for success */
        g_set_error(&failure, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("The instrument gave no frame and no reason. Nothing was measured."));
    g_propagate_error(error, failure);
    return FALSE;
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

static gboolean same_settings(const Acquisition *a, const CelExposure *e)
{
    return a->has_settings && a->settings.laser_on == e->laser_on &&
           memcmp(&a->settings.integration_ms, &e->integration_ms, sizeof(double)) == 0 &&
           memcmp(&a->settings.laser_mw, &e->laser_mw, sizeof(double)) == 0;
}

/* One exposure. @out_why: (nullable): why the frame must not be used. */
static gboolean try_frame(Acquisition *a, const Series *series, double *row, const char **out_why,
                          guint64 *out_number, GError **error)
{
    *out_number = CEL_FRAME_NUMBER_NONE;
    if (!cel_job_step(a->job, series->stage, a->done, a->total, error) ||
        !expose(a, &series->exposure, row, out_number, error))
        return FALSE;
    *out_why = why_stale(a->device, row, *out_number);
    remember(a->device, row, *out_number);
    return TRUE;
}

static gboolean discard_first(Acquisition *a, const Series *series, guint index, double *row,
                              GError **error)
{
    const char *why = NULL;
    guint64 number = 0;
    if (same_settings(a, &series->exposure))
        return TRUE;
    if (!try_frame(a, series, row, &why, &number, error))
        return FALSE;
    a->settings = series->exposure;
    a->has_settings = TRUE;
    note_discarded(a, series, index, "the first after a change of settings");
    return TRUE;
}

static gboolean take_frame(Acquisition *a, const Series *series, guint index, guint64 *out_number,
                           GError **error)
{
    double *row = series->rows + (gsize)index * a->device->description.n_pixels;
    if (!discard_first(a, series, index, row, error))
        return FALSE;
    const char *why = NULL;
    for (guint attempt = 0; attempt <= MAX_RETAKES; attempt++) {
        if (!try_frame(a, series, row, &why, out_number, error))
            return FALSE;
        if (why == NULL)
            return TRUE;
        note_discarded(a, series, index, why);
    }
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument gave no new frame in %d attempts (%s). The measurement is not "
                  "usable. Unplug the instrument, plug it in and repeat."),
                MAX_RETAKES + 1, why);
    return FALSE;
}

/* ---- the integration time ---- */

static gboolean probe(Acquisition *a, CelAutoIntegration *choice, Series *series,
                      CelAutoVerdict *out_verdict, GError **error)
{
    guint64 number = 0;
    double floor_counts = 0.0;
    series->exposure.integration_ms = choice->next_ms;
    if (!take_frame(a, series, 0, &number, error))
        return FALSE;
    const double level =
        cel_auto_integration_level(series->rows, a->device->description.n_pixels, &floor_counts);
    g_autofree char *key = g_strdup_printf("probe.%u", ++a->n_probes);
    note(a, key, "%.6g ms: %.0f of %.0f counts", choice->next_ms, level, choice->saturation_counts);
    a->measurement->discarded_frames++;
    *out_verdict = cel_auto_integration_next(choice, level, floor_counts);
    return TRUE;
}

static CelAutoIntegration start_choice(const Acquisition *a)
{
    const CelDeviceDescription *d = &a->device->description;
    const double full = d->instrument.saturation_counts;
    const double max_ms = MIN(d->integration_max_ms, a->options.auto_max_ms);
    return (CelAutoIntegration){
        .target_counts = a->options.target_fill * full,
        .saturation_counts = full,
        .min_ms = d->integration_min_ms,
        .max_ms = max_ms,
        .next_ms = CLAMP(FIRST_GUESS_MS, d->integration_min_ms, max_ms),
    };
}

static gboolean choose_time(Acquisition *a, const CelExposure *light, double *out_ms,
                            GError **error)
{
    CelAutoIntegration choice = start_choice(a);
    g_autofree double *row = g_new0(double, a->device->description.n_pixels);
    Series series = {.stage = N_("Choosing the integration time"),
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
    note_number(a, "integration.fill", choice.best_level / choice.saturation_counts);
    return TRUE;
}

/* ---- series ---- */

static gboolean take_series(Acquisition *a, const Series *series, guint64 *out_first_number,
                            GError **error)
{
    const gsize n_pixels = a->device->description.n_pixels;
    for (guint i = 0; i < series->n; i++) {
        guint64 number = 0;
        if (!take_frame(a, series, i, &number, error))
            return FALSE;
        if (i == 0)
            *out_first_number = number;
        if (a->options.on_frame != NULL)
            a->options.on_frame(series->rows + i * n_pixels, n_pixels, series->is_dark,
                                a->options.on_frame_data);
        a->done++;
    }
    return cel_job_step(a->job, series->stage, a->done, a->total, error);
}

static void note_saturation(Acquisition *a, const Series *series, const char *key)
{
    const gsize n_pixels = a->device->description.n_pixels;
    const double full = a->device->description.instrument.saturation_counts;
    gsize n_values = 0, n_frames = 0;
    for (gsize f = 0; full > 0.0 && f < series->n; f++) {
        const gsize before = n_values;
        for (gsize p = 0; p < n_pixels; p++)
            n_values += series->rows[f * n_pixels + p] >= full;
        n_frames += n_values > before;
    }
    if (n_values > 0)
        note(a, key, "%zu values in %zu of %u frames", n_values, n_frames, series->n);
}

static gboolean is_off(CelLaserState state)
{
    return state == CEL_LASER_OFF_READ_BACK || state == CEL_LASER_OFF_COMMANDED;
}

/* Before frames that must not hold laser light. */
static gboolean ensure_off(Acquisition *a, GError **error)
{
    const CelLaserState state = cel_device_switch_off(a->device);
    if (is_off(state) || !is_built_in(a))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser did not go off for the frames without it (it is %s). Nothing was "
                  "measured."),
                _(cel_laser_state_text(state)));
    return FALSE;
}

static gboolean take_dark(Acquisition *a, double integration_ms, GError **error)
{
    const Series dark = {.stage = N_("Taking dark frames"),
                         .name = "dark",
                         .is_dark = TRUE,
                         .exposure = {.integration_ms = integration_ms},
                         .rows = a->measurement->dark_frames,
                         .n = a->options.dark_frames};
    guint64 first = 0;
    if (dark.n == 0)
        return TRUE;
    if (!ensure_off(a, error))
        return FALSE;
    if (!take_series(a, &dark, &first, error))
        return FALSE;
    note_saturation(a, &dark, "saturated.dark");
    return TRUE;
}

static gboolean take_light(Acquisition *a, const CelExposure *light, GError **error)
{
    const Series frames = {.stage = light->laser_on ? N_("Measuring, laser on")
                                                    : N_("Measuring, laser off"),
                           .name = "light",
                           .exposure = *light,
                           .rows = a->measurement->frames,
                           .n = a->options.frames};
    if (!light->laser_on && !ensure_off(a, error))
        return FALSE;
    if (!take_series(a, &frames, &a->measurement->first_frame_number, error))
        return FALSE;
    note_saturation(a, &frames, "saturated.light");
    return TRUE;
}

/* ---- the whole ---- */

static gboolean read_temperature(const Acquisition *a, double *out_celsius)
{
    const CelDevice *device = a->device;
    return device->driver->temperature != NULL &&
           device->driver->temperature(device->session, out_celsius) && isfinite(*out_celsius);
}

static CelMeasurement *start_measurement(const Acquisition *a)
{
    const CelDeviceDescription *d = &a->device->description;
    CelMeasurement *m = cel_measurement_new(d->n_pixels, a->options.frames, a->options.dark_frames);
    m->instrument = d->instrument;
    m->simulated = d->instrument.simulated;
    m->calibration = d->calibration;
    if (d->calibration_refused[0] != '\0')
        cel_measurement_note(m, "calibration.refused", d->calibration_refused);
    if (!a->options.laser_off)
        m->laser_mw =
            a->options.laser_mw > 0.0 ? a->options.laser_mw : d->capabilities.laser_mw_default;
    m->laser_mw_nominal = TRUE;
    m->started_wall_us = cel_clock_wall_us(a->options.clock);
    return m;
}

static void end_measurement(Acquisition *a)
{
    CelMeasurement *m = a->measurement;
    m->ended_wall_us = cel_clock_wall_us(a->options.clock);
    m->has_temperature = read_temperature(a, &m->detector_celsius);
    note_number(a, "laser.on_ms", a->laser_on_ms);
}

static gboolean measure(Acquisition *a, GError **error)
{
    CelExposure light = {.integration_ms = a->options.integration_ms,
                         .laser_on = !a->options.laser_off,
                         .laser_mw = a->options.laser_mw};
    double celsius = 0.0;
    a->total = a->options.frames + a->options.dark_frames;
    if (read_temperature(a, &celsius))
        note_number(a, "detector.start_celsius", celsius);
    if (light.integration_ms == 0.0 && !choose_time(a, &light, &light.integration_ms, error))
        return FALSE;
    a->measurement->integration_ms = light.integration_ms;
    if (!take_dark(a, light.integration_ms, error) || !take_light(a, &light, error))
        return FALSE;
    end_measurement(a);
    return TRUE;
}

/* A laser that may still be on outweighs everything else that happened. */
static void check_laser_after(Acquisition *a, CelLaserState state)
{
    if (a->measurement != NULL)
        note(a, "laser.after", "%s", cel_laser_state_text(state));
    if (is_off(state) || !is_built_in(a))
        return;
    GError *error = NULL;
    g_set_error(&error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The laser was commanded off but is %s. Keep away from the beam, cut the "
                  "instrument's power. This measurement was not kept.%s%s"),
                _(cel_laser_state_text(state)), a->error != NULL ? " " : "",
                a->error != NULL ? a->error->message : "");
    g_clear_error(&a->error);
    a->error = error;
}

static void acquire_in_worker(CelDevice *device, gpointer data)
{
    Acquisition *a = data;
    a->measurement = start_measurement(a);
    measure(a, &a->error);
    check_laser_after(a, cel_device_switch_off(device));
    if (a->error != NULL)
        g_clear_pointer(&a->measurement, cel_measurement_free);
}

static void count_acquisition(CelDevice *device, gboolean begins)
{
    g_mutex_lock(&device->lock);
    device->n_acquiring += begins ? 1 : -1u;
    g_mutex_unlock(&device->lock);
}

CelMeasurement *cel_device_acquire(CelDevice *device, const CelAcquireOptions *options, CelJob *job,
                                   GError **error)
{
    g_return_val_if_fail(device != NULL, NULL);
    Acquisition a = {.device = device, .job = job};
    if (options != NULL)
        a.options = *options;
    if (!check_options(&a, error))
        return NULL;
    count_acquisition(device, TRUE);
    const gboolean ran = cel_device_run(device, acquire_in_worker, &a, cel_job_cancellable(job));
    count_acquisition(device, FALSE);
    if (!ran) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_CANCELLED,
            _("Stopped while another measurement had the instrument. Nothing was measured."));
        return NULL;
    }
    if (a.error != NULL)
        g_propagate_error(error, a.error);
    return a.measurement;
}

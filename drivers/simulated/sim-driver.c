/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulated/cel-sim.h"
#include "simulated/sim-session.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

enum {
    SLICE_US = 5000,          /* how often an exposure looks whether it was cancelled */
    ANSWER_TIMEOUT_MS = 2000, /* beyond the integration time, at speed 1 */
};
/* The laser filter's edge lies this far below the first shift that the instrument is good for. */
static const double EDGE_MARGIN_CM1 = 45.0;

static const double SATURATING_LIGHT = 1e5;

/* ---- settings ---- */

static const char *const faults[] = {
    "none",        "unplug",       "stall",      "short-frame", "garbage",
    "stale-frame", "identical",    "frozen",     "saturate",    "interlock",
    "laser-stuck", "laser-silent", "laser-dead", "laser-drops", NULL,
};
G_STATIC_ASSERT(G_N_ELEMENTS(faults) == N_FAULTS + 1);

enum {
    SAMPLE,
    SEED,
    SIGNAL,
    FLUORESCENCE,
    LASER_DRIFT,
    COSMIC_RATE,
    TEMPERATURE,
    SPEED,
    FAULT,
    FAULT_AT,
    N_PARAMS
};

static const CelParamDef params[] = {
    [SAMPLE] = {.key = "sample",
                .label = N_("Sample"),
                .unit = "1",
                .type = CEL_PARAM_CHOICE,
                .max = CEL_SIM_N_SAMPLES - 1,
                .choices = cel_sim_sample_ids},
    [SEED] = {.key = "seed",
              .label = N_("Seed of chance"),
              .unit = "1",
              .type = CEL_PARAM_INT,
              .min = 1,
              .max = 4294967295.0,
              .initial = 1},
    [SIGNAL] = {.key = "signal",
                .label = N_("Brightness of the sample"),
                .unit = "1",
                .type = CEL_PARAM_REAL,
                .min = 0,
                .max = 1000,
                .initial = 1},
    [FLUORESCENCE] = {.key = "fluorescence",
                      .label = N_("Fluorescence against strongest band"),
                      .unit = "1",
                      .type = CEL_PARAM_REAL,
                      .min = 0,
                      .max = 1000,
                      .initial = 0.2},
    [LASER_DRIFT] = {.key = "laser_drift_nm",
                     .label = N_("Drift of the laser"),
                     .unit = "nm",
                     .type = CEL_PARAM_REAL,
                     .min = -2,
                     .max = 2,
                     .initial = 0},
    [COSMIC_RATE] = {.key = "cosmic_rate",
                     .label = N_("Cosmic rays"),
                     .unit = "1/s",
                     .type = CEL_PARAM_REAL,
                     .min = 0,
                     .max = 100,
                     .initial = 0.05},
    [TEMPERATURE] = {.key = "temperature",
                     .label = N_("Surrounding temperature"),
                     .unit = "degrees C",
                     .type = CEL_PARAM_REAL,
                     .min = -20,
                     .max = 60,
                     .initial = 22},
    [SPEED] = {.key = "speed",
               .label = N_("Times faster than real time"),
               .unit = "1",
               .type = CEL_PARAM_REAL,
               .min = 0.01,
               .max = 1e6,
               .initial = 100,
               .scale = CEL_SCALE_LOG},
    [FAULT] = {.key = "fault",
               .label = N_("Fault"),
               .unit = "1",
               .type = CEL_PARAM_CHOICE,
               .max = N_FAULTS - 1,
               .choices = faults},
    [FAULT_AT] = {.key = "fault_at",
                  .label = N_("Exposure at which the fault strikes"),
                  .unit = "exposure since opening",
                  .type = CEL_PARAM_INT,
                  .min = 1,
                  .max = 1e6,
                  .initial = 1},
};
G_STATIC_ASSERT(G_N_ELEMENTS(params) == N_PARAMS);

/* ---- an open instrument ---- */

static void describe_model(const CelSimModel *model, CelInstrument *out)
{
    *out = (CelInstrument){
        .simulated = TRUE, /* the one place that sets it; nothing clears it */
        .range_cm1 = {model->edge_cm1 + EDGE_MARGIN_CM1, model->range_cm1[1]},
        .resolution_cm1 = model->resolution_cm1,
        .read_noise_counts = model->read_noise_counts,
        .gain_e_per_count = model->gain_e_per_count,
        .saturation_counts = model->saturation_counts,
    };
    g_strlcpy(out->vendor, "Celadon", sizeof out->vendor);
    g_strlcpy(out->model, model->name, sizeof out->model);
    g_strlcpy(out->serial, model->serial, sizeof out->serial);
    g_strlcpy(out->firmware, "simulated", sizeof out->firmware);
    g_strlcpy(out->driver, cel_driver_simulated.id, sizeof out->driver);
    g_strlcpy(out->detector, model->detector, sizeof out->detector);
}

static void sim_scan(CelBus *bus, GArray *out_infos)
{
    (void)bus;
    gsize n = 0;
    const CelSimModel *models = cel_sim_models(&n);
    for (gsize i = 0; i < n; i++) {
        CelDeviceInfo info = {.laser_nm = models[i].laser_nm, .may_open = TRUE};
        g_snprintf(info.id, sizeof info.id, "%s:%s", cel_driver_simulated.id, models[i].id);
        describe_model(&models[i], &info.instrument);
        g_array_append_val(out_infos, info);
    }
}

static const CelSimModel *model_of_id(const char *id)
{
    const char *colon = strchr(id, ':');
    return colon != NULL ? cel_sim_model(colon + 1) : NULL;
}

static CelSession *make_session(const CelSimModel *model, const CelParams *settings)
{
    CelSession *s = g_new0(CelSession, 1);
    s->model = model;
    s->conditions = (CelSimConditions){
        .seed = (guint32)cel_params_get(settings, SEED),
        .fluorescence = cel_params_get(settings, FLUORESCENCE),
        .laser_drift_nm = cel_params_get(settings, LASER_DRIFT),
        .cosmic_rate_hz = cel_params_get(settings, COSMIC_RATE),
        .ambient_celsius = cel_params_get(settings, TEMPERATURE),
        .signal = cel_params_get(settings, SIGNAL),
    };
    s->physics = cel_sim_physics_new(model, &s->conditions);
    gsize n = 0;
    const CelSimSample *samples = cel_sim_samples(&n);
    cel_sim_physics_set_sample(s->physics, &samples[cel_params_get_size(settings, SAMPLE)]);
    s->speed = cel_params_get(settings, SPEED);
    s->fault = (CelSimFault)cel_params_get_size(settings, FAULT);
    s->fault_at = cel_params_get_size(settings, FAULT_AT);
    s->last_counts = g_new0(double, model->n_pixels);
    return s;
}

static CelSession *sim_open(const CelOpening *opening, GError **error)
{
    const CelDeviceInfo *info = opening->info;
    const CelSimModel *model = model_of_id(info->id);
    if (model == NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                    _("There is no simulated instrument \"%s\". Nothing was measured."), info->id);
        return NULL;
    }
    return make_session(model, opening->params);
}

static void sim_close(CelSession *s)
{
    cel_sim_physics_free(s->physics);
    g_free(s->last_counts);
    g_free(s);
}

static void sim_describe(CelSession *s, CelInstrument *out_instrument,
                         CelCalibration *out_calibration)
{
    describe_model(s->model, out_instrument);
    *out_calibration = (CelCalibration){
        .medium = s->model->medium,
        .n_coefficients = G_N_ELEMENTS(s->model->coefficients),
        .laser_nm = s->model->laser_nm,
        .u_axis_cm1 = 0.5,
    };
    g_snprintf(out_calibration->id, sizeof out_calibration->id, "factory-%s", s->model->serial);
    g_strlcpy(out_calibration->serial, s->model->serial, sizeof out_calibration->serial);
    for (guint i = 0; i < out_calibration->n_coefficients; i++)
        out_calibration->coefficients[i] = s->model->coefficients[i];
}

static void sim_capabilities(CelSession *s, CelCapabilities *out)
{
    *out = (CelCapabilities){
        .laser = CEL_LASER_BUILT_IN,
        .laser_mw_settable = TRUE,
        .laser_mw_min = s->model->laser_mw[0],
        .laser_mw_max = s->model->laser_mw[1],
        .laser_mw_default = s->model->laser_mw[2],
        .no_light = TRUE,
        .interlock_readable = TRUE,
    };
    g_strlcpy(out->laser_class, s->model->laser_class, sizeof out->laser_class);
    g_strlcpy(out->eyewear, s->model->eyewear, sizeof out->eyewear);
}

static gsize sim_n_pixels(CelSession *s)
{
    return s->model->n_pixels;
}

static void sim_integration_range(CelSession *s, double *out_min_ms, double *out_max_ms)
{
    *out_min_ms = s->model->integration_ms[0];
    *out_max_ms = s->model->integration_ms[1];
}

/* ---- exposure ---- */

/* @ms of the instrument's time pass. */
static gboolean pass_time(CelSession *s, double ms, GCancellable *cancel, GError **error)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)(1000.0 * ms / s->speed);
    for (gint64 left_us = end_us - g_get_monotonic_time(); left_us > 0;
         left_us = end_us - g_get_monotonic_time()) {
        if (g_cancellable_is_cancelled(cancel))
            break;
        g_usleep((gulong)MIN(left_us, SLICE_US));
    }
    if (!g_cancellable_is_cancelled(cancel))
        return TRUE;
    s->late_until_us = end_us;
    cel_sim_laser_off(s, NULL);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_CANCELLED,
                        _("Stopped during an exposure. Nothing was written."));
    return FALSE;
}

static gboolean check_exposure(CelSession *s, const CelExposure *e, GError **error)
{
    const CelSimModel *m = s->model;
    const gboolean time_ok =
        e->integration_ms >= m->integration_ms[0] && e->integration_ms <= m->integration_ms[1];
    if (time_ok)
        return TRUE;
    cel_sim_laser_off(s, NULL);
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE,
                _("The instrument refuses %g ms. Nothing was measured. Choose from %g to %g ms."),
                e->integration_ms, m->integration_ms[0], m->integration_ms[1]);
    return FALSE;
}

static gboolean fail_before(CelSession *s, const CelExposure *e, GCancellable *cancel,
                            GError **error)
{
    if (cel_sim_struck(s, FAULT_UNPLUG))
        return cel_sim_fail(
            s, error,
            _("The instrument no longer answers: it was unplugged. The measurement is not "
              "usable. Plug it in and repeat."));
    if (cel_sim_struck(s, FAULT_INTERLOCK) && e->laser_on)
        return cel_sim_fail(
            s, error,
            _("The laser cannot fire: the interlock is open. Nothing was measured. Close "
              "the cover or put the cap on, then repeat."));
    if (!cel_sim_struck(s, FAULT_STALL))
        return TRUE;
    if (!pass_time(s, e->integration_ms + ANSWER_TIMEOUT_MS, cancel, error))
        return FALSE;
    return cel_sim_fail(
        s, error,
        _("The instrument did not answer in time. The measurement is not usable. Unplug "
          "it, plug it in and repeat."));
}

static gboolean is_change(const CelSession *s, const CelExposure *now)
{
    const CelExposure *before = &s->previous;
    return before->laser_on != s->laser_on ||
           fabs(before->integration_ms - now->integration_ms) > 0.0 ||
           (s->laser_on && fabs(before->laser_mw - s->armed_mw) > 0.0);
}

/* The detector still holds something of the frame before a change of settings: why real ones need
 * their first frame discarded. */
static CelSimShot make_shot(const CelSession *s, const CelExposure *e)
{
    const CelExposure *before = &s->previous;
    CelSimShot shot = {.seconds = e->integration_ms / 1000.0,
                       .laser_mw = s->laser_on ? s->armed_mw : 0.0,
                       .light = cel_sim_struck(s, FAULT_SATURATE) ? SATURATING_LIGHT : 1.0};
    if (s->has_previous && is_change(s, e)) {
        shot.ghost_seconds = before->integration_ms / 1000.0;
        shot.ghost_laser_mw = before->laser_on ? before->laser_mw : 0.0;
    }
    return shot;
}

/* Returns: TRUE when the frame before is sent once more. */
static gboolean repeats(const CelSession *s)
{
    return cel_sim_strikes_now(s, FAULT_STALE) || cel_sim_strikes_now(s, FAULT_IDENTICAL) ||
           (cel_sim_struck(s, FAULT_FROZEN) && s->n_exposures > s->fault_at);
}

static void read_frame(CelSession *s, const CelExposure *e, double *out_counts,
                       guint64 *out_frame_number)
{
    const gsize size = s->model->n_pixels * sizeof *out_counts;
    const CelSimShot shot = make_shot(s, e);
    if (!repeats(s))
        cel_sim_physics_frame(s->physics, &shot, s->last_counts);
    if (!repeats(s) || s->fault == FAULT_IDENTICAL)
        s->frame_number++;
    memcpy(out_counts, s->last_counts, size);
    if (cel_sim_struck(s, FAULT_GARBAGE))
        out_counts[s->model->n_pixels / 2] = (double)NAN;
    *out_frame_number = s->frame_number;
    s->previous = *e;
    s->previous.laser_on = s->laser_on;
    s->previous.laser_mw = s->armed_mw;
    s->has_previous = TRUE;
}

static gboolean sim_expose(CelSession *s, const CelExposure *exposure, double *out_counts,
                           guint64 *out_frame_number, GCancellable *cancel, GError **error)
{
    if (!check_exposure(s, exposure, error))
        return FALSE;
    s->n_exposures++;
    if (!fail_before(s, exposure, cancel, error))
        return FALSE;
    if (!pass_time(s, exposure->integration_ms, cancel, error))
        return FALSE;
    if (cel_sim_struck(s, FAULT_SHORT_FRAME))
        return cel_sim_fail(
            s, error,
            _("The instrument sent only part of a frame. The measurement is not usable. "
              "Use another cable or port and repeat."));
    read_frame(s, exposure, out_counts, out_frame_number);
    if (cel_sim_strikes_now(s, FAULT_LASER_DROPS))
        s->laser_on = FALSE;
    return TRUE;
}

/* The late frame comes when its time is over; nobody looks at it. */
static gboolean sim_drain(CelSession *s, GCancellable *cancel, GError **error)
{
    const double late_ms = (double)(s->late_until_us - g_get_monotonic_time()) / 1000.0;
    if (s->late_until_us != 0 && late_ms > 0.0 && !pass_time(s, late_ms * s->speed, cancel, error))
        return FALSE;
    s->late_until_us = 0;
    return TRUE;
}

static gboolean sim_is_gone(CelSession *s)
{
    return cel_sim_struck(s, FAULT_UNPLUG);
}

static gboolean sim_temperature(CelSession *s, GCancellable *cancel, double *out_celsius)
{
    (void)cancel;
    *out_celsius = cel_sim_detector_celsius(s->model, s->conditions.ambient_celsius);
    return !cel_sim_struck(s, FAULT_UNPLUG);
}

const CelDriver cel_driver_simulated = {
    .id = "simulated",
    .title = N_("Simulated instruments"),
    .validation = "simulation",
    .params = params,
    .n_params = N_PARAMS,
    .scan = sim_scan,
    .open = sim_open,
    .close = sim_close,
    .describe = sim_describe,
    .capabilities = sim_capabilities,
    .n_pixels = sim_n_pixels,
    .integration_range = sim_integration_range,
    .expose = sim_expose,
    .drain = sim_drain,
    .laser_arm = cel_sim_laser_arm,
    .laser_on = cel_sim_laser_on,
    .laser = cel_sim_laser,
    .laser_off = cel_sim_laser_off,
    .temperature = sim_temperature,
    .is_gone = sim_is_gone,
};

/* ---- samples of the caller ---- */

typedef struct {
    const CelSimSample *sample;
    gboolean ours;
} SetSample;

static void set_sample(const CelDriver *driver, CelSession *session, gpointer data)
{
    SetSample *set = data;
    set->ours = driver == &cel_driver_simulated;
    if (set->ours)
        cel_sim_physics_set_sample(session->physics, set->sample);
}

static gboolean check_bands(const CelSimBand *bands, gsize n, double fluorescence, GError **error)
{
    gboolean ok = n <= CEL_SIM_MAX_BANDS && fluorescence >= 0.0 && fluorescence <= 1000.0;
    for (gsize i = 0; ok && i < n; i++)
        ok = bands[i].position >= 0.0 && bands[i].position <= 5000.0 && bands[i].intensity > 0.0 &&
             isfinite(bands[i].intensity) && bands[i].fwhm_cm1 >= 0.0 && bands[i].fwhm_cm1 <= 500.0;
    if (!ok)
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_USAGE,
            _("A simulated sample has up to %d bands at 0 to 5000 cm-1, brighter than 0, up "
              "to 500 cm-1 wide, and a fluorescence of 0 to 1000"),
            CEL_SIM_MAX_BANDS);
    return ok;
}

gboolean cel_sim_set_bands(CelDevice *device, const CelSimBand *bands, gsize n, double fluorescence,
                           GError **error)
{
    g_return_val_if_fail(device != NULL && (bands != NULL || n == 0), FALSE);
    if (!check_bands(bands, n, fluorescence, error))
        return FALSE;
    const CelSimSample sample = {.kind = CEL_SIM_RAMAN,
                                 .bands = bands,
                                 .n_bands = n,
                                 .brightness = 1.0,
                                 .fluorescence = fluorescence};
    SetSample set = {.sample = &sample};
    cel_device_call(device, set_sample, &set);
    if (!set.ours)
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("Only a simulated instrument can be given a simulated sample"));
    return set.ours;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-error.h"
#include "base/cel-number.h"
#include "device/cel-acquire.h"

#include <math.h>
#include <string.h>

/* A fake instrument in memory: offset + rate * time under one peak, counts of its exchanges. */

enum { N_PIXELS = 16, OFFSET = 100, FULL = 10000 };

struct CelSession {
    guint index;
};

/* What the instrument shall do and what it saw; one fake at a time, the tests run one by one. */
typedef struct {
    double rate;             /* counts a ms at the peak */
    double hot_rate;         /* likewise, on one pixel only */
    guint fail_at;           /* exposure that fails; 0: none */
    guint stale_at, n_stale; /* exposures that repeat the number before */
    guint equal_at, n_equal; /* exposures that repeat the counts before */
    guint nan_at;
    guint wait_ms; /* an exposure's time */
    gboolean flood, unnumbered, laser_stuck, cannot_confirm, external, no_temperature;
    gboolean bad_calibration, bad_pixels, silent_failure, not_permitted;
    gboolean real_light; /* the questions are asked; without a watchdog a guard is needed */
    gint n_instruments;  /* atomic: plugged in while the worker looks */
    guint watchdog_s, delay_ms, warmup_ms;
    guint discard_after_change, discard_after_idle, idle_ms;
    gboolean interlock_open, arm_fails, on_fails, never_lights, fixed_power;
    guint lose_light_at;    /* exposure during which the laser goes off by itself; 0: none */
    guint alter_at;         /* from that exposure on a band is lower; 0: none */
    double alter_mw;        /* ... or from that power on; 0: none */
    guint warm_at;          /* from that exposure on the detector is warmer; 0: none */
    guint leave_at;         /* exposure at which it leaves the bus; 0: none */
    guint late_ms;          /* a cancelled frame comes so much later */
    const char *serials[4]; /* of the instruments; NULL: an overlong one */
    double calibration_shift;
    guint n_mute;     /* so many questions for the laser's state get no answer */
    guint chance_at;  /* like fail_at, for tests by chance */
    gboolean flagged; /* says of pixels what it knows */

    guint n_exposures, n_open, n_close;
    guint64 number;
    gboolean laser_on, armed, gone; /* the real ones */
    double armed_mw, last_mw;
    guint n_at_power; /* exposures since the power changed */
    gboolean light_without_laser;
    guint n_arm, n_on, n_off, n_drain, n_late; /* n_late: frames that still wait to be read */
    guint longest_ms;                          /* of the last request */
    gint64 off_at_us;                          /* when the last off command came */
    guint noise;
    gboolean dark_with_laser;
    GPtrArray *log; /* "light 100", "dark 100" */
    double last[N_PIXELS];
} Fake;

static Fake fake;

static void reset(void)
{
    if (fake.log != NULL)
        g_ptr_array_unref(fake.log);
    fake = (Fake){.rate = 10.0, .n_instruments = 1};
    fake.log = g_ptr_array_new_with_free_func(g_free);
}

static void fake_scan(CelBus *bus, GArray *infos)
{
    (void)bus;
    for (guint i = 0; i < (guint)g_atomic_int_get(&fake.n_instruments); i++) {
        CelDeviceInfo info = {.may_open = !fake.not_permitted};
        g_snprintf(info.id, sizeof info.id, "fake:%u", i);
        g_strlcpy(info.why_not, "install the udev rule", sizeof info.why_not);
        g_array_append_val(infos, info);
    }
}

static CelSession *fake_open(const CelOpening *opening, GError **error)
{
    (void)error;
    g_assert_nonnull(opening->params);
    fake.n_open++;
    fake.gone = FALSE;
    CelSession *session = g_new0(CelSession, 1);
    session->index = (guint)(opening->info->id[strlen("fake:")] - '0');
    return session;
}

static void fake_close(CelSession *session)
{
    fake.laser_on = FALSE;
    fake.n_close++;
    g_free(session);
}

static void fake_describe(CelSession *session, CelInstrument *instrument,
                          CelCalibration *calibration)
{
    const char *serial = fake.serials[session->index];
    g_strlcpy(instrument->model, "Fake", sizeof instrument->model);
    memset(instrument->serial, 'x', sizeof instrument->serial); /* without its NUL */
    if (serial != NULL)
        g_strlcpy(instrument->serial, serial, sizeof instrument->serial);
    instrument->saturation_counts = FULL;
    instrument->resolution_cm1 = NAN;
    *calibration =
        (CelCalibration){.medium = CEL_UNIT_NM_AIR, .n_coefficients = 2, .laser_nm = 785};
    calibration->coefficients[0] = 800.0 + fake.calibration_shift;
    calibration->coefficients[1] = fake.bad_calibration ? -1.0 : 1.0;
}

static void fake_capabilities(CelSession *session, CelCapabilities *out)
{
    (void)session;
    *out = (CelCapabilities){.laser = fake.external ? CEL_LASER_EXTERNAL : CEL_LASER_BUILT_IN,
                             .no_light = !fake.real_light,
                             .laser_mw_settable = !fake.fixed_power,
                             .laser_mw_min = 1,
                             .laser_mw_max = 100,
                             .laser_mw_default = 50,
                             .laser_delay_ms = fake.delay_ms,
                             .laser_warmup_ms = fake.warmup_ms,
                             .watchdog_max_s = fake.watchdog_s,
                             .discard_after_change = fake.discard_after_change,
                             .discard_after_idle = fake.discard_after_idle,
                             .idle_ms = fake.idle_ms,
                             .bad_pixels = {3},
                             .n_bad_pixels = fake.flagged ? 1 : 0,
                             .dark_pixels = {{14, 16}},
                             .n_dark_ranges = fake.flagged ? 1 : 0,
                             .nonlinearity = {1.0, 1e-6},
                             .n_nonlinearity = fake.flagged ? 2 : 0,
                             .linear_max_counts = fake.flagged ? 500.0 : 0.0};
}

static gsize fake_n_pixels(CelSession *session)
{
    (void)session;
    return fake.bad_pixels ? 0 : N_PIXELS;
}

static void fake_range(CelSession *session, double *out_min, double *out_max)
{
    (void)session;
    *out_min = 1.0;
    *out_max = 5000.0;
}

static CelLaserState fake_laser(CelSession *session)
{
    (void)session;
    if (fake.n_mute > 0) {
        fake.n_mute--;
        return CEL_LASER_UNKNOWN;
    }
    if (fake.external || fake.gone)
        return CEL_LASER_UNKNOWN;
    if (fake.laser_on)
        return CEL_LASER_ON;
    return fake.cannot_confirm ? CEL_LASER_OFF_COMMANDED : CEL_LASER_OFF_READ_BACK;
}

static CelLaserState fake_laser_off(CelSession *session, GCancellable *cancel)
{
    (void)cancel;
    fake.n_off++;
    fake.off_at_us = g_get_monotonic_time();
    fake.armed = FALSE;
    if (!fake.laser_stuck)
        fake.laser_on = FALSE;
    return fake_laser(session);
}

static gboolean fake_laser_arm(CelSession *session, const CelLaserRequest *request, GError **error)
{
    (void)session;
    fake.n_arm++;
    g_assert_false(fake.laser_on); /* only what is off may be programmed */
    fake.armed_mw = request->laser_mw > 0.0 ? request->laser_mw : 50.0;
    fake.longest_ms = request->longest_ms;
    fake.armed = !fake.interlock_open && !fake.arm_fails;
    if (fake.armed)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE, "%s",
                fake.interlock_open ? "the interlock is open" : "cannot arm");
    return FALSE;
}

static gboolean fake_laser_on(CelSession *session, GCancellable *cancel, GError **error)
{
    (void)cancel;
    (void)session;
    fake.n_on++;
    g_assert_true(fake.armed);
    if (fake.on_fails) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE, "cannot light");
        return FALSE;
    }
    fake.laser_on = !fake.never_lights;
    return TRUE;
}

static gboolean in_run(guint at, guint first, guint n)
{
    return n > 0 && at >= first && at < first + n;
}

static gboolean is_altered(void)
{
    return (fake.alter_at > 0 && fake.n_exposures >= fake.alter_at) ||
           (fake.alter_mw > 0.0 && fake.armed_mw >= fake.alter_mw && fake.n_at_power > 2);
}

static double shape_at(gsize pixel)
{
    const double shape = fabs((double)pixel - 8.0) <= 2.0 ? 1.0 : 0.1;
    return is_altered() && pixel >= 6 && pixel <= 10 ? 0.8 * shape : shape;
}

static void fill(const CelExposure *exposure, double *counts)
{
    fake.noise++;
    const double power = fake.laser_on ? fake.armed_mw / 50.0 : 0.0;
    for (gsize i = 0; i < N_PIXELS; i++) {
        const double light =
            exposure->laser_on ? (fake.external ? 1.0 : power) * fake.rate * shape_at(i) : 0.0;
        const double hot = i == 2 ? fake.hot_rate : 0.0;
        counts[i] = MIN(round(OFFSET + (light + hot) * exposure->integration_ms), FULL);
    }
    counts[0] = OFFSET + fake.noise % 7; /* no two frames in a row are equal */
    for (gsize i = 0; fake.flood && i < N_PIXELS; i++)
        counts[i] = FULL;
}

static gboolean wait_or_cancel(CelSession *session, GCancellable *cancel, GError **error)
{
    const gint64 end = g_get_monotonic_time() + fake.wait_ms * 1000;
    while (g_get_monotonic_time() < end && !g_cancellable_is_cancelled(cancel))
        g_usleep(1000);
    if (!g_cancellable_is_cancelled(cancel))
        return TRUE;
    fake.n_late++;
    fake_laser_off(session, NULL);
    g_set_error(error, CEL_ERROR, CEL_ERROR_CANCELLED, "stopped");
    return FALSE;
}

static gboolean fail_now(CelSession *session, GError **error)
{
    fake_laser_off(session, NULL);
    if (!fake.silent_failure)
        g_set_error(error, CEL_ERROR, CEL_ERROR_DEVICE, "unplugged");
    return FALSE;
}

static gboolean fake_expose(CelSession *session, const CelExposure *exposure, double *counts,
                            guint64 *number, GCancellable *cancel, GError **error)
{
    const guint at = ++fake.n_exposures;
    g_assert_cmpuint(fake.n_late, ==, 0); /* or this would be the frame before */
    fake.n_at_power = fabs(fake.last_mw - fake.armed_mw) > 0.0 ? 1 : fake.n_at_power + 1;
    fake.last_mw = fake.armed_mw;
    fake.dark_with_laser |= !exposure->laser_on && fake.laser_on;
    fake.light_without_laser |= exposure->laser_on && !fake.laser_on && !fake.external;
    g_ptr_array_add(fake.log, g_strdup_printf("%s %g", exposure->laser_on ? "light" : "dark",
                                              exposure->integration_ms));
    if (!wait_or_cancel(session, cancel, error))
        return FALSE;
    if (at == fake.leave_at)
        fake.gone = TRUE;
    if (at == fake.fail_at || at == fake.leave_at || in_run(at, fake.chance_at, 1))
        return fail_now(session, error);
    fill(exposure, counts);
    if (at == fake.lose_light_at)
        fake.laser_on = FALSE;
    if (in_run(at, fake.equal_at, fake.n_equal))
        memcpy(counts, fake.last, sizeof fake.last);
    if (at == fake.nan_at)
        counts[3] = NAN;
    memcpy(fake.last, counts, sizeof fake.last);
    fake.number += in_run(at, fake.stale_at, fake.n_stale) ? 0 : 1;
    *number = fake.unnumbered ? CEL_FRAME_NUMBER_NONE : fake.number;
    return TRUE;
}

static gboolean fake_drain(CelSession *session, GCancellable *cancel, GError **error)
{
    (void)session;
    const gint64 end = g_get_monotonic_time() + fake.late_ms * 1000;
    fake.n_drain++;
    while (g_get_monotonic_time() < end && !g_cancellable_is_cancelled(cancel))
        g_usleep(1000);
    if (g_cancellable_is_cancelled(cancel)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_CANCELLED, "stopped");
        return FALSE;
    }
    fake.n_late = 0;
    return TRUE;
}

static gboolean fake_temperature(CelSession *session, GCancellable *cancel, double *out_celsius)
{
    (void)cancel;
    (void)session;
    *out_celsius = fake.warm_at > 0 && fake.n_exposures >= fake.warm_at ? -9.0 : -10.0;
    return !fake.no_temperature;
}

static gboolean fake_is_gone(CelSession *session)
{
    (void)session;
    return fake.gone;
}

static void fake_gate(CelSession *session, CelLaserGate *out_gate)
{
    (void)session;
    *out_gate = (CelLaserGate){.control = {0x40, 0xBE, 0, 0}};
}

static const CelParamDef fake_params[] = {
    {.key = "gain", .unit = "1", .type = CEL_PARAM_REAL, .min = 1, .max = 2, .initial = 1},
};
static const CelDriver fake_driver = {
    .id = "fake",
    .title = "Fake",
    .validation = "unit tests",
    .params = fake_params,
    .n_params = 1,
    .scan = fake_scan,
    .open = fake_open,
    .close = fake_close,
    .describe = fake_describe,
    .capabilities = fake_capabilities,
    .n_pixels = fake_n_pixels,
    .integration_range = fake_range,
    .expose = fake_expose,
    .drain = fake_drain,
    .laser_arm = fake_laser_arm,
    .laser_on = fake_laser_on,
    .laser = fake_laser,
    .laser_off = fake_laser_off,
    .laser_gate = fake_gate,
    .temperature = fake_temperature,
    .is_gone = fake_is_gone,
};
static const CelDriver *const drivers[] = {&fake_driver};
static const CelDriverTable table = {.drivers = drivers, .n = 1};

static CelDevice *open_fake(void)
{
    g_autoptr(GError) error = NULL;
    CelDevice *device = cel_device_open(&table, "fake", NULL, &error);
    g_assert_no_error(error);
    return device;
}

G_GNUC_UNUSED static const CelAcquireOptions quick = {
    .integration_ms = 50, .frames = 3, .dark_frames = 2};

G_GNUC_UNUSED static const char *get_note(const CelMeasurement *m, const char *key)
{
    return g_tree_lookup(m->notes, key);
}

G_GNUC_UNUSED static double get_number(const CelMeasurement *m, const char *key)
{
    const char *text = get_note(m, key);
    double value = NAN;
    g_assert_nonnull(text);
    g_assert_true(cel_number_parse(text, strlen(text), '.', &value));
    return value;
}

G_GNUC_UNUSED static CelMeasurement *acquire(CelDevice *device, const CelAcquireOptions *options)
{
    g_autoptr(GError) error = NULL;
    CelMeasurement *m = cel_device_acquire(device, options, NULL, &error);
    g_assert_no_error(error);
    return m;
}

G_GNUC_UNUSED static char *acquire_fails(CelDevice *device, const CelAcquireOptions *options,
                                         CelError code)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_device_acquire(device, options, NULL, &error));
    g_assert_error(error, CEL_ERROR, (gint)code);
    return g_strdup(error->message);
}

G_GNUC_UNUSED static void assert_fails(CelDevice *device, const CelAcquireOptions *options,
                                       CelError code)
{
    g_autofree char *message = acquire_fails(device, options, code);
    g_assert_cmpuint(strlen(message), >, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus.h"

#include "base/cel-error.h"
#include "ocean/cel-ocean.h"
#include "ocean/ocean-models.h"
#include "transport-libusb.h"

#include <math.h>
#include <string.h>

/* The Ocean driver over the real libusb against units that were written apart from it. */

enum { MAX_PIXELS = 4096, LISTED_US = 2 * G_USEC_PER_SEC };

typedef struct {
    SimUsbBus *sim;
    guint unit;
    CelBus *bus;
    CelParams *params;
    CelSession *session;
    CelDeviceInfo info;
    gsize n_pixels;
    double counts[MAX_PIXELS];
} Bench;

static const CelDriver *const driver = &cel_driver_ocean;

/* One simulated bus a process: the kernel's side of it cannot be taken down and set up again. */
static SimUsbBus *the_sim;
static CelBus *the_bus;

static gboolean find(Bench *b)
{
    const guint address = (guint)simusb_bus_value(b->sim, b->unit, "address");
    const gint64 until = g_get_monotonic_time() + LISTED_US;
    while (g_get_monotonic_time() < until) {
        g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
        cel_usb_scan(driver, b->bus, infos);
        for (guint i = 0; i < infos->len; i++) {
            b->info = g_array_index(infos, CelDeviceInfo, i);
            if (b->info.usb.address == address)
                return TRUE;
        }
        g_usleep(2000);
    }
    return FALSE;
}

static void bench_plug(Bench *b, const char *spec, const char *settings)
{
    g_autoptr(GError) error = NULL;
    *b = (Bench){.sim = the_sim, .bus = the_bus};
    b->unit = simusb_bus_add(b->sim, spec, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(find(b));
    b->params = cel_params_new(driver->params, driver->n_params);
    g_assert_true(cel_params_parse(b->params, settings, NULL));
}

static gboolean bench_try_open(Bench *b, GError **error)
{
    const CelOpening opening = {.info = &b->info, .params = b->params, .bus = b->bus};
    b->session = driver->open(&opening, error);
    if (b->session != NULL)
        b->n_pixels = driver->n_pixels(b->session);
    return b->session != NULL;
}

static void bench_open(Bench *b, const char *spec, const char *settings)
{
    g_autoptr(GError) error = NULL;
    bench_plug(b, spec, settings);
    bench_try_open(b, &error);
    g_assert_no_error(error);
}

static void bench_close(Bench *b)
{
    if (b->session != NULL)
        driver->close(b->session);
    g_assert_cmpfloat_with_epsilon(simusb_bus_value(b->sim, b->unit, "laser"), 0.0, 0.1);
    g_assert_cmpfloat_with_epsilon(simusb_bus_value(b->sim, b->unit, "forbidden"), 0.0, 0.1);
    simusb_bus_unplug(b->sim, b->unit, NULL);
    cel_params_free(b->params);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, bench_close)

static gboolean expose(Bench *b, double ms, GCancellable *cancel, GError **error)
{
    guint64 number = 0;
    return driver->expose(b->session, &(CelExposure){.integration_ms = ms}, b->counts, &number,
                          cancel, error);
}

static void expose_well(Bench *b, double ms)
{
    g_autoptr(GError) error = NULL;
    expose(b, ms, NULL, &error);
    g_assert_no_error(error);
}

static void light(Bench *b)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(driver->laser_arm(b->session, &(CelLaserRequest){0}, &error));
    g_assert_true(driver->laser_on(b->session, NULL, &error));
    g_assert_cmpfloat_with_epsilon(simusb_bus_value(b->sim, b->unit, "laser"), 1.0, 0.1);
}

static gboolean is_dark(Bench *b)
{
    return simusb_bus_value(b->sim, b->unit, "laser") < 0.5;
}

static double mean(const double *counts, gsize n)
{
    double sum = 0.0;
    for (gsize i = 0; i < n; i++)
        sum += counts[i];
    return sum / (double)n;
}

static const char *const models[] = {
    "usb2000plus", "usb4000",     "usb4000-full-speed",
    "hr4000",      "qe65000",     "maya2000pro",
    "nirquest512", "flame-nir",   "usb2000",
    "qepro",       "sts",         "flame-x",
    "spark",       "ventana",     "hr2000",
    "hr2000plus",  "nirquest256", "maya2000",
    "torus",       "apex",        "jaz",
    "hdx",
};

/* Every model: who it is, that light makes its frames brighter, that counts fit its scale. */
static void a_unit_is_read_end_to_end(gconstpointer data)
{
    g_auto(Bench) b;
    CelInstrument instrument;
    CelCalibration calibration;
    g_autoptr(GError) error = NULL;
    bench_open(&b, data, "laser_gate=strobe,laser_nm=785");
    driver->describe(b.session, &instrument, &calibration);
    g_assert_true(g_str_has_prefix(instrument.serial, "CELADON-SIM-"));
    g_assert_true(instrument.simulated);
    g_autoptr(CelAxis) axis = cel_calibration_axis(&calibration, b.n_pixels, &error);
    g_assert_no_error(error);
    g_assert_nonnull(axis);
    expose_well(&b, 30);
    expose_well(&b, 30);
    const double dark = mean(b.counts, b.n_pixels);
    light(&b);
    expose_well(&b, 30);
    g_assert_cmpfloat(mean(b.counts, b.n_pixels), >, dark);
    g_assert_cmpint((int)driver->laser_off(b.session, NULL), ==, CEL_LASER_OFF_COMMANDED);
    g_assert_true(is_dark(&b));
    for (gsize i = 0; i < b.n_pixels; i++) {
        g_assert_cmpfloat(b.counts[i], >=, 0.0);
        g_assert_true(instrument.saturation_counts == 0 ||
                      b.counts[i] <= instrument.saturation_counts);
    }
}

static gpointer cancel_soon(gpointer data)
{
    g_usleep(50000);
    g_cancellable_cancel(data);
    return NULL;
}

static void a_cancel_darkens_and_the_late_frame_is_not_the_next(gconstpointer data)
{
    g_auto(Bench) b;
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    bench_open(&b, data, "laser_gate=strobe");
    expose_well(&b, 200);
    expose_well(&b, 200);
    light(&b);
    GThread *thread = g_thread_new("cancel", cancel_soon, cancel);
    const gint64 start_us = g_get_monotonic_time();
    g_assert_false(expose(&b, 200, cancel, &error));
    const gint64 took_us = g_get_monotonic_time() - start_us;
    g_thread_join(thread);
    g_assert_true(is_dark(&b));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(took_us, <, 100000);
    g_assert_true(driver->drain(b.session, NULL, NULL));
    const gint64 again_us = g_get_monotonic_time();
    expose_well(&b, 200);
    g_assert_cmpint(g_get_monotonic_time() - again_us, >=, 190000);
}

static void an_unplugged_unit_is_gone(gconstpointer data)
{
    g_auto(Bench) b;
    g_autoptr(GError) error = NULL;
    bench_open(&b, data, "laser_gate=strobe");
    light(&b);
    simusb_bus_unplug(b.sim, b.unit, NULL);
    g_assert_false(expose(&b, 100, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    g_assert_true(driver->is_gone(b.session));
    g_assert_cmpint((int)driver->laser(b.session), ==, CEL_LASER_UNKNOWN);
}

/* ---- faults ---- */

typedef struct {
    const char *fault; /* several: with ';' between */
    guint most_ms;     /* until expose() must be back */
} Fault;

static const Fault frame_faults[] = {
    {"short state=frame", 2500},   {"long state=frame", 2500},
    {"garbage state=frame", 2500}, {"late state=frame", 500},
    {"lost state=acquire", 2500},  {"stall state=acquire", 1500},
    {"stale state=frame", 2500},   {"long state=frame;late state=frame", 500},
};

static void arm(Bench *b, const char *faults)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) each = g_strsplit(faults, ";", -1);
    for (char **fault = each; *fault != NULL; fault++)
        g_assert_cmpuint(simusb_bus_arm(b->sim, b->unit, *fault, &error), >, 0);
}

/* Struck or not, the call is back in time, the light is out after a failure, and the next exposure
 * is a new frame of the right light. */
static void check_fault(const char *model, const Fault *fault)
{
    g_auto(Bench) b;
    g_autoptr(GError) error = NULL;
    bench_open(&b, model, "laser_gate=strobe");
    expose_well(&b, 30);
    expose_well(&b, 30);
    light(&b);
    arm(&b, fault->fault);
    const gint64 start_us = g_get_monotonic_time();
    const gboolean ok = expose(&b, 30, NULL, &error);
    const gint64 ms = (g_get_monotonic_time() - start_us) / 1000;
    g_test_message("%s, %s: %s after %d ms", model, fault->fault, ok ? "ok" : error->message,
                   (int)ms);
    g_assert_cmpint(ms, <, fault->most_ms + 500);
    g_assert_true(ok || is_dark(&b));
    g_assert_true(ok || g_error_matches(error, CEL_ERROR, CEL_ERROR_DEVICE));
    driver->laser_off(b.session, NULL);
    g_assert_true(driver->drain(b.session, NULL, NULL));
    expose_well(&b, 30);
    const gint64 again_us = g_get_monotonic_time();
    expose_well(&b, 30);
    g_assert_cmpint(g_get_monotonic_time() - again_us, >=, 27500);
}

static void faults_of_a_frame_end_dark_and_in_time(gconstpointer data)
{
    for (gsize i = 0; i < G_N_ELEMENTS(frame_faults); i++)
        check_fault(data, &frame_faults[i]);
}

static void a_stored_value_that_is_damaged_never_becomes_an_axis(gconstpointer data)
{
    static const char *const damages[] = {"nan", "non-monotonic", "zero-axis", "empty"};
    for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
        g_auto(Bench) b;
        g_autoptr(GError) error = NULL;
        CelInstrument instrument;
        CelCalibration calibration;
        g_autofree char *spec = g_strdup_printf("%s:eeprom=%s", (const char *)data, damages[i]);
        bench_plug(&b, spec, "");
        if (!bench_try_open(&b, &error)) {
            g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
            continue;
        }
        driver->describe(b.session, &instrument, &calibration);
        g_test_message("%s", spec);
        g_assert_true(instrument.simulated);
        g_assert_null(cel_calibration_axis(&calibration, b.n_pixels, NULL));
    }
}

/* What takes long is asked of one model of each kind: split, whole, buffered, free-running. */
static const char *const few[] = {"usb4000", "qe65000", "qepro", "sts"};

static void add(const char *name, GTestDataFunc test, const char *const *which, gsize n)
{
    for (gsize i = 0; i < n; i++) {
        g_autofree char *path = g_strdup_printf("/ocean-usb/%s/%s", name, which[i]);
        g_test_add_data_func(path, which[i], test);
    }
}

#define ADD(test, which) add(#test, test, which, G_N_ELEMENTS(which))

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(SimUsbBus) sim = simusb_bus_new(&error);
    if (sim == NULL)
        return 77;
    g_autoptr(CelBus) bus = cel_bus_libusb_new(&error);
    g_assert_no_error(error);
    the_sim = sim;
    the_bus = bus;
    ADD(a_unit_is_read_end_to_end, models);
    ADD(a_cancel_darkens_and_the_late_frame_is_not_the_next, few);
    ADD(an_unplugged_unit_is_gone, few);
    ADD(faults_of_a_frame_end_dark_and_in_time, few);
    ADD(a_stored_value_that_is_damaged_never_becomes_an_axis, few);
    return g_test_run();
}

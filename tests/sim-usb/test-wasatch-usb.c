/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simusb-bus.h"
#include "../unit/long-check.h"

#include "transport-libusb.h"
#include "wasatch/cel-wasatch.h"

#include "base/cel-error.h"

#include <math.h>
#include <string.h>

/* The Wasatch driver over the real libusb, against units whose firmware was written by another
 * reading of the same facts, which count what really happened to the light. */

enum { MAX_PIXELS = 2048, SUSPEND_US = 250000 };

typedef struct {
    SimUsbBus *world;
    CelBus *bus;
    guint unit;
    CelSession *session;
    double counts[MAX_PIXELS];
} Bench;

static void bench_clear(Bench *bench)
{
    if (bench->session != NULL)
        cel_driver_wasatch.close(bench->session);
    cel_bus_free(bench->bus);
    simusb_bus_free(bench->world);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, bench_clear)

/* FALSE, skipped: no umockdev here. */
static gboolean bench_new(Bench *bench, const char *spec)
{
    g_autoptr(GError) error = NULL;
    *bench = (Bench){.world = simusb_bus_new(&error)};
    if (bench->world == NULL) {
        g_test_skip(error->message);
        return FALSE;
    }
    bench->unit = simusb_bus_add(bench->world, spec, NULL, NULL, &error);
    g_assert_no_error(error);
    bench->bus = cel_bus_libusb_new(&error);
    g_assert_no_error(error);
    return TRUE;
}

static gboolean find(Bench *bench, CelDeviceInfo *out_info)
{
    for (guint i = 0; i < 200; i++) {
        g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
        cel_usb_scan(&cel_driver_wasatch, bench->bus, infos);
        if (infos->len == 1) {
            *out_info = g_array_index(infos, CelDeviceInfo, 0);
            return TRUE;
        }
        g_usleep(5000);
    }
    return FALSE;
}

static gboolean open_unit(Bench *bench, GError **error)
{
    CelDeviceInfo info;
    g_autoptr(CelParams) params =
        cel_params_new(cel_driver_wasatch.params, cel_driver_wasatch.n_params);
    g_assert_true(find(bench, &info));
    const CelOpening opening = {.info = &info, .params = params, .bus = bench->bus};
    bench->session = cel_driver_wasatch.open(&opening, error);
    return bench->session != NULL;
}

static double truth(const Bench *bench, const char *name)
{
    return simusb_bus_value(bench->world, bench->unit, name);
}

static guint count(const Bench *bench, const char *name)
{
    return (guint)truth(bench, name);
}

static gboolean expose(Bench *bench, double ms, gboolean lit, GError **error)
{
    guint64 number = 0;
    const CelExposure exposure = {.integration_ms = ms, .laser_on = lit};
    return cel_driver_wasatch.expose(bench->session, &exposure, bench->counts, &number, NULL,
                                     error);
}

/* The most that a frame has over @dark in one pixel: bands, whatever the dark current does. */
static double most_over(const Bench *bench, const double *dark)
{
    double most = 0.0;
    for (gsize i = 5; i + 5 < cel_driver_wasatch.n_pixels(bench->session); i++)
        most = MAX(most, bench->counts[i] - dark[i]);
    return most;
}

static gboolean light(Bench *bench, double mw, GError **error)
{
    const CelLaserRequest request = {.laser_mw = mw, .longest_ms = 5000};
    return cel_driver_wasatch.laser_arm(bench->session, &request, error) &&
           cel_driver_wasatch.laser_on(bench->session, NULL, error);
}

static void assert_manners(const Bench *bench)
{
    g_assert_cmpuint(count(bench, "unknown"), ==, 0);
    g_assert_cmpuint(count(bench, "forbidden"), ==, 0);
    g_assert_cmpuint(count(bench, "lockups"), ==, 0);
}

/* ---- the whole way ---- */

typedef struct {
    const char *model;
    gsize n_pixels;
    double laser_mw; /* asked for */
    CelLaserState off;
} Model;

static const Model models[] = {
    {"wasatch-785", 1024, 90.0, CEL_LASER_OFF_READ_BACK},
    {"wasatch-785-interlock", 1024, 90.0, CEL_LASER_OFF_READ_BACK},
    {"wasatch-532", 2048, 10.0, CEL_LASER_OFF_READ_BACK},
    {"wasatch-1064", 512, 90.0, CEL_LASER_OFF_READ_BACK},
    {"wasatch-xs", 1952, 90.0, CEL_LASER_OFF_COMMANDED},
    {"wasatch-xs:inverted=1", 1952, 90.0, CEL_LASER_OFF_COMMANDED},
    {"wasatch-xs:watchdog-msb-first=1", 1952, 90.0, CEL_LASER_OFF_COMMANDED},
    {"wasatch-xs:enable-unreadable=1", 1952, 90.0, CEL_LASER_OFF_COMMANDED},
};

static void measure(Bench *bench, const Model *m)
{
    g_autoptr(GError) error = NULL;
    double dark[MAX_PIXELS];
    for (guint i = 0; i < 2; i++) /* the first still has the old settings */
        g_assert_true(expose(bench, 100, FALSE, &error));
    memcpy(dark, bench->counts, sizeof dark);
    g_assert_true(light(bench, m->laser_mw, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count(bench, "laser"), ==, 1);
    g_assert_cmpfloat_with_epsilon(truth(bench, "laser_mw"), m->laser_mw, 0.5);
    for (guint i = 0; i < 2; i++)
        g_assert_true(expose(bench, 100, TRUE, &error));
    g_assert_no_error(error);
    g_assert_cmpfloat(most_over(bench, dark), >, 100.0);
    g_assert_cmpint(cel_driver_wasatch.laser(bench->session), ==, CEL_LASER_ON);
    g_assert_cmpint(cel_driver_wasatch.laser_off(bench->session, NULL), ==, m->off);
    g_assert_cmpuint(count(bench, "laser"), ==, 0);
}

static void a_unit_is_opened_measured_and_closed(gconstpointer data)
{
    const Model *m = data;
    g_auto(Bench) bench = {0};
    g_autoptr(GError) error = NULL;
    CelInstrument instrument;
    CelCalibration calibration;
    if (!bench_new(&bench, m->model))
        return;
    open_unit(&bench, &error);
    g_assert_no_error(error);
    cel_driver_wasatch.describe(bench.session, &instrument, &calibration);
    g_assert_true(instrument.simulated);
    g_assert_cmpuint(cel_driver_wasatch.n_pixels(bench.session), ==, m->n_pixels);
    measure(&bench, m);
    assert_manners(&bench);
}

static void a_laser_left_on_goes_off_when_the_unit_is_opened(void)
{
    g_auto(Bench) bench = {0};
    g_autoptr(GError) error = NULL;
    if (!bench_new(&bench, "wasatch-785"))
        return;
    g_assert_true(open_unit(&bench, &error) && light(&bench, 50, &error));
    simusb_bus_arm(bench.world, bench.unit, "timeout state=laser-off times=always", &error);
    cel_driver_wasatch.close(g_steal_pointer(&bench.session));
    g_assert_cmpuint(count(&bench, "laser"), ==, 1);
    simusb_bus_disarm(bench.world, bench.unit, 0);
    g_assert_true(open_unit(&bench, &error));
    g_assert_cmpuint(count(&bench, "laser"), ==, 0);
}

/* ---- memory ---- */

typedef struct {
    const char *spec;
    gboolean opens;
} Memory;

static const Memory memories[] = {
    {"wasatch-785:eeprom=all-ff", FALSE}, {"wasatch-785:eeprom=fx2-code", FALSE},
    {"wasatch-785:eeprom=nan", TRUE},     {"wasatch-785:eeprom=nan-laser", TRUE},
    {"wasatch-785:eeprom=limits", TRUE},  {"wasatch-785:eeprom=non-monotonic", TRUE},
    {"wasatch-785:format=3", TRUE},       {"wasatch-785:format=8", TRUE},
    {"wasatch-785:format=19", TRUE},
};

static void a_memory_is_used_or_refused(gconstpointer data)
{
    const Memory *m = data;
    g_auto(Bench) bench = {0};
    g_autoptr(GError) error = NULL;
    if (!bench_new(&bench, m->spec))
        return;
    g_assert_cmpint(open_unit(&bench, &error), ==, m->opens);
    if (!m->opens)
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
    else
        g_assert_true(expose(&bench, 10, FALSE, NULL));
    g_assert_cmpuint(count(&bench, "laser"), ==, 0);
}

/* ---- faults ---- */

static const char *const fault_models[] = {"wasatch-785-interlock", "wasatch-532", "wasatch-xs"};
static const char *const states[] = {"identify",   "configure", "laser-on", "laser-off",
                                     "laser-read", "acquire",   "frame",    "status"};
static const char *const kinds[] = {"unplug",    "stall",   "timeout", "lost", "short",
                                    "long",      "garbage", "swap",    "late", "stale",
                                    "identical", "suspend", "slow",    "flat"};

/* A call must end in its time, and when it fails the light must be out, or at least not be said to
 * be. */
static void check_after(const Bench *bench, gboolean ok, const GError *error)
{
    g_assert_true(ok == (error == NULL));
    if (ok)
        return;
    g_assert_true(error->domain == CEL_ERROR);
    if (bench->session == NULL)
        return;
    const CelLaserState state = cel_driver_wasatch.laser(bench->session);
    const gboolean said_off = state == CEL_LASER_OFF_READ_BACK || state == CEL_LASER_OFF_COMMANDED;
    if (said_off)
        g_assert_cmpuint(count(bench, "laser"), ==, 0);
}

static void run_through(Bench *bench)
{
    GError *error = NULL;
    gboolean ok = open_unit(bench, &error);
    check_after(bench, ok, error);
    g_clear_error(&error);
    for (guint i = 0; i < 3 && ok; i++) {
        ok = expose(bench, 10, FALSE, &error);
        check_after(bench, ok, error);
        g_clear_error(&error);
    }
    if (ok) {
        ok = light(bench, 20, &error);
        check_after(bench, ok, error);
        g_clear_error(&error);
    }
    for (guint i = 0; i < 2 && ok; i++) {
        ok = expose(bench, 10, TRUE, &error);
        check_after(bench, ok, error);
        g_clear_error(&error);
    }
    if (bench->session != NULL) {
        const CelLaserState state = cel_driver_wasatch.laser_off(bench->session, NULL);
        if (state == CEL_LASER_OFF_READ_BACK || state == CEL_LASER_OFF_COMMANDED)
            g_assert_cmpuint(count(bench, "laser"), ==, 0);
        cel_driver_wasatch.close(g_steal_pointer(&bench->session));
    }
}

/* Whatever happened: without the fault the next measurement is right. */
static void recover(Bench *bench, gboolean was_unplugged, gboolean was_suspended)
{
    g_autoptr(GError) error = NULL;
    simusb_bus_disarm(bench->world, bench->unit, 0);
    if (was_unplugged && count(bench, "plugged") == 0)
        g_assert_true(simusb_bus_plug(bench->world, bench->unit, 0, NULL));
    if (was_suspended)
        g_usleep(SUSPEND_US); /* fails, leaves and comes back, 50 ms each */
    open_unit(bench, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count(bench, "laser"), ==, 0);
    double dark[MAX_PIXELS];
    for (guint i = 0; i < 2; i++)
        g_assert_true(expose(bench, 20, FALSE, &error));
    memcpy(dark, bench->counts, sizeof dark);
    light(bench, 45, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < 2; i++)
        expose(bench, 20, TRUE, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(most_over(bench, dark), >, 100.0);
    cel_driver_wasatch.close(g_steal_pointer(&bench->session));
    g_assert_cmpuint(count(bench, "laser"), ==, 0);
}

/* One cell: this fault at this state. FALSE: skipped. */
static gboolean run_cell(const char *model, const char *state, const char *kind)
{
    g_auto(Bench) bench = {0};
    g_autoptr(GError) error = NULL;
    const gboolean is_on = strcmp(state, "laser-on") == 0; /* happens once; the others more often */
    g_autofree char *fault = g_strdup_printf("%s state=%s nth=%u%s", kind, state, is_on ? 1u : 2u,
                                             strcmp(kind, "late") == 0 ? " ms=30" : "");
    if (!bench_new(&bench, model))
        return FALSE;
    simusb_bus_arm(bench.world, bench.unit, fault, &error);
    g_assert_no_error(error);
    const gint64 began_us = g_get_monotonic_time();
    run_through(&bench);
    const gint64 took_ms = (g_get_monotonic_time() - began_us) / 1000;
    g_test_message("%s %s: %" G_GINT64_FORMAT " ms", model, fault, took_ms);
    g_assert_cmpint(took_ms, <, strcmp(model, "wasatch-xs") == 0 ? 30000 : 8000);
    recover(&bench, strcmp(kind, "unplug") == 0, strcmp(kind, "suspend") == 0);
    assert_manners(&bench);
    return TRUE;
}

/* Every EACH-th cell in a usual run, all of them with CELADON_LONG. */
static void a_fault_ends_in_time_with_the_light_out(gconstpointer data)
{
    enum { EACH = 23 };
    const char *model = data;
    const gsize n = G_N_ELEMENTS(states) * G_N_ELEMENTS(kinds);
    const gsize each = long_count(1) > 1 ? 1 : EACH;
    for (gsize i = strlen(model) % each; i < n; i += each) {
        if (!run_cell(model, states[i / G_N_ELEMENTS(kinds)], kinds[i % G_N_ELEMENTS(kinds)]))
            return;
    }
}

/* ---- cancel ---- */

typedef struct {
    GCancellable *cancel;
    gulong after_us;
    gint64 at_us;
} Canceller;

static gpointer cancel_soon(gpointer data)
{
    Canceller *canceller = data;
    g_usleep(canceller->after_us);
    canceller->at_us = g_get_monotonic_time();
    g_cancellable_cancel(canceller->cancel);
    return NULL;
}

/* The off command has gone out when control is given back, and the late frame disturbs nobody. */
static void cancel_one(Bench *bench, gulong after_us)
{
    g_autoptr(GCancellable) cancel = g_cancellable_new();
    g_autoptr(GError) error = NULL;
    Canceller canceller = {cancel, after_us, 0};
    guint64 number = 0;
    const CelExposure exposure = {.integration_ms = 250, .laser_on = TRUE};
    g_assert_true(light(bench, 45, &error));
    GThread *thread = g_thread_new("canceller", cancel_soon, &canceller);
    g_assert_false(cel_driver_wasatch.expose(bench->session, &exposure, bench->counts, &number,
                                             cancel, &error));
    const gint64 back_us = g_get_monotonic_time();
    g_assert_cmpuint(count(bench, "laser"), ==, 0);
    g_thread_join(thread);
    g_test_message("back after %.1f ms", (double)(back_us - canceller.at_us) / 1000.0);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_CANCELLED);
    g_assert_cmpint(back_us - canceller.at_us, <, 50000);
    g_clear_error(&error);
    g_assert_true(cel_driver_wasatch.drain(bench->session, NULL, &error));
    const guint n_frames = count(bench, "frames");
    g_assert_true(expose(bench, 250, FALSE, &error));
    g_assert_cmpuint(count(bench, "frames"), ==, n_frames + 1);
}

static void a_cancel_gives_back_control_in_the_dark(gconstpointer data)
{
    g_auto(Bench) bench = {0};
    g_autoptr(GError) error = NULL;
    if (!bench_new(&bench, data))
        return;
    g_assert_true(open_unit(&bench, &error));
    g_assert_true(expose(&bench, 250, FALSE, &error)); /* still with the old time */
    for (guint i = 0; i < 4; i++)
        cancel_one(&bench, 1000 + 67000 * i);
}

static void add_all(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(fault_models); i++) {
        g_autofree char *path = g_strdup_printf("/wasatch-usb/cancel/%s", fault_models[i]);
        g_test_add_data_func(path, fault_models[i], a_cancel_gives_back_control_in_the_dark);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(models); i++) {
        g_autofree char *path = g_strdup_printf("/wasatch-usb/whole/%s", models[i].model);
        g_test_add_data_func(path, &models[i], a_unit_is_opened_measured_and_closed);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(memories); i++) {
        g_autofree char *path = g_strdup_printf("/wasatch-usb/memory/%s", memories[i].spec);
        g_test_add_data_func(path, &memories[i], a_memory_is_used_or_refused);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(fault_models); i++) {
        g_autofree char *path = g_strdup_printf("/wasatch-usb/fault/%s", fault_models[i]);
        g_test_add_data_func(path, fault_models[i], a_fault_ends_in_time_with_the_light_out);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    add_all();
    g_test_add_func("/wasatch-usb/a_laser_left_on_goes_off_when_the_unit_is_opened",
                    a_laser_left_on_goes_off_when_the_unit_is_opened);
    return g_test_run();
}

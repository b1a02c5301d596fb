/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-wasatch.h"

#include "base/cel-error.h"
#include "wasatch/cel-wasatch.h"

#include <string.h>

/* A fake unit on a bus in memory, opened by the driver. */
typedef struct {
    FakeWasatch *fake;
    CelBus *bus;
    guint8 address;
    CelSession *session; /* NULL until bench_open() */
    double counts[2048];
} Bench;

static inline Bench bench_new(FakeWasatch *fake)
{
    Bench bench = {.fake = fake, .bus = fake_bus_new()};
    const FakeDevice device = fake_wasatch_device(fake);
    bench.address = fake_bus_plug(bench.bus, &device);
    return bench;
}

/* @settings: (nullable) */
static inline gboolean bench_open_with(Bench *bench, const char *settings, GCancellable *cancel,
                                       GError **error)
{
    const CelDriver *driver = &cel_driver_wasatch;
    g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    g_autoptr(CelParams) params = cel_params_new(driver->params, driver->n_params);
    cel_usb_scan(driver, bench->bus, infos);
    g_assert_cmpuint(infos->len, ==, 1);
    g_assert_true(settings == NULL || cel_params_parse(params, settings, NULL));
    bench->session = driver->open(&(CelOpening){.info = &g_array_index(infos, CelDeviceInfo, 0),
                                                .params = params,
                                                .bus = bench->bus,
                                                .cancel = cancel},
                                  error);
    return bench->session != NULL;
}

static inline void bench_open(Bench *bench)
{
    g_autoptr(GError) error = NULL;
    const gboolean ok = bench_open_with(bench, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
}

static inline Bench bench_opened(FakeWasatch *fake)
{
    Bench bench = bench_new(fake);
    bench_open(&bench);
    return bench;
}

static inline gboolean bench_expose(Bench *bench, double ms, GError **error)
{
    guint64 number = 0;
    const gboolean ok = cel_driver_wasatch.expose(
        bench->session, &(CelExposure){.integration_ms = ms}, bench->counts, &number, NULL, error);
    g_assert_true(number == CEL_FRAME_NUMBER_NONE);
    return ok;
}

/* The whole frame is the one of that number: nothing shifted, nothing mixed. */
static inline void assert_frame(const Bench *bench, guint number, gsize n)
{
    for (gsize i = 0; i < n; i++)
        g_assert_cmpuint((guint)bench->counts[i], ==, fake_wasatch_pixel(number, i));
}

static inline void bench_clear(Bench *bench)
{
    if (bench->session != NULL)
        cel_driver_wasatch.close(bench->session);
    cel_bus_free(bench->bus);
    fake_wasatch_free(bench->fake);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Bench, bench_clear)

static inline gboolean has_note(CelSession *session, const char *part)
{
    const GPtrArray *notes = cel_driver_wasatch.notes(session);
    for (guint i = 0; i < notes->len; i++) {
        if (strstr(g_ptr_array_index(notes, i), part) != NULL)
            return TRUE;
    }
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-bytes.h"
#include "base/cel-error.h"
#include "fake-bus.h"
#include "ocean/cel-ocean.h"
#include "ocean/ocean-models.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A unit whose every answer comes from the input: a byte of how, one of how much, one of when, and
 * the bytes. It echoes what a good unit would, unless it is told not to, so that the driver gets
 * somewhere. */

enum { FAIL_BELOW = 24, ECHO_BELOW = 200, LATE_MS = 20, MAX_PIXELS = 4096 };

typedef struct {
    CelBytes script;
    guint8 last[64]; /* the last command */
    gsize n_last;
} Hostile;

static void echo(const Hostile *h, guint8 *in, gsize n)
{
    if (h->n_last < sizeof h->last) { /* slots and registers */
        memcpy(in, h->last, MIN(n, h->n_last));
        return;
    }
    memcpy(in, h->last, MIN(n, h->n_last)); /* a message that answers itself */
    if (n > 4)
        in[4] = 3;
}

static FakeAnswer give(Hostile *h, const FakeRequest *request, guint8 how)
{
    const guint8 size = cel_bytes_u8(&h->script), late = cel_bytes_u8(&h->script);
    const gsize n = size == 255 ? request->n : (gsize)size;
    memset(request->in, 0x69, request->n);
    for (gsize i = 0; i < MIN(n, request->n) && cel_bytes_left(&h->script) > 0; i++)
        request->in[i] = cel_bytes_u8(&h->script);
    if (how < ECHO_BELOW)
        echo(h, request->in, MIN(n, request->n));
    return (FakeAnswer){.code = FAKE_OK, .n = n, .delay_ms = late % LATE_MS};
}

static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    Hostile *h = user_data;
    if (request->out != NULL) {
        h->n_last = MIN(request->n, sizeof h->last);
        memcpy(h->last, request->out, h->n_last);
        return (FakeAnswer){.code = FAKE_OK, .n = request->n};
    }
    if (cel_bytes_left(&h->script) < 3)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_TIMEOUT, .delay_ms = request->timeout_ms};
    const guint8 how = cel_bytes_u8(&h->script);
    if (how < FAIL_BELOW)
        return (FakeAnswer){.code = how % (CEL_TRANSPORT_ERROR_IO + 1)};
    return give(h, request, how);
}

static void check_error(const GError *error)
{
    g_assert_nonnull(error);
    g_assert_true(error->domain == CEL_ERROR);
    g_assert_true(g_utf8_validate(error->message, -1, NULL));
}

static void use(const CelDriver *driver, CelSession *s)
{
    double counts[MAX_PIXELS], celsius = 0.0, least = 0.0, most = 0.0;
    driver->integration_range(s, &least, &most);
    g_assert_true(least > 0.0 && least < most);
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        guint64 number = 0;
        const CelExposure exposure = {.integration_ms = least + i};
        if (!driver->expose(s, &exposure, counts, &number, NULL, &error)) {
            check_error(error);
            const CelLaserState state = driver->laser(s);
            g_assert_true(state == CEL_LASER_OFF_COMMANDED || state == CEL_LASER_UNKNOWN);
        } else {
            for (gsize k = 0; k < driver->n_pixels(s); k++)
                g_assert_true(counts[k] >= 0.0 && counts[k] <= 1 << 18);
        }
        if (driver->temperature(s, NULL, &celsius))
            g_assert_true(fabs(celsius) <= 100.0);
        if (driver->laser_arm(s, &(CelLaserRequest){0}, NULL))
            driver->laser_on(s, NULL, NULL);
        driver->drain(s, NULL, NULL);
    }
}

static void open_and_use(CelBus *bus, const CelDeviceInfo *info)
{
    const CelDriver *driver = &cel_driver_ocean;
    g_autoptr(CelParams) params = cel_params_new(driver->params, driver->n_params);
    g_autoptr(GError) error = NULL;
    CelInstrument instrument = {0};
    CelCalibration calibration = {0};
    CelCapabilities capabilities = {0};
    cel_params_parse(params, "laser_gate=strobe", NULL);
    CelSession *s = driver->open(&(CelOpening){.info = info, .params = params, .bus = bus}, &error);
    if (s == NULL) {
        check_error(error);
        return;
    }
    driver->describe(s, &instrument, &calibration);
    driver->capabilities(s, &capabilities);
    g_assert_cmpuint(calibration.n_coefficients, <=, CEL_CALIBRATION_MAX_COEFFICIENTS);
    g_assert_cmpuint(capabilities.n_nonlinearity, <=, CEL_MAX_NONLINEARITY);
    use(driver, s);
    driver->close(s);
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2)
        return 0;
    const CelUsbId *id = &cel_ocean_usb_ids[data[0] % CEL_OCEAN_N_MODELS];
    Hostile hostile = {.script = cel_bytes_of(data + 2, size - 2, CEL_LITTLE_ENDIAN)};
    CelBus *bus = fake_bus_new();
    const FakeDevice device = {.vendor = id->vendor,
                               .product = id->product,
                               .full_speed = data[1] % 2 == 0,
                               .answer = answer,
                               .user_data = &hostile};
    CelDeviceInfo info = {.usb = {.vendor = id->vendor, .product = id->product, .bus = 1}};
    info.usb.address = fake_bus_plug(bus, &device);
    open_and_use(bus, &info);
    g_assert_cmpuint(fake_bus_n_open(bus), ==, 0);
    cel_bus_free(bus);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../unit/fake-wasatch.h"

#include "base/cel-bytes.h"
#include "base/cel-error.h"
#include "wasatch/cel-wasatch.h"

#include <string.h>

/*
 * The whole driver against a unit on a bus in memory whose every transfer may go wrong: a byte of
 * the input for each says how. Whatever happens: few transfers, no full power, no frame that is not
 * whole and new, and no light where the driver says it is off.
 */

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

enum { MAX_TRANSFERS = 6000, MAX_PIXELS = 2048 };

/* A fake unit behind faults. */
typedef struct {
    FakeWasatch *fake;
    FakeDevice device; /* of the fake */
    CelBytes script;
} Bad;

static gboolean says_of_laser(const FakeRequest *r)
{
    return !r->is_bulk &&
           (r->setup.request == 0xe2 || (r->setup.request == 0xff && r->setup.value == 0x0d));
}

static gboolean is_memory(const FakeRequest *r)
{
    return !r->is_bulk && r->setup.request == 0xff && r->setup.value == 0x01;
}

static FakeAnswer garble(Bad *bad, const FakeRequest *r, FakeAnswer answer)
{
    for (gsize i = 0; r->in != NULL && i < answer.n && answer.code == FAKE_OK; i++)
        r->in[i] ^= cel_bytes_u8(&bad->script);
    return answer;
}

static FakeAnswer shorten(Bad *bad, const FakeRequest *r, FakeAnswer answer)
{
    if (r->in != NULL && answer.code == FAKE_OK)
        answer.n = answer.n * cel_bytes_u8(&bad->script) / 256;
    return answer;
}

static FakeAnswer go_wrong(Bad *bad, guint how, const FakeRequest *r)
{
    FakeWasatch *fake = bad->fake;
    const gboolean is_answer = !r->is_bulk && !says_of_laser(r) && !is_memory(r);
    switch (how) {
    case 0:
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL};
    case 1:
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_TIMEOUT};
    case 2:
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_IO};
    case 3:
        fake->late_ms = 20u * cel_bytes_u8(&bad->script);
        break;
    case 4:
        fake->cut_bytes = cel_bytes_u8(&bad->script);
        break;
    case 5:
        fake->extra_bytes = cel_bytes_u8(&bad->script);
        break;
    case 6:
        fake->pieces = 64u + cel_bytes_u8(&bad->script);
        break;
    case 7:
        fake->lose_acquire++;
        break;
    default:
        break;
    }
    const FakeAnswer answer = bad->device.answer(r, fake);
    if (how == 8 && is_answer)
        return garble(bad, r, answer);
    if (how == 9 && !r->is_bulk)
        return shorten(bad, r, answer);
    if (how == 10 && !r->is_bulk)
        return (FakeAnswer){.code = CEL_TRANSPORT_ERROR_STALL}; /* obeyed all the same */
    return answer;
}

static FakeAnswer answer(const FakeRequest *request, gpointer user_data)
{
    Bad *bad = user_data;
    const guint8 byte = cel_bytes_u8(&bad->script); /* 0 at the end: nothing goes wrong any more */
    if (byte < 0x80)
        return bad->device.answer(request, bad->fake);
    return go_wrong(bad, byte % 11, request);
}

static void take_back(const FakeRequest *request, gpointer user_data)
{
    const Bad *bad = user_data;
    bad->device.taken_back(request, bad->fake);
}

/* ---- what must hold ---- */

static void check_state(const FakeWasatch *fake, CelLaserState state)
{
    if (state == CEL_LASER_OFF_READ_BACK || state == CEL_LASER_OFF_COMMANDED)
        g_assert_false(fake->laser);
}

static void check_failure(gboolean ok, GError **error)
{
    g_assert_true(ok == (*error == NULL));
    if (!ok)
        g_assert_true(g_error_matches(*error, CEL_ERROR, CEL_ERROR_DEVICE));
    g_clear_error(error);
}

static void expose(FakeWasatch *fake, CelSession *session, double ms, gboolean lit)
{
    double counts[MAX_PIXELS];
    guint64 number = 0;
    GError *error = NULL;
    const guint n_before = fake->n_frames;
    const CelExposure exposure = {.integration_ms = ms, .laser_on = lit};
    const gboolean ok =
        cel_driver_wasatch.expose(session, &exposure, counts, &number, NULL, &error);
    check_failure(ok, &error);
    if (!ok)
        return;
    const guint frame = ((guint)counts[0] - fake_wasatch_pixel(0, 0)) / 7;
    g_assert_cmpuint(frame, >, n_before);
    g_assert_cmpuint(frame, <=, fake->n_frames);
    for (gsize i = 0; i < cel_driver_wasatch.n_pixels(session); i++)
        g_assert_cmpuint((guint)counts[i], ==, fake_wasatch_pixel(frame, i));
}

static void work(FakeWasatch *fake, CelSession *session)
{
    const CelDriver *d = &cel_driver_wasatch;
    GError *error = NULL;
    double celsius = 0.0;
    expose(fake, session, 30, FALSE);
    expose(fake, session, 30, FALSE);
    const gboolean armed =
        d->laser_arm(session, &(CelLaserRequest){.laser_mw = 100.0, .longest_ms = 9000}, &error);
    check_failure(armed, &error);
    check_state(fake, d->laser(session));
    check_failure(d->laser_on(session, NULL, &error), &error);
    expose(fake, session, 60, TRUE);
    expose(fake, session, 60, TRUE);
    check_state(fake, d->laser(session));
    check_state(fake, d->laser_off(session, NULL));
    check_failure(d->drain(session, NULL, &error), &error);
    d->temperature(session, NULL, &celsius);
    expose(fake, session, 30, FALSE);
    check_state(fake, d->laser_off(session, NULL));
}

static CelSession *open_it(CelBus *bus)
{
    g_autoptr(GArray) infos = g_array_new(FALSE, TRUE, sizeof(CelDeviceInfo));
    g_autoptr(CelParams) params =
        cel_params_new(cel_driver_wasatch.params, cel_driver_wasatch.n_params);
    GError *error = NULL;
    cel_usb_scan(&cel_driver_wasatch, bus, infos);
    const CelOpening opening = {
        .info = &g_array_index(infos, CelDeviceInfo, 0), .params = params, .bus = bus};
    CelSession *session = cel_driver_wasatch.open(&opening, &error);
    check_failure(session != NULL, &error);
    return session;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    Bad bad = {.fake = fake_wasatch_new(), .script = cel_bytes_of(data, size, CEL_LITTLE_ENDIAN)};
    const guint8 flags = cel_bytes_u8(&bad.script);
    if ((flags & 1) != 0)
        fake_wasatch_make_xs(bad.fake);
    const gboolean halves = (flags & 3) == 2;
    fake_wasatch_put_u16(bad.fake, 2, 16, halves ? 2048 : 67); /* few pixels: many runs */
    bad.fake->laser = bad.fake->modulated = (flags & 4) != 0;
    bad.device = fake_wasatch_device(bad.fake);
    FakeDevice device = bad.device;
    device.answer = answer;
    device.taken_back = take_back;
    device.user_data = &bad;
    CelBus *bus = fake_bus_new();
    fake_bus_plug(bus, &device);
    CelSession *session = open_it(bus);
    if (session != NULL) {
        work(bad.fake, session);
        cel_driver_wasatch.close(session);
    }
    g_assert_cmpuint(fake_bus_n_transfers(bus), <, MAX_TRANSFERS);
    g_assert_false(bad.fake->was_full_power || bad.fake->was_set_while_lit);
    cel_bus_free(bus);
    fake_wasatch_free(bad.fake);
    return 0;
}

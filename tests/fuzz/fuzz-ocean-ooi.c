/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "ocean/ocean-ooi.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static const double LIMIT = 1e6;

static void check_texts(const guint8 *answer, gsize n, guint8 slot)
{
    char text[16];
    double value = 0.0;
    if (!cel_ooi_slot_text(answer, n, slot, text))
        return;
    g_assert_cmpuint(n, ==, CEL_OOI_SLOT_BYTES);
    g_assert_true(g_str_is_ascii(text));
    if (cel_ooi_number(text, LIMIT, &value))
        g_assert_true(fabs(value) <= LIMIT);
}

static void check_answers(const guint8 *answer, gsize n, const CelOceanModel *model)
{
    double scale = 0.0, celsius = 0.0;
    CelOoiStatus status;
    guint16 value = 0;
    if (cel_ooi_saturation(answer, n, model, &scale))
        g_assert_true(scale >= 1.0 && scale <= model->full_scale);
    if (cel_ooi_status(answer, n, &status))
        g_assert_cmpuint(n, ==, CEL_OOI_STATUS_BYTES);
    if (cel_ooi_register(answer, n, CEL_OOI_REGISTER_VERSION, &value))
        g_assert_cmpuint(cel_ooi_version(value).major, <=, 15);
    if (cel_ooi_temperature(answer, n, &celsius))
        g_assert_true(fabs(celsius) <= 100.0);
}

static void check_frame(const guint8 *bytes, gsize n, const CelOceanModel *model, double scale)
{
    g_autofree double *counts = g_new(double, model->n_pixels);
    g_autoptr(GError) error = NULL;
    if (!cel_ooi_frame(bytes, n, model, scale, counts, &error)) {
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
        return;
    }
    g_assert_cmpuint(n, ==, cel_ocean_frame_bytes(model));
    for (guint i = 0; i < model->n_pixels; i++)
        g_assert_true(counts[i] >= 0.0 && counts[i] <= model->full_scale);
}

/* A frame of the right length, whatever the length of the input. */
static void check_stretched_frame(const guint8 *bytes, gsize n, const CelOceanModel *model)
{
    const gsize whole = cel_ocean_frame_bytes(model);
    g_autofree guint8 *frame = g_malloc0(whole);
    for (gsize i = 0; n > 0 && i < whole; i++)
        frame[i] = bytes[i % n];
    if (!model->no_sync)
        frame[whole - 1] = CEL_OOI_SYNC;
    check_frame(frame, whole, model, 1.0 + (double)(n % 7));
}

static void check_blanked(const guint8 *bytes, gsize n)
{
    g_autofree guint8 *copy = g_memdup2(bytes, n);
    char text[16];
    cel_ooi_blank_serial(copy, n);
    if (cel_ooi_slot_text(copy, n, CEL_OOI_SLOT_SERIAL, text))
        g_assert_cmpuint(strspn(text, "X"), ==, strlen(text));
}

/* First byte: the model, second: the slot, then what the unit sends. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 2)
        return 0;
    const CelUsbId *id = &cel_ocean_usb_ids[data[0] % CEL_OCEAN_N_MODELS];
    const CelOceanModel *model = cel_ocean_model(id->vendor, id->product);
    const guint8 *bytes = data + 2;
    const gsize n = size - 2;
    check_texts(bytes, n, data[1]);
    check_answers(bytes, n, model);
    check_blanked(bytes, n);
    if (model->protocol != CEL_OCEAN_OOI)
        return 0;
    check_frame(bytes, n, model, 1.0);
    check_stretched_frame(bytes, n, model);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "ocean/ocean-obp.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

enum { MOST_BYTES = 1 << 16 };

static void check_values(const CelObpMessage *m)
{
    guint8 u8 = 0;
    guint16 u16 = 0;
    guint32 u32 = 0;
    double f32 = 0.0;
    char text[16];
    cel_obp_u8(m, &u8);
    cel_obp_u16(m, &u16);
    cel_obp_u32(m, &u32);
    cel_obp_f32(m, &f32);
    g_assert_true(isfinite(f32));
    cel_obp_text(m, text, sizeof text);
    g_assert_true(g_str_is_ascii(text) && strlen(text) < sizeof text);
    g_assert_cmpuint(strlen(cel_obp_error_text(m->error)), >, 0);
}

static void check_frame(const CelObpMessage *m, const CelOceanModel *model)
{
    g_autofree double *counts = g_new(double, model->n_pixels);
    g_autoptr(GError) error = NULL;
    CelObpMetadata metadata;
    if (!cel_obp_frame(m, model, counts, &metadata, &error)) {
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
        return;
    }
    for (guint i = 0; i < model->n_pixels; i++)
        g_assert_true(counts[i] >= 0.0 && counts[i] <= model->full_scale);
}

/* What was read is what is read again when it is written. */
static void check_round_trip(const CelObpMessage *m, gsize n)
{
    g_autofree guint8 *bytes = g_malloc(n + CEL_OBP_LEAST_BYTES);
    CelObpMessage again = {0};
    const gsize written = cel_obp_write(m, bytes, n + CEL_OBP_LEAST_BYTES);
    g_assert_cmpuint(written, >, 0);
    g_assert_true(cel_obp_read(bytes, written, &again, NULL));
    g_assert_cmpuint(again.type, ==, m->type);
    g_assert_cmpuint(again.regarding, ==, m->regarding);
    g_assert_cmpuint(again.n, ==, m->n);
    g_assert_true(m->n == 0 || memcmp(again.data, m->data, m->n) == 0);
}

static void check_blanked(const guint8 *bytes, gsize n)
{
    g_autofree guint8 *copy = g_memdup2(bytes, n);
    CelObpMessage m;
    cel_obp_blank_serial(copy, n);
    if (!cel_obp_read(copy, n, &m, NULL) || m.type != CEL_OBP_SERIAL)
        return;
    for (gsize i = 0; i < m.n; i++)
        g_assert_true(m.data[i] == 'X' || m.data[i] == 0);
}

/* First byte: the model, then what the unit sends. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size < 1)
        return 0;
    const CelUsbId *id = &cel_ocean_usb_ids[data[0] % CEL_OCEAN_N_MODELS];
    const CelOceanModel *model = cel_ocean_model(id->vendor, id->product);
    const guint8 *bytes = data + 1;
    const gsize n = size - 1;
    gsize total = 0;
    CelObpMessage m;
    g_autoptr(GError) error = NULL;
    if (cel_obp_total(bytes, n, MOST_BYTES, &total, NULL))
        g_assert_true(total >= CEL_OBP_LEAST_BYTES && total <= MOST_BYTES);
    check_blanked(bytes, n);
    if (!cel_obp_read(bytes, n, &m, &error)) {
        g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
        return 0;
    }
    g_assert_cmpuint(m.n, <=, n);
    check_values(&m);
    check_round_trip(&m, n);
    if (model->protocol == CEL_OCEAN_OBP)
        check_frame(&m, model);
    return 0;
}

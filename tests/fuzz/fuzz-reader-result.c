/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader-pack.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A child that was taken over can hand back any bytes: what comes out of them is an error or a
 * measurement that every function may be given. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) block = g_bytes_new(data, size);
    guint reader = 0;
    gsize n = 0;
    if (!cel_read_unpack(block, "fuzz", &out, &reader, &error)) {
        g_assert_true(error->domain == CEL_ERROR);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    cel_readers(&n);
    g_assert_cmpuint(reader, <, n);
    const CelMeasurement *m = out.measurement;
    for (gsize i = 0; i < m->n_pixels * m->n_frames; i++)
        g_assert_true(isfinite(m->frames[i]));
    g_assert_true(g_utf8_validate(m->instrument.model, -1, NULL));
    g_autoptr(CelSpectrum) spectrum = cel_read_out_spectrum(&out, &error);
    g_assert_true(spectrum != NULL || error != NULL);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wasatch/wasatch-protocol.h"

#include "base/cel-bytes.h"

#include <math.h>
#include <string.h>

/* Answers and frames: four bytes say which, the rest is what came. */

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check_answer(guint which, const guint8 *data, gsize n)
{
    char text[32];
    guint64 value = 0;
    if (cel_wasatch_answer((CelWasatchOpcode)which, data, n, &value))
        g_assert_true(n > 0 && value < (G_GUINT64_CONSTANT(1) << 40));
    cel_wasatch_firmware_text(data, n, text, sizeof text);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    cel_wasatch_fpga_text(data, n, text, sizeof text);
    g_assert_true(g_utf8_validate(text, -1, NULL) && strlen(text) <= 7);
    if (cel_wasatch_watchdog_agrees((guint16)which, data, n))
        g_assert_true(n >= 2);
}

static void check_frame(guint8 flags, const guint8 *data, gsize n)
{
    const gsize n_pixels = MAX(n / 2, 1);
    const CelWasatchCorrection correction = {.even_odd = (flags & 1) != 0,
                                             .gain = 1.9,
                                             .offset = -20,
                                             .gain_odd = 2.5,
                                             .offset_odd = 7,
                                             .invert = (flags & 2) != 0,
                                             .bin = (flags & 4) != 0,
                                             .saturation_counts = 65535};
    g_autofree double *counts = g_new0(double, n_pixels);
    const gboolean ok = cel_wasatch_frame_decode(data, n, n_pixels, counts);
    g_assert_true(ok == (n == 2 * n_pixels && n_pixels <= CEL_WASATCH_MAX_PIXELS));
    if (!ok)
        return;
    guint n_full = 0;
    for (gsize i = 0; i < n_pixels; i++)
        n_full += counts[i] >= 65535 ? 1 : 0;
    cel_wasatch_frame_is_flat(counts, n_pixels, 65535);
    cel_wasatch_frame_correct(&correction, counts, n_pixels);
    for (gsize i = 0; i < n_pixels; i++) {
        g_assert_true(counts[i] >= 0.0 && counts[i] <= 65535.0);
        n_full -= counts[i] >= 65535 && n_full > 0 ? 1 : 0;
    }
    g_assert_cmpuint(n_full, ==, 0); /* no full pixel was hidden */
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    CelBytes bytes = cel_bytes_of(data, size, CEL_LITTLE_ENDIAN);
    const guint which = cel_bytes_u16(&bytes);
    const guint8 flags = cel_bytes_u8(&bytes);
    const gsize n = cel_bytes_left(&bytes);
    if (bytes.failed)
        return 0;
    check_answer(which, data + bytes.at, n);
    check_frame(flags, data + bytes.at, n);
    return 0;
}

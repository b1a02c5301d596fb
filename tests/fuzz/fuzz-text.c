/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(const CelMeasurement *m, const GError *error)
{
    if (m == NULL) {
        g_assert_nonnull(error);
        g_assert_true(error->domain == CEL_ERROR);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return;
    }
    g_assert_no_error(error);
    g_assert_cmpuint(m->n_pixels, >=, 2);
    g_assert_nonnull(m->imported_axis);
    g_assert_cmpuint(cel_axis_length(m->imported_axis), ==, m->n_pixels);
    for (gsize i = 0; i < m->n_pixels * m->n_frames; i++)
        g_assert_true(isfinite(m->frames[i]));
}

/* Every reader of text must give a sound measurement or an error for any bytes, with any option,
 * also for bytes that its detector would not have let through. The readers of other kinds have
 * targets of their own. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const readers[] = {"text", "rruff", "enlighten", "bwtek", NULL};
    static const char *const units[] = {NULL, "cm-1", "nm_air", "pixel"};
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    gsize n = 0;
    const CelReader *const *table = cel_readers(&n);
    for (gsize i = 0; i < n; i++) {
        (void)table[i]->detect(data, size, "fuzz.txt");
        if (!g_strv_contains(readers, table[i]->id))
            continue;
        const CelReadOptions options = {.axis_unit = units[size % G_N_ELEMENTS(units)],
                                        .column = (int)(size / 4 % 3)};
        g_autoptr(GError) error = NULL;
        g_autoptr(CelMeasurement) m = table[i]->read(bytes, "fuzz.txt", &options, NULL, &error);
        check(m, error);
    }
    return 0;
}

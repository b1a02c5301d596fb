/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/cel-reader.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void check(gboolean ok, const CelReadOut *out, const GError *error)
{
    const CelMeasurement *m = out->measurement;
    if (!ok) {
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

static const CelReader *find(const char *id)
{
    gsize n = 0;
    const CelReader *const *table = cel_readers(&n);
    for (gsize i = 0; i < n; i++) {
        if (g_str_equal(table[i]->id, id))
            return table[i];
    }
    g_error("no reader \"%s\"", id);
}

/* The reader CELADON_READER (one program each) must give a sound measurement or an error for any
 * bytes, with any option, also for bytes that its detector would not have let through. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    static const char *const units[] = {NULL, "cm-1", "nm_air", "pixel"};
    const CelReader *reader = find(CELADON_READER);
    const CelReadOptions options = {.axis_unit = units[size % G_N_ELEMENTS(units)],
                                    .column = (int)(size / 4 % 3),
                                    .spectrum = (guint)(size / 24 % 3),
                                    .any_kind = size / 12 % 2 == 1};
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    const CelReadInput in = {bytes, "fuzz.txt", &options, NULL};
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    (void)reader->detect(data, size, in.name);
    const gboolean ok = reader->read(&in, &out, &error);
    check(ok, &out, error);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "formats/read-hdf5.h"
#include "h5/cel-h5-parse.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The readers of HDF5 files (ours, NeXus, CHARISMA) on any tree that a file could hold: the bytes
 * are the walk of a file, so that the HDF5 library itself is left out. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    const CelReadOptions options = {.axis_unit = size % 2 == 0 ? NULL : "cm-1",
                                    .spectrum = (guint)(size / 2 % 3),
                                    .any_kind = size / 6 % 2 == 1};
    g_autoptr(GBytes) block = g_bytes_new(data, size);
    g_autoptr(CelH5Node) root = cel_h5_decode(block, "fuzz", NULL);
    if (root == NULL)
        return 0;
    const CelReadInput in = {block, "fuzz.h5", &options, NULL};
    g_auto(CelReadOut) out = {0};
    g_autoptr(GError) error = NULL;
    if (!cel_hdf5_read_tree(&in, root, &out, &error)) {
        g_assert_true(error->domain == CEL_ERROR);
        g_assert_true(g_utf8_validate(error->message, -1, NULL));
        return 0;
    }
    const CelMeasurement *m = out.measurement;
    for (gsize i = 0; i < m->n_pixels * m->n_frames; i++)
        g_assert_true(isfinite(m->frames[i]));
    return 0;
}

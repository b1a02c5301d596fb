/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "match/cel-npy.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A shape that is taken fits the file to the byte, so that nothing beyond it is ever read. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    CelNpyShape shape = {0};
    if (!cel_npy_parse(data, size, size, &shape, &error)) {
        g_assert_true(g_error_matches(error, CEL_ERROR, CEL_ERROR_INPUT));
        return 0;
    }
    g_assert_cmpuint(shape.offset + shape.n_rows * shape.n_cols * sizeof(float), ==, size);
    g_assert_cmpuint(shape.n_cols, >, 0);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-h5.h"

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* A child that was taken over can hand anything to its parent. */
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) result = g_bytes_new(data, size);
    g_autoptr(CelH5Node) root = cel_h5_decode(result, "fuzz", &error);
    check_tree(root, error);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-h5.h"

#include <hdf5.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The replay reads as the program does, in the jail, where a fault of the HDF5 library itself is an
 * error like any other. Under libFuzzer the same walk runs in this process, so that the sanitizers
 * see what our part of it does; a report whose stack ends inside libhdf5 is the library's. */
#ifdef CELADON_FUZZ_IN_PROCESS
enum { CAPACITY = 4 * 1024 * 1024 };

static CelH5Node *read_image(GBytes *image, GError **error)
{
    CelH5Image input = {.data = g_bytes_get_data(image, NULL), .size = g_bytes_get_size(image)};
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    const gsize used = cel_h5_parse(block, CAPACITY, &input);
    g_assert_cmpuint(used, <=, CAPACITY);
    H5close(); /* the walk closes nothing, for its process ends */
    g_autoptr(GBytes) result = g_bytes_new(block, used);
    return cel_h5_decode(result, "fuzz", error);
}
#else
static CelH5Node *read_image(GBytes *image, GError **error)
{
    return cel_h5_read_bytes(image, "fuzz", error);
}
#endif

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size == 0)
        return 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) image = g_bytes_new(data, size);
    g_autoptr(CelH5Node) root = read_image(image, &error);
    check_tree(root, error);
    return 0;
}

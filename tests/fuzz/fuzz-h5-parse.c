/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz-h5.h"

#include <hdf5.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* The replay reads as the program does, in the jail, where a fault of the HDF5 library itself is an
 * error like any other. Under libFuzzer the same walk runs in this process, so that the sanitizers
 * see what our part of it does; a report whose stack ends inside libhdf5 is the library's. */
#ifdef CELADON_FUZZ_IN_PROCESS
enum { CAPACITY = 4 * 1024 * 1024, MAX_OPEN = 64 };

const char *__asan_default_options(void);

/* The walk leaves its memory to the end of its process, and HDF5 leaves some on every refusal. */
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* The walk closes no file, for its process ends. */
static void close_files(void)
{
    hid_t files[MAX_OPEN];
    const gssize n = H5Fget_obj_ids(H5F_OBJ_ALL, H5F_OBJ_ALL, MAX_OPEN, files);
    for (gssize i = 0; i < n; i++)
        H5Idec_ref(files[i]);
}

static CelH5Node *read_image(GBytes *image, GError **error)
{
    g_autofree guint8 *block = g_malloc0(CAPACITY);
    const CelJailTask task = {.input = g_bytes_get_data(image, NULL),
                              .input_size = g_bytes_get_size(image),
                              .result = block,
                              .capacity = CAPACITY};
    const gsize used = cel_h5_parse(&task);
    g_assert_cmpuint(used, <=, CAPACITY);
    close_files();
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

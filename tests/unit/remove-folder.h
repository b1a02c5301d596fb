/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

/* Takes away the folder of a test with all that it holds; links go, what they show stays. */
static inline void remove_folder(const char *path)
{
    const gboolean enter =
        g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK);
    GDir *dir = enter ? g_dir_open(path, 0, NULL) : NULL;
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_folder(inner);
    }
    g_clear_pointer(&dir, g_dir_close);
    g_remove(path);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "guard-path.h"

#include "config.h"

static const char *intern_if_program(char *path)
{
    g_autofree char *owned = path;
    return g_file_test(owned, G_FILE_TEST_IS_EXECUTABLE) ? g_intern_string(owned) : NULL;
}

const char *guard_find_program(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self != NULL ? g_path_get_dirname(self) : NULL;
    const char *found = NULL;
    for (guint i = 0; i < 2 && found == NULL && folder != NULL; i++) {
        char *above = g_path_get_dirname(folder); /* ui/, then src/cli/ and tests/unit/ */
        g_free(folder);
        folder = above;
        found = intern_if_program(g_build_filename(folder, "drivers", "celadon-laserguard", NULL));
    }
    return found != NULL
               ? found
               : intern_if_program(g_build_filename(CEL_LIBEXECDIR, "celadon-laserguard", NULL));
}

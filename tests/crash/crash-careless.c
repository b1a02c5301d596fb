/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-scenarios.h"

#include "base/cel-error.h"

#include <string.h>

/* The test of this test: a program that tells of files it never synced, which must be found. */

enum { FILES = 8 };

static gboolean run_careless(const char *folder, const char *aside, int ack, GError **error)
{
    (void)aside;
    for (guint i = 0; i < FILES; i++) {
        g_autofree char *name = g_strdup_printf("%u.txt", i);
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_file_set_contents_full(path, name, -1, G_FILE_SET_CONTENTS_NONE, 0600, error))
            return FALSE;
        crash_ack(ack, "file %s", name);
    }
    return TRUE;
}

static char *check_careless(const char *folder, const char *aside, GPtrArray *acks,
                            GHashTable *seen)
{
    (void)aside;
    (void)seen;
    for (guint i = 0; i < acks->len; i++) {
        const char *name = NULL;
        g_autofree char *text = NULL;
        if (!crash_ack_is(g_ptr_array_index(acks, i), "file", &name))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_file_get_contents(path, &text, NULL, NULL) || !g_str_equal(text, name))
            return crash_problem("lost", name);
    }
    return NULL;
}

const CrashScenario crash_careless = {"careless", run_careless, check_careless};

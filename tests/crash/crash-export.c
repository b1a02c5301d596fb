/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crash-scenarios.h"

#include "base/cel-error.h"
#include "base/cel-hash.h"
#include "bench/cel-bundle-files.h"

#include <string.h>

/* Two bundles are written, one as a folder and one as a zip file. */

enum { FILES = 6 };

static CelBundleFiles *make_files(GError **error)
{
    g_autoptr(CelBundleFiles) files = cel_bundle_files_new();
    for (guint i = 0; i < FILES; i++) {
        g_autofree char *name =
            g_strdup_printf("%s/part-%u.bin", i % 2 == 0 ? "files" : "proofs", i);
        const gsize n = 3000 + 4000 * i;
        g_autofree guint8 *data = g_malloc(n);
        for (gsize k = 0; k < n; k++)
            data[k] = (guint8)(k * 31 + i);
        g_autoptr(GBytes) bytes = g_bytes_new_take(g_steal_pointer(&data), n);
        if (!cel_bundle_put(files, name, bytes, error))
            return NULL;
    }
    return g_steal_pointer(&files);
}

static gboolean run_export(const char *folder, const char *aside, int ack, GError **error)
{
    (void)aside;
    g_autofree char *open_path = g_build_filename(folder, "case", NULL);
    g_autofree char *zip_path = g_build_filename(folder, "case.zip", NULL);
    g_autoptr(CelBundleFiles) files = make_files(error);
    if (files == NULL || !cel_bundle_write_folder(files, open_path, NULL, error))
        return FALSE;
    crash_ack(ack, "bundle case");
    if (!cel_bundle_write_zip(files, zip_path, error))
        return FALSE;
    crash_ack(ack, "bundle case.zip");
    return TRUE;
}

static gboolean same_files(const CelBundleFiles *a, const CelBundleFiles *b)
{
    g_autoptr(GPtrArray) names = cel_bundle_names(a), others = cel_bundle_names(b);
    for (guint i = 0; i < names->len; i++) {
        GBytes *other = cel_bundle_get(b, g_ptr_array_index(names, i));
        if (other == NULL || !g_bytes_equal(cel_bundle_get(a, g_ptr_array_index(names, i)), other))
            return FALSE;
    }
    return names->len == others->len;
}

/* What stands under a bundle's name is the whole bundle. */
static char *check_bundle(const char *folder, const char *name, gboolean told)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(CelBundleFiles) wanted = make_files(&error);
    g_autoptr(CelBundleFiles) found = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return told ? crash_problem("lost", name) : NULL;
    found = cel_bundle_read(path, NULL, &error);
    if (found == NULL)
        return crash_problem("unreadable", error->message);
    return same_files(wanted, found) ? NULL : crash_problem("unreadable", "a part of a bundle");
}

static char *check_export(const char *folder, const char *aside, GPtrArray *acks, GHashTable *seen)
{
    static const char *const names[] = {"case", "case.zip"};
    char *wrong = NULL;
    (void)aside;
    (void)seen;
    for (guint i = 0; wrong == NULL && i < G_N_ELEMENTS(names); i++)
        wrong = check_bundle(folder, names[i], acks->len > i);
    return wrong;
}

const CrashScenario crash_export = {"export", run_export, check_export};

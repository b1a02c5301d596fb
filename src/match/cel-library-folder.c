/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SUFFIX ".substance"

enum { MAX_FILE_BYTES = 4 * 1024 * 1024 };

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void note(GPtrArray *paths, const char *path)
{
    if (paths != NULL)
        g_ptr_array_add(paths, g_strdup(path));
}

/* Returns: (transfer full): the names in @folder in byte order, whatever order the disk has. */
static GPtrArray *list_folder(const char *folder, GPtrArray *paths, GError **error)
{
    g_autoptr(GError) detail = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &detail);
    if (dir == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM, detail->message);
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name != NULL; name = g_dir_read_name(dir))
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    note(paths, folder);
    return names;
}

static char *read_text(const char *path, GPtrArray *paths, GError **error)
{
    note(paths, path);
    g_autoptr(GBytes) bytes = cel_file_read(path, MAX_FILE_BYTES, error);
    if (bytes == NULL)
        return NULL;
    gsize size = 0;
    const char *data = g_bytes_get_data(bytes, &size);
    if (memchr(data, '\0', size) == NULL)
        return g_strndup(data, size);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("%s: holds a zero byte: this is no text"),
                path);
    return NULL;
}

static gboolean add_file(CelLibraryBuilder *builder, const char *path, GPtrArray *paths,
                         GError **error)
{
    g_autofree char *text = read_text(path, paths, error);
    if (text == NULL || !cel_library_builder_add_text(builder, text, path, error))
        return FALSE;
    g_autofree char *base = g_path_get_basename(path);
    const char *id = cel_library_builder_last_id(builder);
    if (strncmp(base, id, strlen(id)) == 0 && g_str_equal(base + strlen(id), SUFFIX))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: holds the id “%s”; rename one of the two"), path, id);
    return FALSE;
}

static gboolean add_subfolder(CelLibraryBuilder *builder, const char *folder, GPtrArray *paths,
                              GError **error)
{
    g_autoptr(GPtrArray) names = list_folder(folder, paths, error);
    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        if (g_str_has_suffix(path, SUFFIX) && !add_file(builder, path, paths, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_table(CelLibraryBuilder *builder, const char *folder, gboolean classes,
                          GPtrArray *paths, GError **error)
{
    g_autofree char *path = g_build_filename(folder, classes ? "classes.tsv" : "groups.tsv", NULL);
    g_autofree char *text = read_text(path, paths, error);
    return text != NULL && cel_library_builder_add_kinds(builder, text, classes, path, error);
}

/* Two tables that stand or lack together. */
static gboolean add_series(CelLibraryBuilder *builder, const char *folder, GPtrArray *paths,
                           GError **error)
{
    g_autofree char *series = g_build_filename(folder, "mineral-series.tsv", NULL);
    g_autofree char *kinds = g_build_filename(folder, "series-kinds.tsv", NULL);
    if (!g_file_test(series, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autofree char *rows = read_text(series, paths, error);
    g_autofree char *limits = rows != NULL ? read_text(kinds, paths, error) : NULL;
    return limits != NULL && cel_library_builder_add_series(builder, rows, limits, series, error);
}

static gboolean add_pairs(CelLibraryBuilder *builder, const char *folder, GPtrArray *paths,
                          GError **error)
{
    g_autofree char *path = g_build_filename(folder, "mineral-lookalikes.tsv", NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autofree char *text = read_text(path, paths, error);
    return text != NULL && cel_library_builder_add_pairs(builder, text, path, error);
}

gboolean cel_library_builder_add_folder(CelLibraryBuilder *builder, const char *folder,
                                        GPtrArray *out_paths, GError **error)
{
    if (!add_table(builder, folder, FALSE, out_paths, error) ||
        !add_table(builder, folder, TRUE, out_paths, error) ||
        !add_series(builder, folder, out_paths, error) ||
        !add_pairs(builder, folder, out_paths, error))
        return FALSE;
    g_autoptr(GPtrArray) names = list_folder(folder, out_paths, error);
    if (names == NULL)
        return FALSE;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_ptr_array_index(names, i), NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
            !add_subfolder(builder, path, out_paths, error))
            return FALSE;
    }
    return cel_library_builder_check(builder, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-bundle-files.h"

#include "base/cel-bytes.h"
#include "base/cel-error.h"
#include "base/cel-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { FOLDER_MODE = 0750, FILE_MODE = 0440 };

struct CelBundleFiles {
    GTree *tree; /* name -> GBytes */
    gsize bytes;
};

static int compare_names(gconstpointer a, gconstpointer b, gpointer data)
{
    (void)data;
    return strcmp(a, b);
}

CelBundleFiles *cel_bundle_files_new(void)
{
    CelBundleFiles *files = g_new0(CelBundleFiles, 1);
    files->tree = g_tree_new_full(compare_names, NULL, g_free, (GDestroyNotify)g_bytes_unref);
    return files;
}

void cel_bundle_files_free(CelBundleFiles *files)
{
    if (files == NULL)
        return;
    g_tree_unref(files->tree);
    g_free(files);
}

static gboolean refuse(GError **error, int code, const char *name, const char *why)
{
    g_autofree char *shown = g_utf8_make_valid(name, -1);
    g_set_error(error, CEL_ERROR, code, "%s: %s", shown, why);
    return FALSE;
}

gboolean cel_bundle_name_ok(const char *name)
{
    guint depth = 1;
    gboolean begins = TRUE;
    for (const char *c = name; *c != '\0'; c++) {
        const gboolean plain = g_ascii_isalnum(*c) || *c == '_' || *c == '-';
        if (*c == '/' ? begins : !(plain || (*c == '.' && !begins)))
            return FALSE;
        begins = *c == '/';
        depth += *c == '/' ? 1 : 0;
    }
    return !begins && depth <= CEL_BUNDLE_MAX_DEPTH && strlen(name) <= CEL_BUNDLE_MAX_NAME;
}

gboolean cel_bundle_put(CelBundleFiles *files, const char *name, GBytes *bytes, GError **error)
{
    const gsize size = g_bytes_get_size(bytes);
    if (!cel_bundle_name_ok(name))
        return refuse(error, CEL_ERROR_INPUT, name,
                      _("a bundle holds no file of such a name; nothing was taken over"));
    if (g_tree_lookup(files->tree, name) != NULL)
        return refuse(error, CEL_ERROR_INPUT, name,
                      _("the file is there twice; nothing was taken over"));
    if (g_tree_nnodes(files->tree) >= CEL_BUNDLE_MAX_FILES ||
        size > CEL_BUNDLE_MAX_BYTES - files->bytes)
        return refuse(error, CEL_ERROR_INPUT, name,
                      _("the bundle is too large: at most 20000 files and 512 MiB"));
    files->bytes += size;
    g_tree_insert(files->tree, g_strdup(name), g_bytes_ref(bytes));
    return TRUE;
}

GBytes *cel_bundle_get(const CelBundleFiles *files, const char *name)
{
    return g_tree_lookup(files->tree, name);
}

static gboolean add_name(gpointer name, gpointer bytes, gpointer names)
{
    (void)bytes;
    g_ptr_array_add(names, name);
    return FALSE;
}

GPtrArray *cel_bundle_names(const CelBundleFiles *files)
{
    GPtrArray *names = g_ptr_array_new();
    g_tree_foreach(files->tree, add_name, names);
    return names;
}

/* ---- what the jail gives ---- */

CelBundleFiles *cel_bundle_decode(GBytes *block, GError **error)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(block, &n);
    CelBytes cursor = cel_bytes_of(data, n, CEL_LITTLE_ENDIAN);
    g_autoptr(CelBundleFiles) files = cel_bundle_files_new();
    while (cel_bytes_left(&cursor) > 0 && !cursor.failed) {
        const guint32 name_length = cel_bytes_u32(&cursor);
        const guint64 size = cel_bytes_u64(&cursor);
        const guint8 *name = cel_bytes_take(&cursor, name_length);
        const gsize at = cursor.at;
        if (name == NULL || size > n || cel_bytes_take(&cursor, (gsize)size) == NULL)
            break;
        g_autofree char *text = g_strndup((const char *)name, name_length);
        g_autoptr(GBytes) bytes = g_bytes_new_from_bytes(block, at, (gsize)size);
        if (!cel_bundle_put(files, text, bytes, error))
            return NULL;
    }
    if (!cursor.failed && cel_bytes_left(&cursor) == 0)
        return g_steal_pointer(&files);
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, _("The bundle cannot be read"));
    return NULL;
}

/* ---- folders ---- */

static gboolean read_folder(CelBundleFiles *files, const char *folder, const char *above,
                            guint depth, CelJob *job, GError **error);

static gboolean read_one(CelBundleFiles *files, const char *path, const char *name, guint depth,
                         CelJob *job, GError **error)
{
    GStatBuf about;
    if (g_lstat(path, &about) != 0)
        return refuse(error, CEL_ERROR_SYSTEM, name, _("cannot be read"));
    if (S_ISDIR(about.st_mode) && depth < CEL_BUNDLE_MAX_DEPTH)
        return read_folder(files, path, name, depth + 1, job, error);
    if (!S_ISREG(about.st_mode))
        return refuse(error, CEL_ERROR_INPUT, name,
                      _("a bundle holds plain files only, no links or devices"));
    const gsize left = CEL_BUNDLE_MAX_BYTES - files->bytes;
    if ((guint64)about.st_size > left)
        return refuse(error, CEL_ERROR_INPUT, name,
                      _("the bundle is too large: at most 20000 files and 512 MiB"));
    g_autoptr(GBytes) bytes =
        about.st_size > 0 ? cel_file_read(path, MAX(left, 1), error) : g_bytes_new(NULL, 0);
    return bytes != NULL && cel_bundle_put(files, name, bytes, error) &&
           cel_job_step(job, N_("Reading the bundle"), (guint64)g_tree_nnodes(files->tree), 0,
                        error);
}

static gboolean read_folder(CelBundleFiles *files, const char *folder, const char *above,
                            guint depth, CelJob *job, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    if (dir == NULL)
        return refuse(error, CEL_ERROR_SYSTEM, folder, _("the folder cannot be read"));
    for (const char *entry = g_dir_read_name(dir); entry != NULL; entry = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, entry, NULL);
        g_autofree char *name =
            *above != '\0' ? g_strconcat(above, "/", entry, NULL) : g_strdup(entry);
        if (!cel_bundle_name_ok(name))
            return refuse(error, CEL_ERROR_INPUT, name,
                          _("a bundle holds no file of such a name; nothing was taken over"));
        if (!read_one(files, path, name, depth, job, error))
            return FALSE;
    }
    return TRUE;
}

CelBundleFiles *cel_bundle_read(const char *path, CelJob *job, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_autoptr(CelBundleFiles) files = cel_bundle_files_new();
        return read_folder(files, path, "", 1, job, error) ? g_steal_pointer(&files) : NULL;
    }
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_BUNDLE_MAX_BYTES, error);
    g_autofree char *name = g_path_get_basename(path);
    return bytes != NULL ? cel_bundle_unpack(bytes, name, job, error) : NULL;
}

/** Writing: a folder being filled. */
typedef struct {
    const char *folder;
    CelJob *job;
    guint64 done, total;
    GError **error;
    gboolean failed;
} Writing;

static gboolean write_one(gpointer name, gpointer bytes, gpointer data)
{
    Writing *writing = data;
    g_autofree char *path = g_build_filename(writing->folder, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    if (g_mkdir_with_parents(folder, FOLDER_MODE) != 0)
        writing->failed = !refuse(writing->error, CEL_ERROR_SYSTEM, name, _("cannot be written"));
    else
        writing->failed = !cel_file_create(path, bytes, FILE_MODE, writing->error) ||
                          !cel_job_step(writing->job, N_("Writing the bundle"), ++writing->done,
                                        writing->total, writing->error);
    return writing->failed; /* TRUE stops the walk */
}

static gboolean remove_one(gpointer name, gpointer bytes, gpointer folder)
{
    (void)bytes;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *above = g_path_get_dirname(path);
    g_unlink(path);
    g_rmdir(above); /* stays while others are in it */
    return FALSE;
}

/* Every folder in it is synced, then its new name. */
static gboolean put_in_place(const char *part, const char *path, GError **error)
{
    g_autofree char *above = g_path_get_dirname(path);
    if (!cel_file_sync_folder(part, error))
        return FALSE;
    if (g_file_test(path, G_FILE_TEST_EXISTS) || g_rename(part, path) != 0)
        return refuse(error, CEL_ERROR_SYSTEM, path, _("the folder cannot be made"));
    return cel_file_sync_folder(above, error);
}

static gboolean is_free(const char *path, GError **error)
{
    GStatBuf about;
    return g_lstat(path, &about) != 0 ||
           refuse(error, CEL_ERROR_POLICY, path,
                  _("there is something already; a bundle never replaces anything"));
}

gboolean cel_bundle_write_folder(const CelBundleFiles *files, const char *path, CelJob *job,
                                 GError **error)
{
    if (!is_free(path, error))
        return FALSE;
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *part = g_strconcat(full, ".part-XXXXXX", NULL);
    g_autofree char *above = g_path_get_dirname(full);
    if (g_mkdtemp_full(part, FOLDER_MODE) == NULL)
        return refuse(error, CEL_ERROR_SYSTEM, path, _("the folder cannot be made"));
    if (!cel_file_sync_folder(above, error)) { /* the folder is there before its new name is */
        g_rmdir(part);
        return FALSE;
    }
    Writing writing = {
        .folder = part, .job = job, .total = (guint64)g_tree_nnodes(files->tree), .error = error};
    g_tree_foreach(files->tree, write_one, &writing);
    if (!writing.failed && put_in_place(part, full, error))
        return TRUE;
    g_tree_foreach(files->tree, remove_one, part);
    g_rmdir(part);
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "config.h"
#include "h5/cel-h5.h"
#include "match/cel-library-private.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define FORMAT_NAME    "celadon.library"
#define BUILT_FILE     "spectra_db/celadon.library.h5"
#define INSTALLED_FILE "celadon.library.h5"

static const struct {
    CelH5Type type;
    gsize size;
    gboolean deflate;
} storage[CEL_N_PARTS] = {
    [CEL_PART_INDEX] = {CEL_H5_U8, 1, TRUE},
    [CEL_PART_BAND_SHIFT] = {CEL_H5_F64, sizeof(double), FALSE},
    [CEL_PART_BAND_INTENSITY] = {CEL_H5_F64, sizeof(double), FALSE},
    [CEL_PART_BAND_FWHM] = {CEL_H5_F64, sizeof(double), FALSE},
    [CEL_PART_BAND_LASER] = {CEL_H5_F64, sizeof(double), FALSE},
    [CEL_PART_BAND_STATUS] = {CEL_H5_U8, 1, FALSE},
    [CEL_PART_REFERENCE_LASER] = {CEL_H5_F64, sizeof(double), FALSE},
    [CEL_PART_X] = {CEL_H5_F64, sizeof(double), TRUE},
    /* Measured on 2359 mineral spectra: deflate makes this column a fifth smaller and doubles the
     * time of reading it. */
    [CEL_PART_Y] = {CEL_H5_F32, sizeof(float), FALSE},
};

/* --- writing --- */

/* An empty column is left out of the file: what is missing reads as empty, and the digest knows. */
static void put_part(CelH5Node *root, CelLibraryPart part, GBytes *block)
{
    const gsize shape[] = {g_bytes_get_size(block) / storage[part].size};
    if (shape[0] == 0)
        return;
    const char *path = cel_library_part_path(part), *slash = strchr(path, '/');
    CelH5Node *parent = root;
    if (slash != NULL) {
        g_autofree char *group = g_strndup(path, (gsize)(slash - path));
        parent = cel_h5_group(root, group, NULL);
        path = slash + 1;
    }
    cel_h5_put(parent, path, storage[part].type, 1, shape, g_bytes_get_data(block, NULL),
               storage[part].deflate);
}

gboolean cel_library_builder_write(const CelLibraryBuilder *builder, const char *path,
                                   GError **error)
{
    g_auto(CelLibraryParts) parts = {{NULL}};
    if (!cel_library_builder_parts(builder, &parts, error))
        return FALSE;
    g_autofree char *sha256 = cel_library_parts_digest(&parts, error);
    if (sha256 == NULL)
        return FALSE;
    g_autoptr(CelLibrary) sound = cel_library_from_parts(&parts, sha256, error);
    if (sound == NULL)
        return FALSE; /* never write what could not be opened again */
    g_autoptr(CelH5Node) root = cel_h5_tree_new();
    cel_h5_attr_text(root, "format", FORMAT_NAME);
    cel_h5_attr_text(root, "sha256", sha256);
    for (guint i = 0; i < CEL_N_PARTS; i++)
        put_part(root, i, parts.blocks[i]);
    g_autoptr(GBytes) image = cel_h5_to_bytes(root, error);
    return image != NULL && cel_file_write(path, image, 0644, error);
}

/* --- reading --- */

static gboolean not_ours(const char *path, const char *why, GError **error)
{
    g_autofree char *shown = g_filename_display_name(path);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: %s. Nothing can be identified with it; take a sound copy of the library."),
                shown, why);
    return FALSE;
}

static gboolean take_part(const CelH5Node *root, CelLibraryPart part, GBytes **out_block)
{
    const CelH5Node *node = cel_h5_find(root, cel_library_part_path(part));
    gsize shape[CEL_H5_MAX_RANK] = {0};
    if (node == NULL) {
        *out_block = g_bytes_new(NULL, 0);
        return part != CEL_PART_INDEX;
    }
    if (cel_h5_type(node) != storage[part].type || cel_h5_shape(node, shape) != 1)
        return FALSE;
    *out_block = g_bytes_ref(cel_h5_data(node));
    return g_bytes_get_size(*out_block) == shape[0] * storage[part].size;
}

static CelLibrary *library_from_tree(const CelH5Node *root, const char *path, GError **error)
{
    const char *stated = cel_h5_attr(root, "sha256");
    if (g_strcmp0(cel_h5_attr(root, "format"), FORMAT_NAME) != 0 || stated == NULL) {
        not_ours(path, _("this HDF5 file is not a Celadon library"), error);
        return NULL;
    }
    g_auto(CelLibraryParts) parts = {{NULL}};
    for (guint i = 0; i < CEL_N_PARTS; i++) {
        if (!take_part(root, i, &parts.blocks[i])) {
            not_ours(path, _("a part of the library is missing or of the wrong type"), error);
            return NULL;
        }
    }
    g_autofree char *sha256 = cel_library_parts_digest(&parts, error);
    if (sha256 == NULL)
        return NULL;
    if (!g_str_equal(sha256, stated)) {
        not_ours(path,
                 _("the content does not have the digest that the file states: it was changed "
                   "or damaged after it was made"),
                 error);
        return NULL;
    }
    CelLibrary *library = cel_library_from_parts(&parts, sha256, error);
    if (library == NULL)
        g_prefix_error(error, "%s: ", path);
    return library;
}

CelLibrary *cel_library_open(const char *path, CelJob *job, GError **error)
{
    struct stat info;
    CelLibrary *library = cel_library_recall(path);
    if (library != NULL)
        return library;
    const gboolean is_there = stat(path, &info) == 0;
    const CelFileMark before = is_there ? cel_file_mark(&info) : (CelFileMark){0};
    const gboolean settled = is_there && cel_file_mark_is_settled(&before);
    g_autoptr(CelH5Node) root = cel_h5_read(path, CEL_LIBRARY_MAX_BYTES, job, error);
    library = root != NULL ? library_from_tree(root, path, error) : NULL;
    if (library != NULL && settled)
        cel_library_remember(library, path, &before);
    return library;
}

/* --- the library that ships --- */

/* Returns: (nullable): the file in the build tree above @program; meson-private marks its root. */
static char *find_in_build_tree(const char *program)
{
    g_autofree char *folder = g_path_get_dirname(program);
    while (!g_str_equal(folder, "/") && !g_str_equal(folder, ".")) {
        g_autofree char *mark = g_build_filename(folder, "meson-private", NULL);
        if (g_file_test(mark, G_FILE_TEST_IS_DIR))
            return g_build_filename(folder, BUILT_FILE, NULL);
        char *parent = g_path_get_dirname(folder);
        g_free(folder);
        folder = parent;
    }
    return NULL;
}

static char *find_builtin(void)
{
    const char *named = g_getenv("CELADON_LIBRARY");
    if (named != NULL && *named != '\0')
        return g_strdup(named);
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    char *built = program != NULL ? find_in_build_tree(program) : NULL;
    return built != NULL ? built : g_build_filename(CEL_DATADIR, INSTALLED_FILE, NULL);
}

CelLibrary *cel_library_open_builtin(GError **error)
{
    g_autofree char *path = find_builtin();
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_SYSTEM,
            _("%s: the reference library that ships with Celadon is not there, so nothing can "
              "be identified; install Celadon again or build it whole."),
            path);
        return NULL;
    }
    return cel_library_open(path, NULL, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/read-hdf5.h"

#include "formats/cel-words.h"

#include <string.h>

/*
 * CHARISMA files (.cha) as ramanchada2 describes them: HDF5 in which each stage of processing is
 * one dataset of two rows, positions and intensities, with its metadata as attributes. The unit of
 * the positions stands nowhere.
 */

enum { ROWS = 2, MAX_ATTRIBUTES = 500 };

typedef struct {
    GPtrArray *paths; /* of char: datasets of two rows */
    gboolean nexus;   /* something says that it is NeXus */
} Found;

static gboolean look(const CelH5Node *node, const char *path, gpointer user_data)
{
    Found *found = user_data;
    gsize shape[CEL_H5_MAX_RANK] = {0};
    found->nexus |= cel_h5_attr(node, "NX_class") != NULL || cel_h5_attr(node, "signal") != NULL;
    if (cel_h5_type(node) != CEL_H5_GROUP && cel_h5_type(node) != CEL_H5_TEXT &&
        cel_h5_shape(node, shape) == 2 && shape[0] == ROWS && shape[1] >= 2)
        g_ptr_array_add(found->paths, g_strdup(path));
    return found->nexus;
}

static GPtrArray *find_stages(const CelH5Node *root, gboolean *out_nexus)
{
    Found found = {.paths = g_ptr_array_new_with_free_func(g_free)};
    cel_hdf5_visit(root, look, &found);
    *out_nexus = found.nexus;
    return found.paths;
}

gboolean cel_cha_claims(const CelH5Node *root)
{
    gboolean nexus = FALSE;
    g_autoptr(GPtrArray) stages = find_stages(root, &nexus);
    return !nexus && stages->len > 0;
}

static void note_attributes(const CelH5Node *node, CelMeasurement *m)
{
    g_autofree const char **names = cel_h5_attr_names(node);
    for (gsize i = 0; names[i] != NULL && i < MAX_ATTRIBUTES; i++) {
        const char *value = cel_h5_attr(node, names[i]);
        double number = 0.0;
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        if (value == NULL && cel_h5_attr_number(node, names[i], &number))
            value = g_ascii_dtostr(text, sizeof text, number);
        const CelReadHeader header = {.key = names[i], .value = value};
        if (value != NULL)
            cel_read_header(m, &header);
    }
}

static double find_laser(const CelH5Node *node)
{
    g_autofree const char **names = cel_h5_attr_names(node);
    for (gsize i = 0; names[i] != NULL && i < MAX_ATTRIBUTES; i++) {
        const char *value = cel_h5_attr(node, names[i]);
        double number = 0.0, nm = 0.0;
        char text[G_ASCII_DTOSTR_BUF_SIZE];
        if (value == NULL && cel_h5_attr_number(node, names[i], &number))
            value = g_ascii_dtostr(text, sizeof text, number);
        if (value != NULL && cel_word_laser(names[i], value, &nm))
            return nm;
    }
    return 0.0;
}

gboolean cel_cha_read(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                      GError **error)
{
    gboolean nexus = FALSE;
    guint index = 0;
    gsize n = 0;
    g_autoptr(GPtrArray) stages = find_stages(root, &nexus);
    if (!cel_read_choose(in, out, stages->len, &index, error))
        return FALSE;
    for (guint i = 0; i < stages->len; i++) {
        g_autofree char *title = cel_hdf5_title(g_ptr_array_index(stages, i));
        cel_read_add_title(out, title);
    }
    const char *path = g_ptr_array_index(stages, index);
    const CelH5Node *node = cel_h5_find(root, path);
    g_autofree double *values = cel_h5_get_f64(node, "", &n, error);
    if (values == NULL)
        return FALSE;
    out->kind = CEL_KIND_RAMAN; /* the format is for Raman spectra only */
    const CelReadPoints points = {.unit = CEL_N_UNITS,
                                  .x = values,
                                  .y = values + n / ROWS,
                                  .n = n / ROWS,
                                  .laser_nm = find_laser(node)};
    if (!cel_read_finish(in, &points, out, error))
        return FALSE;
    note_attributes(node, out->measurement);
    return TRUE;
}

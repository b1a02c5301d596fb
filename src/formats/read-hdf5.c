/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/read-hdf5.h"

#include "formats/cel-readers.h"

#include <string.h>

/* The signature is the same for every kind of HDF5 file, so cel_reader_celadon claims them all and
 * the tree decides which of the three readers it was. */

enum { SCORE = 99, MAX_BYTES = 64 * 1024 * 1024 };

/* HDF5 File Format Specification, section II.A: the signature at the start of the superblock. */
static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    static const guint8 signature[] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    return n >= sizeof signature && memcmp(head, signature, sizeof signature) == 0 ? SCORE : 0;
}

static int detect_inside(const guint8 *head, gsize n, const char *file_name)
{
    (void)head;
    (void)n;
    (void)file_name;
    return 0;
}

static gboolean visit_children(const CelH5Node *group, const char *path, CelHdf5Visit visit,
                               gpointer user_data)
{
    GPtrArray *children = cel_h5_children(group);
    for (guint i = 0; i < children->len; i++) {
        const CelH5Node *child = g_ptr_array_index(children, i);
        g_autofree char *place = g_strconcat(path, "/", cel_h5_name(child), NULL);
        if (visit(child, place, user_data) ||
            (cel_h5_type(child) == CEL_H5_GROUP && visit_children(child, place, visit, user_data)))
            return TRUE;
    }
    return FALSE;
}

void cel_hdf5_visit(const CelH5Node *group, CelHdf5Visit visit, gpointer user_data)
{
    visit_children(group, "", visit, user_data);
}

char *cel_hdf5_title(const char *path)
{
    return g_strdup(*path == '/' ? path + 1 : path);
}

gboolean cel_hdf5_read_tree(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                            GError **error)
{
    if (cel_celadon_claims(root)) {
        out->reader = &cel_reader_celadon;
        return cel_celadon_read(in, root, out, error);
    }
    if (cel_h5_skipped(root) > 0)
        cel_read_warn(out, CEL_PLACE_NONE, 0,
                      _("%u objects of the file are links or of a kind that is not read here; they "
                        "were left out"),
                      cel_h5_skipped(root));
    if (cel_cha_claims(root)) {
        out->reader = &cel_reader_cha;
        return cel_cha_read(in, root, out, error);
    }
    out->reader = &cel_reader_nexus;
    return cel_nexus_read(in, root, out, error);
}

/* Our own files are read strictly; only a file of another program may hold what is left out. */
static gboolean read_hdf5(const CelReadInput *in, CelReadOut *out, GError **error)
{
    if (g_bytes_get_size(in->bytes) > MAX_BYTES)
        return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                               _("a measurement of more than 64 MiB is not read"));
    g_autoptr(GError) strict = NULL;
    g_autoptr(CelH5Node) root = cel_h5_read_jailed(in->bytes, in->name, &strict);
    if (root == NULL) {
        root = cel_h5_read_jailed_foreign(in->bytes, in->name, NULL);
        if (root == NULL || cel_celadon_claims(root)) {
            g_propagate_error(error, g_steal_pointer(&strict));
            return FALSE;
        }
    }
    return cel_hdf5_read_tree(in, root, out, error);
}

const CelReader cel_reader_celadon = {
    .id = "celadon",
    .title = N_("Celadon measurement (NXraman, HDF5)"),
    .validated_on = "files written by this program",
    .detect = detect,
    .read = read_hdf5,
};

const CelReader cel_reader_cha = {
    .id = "cha",
    .title = N_("CHARISMA (HDF5)"),
    .validated_on = CEL_READER_UNVALIDATED,
    .detect = detect_inside,
    .read = read_hdf5,
};

const CelReader cel_reader_nexus = {
    .id = "nexus",
    .title = N_("NeXus (HDF5)"),
    .validated_on = "spectra_demo.nxs (pyambit 0.0.1, two spectra of 532 nm)",
    .detect = detect_inside,
    .read = read_hdf5,
};

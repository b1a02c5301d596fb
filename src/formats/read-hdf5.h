/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/cel-read-out.h"
#include "h5/cel-h5.h"

G_BEGIN_DECLS

/* HDF5 files are told apart by what is in them: the readers share one signature and one tree. */

/**
 * cel_hdf5_read_tree:
 * @root: the tree of the file, as hostile as the file
 * Chooses between our own measurement, CHARISMA and NeXus, and reads.
 * Returns: FALSE with the errors of CelReader.read.
 */
gboolean cel_hdf5_read_tree(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                            GError **error);

/** cel_celadon_claims, cel_cha_claims: is @root a file of that kind? */
gboolean cel_celadon_claims(const CelH5Node *root);
gboolean cel_cha_claims(const CelH5Node *root);

/** cel_celadon_read, cel_cha_read, cel_nexus_read: as CelReader.read, from the tree. */
gboolean cel_celadon_read(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                          GError **error);
gboolean cel_cha_read(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                      GError **error);
gboolean cel_nexus_read(const CelReadInput *in, const CelH5Node *root, CelReadOut *out,
                        GError **error);

/** cel_hdf5_visit: calls @visit for every node below @group, in order of name, with its path; ends
 * when it returns TRUE. */
typedef gboolean (*CelHdf5Visit)(const CelH5Node *node, const char *path, gpointer user_data);
void cel_hdf5_visit(const CelH5Node *group, CelHdf5Visit visit, gpointer user_data);

/** cel_hdf5_title: Returns: (transfer full): a path for people: without the leading "/". */
char *cel_hdf5_title(const char *path);

G_END_DECLS

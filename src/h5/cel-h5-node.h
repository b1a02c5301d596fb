/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5.h"

G_BEGIN_DECLS

/* Inside of the tree: for the files of this folder only. */

/** CelH5Attr: one attribute. Numbers: little-endian bytes; texts: each with its ending NUL. */
typedef struct {
    char *name;
    CelH5Type type;
    gboolean array; /* one-dimensional; else scalar */
    gsize n;        /* elements: 1 when scalar */
    GBytes *data;
    gboolean foreign; /* a text that is stored in another way than ours */
} CelH5Attr;

struct CelH5Node {
    char *name; /* "" for the root */
    CelH5Type type;
    guint rank;
    gsize shape[CEL_H5_MAX_RANK];
    GBytes *data; /* NULL for groups; a text without NUL */
    gboolean deflate;
    gboolean foreign;      /* a text that is stored in another way than ours */
    guint skipped;         /* of the root: objects left out of a foreign file */
    GPtrArray *children;   /* CelH5Node, by name; NULL for datasets */
    GPtrArray *attributes; /* CelH5Attr, by name */
};

/** Limits that writing and reading share. A compact dataset or an attribute lies in its object's
 * header, which has a checksum; a header message holds less than 64 KiB (HDF5 file format
 * specification 3.0, IV.A.1). */
enum {
    CEL_H5_MAX_COMPACT = 60000,
    CEL_H5_CHUNKED_FROM = 64,
    CEL_H5_MAX_OBJECTS = 100000,
    CEL_H5_MAX_NAME = 1024,
    CEL_H5_MAX_PATH = 4096,
};

/** cel_h5_type_size: Returns: bytes of one element; 1 for texts, 0 for groups. */
gsize cel_h5_type_size(CelH5Type type);

/** cel_h5_name_valid: Returns: TRUE when @name may name a link or attribute: UTF-8, not empty, not
 * ".", without "/", at most CEL_H5_MAX_NAME bytes. */
gboolean cel_h5_name_valid(const char *name);

/** cel_h5_count: Returns: how many elements (1 for a scalar); FALSE in @out_ok on overflow. */
gsize cel_h5_count(guint rank, const gsize *shape, gboolean *out_ok);

/** cel_h5_add: puts a new node under @parent. @data: (transfer full) (nullable): for datasets.
 * Returns: (transfer none): the node, NULL when the name is taken or not valid. */
CelH5Node *cel_h5_add(CelH5Node *parent, const char *name, CelH5Type type, GBytes *data);

/** cel_h5_add_attr: @data: (transfer full). Replaces an attribute of the same name.
 * Returns: (transfer none): the attribute, NULL when the name is not valid. */
CelH5Attr *cel_h5_add_attr(CelH5Node *node, const char *name, CelH5Type type, GBytes *data);

/** cel_h5_lock, cel_h5_unlock: every call into HDF5 stands between these.
 * The first lock also starts the library, without plugins and without printing. */
void cel_h5_lock(void);
void cel_h5_unlock(void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"

G_BEGIN_DECLS

/*
 * The only door to HDF5. A file is written from a tree of nodes in memory (so that it is whole or
 * not there) and read into such a tree inside a jailed child process. Nobody else includes hdf5.h.
 */

typedef enum {
    CEL_H5_GROUP,
    CEL_H5_F64,
    CEL_H5_F32,
    CEL_H5_U8,
    CEL_H5_U32,
    CEL_H5_I32,
    CEL_H5_I64,
    CEL_H5_U64,
    CEL_H5_TEXT, /* fixed-length UTF-8 scalar */
} CelH5Type;

enum { CEL_H5_MAX_RANK = 2, CEL_H5_MAX_DEPTH = 16 };

/** CelH5Node: a group or dataset with its attributes; owned by its parent, the root by the caller.
 */
typedef struct CelH5Node CelH5Node;

/** cel_h5_tree_new: Returns: (transfer full): an empty root group. */
CelH5Node *cel_h5_tree_new(void);
/** cel_h5_tree_free: @root: (nullable): frees all nodes below it too. */
void cel_h5_tree_free(CelH5Node *root);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelH5Node, cel_h5_tree_free)

/** cel_h5_group: @path: "a/b/c" below @parent, made where missing; the last one gets the attribute
 * NX_class=@nx_class unless that is NULL. Returns: (transfer none): the group. */
CelH5Node *cel_h5_group(CelH5Node *parent, const char *path, const char *nx_class);

/** cel_h5_put: a dataset of @rank 1..2 with @shape; the data are copied. @name must be new in
 * @parent. Datasets of 64 bytes or more are chunked with fletcher32; those of @deflate also with
 * shuffle and deflate; smaller ones lie in the object's header, which has a checksum. Avoid empty
 * datasets: h5repack 1.10.8 cannot repack a file that has one. Returns: (transfer none): the node,
 * for attributes. */
CelH5Node *cel_h5_put(CelH5Node *parent, const char *name, CelH5Type type, guint rank,
                      const gsize *shape, const void *data, gboolean deflate);
/** Shorthands for one-dimensional datasets, scalars (rank 0) and texts. A text of NULL is left out;
 * one of more than 60,000 bytes becomes a dataset of bytes, which cel_h5_get_text() reads as well.
 */
CelH5Node *cel_h5_put_f64(CelH5Node *parent, const char *name, const double *values, gsize n);
CelH5Node *cel_h5_put_bytes(CelH5Node *parent, const char *name, const void *data, gsize n);
CelH5Node *cel_h5_put_text(CelH5Node *parent, const char *name, const char *text);
CelH5Node *cel_h5_put_number(CelH5Node *parent, const char *name, double value, const char *units);
CelH5Node *cel_h5_put_int(CelH5Node *parent, const char *name, gint64 value);

/** cel_h5_remove: takes the child @name and all below it out of @group; nothing when there is none.
 */
void cel_h5_remove(CelH5Node *group, const char *name);

/** Attributes of @node: scalar UTF-8 text, f64, i64, or an array of texts; a text of NULL is left
 * out, an attribute of the same name is replaced. At most 60,000 bytes, else cel_h5_to_bytes()
 * fails. */
void cel_h5_attr_text(CelH5Node *node, const char *name, const char *text);
void cel_h5_attr_f64(CelH5Node *node, const char *name, double value);
void cel_h5_attr_int(CelH5Node *node, const char *name, gint64 value);
void cel_h5_attr_texts(CelH5Node *node, const char *name, const char *const *texts);

/** cel_h5_find: @path: "/a/b" from @node. Returns: (nullable): the node. */
const CelH5Node *cel_h5_find(const CelH5Node *node, const char *path);
/** cel_h5_children: Returns: (element-type CelH5Node) (transfer none): in order of name. */
GPtrArray *cel_h5_children(const CelH5Node *group);
const char *cel_h5_name(const CelH5Node *node);
CelH5Type cel_h5_type(const CelH5Node *node);
/** cel_h5_shape: @out_shape: CEL_H5_MAX_RANK entries. Returns: the rank (0: scalar). */
guint cel_h5_shape(const CelH5Node *node, gsize *out_shape);
/** cel_h5_data: Returns: (transfer none): little-endian bytes as stored. */
GBytes *cel_h5_data(const CelH5Node *node);

/** cel_h5_get_f64: @path: a dataset of any number type and any rank below @node.
 * Returns: (transfer full): its @out_n values as doubles, or NULL with CEL_ERROR_INPUT (missing,
 * not numbers). */
double *cel_h5_get_f64(const CelH5Node *node, const char *path, gsize *out_n, GError **error);
/** cel_h5_get_int: @path: a scalar of a signed type, or an unsigned one of at most 32 bits.
 * Returns: FALSE with CEL_ERROR_INPUT; then @out_value is untouched. */
gboolean cel_h5_get_int(const CelH5Node *node, const char *path, gint64 *out_value, GError **error);
/** cel_h5_get_text: (nullable) (transfer full): a text dataset or a byte dataset as UTF-8. */
char *cel_h5_get_text(const CelH5Node *node, const char *path, GError **error);
/** cel_h5_attr: Returns: (nullable) (transfer none): a text attribute of @node. */
const char *cel_h5_attr(const CelH5Node *node, const char *name);

/**
 * cel_h5_to_bytes:
 * Writes the tree as an HDF5 file image: bounds V18..V110, no object times, fixed order; the same
 * tree gives the same bytes. Returns: (transfer full), or NULL with CEL_ERROR_SYSTEM.
 * Thread-safe: yes (one lock around HDF5).
 */
GBytes *cel_h5_to_bytes(const CelH5Node *root, GError **error);

/**
 * cel_h5_read:
 * @path: a file from anywhere, hostile until proven otherwise
 * @max_bytes: policy limit for this kind of file
 * Reads the file here, parses it in a jailed child (seccomp, no new privileges, memory and CPU
 * limits), takes the tree back through a bounded format. Refuses external links and storage, soft
 * links, object references, virtual datasets, unknown filters, committed types, more than 100,000
 * objects, more than CEL_H5_MAX_DEPTH levels.
 * Returns: (transfer full): the root, or NULL with CEL_ERROR_INPUT (not HDF5, damaged, refused) or
 *   CEL_ERROR_SYSTEM. Thread-safe: yes.
 */
CelH5Node *cel_h5_read(const char *path, gsize max_bytes, CelJob *job, GError **error);

/** cel_h5_read_bytes: the same for an image in memory; @name: for messages. */
CelH5Node *cel_h5_read_bytes(GBytes *image, const char *name, GError **error);
/** cel_h5_read_jailed: the same for code that runs in a jail already: @image is parsed here, and
 * what HDF5 takes stays taken until the process ends. */
CelH5Node *cel_h5_read_jailed(GBytes *image, const char *name, GError **error);
/** cel_h5_read_jailed_foreign: the same for files of other programs: soft links, other types and
 * shapes and the like are left out, see cel_h5_skipped(); numbers of other types are doubles. */
CelH5Node *cel_h5_read_jailed_foreign(GBytes *image, const char *name, GError **error);
/** cel_h5_skipped: Returns: how many objects and attributes of a foreign file were left out. */
guint cel_h5_skipped(const CelH5Node *root);
/** cel_h5_read_image: the same with @job (nullable), which can cancel it. */
CelH5Node *cel_h5_read_image(GBytes *image, const char *name, CelJob *job, GError **error);

/** cel_h5_read_suspect: for saying what is wrong with a file that cel_h5_read_image() refused: a
 * user block before it and bytes behind it are passed over, and what is not read here is left out
 * as in a foreign file. Nothing in the tree may be relied on. Returns: (transfer full), or NULL
 * with the errors of cel_h5_read(). */
CelH5Node *cel_h5_read_suspect(GBytes *image, const char *name, GError **error);

/** cel_h5_attr_at: Returns: (nullable) (transfer none): text @index of an attribute of texts. */
const char *cel_h5_attr_at(const CelH5Node *node, const char *name, guint index);
/** cel_h5_attr_number: a scalar attribute of numbers. Returns: FALSE when there is none. */
gboolean cel_h5_attr_number(const CelH5Node *node, const char *name, double *out_value);
/** cel_h5_attr_names: Returns: (transfer container): the names, sorted, NULL-ended. */
const char **cel_h5_attr_names(const CelH5Node *node);

G_END_DECLS

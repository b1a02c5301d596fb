/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5.h"

G_BEGIN_DECLS

/**
 * cel_h5_manifest:
 * @node: where to begin; @path: its absolute path, "/" for the root
 * @skip: (nullable): NULL-ended absolute paths that are left out with all below them
 * Lists the content of a tree as text, so that two trees have the same content exactly when their
 * manifests are the same bytes, however the files that hold them are packed. Objects in order of
 * name, parents first, one line each ending in "\n":
 *   "group PATH"
 *   "sha256 HEX PATH TYPE SHAPE" and "sm3 HEX PATH TYPE SHAPE" for a dataset, over its
 *     little-endian bytes as `h5dump -b LE -o FILE` writes them
 *   "attr PATH NAME TYPE SHAPE VALUE" for an attribute; VALUE is JSON, reals that JSON cannot
 *     write are "bits:" and 16 hex digits
 * TYPE: f64, f32, u8, u32, i32, i64, u64, text, or text-foreign for a text stored in another way
 * than cel_h5_to_bytes() does; SHAPE: "[]", "[n]", "[rows,n]", for texts "[bytes]". In PATH and NAME
 * bytes outside '!'..'~' and '%' itself are written %XX.
 * Returns: (transfer full): the text. Thread-safe: yes.
 */
char *cel_h5_manifest(const CelH5Node *node, const char *path, const char *const *skip);

/** cel_h5_manifest_key: @line: of a manifest, without its end. Returns: (transfer full) (nullable):
 * what the line is about: its kind, path and name without value; NULL when it is no such line. */
char *cel_h5_manifest_key(const char *line);

G_END_DECLS

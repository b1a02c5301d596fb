/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "h5/cel-h5.h"

G_BEGIN_DECLS

/*
 * The content manifest: what a file says, whatever its bytes. It stays the same when the file is
 * packed again (h5repack, other filters, other chunks) and changes with every value, name, shape,
 * type and attribute. It is a text in UTF-8 that can be checked with h5dump and openssl:
 *
 *   celadon-manifest 1
 *   sha256 HEX PATH TYPE SHAPE       one line of each algorithm for every dataset
 *   sm3 HEX PATH TYPE SHAPE
 *   sha256 HEX PATH attributes N     and one of each for every object, the root ("/") too
 *   sm3 HEX PATH attributes N
 *
 * Every line ends with LF. Objects come parent before children, children in the byte order of their
 * names; a dataset's own lines stand before those of its attributes; a group has only the latter.
 *
 * PATH  is absolute. In it every byte of 0x00..0x20, "%" and 0x7f is written %XX (capital hex
 * digits). TYPE  is f64le, f32le, u8, u32le, i32le, i64le, u64le or text; "text-other" is a text
 * that is not stored as Celadon stores it (fixed length, null-padded, UTF-8, as long as the text or
 * 1). SHAPE is "scalar", "N" or "NxM" (rows first). HEX   of a dataset is the digest of what
 * `h5dump -d PATH -b FILE -o f x.h5` writes to f: the little-endian values in order (for numbers
 * and bytes `-b LE` gives the same); the bytes of a text without padding (`-b LE` of h5dump 1.10.8
 * writes nothing for texts). So `openssl dgst -sm3 f` prints it. An empty text is one byte 0x00.
 * HEX   of N attributes is the digest of one line for each, in the byte order of their names:
 *
 *   NAME TYPE COUNT VALUE VALUE ...
 *
 *       each ended by LF, fields parted by one blank. NAME and the values of texts are escaped like
 *       PATH; COUNT is "scalar" or the number of values; a number is the hexadecimal form (small
 *       digits) of its little-endian bytes, so that 0.1 is 9a9999999999b93f. No attributes: no
 * bytes.
 */

/**
 * cel_digest_manifest:
 * @root: a tree, from a file or to be written to one
 * @except: (nullable): absolute paths, NULL-ended, not escaped: objects that are left out with all
 *   that lies below (the manifest itself, signatures over it)
 * Returns: (transfer full): the manifest. Thread-safe: yes.
 */
char *cel_digest_manifest(const CelH5Node *root, const char *const *except);

/**
 * cel_digest_attributes:
 * Returns: (transfer full): the text of @node's attributes, as its digest is made from.
 *   Thread-safe: yes.
 */
char *cel_digest_attributes(const CelH5Node *node);

G_END_DECLS

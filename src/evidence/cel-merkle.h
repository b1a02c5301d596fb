/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Merkle trees of RFC 6962 section 2.1: leaf = H(00 || data), node = H(01 || left || right), split
 * at the largest power of two below n; the tree of nothing is H(""). Pure: no storage, no clock.
 * H is SHA-256 as in the RFC, or SM3 in the same shape. */

enum { CEL_MERKLE_HASH = 32, CEL_MERKLE_MAX_PROOF = 64 };

typedef enum { CEL_MERKLE_SHA256, CEL_MERKLE_SM3, CEL_N_MERKLE } CelMerkleKind;

typedef struct {
    guint8 bytes[CEL_MERKLE_HASH];
} CelMerkleHash;

/** CelMerkleProof: hashes from the leaf's side to the root's, as in the RFC. */
typedef struct {
    guint n;
    CelMerkleHash hashes[CEL_MERKLE_MAX_PROOF];
} CelMerkleProof;

/** cel_merkle_leaf, cel_merkle_node: Returns: their hash. Thread-safe: yes. */
CelMerkleHash cel_merkle_leaf(CelMerkleKind kind, GBytes *data);
CelMerkleHash cel_merkle_node(CelMerkleKind kind, const CelMerkleHash *left,
                              const CelMerkleHash *right);

/**
 * CelMerkleFetch: reads the hash of the complete subtree of @level (0: leaves) that is @index-th of
 * its level: leaves @index << level and following. Returns: FALSE with the error when it cannot.
 */
typedef gboolean (*CelMerkleFetch)(gpointer data, guint level, guint64 index,
                                   CelMerkleHash *out_hash, GError **error);

/** CelMerkleSource: a tree that is stored somewhere by complete subtrees. */
typedef struct {
    CelMerkleKind kind;
    CelMerkleFetch fetch;
    gpointer data;
} CelMerkleSource;

/** cel_merkle_root: root of the first @size leaves; O(log size) fetches. Returns: FALSE with the
 * source's error. */
gboolean cel_merkle_root(const CelMerkleSource *source, guint64 size, CelMerkleHash *out_root,
                         GError **error);

/** cel_merkle_inclusion: @index: of the leaf, from 0. Returns: FALSE with CEL_ERROR_USAGE (index
 * not below size) or the source's error. */
gboolean cel_merkle_inclusion(const CelMerkleSource *source, guint64 index, guint64 size,
                              CelMerkleProof *out_proof, GError **error);

/** cel_merkle_consistency: @old_size: 1..@size. Returns: as cel_merkle_inclusion(). */
gboolean cel_merkle_consistency(const CelMerkleSource *source, guint64 old_size, guint64 size,
                                CelMerkleProof *out_proof, GError **error);

/** cel_merkle_check_inclusion: @leaf: hash of the leaf. Returns: whether @proof leads from it at
 * @index to @root (RFC 9162 section 2.1.3.2). */
gboolean cel_merkle_check_inclusion(CelMerkleKind kind, const CelMerkleHash *leaf, guint64 index,
                                    guint64 size, const CelMerkleProof *proof,
                                    const CelMerkleHash *root);

/** CelMerkleHead: one state of a tree. */
typedef struct {
    guint64 size;
    CelMerkleHash root;
} CelMerkleHead;

/** cel_merkle_check_consistency: Returns: whether @proof shows that the tree of @old is the
 * beginning of the tree of @new_head (RFC 9162 section 2.1.4.2). */
gboolean cel_merkle_check_consistency(CelMerkleKind kind, const CelMerkleHead *old,
                                      const CelMerkleHead *new_head, const CelMerkleProof *proof);

/** cel_merkle_hex: Returns: (transfer full): 64 lower-case digits. */
char *cel_merkle_hex(const CelMerkleHash *hash);
/** cel_merkle_from_hex: Returns: FALSE unless @text is exactly 64 lower-case hex digits. */
gboolean cel_merkle_from_hex(const char *text, CelMerkleHash *out_hash);

G_END_DECLS

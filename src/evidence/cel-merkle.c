/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-merkle.h"

#include "base/cel-error.h"
#include "base/cel-hash.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_STATIC_ASSERT((int)CEL_MERKLE_HASH == (int)CEL_DIGEST_BYTES);

static const char *const algorithms[CEL_N_MERKLE] = {"sha256", "sm3"};
static const guint8 LEAF_MARK = 0x00, NODE_MARK = 0x01; /* RFC 6962 section 2.1 */

static CelMerkleHash digest(CelMerkleKind kind, const CelDigestPart *parts, gsize n)
{
    CelMerkleHash hash;
    if ((guint)kind >= CEL_N_MERKLE || !cel_digest_parts(algorithms[kind], parts, n, hash.bytes))
        g_error("OpenSSL offers neither SHA-256 nor SM3"); /* then nothing here can be proven */
    return hash;
}

CelMerkleHash cel_merkle_leaf(CelMerkleKind kind, GBytes *data)
{
    gsize n = 0;
    const void *bytes = g_bytes_get_data(data, &n);
    return digest(kind, (CelDigestPart[]){{&LEAF_MARK, 1}, {bytes, n}}, 2);
}

CelMerkleHash cel_merkle_node(CelMerkleKind kind, const CelMerkleHash *left,
                              const CelMerkleHash *right)
{
    return digest(kind,
                  (CelDigestPart[]){{&NODE_MARK, 1},
                                    {left->bytes, CEL_MERKLE_HASH},
                                    {right->bytes, CEL_MERKLE_HASH}},
                  3);
}

/* ---- trees and proofs ---- */

/* Leaves @first and following, @n of them. @first is a multiple of the smallest power of two that
 * holds @n, for that is where the RFC splits. */
typedef struct {
    guint64 first, n;
} Range;

static guint level_of(guint64 power)
{
    guint level = 0;
    for (; power > 1; power >>= 1)
        level++;
    return level;
}

/* The largest power of two below @n; @n > 1. */
static guint64 split(guint64 n)
{
    guint64 power = 1;
    while (power <= (n - 1) / 2)
        power *= 2;
    return power;
}

/* Depth of recursion: the number of one-bits of n, at most 64. */
static gboolean root_of(const CelMerkleSource *source, Range range, CelMerkleHash *out,
                        GError **error)
{
    if ((range.n & (range.n - 1)) == 0) {
        const guint level = level_of(range.n);
        return source->fetch(source->data, level, range.first >> level, out, error);
    }
    const guint64 k = split(range.n);
    CelMerkleHash left, right;
    if (!root_of(source, (Range){range.first, k}, &left, error) ||
        !root_of(source, (Range){range.first + k, range.n - k}, &right, error))
        return FALSE;
    *out = cel_merkle_node(source->kind, &left, &right);
    return TRUE;
}

gboolean cel_merkle_root(const CelMerkleSource *source, guint64 size, CelMerkleHash *out_root,
                         GError **error)
{
    if (size > 0)
        return root_of(source, (Range){0, size}, out_root, error);
    *out_root = digest(source->kind, NULL, 0);
    return TRUE;
}

/* Adds the root of @range to the proof; proofs are made from the root's side, so that they are
 * turned round at the end. */
static gboolean add(const CelMerkleSource *source, Range range, CelMerkleProof *proof,
                    GError **error)
{
    g_assert(proof->n < CEL_MERKLE_MAX_PROOF);
    return root_of(source, range, &proof->hashes[proof->n++], error);
}

static void turn_round(CelMerkleProof *proof)
{
    for (guint i = 0; i < proof->n / 2; i++) {
        const CelMerkleHash kept = proof->hashes[i];
        proof->hashes[i] = proof->hashes[proof->n - 1 - i];
        proof->hashes[proof->n - 1 - i] = kept;
    }
}

static gboolean refuse(GError **error)
{
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                        _("There is no such position in the ledger"));
    return FALSE;
}

/* PATH(m, D[n]) of RFC 6962 section 2.1.1. */
gboolean cel_merkle_inclusion(const CelMerkleSource *source, guint64 index, guint64 size,
                              CelMerkleProof *out_proof, GError **error)
{
    if (index >= size)
        return refuse(error);
    Range range = {0, size};
    out_proof->n = 0;
    while (range.n > 1) {
        const guint64 k = split(range.n);
        const Range left = {range.first, k}, right = {range.first + k, range.n - k};
        const gboolean in_left = index < right.first;
        if (!add(source, in_left ? right : left, out_proof, error))
            return FALSE;
        range = in_left ? left : right;
    }
    turn_round(out_proof);
    return TRUE;
}

/* PROOF(m, D[n]) of RFC 6962 section 2.1.2: SUBPROOF's flag is whether the old tree is the whole of
 * what the verifier already has the root of. */
gboolean cel_merkle_consistency(const CelMerkleSource *source, guint64 old_size, guint64 size,
                                CelMerkleProof *out_proof, GError **error)
{
    if (old_size == 0 || old_size > size)
        return refuse(error);
    Range range = {0, size};
    guint64 m = old_size;
    gboolean known = TRUE;
    out_proof->n = 0;
    while (m < range.n) {
        const guint64 k = split(range.n);
        const Range left = {range.first, k}, right = {range.first + k, range.n - k};
        const gboolean in_left = m <= k;
        if (!add(source, in_left ? right : left, out_proof, error))
            return FALSE;
        known = known && in_left;
        m = in_left ? m : m - k;
        range = in_left ? left : right;
    }
    if (!known && !add(source, range, out_proof, error))
        return FALSE;
    turn_round(out_proof);
    return TRUE;
}

/* ---- checking ---- */

static gboolean same(const CelMerkleHash *a, const CelMerkleHash *b)
{
    return memcmp(a->bytes, b->bytes, CEL_MERKLE_HASH) == 0;
}

/* RFC 9162 section 2.1.3.2. */
gboolean cel_merkle_check_inclusion(CelMerkleKind kind, const CelMerkleHash *leaf, guint64 index,
                                    guint64 size, const CelMerkleProof *proof,
                                    const CelMerkleHash *root)
{
    if (index >= size || proof->n > CEL_MERKLE_MAX_PROOF)
        return FALSE;
    guint64 fn = index, sn = size - 1;
    CelMerkleHash r = *leaf;
    for (guint i = 0; i < proof->n; i++) {
        const CelMerkleHash *p = &proof->hashes[i];
        if (sn == 0)
            return FALSE;
        if ((fn & 1) == 1 || fn == sn) {
            r = cel_merkle_node(kind, p, &r);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            r = cel_merkle_node(kind, &r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && same(&r, root);
}

/* Steps 3 to 7 of RFC 9162 section 2.1.4.2; @rest begins behind the first hash @first. */
static gboolean climb(CelMerkleKind kind, const CelMerkleHead *old, const CelMerkleHead *new_head,
                      const CelMerkleHash *first, const CelMerkleHash *rest, guint n_rest)
{
    guint64 fn = old->size - 1, sn = new_head->size - 1;
    for (; (fn & 1) == 1; fn >>= 1)
        sn >>= 1;
    CelMerkleHash fr = *first, sr = *first;
    for (guint i = 0; i < n_rest; i++) {
        const CelMerkleHash *c = &rest[i];
        if (sn == 0)
            return FALSE;
        if ((fn & 1) == 1 || fn == sn) {
            fr = cel_merkle_node(kind, c, &fr);
            sr = cel_merkle_node(kind, c, &sr);
            for (; (fn & 1) == 0 && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            sr = cel_merkle_node(kind, &sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && same(&fr, &old->root) && same(&sr, &new_head->root);
}

gboolean cel_merkle_check_consistency(CelMerkleKind kind, const CelMerkleHead *old,
                                      const CelMerkleHead *new_head, const CelMerkleProof *proof)
{
    if (old->size == 0 || old->size > new_head->size || proof->n > CEL_MERKLE_MAX_PROOF)
        return FALSE;
    if (old->size == new_head->size)
        return proof->n == 0 && same(&old->root, &new_head->root);
    /* The root of a complete old tree is not repeated in the proof. */
    if ((old->size & (old->size - 1)) == 0)
        return climb(kind, old, new_head, &old->root, proof->hashes, proof->n);
    return proof->n > 0 &&
           climb(kind, old, new_head, &proof->hashes[0], proof->hashes + 1, proof->n - 1);
}

char *cel_merkle_hex(const CelMerkleHash *hash)
{
    return cel_hex_write(hash->bytes, CEL_MERKLE_HASH);
}

gboolean cel_merkle_from_hex(const char *text, CelMerkleHash *out_hash)
{
    return cel_hex_read(text, out_hash->bytes, CEL_MERKLE_HASH);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-event.h"
#include "evidence/cel-merkle.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The place of a seal in a ledger, as docs/ledger.md describes it: event, proof, head. */

/** CelProof: that the leaf @seq stands in the tree of @size with these roots. */
typedef struct {
    char ledger_id[33]; /* 32 hex digits */
    guint64 seq;        /* of the event, from 1 */
    guint64 size;       /* of the tree the paths lead to, >= seq */
    CelMerkleHash root[CEL_N_MERKLE];
    CelMerkleProof path[CEL_N_MERKLE];
} CelProof;

/** cel_proof_write: Returns: (transfer full): @proof in canonical JSON:
 * {kind:"proof",ledger,path{sha256[],sm3[]},root{sha256,sm3},seq,size,v:1}. */
GBytes *cel_proof_write(const CelProof *proof);

/** cel_proof_read: @bytes: untrusted. Returns: FALSE with CEL_ERROR_INPUT when it is not what
 * cel_proof_write() gives. Whether it holds is asked with cel_proof_holds(). */
gboolean cel_proof_read(GBytes *bytes, CelProof *out, GError **error);

/** cel_proof_holds: Returns: whether both paths lead from @event to the roots. */
gboolean cel_proof_holds(const CelProof *proof, GBytes *event);

/** cel_merkle_proof_read: @path: of an array of hashes in @object, untrusted. Returns: FALSE unless
 * it is one of at most CEL_MERKLE_MAX_PROOF. */
gboolean cel_merkle_proof_read(JsonObject *object, const char *path, CelMerkleProof *out);

/** CelHead: what a head states. */
typedef struct {
    char ledger_id[33];
    guint64 size;
    CelMerkleHash root[CEL_N_MERKLE];
    gint64 wall_us;
} CelHead;

/** cel_head_read: @bytes: untrusted record {v:1,kind:"head",ledger,size,root,t_wall,t_wall_us};
 * signatures are not looked at. Returns: FALSE with CEL_ERROR_INPUT. */
gboolean cel_head_read(GBytes *bytes, CelHead *out, GError **error);

/** CelSealPlace: where a ledger has the event of a seal; all borrowed. */
typedef struct {
    CelProof proof;
    GBytes *event;                           /* canonical record; names fid and manifest */
    GBytes *event_signatures[CEL_N_SIGNERS]; /* by the person who seals */
    GBytes *head;                            /* (nullable): of exactly @proof.size */
    GBytes *head_signatures[CEL_N_SIGNERS], *head_certificates[CEL_N_SIGNERS]; /* (nullable) */
    GBytes *roots; /* (nullable): PEM of the lab's root certificates, for those who look by hand */
} CelSealPlace;

/**
 * cel_seal_place_check:
 * @fid, @manifest: of what is sealed
 * Returns: FALSE with CEL_ERROR_USAGE unless the event names both, the proof leads from it to its
 *   roots and the head (when there is one) is of that tree.
 */
gboolean cel_seal_place_check(const CelSealPlace *place, const char *fid,
                              const CelDigestPair *manifest, GError **error);

G_END_DECLS

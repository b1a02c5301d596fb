/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-place.h"

G_BEGIN_DECLS

/* What a ledger or a case bundle at hand says about one sealed file, and what the heads say that
 * others keep. Nothing in it is trusted: the verification checks every proof. */

/** CelWitnessEvent: one event that names the file. */
typedef struct {
    guint64 seq;
    GBytes *record;
    CelMerkleProof path; /* inclusion in the ledger's present tree, SHA-256 */
} CelWitnessEvent;

/** CelKeptHead: a head from outside the ledger: a paper's QR code, a day sheet, another machine. */
typedef struct {
    guint64 size;
    CelMerkleHash root;  /* SHA-256 */
    gboolean has_path;   /* a path to the tree of the ledger at hand could be had */
    CelMerkleProof path; /* consistency, SHA-256 */
} CelKeptHead;

/** CelWitness: one owner. */
typedef struct {
    char ledger_id[33];                       /* of the ledger at hand, "" when there is none */
    guint64 size;                             /* its events now */
    CelMerkleHash root[CEL_N_MERKLE];         /* of these */
    guint64 from_size;                        /* the file's proof is of this size; 0: none */
    CelMerkleProof consistency[CEL_N_MERKLE]; /* from @from_size to @size */
    GPtrArray *events;                        /* (element-type CelWitnessEvent), ascending */
    GArray *kept;                             /* CelKeptHead */
} CelWitness;

/** cel_witness_new: Returns: (transfer full): that knows nothing. */
CelWitness *cel_witness_new(void);
/** cel_witness_free: @witness: (nullable) */
void cel_witness_free(CelWitness *witness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelWitness, cel_witness_free)

/** cel_witness_add_event: @event: copied; in ascending order of seq. */
void cel_witness_add_event(CelWitness *witness, const CelWitnessEvent *event);

/** cel_witness_keep: @text: "SIZE:ROOT", ROOT in 64 hex digits (SHA-256), as printed on papers.
 * Returns: FALSE with CEL_ERROR_USAGE. */
gboolean cel_witness_keep(CelWitness *witness, const char *text, GError **error);

/** cel_witness_write: Returns: (transfer full): @witness without the kept heads in canonical JSON,
 * for a case bundle. */
GBytes *cel_witness_write(const CelWitness *witness);

/** cel_witness_read: @bytes: untrusted. Returns: (transfer full), or NULL with CEL_ERROR_INPUT. */
CelWitness *cel_witness_read(GBytes *bytes, GError **error);

G_END_DECLS

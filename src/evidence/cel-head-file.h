/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-place.h"
#include "evidence/cel-statement.h"

G_BEGIN_DECLS

/* A ledger's signed head as a file that leaves the lab, and the word of another machine that it saw
 * it. A machine that countersigns keeps the last head of each ledger and signs only one that
 * continues it, so that its signature means: nothing was taken away since. */

/** CelHeadParts: what a head file is made of; borrowed. */
typedef struct {
    GBytes *record;                                  /* canonical JSON of kind "head" */
    GBytes *const *signatures, *const *certificates; /* CEL_N_SIGNERS each; NULL: not signed so */
    guint64 from_size;                               /* the path begins there; 0: no path */
    const CelMerkleProof *path;                      /* CEL_N_MERKLE: consistency to this head */
} CelHeadParts;

/** cel_head_file_write: Returns: (transfer full): the file's text, or NULL with CEL_ERROR_INPUT. */
GBytes *cel_head_file_write(const CelHeadParts *parts, GError **error);

/** CelHeadFile: a head file, read. Whether its signer is the lab's ledger is
 * cel_statement_judge()'s to say. */
typedef struct {
    CelStatement *statement;
    CelHead is; /* what it states; the time is by the lab's own clock */
    guint64 from_size;
    CelMerkleProof path[CEL_N_MERKLE];
} CelHeadFile;

/** cel_head_file_free: @head: (nullable) */
void cel_head_file_free(CelHeadFile *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelHeadFile, cel_head_file_free)

/** cel_head_file_read: @bytes: untrusted. Returns: (transfer full), or NULL with CEL_ERROR_INPUT:
 * no head file, or a signature that does not hold. */
CelHeadFile *cel_head_file_read(GBytes *bytes, GError **error);

/** cel_head_file_follows: Returns: FALSE with CEL_ERROR_POLICY unless @head is @last or its path
 * shows that it grew out of it: another ledger, a shorter one, other events, no path. */
gboolean cel_head_file_follows(const CelHeadFile *head, const CelHeadFile *last, GError **error);

/**
 * cel_head_file_countersign:
 * @key: of a device or of another ledger
 * Returns: (transfer full): the countersignature's text, or NULL with CEL_ERROR_POLICY (@key has
 *   another role, or signed the head itself) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_head_file_countersign(const CelHeadFile *head, CelKey *key, gint64 wall_us,
                                  GError **error);

/** CelCountersign: another machine's word, read. */
typedef struct {
    CelStatement *statement;
    gint64 wall_us; /* by that machine's clock */
} CelCountersign;

/** cel_countersign_free: @countersign: (nullable) */
void cel_countersign_free(CelCountersign *countersign);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelCountersign, cel_countersign_free)

/** cel_countersign_read: @bytes: untrusted. Returns: (transfer full), or NULL with CEL_ERROR_INPUT:
 * none, its signature does not hold, or it is over another head than @head. Who signed is
 * cel_statement_judge()'s to say. */
CelCountersign *cel_countersign_read(GBytes *bytes, const CelHeadFile *head, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-event.h"
#include "evidence/cel-trust.h"

G_BEGIN_DECLS

/* An event as it is kept: its bytes with the signatures over them, in a ledger's row or as one line
 * of custody.jsonl in a bundle. */

/** CelLedgerSignature: one signature over an event's bytes. */
typedef struct {
    gboolean second; /* the second person's, else the operator's */
    CelSigner signer;
    GBytes *signature, *certificate; /* DER or raw; DER */
} CelLedgerSignature;

/** CelLedgerEntry: one event as stored. */
typedef struct {
    guint64 seq;
    GBytes *record;
    GPtrArray *signatures; /* (element-type CelLedgerSignature) */
} CelLedgerEntry;

/** cel_ledger_entry_new: Returns: (transfer full): @record at @seq without signatures. */
CelLedgerEntry *cel_ledger_entry_new(GBytes *record, guint64 seq);
/** cel_ledger_entry_free: @entry: (nullable) */
void cel_ledger_entry_free(CelLedgerEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelLedgerEntry, cel_ledger_entry_free)

/** cel_entry_sign: @record: (transfer none): of cel_event_write(). Returns: (transfer full): with
 * the signatures of every signer that @signers hold, or NULL with CEL_ERROR_SYSTEM. */
CelLedgerEntry *cel_entry_sign(GBytes *record, guint64 seq, const CelEventSigners *signers,
                               GError **error);

/** cel_entry_add: adds a copy of @signature with references of its own. */
void cel_entry_add(CelLedgerEntry *entry, const CelLedgerSignature *signature);

/**
 * cel_entry_write:
 * Returns: (transfer full): the entry as one line of canonical JSON without a line end: kind
 *   "entry", the record as text, signatures and certificates in base64.
 */
char *cel_entry_write(const CelLedgerEntry *entry, GError **error);

/** cel_entry_read: @line: untrusted, @length bytes. Returns: (transfer full), or NULL with
 * CEL_ERROR_INPUT: not such a line, or no well-formed event in it. Signatures are not looked at. */
CelLedgerEntry *cel_entry_read(const char *line, gsize length, GError **error);

/** cel_entry_check_signatures: the first half of cel_entry_check(): nothing is said of the
 * certificates but that they are the named ones. */
gboolean cel_entry_check_signatures(const CelLedgerEntry *entry, JsonObject *event, GError **error);

/** cel_entry_vouched: @seq: the position in the ledger that keeps the revocations. Returns: FALSE
 * with CEL_ERROR_INPUT unless @trust vouches for every signer of @entry there. */
gboolean cel_entry_vouched(const CelLedgerEntry *entry, JsonObject *event, const CelTrust *trust,
                           guint64 seq, GError **error);

/**
 * cel_entry_check:
 * @event: the entry's record, read
 * @trust: (nullable): without it certificates need only hold in themselves
 * Whether every certificate that the record names is there with its signature over exactly these
 * bytes, no other signature is, and each certificate is vouched for at this position.
 * Returns: FALSE with CEL_ERROR_INPUT that says what is wrong. Thread-safe: yes.
 */
gboolean cel_entry_check(const CelLedgerEntry *entry, JsonObject *event, const CelTrust *trust,
                         GError **error);

G_END_DECLS

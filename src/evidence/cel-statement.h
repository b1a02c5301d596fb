/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-trust.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A signed statement that stands in a file of its own (a profile, revocations, a countersignature):
 * canonical JSON {"body":{"kind":...,"v":1,...},"signatures":{"sm2":{"certificate","signature"},
 * ...}}, the two in base64. Signed are the body's canonical bytes; as the whole text is canonical,
 * these are the very bytes that stand in it. */

enum { CEL_STATEMENT_VERSION = 1, CEL_STATEMENT_MAX_BYTES = 1024 * 1024 };

/** CelStatement: one, read; nobody has judged its signers yet. */
typedef struct {
    JsonNode *body; /* an object */
    GBytes *bytes;  /* its canonical text, which is what is signed */
    GBytes *signatures[CEL_N_SIGNERS], *certificates[CEL_N_SIGNERS]; /* NULL: not signed so */
    CelCertificate signer; /* what the first certificate says; all name the same holder */
} CelStatement;

/** cel_statement_free: @statement: (nullable) */
void cel_statement_free(CelStatement *statement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelStatement, cel_statement_free)

/**
 * cel_statement_sign:
 * @body: an object; "kind" and "v" are set in it
 * Signs with every signer that @key holds.
 * Returns: (transfer full): the statement's text, or NULL with CEL_ERROR_INPUT (@body has no
 *   canonical form) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_statement_sign(JsonObject *body, const char *kind, CelKey *key, GError **error);

/** cel_statement_join: @body: canonical; @signatures, @certificates: CEL_N_SIGNERS each, NULL where
 * it is not signed so. Returns: (transfer full): the statement of parts that were signed elsewhere,
 * or NULL with CEL_ERROR_INPUT. Nothing is verified. */
JsonNode *cel_statement_join(GBytes *body, GBytes *const *signatures, GBytes *const *certificates,
                             GError **error);

/**
 * cel_statement_read:
 * @bytes: untrusted; @kind: that is expected
 * Returns: (transfer full), or NULL with CEL_ERROR_INPUT unless it is canonical, of that kind and
 *   of a known version, signed at least once, and every signature in it holds. Thread-safe: yes.
 */
CelStatement *cel_statement_read(GBytes *bytes, const char *kind, GError **error);

/**
 * cel_statement_judge:
 * @seq, @wall_us: as in CelTrustQuestion
 * Returns: CEL_TRUST_VOUCHED when every certificate in it is; else the first other state.
 */
CelTrustState cel_statement_judge(const CelStatement *statement, const CelTrust *trust, guint64 seq,
                                  gint64 wall_us);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"

G_BEGIN_DECLS

/* Whom a lab vouches for: its root certificates, the roles it gives, what it took back and from
 * which position of its ledger on. Positions decide, never clocks. */

/** CelRole: what a certificate's holder is, stated by the lab in the certificate (subject OU). */
typedef enum {
    CEL_ROLE_NONE, /* self-signed: nobody vouches */
    CEL_ROLE_OFFICER,
    CEL_ROLE_TECHNICIAN,
    CEL_ROLE_REVIEWER,
    CEL_ROLE_LAB_HEAD,
    CEL_ROLE_DEVICE,
    CEL_ROLE_LEDGER,
    CEL_ROLE_LAB, /* the root itself */
    CEL_N_ROLES,
} CelRole;

/** cel_role_id: Returns: "none", "officer", "technician", "reviewer", "lab-head", "device",
 * "ledger", "lab". */
const char *cel_role_id(CelRole role);
/** cel_role_from_id: Returns: FALSE when @id is none of them. */
gboolean cel_role_from_id(const char *id, CelRole *out_role);

/** CelTrust: roots and revocations; filled by one thread, then read by any. */
typedef struct CelTrust CelTrust;

/** cel_trust_new: Returns: (transfer full): nobody is trusted yet. */
CelTrust *cel_trust_new(void);
/** cel_trust_free: @trust: (nullable) */
void cel_trust_free(CelTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelTrust, cel_trust_free)

/** cel_trust_add_roots: @pem: untrusted text of one or more certificates. Returns: FALSE with
 * CEL_ERROR_INPUT when one is not a lab's root; then nothing was added. */
gboolean cel_trust_add_roots(CelTrust *trust, GBytes *pem, GError **error);

/** cel_trust_revoke: certificates of this SHA-256 (of the DER) are void from ledger position
 * @from_seq on; the earliest one counts. */
void cel_trust_revoke(CelTrust *trust, const char *cert_sha256, guint64 from_seq);

/** CelTrustState of one certificate at one position. */
typedef enum {
    CEL_TRUST_VOUCHED,     /* chain to a root holds, in time, not revoked before */
    CEL_TRUST_SELF_SIGNED, /* only itself */
    CEL_TRUST_UNKNOWN_LAB, /* chain to a root that was not given */
    CEL_TRUST_REVOKED,     /* before the position */
    CEL_TRUST_OUT_OF_TIME, /* not valid at the record's own time */
    CEL_TRUST_BROKEN,      /* a signature in the chain does not hold */
} CelTrustState;

/** CelTrustQuestion: all borrowed. */
typedef struct {
    CelSigner signer;
    GBytes *certificate; /* DER, untrusted */
    guint64 seq;         /* position in the ledger; 0: not known, then a revoked one is REVOKED */
    gint64 wall_us;      /* the record's time; 0: not asked */
} CelTrustQuestion;

/**
 * cel_trust_judge:
 * @trust: (nullable): none
 * @out_certificate: (out) (optional): to be cleared; what it says of itself
 * Returns: the state; CEL_TRUST_BROKEN also for what is no certificate. Thread-safe: yes.
 */
CelTrustState cel_trust_judge(const CelTrust *trust, const CelTrustQuestion *question,
                              CelCertificate *out_certificate);

G_END_DECLS

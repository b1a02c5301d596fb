/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"

G_BEGIN_DECLS

/* The lab as issuer of certificates: its root key states who somebody is in the lab. What it takes
 * back is an event of the ledger (cel_trust_revoke()), never a list with dates. */

enum { CEL_CA_DAYS = 2 * 365, CEL_CA_MAX_DAYS = 10 * 365 };

/** CelCaTerms: what the lab vouches for; borrowed. */
typedef struct {
    CelRole role; /* any but CEL_ROLE_NONE and CEL_ROLE_LAB */
    const char
        *person_id; /* number in the lab, 1..64 of A-Z a-z 0-9 and - . / ; needed for persons */
    guint days; /* of validity, 1..CEL_CA_MAX_DAYS; 0: CEL_CA_DAYS; never beyond the root's end */
} CelCaTerms;

/**
 * cel_ca_issue:
 * @root: a lab's root
 * @certificate: DER of the kind of @signer, untrusted: its name and public key are taken over
 * Returns: (transfer full): DER of the lab's certificate, or NULL with CEL_ERROR_POLICY (@root is
 *   no root or out of its time, the certificate is another root), CEL_ERROR_USAGE (terms),
 *   CEL_ERROR_INPUT (not a certificate of its own key) or CEL_ERROR_SYSTEM.
 */
GBytes *cel_ca_issue(CelKey *root, CelSigner signer, GBytes *certificate, const CelCaTerms *terms,
                     GError **error);

/**
 * cel_ca_certify:
 * @key: whose certificates are replaced by the lab's, in memory; save it to keep them
 * Returns: FALSE with the errors of cel_ca_issue(); then @key is unchanged.
 */
gboolean cel_ca_certify(CelKey *root, CelKey *key, const CelCaTerms *terms, GError **error);

/** cel_ca_roots: Returns: (transfer full): PEM of @root's certificates, for cel_trust_add_roots(),
 * or NULL with CEL_ERROR_SYSTEM. */
GBytes *cel_ca_roots(CelKey *root, GError **error);

G_END_DECLS

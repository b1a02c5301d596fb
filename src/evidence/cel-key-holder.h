/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-ca.h"

G_BEGIN_DECLS

/* Key files from outside, without their passphrase: whose they are, and the way of certificates
 * between a person and the lab. A key never travels: its certificates go to the lab, and come back
 * certified. */

/** CelKeyHolder: what a file of keys or certificates says of its holder. */
typedef struct {
    CelCertificate about;
    char sha256[CEL_N_SIGNERS][65]; /* of each certificate's DER, hex; "" where there is none */
    gboolean has_keys;              /* a key file; else certificates alone */
} CelKeyHolder;

/** cel_key_holder_clear: frees what is in @holder. */
void cel_key_holder_clear(CelKeyHolder *holder);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelKeyHolder, cel_key_holder_clear)

/** cel_key_holder_read: @pem: of a key file or of certificates, untrusted. Returns: FALSE with
 * CEL_ERROR_INPUT. @out: zeroed; to be cleared. */
gboolean cel_key_holder_read(GBytes *pem, CelKeyHolder *out, GError **error);

/** cel_key_holder_public: Returns: (transfer full): the certificates of @pem alone, PEM, or NULL
 * with CEL_ERROR_INPUT. */
GBytes *cel_key_holder_public(GBytes *pem, GError **error);

/**
 * cel_key_holder_certify:
 * @pem: of a key file or of certificates, untrusted
 * Returns: (transfer full): the same with the lab's certificates in the place of its own and the
 *   lab's roots behind them; what is encrypted in it stays as it is. NULL with the errors of
 *   cel_ca_issue().
 */
GBytes *cel_key_holder_certify(CelKey *root, GBytes *pem, const CelCaTerms *terms, GError **error);

/**
 * cel_key_holder_install:
 * @key_pem: of a key file; @certificates_pem: what cel_key_holder_certify() gave
 * Returns: (transfer full): the key file with these certificates, or NULL with CEL_ERROR_INPUT when
 *   they are of another key.
 */
GBytes *cel_key_holder_install(GBytes *key_pem, GBytes *certificates_pem, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-certificate.h"

G_BEGIN_DECLS

/* Inside of a key; for the files of this room that make, store and certify keys. */

struct CelKey {
    CelCertificate about; /* what the certificates say alike */
    EVP_PKEY *keys[CEL_N_SIGNERS];
    X509 *certificates[CEL_N_SIGNERS];
    X509 *issuers[CEL_N_SIGNERS]; /* the lab's roots; NULL: self-signed */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)

/** cel_keys_use_secure_heap: from then on OpenSSL keeps private numbers in locked memory; to be
 * called before any is made or read. Thread-safe: yes. */
void cel_keys_use_secure_heap(void);

/** cel_keys_check: fills @key->about. Returns: FALSE with CEL_ERROR_INPUT unless each certificate
 * fits its key and its issuer, and all say the same of their holder. */
gboolean cel_keys_check(CelKey *key, GError **error);

G_END_DECLS

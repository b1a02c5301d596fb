/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* X.509 around the keys: private to this room, so that nobody else sees OpenSSL. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

/** cel_openssl_fail: @code of CelError; @what: translated. Sets @error to @what with OpenSSL's
 * newest reason behind it, and empties OpenSSL's error queue. Thread-safe: yes. */
void cel_openssl_fail(GError **error, int code, const char *what);

/** cel_signature_context: @sign: else verify. Returns: (transfer full): a context for the one-shot
 * EVP_DigestSign()/EVP_DigestVerify() with @key: SM3 and CEL_SM2_DEFAULT_ID for SM2, plain for
 * Ed25519; NULL when @key is not of the kind of @signer. */
EVP_MD_CTX *cel_signature_context(CelSigner signer, EVP_PKEY *key, gboolean sign);

/** cel_certificate_make: Returns: (transfer full): a self-signed certificate of @key, valid from
 * now for five years; NULL with CEL_ERROR_SYSTEM. */
X509 *cel_certificate_make(CelSigner signer, EVP_PKEY *key, const char *person, gboolean training,
                           GError **error);

/** cel_certificate_parse: @der: untrusted. Returns: (transfer full), or NULL with CEL_ERROR_INPUT
 * when it is not exactly one certificate. */
X509 *cel_certificate_parse(GBytes *der, GError **error);

/** cel_certificate_check: Returns: FALSE with CEL_ERROR_INPUT unless @certificate holds a key of
 * the kind of @signer and is signed with that key, SM2 with CEL_SM2_DEFAULT_ID. */
gboolean cel_certificate_check(CelSigner signer, X509 *certificate, GError **error);

/** cel_certificate_read: @out: to be cleared by the caller. Returns: FALSE with CEL_ERROR_INPUT
 * when the certificate does not name exactly one person. */
gboolean cel_certificate_read(X509 *certificate, CelCertificate *out, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-keys.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* X.509 around the keys: private to this room, so that nobody else sees OpenSSL. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

#define CEL_TRAINING_UNIT "TRAINING" /* subject OU of a key that seals training records only */

/** cel_openssl_fail: @code of CelError; @what: translated. Sets @error to @what with OpenSSL's
 * newest reason behind it, and empties OpenSSL's error queue. Thread-safe: yes. */
void cel_openssl_fail(GError **error, int code, const char *what);

/** cel_signature_context: @sign: else verify. Returns: (transfer full): a context for the one-shot
 * EVP_DigestSign()/EVP_DigestVerify() with @key: SM3 and CEL_SM2_DEFAULT_ID for SM2, plain for
 * Ed25519; NULL when @key is not of the kind of @signer. */
EVP_MD_CTX *cel_signature_context(CelSigner signer, EVP_PKEY *key, gboolean sign);

/** CelCertificateOrder: what a certificate shall say; all borrowed. */
typedef struct {
    const char *person;    /* subject CN */
    const char *person_id; /* (nullable): subject serialNumber */
    CelRole role;          /* subject OU; CEL_ROLE_LAB makes a root that may issue */
    gboolean training;     /* subject OU=TRAINING */
    guint days;            /* of validity, from now; cut at the issuer's own end */
} CelCertificateOrder;

/** CelCertificateIssuer: who signs it; NULL pointers: the key itself. */
typedef struct {
    X509 *certificate;
    EVP_PKEY *key; /* private */
} CelCertificateIssuer;

/** cel_certificate_make: @subject: its public half goes into the certificate; the private one signs
 * when there is no @issuer. Returns: (transfer full), or NULL with CEL_ERROR_SYSTEM. */
X509 *cel_certificate_make(CelSigner signer, EVP_PKEY *subject, const CelCertificateOrder *order,
                           const CelCertificateIssuer *issuer, GError **error);

/** cel_certificate_with_signature: Returns: (transfer full): @certificate with @signature in the
 * place of its own, or NULL with CEL_ERROR_SYSTEM. */
X509 *cel_certificate_with_signature(X509 *certificate, GBytes *signature, GError **error);

/** cel_certificate_parse: @der: untrusted. Returns: (transfer full), or NULL with CEL_ERROR_INPUT
 * when it is not exactly one certificate. */
X509 *cel_certificate_parse(GBytes *der, GError **error);

/** cel_certificate_check: Returns: FALSE with CEL_ERROR_INPUT unless @certificate holds a key of
 * the kind of @signer and, when it is self-signed, is signed with that key. */
gboolean cel_certificate_check(CelSigner signer, X509 *certificate, GError **error);

/** cel_certificate_self_signed: Returns: whether it names nobody else's key as its issuer's. */
gboolean cel_certificate_self_signed(X509 *certificate);

/** cel_certificate_is_root: Returns: whether it is a lab's root: self-signed, of the role "lab",
 * and entitled to issue (basicConstraints CA, keyCertSign). Its signature is not looked at. */
gboolean cel_certificate_is_root(X509 *certificate);

/** cel_certificate_issued_by: Returns: whether the signature of @certificate holds under the key of
 * @root, SM2 with CEL_SM2_DEFAULT_ID. */
gboolean cel_certificate_issued_by(X509 *certificate, X509 *root);

/** cel_certificate_der: Returns: (transfer full): DER, or NULL with CEL_ERROR_SYSTEM. */
GBytes *cel_certificate_der(X509 *certificate, GError **error);

/** cel_certificate_read: @out: to be cleared by the caller. Returns: FALSE with CEL_ERROR_INPUT
 * when the certificate does not name exactly one person. */
gboolean cel_certificate_read(X509 *certificate, CelCertificate *out, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-hash.h"

G_BEGIN_DECLS

/** CelKey: one person's signing keys: SM2 (signed with SM3 and an explicit signer ID) and Ed25519,
 * each with a certificate. Secrets live in locked memory and are wiped. */
typedef struct CelKey CelKey;

#define CEL_SM2_DEFAULT_ID "1234567812345678" /* GM/T 0009-2012 */

/**
 * cel_key_generate:
 * @person: name as it shall stand in the certificate, UTF-8, 1..64 characters
 * @training: the certificates say TRAINING and no lab accepts them for evidence
 * Returns: (transfer full): new keys with self-signed certificates, or NULL with CEL_ERROR_SYSTEM.
 */
CelKey *cel_key_generate(const char *person, gboolean training, GError **error);

/** cel_key_save: one PEM file, mode 0600: certificates and PKCS#8 keys encrypted with scrypt and
 * AES-256 under @passphrase (at least 8 bytes). Returns: FALSE with CEL_ERROR_USAGE, _SYSTEM. */
gboolean cel_key_save(CelKey *key, const char *path, const char *passphrase, GError **error);

/** cel_key_load: Returns: (transfer full), or NULL with CEL_ERROR_POLICY (wrong passphrase) or
 * CEL_ERROR_INPUT (not a key file). */
CelKey *cel_key_load(const char *path, const char *passphrase, GError **error);

void cel_key_free(CelKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelKey, cel_key_free)

const char *cel_key_person(const CelKey *key);
gboolean cel_key_is_training(const CelKey *key);

typedef enum { CEL_SIGN_SM2, CEL_SIGN_ED25519, CEL_N_SIGNERS } CelSigner;
const char *cel_signer_name(CelSigner signer); /* "sm2", "ed25519" */

/** cel_key_sign: Returns: (transfer full): the signature of @data (DER for SM2, raw 64 bytes for
 * Ed25519), or NULL with CEL_ERROR_SYSTEM. */
GBytes *cel_key_sign(CelKey *key, CelSigner signer, GBytes *data, GError **error);
/** cel_key_certificate: Returns: (transfer full): DER. */
GBytes *cel_key_certificate(CelKey *key, CelSigner signer, GError **error);

/** cel_signature_verify: @certificate: DER. @out_person: (transfer full): subject.
 * Returns: FALSE with CEL_ERROR_INPUT when it does not verify. */
gboolean cel_signature_verify(CelSigner signer, GBytes *certificate, GBytes *data,
                              GBytes *signature, char **out_person, gboolean *out_training,
                              GError **error);

G_END_DECLS

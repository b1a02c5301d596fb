/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-certificate.h"

G_BEGIN_DECLS

/* Inside of a key; for the files of this room that make, store and certify keys. */

/** CelKeyStore: where a private key is; the table of them is in cel-key-store.c. What is
 * @secret: the store's own. */
typedef struct {
    const char *block; /* name of its block in a key file */
    /** open: @stored: the block's bytes, untrusted. Returns: (transfer full): the secret, or NULL
     * with CEL_ERROR_POLICY (wrong passphrase), CEL_ERROR_INPUT, CEL_ERROR_DEVICE (token). */
    gpointer (*open)(CelSigner signer, GBytes *stored, const char *passphrase, GError **error);
    /** save: Returns: (transfer full): the block's bytes, or NULL with CEL_ERROR_SYSTEM. */
    GBytes *(*save)(gpointer secret, const char *passphrase, GError **error);
    /** fits: Returns: FALSE with CEL_ERROR_INPUT unless it is the private half of @certificate. */
    gboolean (*fits)(gpointer secret, CelSigner signer, X509 *certificate, GError **error);
    /** sign: Returns: (transfer full): or NULL with CEL_ERROR_SYSTEM, CEL_ERROR_DEVICE. */
    GBytes *(*sign)(gpointer secret, CelSigner signer, GBytes *data, GError **error);
    void (*free)(gpointer secret);
} CelKeyStore;

extern const CelKeyStore cel_key_store_file;  /* the secret is an EVP_PKEY */
extern const CelKeyStore cel_key_store_token; /* the secret is a CelToken */

/** cel_key_store_of_block: Returns: (nullable): the store whose blocks are called @name. */
const CelKeyStore *cel_key_store_of_block(const char *name);

/** CelKeySlot: one signer of a key; empty when .store is NULL. */
typedef struct {
    const CelKeyStore *store;
    gpointer secret;
    X509 *certificate;
    X509 *issuer; /* the lab's root; NULL: self-signed */
} CelKeySlot;

struct CelKey {
    CelCertificate about; /* what the certificates say alike */
    CelKeySlot slots[CEL_N_SIGNERS];
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)

/** cel_keys_use_secure_heap: from then on OpenSSL keeps private numbers in locked memory; to be
 * called before any is made or read. Thread-safe: yes. */
void cel_keys_use_secure_heap(void);

enum { CEL_KEY_DAYS = 5 * 365 + 1 }; /* of validity of a self-signed certificate */

/** cel_keys_check_person: Returns: FALSE with CEL_ERROR_USAGE when @person cannot stand in a
 * certificate. */
gboolean cel_keys_check_person(const char *person, GError **error);

/** cel_keys_self_sign: @slot: with its store and secret; @subject: its public half. Returns:
 * (transfer full): a certificate of @order signed by the secret itself, wherever that is; NULL with
 * the error. */
X509 *cel_keys_self_sign(const CelKeySlot *slot, CelSigner signer, EVP_PKEY *subject,
                         const CelCertificateOrder *order, GError **error);

/** cel_keys_check: fills @key->about. Returns: FALSE with CEL_ERROR_INPUT unless each certificate
 * fits its key and its issuer, and all say the same of their holder. */
gboolean cel_keys_check(CelKey *key, GError **error);

/** cel_keys_same_holder: Returns: whether both certificates say the same of their holder. */
gboolean cel_keys_same_holder(const CelCertificate *a, const CelCertificate *b);

/** CelKeyFile: a key file, taken apart; the secrets are still closed. A file of certificates alone
 * has no stores. */
typedef struct {
    struct {
        const CelKeyStore *store;
        GBytes *stored;
        X509 *certificate, *issuer;
    } parts[CEL_N_SIGNERS];
} CelKeyFile;

/** cel_key_file_parse: @out: zeroed. Returns: FALSE with CEL_ERROR_INPUT: not PEM of certificates
 * and secrets of the known stores in the order of cel_key_file_print(). */
gboolean cel_key_file_parse(GBytes *pem, CelKeyFile *out, GError **error);
/** cel_key_file_print: each certificate with its secret behind it, then the lab's roots. Returns:
 * (transfer full): PEM, or NULL with CEL_ERROR_SYSTEM. */
GBytes *cel_key_file_print(const CelKeyFile *file, GError **error);
/** cel_key_file_clear: frees what is in @file. */
void cel_key_file_clear(CelKeyFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelKeyFile, cel_key_file_clear)

enum { CEL_KEY_FILE_MAX_BYTES = 64 * 1024 };

G_END_DECLS

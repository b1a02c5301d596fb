/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-keys-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

/* scrypt cost: 16 MiB a run, five runs; the smallest-memory row of those OWASP's Password Storage
 * Cheat Sheet calls equally strong, and the largest memory that OpenSSL 3 opens without a raised
 * limit (32 MiB). */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 5, SCRYPT_P_MOST = 16 };
enum { MOST_KEY_FILE = 64 * 1024 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_SIG, X509_SIG_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PBE2PARAM, PBE2PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SCRYPT_PARAMS, SCRYPT_PARAMS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_vfree)

static gboolean fail(GError **error, int code, const char *what)
{
    cel_openssl_fail(error, code, what);
    return FALSE;
}

/* ---- writing ---- */

static X509_SIG *encrypt(EVP_PKEY *key, const char *passphrase)
{
    g_autoptr(PKCS8_PRIV_KEY_INFO) plain = EVP_PKEY2PKCS8(key);
    X509_ALGOR *how =
        PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    X509_SIG *sealed = NULL;
    if (plain != NULL && how != NULL)
        sealed = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), plain, how);
    if (sealed == NULL)
        X509_ALGOR_free(how);
    return sealed;
}

static gboolean write_pem(BIO *out, const CelKey *key, const char *passphrase)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(X509_SIG) sealed = encrypt(key->keys[s], passphrase);
        if (sealed == NULL || PEM_write_bio_X509(out, key->certificates[s]) != 1 ||
            PEM_write_bio_PKCS8(out, sealed) != 1)
            return FALSE;
    }
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (key->issuers[s] != NULL && PEM_write_bio_X509(out, key->issuers[s]) != 1)
            return FALSE;
    return TRUE;
}

gboolean cel_key_save(CelKey *key, const char *path, const char *passphrase, GError **error)
{
    const gsize length = strlen(passphrase);
    if (length < CEL_KEY_MIN_PASSPHRASE || length > G_MAXINT16) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The passphrase of a signing key needs at least %d characters; "
                      "the key was not saved"),
                    CEL_KEY_MIN_PASSPHRASE);
        return FALSE;
    }
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    if (out == NULL || !write_pem(out, key, passphrase))
        return fail(error, CEL_ERROR_SYSTEM, _("The signing key cannot be encrypted"));
    char *pem = NULL;
    const long n = BIO_get_mem_data(out, &pem);
    g_autoptr(GBytes) bytes = g_bytes_new(pem, (gsize)n);
    return cel_file_create(path, bytes, 0600, error);
}

/* ---- reading ---- */

/* A key file may ask for hours of key derivation: only costs near our own are accepted. */
static gboolean cost_is_ours(const X509_SIG *sealed)
{
    const X509_ALGOR *how = NULL;
    const ASN1_OBJECT *kind = NULL;
    const void *value = NULL;
    int type = V_ASN1_UNDEF;
    X509_SIG_get0(sealed, &how, NULL);
    X509_ALGOR_get0(&kind, &type, &value, how);
    if (OBJ_obj2nid(kind) != NID_pbes2 || type != V_ASN1_SEQUENCE)
        return FALSE;
    g_autoptr(PBE2PARAM) pbe = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBE2PARAM));
    if (pbe == NULL)
        return FALSE;
    X509_ALGOR_get0(&kind, &type, &value, pbe->keyfunc);
    if (OBJ_obj2nid(kind) != NID_id_scrypt || type != V_ASN1_SEQUENCE)
        return FALSE;
    g_autoptr(SCRYPT_PARAMS) cost = ASN1_item_unpack(value, ASN1_ITEM_rptr(SCRYPT_PARAMS));
    guint64 n = 0, r = 0, p = 0;
    return cost != NULL && ASN1_INTEGER_get_uint64(&n, cost->costParameter) == 1 &&
           ASN1_INTEGER_get_uint64(&r, cost->blockSize) == 1 &&
           ASN1_INTEGER_get_uint64(&p, cost->parallelizationParameter) == 1 && n <= SCRYPT_N &&
           r <= SCRYPT_R && p <= SCRYPT_P_MOST;
}

static EVP_PKEY *decrypt(const X509_SIG *sealed, const char *passphrase, GError **error)
{
    if (!cost_is_ours(sealed)) {
        fail(error, CEL_ERROR_INPUT, _("The key file is not encrypted as celadon does it"));
        return NULL;
    }
    g_autoptr(PKCS8_PRIV_KEY_INFO) plain =
        PKCS8_decrypt(sealed, passphrase, (int)MIN(strlen(passphrase), G_MAXINT16));
    g_autoptr(EVP_PKEY) key = plain != NULL ? EVP_PKCS82PKEY(plain) : NULL;
    if (key == NULL)
        fail(error, CEL_ERROR_POLICY,
             _("The passphrase does not open this key; nothing can be signed with it"));
    return g_steal_pointer(&key);
}

static gboolean read_pair(BIO *in, CelSigner signer, CelKey *key, const char *passphrase,
                          GError **error)
{
    key->certificates[signer] = PEM_read_bio_X509(in, NULL, NULL, NULL);
    g_autoptr(X509_SIG) sealed =
        key->certificates[signer] != NULL ? PEM_read_bio_PKCS8(in, NULL, NULL, NULL) : NULL;
    if (sealed == NULL)
        return fail(error, CEL_ERROR_INPUT, _("This is not a key file of celadon"));
    key->keys[signer] = decrypt(sealed, passphrase, error);
    if (key->keys[signer] == NULL)
        return FALSE;
    return TRUE;
}

/* The roots stand behind the pairs, in the same order; a self-signed key has none. */
static gboolean read_issuers(BIO *in, CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (cel_certificate_self_signed(key->certificates[s]))
            continue;
        key->issuers[s] = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (key->issuers[s] == NULL)
            return fail(
                error, CEL_ERROR_INPUT,
                _("The root certificate that issued this key's certificate is not with it"));
    }
    return TRUE;
}

static gboolean read_all(BIO *in, CelKey *key, const char *passphrase, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (!read_pair(in, s, key, passphrase, error))
            return FALSE;
    return read_issuers(in, key, error) && cel_keys_check(key, error);
}

CelKey *cel_key_load(const char *path, const char *passphrase, GError **error)
{
    g_autoptr(GBytes) pem = cel_file_read(path, MOST_KEY_FILE, error);
    if (pem == NULL)
        return NULL;
    cel_keys_use_secure_heap();
    gsize n = 0;
    const void *text = g_bytes_get_data(pem, &n);
    g_autoptr(BIO) in = BIO_new_mem_buf(text, (int)n);
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    if (in == NULL || !read_all(in, key, passphrase, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&key);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-keys-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

/* The private key lies in the key file, as PKCS#8 under a passphrase. */

/* scrypt cost: 16 MiB a run, five runs; the smallest-memory row of those OWASP's Password Storage
 * Cheat Sheet calls equally strong, and the largest memory that OpenSSL 3 opens without a raised
 * limit (32 MiB). */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 5, SCRYPT_P_MOST = 16 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_SIG, X509_SIG_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PBE2PARAM, PBE2PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SCRYPT_PARAMS, SCRYPT_PARAMS_free)

static gpointer fail(GError **error, int code, const char *what)
{
    cel_openssl_fail(error, code, what);
    return NULL;
}

const CelKeyStore *cel_key_store_of_block(const char *name)
{
    static const CelKeyStore *const stores[] = {&cel_key_store_file, &cel_key_store_token};
    for (gsize i = 0; i < G_N_ELEMENTS(stores); i++)
        if (g_strcmp0(stores[i]->block, name) == 0)
            return stores[i];
    return NULL;
}

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

static GBytes *save(gpointer secret, const char *passphrase, GError **error)
{
    g_autoptr(X509_SIG) sealed = encrypt(secret, passphrase);
    guint8 *der = NULL;
    const int n = sealed != NULL ? i2d_X509_SIG(sealed, &der) : 0;
    if (n <= 0)
        return fail(error, CEL_ERROR_SYSTEM, _("The signing key cannot be encrypted"));
    GBytes *bytes = g_bytes_new(der, (gsize)n);
    OPENSSL_free(der);
    return bytes;
}

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

static gpointer open_key(CelSigner signer, GBytes *stored, const char *passphrase, GError **error)
{
    (void)signer; /* fits() looks at the kind */
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(stored, &n), *end = data;
    g_autoptr(X509_SIG) sealed = d2i_X509_SIG(NULL, &end, (long)n);
    if (sealed == NULL || end != data + n || !cost_is_ours(sealed))
        return fail(error, CEL_ERROR_INPUT, _("The key file is not encrypted as celadon does it"));
    g_autoptr(PKCS8_PRIV_KEY_INFO) plain =
        PKCS8_decrypt(sealed, passphrase, (int)MIN(strlen(passphrase), G_MAXINT16));
    EVP_PKEY *key = plain != NULL ? EVP_PKCS82PKEY(plain) : NULL;
    if (key == NULL) {
        /* What the library says of it ("cipherfinal error") tells nobody anything. */
        ERR_clear_error();
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("The passphrase does not open this key. Nothing was signed; type it again"));
    }
    return key;
}

static gboolean fits(gpointer secret, CelSigner signer, X509 *certificate, GError **error)
{
    (void)signer; /* the certificate was checked to be of this kind */
    if (X509_check_private_key(certificate, secret) == 1)
        return TRUE;
    fail(error, CEL_ERROR_INPUT, _("The key does not belong to its certificate"));
    return FALSE;
}

static GBytes *sign(gpointer secret, CelSigner signer, GBytes *data, GError **error)
{
    gsize n = 0, length = 0;
    const guint8 *bytes = g_bytes_get_data(data, &n);
    g_autoptr(EVP_MD_CTX) context = cel_signature_context(signer, secret, TRUE);
    if (context == NULL || EVP_DigestSign(context, NULL, &length, bytes, n) != 1)
        return fail(error, CEL_ERROR_SYSTEM, _("The record cannot be signed"));
    g_autofree guint8 *signature = g_malloc(length);
    if (EVP_DigestSign(context, signature, &length, bytes, n) != 1)
        return fail(error, CEL_ERROR_SYSTEM, _("The record cannot be signed"));
    return g_bytes_new_take(g_steal_pointer(&signature), length);
}

static void free_key(gpointer secret)
{
    EVP_PKEY_free(secret);
}

const CelKeyStore cel_key_store_file = {
    .block = PEM_STRING_PKCS8,
    .open = open_key,
    .save = save,
    .fits = fits,
    .sign = sign,
    .free = free_key,
};

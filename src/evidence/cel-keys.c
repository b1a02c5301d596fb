/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-keys.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <string.h>

/* scrypt cost: 16 MiB a run, five runs; the smallest-memory row of those OWASP's Password Storage
 * Cheat Sheet calls equally strong, and the largest memory that OpenSSL 3 opens without a raised
 * limit (32 MiB). */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 5, SCRYPT_P_MOST = 16 };
enum { SECURE_HEAP = 64 * 1024, SECURE_LEAST = 32, MOST_KEY_FILE = 64 * 1024 };

struct CelKey {
    CelCertificate about;
    EVP_PKEY *keys[CEL_N_SIGNERS];
    X509 *certificates[CEL_N_SIGNERS];
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_SIG, X509_SIG_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PBE2PARAM, PBE2PARAM_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SCRYPT_PARAMS, SCRYPT_PARAMS_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_vfree)

const char *cel_signer_name(CelSigner signer)
{
    static const char *const names[CEL_N_SIGNERS] = { "sm2", "ed25519" };
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, "");
    return names[signer];
}

/* OpenSSL puts private numbers there once it exists; done once a process, before the first key. */
static void use_secure_heap(void)
{
    static gsize once = 0;
    if (g_once_init_enter(&once)) {
        CRYPTO_secure_malloc_init(SECURE_HEAP, SECURE_LEAST);
        g_once_init_leave(&once, 1);
    }
}

static gboolean fail(GError **error, int code, const char *what)
{
    cel_openssl_fail(error, code, what);
    return FALSE;
}

void cel_key_free(CelKey *key)
{
    if (key == NULL)
        return;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        EVP_PKEY_free(key->keys[s]);
        X509_free(key->certificates[s]);
    }
    cel_certificate_clear(&key->about);
    g_free(key);
}

const char *cel_key_person(const CelKey *key)
{
    return key->about.person;
}

gboolean cel_key_is_training(const CelKey *key)
{
    return key->about.training;
}

/* ---- making ---- */

static gboolean check_person(const char *person, GError **error)
{
    const gboolean utf8 = g_utf8_validate(person, -1, NULL);
    const glong n = utf8 ? g_utf8_strlen(person, -1) : 0;
    gboolean ok = n >= 1 && n <= CEL_KEY_MAX_PERSON;
    gboolean seen = FALSE;
    for (const char *c = person; ok && *c != '\0'; c = g_utf8_next_char(c)) {
        const gunichar u = g_utf8_get_char(c);
        ok = g_unichar_isprint(u) && g_unichar_type(u) != G_UNICODE_FORMAT;
        seen = seen || !g_unichar_isspace(u);
    }
    ok = ok && seen;
    if (!ok)
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("The name for the certificate needs 1 to %d printable characters"),
                    CEL_KEY_MAX_PERSON);
    return ok;
}

CelKey *cel_key_generate(const char *person, gboolean training, GError **error)
{
    static const char *const types[CEL_N_SIGNERS] = { "SM2", "ED25519" };
    if (!check_person(person, error))
        return NULL;
    use_secure_heap();
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        key->keys[s] = EVP_PKEY_Q_keygen(NULL, NULL, types[s]);
        if (key->keys[s] == NULL) {
            fail(error, CEL_ERROR_SYSTEM, _("No signing key can be made"));
            return NULL;
        }
        key->certificates[s] = cel_certificate_make(s, key->keys[s], person, training, error);
        if (key->certificates[s] == NULL)
            return NULL;
    }
    if (!cel_certificate_read(key->certificates[0], &key->about, error))
        return NULL;
    return g_steal_pointer(&key);
}

/* ---- writing ---- */

static X509_SIG *encrypt(EVP_PKEY *key, const char *passphrase)
{
    g_autoptr(PKCS8_PRIV_KEY_INFO) plain = EVP_PKEY2PKCS8(key);
    X509_ALGOR *how = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R,
                                            SCRYPT_P);
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
    if (!cel_certificate_check(signer, key->certificates[signer], error))
        return FALSE;
    if (X509_check_private_key(key->certificates[signer], key->keys[signer]) != 1)
        return fail(error, CEL_ERROR_INPUT, _("The key does not belong to its certificate"));
    return TRUE;
}

static gboolean read_person(CelKey *key, GError **error)
{
    CelCertificate second = { 0 };
    if (!cel_certificate_read(key->certificates[CEL_SIGN_SM2], &key->about, error) ||
        !cel_certificate_read(key->certificates[CEL_SIGN_ED25519], &second, error))
        return FALSE;
    const gboolean same = g_str_equal(key->about.person, second.person) &&
                          key->about.training == second.training;
    cel_certificate_clear(&second);
    return same || fail(error, CEL_ERROR_INPUT, _("The two certificates name different persons"));
}

CelKey *cel_key_load(const char *path, const char *passphrase, GError **error)
{
    g_autoptr(GBytes) pem = cel_file_read(path, MOST_KEY_FILE, error);
    if (pem == NULL)
        return NULL;
    use_secure_heap();
    gsize n = 0;
    const void *text = g_bytes_get_data(pem, &n);
    g_autoptr(BIO) in = BIO_new_mem_buf(text, (int)n);
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (in == NULL || !read_pair(in, s, key, passphrase, error)) {
            g_prefix_error(error, "%s: ", path);
            return NULL;
        }
    if (!read_person(key, error)) {
        g_prefix_error(error, "%s: ", path);
        return NULL;
    }
    return g_steal_pointer(&key);
}

/* ---- signing ---- */

GBytes *cel_key_sign(CelKey *key, CelSigner signer, GBytes *data, GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    gsize n = 0, length = 0;
    const guint8 *bytes = g_bytes_get_data(data, &n);
    g_autoptr(EVP_MD_CTX) context = cel_signature_context(signer, key->keys[signer], TRUE);
    if (context == NULL || EVP_DigestSign(context, NULL, &length, bytes, n) != 1) {
        fail(error, CEL_ERROR_SYSTEM, _("The record cannot be signed"));
        return NULL;
    }
    g_autofree guint8 *signature = g_malloc(length);
    if (EVP_DigestSign(context, signature, &length, bytes, n) != 1) {
        fail(error, CEL_ERROR_SYSTEM, _("The record cannot be signed"));
        return NULL;
    }
    return g_bytes_new_take(g_steal_pointer(&signature), length);
}

GBytes *cel_key_certificate(CelKey *key, CelSigner signer, GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    guint8 *der = NULL;
    const int n = i2d_X509(key->certificates[signer], &der);
    if (n <= 0) {
        fail(error, CEL_ERROR_SYSTEM, _("The certificate cannot be written"));
        return NULL;
    }
    GBytes *bytes = g_bytes_new(der, (gsize)n);
    OPENSSL_free(der);
    return bytes;
}

gboolean cel_certificate_inspect(CelSigner signer, GBytes *certificate, CelCertificate *out,
                                 GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, FALSE);
    g_autoptr(X509) x509 = cel_certificate_parse(certificate, error);
    return x509 != NULL && cel_certificate_check(signer, x509, error) &&
           cel_certificate_read(x509, out, error);
}

gboolean cel_signature_verify(CelSigner signer, GBytes *certificate, GBytes *data,
                              GBytes *signature, CelCertificate *out, GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, FALSE);
    g_autoptr(X509) x509 = cel_certificate_parse(certificate, error);
    if (x509 == NULL || !cel_certificate_check(signer, x509, error))
        return FALSE;
    gsize n = 0, n_signature = 0;
    const guint8 *bytes = g_bytes_get_data(data, &n);
    const guint8 *sig = g_bytes_get_data(signature, &n_signature);
    g_autoptr(EVP_MD_CTX) context =
        cel_signature_context(signer, X509_get0_pubkey(x509), FALSE);
    if (context == NULL || EVP_DigestVerify(context, sig, n_signature, bytes, n) != 1)
        return fail(error, CEL_ERROR_INPUT, _("The signature does not fit the signed bytes"));
    return out == NULL || cel_certificate_read(x509, out, error);
}

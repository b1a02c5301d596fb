/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-certificate.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { SERIAL_BYTES = 16, MOST_CERTIFICATE = 16 * 1024, VALID_DAYS = 5 * 365 + 1 };
static const char TRAINING_UNIT[] = "TRAINING";

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_EXTENSION, X509_EXTENSION_free)

void cel_openssl_fail(GError **error, int code, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    if (reason != NULL)
        g_set_error(error, CEL_ERROR, code, "%s (OpenSSL: %s)", what, reason);
    else
        g_set_error_literal(error, CEL_ERROR, code, what);
    ERR_clear_error();
}

void cel_certificate_clear(CelCertificate *certificate)
{
    g_clear_pointer(&certificate->person, g_free);
}

static gboolean key_fits(CelSigner signer, const EVP_PKEY *key)
{
    static const char *const types[CEL_N_SIGNERS] = { "SM2", "ED25519" };
    return key != NULL && EVP_PKEY_is_a(key, types[signer]) == 1;
}

EVP_MD_CTX *cel_signature_context(CelSigner signer, EVP_PKEY *key, gboolean sign)
{
    if (!key_fits(signer, key))
        return NULL;
    const EVP_MD *md = signer == CEL_SIGN_SM2 ? EVP_sm3() : NULL;
    g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL; /* owned by context */
    const int ok = context == NULL ? 0
                   : sign          ? EVP_DigestSignInit(context, &inner, md, NULL, key)
                                   : EVP_DigestVerifyInit(context, &inner, md, NULL, key);
    if (ok != 1)
        return NULL;
    if (signer == CEL_SIGN_SM2 &&
        EVP_PKEY_CTX_set1_id(inner, CEL_SM2_DEFAULT_ID, (int)strlen(CEL_SM2_DEFAULT_ID)) != 1)
        return NULL;
    return g_steal_pointer(&context);
}

/* ---- making ---- */

static gboolean set_serial(X509 *x509)
{
    guint8 bytes[SERIAL_BYTES];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return FALSE;
    bytes[0] &= 0x7f; /* RFC 5280 4.1.2.2: positive */
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    const gboolean ok =
        number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != NULL;
    BN_free(number);
    return ok;
}

static gboolean set_names(X509 *x509, const char *person, gboolean training)
{
    X509_NAME *name = X509_get_subject_name(x509);
    if (training && X509_NAME_add_entry_by_NID(name, NID_organizationalUnitName, MBSTRING_UTF8,
                                               (const guchar *)TRAINING_UNIT, -1, -1, 0) != 1)
        return FALSE;
    return X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8, (const guchar *)person,
                                      -1, -1, 0) == 1 &&
           X509_set_issuer_name(x509, name) == 1;
}

static gboolean add_extension(X509 *x509, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
    g_autoptr(X509_EXTENSION) extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    return extension != NULL && X509_add_ext(x509, extension, -1) == 1;
}

static gboolean fill(X509 *x509, EVP_PKEY *key, const char *person, gboolean training)
{
    return X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
           X509_gmtime_adj(X509_getm_notBefore(x509), 0) != NULL &&
           X509_time_adj_ex(X509_getm_notAfter(x509), VALID_DAYS, 0, NULL) != NULL &&
           set_names(x509, person, training) && X509_set_pubkey(x509, key) == 1 &&
           add_extension(x509, NID_basic_constraints, "critical,CA:FALSE") &&
           add_extension(x509, NID_key_usage, "critical,digitalSignature,nonRepudiation") &&
           add_extension(x509, NID_subject_key_identifier, "hash");
}

X509 *cel_certificate_make(CelSigner signer, EVP_PKEY *key, const char *person, gboolean training,
                           GError **error)
{
    g_autoptr(X509) x509 = X509_new();
    g_autoptr(EVP_MD_CTX) context = cel_signature_context(signer, key, TRUE);
    if (x509 == NULL || context == NULL || !fill(x509, key, person, training) ||
        X509_sign_ctx(x509, context) <= 0) {
        cel_openssl_fail(error, CEL_ERROR_SYSTEM, _("No certificate can be made for the key"));
        return NULL;
    }
    return g_steal_pointer(&x509);
}

/* ---- reading ---- */

X509 *cel_certificate_parse(GBytes *der, GError **error)
{
    gsize n = 0;
    const guchar *bytes = g_bytes_get_data(der, &n), *end = bytes;
    g_autoptr(X509) x509 =
        n > 0 && n <= MOST_CERTIFICATE ? d2i_X509(NULL, &end, (long)n) : NULL;
    if (x509 == NULL || end != bytes + n) {
        cel_openssl_fail(error, CEL_ERROR_INPUT, _("This is not one X.509 certificate"));
        return NULL;
    }
    return g_steal_pointer(&x509);
}

/* OpenSSL checks an SM2 certificate with the empty signer ID unless told otherwise. */
static gboolean set_signer_id(X509 *certificate)
{
    ASN1_OCTET_STRING *id = ASN1_OCTET_STRING_new();
    if (id == NULL || ASN1_OCTET_STRING_set(id, (const guchar *)CEL_SM2_DEFAULT_ID, -1) != 1) {
        ASN1_OCTET_STRING_free(id);
        return FALSE;
    }
    X509_set0_distinguishing_id(certificate, id);
    return TRUE;
}

gboolean cel_certificate_check(CelSigner signer, X509 *certificate, GError **error)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    const gboolean itself =
        X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
    gboolean ok = key_fits(signer, key) && itself;
    if (ok && signer == CEL_SIGN_SM2)
        ok = set_signer_id(certificate);
    if (!ok || X509_verify(certificate, key) != 1) {
        cel_openssl_fail(error, CEL_ERROR_INPUT,
                         _("The certificate is not signed with its own key"));
        return FALSE;
    }
    return TRUE;
}

static char *entry_text(const X509_NAME_ENTRY *entry)
{
    guchar *utf8 = NULL;
    const int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
    char *text = NULL;
    if (n > 0 && g_utf8_validate((const char *)utf8, n, NULL)) /* refuses a NUL inside */
        text = g_strndup((const char *)utf8, (gsize)n);
    OPENSSL_free(utf8);
    return text;
}

/* NULL unless the subject has exactly one common name. */
static char *read_person(const X509_NAME *name)
{
    const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (index < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, index) >= 0)
        return NULL;
    return entry_text(X509_NAME_get_entry(name, index));
}

/* One TRAINING among several units is enough: the mark cannot be hidden behind another. */
static gboolean read_training(const X509_NAME *name)
{
    for (int i = -1;;) {
        i = X509_NAME_get_index_by_NID(name, NID_organizationalUnitName, i);
        if (i < 0)
            return FALSE;
        g_autofree char *unit = entry_text(X509_NAME_get_entry(name, i));
        if (g_strcmp0(unit, TRAINING_UNIT) == 0)
            return TRUE;
    }
}

static gint64 time_us(const ASN1_TIME *time)
{
    struct tm parts;
    if (time == NULL || ASN1_TIME_to_tm(time, &parts) != 1)
        return 0;
    g_autoptr(GDateTime) utc =
        g_date_time_new_utc(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                            parts.tm_min, parts.tm_sec);
    return utc != NULL ? g_date_time_to_unix(utc) * G_USEC_PER_SEC : 0;
}

gboolean cel_certificate_read(X509 *certificate, CelCertificate *out, GError **error)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    g_autofree char *person = read_person(name);
    const gint64 from = time_us(X509_get0_notBefore(certificate));
    const gint64 until = time_us(X509_get0_notAfter(certificate));
    if (person == NULL || from == 0 || until == 0) {
        cel_openssl_fail(error, CEL_ERROR_INPUT,
                         _("The certificate does not name one person and a time of validity"));
        return FALSE;
    }
    *out = (CelCertificate){
        .person = g_steal_pointer(&person),
        .training = read_training(name),
        .not_before_us = from,
        .not_after_us = until,
    };
    return TRUE;
}

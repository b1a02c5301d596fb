/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-certificate.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

enum { MOST_CERTIFICATE = 16 * 1024 };

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
    g_clear_pointer(&certificate->person_id, g_free);
    g_clear_pointer(&certificate->lab, g_free);
}

static gboolean key_fits(CelSigner signer, const EVP_PKEY *key)
{
    static const char *const types[CEL_N_SIGNERS] = {"SM2", "ED25519"};
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

/* ---- reading ---- */

X509 *cel_certificate_parse(GBytes *der, GError **error)
{
    gsize n = 0;
    const guchar *bytes = g_bytes_get_data(der, &n), *end = bytes;
    g_autoptr(X509) x509 = n > 0 && n <= MOST_CERTIFICATE ? d2i_X509(NULL, &end, (long)n) : NULL;
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

/* What names no issuer's key has to be signed with its own: so that a changed name does not turn a
 * self-signed certificate into one that another lab might have issued. */
gboolean cel_certificate_self_signed(X509 *certificate)
{
    return X509_get0_authority_key_id(certificate) == NULL ||
           X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) ==
               0;
}

static gboolean holds_under(X509 *certificate, EVP_PKEY *key)
{
    if (EVP_PKEY_is_a(key, "SM2") == 1 && !set_signer_id(certificate))
        return FALSE;
    const gboolean holds = X509_verify(certificate, key) == 1;
    if (!holds)
        ERR_clear_error();
    return holds;
}

gboolean cel_certificate_issued_by(X509 *certificate, X509 *root)
{
    EVP_PKEY *key = X509_get0_pubkey(root);
    return key != NULL && holds_under(certificate, key);
}

gboolean cel_certificate_check(CelSigner signer, X509 *certificate, GError **error)
{
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (!key_fits(signer, key)) {
        cel_openssl_fail(error, CEL_ERROR_INPUT,
                         _("The certificate does not hold a key of the expected kind"));
        return FALSE;
    }
    if (cel_certificate_self_signed(certificate) && !holds_under(certificate, key)) {
        cel_openssl_fail(error, CEL_ERROR_INPUT,
                         _("The certificate is not signed with its own key"));
        return FALSE;
    }
    return TRUE;
}

GBytes *cel_certificate_der(X509 *certificate, GError **error)
{
    guint8 *der = NULL;
    const int n = i2d_X509(certificate, &der);
    if (n <= 0) {
        cel_openssl_fail(error, CEL_ERROR_SYSTEM, _("The certificate cannot be written"));
        return NULL;
    }
    GBytes *bytes = g_bytes_new(der, (gsize)n);
    OPENSSL_free(der);
    return bytes;
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

/* NULL unless @name has exactly one entry of this kind. */
static char *only_entry(const X509_NAME *name, int nid)
{
    const int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0 || X509_NAME_get_index_by_NID(name, nid, index) >= 0)
        return NULL;
    return entry_text(X509_NAME_get_entry(name, index));
}

/* One TRAINING among several units is enough: the mark cannot be hidden behind another. Of two
 * different roles none counts. */
static void read_units(const X509_NAME *name, CelCertificate *out)
{
    gboolean clear = TRUE;
    for (int i = -1;;) {
        CelRole role = CEL_ROLE_NONE;
        i = X509_NAME_get_index_by_NID(name, NID_organizationalUnitName, i);
        if (i < 0)
            break;
        g_autofree char *unit = entry_text(X509_NAME_get_entry(name, i));
        if (g_strcmp0(unit, CEL_TRAINING_UNIT) == 0)
            out->training = TRUE;
        else if (cel_role_from_id(unit, &role)) {
            clear = clear && (out->role == CEL_ROLE_NONE || out->role == role);
            out->role = role;
        }
    }
    if (!clear)
        out->role = CEL_ROLE_NONE;
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

static gboolean may_issue(X509 *certificate)
{
    const guint32 flags = X509_get_extension_flags(certificate);
    return (flags & EXFLAG_INVALID) == 0 && (flags & EXFLAG_BCONS) != 0 &&
           (flags & EXFLAG_CA) != 0 && (flags & EXFLAG_KUSAGE) != 0 &&
           (X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) != 0;
}

gboolean cel_certificate_is_root(X509 *certificate)
{
    CelCertificate about = {0};
    read_units(X509_get_subject_name(certificate), &about);
    return about.role == CEL_ROLE_LAB && cel_certificate_self_signed(certificate) &&
           may_issue(certificate);
}

/* Nobody gives himself a role: in a self-signed certificate only a root's own one stands. */
static void drop_claimed_role(X509 *certificate, CelCertificate *about)
{
    const gboolean root = about->role == CEL_ROLE_LAB;
    if (cel_certificate_self_signed(certificate) ? !cel_certificate_is_root(certificate) : root)
        about->role = CEL_ROLE_NONE;
}

gboolean cel_certificate_read(X509 *certificate, CelCertificate *out, GError **error)
{
    const X509_NAME *name = X509_get_subject_name(certificate);
    const gboolean own = cel_certificate_self_signed(certificate);
    CelCertificate about = {
        .person = only_entry(name, NID_commonName),
        .person_id = only_entry(name, NID_serialNumber),
        .lab = own ? NULL : only_entry(X509_get_issuer_name(certificate), NID_commonName),
        .not_before_us = time_us(X509_get0_notBefore(certificate)),
        .not_after_us = time_us(X509_get0_notAfter(certificate)),
    };
    if (about.person == NULL || (!own && about.lab == NULL) || about.not_before_us == 0 ||
        about.not_after_us == 0) {
        cel_certificate_clear(&about);
        cel_openssl_fail(error, CEL_ERROR_INPUT,
                         _("The certificate does not name one person and a time of validity"));
        return FALSE;
    }
    read_units(name, &about);
    drop_claimed_role(certificate, &about);
    *out = about;
    return TRUE;
}

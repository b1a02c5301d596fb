/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-certificate.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

enum { SERIAL_BYTES = 16 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_EXTENSION, X509_EXTENSION_free)

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

static gboolean add_entry(X509_NAME *name, int nid, const char *text)
{
    /* RFC 5280 appendix A: serialNumber is a PrintableString, so the encoding follows the kind. */
    const int type = nid == NID_serialNumber ? MBSTRING_ASC : MBSTRING_UTF8;
    return text == NULL ||
           X509_NAME_add_entry_by_NID(name, nid, type, (const guchar *)text, -1, -1, 0) == 1;
}

static gboolean set_names(X509 *x509, const CelCertificateOrder *order, X509 *issuer)
{
    X509_NAME *name = X509_get_subject_name(x509);
    const char *role = order->role != CEL_ROLE_NONE ? cel_role_id(order->role) : NULL;
    return add_entry(name, NID_organizationalUnitName,
                     order->training ? CEL_TRAINING_UNIT : NULL) &&
           add_entry(name, NID_organizationalUnitName, role) &&
           add_entry(name, NID_serialNumber, order->person_id) &&
           add_entry(name, NID_commonName, order->person) &&
           X509_set_issuer_name(x509, issuer != NULL ? X509_get_subject_name(issuer) : name) == 1;
}

static gboolean add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    g_autoptr(X509_EXTENSION) extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    return extension != NULL && X509_add_ext(x509, extension, -1) == 1;
}

/* A root signs the lab's own statements (its profile) besides certificates. */
static gboolean set_extensions(X509 *x509, const CelCertificateOrder *order, X509 *issuer)
{
    const gboolean root = order->role == CEL_ROLE_LAB;
    return add_extension(x509, issuer, NID_basic_constraints,
                         root ? "critical,CA:TRUE,pathlen:0" : "critical,CA:FALSE") &&
           add_extension(x509, issuer, NID_key_usage,
                         root ? "critical,digitalSignature,nonRepudiation,keyCertSign,cRLSign"
                              : "critical,digitalSignature,nonRepudiation") &&
           add_extension(x509, issuer, NID_subject_key_identifier, "hash") &&
           (issuer == x509 ||
            add_extension(x509, issuer, NID_authority_key_identifier, "keyid:always"));
}

static gboolean set_times(X509 *x509, guint days, X509 *issuer)
{
    ASN1_TIME *end = X509_getm_notAfter(x509);
    if (X509_gmtime_adj(X509_getm_notBefore(x509), 0) == NULL ||
        X509_time_adj_ex(end, (int)days, 0, NULL) == NULL)
        return FALSE;
    if (issuer == NULL || ASN1_TIME_compare(end, X509_get0_notAfter(issuer)) <= 0)
        return TRUE;
    return X509_set1_notAfter(x509, X509_get0_notAfter(issuer)) == 1;
}

static gboolean fill(X509 *x509, EVP_PKEY *subject, const CelCertificateOrder *order, X509 *issuer)
{
    return X509_set_version(x509, X509_VERSION_3) == 1 && set_serial(x509) &&
           set_times(x509, order->days, issuer) && set_names(x509, order, issuer) &&
           X509_set_pubkey(x509, subject) == 1 &&
           set_extensions(x509, order, issuer != NULL ? issuer : x509);
}

X509 *cel_certificate_make(CelSigner signer, EVP_PKEY *subject, const CelCertificateOrder *order,
                           const CelCertificateIssuer *issuer, GError **error)
{
    g_autoptr(X509) x509 = X509_new();
    g_autoptr(EVP_MD_CTX) context =
        cel_signature_context(signer, issuer != NULL ? issuer->key : subject, TRUE);
    if (x509 == NULL || context == NULL ||
        !fill(x509, subject, order, issuer != NULL ? issuer->certificate : NULL) ||
        X509_sign_ctx(x509, context) <= 0) {
        cel_openssl_fail(error, CEL_ERROR_SYSTEM, _("No certificate can be made for the key"));
        return NULL;
    }
    return g_steal_pointer(&x509);
}

X509 *cel_certificate_with_signature(X509 *certificate, GBytes *signature, GError **error)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(signature, &n);
    const ASN1_BIT_STRING *place = NULL;
    X509_get0_signature(&place, NULL, certificate);
    /* OpenSSL 3.0 has no setter; the copy is parsed anew, so nothing that it cached stays. */
    if (place == NULL ||
        ASN1_BIT_STRING_set((ASN1_BIT_STRING *)(gsize)place, (guint8 *)(gsize)data, (int)n) != 1) {
        cel_openssl_fail(error, CEL_ERROR_SYSTEM, _("No certificate can be made for the key"));
        return NULL;
    }
    g_autoptr(GBytes) der = cel_certificate_der(certificate, error);
    return der != NULL ? cel_certificate_parse(der, error) : NULL;
}

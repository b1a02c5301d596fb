/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-trust.h"

#include "base/cel-error.h"
#include "evidence/cel-certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

enum { MOST_ROOTS = 64, MOST_ROOTS_PEM = 1024 * 1024 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_vfree)

typedef struct {
    CelSigner signer;
    X509 *certificate; /* only read: threads share it */
} Root;

struct CelTrust {
    GPtrArray *roots;    /* (element-type Root) */
    GHashTable *revoked; /* char * (SHA-256 of the DER) -> guint64 * (first void position) */
};

static void free_root(gpointer data)
{
    Root *root = data;
    X509_free(root->certificate);
    g_free(root);
}

CelTrust *cel_trust_new(void)
{
    CelTrust *trust = g_new0(CelTrust, 1);
    trust->roots = g_ptr_array_new_with_free_func(free_root);
    trust->revoked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return trust;
}

void cel_trust_free(CelTrust *trust)
{
    if (trust == NULL)
        return;
    g_ptr_array_unref(trust->roots);
    g_hash_table_unref(trust->revoked);
    g_free(trust);
}

/* ---- whom to trust ---- */

/* Takes @certificate. NULL unless it is a root signed with its own key. */
static Root *make_root(X509 *certificate)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (cel_certificate_is_root(certificate) && cel_certificate_check(s, certificate, NULL)) {
            Root *root = g_new0(Root, 1);
            *root = (Root){(CelSigner)s, certificate};
            return root;
        }
    X509_free(certificate);
    return NULL;
}

/* The certificates of @pem, or NULL when one of them is no root or nothing is there. */
static GPtrArray *read_roots(GBytes *pem)
{
    gsize n = 0;
    const void *text = g_bytes_get_data(pem, &n);
    g_autoptr(BIO) in = n > 0 && n <= MOST_ROOTS_PEM ? BIO_new_mem_buf(text, (int)n) : NULL;
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func(free_root);
    while (in != NULL && roots->len < MOST_ROOTS) {
        X509 *certificate = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (certificate == NULL)
            break;
        Root *root = make_root(certificate);
        if (root == NULL)
            return NULL;
        g_ptr_array_add(roots, root);
    }
    const gboolean ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    ERR_clear_error();
    return roots->len > 0 && ended ? g_steal_pointer(&roots) : NULL;
}

gboolean cel_trust_add_roots(CelTrust *trust, GBytes *pem, GError **error)
{
    g_autoptr(GPtrArray) roots = read_roots(pem);
    if (roots == NULL) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("These are not root certificates of a laboratory (PEM); nobody was "
                              "added to the trusted ones"));
        return FALSE;
    }
    g_ptr_array_extend_and_steal(trust->roots, g_steal_pointer(&roots));
    return TRUE;
}

void cel_trust_revoke(CelTrust *trust, const char *cert_sha256, guint64 from_seq)
{
    const guint64 *before = g_hash_table_lookup(trust->revoked, cert_sha256);
    if (before == NULL || from_seq < *before)
        g_hash_table_insert(trust->revoked, g_ascii_strdown(cert_sha256, -1),
                            g_memdup2(&from_seq, sizeof from_seq));
}

/* ---- judging one certificate ---- */

/* Only what is an end certificate in every respect: no right to issue, no critical extension that
 * is not understood, made for signing. */
static gboolean may_sign(X509 *certificate)
{
    const guint32 flags = X509_get_extension_flags(certificate);
    return (flags & (EXFLAG_INVALID | EXFLAG_CRITICAL | EXFLAG_CA)) == 0 &&
           (flags & EXFLAG_BCONS) != 0 && (flags & EXFLAG_KUSAGE) != 0 &&
           (X509_get_key_usage(certificate) & KU_DIGITAL_SIGNATURE) != 0;
}

/* Labs may bear one name; their keys tell them apart (RFC 5280 4.2.1.1). */
static gboolean names_as_issuer(X509 *certificate, X509 *root)
{
    const ASN1_OCTET_STRING *wanted = X509_get0_authority_key_id(certificate);
    const ASN1_OCTET_STRING *has = X509_get0_subject_key_id(root);
    return X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(root)) == 0 &&
           wanted != NULL && has != NULL && ASN1_OCTET_STRING_cmp(wanted, has) == 0;
}

static X509 *find_root(const CelTrust *trust, CelSigner signer, X509 *certificate)
{
    for (guint i = 0; trust != NULL && i < trust->roots->len; i++) {
        const Root *root = g_ptr_array_index(trust->roots, i);
        if (root->signer == signer && names_as_issuer(certificate, root->certificate))
            return root->certificate;
    }
    return NULL;
}

static gboolean is_known_root(const CelTrust *trust, X509 *certificate)
{
    for (guint i = 0; trust != NULL && i < trust->roots->len; i++) {
        const Root *root = g_ptr_array_index(trust->roots, i);
        if (X509_cmp(root->certificate, certificate) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean is_revoked(const CelTrust *trust, X509 *certificate, guint64 seq)
{
    g_autoptr(GBytes) der = cel_certificate_der(certificate, NULL);
    if (der == NULL)
        return TRUE;
    gsize n = 0;
    const void *data = g_bytes_get_data(der, &n);
    g_autofree char *print = cel_digest_hex("sha256", data, n);
    const guint64 *from = g_hash_table_lookup(trust->revoked, print);
    return from != NULL && (seq == 0 || seq >= *from);
}

static gboolean in_time(X509 *certificate, gint64 wall_us)
{
    CelCertificate about = {0};
    if (wall_us == 0)
        return TRUE;
    if (!cel_certificate_read(certificate, &about, NULL))
        return FALSE;
    cel_certificate_clear(&about);
    /* Certificates count whole seconds, so one may be used in the second it was made in. */
    return wall_us >= about.not_before_us - G_USEC_PER_SEC && wall_us <= about.not_after_us;
}

/* @root vouches for @certificate (which may be the root itself): only for how long. */
static CelTrustState judge_validity(const CelTrust *trust, const CelTrustQuestion *question,
                                    X509 *certificate, X509 *root)
{
    if (is_revoked(trust, certificate, question->seq) || is_revoked(trust, root, question->seq))
        return CEL_TRUST_REVOKED;
    return in_time(certificate, question->wall_us) && in_time(root, question->wall_us)
               ? CEL_TRUST_VOUCHED
               : CEL_TRUST_OUT_OF_TIME;
}

static CelTrustState judge(const CelTrust *trust, const CelTrustQuestion *question,
                           X509 *certificate)
{
    if (!cel_certificate_check(question->signer, certificate, NULL))
        return CEL_TRUST_BROKEN;
    if (cel_certificate_self_signed(certificate))
        return is_known_root(trust, certificate)
                   ? judge_validity(trust, question, certificate, certificate)
                   : CEL_TRUST_SELF_SIGNED;
    X509 *root = find_root(trust, question->signer, certificate);
    if (root == NULL)
        return CEL_TRUST_UNKNOWN_LAB;
    if (!cel_certificate_issued_by(certificate, root) || !may_sign(certificate))
        return CEL_TRUST_BROKEN;
    return judge_validity(trust, question, certificate, root);
}

CelTrustState cel_trust_judge(const CelTrust *trust, const CelTrustQuestion *question,
                              CelCertificate *out_certificate)
{
    CelCertificate about = {0};
    g_autoptr(X509) x509 = cel_certificate_parse(question->certificate, NULL);
    const gboolean readable = x509 != NULL && cel_certificate_read(x509, &about, NULL);
    const CelTrustState state = readable ? judge(trust, question, x509) : CEL_TRUST_BROKEN;
    if (out_certificate != NULL)
        *out_certificate = about;
    else
        cel_certificate_clear(&about);
    ERR_clear_error();
    return state;
}

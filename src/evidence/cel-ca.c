/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-ca.h"

#include "base/cel-error.h"
#include "evidence/cel-keys-private.h"

#include <glib/gi18n-lib.h>
#include <openssl/pem.h>
#include <string.h>

enum { MOST_PERSON_ID = 64 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_vfree)

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, code, why);
    return FALSE;
}

static gboolean check_root(const CelKey *root, GError **error)
{
    const gint64 now_us = g_get_real_time();
    if (root->about.role != CEL_ROLE_LAB)
        return refuse(error, CEL_ERROR_POLICY,
                      _("This key is not a laboratory's root; it cannot certify anybody"));
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (root->slots[s].store != &cel_key_store_file)
            return refuse(error, CEL_ERROR_POLICY,
                          _("A root certifies with both keys in its file; a token cannot"));
    if (now_us > root->about.not_after_us)
        return refuse(error, CEL_ERROR_POLICY,
                      _("The laboratory's root certificate has expired; make a new root"));
    return TRUE;
}

static gboolean check_terms(const CelCaTerms *terms, GError **error)
{
    static const char allowed[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-./";
    const char *id = terms->person_id;
    if (terms->role == CEL_ROLE_NONE || terms->role == CEL_ROLE_LAB ||
        (guint)terms->role >= CEL_N_ROLES)
        return refuse(error, CEL_ERROR_USAGE,
                      _("A certificate needs a role: officer, technician, reviewer, lab-head, "
                        "device or ledger"));
    if (id == NULL && cel_role_is_person(terms->role))
        return refuse(error, CEL_ERROR_USAGE,
                      _("A person's certificate needs the person's number in the laboratory"));
    if (id != NULL &&
        (*id == '\0' || strlen(id) > MOST_PERSON_ID || strspn(id, allowed) != strlen(id)))
        return refuse(error, CEL_ERROR_USAGE,
                      _("A number in the laboratory is 1 to 64 letters, digits, \"-\", \".\" or "
                        "\"/\""));
    if (terms->days > CEL_CA_MAX_DAYS)
        return refuse(error, CEL_ERROR_USAGE, _("A certificate is valid for 3650 days at most"));
    return TRUE;
}

/* A self-signed certificate shows that its bearer holds the key; so does one of our own before. */
static gboolean is_known(const CelKey *root, CelSigner signer, X509 *subject, GError **error)
{
    return cel_certificate_self_signed(subject) ||
           cel_certificate_issued_by(subject, root->slots[signer].certificate) ||
           refuse(error, CEL_ERROR_INPUT,
                  _("This certificate is another laboratory's; make a new key for this one"));
}

static X509 *issue(const CelKey *root, CelSigner signer, X509 *subject, const CelCaTerms *terms,
                   GError **error)
{
    CelCertificate about = {0};
    if (!cel_certificate_check(signer, subject, error) || !is_known(root, signer, subject, error) ||
        !cel_certificate_read(subject, &about, error))
        return NULL;
    const CelCertificateOrder order = {.person = about.person,
                                       .person_id = terms->person_id,
                                       .role = terms->role,
                                       .training = about.training || root->about.training,
                                       .days = terms->days != 0 ? terms->days : CEL_CA_DAYS};
    const CelCertificateIssuer issuer = {root->slots[signer].certificate,
                                         root->slots[signer].secret};
    X509 *made = NULL;
    if (about.role == CEL_ROLE_LAB)
        refuse(error, CEL_ERROR_POLICY, _("A laboratory's root is not certified by another one"));
    else
        made = cel_certificate_make(signer, X509_get0_pubkey(subject), &order, &issuer, error);
    cel_certificate_clear(&about);
    return made;
}

GBytes *cel_ca_issue(CelKey *root, CelSigner signer, GBytes *certificate, const CelCaTerms *terms,
                     GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    if (!check_root(root, error) || !check_terms(terms, error))
        return NULL;
    g_autoptr(X509) subject = cel_certificate_parse(certificate, error);
    g_autoptr(X509) made = subject != NULL ? issue(root, signer, subject, terms, error) : NULL;
    return made != NULL ? cel_certificate_der(made, error) : NULL;
}

static void replace(X509 **certificate, X509 *by)
{
    X509_free(*certificate);
    *certificate = by;
}

gboolean cel_ca_certify(CelKey *root, CelKey *key, const CelCaTerms *terms, GError **error)
{
    if (!check_root(root, error) || !check_terms(terms, error))
        return FALSE;
    X509 *made[CEL_N_SIGNERS] = {NULL, NULL};
    gboolean ok = TRUE;
    for (guint s = 0; ok && s < CEL_N_SIGNERS; s++) {
        if (!cel_key_holds(key, s))
            continue;
        made[s] = issue(root, s, key->slots[s].certificate, terms, error);
        ok = made[s] != NULL;
    }
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (ok && made[s] != NULL) {
            replace(&key->slots[s].certificate, made[s]);
            replace(&key->slots[s].issuer, X509_dup(root->slots[s].certificate));
        } else {
            X509_free(made[s]);
        }
    }
    if (!ok)
        return FALSE;
    cel_certificate_clear(&key->about);
    return cel_keys_check(key, error);
}

GBytes *cel_ca_roots(CelKey *root, GError **error)
{
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    gboolean ok = out != NULL && root->about.role == CEL_ROLE_LAB;
    for (guint s = 0; ok && s < CEL_N_SIGNERS; s++)
        ok = PEM_write_bio_X509(out, root->slots[s].certificate) == 1;
    if (!ok) {
        cel_openssl_fail(error, CEL_ERROR_SYSTEM, _("The root certificates cannot be written"));
        return NULL;
    }
    char *pem = NULL;
    const long n = BIO_get_mem_data(out, &pem);
    return g_bytes_new(pem, (gsize)n);
}

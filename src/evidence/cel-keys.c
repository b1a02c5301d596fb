/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-keys-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

enum { SECURE_HEAP = 64 * 1024, SECURE_LEAST = 32 };
enum { VALID_DAYS = 5 * 365 + 1, ROOT_VALID_DAYS = 20 * 365 + 5 };

const char *cel_signer_name(CelSigner signer)
{
    static const char *const names[CEL_N_SIGNERS] = {"sm2", "ed25519"};
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, "");
    return names[signer];
}

/* OpenSSL puts private numbers there once it exists; done once a process, before the first key. */
void cel_keys_use_secure_heap(void)
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
        X509_free(key->issuers[s]);
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

const char *cel_key_person_id(const CelKey *key)
{
    return key->about.person_id;
}

const char *cel_key_lab(const CelKey *key)
{
    return key->about.lab;
}

CelRole cel_key_role(const CelKey *key)
{
    return key->about.role;
}

gboolean cel_key_holds(const CelKey *key, CelSigner signer)
{
    return (guint)signer < CEL_N_SIGNERS && key->keys[signer] != NULL;
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

static CelKey *make_self_signed(const CelCertificateOrder *order, GError **error)
{
    static const char *const types[CEL_N_SIGNERS] = {"SM2", "ED25519"};
    if (!check_person(order->person, error))
        return NULL;
    cel_keys_use_secure_heap();
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        key->keys[s] = EVP_PKEY_Q_keygen(NULL, NULL, types[s]);
        if (key->keys[s] == NULL) {
            fail(error, CEL_ERROR_SYSTEM, _("No signing key can be made"));
            return NULL;
        }
        key->certificates[s] = cel_certificate_make(s, key->keys[s], order, NULL, error);
        if (key->certificates[s] == NULL)
            return NULL;
    }
    return cel_keys_check(key, error) ? g_steal_pointer(&key) : NULL;
}

CelKey *cel_key_generate(const char *person, gboolean training, GError **error)
{
    const CelCertificateOrder order = {.person = person, .training = training, .days = VALID_DAYS};
    return make_self_signed(&order, error);
}

CelKey *cel_key_generate_lab(const char *name, gboolean training, GError **error)
{
    const CelCertificateOrder order = {
        .person = name, .role = CEL_ROLE_LAB, .training = training, .days = ROOT_VALID_DAYS};
    return make_self_signed(&order, error);
}

/* ---- checking ---- */

static gboolean check_slot(const CelKey *key, CelSigner s, GError **error)
{
    X509 *certificate = key->certificates[s], *issuer = key->issuers[s];
    if (!cel_certificate_check(s, certificate, error))
        return FALSE;
    if (X509_check_private_key(certificate, key->keys[s]) != 1)
        return fail(error, CEL_ERROR_INPUT, _("The key does not belong to its certificate"));
    if (issuer == NULL
            ? !cel_certificate_self_signed(certificate)
            : !cel_certificate_is_root(issuer) || !cel_certificate_issued_by(certificate, issuer))
        return fail(error, CEL_ERROR_INPUT,
                    _("The root certificate that issued this key's certificate is not with it"));
    return TRUE;
}

static gboolean same_holder(const CelCertificate *a, const CelCertificate *b)
{
    return g_strcmp0(a->person, b->person) == 0 && g_strcmp0(a->person_id, b->person_id) == 0 &&
           g_strcmp0(a->lab, b->lab) == 0 && a->role == b->role && a->training == b->training;
}

gboolean cel_keys_check(CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        CelCertificate about = {0};
        if (key->certificates[s] == NULL)
            continue;
        if (!check_slot(key, s, error) ||
            !cel_certificate_read(key->certificates[s], &about, error))
            return FALSE;
        const gboolean same = key->about.person == NULL || same_holder(&key->about, &about);
        if (key->about.person == NULL)
            key->about = about;
        else
            cel_certificate_clear(&about);
        if (!same)
            return fail(error, CEL_ERROR_INPUT, _("The two certificates name different persons"));
    }
    return TRUE;
}

/* ---- signing ---- */

static gboolean holds(const CelKey *key, CelSigner signer, GError **error)
{
    if (cel_key_holds(key, signer))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The key of %s cannot sign with %s; nothing was signed"), key->about.person,
                cel_signer_name(signer));
    return FALSE;
}

GBytes *cel_key_sign(CelKey *key, CelSigner signer, GBytes *data, GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    if (!holds(key, signer, error))
        return NULL;
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
    return holds(key, signer, error) ? cel_certificate_der(key->certificates[signer], error) : NULL;
}

GBytes *cel_key_issuer(CelKey *key, CelSigner signer)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    X509 *issuer = key->issuers[signer];
    return issuer != NULL ? cel_certificate_der(issuer, NULL) : NULL;
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
    g_autoptr(EVP_MD_CTX) context = cel_signature_context(signer, X509_get0_pubkey(x509), FALSE);
    if (context == NULL || EVP_DigestVerify(context, sig, n_signature, bytes, n) != 1)
        return fail(error, CEL_ERROR_INPUT, _("The signature does not fit the signed bytes"));
    return out == NULL || cel_certificate_read(x509, out, error);
}

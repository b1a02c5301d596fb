/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-keys-private.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <openssl/crypto.h>
#include <openssl/err.h>

enum { SECURE_HEAP = 64 * 1024, SECURE_LEAST = 32 };
enum { ROOT_VALID_DAYS = 20 * 365 + 5 };

static const char *const key_types[CEL_N_SIGNERS] = {"SM2", "ED25519"}; /* OpenSSL's names */

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
        if (key->slots[s].store != NULL)
            key->slots[s].store->free(key->slots[s].secret);
        X509_free(key->slots[s].certificate);
        X509_free(key->slots[s].issuer);
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
    return (guint)signer < CEL_N_SIGNERS && key->slots[signer].store != NULL;
}

/* ---- making ---- */

gboolean cel_keys_check_person(const char *person, GError **error)
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

/* Where the private half cannot be had, a throw-away key of the same kind signs first, so that the
 * certificate is whole; then the true signature takes the place of that one. */
X509 *cel_keys_self_sign(const CelKeySlot *slot, CelSigner signer, EVP_PKEY *subject,
                         const CelCertificateOrder *order, GError **error)
{
    guint8 *tbs = NULL;
    g_autoptr(EVP_PKEY) stand_in = EVP_PKEY_Q_keygen(NULL, NULL, key_types[signer]);
    const CelCertificateIssuer issuer = {NULL, stand_in};
    g_autoptr(X509) x509 = cel_certificate_make(signer, subject, order, &issuer, error);
    const int n = x509 != NULL ? i2d_re_X509_tbs(x509, &tbs) : 0;
    if (n <= 0)
        return NULL;
    g_autoptr(GBytes) signed_part = g_bytes_new(tbs, (gsize)n);
    OPENSSL_free(tbs);
    g_autoptr(GBytes) signature = slot->store->sign(slot->secret, signer, signed_part, error);
    return signature != NULL ? cel_certificate_with_signature(x509, signature, error) : NULL;
}

static gboolean make_slot(CelKeySlot *slot, CelSigner signer, const CelCertificateOrder *order,
                          GError **error)
{
    g_autoptr(EVP_PKEY) pair = EVP_PKEY_Q_keygen(NULL, NULL, key_types[signer]);
    if (pair == NULL)
        return fail(error, CEL_ERROR_SYSTEM, _("No signing key can be made"));
    slot->certificate = cel_certificate_make(signer, pair, order, NULL, error);
    if (slot->certificate == NULL)
        return FALSE;
    slot->store = &cel_key_store_file;
    slot->secret = g_steal_pointer(&pair);
    return TRUE;
}

static CelKey *make_self_signed(const CelCertificateOrder *order, GError **error)
{
    if (!cel_keys_check_person(order->person, error))
        return NULL;
    cel_keys_use_secure_heap();
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        if (!make_slot(&key->slots[s], s, order, error))
            return NULL;
    return cel_keys_check(key, error) ? g_steal_pointer(&key) : NULL;
}

CelKey *cel_key_generate(const char *person, gboolean training, GError **error)
{
    const CelCertificateOrder order = {
        .person = person, .training = training, .days = CEL_KEY_DAYS};
    return make_self_signed(&order, error);
}

CelKey *cel_key_generate_lab(const char *name, gboolean training, GError **error)
{
    const CelCertificateOrder order = {
        .person = name, .role = CEL_ROLE_LAB, .training = training, .days = ROOT_VALID_DAYS};
    return make_self_signed(&order, error);
}

/* ---- checking ---- */

static gboolean check_slot(const CelKeySlot *slot, CelSigner signer, GError **error)
{
    if (!cel_certificate_check(signer, slot->certificate, error) ||
        !slot->store->fits(slot->secret, signer, slot->certificate, error))
        return FALSE;
    if (slot->issuer == NULL ? !cel_certificate_self_signed(slot->certificate)
                             : !cel_certificate_is_root(slot->issuer) ||
                                   !cel_certificate_issued_by(slot->certificate, slot->issuer))
        return fail(error, CEL_ERROR_INPUT,
                    _("The root certificate that issued this key's certificate is not with it"));
    return TRUE;
}

gboolean cel_keys_same_holder(const CelCertificate *a, const CelCertificate *b)
{
    return g_strcmp0(a->person, b->person) == 0 && g_strcmp0(a->person_id, b->person_id) == 0 &&
           g_strcmp0(a->lab, b->lab) == 0 && a->role == b->role && a->training == b->training;
}

gboolean cel_keys_check(CelKey *key, GError **error)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        CelCertificate about = {0};
        const CelKeySlot *slot = &key->slots[s];
        if (slot->store == NULL)
            continue;
        if (!check_slot(slot, s, error) || !cel_certificate_read(slot->certificate, &about, error))
            return FALSE;
        const gboolean same =
            key->about.person == NULL || cel_keys_same_holder(&key->about, &about);
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
    const CelKeySlot *slot = &key->slots[signer];
    return slot->store->sign(slot->secret, signer, data, error);
}

GBytes *cel_key_certificate(CelKey *key, CelSigner signer, GError **error)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    return holds(key, signer, error) ? cel_certificate_der(key->slots[signer].certificate, error)
                                     : NULL;
}

GBytes *cel_key_issuer(CelKey *key, CelSigner signer)
{
    g_return_val_if_fail((guint)signer < CEL_N_SIGNERS, NULL);
    X509 *issuer = key->slots[signer].issuer;
    return issuer != NULL ? cel_certificate_der(issuer, NULL) : NULL;
}

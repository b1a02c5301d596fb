/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-token.h"

#include "base/cel-error.h"
#include "evidence/cel-keys-private.h"
#include "evidence/cel-token-session.h"

#include <glib/gi18n-lib.h>
#include <openssl/ecdsa.h>
#include <openssl/rand.h>
#include <string.h>

enum { MOST_SIGNATURE = 512, CHALLENGE = 32, MOST_URI = 2048, HALF = 32 };

/* How a token signs. Ed25519: PKCS#11 v3.0 section 2.3.14. SM2 has no number in the standard; this
 * one is that of CKM_SM3_SM2 in the public headers of some makers (digest with SM3, then SM2), and
 * what it does is proven anew with every key that is opened. */
static const struct {
    CK_MECHANISM_TYPE mechanism;
    gboolean raw; /* r and s of 32 bytes each instead of DER */
} signers[CEL_N_SIGNERS] = {
    [CEL_SIGN_SM2] = {CKM_VENDOR_DEFINED + 0x8100, TRUE},
    [CEL_SIGN_ED25519] = {CKM_EDDSA, FALSE},
};

/** CelToken: a private key on a token, logged in. */
typedef struct {
    CelTokenSession session;
    CK_OBJECT_HANDLE key;
    char *uri;
} CelToken;

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ECDSA_SIG, ECDSA_SIG_free)

static void free_token(gpointer secret)
{
    CelToken *token = secret;
    cel_token_session_end(&token->session);
    g_free(token->uri);
    g_free(token);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelToken, free_token)

/* ---- signing ---- */

static GBytes *der_of_halves(const guint8 *raw)
{
    g_autoptr(ECDSA_SIG) pair = ECDSA_SIG_new();
    guint8 *der = NULL;
    if (pair == NULL ||
        ECDSA_SIG_set0(pair, BN_bin2bn(raw, HALF, NULL), BN_bin2bn(raw + HALF, HALF, NULL)) != 1)
        return NULL;
    const int n = i2d_ECDSA_SIG(pair, &der);
    GBytes *bytes = n > 0 ? g_bytes_new(der, (gsize)n) : NULL;
    OPENSSL_free(der);
    return bytes;
}

static CK_RV sign_once(CelToken *token, CelSigner signer, GBytes *data, guint8 *out, CK_ULONG *n)
{
    CK_FUNCTION_LIST *p11 = token->session.module;
    CK_MECHANISM how = {signers[signer].mechanism, NULL, 0};
    gsize length = 0;
    const void *bytes = g_bytes_get_data(data, &length);
    g_autofree guint8 *copy = g_memdup2(bytes, length); /* it may be written to */
    const CK_RV rv = p11->C_SignInit(token->session.handle, &how, token->key);
    return rv == CKR_OK ? p11->C_Sign(token->session.handle, copy, length, out, n) : rv;
}

/* Another key's login on the same token ends the handles that were found before it. */
static gboolean find_again(CelToken *token)
{
    g_autoptr(P11KitUri) uri = cel_token_uri(token->uri, NULL);
    return uri != NULL &&
           cel_token_object(&token->session, uri, CKO_PRIVATE_KEY, &token->key, NULL);
}

static GBytes *sign(gpointer secret, CelSigner signer, GBytes *data, GError **error)
{
    CelToken *token = secret;
    guint8 signature[MOST_SIGNATURE];
    CK_ULONG n = sizeof signature;
    CK_RV rv = sign_once(token, signer, data, signature, &n);
    if ((rv == CKR_OBJECT_HANDLE_INVALID || rv == CKR_KEY_HANDLE_INVALID) && find_again(token)) {
        n = sizeof signature;
        rv = sign_once(token, signer, data, signature, &n);
    }
    if (rv != CKR_OK) {
        cel_token_fail(error, _("The token did not sign; nothing was recorded"), rv);
        return NULL;
    }
    return signers[signer].raw && n == 2 * HALF ? der_of_halves(signature)
                                                : g_bytes_new(signature, n);
}

/* A signature over random bytes shows that token, mechanism and certificate belong together. */
static gboolean fits(gpointer secret, CelSigner signer, X509 *certificate, GError **error)
{
    guint8 challenge[CHALLENGE];
    g_autoptr(GBytes) der = cel_certificate_der(certificate, error);
    if (der == NULL || RAND_bytes(challenge, sizeof challenge) != 1)
        return FALSE;
    g_autoptr(GBytes) data = g_bytes_new(challenge, sizeof challenge);
    g_autoptr(GBytes) signature = sign(secret, signer, data, error);
    if (signature == NULL)
        return FALSE;
    if (cel_signature_verify(signer, der, data, signature, NULL, NULL))
        return TRUE;
    g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                        _("What the token signs does not verify under this key's certificate; it "
                          "is another key, or the token signs in a way this program does not "
                          "know"));
    return FALSE;
}

/* ---- opening and storing ---- */

static gboolean check_offer(const CelTokenSession *session, CelSigner signer, GError **error)
{
    if (cel_token_offers(session, signers[signer].mechanism, CKF_SIGN))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("This token does not offer %s signatures in a way this program knows"),
                cel_signer_name(signer));
    return FALSE;
}

static gpointer open_token(CelSigner signer, GBytes *stored, const char *pin, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(stored, &n);
    g_autoptr(CelToken) token = g_new0(CelToken, 1);
    token->uri = n < MOST_URI ? g_strndup(text, n) : g_strdup("");
    g_autoptr(P11KitUri) uri = cel_token_uri(token->uri, error);
    if (uri == NULL || !cel_token_session_begin(&token->session, uri, pin, FALSE, error) ||
        !check_offer(&token->session, signer, error) ||
        !cel_token_object(&token->session, uri, CKO_PRIVATE_KEY, &token->key, error))
        return NULL;
    return g_steal_pointer(&token);
}

static GBytes *save(gpointer secret, const char *passphrase, GError **error)
{
    (void)passphrase;
    (void)error;
    const CelToken *token = secret;
    return g_bytes_new(token->uri, strlen(token->uri));
}

const CelKeyStore cel_key_store_token = {
    .block = "CELADON TOKEN KEY",
    .open = open_token,
    .save = save,
    .fits = fits,
    .sign = sign,
    .free = free_token,
};

/* ---- making ---- */

static gboolean check_label(const char *label, GError **error)
{
    const gsize n = strlen(label);
    gboolean ok = n >= 1 && n <= CEL_KEY_MAX_PERSON;
    for (gsize i = 0; i < n; i++)
        ok = ok && g_ascii_isprint(label[i]);
    if (!ok)
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("A key on a token needs a label of 1 to 64 ASCII characters"));
    return ok;
}

static gboolean generate_pair(CelToken *token, const char *label, CK_OBJECT_HANDLE *out_public,
                              GError **error)
{
    static const char curve[] = "\x13\x0c"
                                "edwards25519"; /* DER PrintableString, RFC 8410 */
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    gpointer name = (gpointer)(gsize)label, ec = (gpointer)(gsize)curve; /* not written to */
    CK_ATTRIBUTE public_half[] = {
        {CKA_TOKEN, &yes, sizeof yes},         {CKA_VERIFY, &yes, sizeof yes},
        {CKA_LABEL, name, strlen(label)},      {CKA_ID, name, strlen(label)},
        {CKA_EC_PARAMS, ec, sizeof curve - 1},
    };
    CK_ATTRIBUTE private_half[] = {
        {CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
        {CKA_SENSITIVE, &yes, sizeof yes}, {CKA_EXTRACTABLE, &no, sizeof no},
        {CKA_SIGN, &yes, sizeof yes},      {CKA_LABEL, name, strlen(label)},
        {CKA_ID, name, strlen(label)},
    };
    CK_MECHANISM how = {CKM_EC_EDWARDS_KEY_PAIR_GEN, NULL, 0};
    const CK_RV rv = token->session.module->C_GenerateKeyPair(
        token->session.handle, &how, public_half, G_N_ELEMENTS(public_half), private_half,
        G_N_ELEMENTS(private_half), out_public, &token->key);
    return rv == CKR_OK || cel_token_fail(error, _("The token makes no Ed25519 key"), rv);
}

/* CKA_EC_POINT: the 32 bytes in a DER OCTET STRING; older tokens leave that off. */
static EVP_PKEY *public_key(const CelToken *token, CK_OBJECT_HANDLE object, GError **error)
{
    guint8 point[HALF + 2];
    CK_ATTRIBUTE wanted = {CKA_EC_POINT, point, sizeof point};
    const CK_RV rv =
        token->session.module->C_GetAttributeValue(token->session.handle, object, &wanted, 1);
    const gsize n = rv == CKR_OK ? wanted.ulValueLen : 0;
    const gsize skip = n == HALF + 2 && point[0] == 0x04 && point[1] == HALF ? 2 : 0;
    EVP_PKEY *key = n == HALF + skip
                        ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, point + skip, HALF)
                        : NULL;
    if (key == NULL)
        cel_token_fail(error, _("The token does not give the public half of its key"), rv);
    return key;
}

/* The URI of the key: the token's, which may be anything that finds it, made exact. */
static char *exact_uri(const CelTokenSession *session, const char *label)
{
    char *text = NULL;
    g_autoptr(P11KitUri) uri = p11_kit_uri_new();
    CK_OBJECT_CLASS key = CKO_PRIVATE_KEY;
    CK_ATTRIBUTE attributes[] = {
        {CKA_CLASS, &key, sizeof key},
        {CKA_LABEL, (gpointer)(gsize)label, label != NULL ? strlen(label) : 0},
    };
    memcpy(p11_kit_uri_get_token_info(uri), &session->info, sizeof session->info);
    p11_kit_uri_set_attributes(uri, attributes, label != NULL ? G_N_ELEMENTS(attributes) : 0);
    if (p11_kit_uri_format(uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN, &text) != P11_KIT_URI_OK)
        return NULL;
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

static gboolean label_is_new(const CelToken *token, const char *label, GError **error)
{
    g_autoptr(P11KitUri) uri = p11_kit_uri_new();
    CK_ATTRIBUTE name = {CKA_LABEL, (gpointer)(gsize)label, strlen(label)};
    CK_OBJECT_HANDLE object = 0;
    g_autoptr(GError) none = NULL;
    p11_kit_uri_set_attribute(uri, &name);
    if (!cel_token_object(&token->session, uri, CKO_PRIVATE_KEY, &object, &none) &&
        strstr(none->message, p11_kit_strerror(CKR_KEY_HANDLE_INVALID)) != NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("There is a key \"%s\" on the token already; choose another label"), label);
    return FALSE;
}

static CelToken *make_pair(const CelTokenOrder *order, EVP_PKEY **out_public, GError **error)
{
    CK_OBJECT_HANDLE object = 0;
    g_autoptr(CelToken) token = g_new0(CelToken, 1);
    g_autoptr(P11KitUri) uri = cel_token_uri(order->uri, error);
    if (uri == NULL || !cel_token_session_begin(&token->session, uri, order->pin, TRUE, error) ||
        !check_offer(&token->session, CEL_SIGN_ED25519, error) ||
        !label_is_new(token, order->label, error) ||
        !generate_pair(token, order->label, &object, error))
        return NULL;
    token->uri = exact_uri(&token->session, order->label);
    *out_public = public_key(token, object, error);
    return *out_public != NULL ? g_steal_pointer(&token) : NULL;
}

CelKey *cel_token_generate(const CelTokenOrder *order, GError **error)
{
    g_autoptr(EVP_PKEY) public_half = NULL;
    if (!cel_keys_check_person(order->person, error) || !check_label(order->label, error))
        return NULL;
    CelToken *token = make_pair(order, &public_half, error);
    if (token == NULL)
        return NULL;
    g_autoptr(CelKey) key = g_new0(CelKey, 1);
    CelKeySlot *slot = &key->slots[CEL_SIGN_ED25519];
    *slot = (CelKeySlot){.store = &cel_key_store_token, .secret = token};
    slot->certificate = cel_keys_self_sign(slot, CEL_SIGN_ED25519, public_half,
                                           &(CelCertificateOrder){.person = order->person,
                                                                  .training = order->training,
                                                                  .days = CEL_KEY_DAYS},
                                           error);
    if (slot->certificate == NULL || !cel_keys_check(key, error))
        return NULL;
    return g_steal_pointer(&key);
}

/* ---- listing ---- */

static void free_info(gpointer data)
{
    CelTokenInfo *info = data;
    g_free(info->label);
    g_free(info->maker);
    g_free(info->model);
    g_free(info->serial);
    g_free(info->uri);
    g_free(info);
}

static char *field(const guint8 *bytes, gsize n)
{
    g_autofree char *text = g_strndup((const char *)bytes, n);
    return g_utf8_make_valid(g_strchomp(text), -1);
}

static gboolean add_info(const CelTokenSession *session, gpointer data)
{
    const CK_TOKEN_INFO *token = &session->info;
    CelTokenInfo *info = g_new0(CelTokenInfo, 1);
    info->label = field(token->label, sizeof token->label);
    info->maker = field(token->manufacturerID, sizeof token->manufacturerID);
    info->model = field(token->model, sizeof token->model);
    info->serial = field(token->serialNumber, sizeof token->serialNumber);
    info->uri = exact_uri(session, NULL);
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        info->offers[s] = cel_token_offers(session, signers[s].mechanism, CKF_SIGN);
    g_ptr_array_add(data, info);
    return TRUE;
}

GPtrArray *cel_token_list(GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_info);
    return cel_token_visit(add_info, list, error) ? g_steal_pointer(&list) : NULL;
}

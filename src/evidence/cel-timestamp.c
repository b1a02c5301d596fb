/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-timestamp.h"

#include "base/cel-error.h"
#include "base/cel-hash.h"
#include "evidence/cel-certificate.h"

#include <glib/gi18n-lib.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ts.h>

enum { NONCE_BYTES = 8, SHA256_BYTES = 32, MOST_NAME = 512 };

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_vfree)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PKCS7, PKCS7_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_REQ, TS_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_RESP, TS_RESP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_TST_INFO, TS_TST_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_VERIFY_CTX, TS_VERIFY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_INTEGER, ASN1_INTEGER_free)

static gpointer fail(GError **error, int code, const char *what)
{
    cel_openssl_fail(error, code, what);
    return NULL;
}

void cel_timestamp_clear(CelTimestamp *timestamp)
{
    g_clear_pointer(&timestamp->authority, g_free);
    g_clear_pointer(&timestamp->policy, g_free);
    g_clear_pointer(&timestamp->serial, g_free);
}

/* ---- asking ---- */

static gboolean set_imprint(TS_REQ *request, GBytes *data)
{
    guint8 digest[EVP_MAX_MD_SIZE];
    gsize n = 0;
    const void *bytes = g_bytes_get_data(data, &n);
    g_autoptr(TS_MSG_IMPRINT) imprint = TS_MSG_IMPRINT_new();
    g_autoptr(X509_ALGOR) algorithm = X509_ALGOR_new();
    return imprint != NULL && algorithm != NULL &&
           EVP_Digest(bytes, n, digest, NULL, EVP_sha256(), NULL) == 1 &&
           X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
           TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
           TS_MSG_IMPRINT_set_msg(imprint, digest, SHA256_BYTES) == 1 &&
           TS_REQ_set_msg_imprint(request, imprint) == 1;
}

static gboolean set_nonce(TS_REQ *request)
{
    guint64 value = 0;
    g_autoptr(ASN1_INTEGER) nonce = ASN1_INTEGER_new();
    return nonce != NULL && RAND_bytes((guint8 *)&value, NONCE_BYTES) == 1 &&
           ASN1_INTEGER_set_uint64(nonce, value) == 1 && TS_REQ_set_nonce(request, nonce) == 1;
}

static GBytes *take_der(guint8 *der, int n)
{
    GBytes *bytes = n > 0 ? g_bytes_new(der, (gsize)n) : NULL;
    OPENSSL_free(der);
    return bytes;
}

GBytes *cel_timestamp_request(GBytes *data, GError **error)
{
    guint8 *der = NULL;
    g_autoptr(TS_REQ) request = TS_REQ_new();
    const gboolean made = request != NULL && TS_REQ_set_version(request, 1) == 1 &&
                          set_imprint(request, data) && set_nonce(request) &&
                          TS_REQ_set_cert_req(request, 1) == 1;
    const int n = made ? i2d_TS_REQ(request, &der) : 0;
    GBytes *bytes = take_der(der, n);
    return bytes != NULL
               ? bytes
               : fail(error, CEL_ERROR_SYSTEM, _("The request for a time stamp cannot be made"));
}

/* ---- the reply ---- */

static TS_RESP *parse_reply(GBytes *reply)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(reply, &n), *end = data;
    g_autoptr(TS_RESP) response =
        n > 0 && n <= CEL_TIMESTAMP_MAX_BYTES ? d2i_TS_RESP(NULL, &end, (long)n) : NULL;
    return response != NULL && end == data + n ? g_steal_pointer(&response) : NULL;
}

static TS_REQ *parse_request(GBytes *request)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(request, &n), *end = data;
    g_autoptr(TS_REQ) parsed =
        n > 0 && n <= CEL_TIMESTAMP_MAX_BYTES ? d2i_TS_REQ(NULL, &end, (long)n) : NULL;
    return parsed != NULL && end == data + n ? g_steal_pointer(&parsed) : NULL;
}

/* Status, digest and nonce; the signature is judged when the token is used. */
static gboolean answers(TS_RESP *response, TS_REQ *request)
{
    g_autoptr(TS_VERIFY_CTX) check = TS_REQ_to_TS_VERIFY_CTX(request, NULL);
    if (check == NULL)
        return FALSE;
    TS_VERIFY_CTX_set_flags(check, TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_NONCE);
    return TS_RESP_verify_response(check, response) == 1;
}

GBytes *cel_timestamp_accept(GBytes *reply, GBytes *request, GError **error)
{
    guint8 *der = NULL;
    g_autoptr(TS_RESP) response = parse_reply(reply);
    g_autoptr(TS_REQ) asked = parse_request(request);
    if (response == NULL || asked == NULL)
        return fail(error, CEL_ERROR_INPUT, _("This is no reply of a time stamp authority"));
    if (!answers(response, asked))
        return fail(error, CEL_ERROR_INPUT,
                    _("The time stamp authority refused, or this is the reply to another request; "
                      "ask again"));
    const int n = i2d_PKCS7(TS_RESP_get_token(response), &der);
    GBytes *token = take_der(der, n);
    return token != NULL ? token : fail(error, CEL_ERROR_INPUT, _("The reply holds no time stamp"));
}

/* ---- the token ---- */

static PKCS7 *parse_token(GBytes *token)
{
    gsize n = 0;
    const guint8 *data = g_bytes_get_data(token, &n), *end = data;
    g_autoptr(PKCS7) parsed =
        n > 0 && n <= CEL_TIMESTAMP_MAX_BYTES ? d2i_PKCS7(NULL, &end, (long)n) : NULL;
    const gboolean ok = parsed != NULL && end == data + n && PKCS7_type_is_signed(parsed) &&
                        PKCS7_get_detached(parsed) == 0;
    return ok ? g_steal_pointer(&parsed) : NULL;
}

static gint64 part_us(const ASN1_INTEGER *value, gint64 unit_us)
{
    gint64 n = 0;
    return value != NULL && ASN1_INTEGER_get_int64(&n, value) == 1 && n >= 0 && n < G_MAXINT32
               ? n * unit_us
               : 0;
}

static gint64 accuracy_us(TS_TST_INFO *info)
{
    const TS_ACCURACY *stated = TS_TST_INFO_get_accuracy(info);
    if (stated == NULL)
        return 0;
    return part_us(TS_ACCURACY_get_seconds(stated), G_USEC_PER_SEC) +
           part_us(TS_ACCURACY_get_millis(stated), 1000) +
           part_us(TS_ACCURACY_get_micros(stated), 1);
}

static char *authority_name(PKCS7 *token)
{
    STACK_OF(X509) *signers = PKCS7_get0_signers(token, NULL, 0);
    g_autoptr(BIO) out = BIO_new(BIO_s_mem());
    char *text = NULL;
    /* RFC 2253 without escapes for non-ASCII: Chinese stays Chinese, control characters do not. */
    const unsigned long form = XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB;
    if (out != NULL && sk_X509_num(signers) == 1 &&
        X509_NAME_print_ex(out, X509_get_subject_name(sk_X509_value(signers, 0)), 0, form) >= 0) {
        char *data = NULL;
        const long n = BIO_get_mem_data(out, &data);
        g_autofree char *copy = g_strndup(data, (gsize)MIN(n, MOST_NAME));
        text = g_utf8_make_valid(copy, -1);
    }
    sk_X509_free(signers);
    return text;
}

static char *serial_text(TS_TST_INFO *info)
{
    BIGNUM *number = ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), NULL);
    char *hex = number != NULL ? BN_bn2hex(number) : NULL;
    char *text = hex != NULL ? g_ascii_strdown(hex, MOST_NAME) : NULL;
    OPENSSL_free(hex);
    BN_free(number);
    return text;
}

static gboolean read_info(PKCS7 *token, TS_TST_INFO *info, CelTimestamp *out)
{
    char policy[MOST_NAME] = "";
    struct tm parts;
    if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &parts) != 1)
        return FALSE;
    g_autoptr(GDateTime) time =
        g_date_time_new_utc(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                            parts.tm_min, parts.tm_sec);
    OBJ_obj2txt(policy, sizeof policy, TS_TST_INFO_get_policy_id(info), 1);
    *out = (CelTimestamp){
        .time_us = time != NULL ? g_date_time_to_unix(time) * G_USEC_PER_SEC : 0,
        .accuracy_us = accuracy_us(info),
        .authority = authority_name(token),
        .policy = g_strdup(policy),
        .serial = serial_text(info),
    };
    return out->time_us != 0 && out->authority != NULL && out->serial != NULL;
}

/* Digests for which a second text of the same digest can be made prove nothing. */
static gboolean digest_is_sound(TS_TST_INFO *info)
{
    const ASN1_OBJECT *kind = NULL;
    X509_ALGOR_get0(&kind, NULL, NULL, TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(info)));
    const int nid = OBJ_obj2nid(kind);
    return nid == NID_sha256 || nid == NID_sha384 || nid == NID_sha512 || nid == NID_sm3;
}

static gboolean is_over(PKCS7 *token, GBytes *data)
{
    gsize n = 0;
    const void *bytes = g_bytes_get_data(data, &n);
    BIO *in = BIO_new_mem_buf(bytes, (int)n); /* owned by check */
    g_autoptr(TS_VERIFY_CTX) check = TS_VERIFY_CTX_new();
    if (check == NULL || in == NULL)
        return FALSE;
    TS_VERIFY_CTX_set_data(check, in);
    TS_VERIFY_CTX_set_flags(check, TS_VFY_VERSION | TS_VFY_DATA);
    return TS_RESP_verify_token(check, token) == 1;
}

/* Without asking whose certificate it is. */
static gboolean signature_holds(PKCS7 *token)
{
    g_autoptr(BIO) content = BIO_new(BIO_s_null());
    return content != NULL && PKCS7_verify(token, NULL, NULL, NULL, content, PKCS7_NOVERIFY) == 1;
}

static X509_STORE *read_roots(GBytes *roots, gint64 time_us)
{
    gsize n = 0;
    const void *text = g_bytes_get_data(roots, &n);
    g_autoptr(BIO) in = n > 0 && n <= G_MAXINT32 ? BIO_new_mem_buf(text, (int)n) : NULL;
    g_autoptr(X509_STORE) store = X509_STORE_new();
    if (in == NULL || store == NULL)
        return NULL;
    for (guint i = 0; i < CEL_TIMESTAMP_MAX_ROOTS; i++) {
        g_autoptr(X509) root = PEM_read_bio_X509(in, NULL, NULL, NULL);
        if (root == NULL)
            break;
        X509_STORE_add_cert(store, root);
    }
    X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), (time_t)(time_us / G_USEC_PER_SEC));
    return g_steal_pointer(&store);
}

static gboolean is_known(PKCS7 *token, GBytes *roots, gint64 time_us)
{
    g_autoptr(X509_STORE) store = roots != NULL ? read_roots(roots, time_us) : NULL;
    return store != NULL && TS_RESP_verify_signature(token, NULL, store, NULL) == 1;
}

static CelTimestampState judge(PKCS7 *token, GBytes *data, GBytes *roots, CelTimestamp *out)
{
    g_autoptr(TS_TST_INFO) info = PKCS7_to_TS_TST_INFO(token);
    if (info == NULL || !read_info(token, info, out) || !digest_is_sound(info))
        return CEL_TIMESTAMP_BROKEN;
    if (!is_over(token, data))
        return CEL_TIMESTAMP_OTHER_DATA;
    if (is_known(token, roots, out->time_us))
        return CEL_TIMESTAMP_PROVEN;
    return signature_holds(token) ? CEL_TIMESTAMP_UNKNOWN_AUTHORITY : CEL_TIMESTAMP_BROKEN;
}

CelTimestampState cel_timestamp_judge(GBytes *token, GBytes *data, GBytes *roots, CelTimestamp *out)
{
    g_auto(CelTimestamp) said = {0};
    g_autoptr(PKCS7) parsed = parse_token(token);
    const CelTimestampState state =
        parsed != NULL ? judge(parsed, data, roots, &said) : CEL_TIMESTAMP_BROKEN;
    if (out != NULL) {
        *out = said;
        said = (CelTimestamp){0};
    }
    ERR_clear_error();
    return state;
}

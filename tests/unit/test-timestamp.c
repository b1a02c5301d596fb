/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-timestamp.h"

#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <string.h>

/* A time stamp authority of our own, made of OpenSSL's parts: a root and a certificate for time
 * stamping under it, both of the years 2026 to 2036. */

static const gint64 YEAR_S = 365 * 86400, NOON_S = G_GINT64_CONSTANT(1796040000); /* 2026-11-30 */

typedef struct {
    EVP_PKEY *root_key, *key;
    X509 *root, *certificate;
    GBytes *root_pem;
    gint64 now_s;
} Authority;

static void extend(X509 *x509, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    g_assert_nonnull(extension);
    X509_add_ext(x509, extension, -1);
    X509_EXTENSION_free(extension);
}

static X509 *make_certificate(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509 *x509 = X509_new();
    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), issuer == NULL ? 1 : 2);
    ASN1_TIME_set(X509_getm_notBefore(x509), (time_t)(NOON_S - YEAR_S / 2));
    ASN1_TIME_set(X509_getm_notAfter(x509), (time_t)(NOON_S + 10 * YEAR_S));
    X509_NAME_add_entry_by_NID(X509_get_subject_name(x509), NID_commonName, MBSTRING_UTF8,
                               (const guchar *)name, -1, -1, 0);
    X509_set_issuer_name(x509, X509_get_subject_name(issuer != NULL ? issuer : x509));
    X509_set_pubkey(x509, key);
    extend(x509, issuer != NULL ? issuer : x509, NID_basic_constraints,
           issuer == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (issuer != NULL) {
        extend(x509, issuer, NID_key_usage, "critical,digitalSignature");
        extend(x509, issuer, NID_ext_key_usage, "critical,timeStamping");
    }
    g_assert_cmpint(X509_sign(x509, issuer_key, EVP_sha256()), >, 0);
    return x509;
}

static void set_up(Authority *tsa, gconstpointer data)
{
    (void)data;
    tsa->root_key = EVP_EC_gen("P-256");
    tsa->key = EVP_EC_gen("P-256");
    tsa->root = make_certificate("某授时根", tsa->root_key, NULL, tsa->root_key);
    tsa->certificate = make_certificate("某授时中心", tsa->key, tsa->root, tsa->root_key);
    BIO *out = BIO_new(BIO_s_mem());
    char *pem = NULL;
    PEM_write_bio_X509(out, tsa->root);
    const long n = BIO_get_mem_data(out, &pem);
    tsa->root_pem = g_bytes_new(pem, (gsize)n);
    BIO_free(out);
    tsa->now_s = NOON_S;
}

static void tear_down(Authority *tsa, gconstpointer data)
{
    (void)data;
    EVP_PKEY_free(tsa->root_key);
    EVP_PKEY_free(tsa->key);
    X509_free(tsa->root);
    X509_free(tsa->certificate);
    g_bytes_unref(tsa->root_pem);
}

static ASN1_INTEGER *serial(TS_RESP_CTX *context, void *data)
{
    (void)context;
    (void)data;
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    ASN1_INTEGER_set(number, 0xbeef);
    return number;
}

static int tell_time(TS_RESP_CTX *context, void *data, long *out_s, long *out_us)
{
    (void)context;
    *out_s = (long)((const Authority *)data)->now_s;
    *out_us = 0;
    return 1;
}

static GBytes *reply_with(Authority *tsa, GBytes *request, const EVP_MD *accepted)
{
    gsize n = 0;
    guint8 *der = NULL;
    const void *asked = g_bytes_get_data(request, &n);
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
    BIO *in = BIO_new_mem_buf(asked, (int)n);
    TS_RESP_CTX_set_signer_cert(context, tsa->certificate);
    TS_RESP_CTX_set_signer_key(context, tsa->key);
    TS_RESP_CTX_set_signer_digest(context, EVP_sha256());
    TS_RESP_CTX_set_def_policy(context, policy);
    TS_RESP_CTX_add_md(context, accepted);
    TS_RESP_CTX_set_accuracy(context, 1, 500, 100);
    TS_RESP_CTX_set_serial_cb(context, serial, NULL);
    TS_RESP_CTX_set_time_cb(context, tell_time, tsa);
    TS_RESP *response = TS_RESP_create_response(context, in);
    g_assert_nonnull(response);
    const int length = i2d_TS_RESP(response, &der);
    GBytes *reply = g_bytes_new(der, (gsize)length);
    OPENSSL_free(der);
    TS_RESP_free(response);
    BIO_free(in);
    ASN1_OBJECT_free(policy);
    TS_RESP_CTX_free(context);
    return reply;
}

static GBytes *stamp(Authority *tsa, GBytes *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) request = cel_timestamp_request(data, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) reply = reply_with(tsa, request, EVP_sha256());
    GBytes *token = cel_timestamp_accept(reply, request, &error);
    g_assert_no_error(error);
    return token;
}

static GBytes *text_bytes(const char *text)
{
    return g_bytes_new_static(text, strlen(text));
}

static void a_token_proves_its_time(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature");
    g_autoptr(GBytes) token = stamp(tsa, text);
    g_auto(CelTimestamp) said = {0};
    g_assert_cmpint(cel_timestamp_judge(token, text, tsa->root_pem, &said), ==,
                    CEL_TIMESTAMP_PROVEN);
    g_assert_cmpint(said.time_us, ==, NOON_S * G_USEC_PER_SEC);
    g_assert_cmpint(said.accuracy_us, ==, 1500100);
    g_assert_cmpstr(said.authority, ==, "CN=某授时中心");
    g_assert_cmpstr(said.policy, ==, "1.2.3.4");
    g_assert_cmpstr(said.serial, ==, "beef");
}

static void without_its_root_an_authority_is_unknown(Authority *tsa, gconstpointer data)
{
    (void)data;
    Authority other = {0};
    set_up(&other, NULL);
    g_autoptr(GBytes) text = text_bytes("signature");
    g_autoptr(GBytes) token = stamp(tsa, text);
    g_autoptr(GBytes) no_pem = text_bytes("no certificate");
    GBytes *const roots[] = {NULL, other.root_pem, no_pem};
    for (gsize i = 0; i < G_N_ELEMENTS(roots); i++) {
        g_auto(CelTimestamp) said = {0};
        g_assert_cmpint(cel_timestamp_judge(token, text, roots[i], &said), ==,
                        CEL_TIMESTAMP_UNKNOWN_AUTHORITY);
        g_assert_cmpint(said.time_us, ==, NOON_S * G_USEC_PER_SEC);
    }
    tear_down(&other, NULL);
}

static void a_token_over_something_else_is_said(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature"), other = text_bytes("signaturE");
    g_autoptr(GBytes) token = stamp(tsa, text);
    g_assert_cmpint(cel_timestamp_judge(token, other, tsa->root_pem, NULL), ==,
                    CEL_TIMESTAMP_OTHER_DATA);
}

static void a_chain_is_judged_at_the_tokens_own_time(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature");
    tsa->now_s = NOON_S + 9 * YEAR_S;
    g_autoptr(GBytes) late = stamp(tsa, text);
    g_assert_cmpint(cel_timestamp_judge(late, text, tsa->root_pem, NULL), ==, CEL_TIMESTAMP_PROVEN);
    tsa->now_s = NOON_S + 11 * YEAR_S;
    g_autoptr(GBytes) expired = stamp(tsa, text);
    g_assert_cmpint(cel_timestamp_judge(expired, text, tsa->root_pem, NULL), ==,
                    CEL_TIMESTAMP_UNKNOWN_AUTHORITY);
}

static void no_changed_bit_is_proven_at_another_time(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature");
    g_autoptr(GBytes) token = stamp(tsa, text);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(token, &n);
    guint broken = 0;
    for (gsize i = 0; i < n; i++) {
        g_auto(CelTimestamp) said = {0};
        g_autofree guint8 *copy = g_memdup2(bytes, n);
        copy[i] ^= (guint8)(1u << (i % 8));
        g_autoptr(GBytes) changed = g_bytes_new_static(copy, n);
        const CelTimestampState state = cel_timestamp_judge(changed, text, tsa->root_pem, &said);
        if (state == CEL_TIMESTAMP_PROVEN) /* bits that nothing reads, such as optional headers */
            g_assert_cmpint(said.time_us, ==, NOON_S * G_USEC_PER_SEC);
        broken += state != CEL_TIMESTAMP_PROVEN;
    }
    g_assert_cmpuint(broken, >, n * 9 / 10);
}

static void a_reply_to_another_request_is_refused(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature"), other = text_bytes("other");
    g_autoptr(GBytes) mine = cel_timestamp_request(text, NULL);
    g_autoptr(GBytes) again = cel_timestamp_request(text, NULL); /* another nonce */
    g_autoptr(GBytes) elsewhere = cel_timestamp_request(other, NULL);
    g_autoptr(GBytes) reply = reply_with(tsa, mine, EVP_sha256());
    GBytes *const wrong[] = {again, elsewhere, text};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_timestamp_accept(reply, wrong[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    g_autoptr(GBytes) token = cel_timestamp_accept(reply, mine, NULL);
    g_assert_nonnull(token);
}

static void a_refusal_of_the_authority_is_no_token(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature");
    g_autoptr(GBytes) request = cel_timestamp_request(text, NULL);
    g_autoptr(GBytes) reply = reply_with(tsa, request, EVP_sha512());
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_timestamp_accept(reply, request, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void what_is_no_token_is_broken(Authority *tsa, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = text_bytes("signature");
    g_autoptr(GBytes) token = stamp(tsa, text);
    gsize n = 0;
    const guint8 *bytes = g_bytes_get_data(token, &n);
    g_autoptr(GBytes) half = g_bytes_new(bytes, n / 2);
    g_autofree guint8 *longer = g_malloc0(n + 1);
    memcpy(longer, bytes, n);
    g_autoptr(GBytes) tail = g_bytes_new(longer, n + 1);
    g_autoptr(GBytes) empty = text_bytes("");
    GBytes *const bad[] = {half, tail, empty, text};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_auto(CelTimestamp) said = {0};
        g_assert_cmpint(cel_timestamp_judge(bad[i], text, tsa->root_pem, &said), ==,
                        CEL_TIMESTAMP_BROKEN);
        g_assert_null(said.authority);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define WITH_TSA(path, test) g_test_add(path, Authority, NULL, set_up, test, tear_down)
    WITH_TSA("/timestamp/judge/time", a_token_proves_its_time);
    WITH_TSA("/timestamp/judge/unknown", without_its_root_an_authority_is_unknown);
    WITH_TSA("/timestamp/judge/other_data", a_token_over_something_else_is_said);
    WITH_TSA("/timestamp/judge/chain_time", a_chain_is_judged_at_the_tokens_own_time);
    WITH_TSA("/timestamp/judge/changed", no_changed_bit_is_proven_at_another_time);
    WITH_TSA("/timestamp/judge/broken", what_is_no_token_is_broken);
    WITH_TSA("/timestamp/accept/other_request", a_reply_to_another_request_is_refused);
    WITH_TSA("/timestamp/accept/refusal", a_refusal_of_the_authority_is_no_token);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-keys.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <string.h>

static const char PASSPHRASE[] = "correct horse 海关";

typedef struct {
    char *folder, *path;
} Place;

static void set_up(Place *place, gconstpointer data)
{
    (void)data;
    place->folder = g_dir_make_tmp("celadon-keys-XXXXXX", NULL);
    place->path = g_build_filename(place->folder, "operator.pem", NULL);
}

static void tear_down(Place *place, gconstpointer data)
{
    (void)data;
    g_unlink(place->path);
    g_rmdir(place->folder);
    g_free(place->path);
    g_free(place->folder);
}

static GBytes *text_bytes(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static GBytes *changed(GBytes *bytes, gsize at)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    guint8 *copy = g_memdup2(data, n);
    copy[at % n] ^= 1;
    return g_bytes_new_take(copy, n);
}

static void both_signatures_verify_and_name_the_person(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) data = text_bytes("{\"a\":1}");
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) certificate = cel_key_certificate(key, s, &error);
        g_autoptr(GBytes) signature = cel_key_sign(key, s, data, &error);
        CelCertificate about = {0};
        g_assert_true(cel_signature_verify(s, certificate, data, signature, &about, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(about.person, ==, "王芳");
        g_assert_false(about.training);
        g_assert_cmpint(about.not_before_us, <=, g_get_real_time());
        g_assert_cmpint(about.not_after_us, >, g_get_real_time());
        cel_certificate_clear(&about);
    }
}

static void every_changed_byte_breaks_the_signature(void)
{
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_autoptr(GBytes) data = text_bytes("the signed record");
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) certificate = cel_key_certificate(key, s, NULL);
        g_autoptr(GBytes) signature = cel_key_sign(key, s, data, NULL);
        for (gsize i = 0; i < g_bytes_get_size(data); i++) {
            g_autoptr(GBytes) other = changed(data, i);
            g_autoptr(GError) error = NULL;
            g_assert_false(cel_signature_verify(s, certificate, other, signature, NULL, &error));
            g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        }
        for (gsize i = 0; i < g_bytes_get_size(signature); i++) {
            g_autoptr(GBytes) other = changed(signature, i);
            g_assert_false(cel_signature_verify(s, certificate, data, other, NULL, NULL));
        }
    }
}

static void a_changed_certificate_is_refused_wherever_the_change_is(void)
{
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_autoptr(GBytes) data = text_bytes("record");
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) certificate = cel_key_certificate(key, s, NULL);
        g_autoptr(GBytes) signature = cel_key_sign(key, s, data, NULL);
        for (gsize i = 0; i < g_bytes_get_size(certificate); i++) {
            g_autoptr(GBytes) other = changed(certificate, i);
            g_assert_false(cel_signature_verify(s, other, data, signature, NULL, NULL));
        }
    }
}

static void another_persons_certificate_does_not_fit(void)
{
    g_autoptr(CelKey) mine = cel_key_generate("A", FALSE, NULL);
    g_autoptr(CelKey) other = cel_key_generate("B", FALSE, NULL);
    g_autoptr(GBytes) data = text_bytes("record");
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) signature = cel_key_sign(mine, s, data, NULL);
        g_autoptr(GBytes) certificate = cel_key_certificate(other, s, NULL);
        g_assert_false(cel_signature_verify(s, certificate, data, signature, NULL, NULL));
    }
}

static void a_certificate_of_the_other_kind_is_refused(void)
{
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_autoptr(GBytes) data = text_bytes("record");
    g_autoptr(GBytes) certificate = cel_key_certificate(key, CEL_SIGN_ED25519, NULL);
    g_autoptr(GBytes) signature = cel_key_sign(key, CEL_SIGN_ED25519, data, NULL);
    g_assert_false(cel_signature_verify(CEL_SIGN_SM2, certificate, data, signature, NULL, NULL));
}

/* Uses OpenSSL directly: the signature must carry the ID that the record states, no other. */
static int verify_with_id(GBytes *certificate, GBytes *data, GBytes *signature, const char *id)
{
    gsize n = 0, n_signature = 0;
    const guchar *der = g_bytes_get_data(certificate, &n);
    X509 *x509 = d2i_X509(NULL, &der, (long)n);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *inner = NULL;
    g_assert_cmpint(EVP_DigestVerifyInit(context, &inner, EVP_sm3(), NULL, X509_get0_pubkey(x509)),
                    ==, 1);
    g_assert_cmpint(EVP_PKEY_CTX_set1_id(inner, id, (int)strlen(id)), ==, 1);
    const guchar *bytes = g_bytes_get_data(data, &n);
    const guchar *sig = g_bytes_get_data(signature, &n_signature);
    const int ok = EVP_DigestVerify(context, sig, n_signature, bytes, n);
    EVP_MD_CTX_free(context);
    X509_free(x509);
    return ok;
}

static void sm2_verifies_only_with_the_stated_signer_id(void)
{
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_autoptr(GBytes) data = text_bytes("record");
    g_autoptr(GBytes) certificate = cel_key_certificate(key, CEL_SIGN_SM2, NULL);
    g_autoptr(GBytes) signature = cel_key_sign(key, CEL_SIGN_SM2, data, NULL);
    g_assert_cmpint(verify_with_id(certificate, data, signature, CEL_SM2_DEFAULT_ID), ==, 1);
    g_assert_cmpint(verify_with_id(certificate, data, signature, "1234567812345679"), !=, 1);
    g_assert_cmpint(verify_with_id(certificate, data, signature, "8765432187654321"), !=, 1);
}

static void ed25519_repeats_itself_and_sm2_does_not(void)
{
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_autoptr(GBytes) data = text_bytes("record");
    g_autoptr(GBytes) a = cel_key_sign(key, CEL_SIGN_ED25519, data, NULL);
    g_autoptr(GBytes) b = cel_key_sign(key, CEL_SIGN_ED25519, data, NULL);
    g_autoptr(GBytes) c = cel_key_sign(key, CEL_SIGN_SM2, data, NULL);
    g_autoptr(GBytes) d = cel_key_sign(key, CEL_SIGN_SM2, data, NULL);
    g_assert_cmpuint(g_bytes_get_size(a), ==, 64);
    g_assert_true(g_bytes_equal(a, b));
    g_assert_false(g_bytes_equal(c, d));
}

static void saved_keys_come_back_and_sign_as_the_same_person(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = cel_key_generate("李雷", TRUE, &error);
    g_assert_true(cel_key_save(key, place->path, PASSPHRASE, &error));
    g_autoptr(CelKey) again = cel_key_load(place->path, PASSPHRASE, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_key_person(again), ==, "李雷");
    g_assert_true(cel_key_is_training(again));
    g_autoptr(GBytes) record = text_bytes("record");
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) certificate = cel_key_certificate(key, s, &error);
        g_autoptr(GBytes) signature = cel_key_sign(again, s, record, &error);
        CelCertificate about = {0};
        g_assert_true(cel_signature_verify(s, certificate, record, signature, &about, &error));
        g_assert_true(about.training);
        cel_certificate_clear(&about);
    }
}

static void the_key_file_is_for_its_owner_and_holds_no_plain_key(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_assert_true(cel_key_save(key, place->path, PASSPHRASE, NULL));
    GStatBuf info;
    g_assert_cmpint(g_stat(place->path, &info), ==, 0);
    g_assert_cmpuint(info.st_mode & 07777, ==, 0600);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(place->path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "BEGIN ENCRYPTED PRIVATE KEY"));
    g_assert_null(strstr(text, "BEGIN PRIVATE KEY"));
    g_assert_null(strstr(text, "BEGIN EC PRIVATE KEY"));
}

static void a_wrong_passphrase_is_refused_by_policy(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_assert_true(cel_key_save(key, place->path, PASSPHRASE, NULL));
    static const char *const wrong[] = {"", "correct horse", "correct horse 海关 "};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_key_load(place->path, wrong[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

static void a_short_passphrase_saves_nothing(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_key_save(key, place->path, "seven77", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    g_assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
}

static void expect_not_a_key(const char *path, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_null(cel_key_load(path, PASSPHRASE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void what_is_no_key_file_is_an_input_error(Place *place, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) key = cel_key_generate("A", FALSE, NULL);
    g_assert_true(cel_key_save(key, place->path, PASSPHRASE, NULL));
    g_autofree char *good = NULL;
    g_assert_true(g_file_get_contents(place->path, &good, NULL, NULL));
    expect_not_a_key(place->path, "x,y\n1,2\n");
    expect_not_a_key(place->path, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    g_autofree char *half = g_strndup(good, strlen(good) / 2);
    expect_not_a_key(place->path, half);
    g_unlink(place->path);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_key_load(place->path, PASSPHRASE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

/* Key of one person under the certificate of another: cut from two files. */
static void mixed_key_files_are_refused(Place *place, gconstpointer data)
{
    (void)data;
    char *texts[2] = {NULL, NULL};
    static const char *const names[] = {"A", "B"};
    for (gsize i = 0; i < 2; i++) {
        g_autoptr(CelKey) key = cel_key_generate(names[i], FALSE, NULL);
        g_unlink(place->path); /* a key is never replaced */
        g_assert_true(cel_key_save(key, place->path, PASSPHRASE, NULL));
        g_assert_false(cel_key_save(key, place->path, PASSPHRASE, NULL));
        g_assert_true(g_file_get_contents(place->path, &texts[i], NULL, NULL));
        g_assert_cmpint(g_unlink(place->path), ==, 0);
    }
    const char *first_key = strstr(texts[0], "-----BEGIN ENCRYPTED");
    const char *other_key = strstr(texts[1], "-----BEGIN ENCRYPTED");
    const char *second = strstr(first_key, "-----BEGIN CERTIFICATE");
    const char *other_second = strstr(other_key, "-----BEGIN CERTIFICATE");
    g_autofree char *head = g_strndup(texts[0], (gsize)(first_key - texts[0]));
    g_autofree char *wrong_key = g_strconcat(head, other_key, NULL);
    expect_not_a_key(place->path, wrong_key);
    g_autofree char *own_pair = g_strndup(texts[0], (gsize)(second - texts[0]));
    g_autofree char *two_people = g_strconcat(own_pair, other_second, NULL);
    expect_not_a_key(place->path, two_people);
    g_free(texts[0]);
    g_free(texts[1]);
}

/* Made by the version before laboratories could certify; a training key, its passphrase is here. */
static void a_key_file_of_the_first_version_still_loads(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path =
        g_build_filename(g_getenv("CELADON_SOURCE"), "tests/data/keys/first-version.pem", NULL);
    g_autoptr(CelKey) key = cel_key_load(path, "correct horse battery", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_key_person(key), ==, "旧钥");
    g_assert_true(cel_key_is_training(key));
    g_assert_cmpint(cel_key_role(key), ==, CEL_ROLE_NONE);
    g_assert_null(cel_key_lab(key));
    g_autoptr(GBytes) record = text_bytes("record");
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) certificate = cel_key_certificate(key, s, &error);
        g_autoptr(GBytes) signature = cel_key_sign(key, s, record, &error);
        g_assert_true(cel_signature_verify(s, certificate, record, signature, NULL, &error));
    }
}

static void names_have_limits(void)
{
    g_autofree char *long_name = g_strnfill(65, 'x');
    const char *const bad[] = {"", "two\nlines", "\xff\xfe", long_name};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_key_generate(bad[i], FALSE, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
    }
    g_autofree char *longest = g_strnfill(64, 'x');
    g_autoptr(CelKey) key = cel_key_generate(longest, FALSE, NULL);
    g_assert_cmpstr(cel_key_person(key), ==, longest);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/keys/verify/names_the_person", both_signatures_verify_and_name_the_person);
    g_test_add_func("/keys/verify/changed_bytes", every_changed_byte_breaks_the_signature);
    g_test_add_func("/keys/verify/changed_certificate",
                    a_changed_certificate_is_refused_wherever_the_change_is);
    g_test_add_func("/keys/verify/other_person", another_persons_certificate_does_not_fit);
    g_test_add_func("/keys/verify/other_kind", a_certificate_of_the_other_kind_is_refused);
    g_test_add_func("/keys/sign/signer_id", sm2_verifies_only_with_the_stated_signer_id);
    g_test_add_func("/keys/sign/repeats", ed25519_repeats_itself_and_sm2_does_not);
    g_test_add_func("/keys/generate/names", names_have_limits);
    g_test_add_func("/keys/load/first_version", a_key_file_of_the_first_version_still_loads);
#define IN_FOLDER(path, test) g_test_add(path, Place, NULL, set_up, test, tear_down)
    IN_FOLDER("/keys/save/round_trip", saved_keys_come_back_and_sign_as_the_same_person);
    IN_FOLDER("/keys/save/mode", the_key_file_is_for_its_owner_and_holds_no_plain_key);
    IN_FOLDER("/keys/save/short", a_short_passphrase_saves_nothing);
    IN_FOLDER("/keys/load/passphrase", a_wrong_passphrase_is_refused_by_policy);
    IN_FOLDER("/keys/load/garbage", what_is_no_key_file_is_an_input_error);
    IN_FOLDER("/keys/load/mixed", mixed_key_files_are_refused);
    return g_test_run();
}

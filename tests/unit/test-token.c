/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "remove-folder.h"

#include "base/cel-error.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-token.h"
#include "evidence/cel-trust.h"

#include <glib/gstdio.h>
#include <string.h>

/* Keys on a token, tried with SoftHSM2, whose tokens are files of their own in a folder made for
 * each test. Skipped where it is not installed. */

/* SoftHSM2 leaks some bytes with each use of an Edwards curve and is unloaded before
 * AddressSanitizer looks, so that nothing could be told from it; all else of the sanitizer holds.
 * */
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static const char PIN[] = "246813579";

typedef struct {
    char *folder, *config, *uri, *path;
} Hsm;

static gboolean run_softhsm(const char *const *argv)
{
    int status = 1;
    return g_spawn_sync(NULL, (char **)(gsize)argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

static gboolean add_token(const char *label)
{
    const char *const argv[] = {"softhsm2-util", "--init-token", "--free", "--label", label,
                                "--so-pin",      "12345678",     "--pin",  PIN,       NULL};
    return run_softhsm(argv);
}

static void set_up(Hsm *hsm, gconstpointer data)
{
    (void)data;
    hsm->folder = g_dir_make_tmp("celadon-token-XXXXXX", NULL);
    hsm->config = g_build_filename(hsm->folder, "softhsm2.conf", NULL);
    hsm->path = g_build_filename(hsm->folder, "key.pem", NULL);
    g_autofree char *tokens = g_build_filename(hsm->folder, "tokens", NULL);
    g_autofree char *text =
        g_strdup_printf("directories.tokendir = %s\nobjectstore.backend = file\n"
                        "log.level = ERROR\n",
                        tokens);
    g_assert_cmpint(g_mkdir(tokens, 0700), ==, 0);
    g_assert_true(g_file_set_contents(hsm->config, text, -1, NULL));
    g_setenv("SOFTHSM2_CONF", hsm->config, TRUE);
    hsm->uri = add_token("celadon") ? g_strdup("pkcs11:token=celadon") : NULL;
}

static void tear_down(Hsm *hsm, gconstpointer data)
{
    (void)data;
    remove_folder(hsm->folder);
    g_free(hsm->folder);
    g_free(hsm->config);
    g_free(hsm->uri);
    g_free(hsm->path);
}

static gboolean absent(const Hsm *hsm)
{
    if (hsm->uri == NULL)
        g_test_skip("SoftHSM2 is not installed");
    return hsm->uri == NULL;
}

static CelKey *make_key(const Hsm *hsm, GError **error)
{
    const CelTokenOrder order = {.uri = hsm->uri, .pin = PIN, .label = "fang", .person = "王芳"};
    return cel_token_generate(&order, error);
}

static CelKey *make_and_save(const Hsm *hsm)
{
    g_autoptr(GError) error = NULL;
    CelKey *key = make_key(hsm, &error);
    g_assert_no_error(error);
    g_assert_true(cel_key_save(key, hsm->path, "", &error));
    return key;
}

static void expect_signs(CelKey *key)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) data = g_bytes_new_static("record", 6);
    g_autoptr(GBytes) certificate = cel_key_certificate(key, CEL_SIGN_ED25519, &error);
    g_autoptr(GBytes) signature = cel_key_sign(key, CEL_SIGN_ED25519, data, &error);
    g_assert_no_error(error);
    g_assert_true(
        cel_signature_verify(CEL_SIGN_ED25519, certificate, data, signature, NULL, &error));
}

static void a_key_made_on_a_token_signs_with_ed25519_alone(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = make_key(hsm, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(cel_key_person(key), ==, "王芳");
    g_assert_true(cel_key_holds(key, CEL_SIGN_ED25519));
    g_assert_false(cel_key_holds(key, CEL_SIGN_SM2));
    expect_signs(key);
    g_autoptr(GBytes) text = g_bytes_new_static("x", 1);
    g_assert_null(cel_key_sign(key, CEL_SIGN_SM2, text, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void its_file_holds_a_place_and_no_secret(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    cel_key_free(make_and_save(hsm));
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(hsm->path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "BEGIN CELADON TOKEN KEY"));
    g_assert_null(strstr(text, "PRIVATE KEY"));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) again = cel_key_load(hsm->path, PIN, &error);
    g_assert_no_error(error);
    expect_signs(again);
}

static void a_lab_certifies_a_key_on_a_token(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autoptr(GError) error = NULL;
    const CelCaTerms terms = {.role = CEL_ROLE_REVIEWER, .person_id = "P2"};
    g_autoptr(CelKey) root = cel_key_generate_lab("某室", FALSE, NULL);
    g_autoptr(CelKey) key = make_key(hsm, &error);
    g_assert_true(cel_ca_certify(root, key, &terms, &error));
    g_assert_cmpint(cel_key_role(key), ==, CEL_ROLE_REVIEWER);
    g_assert_true(cel_key_save(key, hsm->path, "", &error));
    g_autoptr(CelKey) again = cel_key_load(hsm->path, PIN, &error);
    g_assert_no_error(error);
    g_assert_cmpint(cel_key_role(again), ==, CEL_ROLE_REVIEWER);
    expect_signs(again);
}

static void a_key_on_a_token_is_no_root(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autoptr(GError) error = NULL;
    const CelCaTerms terms = {.role = CEL_ROLE_REVIEWER, .person_id = "P2"};
    g_autoptr(CelKey) key = make_key(hsm, NULL);
    g_autoptr(CelKey) other = cel_key_generate("A", FALSE, NULL);
    g_assert_false(cel_ca_certify(key, other, &terms, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void a_wrong_pin_is_refused_even_while_another_is_logged_in(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autoptr(CelKey) open_one = make_and_save(hsm);
    static const char *const wrong[] = {"246813570", "", "12345678"};
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_key_load(hsm->path, wrong[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) again = cel_key_load(hsm->path, PIN, &error);
    g_assert_no_error(error);
    expect_signs(open_one);
    expect_signs(again);
}

static void a_token_that_is_not_there_is_said(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    cel_key_free(make_and_save(hsm));
    g_autofree char *tokens = g_build_filename(hsm->folder, "tokens", NULL);
    remove_folder(tokens);
    g_assert_cmpint(g_mkdir(tokens, 0700), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_key_load(hsm->path, PIN, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_key_that_was_taken_off_its_token_is_said(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    cel_key_free(make_and_save(hsm));
    const char *const argv[] = {"softhsm2-util", "--delete-token", "--token", "celadon", NULL};
    g_assert_true(run_softhsm(argv));
    g_assert_true(add_token("celadon"));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_key_load(hsm->path, PIN, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_label_is_used_once(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) first = make_key(hsm, &error);
    g_assert_nonnull(first);
    g_autoptr(CelKey) second = make_key(hsm, &error);
    g_assert_null(second);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

/* Another key's place under this key's certificate: what it signs does not verify. */
static void a_certificate_of_another_key_is_refused(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autofree char *texts[2] = {NULL, NULL};
    static const char *const labels[] = {"one", "two"};
    for (gsize i = 0; i < 2; i++) {
        const CelTokenOrder order = {
            .uri = hsm->uri, .pin = PIN, .label = labels[i], .person = "王芳"};
        g_autoptr(CelKey) key = cel_token_generate(&order, NULL);
        g_assert_true(cel_key_save(key, hsm->path, "", NULL));
        g_assert_true(g_file_get_contents(hsm->path, &texts[i], NULL, NULL));
        g_assert_cmpint(g_unlink(hsm->path), ==, 0);
    }
    char *first = strstr(texts[0], "-----BEGIN CELADON");
    *first = '\0';
    g_autofree char *mixed = g_strconcat(texts[0], strstr(texts[1], "-----BEGIN CELADON"), NULL);
    g_assert_true(g_file_set_contents(hsm->path, mixed, -1, NULL));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_key_load(hsm->path, PIN, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_clear_pointer(&texts[1], g_free);
    g_clear_pointer(&texts[0], g_free);
}

static void a_key_file_names_no_code_and_no_pin(Hsm *hsm, gconstpointer data)
{
    (void)data;
    static const char *const bad[] = {
        "pkcs11:token=celadon?module-path=/tmp/evil.so",
        "pkcs11:token=celadon?module-name=softhsm2",
        "pkcs11:token=celadon?pin-value=1234",
        "pkcs11:token=celadon?pin-source=/etc/passwd",
        "pkcs11:unknown=1",
        "file:/etc/passwd",
        "",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        const CelTokenOrder order = {.uri = bad[i], .pin = PIN, .label = "a", .person = "A"};
        g_autoptr(GError) error = NULL;
        g_autoptr(CelKey) key = cel_token_generate(&order, &error);
        g_assert_null(key);
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    }
    (void)hsm;
}

static void two_tokens_of_one_name_are_not_guessed_between(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_assert_true(add_token("celadon"));
    g_autoptr(GError) error = NULL;
    g_autoptr(CelKey) key = make_key(hsm, &error);
    g_assert_null(key);
    g_assert_error(error, CEL_ERROR, CEL_ERROR_DEVICE);
}

static void a_token_says_which_signatures_it_offers(Hsm *hsm, gconstpointer data)
{
    (void)data;
    if (absent(hsm))
        return;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) tokens = cel_token_list(&error);
    g_assert_no_error(error);
    guint seen = 0;
    for (guint i = 0; i < tokens->len; i++) {
        const CelTokenInfo *info = g_ptr_array_index(tokens, i);
        if (strcmp(info->label, "celadon") != 0)
            continue;
        seen++;
        g_assert_true(info->offers[CEL_SIGN_ED25519]);
        g_assert_false(info->offers[CEL_SIGN_SM2]);
        g_assert_true(g_str_has_prefix(info->uri, "pkcs11:"));
    }
    g_assert_cmpuint(seen, ==, 1);
}

/* SoftHSM loses the name of its curve at each use, and is unloaded before the leak check, which
 * then cannot name it: no leaks are looked for here. */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
#define ON_TOKEN(path, test) g_test_add(path, Hsm, NULL, set_up, test, tear_down)
    ON_TOKEN("/token/sign/ed25519", a_key_made_on_a_token_signs_with_ed25519_alone);
    ON_TOKEN("/token/file/no_secret", its_file_holds_a_place_and_no_secret);
    ON_TOKEN("/token/file/mixed", a_certificate_of_another_key_is_refused);
    ON_TOKEN("/token/file/no_code", a_key_file_names_no_code_and_no_pin);
    ON_TOKEN("/token/certify/reviewer", a_lab_certifies_a_key_on_a_token);
    ON_TOKEN("/token/certify/no_root", a_key_on_a_token_is_no_root);
    ON_TOKEN("/token/pin/wrong", a_wrong_pin_is_refused_even_while_another_is_logged_in);
    ON_TOKEN("/token/gone/unplugged", a_token_that_is_not_there_is_said);
    ON_TOKEN("/token/gone/deleted", a_key_that_was_taken_off_its_token_is_said);
    ON_TOKEN("/token/generate/label", a_label_is_used_once);
    ON_TOKEN("/token/generate/two", two_tokens_of_one_name_are_not_guessed_between);
    ON_TOKEN("/token/list/offers", a_token_says_which_signatures_it_offers);
    return g_test_run();
}

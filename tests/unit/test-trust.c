/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-trust.h"

#include <glib/gstdio.h>
#include <string.h>

static const char PASSPHRASE[] = "correct horse 海关";
static const CelCaTerms technician = {.role = CEL_ROLE_TECHNICIAN, .person_id = "P0017"};

typedef struct {
    CelKey *root, *key;
    CelTrust *trust;
} Lab;

static void set_up(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    lab->root = cel_key_generate_lab("某市物证快检室", FALSE, &error);
    lab->key = cel_key_generate("王芳", FALSE, &error);
    g_assert_true(cel_ca_certify(lab->root, lab->key, &technician, &error));
    g_autoptr(GBytes) roots = cel_ca_roots(lab->root, &error);
    lab->trust = cel_trust_new();
    g_assert_true(cel_trust_add_roots(lab->trust, roots, &error));
    g_assert_no_error(error);
}

static void tear_down(Lab *lab, gconstpointer data)
{
    (void)data;
    cel_key_free(lab->root);
    cel_key_free(lab->key);
    cel_trust_free(lab->trust);
}

static CelTrustState judge_at(const CelTrust *trust, CelKey *key, CelSigner signer, guint64 seq)
{
    g_autoptr(GBytes) der = cel_key_certificate(key, signer, NULL);
    const CelTrustQuestion question = {.signer = signer, .certificate = der, .seq = seq};
    return cel_trust_judge(trust, &question, NULL);
}

static char *fingerprint(CelKey *key, CelSigner signer)
{
    g_autoptr(GBytes) der = cel_key_certificate(key, signer, NULL);
    gsize n = 0;
    const void *data = g_bytes_get_data(der, &n);
    return cel_digest_hex("sha256", data, n);
}

static void a_certified_key_says_who_its_holder_is(Lab *lab, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(cel_key_role(lab->key), ==, CEL_ROLE_TECHNICIAN);
    g_assert_cmpstr(cel_key_person(lab->key), ==, "王芳");
    g_assert_cmpstr(cel_key_person_id(lab->key), ==, "P0017");
    g_assert_cmpstr(cel_key_lab(lab->key), ==, "某市物证快检室");
    g_assert_cmpint(cel_key_role(lab->root), ==, CEL_ROLE_LAB);
    g_assert_null(cel_key_lab(lab->root));
}

static void the_lab_vouches_for_what_it_issued(Lab *lab, gconstpointer data)
{
    (void)data;
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) der = cel_key_certificate(lab->key, s, NULL);
        const CelTrustQuestion question = {
            .signer = s, .certificate = der, .seq = 1, .wall_us = g_get_real_time()};
        CelCertificate about = {0};
        g_assert_cmpint(cel_trust_judge(lab->trust, &question, &about), ==, CEL_TRUST_VOUCHED);
        g_assert_cmpstr(about.person, ==, "王芳");
        g_assert_cmpstr(about.lab, ==, "某市物证快检室");
        g_assert_cmpint(about.role, ==, CEL_ROLE_TECHNICIAN);
        cel_certificate_clear(&about);
        g_assert_cmpint(judge_at(lab->trust, lab->root, s, 1), ==, CEL_TRUST_VOUCHED);
    }
}

static void a_certified_key_signs_and_its_signature_verifies(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) text = g_bytes_new_static("record", 6);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) der = cel_key_certificate(lab->key, s, NULL);
        g_autoptr(GBytes) signature = cel_key_sign(lab->key, s, text, NULL);
        g_assert_true(cel_signature_verify(s, der, text, signature, NULL, NULL));
    }
}

static void a_self_signed_key_has_no_role_and_nobody_vouches(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) key = cel_key_generate("李雷", FALSE, NULL);
    g_assert_cmpint(cel_key_role(key), ==, CEL_ROLE_NONE);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_assert_cmpint(judge_at(lab->trust, key, s, 1), ==, CEL_TRUST_SELF_SIGNED);
        g_assert_cmpint(judge_at(NULL, key, s, 1), ==, CEL_TRUST_SELF_SIGNED);
    }
}

static void another_labs_root_counts_for_nothing(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) same_name = cel_key_generate_lab("某市物证快检室", FALSE, NULL);
    g_autoptr(CelKey) key = cel_key_generate("韩梅", FALSE, NULL);
    g_assert_true(cel_ca_certify(same_name, key, &technician, NULL));
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_assert_cmpint(judge_at(lab->trust, key, s, 1), ==, CEL_TRUST_UNKNOWN_LAB);
        g_assert_cmpint(judge_at(NULL, key, s, 1), ==, CEL_TRUST_UNKNOWN_LAB);
        g_assert_cmpint(judge_at(lab->trust, same_name, s, 1), ==, CEL_TRUST_SELF_SIGNED);
    }
}

static void a_revoked_certificate_is_void_from_its_position_on(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autofree char *print = fingerprint(lab->key, CEL_SIGN_SM2);
    cel_trust_revoke(lab->trust, print, 40);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_SM2, 39), ==, CEL_TRUST_VOUCHED);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_SM2, 40), ==, CEL_TRUST_REVOKED);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_SM2, 0), ==, CEL_TRUST_REVOKED);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_ED25519, 40), ==, CEL_TRUST_VOUCHED);
}

static void the_earliest_revocation_counts(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autofree char *print = fingerprint(lab->key, CEL_SIGN_SM2);
    g_autofree char *loud = g_ascii_strup(print, -1);
    cel_trust_revoke(lab->trust, print, 40);
    cel_trust_revoke(lab->trust, loud, 20);
    cel_trust_revoke(lab->trust, print, 60);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_SM2, 19), ==, CEL_TRUST_VOUCHED);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_SM2, 20), ==, CEL_TRUST_REVOKED);
}

static void a_revoked_root_takes_all_that_it_issued_with_it(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autofree char *print = fingerprint(lab->root, CEL_SIGN_ED25519);
    cel_trust_revoke(lab->trust, print, 5);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_ED25519, 4), ==, CEL_TRUST_VOUCHED);
    g_assert_cmpint(judge_at(lab->trust, lab->key, CEL_SIGN_ED25519, 5), ==, CEL_TRUST_REVOKED);
}

static void a_record_outside_the_validity_is_out_of_time(Lab *lab, gconstpointer data)
{
    (void)data;
    const gint64 day_us = G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC, now_us = g_get_real_time();
    g_autoptr(GBytes) der = cel_key_certificate(lab->key, CEL_SIGN_SM2, NULL);
    CelTrustQuestion question = {.signer = CEL_SIGN_SM2, .certificate = der, .seq = 1};
    const struct {
        gint64 wall_us;
        CelTrustState state;
    } cases[] = {
        {now_us - day_us, CEL_TRUST_OUT_OF_TIME},
        {now_us, CEL_TRUST_VOUCHED},
        {now_us + (CEL_CA_DAYS - 1) * day_us, CEL_TRUST_VOUCHED},
        {now_us + (CEL_CA_DAYS + 1) * day_us, CEL_TRUST_OUT_OF_TIME},
        {0, CEL_TRUST_VOUCHED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        question.wall_us = cases[i].wall_us;
        g_assert_cmpint(cel_trust_judge(lab->trust, &question, NULL), ==, cases[i].state);
    }
}

static void no_changed_bit_of_a_certificate_is_vouched_for(Lab *lab, gconstpointer data)
{
    (void)data;
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) der = cel_key_certificate(lab->key, s, NULL);
        gsize n = 0;
        const guint8 *bytes = g_bytes_get_data(der, &n);
        for (gsize i = 0; i < n; i++) {
            g_autofree guint8 *copy = g_memdup2(bytes, n);
            copy[i] ^= (guint8)(1u << (i % 8));
            g_autoptr(GBytes) changed = g_bytes_new_static(copy, n);
            const CelTrustQuestion question = {.signer = s, .certificate = changed, .seq = 1};
            g_assert_cmpint(cel_trust_judge(lab->trust, &question, NULL), !=, CEL_TRUST_VOUCHED);
        }
    }
}

static void the_other_kind_of_certificate_is_broken(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) der = cel_key_certificate(lab->key, CEL_SIGN_SM2, NULL);
    const CelTrustQuestion question = {.signer = CEL_SIGN_ED25519, .certificate = der, .seq = 1};
    g_assert_cmpint(cel_trust_judge(lab->trust, &question, NULL), ==, CEL_TRUST_BROKEN);
    g_autoptr(GBytes) none = g_bytes_new_static("", 0);
    const CelTrustQuestion empty = {.signer = CEL_SIGN_SM2, .certificate = none};
    g_assert_cmpint(cel_trust_judge(lab->trust, &empty, NULL), ==, CEL_TRUST_BROKEN);
}

static void what_is_no_root_is_not_trusted(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) good = cel_ca_roots(lab->root, NULL);
    gsize n = 0;
    const char *pem = g_bytes_get_data(good, &n);
    g_autofree char *text = g_strndup(pem, n);
    g_autofree char *cut = g_strndup(text, n - 40);
    char *second = strstr(text + 1, "-----BEGIN");
    g_autofree char *spoilt = g_strdup(text);
    spoilt[(second - text) + 400] = spoilt[(second - text) + 400] == 'A' ? 'B' : 'A';
    const char *const bad[] = {"", "no certificate", cut, spoilt};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(bad[i], strlen(bad[i]));
        g_autoptr(CelTrust) trust = cel_trust_new();
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_trust_add_roots(trust, bytes, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_cmpint(judge_at(trust, lab->key, CEL_SIGN_SM2, 1), ==, CEL_TRUST_UNKNOWN_LAB);
    }
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_ca_roots(lab->key, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_SYSTEM);
}

static void only_a_root_certifies(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) other = cel_key_generate("李雷", FALSE, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_ca_certify(lab->key, other, &technician, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_assert_cmpint(cel_key_role(other), ==, CEL_ROLE_NONE);
    g_clear_error(&error);
    g_autoptr(CelKey) second_root = cel_key_generate_lab("乙室", FALSE, NULL);
    g_assert_false(cel_ca_certify(lab->root, second_root, &technician, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void terms_have_limits(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autofree char *long_id = g_strnfill(65, '1');
    const CelCaTerms bad[] = {
        {.role = CEL_ROLE_NONE, .person_id = "1"},
        {.role = CEL_ROLE_LAB, .person_id = "1"},
        {.role = CEL_ROLE_OFFICER},
        {.role = CEL_ROLE_OFFICER, .person_id = ""},
        {.role = CEL_ROLE_OFFICER, .person_id = "a b"},
        {.role = CEL_ROLE_OFFICER, .person_id = long_id},
        {.role = CEL_ROLE_OFFICER, .person_id = "1", .days = CEL_CA_MAX_DAYS + 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(cel_ca_certify(lab->root, lab->key, &bad[i], &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_USAGE);
        g_assert_cmpint(cel_key_role(lab->key), ==, CEL_ROLE_TECHNICIAN);
    }
    const CelCaTerms device = {.role = CEL_ROLE_DEVICE};
    g_assert_true(cel_ca_certify(lab->root, lab->key, &device, NULL));
    g_assert_cmpint(cel_key_role(lab->key), ==, CEL_ROLE_DEVICE);
    g_assert_null(cel_key_person_id(lab->key));
}

static void a_training_mark_stays_on_what_is_certified(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) training = cel_key_generate("学员", TRUE, NULL);
    g_assert_true(cel_ca_certify(lab->root, training, &technician, NULL));
    g_assert_true(cel_key_is_training(training));
    g_autoptr(CelKey) school = cel_key_generate_lab("培训室", TRUE, NULL);
    g_autoptr(CelKey) pupil = cel_key_generate("学员乙", FALSE, NULL);
    g_assert_true(cel_ca_certify(school, pupil, &technician, NULL));
    g_assert_true(cel_key_is_training(pupil));
}

/* Nothing shows that its bearer holds the key, and two labs would vouch for one key. */
static void another_labs_certificate_is_not_taken_over(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelKey) other = cel_key_generate_lab("乙室", FALSE, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_false(cel_ca_certify(other, lab->key, &technician, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_assert_cmpstr(cel_key_lab(lab->key), ==, "某市物证快检室");
}

static void a_certificate_is_renewed_by_its_own_lab(Lab *lab, gconstpointer data)
{
    (void)data;
    const CelCaTerms reviewer = {.role = CEL_ROLE_REVIEWER, .person_id = "P0017"};
    g_autofree char *before = fingerprint(lab->key, CEL_SIGN_SM2);
    g_assert_true(cel_ca_certify(lab->root, lab->key, &reviewer, NULL));
    g_autofree char *after = fingerprint(lab->key, CEL_SIGN_SM2);
    g_assert_cmpint(cel_key_role(lab->key), ==, CEL_ROLE_REVIEWER);
    g_assert_cmpstr(before, !=, after);
}

static void a_certified_key_file_comes_back_with_its_root(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autofree char *folder = g_dir_make_tmp("celadon-trust-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "k.pem", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(cel_key_save(lab->key, path, PASSPHRASE, &error));
    g_autoptr(CelKey) again = cel_key_load(path, PASSPHRASE, &error);
    g_assert_no_error(error);
    g_assert_cmpint(cel_key_role(again), ==, CEL_ROLE_TECHNICIAN);
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) issuer = cel_key_issuer(again, s);
        g_autoptr(GBytes) root = cel_key_certificate(lab->root, s, NULL);
        g_assert_true(g_bytes_equal(issuer, root));
        g_assert_null(cel_key_issuer(lab->root, s));
    }
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char *roots = g_strrstr(text, "-----BEGIN CERT");
    *roots = '\0';
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_null(cel_key_load(path, PASSPHRASE, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
    g_unlink(path);
    g_rmdir(folder);
}

static void roles_have_one_id_each(void)
{
    for (CelRole r = 0; r < CEL_N_ROLES; r++) {
        CelRole back = CEL_N_ROLES;
        g_assert_true(cel_role_from_id(cel_role_id(r), &back));
        g_assert_cmpint(back, ==, r);
        g_assert_cmpstr(cel_role_title(r, TRUE), !=, cel_role_title(r, FALSE));
    }
    CelRole role = CEL_ROLE_LAB;
    g_assert_false(cel_role_from_id("boss", &role));
    g_assert_false(cel_role_from_id(NULL, &role));
    g_assert_cmpint(role, ==, CEL_ROLE_LAB);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/trust/roles/ids", roles_have_one_id_each);
#define IN_LAB(path, test) g_test_add(path, Lab, NULL, set_up, test, tear_down)
    IN_LAB("/trust/certify/holder", a_certified_key_says_who_its_holder_is);
    IN_LAB("/trust/certify/signs", a_certified_key_signs_and_its_signature_verifies);
    IN_LAB("/trust/certify/only_root", only_a_root_certifies);
    IN_LAB("/trust/certify/terms", terms_have_limits);
    IN_LAB("/trust/certify/training", a_training_mark_stays_on_what_is_certified);
    IN_LAB("/trust/certify/other_lab", another_labs_certificate_is_not_taken_over);
    IN_LAB("/trust/certify/renewed", a_certificate_is_renewed_by_its_own_lab);
    IN_LAB("/trust/certify/file", a_certified_key_file_comes_back_with_its_root);
    IN_LAB("/trust/judge/vouched", the_lab_vouches_for_what_it_issued);
    IN_LAB("/trust/judge/self_signed", a_self_signed_key_has_no_role_and_nobody_vouches);
    IN_LAB("/trust/judge/other_lab", another_labs_root_counts_for_nothing);
    IN_LAB("/trust/judge/revoked", a_revoked_certificate_is_void_from_its_position_on);
    IN_LAB("/trust/judge/earliest", the_earliest_revocation_counts);
    IN_LAB("/trust/judge/revoked_root", a_revoked_root_takes_all_that_it_issued_with_it);
    IN_LAB("/trust/judge/time", a_record_outside_the_validity_is_out_of_time);
    IN_LAB("/trust/judge/changed", no_changed_bit_of_a_certificate_is_vouched_for);
    IN_LAB("/trust/judge/kind", the_other_kind_of_certificate_is_broken);
    IN_LAB("/trust/roots/bad", what_is_no_root_is_not_trusted);
    return g_test_run();
}

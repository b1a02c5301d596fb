/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-profile.h"
#include "evidence/cel-statement.h"

#include <string.h>

/* A whole profile; the tests change one place of it. */
static const char draft[] =
    "{\n \"issued\": \"2026-11-26\", \"until\": \"2030-12-31\",\n"
    " \"lab\": {\"name\": {\"zh\": \"某市物证快检室\"}, \"address\": {\"zh\": \"某路1号\"},\n"
    "  \"registration_no\": \"440000\"},\n"
    " \"accreditation\": {\"body\": \"CNAS\", \"number\": \"L0000\", \"scope\": {\"zh\": "
    "\"塑料\"},\n"
    "  \"until\": \"2029-01-01\"},\n"
    " \"titles\": [{\"zh\": \"检验报告\", \"en\": \"Test report\"}],\n"
    " \"citations\": [{\"text\": {\"zh\": \"GB/T 1\"}, \"basis\": true},\n"
    "  {\"text\": {\"en\": \"ASTM E1840\"}, \"basis\": false, \"approval\": \"批2026-1\"}],\n"
    " \"methods\": [{\"id\": \"M-1\", \"version\": \"3\", \"title\": {\"zh\": \"塑料筛查\"},\n"
    "  \"validation\": \"validated\", \"validation_ref\": \"V-7\", \"scope\": {\"zh\": "
    "\"洁净塑料\"},\n"
    "  \"recipe_sha256\": \"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\",\n"
    "  \"until\": \"2028-06-30\", \"operators\": [{\"id\": \"P0017\", \"until\": "
    "\"2027-06-30\"}]}],\n"
    " \"checks\": {\"deviation_mcm1\": 2500, \"deviation_high_mcm1\": 4000, \"coverage_milli\": "
    "2000,\n"
    "  \"min_lines\": 5, \"max_fwhm_mcm1\": 12500, \"max_series_minutes\": 240,\n"
    "  \"max_series_exhibits\": 10, \"max_temperature_change_mcelsius\": 5000,\n"
    "  \"source\": \"SOP-12\"},\n"
    " \"rules\": {\"signers\": [\"ed25519\"], \"replicates_planned\": 5, \"replicates_4_of_5\": "
    "true,\n"
    "  \"blind_review\": true, \"offline_days\": 7, \"lock_minutes\": 5, \"retention_years\": 30}\n"
    "}\n";
static const char RECIPE[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

typedef struct {
    CelKey *root;
    CelTrust *trust;
} Lab;

static void set_up(Lab *lab, gconstpointer data)
{
    (void)data;
    lab->root = cel_key_generate_lab("某市物证快检室", FALSE, NULL);
    g_autoptr(GBytes) roots = cel_ca_roots(lab->root, NULL);
    lab->trust = cel_trust_new();
    g_assert_true(cel_trust_add_roots(lab->trust, roots, NULL));
}

static void tear_down(Lab *lab, gconstpointer data)
{
    (void)data;
    cel_key_free(lab->root);
    cel_trust_free(lab->trust);
}

static GBytes *signed_draft(Lab *lab, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    GBytes *made = cel_profile_sign(bytes, lab->root, &error);
    g_assert_no_error(error);
    return made;
}

static CelProfile *read_draft(Lab *lab)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = signed_draft(lab, draft);
    CelProfile *profile = cel_profile_read(bytes, lab->trust, &error);
    g_assert_no_error(error);
    return profile;
}

static char *with(const char *old_text, const char *new_text)
{
    g_auto(GStrv) parts = g_strsplit(draft, old_text, 2);
    g_assert_cmpuint(g_strv_length(parts), ==, 2);
    return g_strjoinv(new_text, parts);
}

static gint64 utc_us(int year, int month, int day)
{
    g_autoptr(GDateTime) at = g_date_time_new_utc(year, month, day, 12, 0, 0);
    return g_date_time_to_unix(at) * G_USEC_PER_SEC;
}

static void every_field_arrives(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelProfile) p = read_draft(lab);
    g_assert_true(p->is_signed);
    g_assert_false(p->training);
    g_assert_cmpstr(p->issued, ==, "2026-11-26");
    g_assert_cmpstr(p->lab.name.zh, ==, "某市物证快检室");
    g_assert_null(p->lab.name.en);
    g_assert_cmpstr(p->lab.registration_no, ==, "440000");
    g_assert_cmpstr(p->accreditation.number, ==, "L0000");
    g_assert_cmpstr(((CelProfileText *)g_ptr_array_index(p->titles, 0))->en, ==, "Test report");
    const CelProfileCitation *second = g_ptr_array_index(p->citations, 1);
    g_assert_false(second->basis);
    g_assert_cmpstr(second->approval, ==, "批2026-1");
    g_assert_cmpfloat_with_epsilon(p->checks.deviation_cm1, 2.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(p->checks.max_fwhm_cm1, 12.5, 1e-12);
    g_assert_cmpfloat_with_epsilon(p->checks.min_snr, 0.0, 1e-12);
    g_assert_cmpuint(p->checks.max_series_minutes, ==, 240);
    g_assert_cmpstr(p->checks.source, ==, "SOP-12");
    g_assert_false(p->rules.signers[CEL_SIGN_SM2]);
    g_assert_true(p->rules.signers[CEL_SIGN_ED25519]);
    g_assert_true(p->rules.replicates_4_of_5);
    g_assert_false(p->rules.development);
    g_assert_cmpuint(p->rules.retention_years, ==, 30);
}

static void an_until_day_counts_to_its_end(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelProfile) p = read_draft(lab);
    g_autoptr(GDateTime) next = g_date_time_new_utc(2031, 1, 1, 0, 0, 0);
    g_assert_cmpint(p->until_us, ==, g_date_time_to_unix(next) * G_USEC_PER_SEC - 1);
}

static void the_digest_is_that_of_the_signed_bytes(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) bytes = signed_draft(lab, draft);
    g_autoptr(CelProfile) p = cel_profile_read(bytes, lab->trust, NULL);
    g_autoptr(CelStatement) statement = cel_statement_read(bytes, "profile", NULL);
    gsize n = 0;
    const void *body = g_bytes_get_data(statement->bytes, &n);
    g_autofree char *sha256 = cel_digest_hex("sha256", body, n);
    g_assert_cmpstr(p->sha256, ==, sha256);
}

static void another_root_signs_nothing_for_this_lab(Lab *lab, gconstpointer data)
{
    (void)data;
    Lab other = {0};
    set_up(&other, NULL);
    g_autoptr(GBytes) bytes = signed_draft(&other, draft);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_profile_read(bytes, lab->trust, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_clear_error(&error);
    g_assert_null(cel_profile_read(bytes, NULL, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    tear_down(&other, NULL);
}

/* The head of the lab has every right but this one: his key is not the lab's. */
static void a_certified_person_signs_no_profile(Lab *lab, gconstpointer data)
{
    (void)data;
    const CelCaTerms head = {.role = CEL_ROLE_LAB_HEAD, .person_id = "P1"};
    g_autoptr(CelKey) key = cel_key_generate("主任", FALSE, NULL);
    g_assert_true(cel_ca_certify(lab->root, key, &head, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(draft, sizeof draft - 1);
    g_assert_null(cel_profile_sign(bytes, key, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    g_clear_error(&error);
    g_autoptr(CelProfile) own = read_draft(lab);
    g_autoptr(GBytes) forged =
        cel_statement_sign(json_node_get_object(own->json), "profile", key, NULL);
    g_assert_null(cel_profile_read(forged, lab->trust, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
}

static void no_changed_byte_passes(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) bytes = signed_draft(lab, draft);
    gsize n = 0;
    const guint8 *text = g_bytes_get_data(bytes, &n);
    for (gsize i = 0; i < n; i += 7) {
        g_autofree guint8 *copy = g_memdup2(text, n);
        copy[i] ^= (guint8)(1u << (i % 7));
        g_autoptr(GBytes) changed = g_bytes_new_static(copy, n);
        g_assert_null(cel_profile_read(changed, lab->trust, NULL));
    }
}

static const struct {
    const char *name, *old_text, *new_text, *told;
} faults[] = {
    {"unknown", "\"issued\"", "\"seal\": 1, \"issued\"", "\"seal\""},
    {"unknown_inside", "\"min_lines\"", "\"min_line\"", "\"checks.min_line\""},
    {"missing", "\"blind_review\": true,", "", "\"rules.blind_review\""},
    {"range", "\"replicates_planned\": 5", "\"replicates_planned\": 2", "replicates_planned"},
    {"fraction", "\"min_lines\": 5", "\"min_lines\": 5.0", "checks.min_lines"},
    {"date", "2028-06-30", "2028-06-31", "methods[0].until"},
    {"date_form", "2028-06-30", "28-06-30", "methods[0].until"},
    {"digest", "ddeeff\",", "DDEEFF\",", "methods[0].recipe_sha256"},
    {"word", "\"validation\": \"validated\"", "\"validation\": \"valid\"", "methods[0].validation"},
    {"signer", "[\"ed25519\"]", "[\"rsa\"]", "rules.signers"},
    {"no_signer", "[\"ed25519\"]", "[]", "rules.signers"},
    {"hidden_character", "某路1号", "某路\u200b1号", "lab.address.zh"},
    {"no_reference", "\"validation_ref\": \"V-7\",", "", "M-1"},
    {"no_approval", ", \"approval\": \"批2026-1\"", "", "citation"},
    {"title_language", ", \"en\": \"Test report\"", "", "title"},
    {"no_lab", "\"name\": {\"zh\": \"某市物证快检室\"}", "\"name\": {}", "laboratory"},
};

static void a_faulty_draft_is_refused_with_its_place(Lab *lab, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_test_message("%s", faults[i].name);
        g_autofree char *text = with(faults[i].old_text, faults[i].new_text);
        g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
        g_autoptr(GError) error = NULL;
        g_assert_null(cel_profile_sign(bytes, lab->root, &error));
        g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
        g_assert_nonnull(strstr(error->message, faults[i].told));
    }
}

static void a_method_may_not_stand_twice(Lab *lab, gconstpointer data)
{
    (void)data;
    const char *from = strstr(draft, "{\"id\": \"M-1\""), *to = strstr(draft, "],\n \"checks\"");
    g_autofree char *method = g_strndup(from, (gsize)(to - from));
    g_autofree char *twice = g_strconcat(method, ",", method, NULL);
    g_autofree char *text = with(method, twice);
    g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_profile_sign(bytes, lab->root, &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void only_the_methods_own_use_is_allowed(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelProfile) p = read_draft(lab);
    const gint64 now_us = utc_us(2027, 1, 1);
    const struct {
        CelProfileUse use;
        gboolean allowed;
    } cases[] = {
        {{"M-1", "3", RECIPE, "P0017", now_us}, TRUE},
        {{"M-1", "3", NULL, "P0017", utc_us(2027, 6, 30)}, TRUE},
        {{"M-2", "3", RECIPE, "P0017", now_us}, FALSE},
        {{NULL, NULL, RECIPE, "P0017", now_us}, FALSE},
        {{"M-1", "2", RECIPE, "P0017", now_us}, FALSE},
        {{"M-1", "3", "ff", "P0017", now_us}, FALSE},
        {{"M-1", "3", RECIPE, "P0018", now_us}, FALSE},
        {{"M-1", "3", RECIPE, NULL, now_us}, FALSE},
        {{"M-1", "3", RECIPE, "P0017", utc_us(2027, 7, 1)}, FALSE},
        {{"M-1", "3", RECIPE, "P0017", utc_us(2029, 1, 1)}, FALSE},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(cel_profile_allows(p, &cases[i].use, &error), ==, cases[i].allowed);
        if (!cases[i].allowed)
            g_assert_error(error, CEL_ERROR, CEL_ERROR_POLICY);
    }
}

static void the_default_has_no_lab_and_no_word_of_accreditation(void)
{
    g_autoptr(CelProfile) p = cel_profile_default();
    g_assert_false(p->is_signed);
    g_assert_null(p->lab.name.zh);
    g_assert_null(p->accreditation.body);
    g_assert_cmpuint(p->citations->len, ==, 0);
    g_assert_cmpuint(p->methods->len, ==, 0);
    g_assert_true(cel_profile_may_title(p, "拉曼光谱快速筛查记录"));
    static const char *const words[] = {"鉴定", "鉴定书", "检验报告", "鉴定意见"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        g_assert_false(cel_profile_may_title(p, words[i]));
    const CelProfileUse use = {.method_id = "M-1", .method_version = "1", .person_id = "P1"};
    g_assert_false(cel_profile_allows(p, &use, NULL));
}

static void a_key_must_hold_what_the_profile_demands(void)
{
    g_autoptr(CelProfile) p = cel_profile_default();
    g_autoptr(CelKey) key = cel_key_generate("王芳", FALSE, NULL);
    g_assert_true(cel_profile_accepts_key(p, key, NULL));
}

static void a_statement_of_another_kind_is_refused(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(GBytes) bytes = signed_draft(lab, draft);
    g_autoptr(GError) error = NULL;
    g_assert_null(cel_statement_read(bytes, "revocations", &error));
    g_assert_error(error, CEL_ERROR, CEL_ERROR_INPUT);
}

static void a_statement_lives_as_long_as_its_signers_are_vouched_for(Lab *lab, gconstpointer data)
{
    (void)data;
    const CelCaTerms device = {.role = CEL_ROLE_DEVICE};
    g_autoptr(CelKey) key = cel_key_generate("tablet 7", FALSE, NULL);
    g_assert_true(cel_ca_certify(lab->root, key, &device, NULL));
    g_autoptr(JsonObject) body = json_object_new();
    json_object_set_int_member(body, "n", 5);
    g_autoptr(GBytes) text = cel_statement_sign(body, "note", key, NULL);
    g_autoptr(CelStatement) statement = cel_statement_read(text, "note", NULL);
    g_assert_cmpstr(statement->signer.person, ==, "tablet 7");
    g_assert_cmpint(cel_statement_judge(statement, lab->trust, 9, 0), ==, CEL_TRUST_VOUCHED);
    g_assert_cmpint(cel_statement_judge(statement, NULL, 9, 0), ==, CEL_TRUST_UNKNOWN_LAB);
    gsize n = 0;
    const void *der = g_bytes_get_data(statement->certificates[CEL_SIGN_ED25519], &n);
    g_autofree char *print = cel_digest_hex("sha256", der, n);
    cel_trust_revoke(lab->trust, print, 8);
    g_assert_cmpint(cel_statement_judge(statement, lab->trust, 7, 0), ==, CEL_TRUST_VOUCHED);
    g_assert_cmpint(cel_statement_judge(statement, lab->trust, 9, 0), ==, CEL_TRUST_REVOKED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cel_init();
    g_test_add_func("/profile/default/no_words",
                    the_default_has_no_lab_and_no_word_of_accreditation);
    g_test_add_func("/profile/default/signers", a_key_must_hold_what_the_profile_demands);
#define IN_LAB(path, test) g_test_add(path, Lab, NULL, set_up, test, tear_down)
    IN_LAB("/profile/read/fields", every_field_arrives);
    IN_LAB("/profile/read/until", an_until_day_counts_to_its_end);
    IN_LAB("/profile/read/digest", the_digest_is_that_of_the_signed_bytes);
    IN_LAB("/profile/read/other_root", another_root_signs_nothing_for_this_lab);
    IN_LAB("/profile/read/person", a_certified_person_signs_no_profile);
    IN_LAB("/profile/read/changed", no_changed_byte_passes);
    IN_LAB("/profile/sign/faults", a_faulty_draft_is_refused_with_its_place);
    IN_LAB("/profile/sign/twice", a_method_may_not_stand_twice);
    IN_LAB("/profile/allows/use", only_the_methods_own_use_is_allowed);
    IN_LAB("/profile/statement/kind", a_statement_of_another_kind_is_refused);
    IN_LAB("/profile/statement/vouched", a_statement_lives_as_long_as_its_signers_are_vouched_for);
    return g_test_run();
}

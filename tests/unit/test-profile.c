/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-error.h"
#include "evidence/cel-ca.h"
#include "evidence/cel-profile-draft.h"
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

/* .field: where cel_profile_faults() says it is; "": of the whole */
static const struct {
    const char *name, *old_text, *new_text, *told, *field;
} faults[] = {
    {"unknown", "\"issued\"", "\"seal\": 1, \"issued\"", "\"seal\"", "seal"},
    {"unknown_inside", "\"min_lines\"", "\"min_line\"", "\"checks.min_line\"", "checks.min_line"},
    {"missing", "\"blind_review\": true,", "", "\"rules.blind_review\"", "rules.blind_review"},
    {"range", "\"replicates_planned\": 5", "\"replicates_planned\": 2", "replicates_planned",
     "rules.replicates_planned"},
    {"fraction", "\"min_lines\": 5", "\"min_lines\": 5.0", "checks.min_lines", "checks.min_lines"},
    {"date", "2028-06-30", "2028-06-31", "methods[0].until", "methods[0].until"},
    {"date_form", "2028-06-30", "28-06-30", "methods[0].until", "methods[0].until"},
    {"digest", "ddeeff\",", "DDEEFF\",", "methods[0].recipe_sha256", "methods[0].recipe_sha256"},
    {"word", "\"validation\": \"validated\"", "\"validation\": \"valid\"", "methods[0].validation",
     "methods[0].validation"},
    {"signer", "[\"ed25519\"]", "[\"rsa\"]", "rules.signers", "rules.signers"},
    {"no_signer", "[\"ed25519\"]", "[]", "rules.signers", "rules.signers"},
    {"hidden_character", "某路1号", "某路\u200b1号", "lab.address.zh", "lab.address.zh"},
    {"no_reference", "\"validation_ref\": \"V-7\",", "", "M-1", ""},
    {"no_approval", ", \"approval\": \"批2026-1\"", "", "citation", "citations[1].approval"},
    {"both", "\"basis\": true", "\"basis\": true, \"approval\": \"x\"", "citation",
     "citations[0].approval"},
    {"no_citation", "{\"zh\": \"GB/T 1\"}", "{}", "citation", "citations[0].text.zh"},
    {"title_language", ", \"en\": \"Test report\"", "", "title", "titles[0].en"},
    {"no_title", "[{\"zh\": \"检验报告\", \"en\": \"Test report\"}]", "[]", "title", "titles"},
    {"no_element", "{\"zh\": \"检验报告\", \"en\": \"Test report\"}", "7", "titles[0]",
     "titles[0]"},
    {"no_list", "[{\"zh\": \"检验报告\", \"en\": \"Test report\"}]", "7", "titles", "titles"},
    {"no_lab", "\"name\": {\"zh\": \"某市物证快检室\"}", "\"name\": {}", "laboratory",
     "lab.name.zh"},
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
        g_autoptr(JsonNode) node = json_from_string(text, NULL);
        g_autoptr(GPtrArray) all = cel_profile_faults(node);
        g_assert_nonnull(cel_profile_fault_at(all, faults[i].field));
    }
}

static void what_can_be_signed_has_no_fault(Lab *lab, gconstpointer data)
{
    (void)data;
    g_autoptr(CelProfile) p = read_draft(lab);
    g_autoptr(GPtrArray) all = cel_profile_faults(p->json);
    g_assert_cmpuint(all->len, ==, 0);
}

static void every_fault_is_told_not_the_first_alone(Lab *lab, gconstpointer data)
{
    (void)lab;
    (void)data;
    g_autoptr(JsonNode) node = json_from_string(draft, NULL);
    cel_profile_set_limit(node, "min_lines", "0");
    cel_profile_set_limit(node, "source", "");
    cel_profile_add_line(node, CEL_PROFILE_TITLES, &(CelProfileLine){.zh = "记录"});
    g_autoptr(GPtrArray) all = cel_profile_faults(node);
    g_assert_cmpuint(all->len, ==, 3);
    g_assert_cmpstr(cel_profile_fault_at(all, "checks.min_lines"), ==,
                    "A whole number from 1 to 100.");
    g_assert_cmpstr(cel_profile_fault_at(all, "checks.source"), ==, "This is needed.");
    g_assert_nonnull(cel_profile_fault_at(all, "titles[1].en"));
}

static void a_limit_is_typed_in_whole_units(void)
{
    static const struct {
        const char *key, *typed, *shown;
        gint64 value;
    } cases[] = {
        {"deviation_mcm1", "2.5", "2.5", 2500},
        {"deviation_mcm1", " 0.001 ", "0.001", 1},
        {"deviation_mcm1", "3.000", "3", 3000},
        {"deviation_mcm1", "3", "3", 3000},
        {"coverage_milli", "2.05", "2.05", 2050},
        {"min_lines", "12", "12", 12},
        {"min_span_cm1", "0", "0", 0},
        {"max_intensity_change_permille", "0.2", "0.2", 200},
    };
    g_autoptr(JsonNode) node = json_from_string(draft, NULL);
    JsonObject *checks = json_object_get_object_member(json_node_get_object(node), "checks");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        cel_profile_set_limit(node, cases[i].key, cases[i].typed);
        g_autofree char *shown = cel_profile_limit(node, cases[i].key);
        g_assert_cmpstr(shown, ==, cases[i].shown);
        g_assert_cmpint(json_object_get_int_member(checks, cases[i].key), ==, cases[i].value);
    }
    cel_profile_set_limit(node, "max_fwhm_mcm1", " ");
    g_assert_false(json_object_has_member(checks, "max_fwhm_mcm1"));
}

static void what_is_no_number_is_a_fault(void)
{
    static const struct {
        const char *key, *typed;
    } cases[] = {
        {"deviation_mcm1", "2.5 cm"},
        {"deviation_mcm1", "2,5"},
        {"deviation_mcm1", "-1"},
        {"deviation_mcm1", "2."},
        {"deviation_mcm1", ".5"},
        {"deviation_mcm1", "0.0005"},
        {"deviation_mcm1", "1e1"},
        {"deviation_mcm1", "50.001"},
        {"min_lines", "5.0"},
        {"min_lines", "九"},
        {"min_lines", "99999999999999999999"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(JsonNode) node = json_from_string(draft, NULL);
        g_autofree char *field = g_strconcat("checks.", cases[i].key, NULL);
        cel_profile_set_limit(node, cases[i].key, cases[i].typed);
        g_autoptr(GPtrArray) all = cel_profile_faults(node);
        g_test_message("%s", cases[i].typed);
        g_assert_cmpuint(all->len, ==, 1);
        g_assert_nonnull(cel_profile_fault_at(all, field));
    }
}

static void lines_come_back_as_they_were_written(void)
{
    g_autoptr(JsonNode) node = json_from_string(draft, NULL), copy = json_node_copy(node);
    for (guint l = 0; l < CEL_N_PROFILE_LISTS; l++) {
        cel_profile_clear_lines(copy, l);
        g_assert_cmpuint(cel_profile_n_lines(copy, l), ==, 0);
        for (guint i = 0; i < cel_profile_n_lines(node, l); i++) {
            const CelProfileLine line = cel_profile_line(node, l, i);
            cel_profile_add_line(copy, l, &line);
        }
    }
    g_assert_true(json_node_equal(node, copy));
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
    IN_LAB("/profile/faults/none", what_can_be_signed_has_no_fault);
    IN_LAB("/profile/faults/all", every_fault_is_told_not_the_first_alone);
    g_test_add_func("/profile/draft/limits", a_limit_is_typed_in_whole_units);
    g_test_add_func("/profile/draft/no-number", what_is_no_number_is_a_fault);
    g_test_add_func("/profile/draft/lines", lines_come_back_as_they_were_written);
    IN_LAB("/profile/sign/twice", a_method_may_not_stand_twice);
    IN_LAB("/profile/allows/use", only_the_methods_own_use_is_allowed);
    IN_LAB("/profile/statement/kind", a_statement_of_another_kind_is_refused);
    IN_LAB("/profile/statement/vouched", a_statement_lives_as_long_as_its_signers_are_vouched_for);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-profile.h"

#include "base/cel-canon.h"
#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-json.h"
#include "evidence/cel-fields.h"
#include "evidence/cel-statement.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char KIND[] = "profile";

enum {
    SHORT_TEXT = 100,
    LONG_TEXT = 1000,
    MOST_TITLES = 32,
    MOST_CITATIONS = 200,
    MOST_METHODS = 100,
    MOST_OPERATORS = 1000,
};

/* ---- the fields; docs/profile.md describes them ---- */

static const char *const validations[] = {"validated", "verified", "not-validated", NULL};
static const char *const signer_words[] = {"sm2", "ed25519", NULL}; /* in the order of CelSigner */

#define AT(type, member) .offset = G_STRUCT_OFFSET(type, member)
#define END_OF_FIELDS                                                                              \
    {                                                                                              \
        .key = NULL                                                                                \
    }

static const CelField text_fields[] = {
    {"zh", CEL_FIELD_TEXT, AT(CelProfileText, zh), .max = LONG_TEXT},
    {"en", CEL_FIELD_TEXT, AT(CelProfileText, en), .max = LONG_TEXT},
    END_OF_FIELDS,
};

static const CelField lab_fields[] = {
    {"name", CEL_FIELD_OBJECT, AT(CelProfileLab, name), .needed = TRUE, .fields = text_fields},
    {"address", CEL_FIELD_OBJECT, AT(CelProfileLab, address), .needed = TRUE,
     .fields = text_fields},
    {"phone", CEL_FIELD_TEXT, AT(CelProfileLab, phone), .max = SHORT_TEXT},
    {"registration_no", CEL_FIELD_TEXT, AT(CelProfileLab, registration_no), .max = SHORT_TEXT},
    END_OF_FIELDS,
};

static const CelField accreditation_fields[] = {
    {"body", CEL_FIELD_TEXT, AT(CelProfileAccreditation, body), .max = SHORT_TEXT, .needed = TRUE},
    {"number", CEL_FIELD_TEXT, AT(CelProfileAccreditation, number), .max = SHORT_TEXT,
     .needed = TRUE},
    {"scope", CEL_FIELD_OBJECT, AT(CelProfileAccreditation, scope), .needed = TRUE,
     .fields = text_fields},
    {"until", CEL_FIELD_UNTIL, AT(CelProfileAccreditation, until_us), .needed = TRUE},
    END_OF_FIELDS,
};

static const CelField citation_fields[] = {
    {"text", CEL_FIELD_OBJECT, AT(CelProfileCitation, text), .needed = TRUE, .fields = text_fields},
    {"basis", CEL_FIELD_BOOL, AT(CelProfileCitation, basis), .needed = TRUE},
    {"approval", CEL_FIELD_TEXT, AT(CelProfileCitation, approval), .max = SHORT_TEXT},
    END_OF_FIELDS,
};

static const CelField operator_fields[] = {
    {"id", CEL_FIELD_TEXT, AT(CelProfileOperator, id), .max = SHORT_TEXT, .needed = TRUE},
    {"until", CEL_FIELD_UNTIL, AT(CelProfileOperator, until_us), .needed = TRUE},
    END_OF_FIELDS,
};

static const CelField method_fields[] = {
    {"id", CEL_FIELD_TEXT, AT(CelProfileMethod, id), .max = SHORT_TEXT, .needed = TRUE},
    {"version", CEL_FIELD_TEXT, AT(CelProfileMethod, version), .max = SHORT_TEXT, .needed = TRUE},
    {"title", CEL_FIELD_OBJECT, AT(CelProfileMethod, title), .needed = TRUE, .fields = text_fields},
    {"validation", CEL_FIELD_WORD, AT(CelProfileMethod, validation), .needed = TRUE,
     .words = validations},
    {"validation_ref", CEL_FIELD_TEXT, AT(CelProfileMethod, validation_ref), .max = SHORT_TEXT},
    {"scope", CEL_FIELD_OBJECT, AT(CelProfileMethod, scope), .needed = TRUE, .fields = text_fields},
    {"recipe_sha256", CEL_FIELD_DIGEST, AT(CelProfileMethod, recipe_sha256)},
    {"until", CEL_FIELD_UNTIL, AT(CelProfileMethod, until_us), .needed = TRUE},
    {"operators", CEL_FIELD_LIST, AT(CelProfileMethod, operators), .max = MOST_OPERATORS,
     .needed = TRUE, .fields = operator_fields, .element_size = sizeof(CelProfileOperator)},
    END_OF_FIELDS,
};

static const CelField check_fields[] = {
    {"deviation_mcm1", CEL_FIELD_MILLI, AT(CelProfileChecks, deviation_cm1), 1, 50000, TRUE},
    {"deviation_high_mcm1", CEL_FIELD_MILLI, AT(CelProfileChecks, deviation_high_cm1), 1, 50000,
     TRUE},
    {"coverage_milli", CEL_FIELD_MILLI, AT(CelProfileChecks, coverage), 1000, 4000, TRUE},
    {"min_lines", CEL_FIELD_COUNT, AT(CelProfileChecks, min_lines), 1, 100, TRUE},
    {"min_span_cm1", CEL_FIELD_WHOLE, AT(CelProfileChecks, min_span_cm1), 0, 4000},
    {"max_fwhm_mcm1", CEL_FIELD_MILLI, AT(CelProfileChecks, max_fwhm_cm1), 0, 100000},
    {"min_snr_milli", CEL_FIELD_MILLI, AT(CelProfileChecks, min_snr), 0, 1000000000},
    {"max_intensity_change_permille", CEL_FIELD_MILLI, AT(CelProfileChecks, max_intensity_change),
     0, 1000},
    {"max_series_minutes", CEL_FIELD_COUNT, AT(CelProfileChecks, max_series_minutes), 1, 1440,
     TRUE},
    {"max_series_exhibits", CEL_FIELD_COUNT, AT(CelProfileChecks, max_series_exhibits), 1, 200,
     TRUE},
    {"max_temperature_change_mcelsius", CEL_FIELD_MILLI,
     AT(CelProfileChecks, max_temperature_change_celsius), 100, 20000, TRUE},
    {"source", CEL_FIELD_TEXT, AT(CelProfileChecks, source), .max = SHORT_TEXT, .needed = TRUE},
    END_OF_FIELDS,
};

static const CelField rule_fields[] = {
    {"signers", CEL_FIELD_WORDS, AT(CelProfileRules, signers), .needed = TRUE,
     .words = signer_words},
    {"replicates_planned", CEL_FIELD_COUNT, AT(CelProfileRules, replicates_planned), 3, 20, TRUE},
    {"replicates_4_of_5", CEL_FIELD_BOOL, AT(CelProfileRules, replicates_4_of_5)},
    {"blind_review", CEL_FIELD_BOOL, AT(CelProfileRules, blind_review), .needed = TRUE},
    {"signed_libraries", CEL_FIELD_BOOL, AT(CelProfileRules, signed_libraries)},
    {"development", CEL_FIELD_BOOL, AT(CelProfileRules, development)},
    {"offline_days", CEL_FIELD_COUNT, AT(CelProfileRules, offline_days), 0, 30, TRUE},
    {"lock_minutes", CEL_FIELD_COUNT, AT(CelProfileRules, lock_minutes), 1, 60, TRUE},
    {"retention_years", CEL_FIELD_COUNT, AT(CelProfileRules, retention_years), 0, 100, TRUE},
    {"retention_source", CEL_FIELD_TEXT, AT(CelProfileRules, retention_source), .max = SHORT_TEXT},
    END_OF_FIELDS,
};

static const CelField profile_fields[] = {
    {.key = "kind", .type = CEL_FIELD_IGNORED}, /* the statement's own, checked there */
    {.key = "v", .type = CEL_FIELD_IGNORED},
    {"issued", CEL_FIELD_DATE, AT(CelProfile, issued), .needed = TRUE},
    {"until", CEL_FIELD_UNTIL, AT(CelProfile, until_us), .needed = TRUE},
    {"lab", CEL_FIELD_OBJECT, AT(CelProfile, lab), .fields = lab_fields},
    {"accreditation", CEL_FIELD_OBJECT, AT(CelProfile, accreditation),
     .fields = accreditation_fields},
    {"titles", CEL_FIELD_LIST, AT(CelProfile, titles), .max = MOST_TITLES, .needed = TRUE,
     .fields = text_fields, .element_size = sizeof(CelProfileText)},
    {"citations", CEL_FIELD_LIST, AT(CelProfile, citations), .max = MOST_CITATIONS,
     .fields = citation_fields, .element_size = sizeof(CelProfileCitation)},
    {"methods", CEL_FIELD_LIST, AT(CelProfile, methods), .max = MOST_METHODS,
     .fields = method_fields, .element_size = sizeof(CelProfileMethod)},
    {"checks", CEL_FIELD_OBJECT, AT(CelProfile, checks), .needed = TRUE, .fields = check_fields},
    {"rules", CEL_FIELD_OBJECT, AT(CelProfile, rules), .needed = TRUE, .fields = rule_fields},
    END_OF_FIELDS,
};

/* ---- what belongs together ---- */

static gboolean refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean refuse(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The laboratory's profile is not usable: %s"),
                why);
    return FALSE;
}

static gboolean has_text(const CelProfileText *text)
{
    return text->zh != NULL || text->en != NULL;
}

static gboolean check_titles(const CelProfile *profile, GError **error)
{
    for (guint i = 0; i < profile->titles->len; i++) {
        const CelProfileText *title = g_ptr_array_index(profile->titles, i);
        if (title->zh == NULL || title->en == NULL)
            return refuse(error, "%s", _("a title needs both languages"));
    }
    return profile->titles->len > 0 || refuse(error, "%s", _("it allows no title"));
}

static gboolean check_citations(const CelProfile *profile, GError **error)
{
    for (guint i = 0; i < profile->citations->len; i++) {
        const CelProfileCitation *citation = g_ptr_array_index(profile->citations, i);
        if (!has_text(&citation->text))
            return refuse(error, "%s", _("a citation says nothing"));
        if (citation->basis == (citation->approval != NULL))
            return refuse(error, "%s",
                          _("a citation is either the basis of the work or names the approval "
                            "under which it is referred to"));
    }
    return TRUE;
}

static gboolean check_methods(const CelProfile *profile, GError **error)
{
    for (guint i = 0; i < profile->methods->len; i++) {
        const CelProfileMethod *method = g_ptr_array_index(profile->methods, i);
        const gboolean tried = strcmp(method->validation, "not-validated") != 0;
        if (cel_profile_method(profile, method->id) != method)
            return refuse(error, _("the method \"%s\" stands twice in it"), method->id);
        if (!has_text(&method->title) || !has_text(&method->scope))
            return refuse(error, _("the method \"%s\" lacks its title or scope"), method->id);
        if (tried != (method->validation_ref != NULL))
            return refuse(error,
                          _("the method \"%s\" names the report of its validation when, and only "
                            "when, it was validated or verified"),
                          method->id);
    }
    return TRUE;
}

static gboolean check(const CelProfile *profile, GError **error)
{
    const gboolean accredited = profile->accreditation.body != NULL;
    if (accredited && !has_text(&profile->accreditation.scope))
        return refuse(error, "%s", _("the accreditation lacks its scope"));
    return check_titles(profile, error) && check_citations(profile, error) &&
           check_methods(profile, error);
}

static CelProfile *from_body(JsonNode *body, GError **error)
{
    g_autoptr(CelProfile) profile = g_new0(CelProfile, 1);
    if (!JSON_NODE_HOLDS_OBJECT(body)) {
        refuse(error, "%s", _("it is no JSON object"));
        return NULL;
    }
    if (!cel_fields_read(json_node_get_object(body), profile_fields, profile, "", error)) {
        g_prefix_error(error, "%s ", _("The laboratory's profile is not usable."));
        return NULL;
    }
    if (!check(profile, error))
        return NULL;
    profile->json = json_node_copy(body);
    return g_steal_pointer(&profile);
}

static void set_digests(CelProfile *profile, const void *data, gsize n)
{
    g_autofree char *sha256 = cel_digest_hex("sha256", data, n);
    g_autofree char *sm3 = cel_digest_hex("sm3", data, n);
    g_strlcpy(profile->sha256, sha256, sizeof profile->sha256);
    g_strlcpy(profile->sm3, sm3, sizeof profile->sm3);
}

void cel_profile_free(CelProfile *profile)
{
    if (profile == NULL)
        return;
    cel_fields_clear(profile_fields, profile);
    g_clear_pointer(&profile->json, json_node_unref);
    g_free(profile);
}

/* ---- the one without a laboratory ---- */

/* Limits: 3 cm-1 below 2000 cm-1 and 5 above are ours, no standard's; 8 hours, 20 exhibits and
 * 5 degrees are the longest series that the rules of the bench allow. */
static const char default_text[] =
    "{\"checks\":{\"coverage_milli\":2000,\"deviation_high_mcm1\":5000,\"deviation_mcm1\":3000,"
    "\"max_series_exhibits\":20,\"max_series_minutes\":480,"
    "\"max_temperature_change_mcelsius\":5000,\"min_lines\":4,\"min_snr_milli\":10000,"
    "\"min_span_cm1\":500,\"source\":\"Celadon's default; not a standard's limit\"},"
    "\"issued\":\"2026-11-26\",\"kind\":\"profile\","
    "\"rules\":{\"blind_review\":true,\"lock_minutes\":5,\"offline_days\":7,"
    "\"replicates_planned\":3,\"retention_years\":0,\"signers\":[\"sm2\",\"ed25519\"]},"
    "\"titles\":[{\"en\":\"Raman rapid screening record\",\"zh\":\"拉曼光谱快速筛查记录\"}],"
    "\"until\":\"2999-12-31\",\"v\":1}";

CelProfile *cel_profile_default(void)
{
    const gsize n = sizeof default_text - 1;
    g_autoptr(JsonNode) body = cel_canon_read(default_text, n, NULL);
    CelProfile *profile = from_body(body, NULL);
    set_digests(profile, default_text, n);
    return profile;
}

/* ---- the lab's own ---- */

static gboolean needs_lab(const CelProfile *profile, GError **error)
{
    return (has_text(&profile->lab.name) && has_text(&profile->lab.address)) ||
           refuse(error, "%s", _("it does not say which laboratory's it is, and where"));
}

static gboolean is_root(const CelStatement *statement)
{
    for (guint s = 0; s < CEL_N_SIGNERS; s++)
        if (statement->certificates[s] == NULL)
            return FALSE;
    return statement->signer.role == CEL_ROLE_LAB;
}

/* Judged at the moment of use: a profile is not a record of the ledger. */
static gboolean check_signer(const CelStatement *statement, const CelTrust *trust, GError **error)
{
    if (is_root(statement) && cel_statement_judge(statement, trust, 0, 0) == CEL_TRUST_VOUCHED)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The profile is not signed with the root of this laboratory (signed by: %s); it "
                  "is not used. Let the head of the laboratory sign it again"),
                statement->signer.person);
    return FALSE;
}

CelProfile *cel_profile_read(GBytes *bytes, const CelTrust *trust, GError **error)
{
    g_autoptr(CelStatement) statement = cel_statement_read(bytes, KIND, error);
    if (statement == NULL || !check_signer(statement, trust, error))
        return NULL;
    g_autoptr(CelProfile) profile = from_body(statement->body, error);
    if (profile == NULL || !needs_lab(profile, error))
        return NULL;
    gsize n = 0;
    const void *data = g_bytes_get_data(statement->bytes, &n);
    set_digests(profile, data, n);
    profile->is_signed = TRUE;
    profile->training = statement->signer.training;
    return g_steal_pointer(&profile);
}

CelProfile *cel_profile_open(const char *path, const CelTrust *trust, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_STATEMENT_MAX_BYTES, error);
    CelProfile *profile = bytes != NULL ? cel_profile_read(bytes, trust, error) : NULL;
    if (bytes != NULL && profile == NULL)
        g_prefix_error(error, "%s: ", path);
    return profile;
}

/* The draft as JSON, or NULL when it is no whole profile. */
static JsonNode *read_draft(GBytes *draft, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(draft, &n);
    if (n > CEL_STATEMENT_MAX_BYTES) {
        refuse(error, "%s", _("it is too long"));
        return NULL;
    }
    g_autoptr(JsonNode) node = cel_json_read(text, n, error);
    g_autoptr(CelProfile) profile = node != NULL ? from_body(node, error) : NULL;
    return profile != NULL && needs_lab(profile, error) ? g_steal_pointer(&node) : NULL;
}

gboolean cel_profile_check_draft(GBytes *draft, GError **error)
{
    g_autoptr(JsonNode) node = read_draft(draft, error);
    return node != NULL;
}

GBytes *cel_profile_sign(GBytes *draft, CelKey *root, GError **error)
{
    if (cel_key_role(root) != CEL_ROLE_LAB) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("Only a laboratory's root signs its profile"));
        return NULL;
    }
    g_autoptr(JsonNode) node = read_draft(draft, error);
    if (node == NULL)
        return NULL;
    g_autoptr(JsonNode) body = json_node_copy(node);
    return cel_statement_sign(json_node_get_object(body), KIND, root, error);
}

/* ---- asking it ---- */

const CelProfileMethod *cel_profile_method(const CelProfile *profile, const char *id)
{
    for (guint i = 0; id != NULL && i < profile->methods->len; i++) {
        const CelProfileMethod *method = g_ptr_array_index(profile->methods, i);
        if (strcmp(method->id, id) == 0)
            return method;
    }
    return NULL;
}

static gboolean deny(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean deny(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY, _("Not within the laboratory's methods: %s"),
                why);
    return FALSE;
}

static const CelProfileOperator *find_operator(const CelProfileMethod *method, const char *id)
{
    for (guint i = 0; id != NULL && i < method->operators->len; i++) {
        const CelProfileOperator *person = g_ptr_array_index(method->operators, i);
        if (strcmp(person->id, id) == 0)
            return person;
    }
    return NULL;
}

static gboolean allows_person(const CelProfileMethod *method, const CelProfileUse *use,
                              GError **error)
{
    const CelProfileOperator *person = find_operator(method, use->person_id);
    if (person == NULL)
        return deny(error, _("%s is not authorised for this method"),
                    use->person_id != NULL ? use->person_id : _("a person without a number"));
    if (use->wall_us > person->until_us)
        return deny(error, _("the authorisation of %s for this method has expired"), person->id);
    return TRUE;
}

gboolean cel_profile_allows(const CelProfile *profile, const CelProfileUse *use, GError **error)
{
    const CelProfileMethod *method = cel_profile_method(profile, use->method_id);
    const char *id = use->method_id != NULL ? use->method_id : "-";
    if (method == NULL)
        return deny(error, _("its profile has no method \"%s\""), id);
    if (g_strcmp0(method->version, use->method_version) != 0)
        return deny(error, _("the method \"%s\" is used in another version"), id);
    if (use->recipe_sha256 != NULL && g_strcmp0(method->recipe_sha256, use->recipe_sha256) != 0)
        return deny(error, _("the processing is not that of the method \"%s\""), id);
    if (use->wall_us > MIN(method->until_us, profile->until_us))
        return deny(error, _("the method \"%s\", or the profile, has expired"), id);
    return allows_person(method, use, error);
}

gboolean cel_profile_accepts_key(const CelProfile *profile, const CelKey *key, GError **error)
{
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        if (profile->rules.signers[s] && !cel_key_holds(key, s)) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                        _("The laboratory demands %s signatures and the key of %s has none; use a "
                          "key that has"),
                        cel_signer_name(s), cel_key_person(key));
            return FALSE;
        }
    return TRUE;
}

gboolean cel_profile_may_title(const CelProfile *profile, const char *zh)
{
    for (guint i = 0; i < profile->titles->len; i++) {
        const CelProfileText *title = g_ptr_array_index(profile->titles, i);
        if (g_strcmp0(title->zh, zh) == 0)
            return TRUE;
    }
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-profile-private.h"

#include <glib/gi18n-lib.h>

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

const CelField cel_profile_fields[] = {
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

gboolean cel_profile_has_text(const CelProfileText *text)
{
    return text->zh != NULL || text->en != NULL;
}

const char *cel_profile_title_rule(gconstpointer element, const char **out_member)
{
    const CelProfileText *title = element;
    *out_member = title->zh == NULL ? "zh" : "en";
    return title->zh != NULL && title->en != NULL ? NULL : _("A title needs both languages.");
}

const char *cel_profile_citation_rule(gconstpointer element, const char **out_member)
{
    const CelProfileCitation *citation = element;
    const gboolean says = cel_profile_has_text(&citation->text);
    *out_member = says ? "approval" : "text.zh";
    if (!says)
        return _("A citation needs a text.");
    if (citation->basis && citation->approval != NULL)
        return _("A citation that is the basis of the work has no approval.");
    if (!citation->basis && citation->approval == NULL)
        return _("A citation that is only referred to names who approved that.");
    return NULL;
}

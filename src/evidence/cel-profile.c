/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-profile.h"

#include "base/cel-canon.h"
#include "base/cel-clock.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-json.h"
#include "evidence/cel-profile-private.h"
#include "evidence/cel-statement.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char KIND[] = "profile";

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

static gboolean check_list(const GPtrArray *list, CelProfileRule rule, GError **error)
{
    const char *member = NULL;
    for (guint i = 0; i < list->len; i++) {
        const char *why = rule(g_ptr_array_index(list, i), &member);
        if (why != NULL)
            return refuse(error, "%s", why);
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
        if (!cel_profile_has_text(&method->title) || !cel_profile_has_text(&method->scope))
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
    if (accredited && !cel_profile_has_text(&profile->accreditation.scope))
        return refuse(error, "%s", _("the accreditation lacks its scope"));
    if (profile->titles->len == 0)
        return refuse(error, "%s", _("it allows no title"));
    return check_list(profile->titles, cel_profile_title_rule, error) &&
           check_list(profile->citations, cel_profile_citation_rule, error) &&
           check_methods(profile, error);
}

static CelProfile *from_body(JsonNode *body, GError **error)
{
    g_autoptr(CelProfile) profile = g_new0(CelProfile, 1);
    if (!JSON_NODE_HOLDS_OBJECT(body)) {
        refuse(error, "%s", _("it is no JSON object"));
        return NULL;
    }
    if (!cel_fields_read(json_node_get_object(body), cel_profile_fields, profile, "", error)) {
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
    cel_fields_clear(cel_profile_fields, profile);
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
    return (cel_profile_has_text(&profile->lab.name) &&
            cel_profile_has_text(&profile->lab.address)) ||
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

gboolean cel_profile_check_body(JsonNode *body, GError **error)
{
    g_autoptr(CelProfile) profile = from_body(body, error);
    return profile != NULL && needs_lab(profile, error);
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
    return node != NULL && cel_profile_check_body(node, error) ? g_steal_pointer(&node) : NULL;
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

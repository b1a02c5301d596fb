/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab.h"

#include "base/cel-error.h"
#include "base/cel-file.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { FOLDER_MODE = 0770, EVIDENCE_MODE = 0440, MOST_ROOTS = 1 << 20 };
static const gint64 MINUTE_US = G_GINT64_CONSTANT(60000000);

struct CelLab {
    char *folder;
    CelRegister *reg;
    CelTrust *trust;
    CelProfile *profile;
    gboolean training;
    CelRules rules;
    CelLabPerson person;
    CelKey *ledger_key;
};

static const char *const places[CEL_N_LAB_PLACES] = {
    [CEL_LAB_REGISTER] = "register.sqlite",
    [CEL_LAB_PROFILE] = "profile.json",
    [CEL_LAB_ROOTS] = "ca.pem",
    [CEL_LAB_ARCHIVE] = "archive",
    [CEL_LAB_PHOTOS] = "photos",
    [CEL_LAB_RAW] = "raw",
    [CEL_LAB_PAPERS] = "papers",
    [CEL_LAB_IMPORTS] = "imports",
    [CEL_LAB_PEOPLE] = "people",
    [CEL_LAB_OPEN] = "open",
};

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, code, why);
    return FALSE;
}

void cel_lab_close(CelLab *lab)
{
    if (lab == NULL)
        return;
    cel_register_close(lab->reg);
    cel_trust_free(lab->trust);
    cel_profile_free(lab->profile);
    g_free(lab->folder);
    g_free(lab);
}

CelRegister *cel_lab_register(CelLab *lab)
{
    return lab->reg;
}

CelLedger *cel_lab_ledger(CelLab *lab)
{
    return cel_register_ledger(lab->reg);
}

const CelTrust *cel_lab_trust(const CelLab *lab)
{
    return lab->trust;
}

const CelProfile *cel_lab_profile(const CelLab *lab)
{
    return lab->profile;
}

gboolean cel_lab_is_training(const CelLab *lab)
{
    return lab->training;
}

const CelRules *cel_lab_rules(const CelLab *lab)
{
    return &lab->rules;
}

const char *cel_lab_folder(const CelLab *lab)
{
    return lab->folder;
}

char *cel_lab_path(const CelLab *lab, CelLabPlace place, const char *name)
{
    g_return_val_if_fail((guint)place < CEL_N_LAB_PLACES, NULL);
    return g_build_filename(lab->folder, places[place], name, NULL);
}

/* ---- opening ---- */

/* The roots say themselves whether they are for training; all of them must agree. */
static gboolean read_training(CelLab *lab, GBytes *pem, GError **error)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", end[] = "-----END CERTIFICATE-----";
    gsize size = 0;
    const char *data = g_bytes_get_data(pem, &size);
    g_autofree char *text = g_strndup(data, size);
    guint n = 0, n_training = 0;
    for (char *at = strstr(text, begin); at != NULL; at = strstr(at, begin)) {
        at += strlen(begin);
        char *stop = strstr(at, end);
        if (stop == NULL)
            break;
        gsize length = 0;
        g_autofree char *body = g_strndup(at, (gsize)(stop - at));
        g_autofree guchar *der = g_base64_decode(body, &length);
        g_autoptr(GBytes) bytes = g_bytes_new(der, length);
        CelCertificate about = {0};
        for (guint s = 0; s < CEL_N_SIGNERS; s++)
            if (cel_certificate_inspect(s, bytes, &about, NULL)) {
                n++;
                n_training += about.training ? 1 : 0;
                cel_certificate_clear(&about);
                break;
            }
    }
    lab->training = n_training > 0;
    return (n > 0 && (n_training == 0 || n_training == n)) ||
           refuse(error, CEL_ERROR_INPUT,
                  _("The lab's root certificates mix training and true work; nothing was opened"));
}

static gboolean open_roots(CelLab *lab, GError **error)
{
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_ROOTS, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_USAGE,
                    _("%s is no lab's folder (no ca.pem in it): choose another, or make one "
                      "with \"celadon lab init\""),
                    lab->folder);
        return FALSE;
    }
    g_autoptr(GBytes) pem = cel_file_read(path, MOST_ROOTS, error);
    lab->trust = cel_trust_new();
    return pem != NULL && cel_trust_add_roots(lab->trust, pem, error) &&
           read_training(lab, pem, error);
}

/* Without a signed profile the lab works by the defaults; a bad one is no reason to fall back. */
static gboolean open_profile(CelLab *lab, GError **error)
{
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_PROFILE, NULL);
    lab->profile = g_file_test(path, G_FILE_TEST_EXISTS) ? cel_profile_open(path, lab->trust, error)
                                                         : cel_profile_default();
    if (lab->profile == NULL)
        return FALSE;
    const CelProfile *profile = lab->profile;
    CelGateLimits *limits = &lab->rules.limits;
    *limits = cel_gate_default_limits();
    limits->least_replicates = MAX(limits->least_replicates, profile->rules.replicates_planned);
    limits->four_of_five = profile->rules.replicates_4_of_5;
    limits->blind_review = profile->rules.blind_review;
    if (profile->checks.max_series_minutes > 0)
        limits->longest_us = profile->checks.max_series_minutes * MINUTE_US;
    if (profile->checks.max_series_exhibits > 0)
        limits->most_exhibits = profile->checks.max_series_exhibits;
    lab->rules.training = lab->training;
    lab->rules.profile = profile;
    return TRUE;
}

/* Whoever was certified once may have been taken back since: by position in this ledger. */
static gboolean read_revocations(CelLab *lab, GError **error)
{
    const CelRowQuery query = {
        .match = {{"what", "revoked", 0}, {"ledger", cel_ledger_id(cel_lab_ledger(lab)), 0}}};
    g_autoptr(GPtrArray) rows = cel_register_rows(lab->reg, CEL_ROW_KEY, &query, error);
    for (guint i = 0; rows != NULL && i < rows->len; i++) {
        JsonObject *row = g_ptr_array_index(rows, i);
        const gint64 from = cel_row_number(row, "from_seq");
        const gint64 seq = cel_row_number(row, "seq");
        cel_trust_revoke(lab->trust, cel_row_text(row, "cert_sm2"),
                         (guint64)(from > 0 ? from : seq));
        cel_trust_revoke(lab->trust, cel_row_text(row, "cert_ed25519"),
                         (guint64)(from > 0 ? from : seq));
    }
    return rows != NULL;
}

static gboolean make_folders(const CelLab *lab, GError **error)
{
    for (guint place = CEL_LAB_ARCHIVE; place < CEL_N_LAB_PLACES; place++) {
        g_autofree char *path = cel_lab_path(lab, place, NULL);
        if (g_mkdir_with_parents(path, FOLDER_MODE) != 0) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, _("%s: the folder cannot be made"),
                        path);
            return FALSE;
        }
    }
    return TRUE;
}

CelLab *cel_lab_open(const char *folder, GError **error)
{
    g_autoptr(CelLab) lab = g_new0(CelLab, 1);
    lab->folder = g_canonicalize_filename(folder, NULL);
    if (!open_roots(lab, error) || !open_profile(lab, error))
        return NULL;
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_REGISTER, NULL);
    lab->reg = cel_register_open(path, FALSE, error);
    if (lab->reg == NULL || !read_revocations(lab, error))
        return NULL;
    cel_register_guard(lab->reg, cel_rules_check, &lab->rules);
    return g_steal_pointer(&lab);
}

/* ---- people ---- */

static const char *const trust_words[] = {
    [CEL_TRUST_VOUCHED] = "",
    [CEL_TRUST_SELF_SIGNED] = N_("this lab did not certify the key"),
    [CEL_TRUST_UNKNOWN_LAB] = N_("another lab certified the key"),
    [CEL_TRUST_REVOKED] = N_("the key was revoked"),
    [CEL_TRUST_OUT_OF_TIME] = N_("the certificate has expired, or is not valid yet"),
    [CEL_TRUST_BROKEN] = N_("the certificate is damaged"),
};

static gboolean is_vouched(CelLab *lab, CelKey *key, GError **error)
{
    guint64 size = 0;
    if (!cel_ledger_size(cel_lab_ledger(lab), &size, error))
        return FALSE;
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        if (!cel_key_holds(key, s))
            continue;
        g_autoptr(GBytes) der = cel_key_certificate(key, s, error);
        if (der == NULL)
            return FALSE;
        const CelTrustQuestion question = {.signer = s,
                                           .certificate = der,
                                           .seq = size + 1,
                                           .wall_us = cel_clock_wall_us(cel_clock_system())};
        const CelTrustState state = cel_trust_judge(lab->trust, &question, NULL);
        if (state != CEL_TRUST_VOUCHED) {
            g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                        _("%s cannot work in this lab: %s; nothing was recorded"),
                        cel_key_person(key), _(trust_words[state]));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean check_person(CelLab *lab, const CelLabPerson *person, GError **error)
{
    if (cel_key_is_training(person->key) != lab->training)
        return refuse(error, CEL_ERROR_POLICY,
                      lab->training
                          ? _("This is a training lab: only training keys work in it")
                          : _("A training key does not work in a true lab; use your own key"));
    return is_vouched(lab, person->key, error) &&
           cel_profile_accepts_key(lab->profile, person->key, error);
}

gboolean cel_lab_sign_in(CelLab *lab, const CelLabPerson *person, GError **error)
{
    if (!check_person(lab, person, error) || !make_folders(lab, error))
        return FALSE;
    lab->person = *person;
    return TRUE;
}

void cel_lab_sign_out(CelLab *lab)
{
    lab->person = (CelLabPerson){.key = NULL};
}

CelRole cel_lab_role(const CelLab *lab)
{
    return lab->person.key != NULL ? cel_key_role(lab->person.key) : CEL_ROLE_NONE;
}

const CelLabPerson *cel_lab_person(const CelLab *lab)
{
    return lab->person.key != NULL ? &lab->person : NULL;
}

/* ---- the ledger's own key ---- */

gboolean cel_lab_use_ledger_key(CelLab *lab, CelKey *key, GError **error)
{
    if (key != NULL &&
        (cel_key_role(key) != CEL_ROLE_LEDGER || cel_key_is_training(key) != lab->training))
        return refuse(error, CEL_ERROR_POLICY, _("This is not the key of the lab's ledger"));
    if (key != NULL && !is_vouched(lab, key, error))
        return FALSE;
    lab->ledger_key = key;
    return TRUE;
}

gboolean cel_lab_has_ledger_key(const CelLab *lab)
{
    return lab->ledger_key != NULL;
}

CelLedgerHead *cel_lab_head(CelLab *lab, guint64 min_size, GError **error)
{
    return lab->ledger_key != NULL ? cel_ledger_sign_head(cel_lab_ledger(lab), lab->ledger_key,
                                                          cel_clock_system(), error)
                                   : cel_ledger_last_head(cel_lab_ledger(lab), min_size, error);
}

/* ---- events ---- */

static const char *id_of(const CelLabPerson *person)
{
    const char *certified = cel_key_person_id(person->key);
    return person->id != NULL  ? person->id
           : certified != NULL ? certified
                               : cel_key_person(person->key);
}

static gboolean check_rights(CelLab *lab, CelAct act, const CelLabPerson *second, GError **error)
{
    if (lab->person.key == NULL)
        return refuse(error, CEL_ERROR_POLICY,
                      _("Nobody is signed in; nothing was recorded. Use --key"));
    if (!cel_right_check(act, cel_lab_role(lab), FALSE, error))
        return FALSE;
    /* Another program may have taken the key back while this one had it open. */
    if (!read_revocations(lab, error) || !is_vouched(lab, lab->person.key, error))
        return FALSE;
    return second == NULL || (check_person(lab, second, error) &&
                              cel_right_check(act, cel_key_role(second->key), TRUE, error));
}

gboolean cel_lab_signers(CelLab *lab, CelAct act, const CelLabPerson *second, CelEventSigners *out,
                         GError **error)
{
    if (!check_rights(lab, act, second, error))
        return FALSE;
    *out = (CelEventSigners){
        .operator_key = lab->person.key,
        .operator_id = id_of(&lab->person),
        .second_key = second != NULL ? second->key : NULL,
        .second_id = second != NULL ? id_of(second) : NULL,
    };
    return TRUE;
}

/* A training lab says so in every event. */
static JsonObject *mark_data(const CelLab *lab, JsonObject *data)
{
    JsonObject *marked = data != NULL ? json_object_ref(data) : json_object_new();
    if (lab->training)
        json_object_set_boolean_member(marked, "training", TRUE);
    return marked;
}

gboolean cel_lab_record(CelLab *lab, const CelEventRequest *request, const CelLabPerson *second,
                        CelLedgerPlace *out_place, GError **error)
{
    CelEventSigners signers;
    if (!cel_lab_signers(lab, request->act, second, &signers, error))
        return FALSE;
    g_autoptr(JsonObject) data = mark_data(lab, request->data);
    CelEventRequest marked = *request;
    marked.data = data;
    return cel_ledger_append(cel_lab_ledger(lab), &marked, &signers, out_place, error);
}

gboolean cel_lab_may(CelLab *lab, const CelEventRequest *request, GError **error)
{
    if (!check_rights(lab, request->act, NULL, error))
        return FALSE;
    g_autoptr(JsonObject) event = json_object_new();
    const char *const texts[][2] = {{"act", cel_act_def(request->act)->id},
                                    {"case", request->case_id},
                                    {"item", request->item_id},
                                    {"fid", request->fid},
                                    {"authority", request->authority},
                                    {"ledger", cel_ledger_id(cel_lab_ledger(lab))}};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i][1] != NULL)
            json_object_set_string_member(event, texts[i][0], texts[i][1]);
    /* Who measured does not review: the rules ask who it is. */
    JsonObject *person = json_object_new();
    json_object_set_string_member(person, "id", id_of(&lab->person));
    json_object_set_string_member(person, "name", cel_key_person(lab->person.key));
    json_object_set_string_member(person, "role", cel_role_id(cel_key_role(lab->person.key)));
    json_object_set_object_member(event, "op", person);
    if (request->data != NULL)
        json_object_set_object_member(event, "data", json_object_ref(request->data));
    return cel_rules_check(lab->reg, event, &lab->rules, error);
}

/* ---- things kept by their digest ---- */

static gboolean is_there(const char *path, const CelDigestPair *digests, gsize size)
{
    g_autoptr(GBytes) stored = cel_file_read(path, size, NULL);
    if (stored == NULL || g_bytes_get_size(stored) != size)
        return FALSE;
    const CelDigestPair found = cel_digest_pair(g_bytes_get_data(stored, NULL), size);
    return strcmp(found.sha256, digests->sha256) == 0 && strcmp(found.sm3, digests->sm3) == 0;
}

gboolean cel_lab_keep(CelLab *lab, CelLabPlace place, GBytes *bytes, CelDigestPair *out_digests,
                      GError **error)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    *out_digests = cel_digest_pair(data, size);
    g_autofree char *path = cel_lab_path(lab, place, out_digests->sha256);
    if (is_there(path, out_digests, size))
        return TRUE;
    g_autoptr(GError) failure = NULL;
    if (cel_file_create(path, bytes, EVIDENCE_MODE, &failure) || is_there(path, out_digests, size))
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-library-sign.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "evidence/cel-record.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char KIND[] = "library";

gboolean cel_library_may_sign(CelRole role)
{
    return role == CEL_ROLE_REVIEWER || role == CEL_ROLE_LAB_HEAD || role == CEL_ROLE_LAB ||
           role == CEL_ROLE_NONE;
}

/* ---- signing ---- */

static gboolean check_signing(const CelLibrarySigning *signing, CelKey *key, GError **error)
{
    const CelLibrary *previous = signing->previous;
    if (!cel_library_may_sign(cel_key_role(key))) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("A %s may not sign a library; nothing was signed. A reviewer or the head of "
                      "the laboratory may"),
                    cel_role_id(cel_key_role(key)));
        return FALSE;
    }
    if (previous == NULL)
        return TRUE;
    if (g_str_equal(cel_library_sha256(previous), cel_library_sha256(signing->library))) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_POLICY,
                            _("The version before has the same content; nothing was signed"));
        return FALSE;
    }
    if (g_str_equal(cel_library_name(previous), cel_library_name(signing->library)))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("The version before is of another library, %s; nothing was signed"),
                cel_library_name(previous));
    return FALSE;
}

static JsonObject *identity_of(const CelLibrary *library)
{
    JsonObject *out = json_object_new();
    json_object_set_string_member(out, "name", cel_library_name(library));
    json_object_set_string_member(out, "version", cel_library_version(library));
    json_object_set_string_member(out, "sha256", cel_library_sha256(library));
    return out;
}

static JsonObject *digests_of(GBytes *file)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(file, &n);
    const CelDigestPair pair = cel_digest_pair(data, n);
    JsonObject *out = json_object_new();
    json_object_set_string_member(out, "sha256", pair.sha256);
    json_object_set_string_member(out, "sm3", pair.sm3);
    json_object_set_int_member(out, "bytes", (gint64)n);
    return out;
}

GBytes *cel_library_sign(const CelLibrarySigning *signing, CelKey *key, GError **error)
{
    if (!check_signing(signing, key, error))
        return NULL;
    g_autoptr(GBytes) file = cel_file_read(signing->path, CEL_LIBRARY_MAX_BYTES, error);
    if (file == NULL)
        return NULL;
    const gint64 wall_us = cel_clock_wall_us(signing->clock);
    g_autofree char *wall = cel_clock_iso8601(wall_us);
    g_autoptr(JsonObject) body = json_object_new();
    json_object_set_object_member(body, "library", identity_of(signing->library));
    json_object_set_object_member(body, "file", digests_of(file));
    if (signing->previous != NULL)
        json_object_set_object_member(body, "previous", identity_of(signing->previous));
    json_object_set_string_member(body, "t_wall", wall);
    json_object_set_int_member(body, "t_wall_us", wall_us);
    return cel_statement_sign(body, KIND, key, error);
}

/* ---- reading ---- */

void cel_library_signature_free(CelLibrarySignature *signature)
{
    if (signature == NULL)
        return;
    cel_statement_free(signature->statement);
    g_free(signature);
}

static gboolean is_digest(const char *text)
{
    return text != NULL && strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static gboolean time_agrees(JsonObject *body, gint64 wall_us)
{
    const gint64 last_us = G_GINT64_CONSTANT(253402300799) * G_USEC_PER_SEC; /* year 9999 */
    g_autofree char *text = wall_us > 0 && wall_us <= last_us ? cel_clock_iso8601(wall_us) : NULL;
    return text != NULL && g_strcmp0(text, cel_record_text(body, "t_wall")) == 0;
}

CelLibrarySignature *cel_library_signature_read(GBytes *bytes, GError **error)
{
    g_autoptr(CelLibrarySignature) signature = g_new0(CelLibrarySignature, 1);
    signature->statement = cel_statement_read(bytes, KIND, error);
    if (signature->statement == NULL)
        return NULL;
    JsonObject *body = json_node_get_object(signature->statement->body);
    signature->name = cel_record_text(body, "library/name");
    signature->version = cel_record_text(body, "library/version");
    signature->sha256 = cel_record_text(body, "library/sha256");
    signature->file_sha256 = cel_record_text(body, "file/sha256");
    signature->file_sm3 = cel_record_text(body, "file/sm3");
    signature->previous_sha256 = cel_record_text(body, "previous/sha256");
    signature->previous_version = cel_record_text(body, "previous/version");
    signature->wall_us = cel_record_number(body, "t_wall_us");
    const gboolean has_previous = json_object_has_member(body, "previous");
    if (signature->name == NULL || signature->version == NULL || !is_digest(signature->sha256) ||
        !is_digest(signature->file_sha256) || !is_digest(signature->file_sm3) ||
        (has_previous &&
         (!is_digest(signature->previous_sha256) || signature->previous_version == NULL)) ||
        !time_agrees(body, signature->wall_us)) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("This is no signature of a library: a field is missing or has "
                              "another form"));
        return NULL;
    }
    return g_steal_pointer(&signature);
}

/* ---- in use ---- */

static const struct {
    const char *name, *en, *zh;
} states[CEL_N_LIBRARY_STATES] = {
    [CEL_LIBRARY_BUILT_IN] = {"built-in", "built-in", "内置"},
    [CEL_LIBRARY_UNSIGNED] = {"unsigned", "unsigned", "未签名"},
    [CEL_LIBRARY_NOT_VOUCHED] = {"not-vouched", "not vouched for", "已签名,签名人未经实验室认可"},
    [CEL_LIBRARY_REVOKED] = {"revoked", "certificate revoked", "签名证书已撤销或过期"},
    [CEL_LIBRARY_SIGNED] = {"signed", "signed", "已签名"},
};

const char *cel_library_state_name(CelLibraryState state)
{
    g_return_val_if_fail((guint)state < CEL_N_LIBRARY_STATES, "unsigned");
    return states[state].name;
}

const char *cel_library_state_label(CelLibraryState state, gboolean chinese)
{
    g_return_val_if_fail((guint)state < CEL_N_LIBRARY_STATES, "");
    return chinese ? states[state].zh : states[state].en;
}

static CelLibraryState state_of(const CelLibrarySignature *signature, const CelTrust *trust)
{
    const CelTrustState state =
        cel_statement_judge(signature->statement, trust, 0, signature->wall_us);
    const CelRole role = signature->statement->signer.role;
    if (state == CEL_TRUST_REVOKED || state == CEL_TRUST_OUT_OF_TIME || state == CEL_TRUST_BROKEN)
        return CEL_LIBRARY_REVOKED;
    return state == CEL_TRUST_VOUCHED && role != CEL_ROLE_NONE && cel_library_may_sign(role)
               ? CEL_LIBRARY_SIGNED
               : CEL_LIBRARY_NOT_VOUCHED;
}

gboolean cel_library_state(const CelLibrary *library, const char *path, const CelTrust *trust,
                           CelLibraryState *out_state, GError **error)
{
    g_autofree char *beside = g_strconcat(path, CEL_LIBRARY_SIGNATURE_SUFFIX, NULL);
    *out_state = CEL_LIBRARY_UNSIGNED;
    if (!g_file_test(beside, G_FILE_TEST_EXISTS))
        return TRUE;
    g_autoptr(GBytes) bytes = cel_file_read(beside, CEL_STATEMENT_MAX_BYTES, error);
    g_autoptr(CelLibrarySignature) signature =
        bytes != NULL ? cel_library_signature_read(bytes, error) : NULL;
    if (signature == NULL) {
        g_prefix_error(error, "%s: ", beside);
        return FALSE;
    }
    if (!g_str_equal(signature->sha256, cel_library_sha256(library)) ||
        !g_str_equal(signature->name, cel_library_name(library)) ||
        !g_str_equal(signature->version, cel_library_version(library))) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("%s is not the library that was signed in %s; nothing was identified with "
                      "it. Take a sound copy, or have this version signed"),
                    path, beside);
        return FALSE;
    }
    *out_state = state_of(signature, trust);
    return TRUE;
}

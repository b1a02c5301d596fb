/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-keys.h"

#include "base/cel-error.h"
#include "base/cel-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

enum { FOLDER_MODE = 0750, PUBLIC_MODE = 0644 };

static gboolean refuse(GError **error, int code, const char *why)
{
    g_set_error_literal(error, CEL_ERROR, code, why);
    return FALSE;
}

/* ---- events ---- */

static JsonObject *certificates_of(const CelKeyHolder *holder)
{
    JsonObject *object = json_object_new();
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++)
        if (*holder->sha256[s] != '\0')
            json_object_set_string_member(object, cel_signer_name(s), holder->sha256[s]);
    return object;
}

static JsonObject *data_of(const CelLabKeyEvent *event)
{
    const CelCertificate *about = &event->holder->about;
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "what", event->what);
    json_object_set_object_member(data, "certificates", certificates_of(event->holder));
    json_object_set_string_member(data, "person", about->person);
    json_object_set_string_member(data, "role", cel_role_id(about->role));
    if (about->person_id != NULL)
        json_object_set_string_member(data, "person_id", about->person_id);
    if (event->from_seq > 0)
        json_object_set_int_member(data, "from_seq", (gint64)event->from_seq);
    else if (strcmp(event->what, "revoked") != 0)
        json_object_set_int_member(data, "expires_us", about->not_after_us);
    return data;
}

static gboolean check_revocation(CelLab *lab, const CelLabKeyEvent *event, GError **error)
{
    guint64 size = 0;
    if (strcmp(event->what, "revoked") != 0)
        return TRUE;
    if (event->why == NULL || *event->why == '\0')
        return refuse(error, CEL_ERROR_USAGE, _("A revocation needs its reason"));
    if (!cel_ledger_size(cel_lab_ledger(lab), &size, error))
        return FALSE;
    return event->from_seq <= size + 1 ||
           refuse(error, CEL_ERROR_USAGE,
                  _("A certificate cannot be revoked from a position that the ledger has not "
                    "reached"));
}

gboolean cel_lab_record_key(CelLab *lab, const CelLabKeyEvent *event, const CelLabPerson *second,
                            CelLedgerPlace *out_place, GError **error)
{
    if (!check_revocation(lab, event, error))
        return FALSE;
    g_autoptr(JsonObject) data = data_of(event);
    const CelEventRequest request = {
        .act = CEL_ACT_KEY_EVENT, .data = data, .why = event->why, .clock = cel_clock_system()};
    return cel_lab_record(lab, &request, second, out_place, error);
}

/* ---- founding ---- */

/* A founding that was interrupted before its first event goes on. */
static gboolean is_unfinished(const char *folder, const char *roots_path, CelKey *root)
{
    guint64 size = 0;
    g_autofree char *path = g_build_filename(folder, "register.sqlite", NULL);
    g_autoptr(GBytes) roots = cel_ca_roots(root, NULL);
    g_autoptr(GBytes) there =
        roots != NULL ? cel_file_read(roots_path, g_bytes_get_size(roots), NULL) : NULL;
    if (there == NULL || !g_bytes_equal(there, roots))
        return FALSE;
    g_autoptr(CelRegister) reg = cel_register_open(path, FALSE, NULL);
    return reg != NULL && cel_ledger_size(cel_register_ledger(reg), &size, NULL) && size == 0;
}

static gboolean check_founding(const CelLabFounding *founding, GError **error)
{
    return (cel_key_role(founding->root) == CEL_ROLE_LAB &&
            cel_key_role(founding->head) == CEL_ROLE_LAB_HEAD) ||
           refuse(error, CEL_ERROR_POLICY,
                  _("A laboratory is founded with its root and the key of its head"));
}

static gboolean make_folder(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, FOLDER_MODE) == 0)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_SYSTEM, "%s: %s", folder, g_strerror(errno));
    return FALSE;
}

/* The ledger first: a folder with ca.pem is a lab. */
static gboolean make_files(const char *folder, CelKey *root, GError **error)
{
    g_autofree char *ledger = g_build_filename(folder, "register.sqlite", NULL);
    g_autofree char *roots_path = g_build_filename(folder, "ca.pem", NULL);
    g_autoptr(GBytes) roots = cel_ca_roots(root, error);
    if (roots == NULL)
        return FALSE;
    if (g_file_test(roots_path, G_FILE_TEST_EXISTS)) {
        if (is_unfinished(folder, roots_path, root))
            return TRUE;
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s: there is a laboratory already; nothing was changed"), roots_path);
        return FALSE;
    }
    if (!make_folder(folder, error))
        return FALSE;
    g_autoptr(CelRegister) reg = cel_register_open(ledger, TRUE, error);
    return reg != NULL && cel_file_create(roots_path, roots, PUBLIC_MODE, error);
}

static gboolean read_holder(CelKey *key, CelKeyHolder *out, GError **error)
{
    for (CelSigner s = 0; s < CEL_N_SIGNERS; s++) {
        CelCertificate about = {0};
        if (!cel_key_holds(key, s))
            continue;
        g_autoptr(GBytes) der = cel_key_certificate(key, s, error);
        if (der == NULL || !cel_certificate_inspect(s, der, &about, error))
            return FALSE;
        gsize n = 0;
        const void *data = g_bytes_get_data(der, &n);
        g_autofree char *hex = cel_digest_hex("sha256", data, n);
        g_strlcpy(out->sha256[s], hex, sizeof out->sha256[s]);
        cel_certificate_clear(&out->about);
        out->about = about;
    }
    return TRUE;
}

gboolean cel_lab_found(const char *folder, const CelLabFounding *founding, GError **error)
{
    g_auto(CelKeyHolder) holder = {.has_keys = TRUE};
    if (!check_founding(founding, error) || !read_holder(founding->head, &holder, error) ||
        !make_files(folder, founding->root, error))
        return FALSE;
    g_autoptr(CelLab) lab = cel_lab_open(folder, error);
    const CelLabPerson head = {.key = founding->head};
    if (lab == NULL || !cel_lab_sign_in(lab, &head, error))
        return FALSE;
    const CelLabKeyEvent event = {.what = "certified", .holder = &holder};
    CelLedgerPlace place;
    return cel_lab_record_key(lab, &event, NULL, &place, error);
}

/* ---- the profile ---- */

static gboolean record_profile(CelLab *lab, const CelProfile *profile, const CelLabInstall *install,
                               CelLedgerPlace *out_place, GError **error)
{
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "what", "profile");
    json_object_set_string_member(data, "profile", profile->sha256);
    const CelEventRequest request = {
        .act = CEL_ACT_KEY_EVENT, .data = data, .clock = install->clock};
    return cel_lab_record(lab, &request, install->second, out_place, error);
}

gboolean cel_lab_install_profile(CelLab *lab, const CelLabInstall *install,
                                 CelLedgerPlace *out_place, GError **error)
{
    g_autofree char *path = cel_lab_path(lab, CEL_LAB_PROFILE, NULL);
    g_autoptr(CelProfile) profile = cel_profile_read(install->profile, cel_lab_trust(lab), error);
    if (profile == NULL)
        return FALSE;
    if (profile->training != cel_lab_is_training(lab))
        return refuse(error, CEL_ERROR_POLICY,
                      _("A training laboratory's profile and a true one's do not mix"));
    return cel_file_may_be_written(path, error) &&
           record_profile(lab, profile, install, out_place, error) &&
           cel_file_write(path, install->profile, PUBLIC_MODE, error);
}

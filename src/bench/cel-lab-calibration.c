/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/cel-lab-calibration.h"

#include "base/cel-error.h"
#include "base/cel-file.h"
#include "bench/cel-check.h"
#include "bench/cel-lab-seal.h"
#include "evidence/cel-record.h"
#include "evidence/cel-sealed.h"
#include "evidence/cel-verify.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Datasets have plain names; the calibration's own text holds the files' names. */
static char *input_name(guint index)
{
    return g_strdup_printf("%03u", index + 1);
}

static void free_inputs(CelSealInput *inputs, guint n)
{
    for (guint i = 0; i < n; i++)
        g_free((char *)inputs[i].name);
    g_free(inputs);
}

static gboolean seal_as(const CelCalibrationSeal *seal, CelKey *key, const char *fid,
                        const char *path, CelJob *job, GError **error)
{
    const CelCalibrationObject *object = seal->object;
    g_autofree char *text = cel_calibration_object_to_text(object, error);
    if (text == NULL)
        return FALSE;
    const guint n = object->inputs->len;
    CelSealInput *inputs = g_new0(CelSealInput, n + 1);
    for (guint i = 0; i < n; i++)
        inputs[i] = (CelSealInput){input_name(i), seal->recordings[i]};
    const char *id = cel_key_person_id(key);
    const CelSealObject what = {.kind = "calibration",
                                .id = object->calibration.id,
                                .object_json = text,
                                .inputs = inputs,
                                .n_inputs = n,
                                .operator_id = id != NULL ? id : cel_key_person(key),
                                .simulated = object->simulated,
                                .training = cel_key_is_training(key),
                                .clock = seal->clock,
                                .fid = fid};
    const gboolean ok = cel_seal_object(&what, key, path, job, error);
    free_inputs(inputs, n);
    return ok;
}

gboolean cel_calibration_seal(const CelCalibrationSeal *seal, CelKey *key, const char *path,
                              CelJob *job, GError **error)
{
    return seal_as(seal, key, NULL, path, job, error);
}

/* ---- in a lab ---- */

static JsonObject *facts_of(const CelCalibrationSeal *seal)
{
    const CelCalibrationObject *object = seal->object;
    g_autofree char *text = cel_calibration_object_to_text(object, NULL);
    g_autofree char *sha256 = text != NULL ? cel_digest_hex("sha256", text, strlen(text)) : NULL;
    JsonObject *data = json_object_new();
    json_object_set_string_member(data, "kind", "calibration");
    json_object_set_string_member(data, "verdict", "not-checkable");
    json_object_set_string_member(data, "serial", object->calibration.serial);
    json_object_set_string_member(data, "calibration", object->calibration.id);
    json_object_set_string_member(data, "object", sha256 != NULL ? sha256 : "");
    if (seal->in_force)
        json_object_set_boolean_member(data, "in_force", TRUE);
    if (object->inputs->len > 0)
        json_object_set_string_member(
            data, "standard", g_array_index(object->inputs, CelCalibrationInput, 0).standard);
    if (object->simulated) {
        JsonObject *instrument = json_object_new();
        json_object_set_boolean_member(instrument, "simulated", TRUE);
        json_object_set_object_member(data, "instrument", instrument);
    }
    return data;
}

static gboolean record(CelLab *lab, const CelCalibrationSeal *seal, const char *fid,
                       const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_SEAL_MAX_BYTES, error);
    if (bytes == NULL)
        return FALSE;
    gsize size = 0;
    const void *data = g_bytes_get_data(bytes, &size);
    const CelDigestPair digests = cel_digest_pair(data, size);
    g_autoptr(JsonObject) facts = facts_of(seal);
    const CelEventRequest request = {
        .act = CEL_ACT_CHECK, .fid = fid, .file = &digests, .data = facts, .clock = seal->clock};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

/* Before a file is there that nobody may record. */
static gboolean may_record(CelLab *lab, const CelCalibrationSeal *seal, const char *fid,
                           GError **error)
{
    g_autoptr(JsonObject) facts = facts_of(seal);
    const CelEventRequest wish = {
        .act = CEL_ACT_CHECK, .fid = fid, .data = facts, .clock = seal->clock};
    return (!seal->in_force ||
            cel_calibration_may_be_in_force(&seal->object->calibration,
                                            cel_clock_wall_us(seal->clock), error)) &&
           cel_lab_may(lab, &wish, error);
}

gboolean cel_lab_calibrate(CelLab *lab, const CelCalibrationSeal *seal, char **out_path,
                           CelJob *job, GError **error)
{
    if (seal->object->calibration.serial[0] == '\0') {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_USAGE,
                            _("The recordings do not say which instrument made them; name it with "
                              "--serial, or the calibration belongs to none"));
        return FALSE;
    }
    g_autofree char *fid = cel_fid_new(error);
    g_autofree char *path = fid != NULL ? cel_lab_sealed_path(lab, fid) : NULL;
    if (path == NULL || !may_record(lab, seal, fid, error) ||
        !seal_as(seal, cel_lab_person(lab)->key, fid, path, job, error) ||
        !record(lab, seal, fid, path, error))
        return FALSE;
    *out_path = g_steal_pointer(&path);
    return TRUE;
}

/* ---- out of the seal ---- */

void cel_sealed_recording_free(CelSealedRecording *recording)
{
    if (recording == NULL)
        return;
    g_free(recording->name);
    g_free(recording->standard);
    g_bytes_unref(recording->bytes);
    g_free(recording);
}

static void free_recording(gpointer data)
{
    cel_sealed_recording_free(data);
}

static gboolean is_intact(const char *path, CelJob *job, GError **error)
{
    g_autoptr(GPtrArray) lines = NULL;
    if (!cel_verify(path, NULL, &lines, job, error))
        return FALSE;
    if (!cel_verdict_any_contradicted(lines))
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                _("%s: the file contradicts its seal (see \"celadon verify\"); nothing is derived "
                  "from it"),
                path);
    return FALSE;
}

static CelSealedRecording *recording_at(const CelH5Node *root, const CelCalibrationInput *input,
                                        guint index, GError **error)
{
    g_autofree char *name = input_name(index);
    g_autofree char *path = g_strconcat("/celadon/inputs/", name, NULL);
    GBytes *bytes = cel_sealed_bytes(root, path);
    gsize size = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &size) : NULL;
    g_autofree char *sha256 = data != NULL ? cel_digest_hex("sha256", data, size) : NULL;
    if (g_strcmp0(sha256, input->sha256) != 0) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The recording %s is not in the sealed calibration, or is another one"),
                    input->name);
        return NULL;
    }
    CelSealedRecording *recording = g_new0(CelSealedRecording, 1);
    recording->name = g_strdup(input->name);
    recording->standard = g_strdup(input->standard);
    recording->bytes = g_bytes_ref(bytes);
    return recording;
}

CelCalibrationObject *cel_calibration_unseal(const char *path, GPtrArray **out_recordings,
                                             CelJob *job, GError **error)
{
    if (!is_intact(path, job, error))
        return NULL;
    g_autoptr(CelSealed) sealed = cel_sealed_open_object(path, "calibration", job, error);
    if (sealed == NULL)
        return NULL;
    const CelH5Node *root = cel_sealed_root(sealed);
    GBytes *text = cel_sealed_bytes(root, CEL_PATH_OBJECT);
    gsize n = 0;
    const char *data = text != NULL ? g_bytes_get_data(text, &n) : "";
    g_autoptr(CelCalibrationObject) object = cel_calibration_object_from_text(data, n, path, error);
    if (object == NULL)
        return NULL;
    g_autoptr(GPtrArray) recordings = g_ptr_array_new_with_free_func(free_recording);
    for (guint i = 0; i < object->inputs->len; i++) {
        CelSealedRecording *one =
            recording_at(root, &g_array_index(object->inputs, CelCalibrationInput, i), i, error);
        if (one == NULL)
            return NULL;
        g_ptr_array_add(recordings, one);
    }
    *out_recordings = g_steal_pointer(&recordings);
    return g_steal_pointer(&object);
}

/* ---- in force ---- */

/* The object that the event speaks of, and of that instrument. */
static gboolean read_in_force(CelLab *lab, JsonObject *row, CelInForce *in_force, CelJob *job,
                              GError **error)
{
    g_autofree char *path = cel_lab_sealed_path(lab, cel_row_text(row, "fid"));
    g_autoptr(GPtrArray) recordings = NULL;
    g_autoptr(CelCalibrationObject) object = cel_calibration_unseal(path, &recordings, job, error);
    if (object == NULL)
        return FALSE;
    g_autofree char *text = cel_calibration_object_to_text(object, error);
    g_autofree char *sha256 = text != NULL ? cel_digest_hex("sha256", text, strlen(text)) : NULL;
    if (g_strcmp0(sha256, cel_row_text(row, "object")) != 0 ||
        strcmp(object->calibration.serial, cel_row_text(row, "instrument")) != 0) {
        g_clear_error(error);
        g_set_error(error, CEL_ERROR, CEL_ERROR_POLICY,
                    _("%s is not the calibration that was put in force"), path);
        return FALSE;
    }
    in_force->calibration = object->calibration;
    in_force->seq = (guint64)cel_row_number(row, "seq");
    in_force->since_us = cel_row_number(row, "t_wall_us");
    return TRUE;
}

gboolean cel_lab_in_force(CelLab *lab, const char *serial, gint64 now_us, CelInForce *in_force,
                          CelJob *job, GError **error)
{
    g_autoptr(GError) failure = NULL;
    g_autoptr(JsonObject) row = NULL;
    const CelCalibration *c = &in_force->calibration;
    cel_rules_in_force(cel_lab_register(lab), serial, &row, &failure);
    const gboolean known = row != NULL && in_force->seq == (guint64)cel_row_number(row, "seq") &&
                           strcmp(c->serial, serial) == 0;
    if (!known)
        *in_force = (CelInForce){0};
    if (row != NULL && !known)
        read_in_force(lab, row, in_force, job, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    if (row == NULL)
        return TRUE;
    if (cel_calibration_may_be_in_force(c, now_us, error))
        return TRUE;
    *in_force = (CelInForce){0};
    return FALSE;
}

gboolean cel_lab_way_back(CelLab *lab, const CelWayBack *back, GError **error)
{
    g_autoptr(JsonObject) row = NULL;
    if (!cel_rules_in_force(cel_lab_register(lab), back->serial, &row, error))
        return FALSE;
    g_autoptr(JsonObject) data = json_object_new();
    json_object_set_string_member(data, "kind", "calibration");
    json_object_set_string_member(data, "verdict", cel_check_verdict_name(CEL_CHECK_NOT_CHECKABLE));
    json_object_set_string_member(data, "serial", back->serial);
    json_object_set_string_member(data, "calibration", CEL_RULES_OWN_CALIBRATION);
    json_object_set_boolean_member(data, "in_force", TRUE);
    if (cel_row_number(row, "simulated") != 0) {
        JsonObject *instrument = json_object_new();
        json_object_set_boolean_member(instrument, "simulated", TRUE);
        json_object_set_object_member(data, "instrument", instrument);
    }
    const CelEventRequest request = {
        .act = CEL_ACT_CHECK, .why = back->why, .data = data, .clock = back->clock};
    return cel_lab_record(lab, &request, NULL, NULL, error);
}

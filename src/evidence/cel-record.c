/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-record.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

static const char GENESIS[] = "celadon-genesis";

/* ---- file ids and the start of the chain ---- */

char *cel_fid_new(GError **error)
{
    guint8 bytes[CEL_FID_LENGTH / 2];
    if (RAND_bytes(bytes, sizeof bytes) != 1) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                            _("The system gives no random numbers; nothing was sealed"));
        return NULL;
    }
    GString *fid = g_string_new(NULL);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(fid, "%02x", bytes[i]);
    return g_string_free(fid, FALSE);
}

gboolean cel_fid_valid(const char *fid)
{
    return fid != NULL && strlen(fid) == CEL_FID_LENGTH &&
           strspn(fid, "0123456789abcdef") == CEL_FID_LENGTH;
}

char *cel_record_genesis(const char *algorithm, const char *fid)
{
    g_autofree char *text = g_strconcat(GENESIS, fid, NULL);
    return cel_digest_hex(algorithm, text, strlen(text));
}

/* ---- writing ---- */

static void put_text(JsonBuilder *b, const char *key, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    json_builder_set_member_name(b, key);
    json_builder_add_string_value(b, valid);
}

static void put_stated(JsonBuilder *b, const char *key, const char *text)
{
    put_text(b, key, text != NULL && *text != '\0' ? text : "not stated");
}

static void put_int(JsonBuilder *b, const char *key, gint64 value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_int_value(b, value);
}

/* @value in units of 1/@scale; records hold no floating-point numbers. */
static void put_scaled(JsonBuilder *b, const char *key, double value, double scale)
{
    const double scaled = value * scale;
    put_int(b, key, isfinite(scaled) && fabs(scaled) < 9e15 ? (gint64)llround(scaled) : 0);
}

static void put_bool(JsonBuilder *b, const char *key, gboolean value)
{
    json_builder_set_member_name(b, key);
    json_builder_add_boolean_value(b, value);
}

static void begin(JsonBuilder *b, const char *key)
{
    json_builder_set_member_name(b, key);
    json_builder_begin_object(b);
}

static void put_digests(JsonBuilder *b, const char *key, const void *data, gsize n)
{
    g_autofree char *sha256 = cel_digest_hex("sha256", data, n);
    g_autofree char *sm3 = cel_digest_hex("sm3", data, n);
    begin(b, key);
    put_text(b, "sha256", sha256);
    put_text(b, "sm3", sm3);
    json_builder_end_object(b);
}

static void put_chain(JsonBuilder *b, const char *fid)
{
    g_autofree char *start = g_strconcat(GENESIS, fid, NULL);
    put_int(b, "v", CEL_RECORD_VERSION);
    put_text(b, "fid", fid);
    put_int(b, "seq", 1);
    put_digests(b, "prev", start, strlen(start));
    put_text(b, "act", "seal");
    json_builder_set_member_name(b, "ledger"); /* null: no ledger had a part in this seal */
    json_builder_add_null_value(b);
}

static gboolean put_operator(JsonBuilder *b, const char *id, CelKey *key, GError **error)
{
    static const char *const names[CEL_N_SIGNERS] = { "cert_sm2", "cert_ed25519" };
    begin(b, "op");
    put_text(b, "id", id);
    put_text(b, "name", cel_key_person(key));
    for (guint s = 0; s < CEL_N_SIGNERS; s++) {
        g_autoptr(GBytes) der = cel_key_certificate(key, s, error);
        if (der == NULL)
            return FALSE;
        gsize n = 0;
        const void *data = g_bytes_get_data(der, &n);
        put_digests(b, names[s], data, n);
    }
    json_builder_end_object(b);
    put_text(b, "distid", CEL_SM2_DEFAULT_ID);
    return TRUE;
}

static void put_time(JsonBuilder *b, CelClock clock)
{
    const gint64 now_us = cel_clock_wall_us(clock);
    g_autofree char *wall = cel_clock_iso8601(now_us);
    g_autofree char *zone = cel_clock_zone(clock);
    g_autofree char *boot = cel_clock_boot_id(clock);
    put_text(b, "t_wall", wall);
    put_int(b, "t_wall_us", now_us);
    put_text(b, "t_zone", zone);
    put_int(b, "t_mono_us", cel_clock_mono_us(clock));
    put_text(b, "t_src", clock.fixed_wall_us != 0 ? "fixed" : "system clock, not checked");
    put_text(b, "boot_id", boot);
}

static void put_instrument(JsonBuilder *b, const CelMeasurement *m)
{
    const CelInstrument *inst = &m->instrument;
    begin(b, "inst");
    put_text(b, "vendor", inst->vendor);
    put_text(b, "model", inst->model);
    put_text(b, "serial", inst->serial);
    put_text(b, "fw", inst->firmware);
    put_text(b, "driver", inst->driver);
    put_bool(b, "simulated", inst->simulated || m->simulated);
    put_scaled(b, "laser_pm", m->calibration.laser_nm, 1000.0);
    g_autofree char *frame = g_strdup_printf("%" G_GUINT64_FORMAT, m->first_frame_number);
    put_text(b, "frame_no", frame);
    json_builder_end_object(b);
}

static void put_calibration(JsonBuilder *b, const CelMeasurement *m, const char *axis_check)
{
    const CelCalibration *cal = &m->calibration;
    g_autofree char *made = cal->made_wall_us > 0 ? cel_clock_iso8601(cal->made_wall_us) : NULL;
    begin(b, "cal");
    put_stated(b, "id", cal->id);
    put_stated(b, "serial", cal->serial);
    put_text(b, "medium", cel_unit_name(cal->medium));
    put_stated(b, "made", made);
    put_scaled(b, "u_axis_mcm1", cal->u_axis_cm1, 1000.0);
    put_stated(b, "axis_check", axis_check);
    json_builder_end_object(b);
}

static void put_software(JsonBuilder *b, const CelSealRequest *r)
{
    g_autofree char *recipe = cel_recipe_to_text(r->recipe);
    begin(b, "sw");
    put_text(b, "program", "celadon");
    put_text(b, "version", CEL_VERSION);
    put_text(b, "build", __VERSION__);
    put_text(b, "crypto", OpenSSL_version(OPENSSL_VERSION));
    json_builder_end_object(b);
    put_text(b, "recipe_name", cel_recipe_name(r->recipe));
    put_digests(b, "recipe", recipe, strlen(recipe));
    json_builder_set_member_name(b, "lib");
    json_builder_begin_array(b);
    for (gsize i = 0; i < r->n_libraries; i++) {
        json_builder_begin_object(b);
        put_text(b, "name", cel_library_name(r->libraries[i]));
        put_text(b, "version", cel_library_version(r->libraries[i]));
        put_text(b, "sha256", cel_library_sha256(r->libraries[i]));
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

gboolean cel_record_simulated(const CelSealRequest *r)
{
    gboolean simulated = r->answer->simulated;
    for (gsize i = 0; i < r->n_measurements; i++)
        simulated |= r->measurements[i]->simulated || r->measurements[i]->instrument.simulated;
    for (gsize i = 0; i < r->n_blanks; i++)
        simulated |= r->blanks[i]->simulated || r->blanks[i]->instrument.simulated;
    for (gsize i = 0; r->singles != NULL && i < r->n_measurements; i++)
        simulated |= r->singles[i] != NULL && r->singles[i]->simulated;
    for (gsize i = 0; r->stages != NULL && i < r->n_measurements; i++)
        for (guint k = 0; r->stages[i] != NULL && k < r->stages[i]->len; k++)
            simulated |= cel_spectrum_is_simulated(g_ptr_array_index(r->stages[i], k));
    return simulated;
}

static void put_method(JsonBuilder *b, const CelSealRequest *r)
{
    begin(b, "method");
    put_stated(b, "id", r->method_id);
    put_stated(b, "version", r->method_version);
    put_stated(b, "validation", r->validation_status);
    json_builder_end_object(b);
    put_stated(b, "driver_validation", r->driver_validation);
    json_builder_set_member_name(b, "deviations");
    json_builder_begin_array(b);
    for (guint i = 0; r->deviations != NULL && i < r->deviations->len; i++) {
        g_autofree char *text = g_utf8_make_valid(g_ptr_array_index(r->deviations, i), -1);
        json_builder_add_string_value(b, text);
    }
    json_builder_end_array(b);
}

static void put_result(JsonBuilder *b, const CelSealRequest *r)
{
    put_text(b, "case", r->case_id);
    put_text(b, "item", r->exhibit_id);
    put_bool(b, "training", r->training);
    put_bool(b, "simulated", cel_record_simulated(r));
    put_text(b, "outcome", cel_outcome_name(r->answer->outcome));
    put_text(b, "ceiling", r->answer->ceiling);
    put_text(b, "policy", cel_policy_name(r->answer->policy));
    put_int(b, "n_measurements", (gint64)r->n_measurements);
    json_builder_set_member_name(b, "blanks");
    json_builder_begin_array(b);
    for (gsize i = 0; i < r->n_blanks; i++)
        json_builder_add_string_value(b, r->blank_kinds[i]);
    json_builder_end_array(b);
}

char *cel_record_seal(const CelSealRequest *request, CelKey *key, const char *fid,
                      const char *manifest, GError **error)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    put_chain(b, fid);
    if (!put_operator(b, request->operator_id, key, error))
        return NULL;
    put_time(b, request->clock);
    put_instrument(b, request->measurements[0]);
    put_calibration(b, request->measurements[0], request->answer->quality.axis_check);
    put_software(b, request);
    put_method(b, request);
    put_result(b, request);
    put_digests(b, "manifest", manifest, strlen(manifest));
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    return cel_canon_write(root, error);
}

/* ---- reading ---- */

/* The member at @path, or NULL: JSON from a file may hold anything anywhere. */
static JsonNode *member(JsonObject *record, const char *path)
{
    g_auto(GStrv) names = g_strsplit(path, "/", -1);
    JsonNode *node = NULL;
    JsonObject *object = record;
    for (gsize i = 0; names[i] != NULL; i++) {
        node = object != NULL ? json_object_get_member(object, names[i]) : NULL;
        object = node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    }
    return node;
}

const char *cel_record_text(JsonObject *record, const char *path)
{
    JsonNode *node = member(record, path);
    const gboolean text = node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
                          json_node_get_value_type(node) == G_TYPE_STRING;
    return text ? json_node_get_string(node) : NULL;
}

static gboolean is_type(JsonObject *record, const char *path, GType type)
{
    JsonNode *node = member(record, path);
    return node != NULL && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

gint64 cel_record_number(JsonObject *record, const char *path)
{
    return record != NULL && is_type(record, path, G_TYPE_INT64)
               ? json_node_get_int(member(record, path))
               : 0;
}

static gboolean is_int(JsonObject *record, const char *path, gint64 expected)
{
    return is_type(record, path, G_TYPE_INT64) &&
           json_node_get_int(member(record, path)) == expected;
}

static const char *missing_field(JsonObject *record)
{
    static const char *const texts[] = {
        "fid", "act", "case", "item", "op/id", "op/name", "op/cert_sm2/sha256", "op/cert_sm2/sm3",
        "op/cert_ed25519/sha256", "op/cert_ed25519/sm3", "prev/sha256", "prev/sm3",
        "manifest/sha256", "manifest/sm3", "t_wall", "t_zone", "distid", "outcome",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        if (cel_record_text(record, texts[i]) == NULL)
            return texts[i];
    if (!is_type(record, "training", G_TYPE_BOOLEAN))
        return "training";
    if (!is_type(record, "simulated", G_TYPE_BOOLEAN))
        return "simulated";
    if (!is_type(record, "t_wall_us", G_TYPE_INT64))
        return "t_wall_us";
    return NULL;
}

static gboolean refuse(GError **error, const char *why)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("The custody record is not usable: %s"), why);
    return FALSE;
}

static gboolean starts_chain(JsonObject *record, GError **error)
{
    const char *fid = cel_record_text(record, "fid");
    if (!cel_fid_valid(fid))
        return refuse(error, _("its file id is not 32 hexadecimal digits"));
    g_autofree char *sha256 = cel_record_genesis("sha256", fid);
    g_autofree char *sm3 = cel_record_genesis("sm3", fid);
    if (!is_int(record, "seq", 1) || g_strcmp0(cel_record_text(record, "act"), "seal") != 0 ||
        g_strcmp0(cel_record_text(record, "prev/sha256"), sha256) != 0 ||
        g_strcmp0(cel_record_text(record, "prev/sm3"), sm3) != 0)
        return refuse(error, _("it is not the first record of this file"));
    return TRUE;
}

static gboolean check(JsonObject *record, GError **error)
{
    if (!is_int(record, "v", CEL_RECORD_VERSION))
        return refuse(error, _("its version is not known to this program"));
    const char *missing = missing_field(record);
    if (missing != NULL) {
        g_autofree char *why = g_strdup_printf(_("the field \"%s\" is missing"), missing);
        return refuse(error, why);
    }
    if (g_strcmp0(cel_record_text(record, "distid"), CEL_SM2_DEFAULT_ID) != 0)
        return refuse(error, _("its signer ID is not known to this program"));
    if (json_object_get_boolean_member(record, "simulated") &&
        !json_object_get_boolean_member(record, "training"))
        return refuse(error, _("it seals simulated data as if they were real"));
    return starts_chain(record, error);
}

JsonNode *cel_record_read(GBytes *bytes, GError **error)
{
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    g_autoptr(JsonNode) root = cel_canon_read(text, n, error);
    if (root == NULL)
        return NULL;
    if (!JSON_NODE_HOLDS_OBJECT(root)) {
        refuse(error, _("it is not a JSON object"));
        return NULL;
    }
    return check(json_node_get_object(root), error) ? g_steal_pointer(&root) : NULL;
}

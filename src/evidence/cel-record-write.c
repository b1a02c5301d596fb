/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/cel-record-write.h"

#include "base/cel-canon.h"
#include "base/cel-cpu.h"
#include "base/cel-error.h"
#include "config.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <openssl/crypto.h>
#include <string.h>

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

static void put_part(JsonBuilder *b, const char *key, GBytes *bytes)
{
    gsize n = 0;
    const void *data = bytes != NULL ? g_bytes_get_data(bytes, &n) : NULL;
    if (data != NULL)
        put_digests(b, key, data, n);
}

static void put_place(JsonBuilder *b, const CelSealPlace *place)
{
    gsize n = 0;
    if (place == NULL) { /* no ledger had a part in this seal */
        json_builder_set_member_name(b, "ledger");
        json_builder_add_null_value(b);
        return;
    }
    const CelProof *proof = &place->proof;
    const void *event = g_bytes_get_data(place->event, &n);
    g_autofree char *sha256 = cel_merkle_hex(&proof->root[CEL_MERKLE_SHA256]);
    g_autofree char *sm3 = cel_merkle_hex(&proof->root[CEL_MERKLE_SM3]);
    begin(b, "ledger");
    put_text(b, "id", proof->ledger_id);
    put_int(b, "seq", (gint64)proof->seq);
    put_int(b, "size", (gint64)proof->size);
    begin(b, "root");
    put_text(b, "sha256", sha256);
    put_text(b, "sm3", sm3);
    json_builder_end_object(b);
    put_digests(b, "event", event, n);
    put_part(b, "head", place->head);
    put_part(b, "roots", place->roots);
    json_builder_end_object(b);
}

static void put_chain(JsonBuilder *b, const CelRecordFrame *frame)
{
    g_autofree char *start = g_strconcat(CEL_RECORD_GENESIS, frame->fid, NULL);
    put_int(b, "v", CEL_RECORD_VERSION);
    put_text(b, "fid", frame->fid);
    put_int(b, "seq", 1);
    put_digests(b, "prev", start, strlen(start));
    put_text(b, "act", "seal");
    put_place(b, frame->place);
}

static gboolean put_operator(JsonBuilder *b, const char *id, CelKey *key, GError **error)
{
    static const char *const names[CEL_N_SIGNERS] = {"cert_sm2", "cert_ed25519"};
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

static void put_software(JsonBuilder *b)
{
    begin(b, "sw");
    put_text(b, "program", "celadon");
    put_text(b, "version", CEL_VERSION);
    put_text(b, "build", __VERSION__);
    put_text(b, "cpu", cel_cpu_path());
    put_text(b, "crypto", OpenSSL_version(OPENSSL_VERSION));
    json_builder_end_object(b);
}

static void put_recipe(JsonBuilder *b, const CelSealRequest *r)
{
    g_autofree char *recipe = cel_recipe_to_text(r->recipe);
    put_text(b, "recipe_name", cel_recipe_name(r->recipe));
    put_digests(b, "recipe", recipe, strlen(recipe));
    json_builder_set_member_name(b, "lib");
    json_builder_begin_array(b);
    for (gsize i = 0; i < r->n_libraries; i++) {
        json_builder_begin_object(b);
        put_text(b, "name", cel_library_name(r->libraries[i]));
        put_text(b, "version", cel_library_version(r->libraries[i]));
        put_text(b, "sha256", cel_library_sha256(r->libraries[i]));
        if (r->library_states != NULL)
            put_text(b, "signature", r->library_states[i]);
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

static char *finish(JsonBuilder *b, const CelRecordFrame *frame, GError **error)
{
    put_software(b);
    put_digests(b, "manifest", frame->manifest, strlen(frame->manifest));
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);
    return cel_canon_write(root, error);
}

char *cel_record_seal(const CelSealRequest *request, const CelRecordFrame *frame, GError **error)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    put_chain(b, frame);
    if (!put_operator(b, request->operator_id, frame->key, error))
        return NULL;
    put_time(b, request->clock);
    put_instrument(b, request->measurements[0]);
    put_calibration(b, request->measurements[0], request->answer->quality.axis_check);
    put_recipe(b, request);
    put_method(b, request);
    put_result(b, request);
    return finish(b, frame, error);
}

char *cel_record_object(const CelSealObject *object, const CelRecordFrame *frame, GError **error)
{
    g_autoptr(JsonBuilder) b = json_builder_new();
    json_builder_begin_object(b);
    put_chain(b, frame);
    if (!put_operator(b, object->operator_id, frame->key, error))
        return NULL;
    put_time(b, object->clock);
    begin(b, "subject");
    put_text(b, "kind", object->kind);
    put_text(b, "id", object->id);
    json_builder_end_object(b);
    put_bool(b, "training", object->training);
    put_bool(b, "simulated", object->simulated);
    return finish(b, frame, error);
}

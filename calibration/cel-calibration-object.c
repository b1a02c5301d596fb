/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-calibration-object.h"

#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "base/cel-hash.h"
#include "base/cel-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const char *const kind_names[CEL_N_CALIBRATION_KINDS] = {
    [CEL_CALIBRATION_WAVELENGTH] = "wavelength",
    [CEL_CALIBRATION_SHIFT] = "shift",
    [CEL_CALIBRATION_INTENSITY] = "intensity",
};

const char *cel_calibration_kind_name(CelCalibrationKind kind)
{
    return kind_names[kind];
}

CelCalibrationObject *cel_calibration_object_new(CelCalibrationKind kind)
{
    CelCalibrationObject *object = g_new0(CelCalibrationObject, 1);
    object->kind = kind;
    object->inputs = g_array_new(FALSE, TRUE, sizeof(CelCalibrationInput));
    object->residuals = g_array_new(FALSE, TRUE, sizeof(CelCalibrationResidual));
    object->notes = g_ptr_array_new_with_free_func(g_free);
    return object;
}

void cel_calibration_object_free(CelCalibrationObject *object)
{
    if (object == NULL)
        return;
    g_array_unref(object->inputs);
    g_array_unref(object->residuals);
    g_ptr_array_unref(object->notes);
    g_free(object->response);
    g_free(object);
}

void cel_calibration_object_input(CelCalibrationObject *object, const char *path, GBytes *bytes,
                                  const char *standard)
{
    CelCalibrationInput input = {0};
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *shown = g_filename_display_name(name);
    g_autofree char *digest = cel_digest_hex("sha256", data, n);
    g_strlcpy(input.name, shown, sizeof input.name);
    g_strlcpy(input.sha256, digest, sizeof input.sha256);
    g_strlcpy(input.standard, standard, sizeof input.standard);
    g_array_append_val(object->inputs, input);
}

void cel_calibration_object_note(CelCalibrationObject *object, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(object->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

/* ---- one description of the text, walked by writer and reader ---- */

/** Walk: a place in the JSON that is written or read. What fails once stays failed. */
typedef struct {
    gboolean writing;
    JsonObject *object; /* borrowed: the one that is filled or looked into */
    const char *wrong;  /* key of the first thing that is missing or wrong; NULL: all is well */
    guint n_read;       /* members that were asked for: there must be no others */
} Walk;

static JsonNode *member(Walk *walk, const char *key, JsonNodeType type)
{
    JsonNode *node = json_object_get_member(walk->object, key);
    walk->n_read++;
    if (node != NULL && JSON_NODE_TYPE(node) == type)
        return node;
    walk->wrong = walk->wrong != NULL ? walk->wrong : key;
    return NULL;
}

static const char *member_text(Walk *walk, const char *key)
{
    JsonNode *node = member(walk, key, JSON_NODE_VALUE);
    const char *text = node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
                           ? json_node_get_string(node)
                           : NULL;
    if (text == NULL && walk->wrong == NULL)
        walk->wrong = key;
    return text;
}

static void fail(Walk *walk, const char *key, gboolean failed)
{
    if (failed && walk->wrong == NULL)
        walk->wrong = key;
}

static void walk_text(Walk *walk, const char *key, char *text, gsize size)
{
    if (walk->writing) {
        fail(walk, key, memchr(text, 0, size) == NULL || !g_utf8_validate(text, -1, NULL));
        json_object_set_string_member(walk->object, key, walk->wrong == NULL ? text : "");
        return;
    }
    const char *found = member_text(walk, key);
    fail(walk, key, found == NULL || g_strlcpy(text, found, size) >= size);
}

static void walk_int(Walk *walk, const char *key, gint64 *value)
{
    if (walk->writing) {
        json_object_set_int_member(walk->object, key, *value);
        return;
    }
    JsonNode *node = member(walk, key, JSON_NODE_VALUE);
    const gboolean whole = node != NULL && json_node_get_value_type(node) == G_TYPE_INT64;
    fail(walk, key, !whole);
    *value = whole ? json_node_get_int(node) : 0;
}

static void walk_bool(Walk *walk, const char *key, gboolean *value)
{
    if (walk->writing) {
        json_object_set_boolean_member(walk->object, key, *value);
        return;
    }
    JsonNode *node = member(walk, key, JSON_NODE_VALUE);
    const gboolean is = node != NULL && json_node_get_value_type(node) == G_TYPE_BOOLEAN;
    fail(walk, key, !is);
    *value = is && json_node_get_boolean(node);
}

/* A number has one spelling, so that reading and writing give the same bytes. */
static gboolean parse_number(const char *text, double *out)
{
    if (text == NULL || !cel_number_parse(text, strlen(text), '.', out) || !isfinite(*out))
        return FALSE;
    g_autofree char *again = cel_number_format(*out);
    return strcmp(again, text) == 0;
}

static void walk_real(Walk *walk, const char *key, double *value)
{
    if (walk->writing) {
        g_autofree char *text = cel_number_format(*value);
        fail(walk, key, !isfinite(*value));
        json_object_set_string_member(walk->object, key, text);
        return;
    }
    fail(walk, key, !parse_number(member_text(walk, key), value));
}

/* Exactly @n numbers. */
static void walk_reals(Walk *walk, const char *key, double *values, guint n)
{
    if (walk->writing) {
        JsonArray *array = json_array_new();
        for (guint i = 0; i < n; i++) {
            g_autofree char *text = cel_number_format(values[i]);
            fail(walk, key, !isfinite(values[i]));
            json_array_add_string_element(array, text);
        }
        json_object_set_array_member(walk->object, key, array);
        return;
    }
    JsonNode *node = member(walk, key, JSON_NODE_ARRAY);
    JsonArray *array = node != NULL ? json_node_get_array(node) : NULL;
    fail(walk, key, array == NULL || json_array_get_length(array) != n);
    for (guint i = 0; walk->wrong == NULL && i < n; i++) {
        JsonNode *element = json_array_get_element(array, i);
        const gboolean text =
            JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_STRING;
        fail(walk, key, !text || !parse_number(json_node_get_string(element), &values[i]));
    }
}

static void walk_count(Walk *walk, const char *key, guint *count, guint most)
{
    gint64 value = *count;
    walk_int(walk, key, &value);
    fail(walk, key, value < 0 || value > most);
    *count = walk->wrong == NULL ? (guint)value : 0;
}

static void walk_medium(Walk *walk, CelUnit *medium)
{
    char name[32] = "";
    if (walk->writing && (guint)*medium < CEL_N_UNITS)
        g_strlcpy(name, cel_unit_name(*medium), sizeof name);
    walk_text(walk, "medium", name, sizeof name);
    fail(walk, "medium", !cel_unit_from_name(name, medium));
}

static void walk_calibration(Walk *walk, CelCalibration *c)
{
    static const char *const rows[CEL_CALIBRATION_MAX_COEFFICIENTS] = {
        "covariance_0", "covariance_1", "covariance_2", "covariance_3",
        "covariance_4", "covariance_5", "covariance_6", "covariance_7"};
    walk_text(walk, "id", c->id, sizeof c->id);
    walk_text(walk, "serial", c->serial, sizeof c->serial);
    walk_medium(walk, &c->medium);
    walk_count(walk, "n_coefficients", &c->n_coefficients, CEL_CALIBRATION_MAX_COEFFICIENTS);
    walk_reals(walk, "coefficients", c->coefficients, c->n_coefficients);
    for (guint i = 0; i < c->n_coefficients; i++)
        walk_reals(walk, rows[i], c->covariance[i], c->n_coefficients);
    walk_real(walk, "laser_nm", &c->laser_nm);
    walk_real(walk, "u_laser_nm", &c->u_laser_nm);
    walk_count(walk, "n_knots", &c->n_knots, CEL_CALIBRATION_MAX_KNOTS);
    walk_reals(walk, "knot_cm1", c->knot_cm1, c->n_knots);
    walk_reals(walk, "correction_cm1", c->correction_cm1, c->n_knots);
    walk_reals(walk, "u_correction_cm1", c->u_correction_cm1, c->n_knots);
    walk_reals(walk, "supported_cm1", c->supported_cm1, 2);
    walk_real(walk, "u_axis_cm1", &c->u_axis_cm1);
    walk_int(walk, "made_wall_us", &c->made_wall_us);
    walk_int(walk, "valid_until_wall_us", &c->valid_until_wall_us);
}

static void walk_input(Walk *walk, gpointer item)
{
    CelCalibrationInput *input = item;
    walk_text(walk, "name", input->name, sizeof input->name);
    walk_text(walk, "sha256", input->sha256, sizeof input->sha256);
    walk_text(walk, "standard", input->standard, sizeof input->standard);
}

static void walk_residual(Walk *walk, gpointer item)
{
    CelCalibrationResidual *r = item;
    walk_text(walk, "standard", r->standard, sizeof r->standard);
    walk_real(walk, "reference", &r->reference);
    walk_real(walk, "u_reference", &r->u_reference);
    walk_real(walk, "measured", &r->measured);
    walk_real(walk, "u_measured", &r->u_measured);
    walk_real(walk, "deviation", &r->deviation);
    walk_real(walk, "u_deviation", &r->u_deviation);
    walk_bool(walk, "used", &r->used);
}

typedef void (*WalkItem)(Walk *walk, gpointer item);

/* Steps into one object; @key: of the whole, for the message. */
static void walk_inside(Walk *walk, const char *key, JsonObject *inside, WalkItem into,
                        gpointer item)
{
    Walk inner = {.writing = walk->writing, .object = inside};
    into(&inner, item);
    fail(&inner, key, !inner.writing && json_object_get_size(inside) != inner.n_read);
    fail(walk, inner.wrong, inner.wrong != NULL);
}

/* @items: a GArray whose elements @into knows. */
static void walk_items(Walk *walk, const char *key, GArray *items, guint most, WalkItem into)
{
    const guint size = g_array_get_element_size(items);
    JsonArray *array = walk->writing ? json_array_new() : NULL;
    if (!walk->writing) {
        JsonNode *node = member(walk, key, JSON_NODE_ARRAY);
        array = node != NULL ? json_node_get_array(node) : NULL;
    }
    const guint n = walk->writing ? items->len : array != NULL ? json_array_get_length(array) : 0;
    fail(walk, key, array == NULL || n > most);
    for (guint i = 0; walk->wrong == NULL && i < n; i++) {
        if (walk->writing)
            json_array_add_object_element(array, json_object_new());
        else
            g_array_set_size(items, i + 1);
        JsonNode *element = json_array_get_element(array, i);
        fail(walk, key, !JSON_NODE_HOLDS_OBJECT(element));
        if (walk->wrong == NULL)
            walk_inside(walk, key, json_node_get_object(element), into,
                        items->data + (gsize)i * size);
    }
    if (walk->writing)
        json_object_set_array_member(walk->object, key, array);
}

static void walk_notes(Walk *walk, GPtrArray *notes)
{
    if (walk->writing) {
        JsonArray *array = json_array_new();
        fail(walk, "notes", notes->len > CEL_CALIBRATION_OBJECT_MAX_NOTES);
        for (guint i = 0; i < notes->len; i++) {
            fail(walk, "notes", !g_utf8_validate(g_ptr_array_index(notes, i), -1, NULL));
            json_array_add_string_element(array,
                                          walk->wrong == NULL ? g_ptr_array_index(notes, i) : "");
        }
        json_object_set_array_member(walk->object, "notes", array);
        return;
    }
    JsonNode *node = member(walk, "notes", JSON_NODE_ARRAY);
    JsonArray *array = node != NULL ? json_node_get_array(node) : NULL;
    const guint n = array != NULL ? json_array_get_length(array) : 0;
    fail(walk, "notes", array == NULL || n > CEL_CALIBRATION_OBJECT_MAX_NOTES);
    for (guint i = 0; walk->wrong == NULL && i < n; i++) {
        JsonNode *element = json_array_get_element(array, i);
        const gboolean text =
            JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_STRING;
        fail(walk, "notes", !text);
        if (text)
            g_ptr_array_add(notes, g_strdup(json_node_get_string(element)));
    }
}

static void walk_kind(Walk *walk, CelCalibrationKind *kind)
{
    char name[32] = "";
    if (walk->writing && (guint)*kind < CEL_N_CALIBRATION_KINDS)
        g_strlcpy(name, kind_names[*kind], sizeof name);
    walk_text(walk, "kind", name, sizeof name);
    for (guint k = 0; k < CEL_N_CALIBRATION_KINDS; k++) {
        if (strcmp(name, kind_names[k]) == 0) {
            *kind = (CelCalibrationKind)k;
            return;
        }
    }
    fail(walk, "kind", TRUE);
}

/* "": there is none. */
static void walk_response(Walk *walk, char **response)
{
    if (walk->writing) {
        const char *text = *response != NULL ? *response : "";
        fail(walk, "response", !g_utf8_validate(text, -1, NULL));
        json_object_set_string_member(walk->object, "response", walk->wrong == NULL ? text : "");
        return;
    }
    const char *text = member_text(walk, "response");
    if (text != NULL && *text != '\0')
        *response = g_strdup(text);
}

static void walk_calibration_item(Walk *walk, gpointer item)
{
    walk_calibration(walk, item);
}

static void walk_object(Walk *walk, CelCalibrationObject *o)
{
    char schema[32] = CEL_CALIBRATION_SCHEMA;
    walk_text(walk, "schema", schema, sizeof schema);
    fail(walk, "schema", strcmp(schema, CEL_CALIBRATION_SCHEMA) != 0);
    walk_kind(walk, &o->kind);
    walk_text(walk, "author", o->author, sizeof o->author);
    walk_bool(walk, "simulated", &o->simulated);
    walk_items(walk, "inputs", o->inputs, CEL_CALIBRATION_OBJECT_MAX_INPUTS, walk_input);
    walk_items(walk, "residuals", o->residuals, CEL_CALIBRATION_OBJECT_MAX_RESIDUALS,
               walk_residual);
    walk_notes(walk, o->notes);
    walk_response(walk, &o->response);
    if (walk->writing)
        json_object_set_object_member(walk->object, "calibration", json_object_new());
    JsonNode *node = member(walk, "calibration", JSON_NODE_OBJECT);
    if (node != NULL)
        walk_inside(walk, "calibration", json_node_get_object(node), walk_calibration_item,
                    &o->calibration);
}

/* ---- the doors ---- */

char *cel_calibration_object_to_text(const CelCalibrationObject *object, GError **error)
{
    CelCalibrationObject shown = *object; /* the walk takes what it may change; writing does not */
    g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(root, json_object_new());
    Walk walk = {.writing = TRUE, .object = json_node_get_object(root)};
    walk_object(&walk, &shown);
    if (walk.wrong != NULL) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("The calibration cannot be stored: \"%s\" is no finite number, no text in "
                      "UTF-8 or too long. It was not written; derive it again"),
                    walk.wrong);
        return NULL;
    }
    return cel_canon_write(root, error);
}

static gboolean refuse(const char *name, const char *what, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s is no calibration of Celadon (\"%s\"); no measurement is calibrated with it. "
                  "Take the file that \"celadon calibrate\" wrote"),
                name, what);
    return FALSE;
}

static gboolean read_into(CelCalibrationObject *object, JsonNode *root, const char *name,
                          GError **error)
{
    if (!JSON_NODE_HOLDS_OBJECT(root))
        return refuse(name, "{", error);
    Walk walk = {.object = json_node_get_object(root)};
    walk_object(&walk, object);
    fail(&walk, "members", json_object_get_size(walk.object) != walk.n_read);
    return walk.wrong == NULL || refuse(name, walk.wrong, error);
}

CelCalibrationObject *cel_calibration_object_from_text(const char *text, gsize length,
                                                       const char *name, GError **error)
{
    g_autoptr(CelCalibrationObject) object = cel_calibration_object_new(CEL_CALIBRATION_SHIFT);
    if (length > CEL_CALIBRATION_OBJECT_MAX_BYTES) {
        refuse(name, "size", error);
        return NULL;
    }
    g_autoptr(JsonNode) root = cel_canon_read(text, length, error);
    if (root == NULL) {
        g_prefix_error(error, "%s: ", name);
        return NULL;
    }
    if (!read_into(object, root, name, error))
        return NULL;
    g_autofree char *digest = cel_digest_hex("sha256", text, length);
    g_strlcpy(object->calibration.object_sha256, digest, sizeof object->calibration.object_sha256);
    return g_steal_pointer(&object);
}

CelCalibrationObject *cel_calibration_object_load(const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = cel_file_read(path, CEL_CALIBRATION_OBJECT_MAX_BYTES, error);
    if (bytes == NULL)
        return NULL;
    gsize n = 0;
    const char *text = g_bytes_get_data(bytes, &n);
    return cel_calibration_object_from_text(text, n, path, error);
}

gboolean cel_calibration_object_save(const CelCalibrationObject *object, const char *path,
                                     gboolean replace, GError **error)
{
    char *text = cel_calibration_object_to_text(object, error);
    if (text == NULL)
        return FALSE;
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    return replace ? cel_file_write(path, bytes, 0644, error)
                   : cel_file_create(path, bytes, 0644, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/cel-readers.h"

#include "base/cel-json.h"
#include "formats/cel-read-out.h"

#include <string.h>

/*
 * The JSON of Open Specy (Cowger et al. 2021, Anal. Chem. 93, 7543; R package OpenSpecy): one
 * object of "wavenumber" (a list of numbers), "spectra" (an object of lists, one a spectrum) and
 * "metadata" (an object of lists with one entry a spectrum), whose "spectrum_type" says "Raman" or
 * "FTIR". Raman wavenumbers are shifts.
 */

enum { SCORE = 90, MAX_BYTES = 8 * 1024 * 1024 };

static int detect(const guint8 *head, gsize n, const char *file_name)
{
    (void)file_name;
    return cel_head_starts(head, n, "{") && cel_head_has(head, MIN(n, 200), "\"wavenumber\"")
               ? SCORE
               : 0;
}

static JsonObject *member_object(JsonObject *object, const char *name)
{
    JsonNode *node = json_object_get_member(object, name);
    return node != NULL && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static JsonArray *as_array(JsonNode *node)
{
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static gboolean refuse(const CelReadInput *in, GError **error, const char *what)
{
    return cel_read_refuse(in, CEL_PLACE_NONE, 0, error,
                           _("this JSON of Open Specy is not whole (%s); export the spectrum as "
                             "CSV"),
                           what);
}

/* The numbers of @array; NULL when one is none. */
static double *numbers_of(JsonArray *array)
{
    const guint n = json_array_get_length(array);
    g_autofree double *out = g_new(double, n);
    for (guint i = 0; i < n; i++) {
        JsonNode *node = json_array_get_element(array, i);
        const GType type =
            JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : G_TYPE_INVALID;
        if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
            return NULL;
        out[i] = json_node_get_double(node);
    }
    return g_steal_pointer(&out);
}

/* The entry of list @name for spectrum @index; NULL when there is none. */
static const char *metadata_text(JsonObject *metadata, const char *name, guint index)
{
    JsonArray *list = metadata != NULL ? as_array(json_object_get_member(metadata, name)) : NULL;
    if (list == NULL || json_array_get_length(list) <= index)
        return NULL;
    JsonNode *node = json_array_get_element(list, index);
    return JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static gboolean take_kind(const CelReadInput *in, CelReadOut *out, const char *type, GError **error)
{
    if (type == NULL)
        return cel_read_set_kind(in, out, CEL_KIND_UNKNOWN, NULL, error);
    return cel_read_set_kind(in, out,
                             g_ascii_strcasecmp(type, "raman") == 0 ? CEL_KIND_RAMAN
                             : strstr(type, "IR") != NULL           ? CEL_KIND_INFRARED
                                                                    : CEL_KIND_OTHER,
                             type, error);
}

static void note_metadata(JsonObject *metadata, guint index, CelMeasurement *m)
{
    g_autoptr(GList) names = metadata != NULL ? json_object_get_members(metadata) : NULL;
    for (const GList *name = names; name != NULL; name = name->next) {
        const char *value = metadata_text(metadata, name->data, index);
        if (value != NULL)
            cel_read_header(m, &(CelReadHeader){.key = name->data, .value = value});
    }
    const char *identity = metadata_text(metadata, "spectrum_identity", index);
    if (identity != NULL)
        cel_measurement_note(m, CEL_META_TITLE, identity);
}

static gboolean read_one(const CelReadInput *in, JsonObject *root, guint index, CelReadOut *out,
                         GError **error)
{
    JsonObject *spectra = member_object(root, "spectra"),
               *metadata = member_object(root, "metadata");
    g_autoptr(GList) values = json_object_get_values(spectra);
    JsonArray *wave = as_array(json_object_get_member(root, "wavenumber"));
    JsonArray *list = as_array(g_list_nth_data(values, index));
    if (wave == NULL || list == NULL || json_array_get_length(wave) != json_array_get_length(list))
        return refuse(in, error, "wavenumber, spectra");
    g_autofree double *x = numbers_of(wave), *y = numbers_of(list);
    if (x == NULL || y == NULL)
        return refuse(in, error, x == NULL ? "wavenumber" : "spectra");
    if (!take_kind(in, out, metadata_text(metadata, "spectrum_type", index), error))
        return FALSE;
    const CelReadPoints points = {.unit = CEL_UNIT_SHIFT_CM1,
                                  .unit_text = "wavenumber",
                                  .x = x,
                                  .y = y,
                                  .n = json_array_get_length(wave)};
    if (!cel_read_finish(in, &points, out, error))
        return FALSE;
    note_metadata(metadata, index, out->measurement);
    return TRUE;
}

static gboolean read_openspecy(const CelReadInput *in, CelReadOut *out, GError **error)
{
    gsize n = 0;
    guint index = 0;
    const char *text = g_bytes_get_data(in->bytes, &n);
    if (n > MAX_BYTES)
        return refuse(in, error, "> 8 MiB");
    g_autoptr(JsonNode) node = cel_json_read(text, n, error);
    if (node == NULL) {
        g_prefix_error(error, "%s: ", in->name);
        return FALSE;
    }
    JsonObject *root = JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
    JsonObject *spectra = root != NULL ? member_object(root, "spectra") : NULL;
    if (spectra == NULL)
        return refuse(in, error, "spectra");
    if (!cel_read_choose(in, out, json_object_get_size(spectra), &index, error))
        return FALSE;
    g_autoptr(GList) names = json_object_get_members(spectra);
    for (const GList *name = names; out->n_spectra > 1 && name != NULL; name = name->next)
        cel_read_add_title(out, name->data);
    return read_one(in, root, index, out, error);
}

const CelReader cel_reader_openspecy = {
    .id = "openspecy",
    .title = N_("Open Specy JSON"),
    .validated_on = "HDPE of the package's own data",
    .detect = detect,
    .read = read_openspecy,
};

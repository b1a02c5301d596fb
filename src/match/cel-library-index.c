/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A library from its blocks: what arrays of texts and columns of numbers say, checked. */

/* Where the reading stands: the blocks and how much of each has been used. */
typedef struct {
    CelLibrary *library;
    GArray *substances, *bands, *references; /* of what the library holds */
    GPtrArray *alikes;                       /* ids of all substances, each list NULL-ended */
    const double *band_columns[4];
    const guint8 *status;
    const double *reference_laser;
    gsize n_bands, n_references, n_points; /* that the blocks hold */
    gsize band, reference, point;          /* used so far */
} Reading;

static gboolean refuse(GError **error, const char *what)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("Not a sound library: %s"), what);
    return FALSE;
}

/* Returns: "" when there is no text of that key. */
static const char *text_of(CelLibrary *library, JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    const char *text = node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
                           ? json_node_get_string(node)
                           : NULL;
    return g_string_chunk_insert_const(library->texts, text != NULL ? text : "");
}

static gint64 integer_of(JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    return node != NULL && json_node_get_value_type(node) == G_TYPE_INT64 ? json_node_get_int(node)
                                                                          : -1;
}

static JsonArray *array_of(JsonObject *object, const char *key)
{
    JsonNode *node = json_object_get_member(object, key);
    return node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
}

static JsonObject *object_at(JsonArray *array, guint i)
{
    JsonNode *node = json_array_get_element(array, i);
    return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static const char *string_at(CelLibrary *library, JsonArray *array, guint i)
{
    JsonNode *node = i < json_array_get_length(array) ? json_array_get_element(array, i) : NULL;
    const char *text = node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
                           ? json_node_get_string(node)
                           : NULL;
    return text != NULL ? g_string_chunk_insert_const(library->texts, text) : NULL;
}

static gboolean read_band(Reading *r, JsonArray *texts, GError **error)
{
    const gsize i = r->band++;
    if (i >= r->n_bands || texts == NULL || r->status[i] > CEL_STATUS_RECALLED)
        return refuse(error, _("bands and their columns do not agree"));
    const CelBand band = {
        .shift_cm1 = r->band_columns[0][i],
        .rel_intensity = r->band_columns[1][i],
        .fwhm_cm1 = r->band_columns[2][i],
        .laser_nm = r->band_columns[3][i],
        .status = r->status[i],
        .assignment = string_at(r->library, texts, 0),
        .source = string_at(r->library, texts, 1),
    };
    if (band.assignment == NULL || band.source == NULL ||
        !(band.shift_cm1 > 0.0 && band.shift_cm1 <= 5000.0) ||
        !(band.rel_intensity >= 0.0 && band.rel_intensity <= 100.0) ||
        !(band.fwhm_cm1 >= 0.0 && band.fwhm_cm1 <= 5000.0) ||
        !(band.laser_nm >= 0.0 && band.laser_nm <= 5000.0))
        return refuse(error, _("a band is outside its range"));
    g_array_append_val(r->bands, band);
    return TRUE;
}

static gboolean read_bands(Reading *r, JsonObject *object, CelSubstance *s, GError **error)
{
    JsonArray *bands = array_of(object, "bands");
    s->n_bands = bands != NULL ? json_array_get_length(bands) : 0;
    for (guint i = 0; i < s->n_bands; i++) {
        JsonNode *node = json_array_get_element(bands, i);
        JsonArray *texts = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
        if (!read_band(r, texts, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean good_points(const CelReference *reference)
{
    for (gsize i = 0; i < reference->n; i++) {
        if (!isfinite(reference->x[i]) || !isfinite(reference->y[i]) ||
            (i > 0 && reference->x[i] <= reference->x[i - 1]))
            return FALSE;
    }
    return TRUE;
}

static gboolean read_reference(Reading *r, JsonObject *object, GError **error)
{
    CelLibrary *library = r->library;
    const gsize i = r->reference++;
    const gint64 n = object != NULL ? integer_of(object, "points") : -1;
    const gint64 grade = object != NULL ? integer_of(object, "grade") : -1;
    if (i >= r->n_references || n < 2 || (guint64)n > r->n_points - r->point ||
        grade < CEL_GRADE_A || grade > CEL_GRADE_D)
        return refuse(error, _("reference spectra and their columns do not agree"));
    const CelReference reference = {
        .name = text_of(library, object, "name"),
        .laser_nm = r->reference_laser[i],
        .grade = (CelGrade)grade,
        .source = text_of(library, object, "source"),
        .licence = text_of(library, object, "licence"),
        .extra = text_of(library, object, "extra"),
        .baseline_removed =
            json_object_get_boolean_member_with_default(object, "baseline_removed", FALSE),
        .n = (gsize)n,
        .x = (const double *)g_bytes_get_data(library->x, NULL) + r->point,
        .y = (const float *)g_bytes_get_data(library->y, NULL) + r->point,
    };
    r->point += reference.n;
    if (!good_points(&reference) || !(reference.laser_nm >= 0.0 && reference.laser_nm <= 5000.0))
        return refuse(error, _("a reference spectrum holds impossible numbers"));
    g_array_append_val(r->references, reference);
    return TRUE;
}

static gboolean read_references(Reading *r, JsonObject *object, CelSubstance *s, GError **error)
{
    JsonArray *references = array_of(object, "references");
    s->n_references = references != NULL ? json_array_get_length(references) : 0;
    for (guint i = 0; i < s->n_references; i++) {
        if (!read_reference(r, object_at(references, i), error))
            return FALSE;
    }
    return TRUE;
}

static void read_lookalikes(Reading *r, JsonObject *object)
{
    JsonArray *array = array_of(object, "lookalikes");
    const guint n = array != NULL ? json_array_get_length(array) : 0;
    for (guint i = 0; i < n; i++) {
        const char *id = string_at(r->library, array, i);
        if (id != NULL)
            g_ptr_array_add(r->alikes, (gpointer)id);
    }
    g_ptr_array_add(r->alikes, NULL);
}

/* A ceiling that is not understood must not be taken for a high one. */
static gboolean known_ceiling(const char *ceiling)
{
    return g_str_equal(ceiling, "substance") || g_str_equal(ceiling, "lead") ||
           ((g_str_has_prefix(ceiling, "group:") || g_str_has_prefix(ceiling, "class:")) &&
            ceiling[6] != '\0');
}

static gboolean read_substance(Reading *r, JsonObject *object, GError **error)
{
    CelLibrary *library = r->library;
    if (object == NULL)
        return refuse(error, _("the list of substances is damaged"));
    CelSubstance s = {
        .id = text_of(library, object, "id"),
        .name_en = text_of(library, object, "name_en"),
        .name_zh = text_of(library, object, "name_zh"),
        .cas = text_of(library, object, "cas"),
        .class_id = text_of(library, object, "class"),
        .field = text_of(library, object, "field"),
        .legal_note = text_of(library, object, "legal_note"),
        .legal_certainty = text_of(library, object, "legal_certainty"),
        .raman_caveat_en = text_of(library, object, "caveat_en"),
        .raman_caveat_zh = text_of(library, object, "caveat_zh"),
        .group_id = text_of(library, object, "group"),
        .ceiling = text_of(library, object, "ceiling"),
        .usable = text_of(library, object, "usable"),
        .library = library->name,
    };
    if (!known_ceiling(s.ceiling))
        return refuse(error, _("it does not say how much a substance may claim"));
    if (!read_bands(r, object, &s, error) || !read_references(r, object, &s, error))
        return FALSE;
    read_lookalikes(r, object);
    g_array_append_val(r->substances, s);
    return TRUE;
}

static gboolean read_kinds(CelLibrary *library, JsonArray *array, CelLibraryKinds *out,
                           GError **error)
{
    out->n = array != NULL ? json_array_get_length(array) : 0;
    out->rows = g_new0(CelLibraryKind, out->n + 1);
    for (guint i = 0; i < out->n; i++) {
        JsonObject *object = object_at(array, i);
        if (object == NULL)
            return refuse(error, _("the table of groups or classes is damaged"));
        out->rows[i] = (CelLibraryKind){
            .id = text_of(library, object, "id"),
            .name_en = text_of(library, object, "name_en"),
            .name_zh = text_of(library, object, "name_zh"),
            .limit_en = text_of(library, object, "limit_en"),
            .limit_zh = text_of(library, object, "limit_zh"),
            .send_to_en = text_of(library, object, "send_to_en"),
            .send_to_zh = text_of(library, object, "send_to_zh"),
            .ceiling = text_of(library, object, "ceiling"),
            .members = text_of(library, object, "members"),
        };
    }
    return TRUE;
}

static int by_id(gconstpointer a, gconstpointer b, gpointer data)
{
    const CelLibrary *library = data;
    return strcmp(library->substances[*(const guint32 *)a].id,
                  library->substances[*(const guint32 *)b].id);
}

static guint32 *order_of(const CelLibrary *library)
{
    guint32 *order = g_new(guint32, library->n_substances + 1);
    for (gsize i = 0; i < library->n_substances; i++)
        order[i] = (guint32)i;
    g_qsort_with_data(order, (gint)library->n_substances, sizeof *order, by_id, (gpointer)library);
    return order;
}

/* The arrays stand still now: they go to the library. */
static gboolean settle(Reading *r, GError **error)
{
    CelLibrary *library = r->library;
    library->n_substances = r->substances->len;
    library->n_bands = r->bands->len;
    library->n_references = r->references->len;
    library->n_alikes = r->alikes->len;
    library->substances = (CelSubstance *)(gpointer)g_array_free(r->substances, FALSE);
    library->bands = (CelBand *)(gpointer)g_array_free(r->bands, FALSE);
    library->references = (CelReference *)(gpointer)g_array_free(r->references, FALSE);
    library->alikes = (const char **)g_ptr_array_free(r->alikes, FALSE);
    r->substances = r->bands = r->references = NULL;
    r->alikes = NULL;
    cel_library_distribute(library);
    guint32 *order = order_of(library);
    library->own_order = order;
    library->order = order;
    for (gsize i = 0; i < library->n_substances; i++) {
        const char *id = library->substances[order[i]].id;
        if (*id == '\0' || (i > 0 && g_str_equal(id, library->substances[order[i - 1]].id)))
            return refuse(error, _("an id is empty or there twice"));
    }
    return TRUE;
}

static gboolean read_index(Reading *r, JsonObject *root, GError **error)
{
    CelLibrary *library = r->library;
    if (!g_str_equal(text_of(library, root, "format"), "celadon.library/1"))
        return refuse(error, _("its format is not celadon.library/1; use a newer Celadon"));
    library->name = text_of(library, root, "name");
    library->version = text_of(library, root, "version");
    if (!read_kinds(library, array_of(root, "groups"), &library->kinds[0], error) ||
        !read_kinds(library, array_of(root, "classes"), &library->kinds[1], error) ||
        !read_kinds(library, array_of(root, "alikes"), &library->kinds[2], error))
        return FALSE;
    JsonArray *substances = array_of(root, "substances");
    const guint n = substances != NULL ? json_array_get_length(substances) : 0;
    for (guint i = 0; i < n; i++) {
        if (!read_substance(r, object_at(substances, i), error))
            return FALSE;
    }
    if (n == 0 || r->band != r->n_bands || r->reference != r->n_references ||
        r->point != r->n_points)
        return refuse(error, _("index and columns do not agree"));
    return settle(r, error);
}

/* Blocks that come from outside need not lie on a multiple of eight. */
static GBytes *aligned(GBytes *block)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(block, &size);
    return (guintptr)data % sizeof(double) == 0 ? g_bytes_ref(block) : g_bytes_new(data, size);
}

static CelLibrary *library_new(const CelLibraryParts *parts, const char *sha256)
{
    CelLibrary *library = g_new0(CelLibrary, 1);
    g_strlcpy(library->sha256, sha256, sizeof library->sha256);
    library->texts = g_string_chunk_new(1 << 16);
    library->x = g_bytes_ref(parts->blocks[CEL_PART_X]);
    library->y = g_bytes_ref(parts->blocks[CEL_PART_Y]);
    return library;
}

static void reading_clear(Reading *r)
{
    g_clear_pointer(&r->substances, g_array_unref);
    g_clear_pointer(&r->bands, g_array_unref);
    g_clear_pointer(&r->references, g_array_unref);
    g_clear_pointer(&r->alikes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static gboolean same_length(const CelLibraryParts *parts, CelLibraryPart a, CelLibraryPart b)
{
    const gsize size_a = g_bytes_get_size(parts->blocks[a]), unit_a = cel_library_part_size(a);
    const gsize size_b = g_bytes_get_size(parts->blocks[b]), unit_b = cel_library_part_size(b);
    return size_a % unit_a == 0 && size_b % unit_b == 0 && size_a / unit_a == size_b / unit_b;
}

static gboolean check_lengths(const CelLibraryParts *parts, GError **error)
{
    for (guint i = CEL_PART_BAND_SHIFT; i < CEL_PART_BAND_STATUS; i++) {
        if (!same_length(parts, i, CEL_PART_BAND_STATUS))
            return refuse(error, _("the columns of bands differ in length"));
    }
    if (!same_length(parts, CEL_PART_X, CEL_PART_Y) ||
        g_bytes_get_size(parts->blocks[CEL_PART_REFERENCE_LASER]) % sizeof(double) != 0)
        return refuse(error, _("the columns of spectra differ in length"));
    return TRUE;
}

CelLibrary *cel_library_from_parts(const CelLibraryParts *parts, const char *sha256, GError **error)
{
    gsize length = 0;
    const char *text = g_bytes_get_data(parts->blocks[CEL_PART_INDEX], &length);
    if (!check_lengths(parts, error))
        return NULL;
    g_autoptr(JsonNode) root = cel_canon_read(text != NULL ? text : "", length, error);
    if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
        if (root != NULL)
            refuse(error, _("the index is no object"));
        return NULL;
    }
    g_auto(CelLibraryParts) own = {{NULL}};
    for (guint i = 0; i < CEL_N_PARTS; i++)
        own.blocks[i] = aligned(parts->blocks[i]);
    g_autoptr(CelLibrary) library = library_new(&own, sha256);
    g_auto(Reading) r = {
        .library = library,
        .substances = g_array_new(FALSE, FALSE, sizeof(CelSubstance)),
        .bands = g_array_new(FALSE, FALSE, sizeof(CelBand)),
        .references = g_array_new(FALSE, FALSE, sizeof(CelReference)),
        .alikes = g_ptr_array_new(),
        .status = g_bytes_get_data(own.blocks[CEL_PART_BAND_STATUS], NULL),
        .reference_laser = g_bytes_get_data(own.blocks[CEL_PART_REFERENCE_LASER], NULL),
        .n_references = g_bytes_get_size(own.blocks[CEL_PART_REFERENCE_LASER]) / sizeof(double),
        .n_bands = g_bytes_get_size(own.blocks[CEL_PART_BAND_STATUS]),
        .n_points = g_bytes_get_size(own.blocks[CEL_PART_Y]) / sizeof(float),
    };
    for (guint i = 0; i < G_N_ELEMENTS(r.band_columns); i++)
        r.band_columns[i] = g_bytes_get_data(own.blocks[CEL_PART_BAND_SHIFT + i], NULL);
    return read_index(&r, json_node_get_object(root), error) ? g_steal_pointer(&library) : NULL;
}

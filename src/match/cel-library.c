/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-number.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <openssl/evp.h>
#include <string.h>

struct CelLibrary {
    const char *name, *version;
    char sha256[65];
    GStringChunk *texts;
    GHashTable *by_id;  /* id -> CelSubstance */
    GArray *substances; /* CelSubstance */
    GArray *bands;      /* CelBand, of all substances in order */
    GArray *references; /* CelReference, likewise */
    GPtrArray *strvs;   /* the look-alike lists */
    GArray *kinds[3];   /* CelLibraryKind: groups, classes, measured look-alikes (id and members) */
    GBytes *x, *y;
};

static const struct {
    const char *path;
    gsize size; /* of one value */
} part_table[CEL_N_PARTS] = {
    [CEL_PART_INDEX] = {"index", 1},
    [CEL_PART_BAND_SHIFT] = {"bands/shift_cm1", sizeof(double)},
    [CEL_PART_BAND_INTENSITY] = {"bands/rel_intensity", sizeof(double)},
    [CEL_PART_BAND_FWHM] = {"bands/fwhm_cm1", sizeof(double)},
    [CEL_PART_BAND_LASER] = {"bands/laser_nm", sizeof(double)},
    [CEL_PART_BAND_STATUS] = {"bands/status", 1},
    [CEL_PART_REFERENCE_LASER] = {"references/laser_nm", sizeof(double)},
    [CEL_PART_X] = {"references/x_cm1", sizeof(double)},
    [CEL_PART_Y] = {"references/y", sizeof(float)},
};

const char *cel_library_part_path(CelLibraryPart part)
{
    return part_table[part].path;
}

void cel_library_parts_clear(CelLibraryParts *parts)
{
    for (guint i = 0; i < CEL_N_PARTS; i++)
        g_clear_pointer(&parts->blocks[i], g_bytes_unref);
}

static gboolean digest_part(EVP_MD_CTX *digest, CelLibraryPart part, GBytes *block)
{
    gsize size = 0;
    const void *data = g_bytes_get_data(block, &size);
    const guint64 length = GUINT64_TO_LE((guint64)size);
    const char *path = part_table[part].path;
    return EVP_DigestUpdate(digest, path, strlen(path) + 1) == 1 &&
           EVP_DigestUpdate(digest, &length, sizeof length) == 1 &&
           (size == 0 || EVP_DigestUpdate(digest, data, size) == 1);
}

static void digest_free(EVP_MD_CTX **digest)
{
    EVP_MD_CTX_free(*digest);
}

char *cel_library_parts_digest(const CelLibraryParts *parts, GError **error)
{
    __attribute__((cleanup(digest_free))) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    guint8 raw[EVP_MAX_MD_SIZE] = {0};
    guint n = 0;
    gboolean good = digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;
    for (guint i = 0; good && i < CEL_N_PARTS; i++)
        good = digest_part(digest, i, parts->blocks[i]);
    if (!good || EVP_DigestFinal_ex(digest, raw, &n) != 1) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_SYSTEM,
                            _("SHA-256 failed in OpenSSL: the library cannot be checked"));
        return NULL;
    }
    GString *hex = g_string_new(NULL);
    for (guint i = 0; i < n; i++)
        g_string_append_printf(hex, "%02x", raw[i]);
    return g_string_free(hex, FALSE);
}

/* --- reading the index --- */

/* Where the reading stands: the blocks and how much of each has been used. */
typedef struct {
    CelLibrary *library;
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
    g_array_append_val(r->library->bands, band);
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

double cel_reference_resolution_cm1(const CelReference *reference)
{
    g_autoptr(JsonNode) node =
        *reference->extra != '\0' ? cel_canon_read(reference->extra, strlen(reference->extra), NULL)
                                  : NULL;
    const char *text = node != NULL && JSON_NODE_HOLDS_OBJECT(node)
                           ? json_object_get_string_member_with_default(json_node_get_object(node),
                                                                        "resolution_cm1", NULL)
                           : NULL;
    double value = 0.0;
    if (text == NULL || !cel_number_parse(text, strlen(text), '.', &value) ||
        !(value >= 0.1 && value <= 100.0))
        return 0.0;
    return value;
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
    g_array_append_val(library->references, reference);
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

static const char *const *read_lookalikes(CelLibrary *library, JsonObject *object)
{
    JsonArray *array = array_of(object, "lookalikes");
    const guint n = array != NULL ? json_array_get_length(array) : 0;
    const char **list = g_new0(const char *, n + 1);
    guint used = 0;
    for (guint i = 0; i < n; i++) {
        list[used] = string_at(library, array, i);
        used += list[used] != NULL ? 1 : 0;
    }
    g_ptr_array_add(library->strvs, list);
    return list;
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
        .lookalikes = read_lookalikes(library, object),
        .library = library->name,
    };
    if (!known_ceiling(s.ceiling))
        return refuse(error, _("it does not say how much a substance may claim"));
    if (!read_bands(r, object, &s, error) || !read_references(r, object, &s, error))
        return FALSE;
    g_array_append_val(library->substances, s);
    return TRUE;
}

static gboolean read_kinds(CelLibrary *library, JsonArray *array, GArray *kinds, GError **error)
{
    const guint n = array != NULL ? json_array_get_length(array) : 0;
    for (guint i = 0; i < n; i++) {
        JsonObject *object = object_at(array, i);
        if (object == NULL)
            return refuse(error, _("the table of groups or classes is damaged"));
        const CelLibraryKind kind = {
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
        g_array_append_val(kinds, kind);
    }
    return TRUE;
}

/* Only now do the arrays stand still: give each substance its rows and its place in the table. */
static gboolean settle(CelLibrary *library, GError **error)
{
    gsize band = 0, reference = 0;
    for (guint i = 0; i < library->substances->len; i++) {
        CelSubstance *s = &g_array_index(library->substances, CelSubstance, i);
        s->bands = s->n_bands > 0 ? &g_array_index(library->bands, CelBand, band) : NULL;
        s->references = s->n_references > 0
                            ? &g_array_index(library->references, CelReference, reference)
                            : NULL;
        band += s->n_bands;
        reference += s->n_references;
        if (*s->id == '\0' || !g_hash_table_insert(library->by_id, (gpointer)s->id, s))
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
    if (!read_kinds(library, array_of(root, "groups"), library->kinds[0], error) ||
        !read_kinds(library, array_of(root, "classes"), library->kinds[1], error) ||
        !read_kinds(library, array_of(root, "alikes"), library->kinds[2], error))
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
    return settle(library, error);
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
    library->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    library->substances = g_array_new(FALSE, FALSE, sizeof(CelSubstance));
    library->bands = g_array_new(FALSE, FALSE, sizeof(CelBand));
    library->references = g_array_new(FALSE, FALSE, sizeof(CelReference));
    library->strvs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(library->kinds); i++)
        library->kinds[i] = g_array_new(FALSE, FALSE, sizeof(CelLibraryKind));
    library->x = aligned(parts->blocks[CEL_PART_X]);
    library->y = aligned(parts->blocks[CEL_PART_Y]);
    return library;
}

void cel_library_free(CelLibrary *library)
{
    if (library == NULL)
        return;
    g_hash_table_unref(library->by_id);
    g_array_unref(library->substances);
    g_array_unref(library->bands);
    g_array_unref(library->references);
    g_ptr_array_unref(library->strvs);
    for (guint i = 0; i < G_N_ELEMENTS(library->kinds); i++)
        g_array_unref(library->kinds[i]);
    g_bytes_unref(library->x);
    g_bytes_unref(library->y);
    g_string_chunk_free(library->texts);
    g_free(library);
}

static gboolean same_length(const CelLibraryParts *parts, CelLibraryPart a, CelLibraryPart b)
{
    const gsize size_a = g_bytes_get_size(parts->blocks[a]), unit_a = part_table[a].size;
    const gsize size_b = g_bytes_get_size(parts->blocks[b]), unit_b = part_table[b].size;
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
    Reading r = {
        .library = library,
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

/* --- looking up --- */

const char *cel_library_name(const CelLibrary *library)
{
    return library->name;
}

const char *cel_library_version(const CelLibrary *library)
{
    return library->version;
}

const char *cel_library_sha256(const CelLibrary *library)
{
    return library->sha256;
}

gsize cel_library_size(const CelLibrary *library)
{
    return library->substances->len;
}

const CelSubstance *cel_library_substance(const CelLibrary *library, gsize index)
{
    g_return_val_if_fail(index < library->substances->len, NULL);
    return &g_array_index(library->substances, CelSubstance, index);
}

const CelSubstance *cel_library_find(const CelLibrary *library, const char *id)
{
    return g_hash_table_lookup(library->by_id, id);
}

static const CelLibraryKind *find_kind(const GArray *kinds, const char *id)
{
    for (guint i = 0; i < kinds->len; i++) {
        const CelLibraryKind *kind = &g_array_index(kinds, CelLibraryKind, i);
        if (g_str_equal(kind->id, id))
            return kind;
    }
    return NULL;
}

const CelLibraryKind *cel_library_group(const CelLibrary *library, const char *id)
{
    return find_kind(library->kinds[0], id);
}

const CelLibraryKind *cel_library_class(const CelLibrary *library, const char *id)
{
    return find_kind(library->kinds[1], id);
}

const CelLibraryKind *cel_library_series(const CelLibrary *library, const char *member)
{
    const GArray *groups = library->kinds[0];
    for (guint i = 0; i < groups->len; i++) {
        const CelLibraryKind *kind = &g_array_index(groups, CelLibraryKind, i);
        if (cel_library_kind_has_member(kind, member))
            return kind;
    }
    return NULL;
}

const char *cel_library_measured_alikes(const CelLibrary *library, const char *member)
{
    const CelLibraryKind *row = find_kind(library->kinds[2], member);
    return row != NULL ? row->members : "";
}

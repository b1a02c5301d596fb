/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cel-canon.h"
#include "base/cel-error.h"
#include "base/cel-file.h"
#include "match/cel-library-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN); /* the blocks are stored as they lie in memory */

/* An entry under construction; its texts live in the builder's chunk. */
typedef struct {
    CelSubstance texts; /* .lookalikes owned here */
    GArray *bands;      /* CelBand */
    GArray *references; /* CelReference, x and y owned here */
} Entry;

struct CelLibraryBuilder {
    char *name, *version;
    GStringChunk *texts;
    GPtrArray *entries; /* Entry */
    GHashTable *by_id;  /* id -> Entry */
    GArray *kinds[3];   /* CelLibraryKind: groups, classes, measured look-alikes (id and members) */
    gsize n_points;
};

static void reference_clear(gpointer data)
{
    CelReference *reference = data;
    g_free((gpointer)reference->x);
    g_free((gpointer)reference->y);
}

static void entry_free(gpointer data)
{
    Entry *entry = data;
    g_strfreev((char **)entry->texts.lookalikes);
    g_array_unref(entry->bands);
    g_array_unref(entry->references);
    g_free(entry);
}

CelLibraryBuilder *cel_library_builder_new(const char *name, const char *version)
{
    CelLibraryBuilder *builder = g_new0(CelLibraryBuilder, 1);
    builder->name = g_strdup(name);
    builder->version = g_strdup(version);
    builder->texts = g_string_chunk_new(4096);
    builder->entries = g_ptr_array_new_with_free_func(entry_free);
    builder->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < G_N_ELEMENTS(builder->kinds); i++)
        builder->kinds[i] = g_array_new(FALSE, FALSE, sizeof(CelLibraryKind));
    return builder;
}

void cel_library_builder_free(CelLibraryBuilder *builder)
{
    if (builder == NULL)
        return;
    g_hash_table_unref(builder->by_id);
    g_ptr_array_unref(builder->entries);
    for (guint i = 0; i < G_N_ELEMENTS(builder->kinds); i++)
        g_array_unref(builder->kinds[i]);
    g_string_chunk_free(builder->texts);
    g_free(builder->name);
    g_free(builder->version);
    g_free(builder);
}

static const char *keep(CelLibraryBuilder *builder, const char *text)
{
    return g_string_chunk_insert_const(builder->texts, text != NULL ? text : "");
}

static void keep_substance_texts(CelLibraryBuilder *builder, CelSubstance *s)
{
    const char **const texts[] = {
        &s->id,
        &s->name_en,
        &s->name_zh,
        &s->cas,
        &s->class_id,
        &s->field,
        &s->legal_note,
        &s->legal_certainty,
        &s->raman_caveat_en,
        &s->raman_caveat_zh,
        &s->group_id,
        &s->ceiling,
        &s->usable,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = keep(builder, *texts[i]);
}

static Entry *add_entry(CelLibraryBuilder *builder, const CelSubstance *substance)
{
    static const char *const none[] = {NULL};
    Entry *entry = g_new0(Entry, 1);
    const char *const *alike = substance->lookalikes != NULL ? substance->lookalikes : none;
    entry->texts = *substance;
    if (substance->ceiling == NULL || *substance->ceiling == '\0')
        entry->texts.ceiling = "lead"; /* who does not say more may claim no more */
    keep_substance_texts(builder, &entry->texts);
    entry->texts.lookalikes = (const char *const *)g_strdupv((char **)alike);
    entry->bands = g_array_new(FALSE, FALSE, sizeof(CelBand));
    entry->references = g_array_new(FALSE, FALSE, sizeof(CelReference));
    g_array_set_clear_func(entry->references, reference_clear);
    g_ptr_array_add(builder->entries, entry);
    g_hash_table_insert(builder->by_id, (gpointer)entry->texts.id, entry);
    return entry;
}

gboolean cel_library_builder_add_substance(CelLibraryBuilder *builder,
                                           const CelSubstance *substance, GError **error)
{
    if (g_hash_table_contains(builder->by_id, substance->id)) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT, _("there is a substance “%s” already"),
                    substance->id);
        return FALSE;
    }
    Entry *entry = add_entry(builder, substance);
    for (gsize i = 0; i < substance->n_bands; i++) {
        CelBand band = substance->bands[i];
        band.assignment = keep(builder, band.assignment);
        band.source = keep(builder, band.source);
        g_array_append_val(entry->bands, band);
    }
    return TRUE;
}

const char *cel_library_builder_last_id(const CelLibraryBuilder *builder)
{
    const guint n = builder->entries->len;
    return n > 0 ? ((const Entry *)g_ptr_array_index(builder->entries, n - 1))->texts.id : NULL;
}

static gboolean check_reference(const CelLibraryBuilder *builder, const CelReference *reference,
                                GError **error)
{
    if (reference->n < 2 || reference->n > CEL_LIBRARY_MAX_POINTS - builder->n_points) {
        g_set_error(
            error, CEL_ERROR, CEL_ERROR_INPUT,
            _("%" G_GSIZE_FORMAT " points: a spectrum has at least 2, a library at most %d"),
            reference->n, (int)CEL_LIBRARY_MAX_POINTS);
        return FALSE;
    }
    for (gsize i = 0; i < reference->n; i++) {
        if (isfinite(reference->x[i]) && isfinite(reference->y[i]) &&
            (i == 0 || reference->x[i] > reference->x[i - 1]))
            continue;
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("point %" G_GSIZE_FORMAT " is not a finite number on an increasing axis"), i);
        return FALSE;
    }
    return TRUE;
}

gboolean cel_library_builder_add_reference(CelLibraryBuilder *builder,
                                           const CelSubstance *substance,
                                           const CelReference *reference, GError **error)
{
    if (substance->id == NULL || *substance->id == '\0') {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT, _("the id is empty"));
        return FALSE;
    }
    if (reference != NULL && !check_reference(builder, reference, error))
        return FALSE;
    Entry *entry = g_hash_table_lookup(builder->by_id, substance->id);
    if (entry == NULL)
        entry = add_entry(builder, substance);
    if (reference == NULL)
        return TRUE;
    CelReference copy = *reference;
    copy.name = keep(builder, reference->name);
    copy.source = keep(builder, reference->source);
    copy.licence = keep(builder, reference->licence);
    copy.extra = keep(builder, reference->extra);
    copy.x = g_memdup2(reference->x, reference->n * sizeof(double));
    copy.y = g_memdup2(reference->y, reference->n * sizeof(float));
    g_array_append_val(entry->references, copy);
    builder->n_points += reference->n;
    return TRUE;
}

static CelLibraryKind *find_kind(const GArray *kinds, const char *id)
{
    for (guint i = 0; i < kinds->len; i++) {
        CelLibraryKind *kind = &g_array_index(kinds, CelLibraryKind, i);
        if (g_str_equal(kind->id, id))
            return kind;
    }
    return NULL;
}

void cel_library_builder_add_kind(CelLibraryBuilder *builder, const CelLibraryKind *kind,
                                  gboolean is_class)
{
    GArray *kinds = builder->kinds[is_class ? 1 : 0];
    CelLibraryKind *before = find_kind(kinds, kind->id);
    if (before != NULL) {
        if (*before->members == '\0')
            before->members = keep(builder, kind->members);
        return;
    }
    const CelLibraryKind copy = {
        keep(builder, kind->id),         keep(builder, kind->name_en),
        keep(builder, kind->name_zh),    keep(builder, kind->limit_en),
        keep(builder, kind->limit_zh),   keep(builder, kind->send_to_en),
        keep(builder, kind->send_to_zh), keep(builder, kind->ceiling),
        keep(builder, kind->members),
    };
    g_array_append_val(kinds, copy);
}

void cel_library_builder_add_alike(CelLibraryBuilder *builder, const char *name, const char *other)
{
    CelLibraryKind *row = find_kind(builder->kinds[2], name);
    if (row != NULL) {
        g_autofree char *both = g_strconcat(row->members, " ", other, NULL);
        row->members = keep(builder, both);
        return;
    }
    const CelLibraryKind kind = {keep(builder, name), "", "", "", "", "", "", "",
                                 keep(builder, other)};
    g_array_append_val(builder->kinds[2], kind);
}

gboolean cel_library_builder_has_group(const CelLibraryBuilder *builder, const char *id)
{
    return find_kind(builder->kinds[0], id) != NULL;
}

static gboolean missing(const CelSubstance *s, const char *what, const char *id, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("%s: names the %s “%s”, which the library does not have; mend one of the two"),
                s->id, what, id);
    return FALSE;
}

static gboolean check_entry(const CelLibraryBuilder *builder, const CelSubstance *s, GError **error)
{
    const char *group = g_str_has_prefix(s->ceiling, "group:") ? s->ceiling + 6 : s->group_id;
    const char *class_id = g_str_has_prefix(s->ceiling, "class:") ? s->ceiling + 6 : s->class_id;
    for (gsize i = 0; s->lookalikes[i] != NULL; i++) {
        if (!g_hash_table_contains(builder->by_id, s->lookalikes[i]))
            return missing(s, _("look-alike"), s->lookalikes[i], error);
    }
    if (*group != '\0' && find_kind(builder->kinds[0], group) == NULL)
        return missing(s, _("group"), group, error);
    if (find_kind(builder->kinds[1], class_id) == NULL)
        return missing(s, _("class"), class_id, error);
    return TRUE;
}

gboolean cel_library_builder_check(const CelLibraryBuilder *builder, GError **error)
{
    for (guint i = 0; i < builder->entries->len; i++) {
        const Entry *entry = g_ptr_array_index(builder->entries, i);
        if (!check_entry(builder, &entry->texts, error))
            return FALSE;
    }
    return TRUE;
}

/* --- the canonical index --- */

static void member(JsonBuilder *json, const char *key, const char *text)
{
    json_builder_set_member_name(json, key);
    json_builder_add_string_value(json, text);
}

static void write_bands(JsonBuilder *json, const GArray *bands)
{
    json_builder_set_member_name(json, "bands");
    json_builder_begin_array(json);
    for (guint i = 0; i < bands->len; i++) {
        const CelBand *band = &g_array_index(bands, CelBand, i);
        json_builder_begin_array(json);
        json_builder_add_string_value(json, band->assignment);
        json_builder_add_string_value(json, band->source);
        json_builder_end_array(json);
    }
    json_builder_end_array(json);
}

static void write_references(JsonBuilder *json, const GArray *references)
{
    json_builder_set_member_name(json, "references");
    json_builder_begin_array(json);
    for (guint i = 0; i < references->len; i++) {
        const CelReference *reference = &g_array_index(references, CelReference, i);
        json_builder_begin_object(json);
        member(json, "name", reference->name);
        member(json, "source", reference->source);
        member(json, "licence", reference->licence);
        member(json, "extra", reference->extra);
        json_builder_set_member_name(json, "grade");
        json_builder_add_int_value(json, (gint64)reference->grade);
        json_builder_set_member_name(json, "baseline_removed");
        json_builder_add_boolean_value(json, reference->baseline_removed);
        json_builder_set_member_name(json, "points");
        json_builder_add_int_value(json, (gint64)reference->n);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void write_substance(JsonBuilder *json, const Entry *entry)
{
    const CelSubstance *s = &entry->texts;
    json_builder_begin_object(json);
    member(json, "id", s->id);
    member(json, "name_en", s->name_en);
    member(json, "name_zh", s->name_zh);
    member(json, "cas", s->cas);
    member(json, "class", s->class_id);
    member(json, "field", s->field);
    member(json, "legal_note", s->legal_note);
    member(json, "legal_certainty", s->legal_certainty);
    member(json, "caveat_en", s->raman_caveat_en);
    member(json, "caveat_zh", s->raman_caveat_zh);
    member(json, "group", s->group_id);
    member(json, "ceiling", s->ceiling);
    member(json, "usable", s->usable);
    json_builder_set_member_name(json, "lookalikes");
    json_builder_begin_array(json);
    for (gsize i = 0; s->lookalikes[i] != NULL; i++)
        json_builder_add_string_value(json, s->lookalikes[i]);
    json_builder_end_array(json);
    write_bands(json, entry->bands);
    write_references(json, entry->references);
    json_builder_end_object(json);
}

static void write_kinds(JsonBuilder *json, const char *key, const GArray *kinds)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (guint i = 0; i < kinds->len; i++) {
        const CelLibraryKind *kind = &g_array_index(kinds, CelLibraryKind, i);
        json_builder_begin_object(json);
        member(json, "id", kind->id);
        member(json, "name_en", kind->name_en);
        member(json, "name_zh", kind->name_zh);
        member(json, "limit_en", kind->limit_en);
        member(json, "limit_zh", kind->limit_zh);
        member(json, "send_to_en", kind->send_to_en);
        member(json, "send_to_zh", kind->send_to_zh);
        member(json, "ceiling", kind->ceiling);
        if (*kind->members != '\0')
            member(json, "members", kind->members);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static GBytes *write_index(const CelLibraryBuilder *builder, GError **error)
{
    g_autoptr(JsonBuilder) json = json_builder_new();
    json_builder_begin_object(json);
    member(json, "format", "celadon.library/1");
    member(json, "name", builder->name);
    member(json, "version", builder->version);
    write_kinds(json, "groups", builder->kinds[0]);
    write_kinds(json, "classes", builder->kinds[1]);
    if (builder->kinds[2]->len > 0)
        write_kinds(json, "alikes", builder->kinds[2]);
    json_builder_set_member_name(json, "substances");
    json_builder_begin_array(json);
    for (guint i = 0; i < builder->entries->len; i++)
        write_substance(json, g_ptr_array_index(builder->entries, i));
    json_builder_end_array(json);
    json_builder_end_object(json);
    g_autoptr(JsonNode) root = json_builder_get_root(json);
    char *text = cel_canon_write(root, error);
    return text != NULL ? g_bytes_new_take(text, strlen(text)) : NULL;
}

static void add_band_columns(GByteArray *const *columns, const GArray *bands)
{
    for (guint i = 0; i < bands->len; i++) {
        const CelBand *band = &g_array_index(bands, CelBand, i);
        const double numbers[] = {band->shift_cm1, band->rel_intensity, band->fwhm_cm1,
                                  band->laser_nm};
        const guint8 status = (guint8)band->status;
        for (guint k = 0; k < G_N_ELEMENTS(numbers); k++)
            g_byte_array_append(columns[CEL_PART_BAND_SHIFT + k], (const guint8 *)&numbers[k],
                                sizeof(double));
        g_byte_array_append(columns[CEL_PART_BAND_STATUS], &status, 1);
    }
}

static void add_reference_columns(GByteArray *const *columns, const GArray *references)
{
    for (guint i = 0; i < references->len; i++) {
        const CelReference *reference = &g_array_index(references, CelReference, i);
        g_byte_array_append(columns[CEL_PART_REFERENCE_LASER], (const guint8 *)&reference->laser_nm,
                            sizeof(double));
        g_byte_array_append(columns[CEL_PART_X], (const guint8 *)reference->x,
                            (guint)(reference->n * sizeof(double)));
        g_byte_array_append(columns[CEL_PART_Y], (const guint8 *)reference->y,
                            (guint)(reference->n * sizeof(float)));
    }
}

gboolean cel_library_builder_parts(const CelLibraryBuilder *builder, CelLibraryParts *out_parts,
                                   GError **error)
{
    GByteArray *columns[CEL_N_PARTS];
    if (builder->entries->len == 0) {
        g_set_error_literal(error, CEL_ERROR, CEL_ERROR_INPUT,
                            _("The library is empty: nothing is written."));
        return FALSE;
    }
    GBytes *index = write_index(builder, error);
    if (index == NULL)
        return FALSE;
    for (guint i = 0; i < CEL_N_PARTS; i++)
        columns[i] = g_byte_array_new();
    for (guint i = 0; i < builder->entries->len; i++) {
        const Entry *entry = g_ptr_array_index(builder->entries, i);
        add_band_columns(columns, entry->bands);
        add_reference_columns(columns, entry->references);
    }
    for (guint i = 0; i < CEL_N_PARTS; i++)
        out_parts->blocks[i] = g_byte_array_free_to_bytes(columns[i]);
    g_bytes_unref(out_parts->blocks[CEL_PART_INDEX]);
    out_parts->blocks[CEL_PART_INDEX] = index;
    return TRUE;
}

CelLibrary *cel_library_builder_finish(const CelLibraryBuilder *builder, GError **error)
{
    g_auto(CelLibraryParts) parts = {0};
    if (!cel_library_builder_parts(builder, &parts, error))
        return NULL;
    g_autofree char *sha256 = cel_library_parts_digest(&parts, error);
    return sha256 != NULL ? cel_library_from_parts(&parts, sha256, error) : NULL;
}

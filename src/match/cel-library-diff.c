/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-library-diff.h"

#include "base/cel-hash.h"
#include "base/cel-json.h"

#include <string.h>

static const struct {
    const char *name, *en, *zh;
} kinds[CEL_N_CHANGES] = {
    [CEL_CHANGE_SUBSTANCE_ADDED] = {"substance-added", "substance added", "新增物质"},
    [CEL_CHANGE_SUBSTANCE_REMOVED] = {"substance-removed", "substance removed", "删除物质"},
    [CEL_CHANGE_REFERENCE_ADDED] = {"reference-added", "reference added", "新增参考光谱"},
    [CEL_CHANGE_REFERENCE_REMOVED] = {"reference-removed", "reference removed", "删除参考光谱"},
    [CEL_CHANGE_REFERENCE_MOVED] = {"reference-moved", "reference moved to another substance",
                                    "参考光谱改列于另一物质"},
    [CEL_CHANGE_REFERENCE_SAMPLES] = {"reference-samples", "other samples under the same name",
                                      "同名参考光谱的数据已变"},
    [CEL_CHANGE_REFERENCE_FACTS] = {"reference-facts", "facts of a reference",
                                    "参考光谱的说明已变"},
    [CEL_CHANGE_GRADE] = {"grade", "grade of a reference", "参考光谱等级"},
    [CEL_CHANGE_BAND_ADDED] = {"band-added", "band added", "新增谱峰"},
    [CEL_CHANGE_BAND_REMOVED] = {"band-removed", "band removed", "删除谱峰"},
    [CEL_CHANGE_BAND] = {"band", "band changed", "谱峰已变"},
    [CEL_CHANGE_CEILING] = {"ceiling", "claim ceiling", "结论上限"},
    [CEL_CHANGE_GROUP] = {"group", "look-alike group", "易混淆物质组"},
    [CEL_CHANGE_CLASS] = {"class", "class", "类别"},
    [CEL_CHANGE_LOOKALIKES] = {"lookalikes", "look-alikes", "易混淆物质"},
    [CEL_CHANGE_USABLE] = {"usable", "usable", "可用性"},
    [CEL_CHANGE_NAME] = {"name", "name", "名称"},
};

const char *cel_library_change_name(CelLibraryChangeKind kind)
{
    g_return_val_if_fail((guint)kind < CEL_N_CHANGES, "");
    return kinds[kind].name;
}

const char *cel_library_change_label(CelLibraryChangeKind kind, gboolean chinese)
{
    g_return_val_if_fail((guint)kind < CEL_N_CHANGES, "");
    return chinese ? kinds[kind].zh : kinds[kind].en;
}

static void change_free(gpointer data)
{
    CelLibraryChange *change = data;
    g_free(change->substance);
    g_free(change->item);
    g_free(change->before);
    g_free(change->after);
    g_free(change);
}

void cel_library_diff_free(CelLibraryDiff *diff)
{
    if (diff == NULL)
        return;
    g_ptr_array_unref(diff->changes);
    g_free(diff);
}

/** Note: a change, borrowed. */
typedef struct {
    CelLibraryChangeKind kind;
    const char *substance, *item, *before, *after;
} Note;

static char *copy(const char *text)
{
    return g_strdup(text != NULL ? text : "");
}

static void note(CelLibraryDiff *diff, const Note *n)
{
    CelLibraryChange *change = g_new(CelLibraryChange, 1);
    *change = (CelLibraryChange){.kind = n->kind,
                                 .substance = copy(n->substance),
                                 .item = copy(n->item),
                                 .before = copy(n->before),
                                 .after = copy(n->after)};
    g_ptr_array_add(diff->changes, change);
    diff->counts[n->kind]++;
}

static void note_texts(CelLibraryDiff *diff, const Note *n)
{
    if (g_strcmp0(n->before, n->after) != 0)
        note(diff, n);
}

/* ---- references ---- */

static char *samples_digest(const CelReference *r)
{
    g_autofree char *x = cel_digest_hex("sha256", r->x, r->n * sizeof *r->x);
    g_autofree char *y = cel_digest_hex("sha256", r->y, r->n * sizeof *r->y);
    return g_strconcat(x, y, NULL);
}

static gboolean same_samples(const CelReference *a, const CelReference *b)
{
    return a->n == b->n && memcmp(a->x, b->x, a->n * sizeof *a->x) == 0 &&
           memcmp(a->y, b->y, a->n * sizeof *a->y) == 0;
}

static char *facts_of(const CelReference *r)
{
    return g_strdup_printf("%.17g nm | %s | %s | %s | %s", r->laser_nm, r->source, r->licence,
                           r->baseline_removed ? "removed" : "raw", r->extra);
}

static void compare_references(CelLibraryDiff *diff, const char *id, const CelReference *a,
                               const CelReference *b)
{
    static const char *const grades[] = {"A", "B", "C", "D"};
    g_autofree char *before = facts_of(a);
    g_autofree char *after = facts_of(b);
    if (!same_samples(a, b))
        note(diff, &(Note){CEL_CHANGE_REFERENCE_SAMPLES, id, a->name, NULL, NULL});
    note_texts(diff, &(Note){CEL_CHANGE_GRADE, id, a->name, grades[a->grade], grades[b->grade]});
    note_texts(diff, &(Note){CEL_CHANGE_REFERENCE_FACTS, id, a->name, before, after});
}

/* Of several references of one name the first that is free. */
static const CelReference *take_named(const CelSubstance *s, const char *name, gboolean *taken)
{
    for (gsize i = 0; s != NULL && i < s->n_references; i++)
        if (!taken[i] && strcmp(s->references[i].name, name) == 0) {
            taken[i] = TRUE;
            return &s->references[i];
        }
    return NULL;
}

/** Where: which substance holds samples of a digest. */
typedef struct {
    GHashTable *before, *after; /* digest -> id */
} Where;

static GHashTable *where_of(const CelLibrary *library)
{
    GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < cel_library_size(library); i++) {
        const CelSubstance *s = cel_library_substance(library, i);
        for (gsize r = 0; r < s->n_references; r++)
            g_hash_table_insert(table, samples_digest(&s->references[r]), (gpointer)s->id);
    }
    return table;
}

/* What left one substance for another is told once, where it left. */
static void note_gone(CelLibraryDiff *diff, const Where *where, const char *id,
                      const CelReference *r)
{
    g_autofree char *digest = samples_digest(r);
    const char *now = g_hash_table_lookup(where->after, digest);
    if (now != NULL && strcmp(now, id) != 0)
        note(diff, &(Note){CEL_CHANGE_REFERENCE_MOVED, id, r->name, id, now});
    else
        note(diff, &(Note){CEL_CHANGE_REFERENCE_REMOVED, id, r->name, NULL, NULL});
}

static void note_new(CelLibraryDiff *diff, const Where *where, const char *id,
                     const CelReference *r)
{
    g_autofree char *digest = samples_digest(r);
    const char *then = g_hash_table_lookup(where->before, digest);
    if (then == NULL || strcmp(then, id) == 0)
        note(diff, &(Note){CEL_CHANGE_REFERENCE_ADDED, id, r->name, NULL, NULL});
}

static void diff_references(CelLibraryDiff *diff, const Where *where, const CelSubstance *a,
                            const CelSubstance *b)
{
    const gsize n = b != NULL ? b->n_references : 0;
    g_autofree gboolean *taken = g_new0(gboolean, n + 1);
    for (gsize i = 0; a != NULL && i < a->n_references; i++) {
        const CelReference *other = take_named(b, a->references[i].name, taken);
        if (other != NULL)
            compare_references(diff, a->id, &a->references[i], other);
        else
            note_gone(diff, where, a->id, &a->references[i]);
    }
    for (gsize i = 0; i < n; i++)
        if (!taken[i])
            note_new(diff, where, b->id, &b->references[i]);
}

/* ---- bands and texts ---- */

static char *band_text(const CelBand *band)
{
    static const char *const states[] = {"verified", "measured", "recalled"};
    return g_strdup_printf("%.17g | %.17g | %.17g nm | %s | %s | %s", band->rel_intensity,
                           band->fwhm_cm1, band->laser_nm, states[band->status], band->assignment,
                           band->source);
}

/* Bands stand in rising order, those of one position in the order of their sources. */
static gboolean same_band(const CelBand *a, const CelBand *b)
{
    return a->shift_cm1 >= b->shift_cm1 && a->shift_cm1 <= b->shift_cm1 &&
           strcmp(a->source, b->source) == 0;
}

static const CelBand *find_band(const CelSubstance *s, const CelBand *band)
{
    for (gsize i = 0; s != NULL && i < s->n_bands; i++)
        if (same_band(&s->bands[i], band))
            return &s->bands[i];
    return NULL;
}

static void diff_bands(CelLibraryDiff *diff, const CelSubstance *a, const CelSubstance *b)
{
    for (gsize i = 0; a != NULL && i < a->n_bands; i++) {
        const CelBand *other = find_band(b, &a->bands[i]);
        g_autofree char *before = band_text(&a->bands[i]);
        g_autofree char *after = other != NULL ? band_text(other) : NULL;
        g_autofree char *at = g_strdup_printf("%.6g", a->bands[i].shift_cm1);
        note_texts(diff, &(Note){other != NULL ? CEL_CHANGE_BAND : CEL_CHANGE_BAND_REMOVED, a->id,
                                 at, before, after});
    }
    for (gsize i = 0; b != NULL && i < b->n_bands; i++) {
        if (find_band(a, &b->bands[i]) != NULL)
            continue;
        g_autofree char *after = band_text(&b->bands[i]);
        g_autofree char *at = g_strdup_printf("%.6g", b->bands[i].shift_cm1);
        note(diff, &(Note){CEL_CHANGE_BAND_ADDED, b->id, at, NULL, after});
    }
}

static void diff_texts(CelLibraryDiff *diff, const CelSubstance *a, const CelSubstance *b)
{
    g_autofree char *alike_before = g_strjoinv(" ", (char **)(gsize)a->lookalikes);
    g_autofree char *alike_after = g_strjoinv(" ", (char **)(gsize)b->lookalikes);
    const Note texts[] = {
        {CEL_CHANGE_CEILING, a->id, NULL, a->ceiling, b->ceiling},
        {CEL_CHANGE_GROUP, a->id, NULL, a->group_id, b->group_id},
        {CEL_CHANGE_CLASS, a->id, NULL, a->class_id, b->class_id},
        {CEL_CHANGE_LOOKALIKES, a->id, NULL, alike_before, alike_after},
        {CEL_CHANGE_USABLE, a->id, NULL, a->usable, b->usable},
        {CEL_CHANGE_NAME, a->id, NULL, a->name_en, b->name_en},
        {CEL_CHANGE_NAME, a->id, NULL, a->name_zh, b->name_zh},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        note_texts(diff, &texts[i]);
}

/* ---- the whole ---- */

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *all_ids(const CelLibrary *before, const CelLibrary *after)
{
    GPtrArray *ids = g_ptr_array_new();
    for (gsize i = 0; i < cel_library_size(before); i++)
        g_ptr_array_add(ids, (gpointer)cel_library_substance(before, i)->id);
    for (gsize i = 0; i < cel_library_size(after); i++) {
        const char *id = cel_library_substance(after, i)->id;
        if (cel_library_find(before, id) == NULL)
            g_ptr_array_add(ids, (gpointer)id);
    }
    g_ptr_array_sort(ids, by_text);
    return ids;
}

CelLibraryDiff *cel_library_diff(const CelLibrary *before, const CelLibrary *after)
{
    CelLibraryDiff *diff = g_new0(CelLibraryDiff, 1);
    diff->changes = g_ptr_array_new_with_free_func(change_free);
    g_autoptr(GPtrArray) ids = all_ids(before, after);
    g_autoptr(GHashTable) then = where_of(before);
    g_autoptr(GHashTable) now = where_of(after);
    const Where where = {then, now};
    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        const CelSubstance *a = cel_library_find(before, id), *b = cel_library_find(after, id);
        if (a == NULL)
            note(diff, &(Note){CEL_CHANGE_SUBSTANCE_ADDED, id, NULL, NULL, b->name_en});
        else if (b == NULL)
            note(diff, &(Note){CEL_CHANGE_SUBSTANCE_REMOVED, id, NULL, a->name_en, NULL});
        else
            diff_texts(diff, a, b);
        diff_references(diff, &where, a, b);
        diff_bands(diff, a, b);
    }
    return diff;
}

gboolean cel_library_diff_of(const CelLibraryDiff *diff, const char *id)
{
    for (guint i = 0; i < diff->changes->len; i++) {
        const CelLibraryChange *change = g_ptr_array_index(diff->changes, i);
        if (strcmp(change->substance, id) == 0)
            return TRUE;
    }
    return FALSE;
}

char *cel_library_change_json(const CelLibraryChange *change)
{
    g_autoptr(CelJsonWriter) json = cel_json_writer_new();
    cel_json_open(json, NULL, '{');
    cel_json_text(json, "change", cel_library_change_name(change->kind));
    cel_json_text(json, "substance", change->substance);
    cel_json_text(json, "item", change->item);
    cel_json_text(json, "before", change->before);
    cel_json_text(json, "after", change->after);
    cel_json_close(json);
    return cel_json_finish(json);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-prepared.h"

#include "match/cel-cache.h"

#include <string.h>

enum {
    PART_RECORDS,
    PART_CURVES,
    PART_MASKED,
    PART_FIRST,
    N_PARTS = PART_FIRST + CEL_SEARCH_PARTS
};
G_STATIC_ASSERT((int)N_PARTS <= (int)CEL_CACHE_PARTS_MAX);

/* One reference in the file; @n 0: it has no view. */
typedef struct {
    guint32 first, n, n_masked, unused;
    guint64 curves, masked; /* index of the first value */
} Record;

struct CelPrepared {
    guint8 key[CEL_CACHE_KEY];
    CelCache *cache; /* (nullable) */
    gsize at;
    GPtrArray *made; /* CelView, borrowed; NULL entries */
};

static void add_text(GChecksum *sum, const char *text)
{
    const char *all = text != NULL ? text : "";
    g_checksum_update(sum, (const guchar *)all, (gssize)strlen(all) + 1);
}

static gboolean make_key(const CelIdentifyOptions *options, guint8 out[CEL_CACHE_KEY])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *recipe = options->recipe != NULL ? cel_recipe_to_text(options->recipe) : NULL;
    const double resolutions[] = {options->resolution_cm1, options->reference_resolution_cm1};
    const gboolean keeps = options->drop.keep_literature;
    gsize n = CEL_CACHE_KEY;
    add_text(sum, "prepared 1");
    add_text(sum, recipe);
    add_text(sum, options->drop.source);
    g_checksum_update(sum, (const guchar *)&keeps, sizeof keeps);
    g_checksum_update(sum, (const guchar *)resolutions, sizeof resolutions);
    for (gsize i = 0; i < options->n_libraries; i++)
        add_text(sum, cel_library_sha256(options->libraries[i]));
    const gboolean known = cel_cache_program(sum);
    g_checksum_get_digest(sum, out, &n);
    return known;
}

CelPrepared *cel_prepared_open(const CelIdentifyOptions *options)
{
    guint8 key[CEL_CACHE_KEY];
    if (!make_key(options, key))
        return NULL;
    CelPrepared *prepared = g_new0(CelPrepared, 1);
    memcpy(prepared->key, key, sizeof prepared->key);
    prepared->cache = cel_cache_open(key);
    prepared->made = g_ptr_array_new();
    return prepared;
}

void cel_prepared_free(CelPrepared *prepared)
{
    if (prepared == NULL)
        return;
    cel_cache_free(prepared->cache);
    g_ptr_array_unref(prepared->made);
    g_free(prepared);
}

static gboolean lies_inside(CelCachePart part, guint64 from, guint64 n, gsize size)
{
    return from <= part.n_bytes / size && n <= part.n_bytes / size - from;
}

gboolean cel_prepared_next(CelPrepared *prepared, CelView **out_view)
{
    *out_view = NULL;
    if (prepared->cache == NULL)
        return FALSE;
    const CelCachePart records = cel_cache_part(prepared->cache, PART_RECORDS);
    const CelCachePart curves = cel_cache_part(prepared->cache, PART_CURVES);
    const CelCachePart masked = cel_cache_part(prepared->cache, PART_MASKED);
    if (prepared->at >= records.n_bytes / sizeof(Record))
        return FALSE;
    const Record *record = (const Record *)records.data + prepared->at++;
    if (record->n == 0)
        return TRUE;
    if (!lies_inside(curves, record->curves, CEL_VIEW_STORED * (guint64)record->n, sizeof(float)) ||
        !lies_inside(masked, record->masked, record->n_masked, sizeof(guint)))
        return FALSE;
    const CelViewStored stored = {.first = record->first,
                                  .n = record->n,
                                  .n_masked = record->n_masked,
                                  .curves = (const float *)curves.data + record->curves,
                                  .masked = (const guint *)masked.data + record->masked};
    *out_view = cel_view_restore(&stored);
    return TRUE;
}

void cel_prepared_note(CelPrepared *prepared, const CelView *view)
{
    g_ptr_array_add(prepared->made, (gpointer)(guintptr)view);
}

static CelCachePart part_of(const GArray *array)
{
    return (CelCachePart){array->data,
                          array->len * (gsize)g_array_get_element_size((GArray *)array)};
}

static void write_file(const CelPrepared *prepared, const CelSearch *search)
{
    g_autoptr(GArray) records = g_array_new(FALSE, TRUE, sizeof(Record));
    g_autoptr(GArray) curves = g_array_new(FALSE, FALSE, sizeof(float));
    g_autoptr(GArray) masked = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < prepared->made->len; i++) {
        const CelView *view = g_ptr_array_index(prepared->made, i);
        Record record = {0};
        if (view != NULL) {
            const CelViewStored s = cel_view_store(view);
            record = (Record){s.first, s.n, s.n_masked, 0, curves->len, masked->len};
            g_array_append_vals(curves, s.curves, CEL_VIEW_STORED * s.n);
            g_array_append_vals(masked, s.masked, s.n_masked);
        }
        g_array_append_val(records, record);
    }
    CelCachePart parts[N_PARTS] = {part_of(records), part_of(curves), part_of(masked)};
    for (guint p = 0; p < CEL_SEARCH_PARTS; p++) {
        const CelCoarsePart part = cel_search_part(search, p);
        parts[PART_FIRST + p] = (CelCachePart){part.data, part.n_bytes};
    }
    cel_cache_write(prepared->key, parts, N_PARTS);
}

void cel_prepared_finish(CelPrepared *prepared, CelSearch *search)
{
    CelCoarsePart parts[CEL_SEARCH_PARTS];
    for (guint p = 0; p < CEL_SEARCH_PARTS && prepared->cache != NULL; p++) {
        const CelCachePart part = cel_cache_part(prepared->cache, PART_FIRST + p);
        parts[p] = (CelCoarsePart){part.data, part.n_bytes};
    }
    if (prepared->cache != NULL && prepared->made->len == 0 && cel_search_hasten_by(search, parts))
        return;
    cel_search_hasten(search);
    /* a file that did not serve is made anew only as a whole */
    if (prepared->cache == NULL)
        write_file(prepared, search);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-prepared.h"

#include "match/cel-cache.h"

#include <string.h>

enum {
    PART_LIMIT,
    PART_PLACES,
    PART_RECORDS,
    PART_CURVES,
    PART_MASKED,
    PART_SEARCH,
    N_PARTS = PART_SEARCH + CEL_SEARCH_PARTS
};
G_STATIC_ASSERT((int)N_PARTS <= (int)CEL_CACHE_PARTS_MAX);

/* The view of one entry in the file. */
typedef struct {
    guint32 slot, first, n, n_masked;
    guint64 curves, masked; /* index of the first value */
} Record;

struct CelPrepared {
    guint8 key[CEL_CACHE_KEY];
    CelCache *cache; /* (nullable) */
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
    add_text(sum, "prepared 3");
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
    prepared->cache = cel_cache_open(CEL_CACHE_PREPARED, key);
    return prepared;
}

void cel_prepared_free(CelPrepared *prepared)
{
    if (prepared == NULL)
        return;
    cel_cache_free(prepared->cache);
    g_free(prepared);
}

/* ---- from the file ---- */

static gboolean lies_inside(CelCachePart part, guint64 from, guint64 n, gsize size)
{
    return from <= part.n_bytes / size && n <= part.n_bytes / size - from;
}

static CelView *view_of(const Record *r, CelCachePart curves, CelCachePart masked)
{
    if (r->n < CEL_VIEW_MIN || r->first < CEL_VIEW_FIRST || r->n > CEL_VIEW_LAST ||
        (guint64)r->first + r->n > CEL_VIEW_LAST + 1 || r->n_masked > r->n ||
        !lies_inside(curves, r->curves, CEL_VIEW_STORED * (guint64)r->n, sizeof(float)) ||
        !lies_inside(masked, r->masked, r->n_masked, sizeof(guint)))
        return NULL;
    const CelViewStored stored = {.first = r->first,
                                  .n = r->n,
                                  .n_masked = r->n_masked,
                                  .curves = (const float *)curves.data + r->curves,
                                  .masked = (const guint *)masked.data + r->masked};
    return cel_view_restore(&stored);
}

static void free_entries(GArray *entries)
{
    for (guint i = 0; i < entries->len; i++)
        cel_view_free(g_array_index(entries, CelEntry, i).view);
    g_array_unref(entries);
}

/* Returns: NULL when a record does not fit. */
static GArray *read_entries(const CelCache *cache)
{
    const CelCachePart records = cel_cache_part(cache, PART_RECORDS);
    const CelCachePart curves = cel_cache_part(cache, PART_CURVES);
    const CelCachePart masked = cel_cache_part(cache, PART_MASKED);
    const guint n = (guint)(records.n_bytes / sizeof(Record));
    GArray *entries = g_array_sized_new(FALSE, FALSE, sizeof(CelEntry), n + 1);
    for (guint i = 0; i < n; i++) {
        const Record *record = (const Record *)records.data + i;
        const CelEntry entry = {record->slot, view_of(record, curves, masked)};
        if (entry.view == NULL || entry.slot >= n) {
            free_entries(entries);
            return NULL;
        }
        g_array_append_val(entries, entry);
    }
    return entries;
}

CelSearch *cel_prepared_search(const CelPrepared *prepared, double *out_limit)
{
    if (prepared->cache == NULL)
        return NULL;
    const CelCachePart limit = cel_cache_part(prepared->cache, PART_LIMIT);
    const CelCachePart places = cel_cache_part(prepared->cache, PART_PLACES);
    GArray *entries = read_entries(prepared->cache);
    if (entries == NULL)
        return NULL;
    if (limit.n_bytes != sizeof *out_limit ||
        places.n_bytes != entries->len * sizeof(CelPreparedPlace)) {
        free_entries(entries);
        return NULL;
    }
    CelCoarsePart parts[CEL_SEARCH_PARTS];
    for (guint p = 0; p < CEL_SEARCH_PARTS; p++) {
        const CelCachePart part = cel_cache_part(prepared->cache, PART_SEARCH + p);
        parts[p] = (CelCoarsePart){part.data, part.n_bytes};
    }
    memcpy(out_limit, limit.data, sizeof *out_limit);
    return cel_search_map(entries, parts);
}

const CelPreparedPlace *cel_prepared_places(const CelPrepared *prepared)
{
    return cel_cache_part(prepared->cache, PART_PLACES).data;
}

gboolean cel_prepared_is_whole(const CelPrepared *prepared)
{
    if (prepared->cache == NULL || cel_cache_is_whole(prepared->cache))
        return TRUE;
    cel_cache_discard(prepared->cache);
    return FALSE;
}

/* ---- into the file ---- */

static CelCachePart part_of(const GArray *array)
{
    return (CelCachePart){array->data,
                          array->len * (gsize)g_array_get_element_size((GArray *)array)};
}

void cel_prepared_keep(const CelPrepared *prepared, const CelSearch *search,
                       const CelPreparedPlace *places, double limit)
{
    const guint n = cel_search_size(search);
    g_autoptr(GArray) records = g_array_new(FALSE, TRUE, sizeof(Record));
    g_autoptr(GArray) curves = g_array_new(FALSE, FALSE, sizeof(float));
    g_autoptr(GArray) masked = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < n; i++) {
        const CelViewStored s = cel_view_store(cel_search_view(search, i));
        const Record record = {
            cel_search_slot(search, i), s.first, s.n, s.n_masked, curves->len, masked->len};
        g_array_append_vals(curves, s.curves, CEL_VIEW_STORED * s.n);
        g_array_append_vals(masked, s.masked, s.n_masked);
        g_array_append_val(records, record);
    }
    CelCachePart parts[N_PARTS] = {
        [PART_LIMIT] = {&limit, sizeof limit}, [PART_PLACES] = {places, n * sizeof *places},
        [PART_RECORDS] = part_of(records),     [PART_CURVES] = part_of(curves),
        [PART_MASKED] = part_of(masked),
    };
    for (guint p = 0; p < CEL_SEARCH_PARTS; p++) {
        const CelCoarsePart part = cel_search_part(search, p);
        parts[PART_SEARCH + p] = (CelCachePart){part.data, part.n_bytes};
    }
    cel_cache_write(CEL_CACHE_PREPARED, prepared->key, parts, N_PARTS);
}

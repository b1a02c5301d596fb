/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-inquiry.h"

#include "process/cel-transfer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum {
    HASTEN_FROM = 4096, /* references: below, looking at all of them takes less than preparing */
    LEAST_LINES = 3,    /* bands of a table inside the measured range, else it is not ranked */
};

/* Width given to a table's bands when a spectrum is made up of them: between the median width of
 * the measured rows (12 cm-1) and that of plastics and biological matter. */
#define TABLE_WIDTH_CM1 14.0

static void item_clear(gpointer data)
{
    g_clear_pointer(&((CelItem *)data)->lines, g_array_unref);
    g_clear_pointer(&((CelItem *)data)->found, g_array_unref);
}

typedef struct {
    CelMatcher *matcher;
    GHashTable *slots; /* id -> slot + 1; one id in two libraries is one substance */
    GArray *entries;   /* CelEntry */
    GArray *places;    /* CelPreparedPlace */
} Preparation;

static guint slot_of(Preparation *p, const char *id)
{
    gpointer known = g_hash_table_lookup(p->slots, id);
    if (known == NULL) {
        known = GUINT_TO_POINTER(g_hash_table_size(p->slots) + 1);
        g_hash_table_insert(p->slots, (gpointer)id, known);
    }
    return GPOINTER_TO_UINT(known) - 1;
}

static void add_item(Preparation *p, const CelItem *item, const CelPreparedPlace *place,
                     CelView *view)
{
    const CelEntry entry = {slot_of(p, item->substance->id), view};
    g_array_append_val(p->entries, entry);
    g_array_append_vals(p->places, place, 1);
    g_array_append_vals(p->matcher->items, item, 1);
}

static gboolean is_baseline_step(const CelRecipe *recipe, gsize i)
{
    return g_str_has_prefix(cel_recipe_step(recipe, i)->id, "baseline.");
}

CelRecipe *cel_matcher_recipe(const CelMatcher *matcher, double laser_nm, gboolean baseline_removed)
{
    g_autoptr(CelRecipe) by_laser = matcher->recipe == NULL ? cel_recipe_default(laser_nm) : NULL;
    const CelRecipe *recipe = matcher->recipe != NULL ? matcher->recipe : by_laser;
    CelRecipe *out = cel_recipe_new(cel_recipe_name(recipe));
    for (gsize i = 0; i < cel_recipe_length(recipe); i++)
        if (!baseline_removed || !is_baseline_step(recipe, i))
            cel_recipe_append(out, cel_recipe_step(recipe, i),
                              cel_params_copy(cel_recipe_params(recipe, i)));
    return out;
}

/* How much broader the sample's instrument draws what @reference shows; 0 when either is not
 * known, or when the reference is the broader one: nothing is ever sharpened. */
static double broadening(const CelMatcher *matcher, const CelReference *reference)
{
    if (!(matcher->options.resolution_cm1 > 0))
        return 0;
    const double stated = cel_reference_resolution_cm1(reference);
    return cel_broaden_by(stated > 0 ? stated : matcher->options.reference_resolution_cm1,
                          matcher->options.resolution_cm1);
}

/* A raw reference goes through the sample's recipe; one whose source took the background off is
 * taken as it is. */
static CelView *reference_view(const CelMatcher *matcher, const CelReference *reference)
{
    const CelCurve curve = {.x = reference->x, .y_single = reference->y, .n = reference->n};
    const double by_cm1 = broadening(matcher, reference);
    if (reference->baseline_removed)
        return cel_view_new_broadened(&curve, by_cm1);
    g_autofree double *y = g_new(double, reference->n);
    for (gsize i = 0; i < reference->n; i++)
        y[i] = (double)reference->y[i];
    g_autoptr(CelAxis) axis = cel_axis_new(CEL_UNIT_SHIFT_CM1, reference->x, reference->n, NULL);
    g_autoptr(CelSpectrum) raw = axis != NULL ? cel_spectrum_new(axis, y, NULL) : NULL;
    g_autoptr(CelRecipe) recipe = cel_matcher_recipe(matcher, reference->laser_nm, FALSE);
    if (raw == NULL || recipe == NULL)
        return NULL;
    g_autoptr(CelSpectrum) done = cel_recipe_run(recipe, raw, NULL, NULL, NULL, NULL);
    if (done == NULL)
        return NULL;
    const CelCurve processed = {.x = cel_spectrum_x(done),
                                .y = cel_spectrum_y(done),
                                .mask = cel_spectrum_mask(done),
                                .n = cel_spectrum_length(done)};
    return cel_view_new_broadened(&processed, by_cm1);
}

static CelItem table_item(const CelMatcher *matcher, const CelSubstance *substance)
{
    CelItem table = {.substance = substance};
    table.lines = cel_lines_of_bands(substance, &matcher->options.drop, &table.choice);
    return table;
}

/* @place: of @substance */
static void add_substance(Preparation *p, const CelSubstance *substance, CelPreparedPlace place)
{
    for (gsize r = 0; r < substance->n_references; r++) {
        const CelItem item = {.substance = substance, .reference = &substance->references[r]};
        CelView *view = reference_view(p->matcher, item.reference);
        place.reference = (guint32)r;
        if (view != NULL)
            add_item(p, &item, &place, view);
    }
    CelItem table = table_item(p->matcher, substance);
    place.reference = CEL_PREPARED_TABLE;
    CelView *view = table.lines->len >= LEAST_LINES && strcmp(substance->usable, "no") != 0
                        ? cel_view_of_lines(table.lines, TABLE_WIDTH_CM1)
                        : NULL;
    if (view != NULL)
        add_item(p, &table, &place, view);
    else
        item_clear(&table);
}

/* One an item: 1 for a measured reference. */
static guint8 *measured_items(const CelMatcher *matcher)
{
    guint8 *out = g_new0(guint8, matcher->items->len + 1);
    for (guint i = 0; i < matcher->items->len; i++)
        out[i] = g_array_index(matcher->items, CelItem, i).reference != NULL;
    return out;
}

GArray *cel_matcher_alikes(const CelMatcher *matcher, double *out_limit)
{
    g_autoptr(GArray) pairs =
        cel_alike_map(matcher->search, matcher->is_measured, matcher->alike_limit);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelMatcherAlike));
    for (guint i = 0; i < pairs->len; i++) {
        const CelAlikePair *p = &g_array_index(pairs, CelAlikePair, i);
        const CelMatcherAlike one = {
            {g_array_index(matcher->items, CelItem, p->entries[0]).substance,
             g_array_index(matcher->items, CelItem, p->entries[1]).substance},
            p->similarity};
        g_array_append_val(out, one);
    }
    *out_limit = matcher->alike_limit;
    return out;
}

static gboolean add_libraries(Preparation *p, CelJob *job, GError **error)
{
    const GPtrArray *libraries = p->matcher->libraries;
    gsize total = 0, done = 0;
    for (guint l = 0; l < libraries->len; l++)
        total += cel_library_size(g_ptr_array_index(libraries, l));
    for (guint l = 0; l < libraries->len; l++) {
        const CelLibrary *library = g_ptr_array_index(libraries, l);
        for (gsize i = 0; i < cel_library_size(library); i++) {
            if (!cel_job_step(job, N_("Preparing the library"), done++, total, error))
                return FALSE;
            add_substance(p, cel_library_substance(library, i),
                          (CelPreparedPlace){l, (guint32)i, 0});
        }
    }
    return TRUE;
}

static gboolean prepare(CelMatcher *matcher, CelJob *job, GError **error)
{
    g_autoptr(GHashTable) slots = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(CelPreparedPlace));
    Preparation p = {matcher, slots, g_array_new(FALSE, FALSE, sizeof(CelEntry)), places};
    const gboolean ok = add_libraries(&p, job, error);
    matcher->search = cel_search_new(p.entries);
    matcher->is_measured = measured_items(matcher);
    matcher->alike_limit = cel_alike_limit(matcher->search, matcher->is_measured);
    if (!ok || matcher->prepared == NULL)
        return ok;
    cel_search_hasten(matcher->search);
    cel_prepared_keep(matcher->prepared, matcher->search, (const CelPreparedPlace *)places->data,
                      matcher->alike_limit);
    return TRUE;
}

/* Returns: FALSE: there is no such thing in the libraries. */
static gboolean take_item(CelMatcher *matcher, const CelPreparedPlace *place)
{
    const CelLibrary *library = place->library < matcher->libraries->len
                                    ? g_ptr_array_index(matcher->libraries, place->library)
                                    : NULL;
    if (library == NULL || place->substance >= cel_library_size(library))
        return FALSE;
    const CelSubstance *substance = cel_library_substance(library, place->substance);
    CelItem item = {.substance = substance};
    if (place->reference == CEL_PREPARED_TABLE)
        item = table_item(matcher, substance);
    else if (place->reference < substance->n_references)
        item.reference = &substance->references[place->reference];
    else
        return FALSE;
    g_array_append_val(matcher->items, item);
    return TRUE;
}

/* Returns: FALSE: there is nothing that was prepared before. */
static gboolean take_prepared(CelMatcher *matcher)
{
    g_autoptr(CelSearch) search =
        matcher->prepared != NULL ? cel_prepared_search(matcher->prepared, &matcher->alike_limit)
                                  : NULL;
    const CelPreparedPlace *places = search != NULL ? cel_prepared_places(matcher->prepared) : NULL;
    for (guint i = 0; search != NULL && i < cel_search_size(search); i++)
        if (!take_item(matcher, &places[i])) {
            g_array_set_size(matcher->items, 0);
            return FALSE;
        }
    matcher->search = g_steal_pointer(&search);
    matcher->is_measured = matcher->search != NULL ? measured_items(matcher) : NULL;
    return matcher->search != NULL;
}

gboolean cel_matcher_is_whole(const CelMatcher *matcher)
{
    gboolean whole = matcher->prepared == NULL || cel_prepared_is_whole(matcher->prepared);
    for (guint l = 0; l < matcher->libraries->len; l++)
        whole = cel_library_is_whole(g_ptr_array_index(matcher->libraries, l)) && whole;
    return whole;
}

static gboolean is_large(const GPtrArray *libraries)
{
    gsize n = 0;
    for (guint l = 0; l < libraries->len; l++) {
        const CelLibrary *library = g_ptr_array_index(libraries, l);
        for (gsize i = 0; i < cel_library_size(library); i++)
            n += cel_library_substance(library, i)->n_references;
    }
    return n >= HASTEN_FROM;
}

static char *names_of(const GPtrArray *libraries)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < libraries->len; i++) {
        const CelLibrary *library = g_ptr_array_index(libraries, i);
        g_string_append_printf(out, "%s%s %s", i > 0 ? " + " : "", cel_library_name(library),
                               cel_library_version(library));
    }
    return g_string_free(out, FALSE);
}

CelMatcher *cel_matcher_new(const CelIdentifyOptions *options, CelJob *job, GError **error)
{
    g_autoptr(CelMatcher) matcher = g_new0(CelMatcher, 1);
    matcher->libraries = g_ptr_array_new();
    for (gsize i = 0; i < options->n_libraries; i++)
        g_ptr_array_add(matcher->libraries, (gpointer)options->libraries[i]);
    matcher->items = g_array_new(FALSE, FALSE, sizeof(CelItem));
    g_array_set_clear_func(matcher->items, item_clear);
    matcher->drop_source = g_strdup(options->drop.source);
    matcher->library_names = names_of(matcher->libraries);
    matcher->options = *options;
    matcher->options.libraries = (const CelLibrary *const *)matcher->libraries->pdata;
    matcher->options.drop.source = matcher->drop_source;
    matcher->options.recipe = NULL;
    if (options->recipe != NULL) {
        g_autofree char *text = cel_recipe_to_text(options->recipe);
        matcher->recipe = cel_recipe_from_text(text, error);
        if (matcher->recipe == NULL)
            return NULL;
    }
    if (is_large(matcher->libraries))
        matcher->prepared = cel_prepared_open(options);
    return take_prepared(matcher) || prepare(matcher, job, error) ? g_steal_pointer(&matcher)
                                                                  : NULL;
}

void cel_matcher_free(CelMatcher *matcher)
{
    if (matcher == NULL)
        return;
    g_clear_pointer(&matcher->search, cel_search_free);
    g_clear_pointer(&matcher->prepared, cel_prepared_free);
    cel_recipe_free(matcher->recipe);
    g_clear_pointer(&matcher->items, g_array_unref);
    g_clear_pointer(&matcher->libraries, g_ptr_array_unref);
    g_free(matcher->is_measured);
    g_free(matcher->drop_source);
    g_free(matcher->library_names);
    g_free(matcher);
}

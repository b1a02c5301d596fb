/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-identify.h"

#include "base/cel-error.h"
#include "match/cel-late.h"
#include "match/cel-outcome.h"
#include "match/cel-weigh.h"
#include "process/cel-peaks.h"
#include "process/cel-transfer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define METHOD "celadon-identify 1"

enum {
    DEFAULT_TOP = 10,
    N_RECONSIDERED = 100, /* best candidates whose bands are compared before the final order */
    HASTEN_FROM = 4096,   /* entries: below, looking at all of them takes less than preparing */
    MIN_OBSERVABLE = 3,   /* bands of a table inside the measured range, else it is not ranked */
};

/* Width given to a table's bands when a spectrum is made up of them: between the median width of
 * the measured rows (12 cm-1) and that of plastics and biological matter. */
#define TABLE_WIDTH_CM1 14.0
/* A table's bands stand as sticks: shape says less than position, so bands decide most of its
 * score. */
#define TABLE_FLOOR     0.4
#define REFERENCE_U_CM1 1.0
/* What is left of a flat line after taking off its background is the rounding of the sums, far
 * below this part of the signal; no detector resolves that little, so it counts as noise. */
#define ROUNDING 1e-9
/* Below, the source took its background off without saying so, or there was none: the late view
 * costs minerals two points of a hundred there. */
#define CARRIES_BACKGROUND 0.1

/* One searchable thing: a measured reference, or the band table of a substance. */
typedef struct {
    const CelSubstance *substance;
    const CelReference *reference; /* NULL: band table */
    GArray *lines;                 /* CelLine of a table; NULL for a measured reference */
    CelBandChoice choice;
} Item;

struct CelMatcher {
    CelIdentifyOptions options; /* texts below are our own */
    char *drop_source, *library_names;
    CelRecipe *recipe;
    GPtrArray *libraries; /* borrowed */
    GArray *items;        /* Item; same index as the search's entries */
    CelSearch *search;
    guint8 *is_measured; /* one an item */
    double alike_limit;  /* cel_alike_limit() */
    gboolean hastened;
};

static void item_clear(gpointer data)
{
    g_clear_pointer(&((Item *)data)->lines, g_array_unref);
}

/* ---- preparation ---- */

typedef struct {
    CelMatcher *matcher;
    GHashTable *slots; /* id -> slot + 1; one id in two libraries is one substance */
    GArray *entries;   /* CelEntry */
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

static void add_item(Preparation *p, const Item *item, CelView *view)
{
    const CelEntry entry = {slot_of(p, item->substance->id), view};
    g_array_append_val(p->entries, entry);
    g_array_append_vals(p->matcher->items, item, 1);
}

static gboolean is_baseline_step(const CelRecipe *recipe, gsize i)
{
    return g_str_has_prefix(cel_recipe_step(recipe, i)->id, "baseline.");
}

/* @recipe without its baseline steps: what is left to do where the source took the background
 * off. */
static CelRecipe *without_baseline(const CelRecipe *recipe)
{
    CelRecipe *out = cel_recipe_new(cel_recipe_name(recipe));
    for (gsize i = 0; i < cel_recipe_length(recipe); i++)
        if (!is_baseline_step(recipe, i))
            cel_recipe_append(out, cel_recipe_step(recipe, i),
                              cel_params_copy(cel_recipe_params(recipe, i)));
    return out;
}

static CelRecipe *recipe_for(const CelMatcher *matcher, double laser_nm, gboolean baseline_removed)
{
    g_autoptr(CelRecipe) by_laser = matcher->recipe == NULL ? cel_recipe_default(laser_nm) : NULL;
    const CelRecipe *recipe = matcher->recipe != NULL ? matcher->recipe : by_laser;
    if (baseline_removed)
        return without_baseline(recipe);
    g_autofree char *text = cel_recipe_to_text(recipe);
    return cel_recipe_from_text(text, NULL);
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
    g_autoptr(CelRecipe) recipe = recipe_for(matcher, reference->laser_nm, FALSE);
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

static void add_substance(Preparation *p, const CelSubstance *substance)
{
    for (gsize r = 0; r < substance->n_references; r++) {
        const Item item = {.substance = substance, .reference = &substance->references[r]};
        CelView *view = reference_view(p->matcher, item.reference);
        if (view != NULL)
            add_item(p, &item, view);
    }
    Item table = {.substance = substance};
    table.lines = cel_lines_of_bands(substance, &p->matcher->options.drop, &table.choice);
    CelView *view = table.lines->len >= MIN_OBSERVABLE && strcmp(substance->usable, "no") != 0
                        ? cel_view_of_lines(table.lines, TABLE_WIDTH_CM1)
                        : NULL;
    if (view != NULL)
        add_item(p, &table, view);
    else
        item_clear(&table);
}

/* One an item: 1 for a measured reference. */
static guint8 *measured_items(const CelMatcher *matcher)
{
    guint8 *out = g_new0(guint8, matcher->items->len + 1);
    for (guint i = 0; i < matcher->items->len; i++)
        out[i] = g_array_index(matcher->items, Item, i).reference != NULL;
    return out;
}

GArray *cel_matcher_alikes(const CelMatcher *matcher, double *out_limit)
{
    g_autoptr(GArray) pairs =
        cel_alike_map(matcher->search, matcher->is_measured, matcher->alike_limit);
    GArray *out = g_array_new(FALSE, FALSE, sizeof(CelMatcherAlike));
    for (guint i = 0; i < pairs->len; i++) {
        const CelAlikePair *p = &g_array_index(pairs, CelAlikePair, i);
        const CelMatcherAlike one = {{g_array_index(matcher->items, Item, p->entries[0]).substance,
                                      g_array_index(matcher->items, Item, p->entries[1]).substance},
                                     p->similarity};
        g_array_append_val(out, one);
    }
    *out_limit = matcher->alike_limit;
    return out;
}

static gboolean prepare(CelMatcher *matcher, CelJob *job, GError **error)
{
    g_autoptr(GHashTable) slots = g_hash_table_new(g_str_hash, g_str_equal);
    Preparation p = {matcher, slots, g_array_new(FALSE, FALSE, sizeof(CelEntry))};
    gsize total = 0, done = 0;
    gboolean ok = TRUE;
    for (guint l = 0; l < matcher->libraries->len; l++)
        total += cel_library_size(g_ptr_array_index(matcher->libraries, l));
    for (guint l = 0; ok && l < matcher->libraries->len; l++) {
        const CelLibrary *library = g_ptr_array_index(matcher->libraries, l);
        for (gsize i = 0; ok && i < cel_library_size(library); i++) {
            ok = cel_job_step(job, N_("Preparing the library"), done++, total, error);
            add_substance(&p, cel_library_substance(library, i));
        }
    }
    matcher->search = cel_search_new(p.entries);
    matcher->is_measured = measured_items(matcher);
    matcher->alike_limit = cel_alike_limit(matcher->search, matcher->is_measured);
    matcher->hastened = p.entries->len >= HASTEN_FROM;
    if (matcher->hastened)
        cel_search_hasten(matcher->search);
    return ok;
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
    matcher->items = g_array_new(FALSE, FALSE, sizeof(Item));
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
    return prepare(matcher, job, error) ? g_steal_pointer(&matcher) : NULL;
}

void cel_matcher_free(CelMatcher *matcher)
{
    if (matcher == NULL)
        return;
    g_clear_pointer(&matcher->search, cel_search_free);
    cel_recipe_free(matcher->recipe);
    g_clear_pointer(&matcher->items, g_array_unref);
    g_clear_pointer(&matcher->libraries, g_ptr_array_unref);
    g_free(matcher->is_measured);
    g_free(matcher->drop_source);
    g_free(matcher->library_names);
    g_free(matcher);
}

/* ---- one sample ---- */

typedef struct {
    const CelMatcher *matcher;
    const CelSpectrum *raw;
    CelSampleState state;
    CelIdentification *answer;
    CelView *view;         /* of the processed sample; NULL when there is nothing to compare */
    GArray *lines;         /* CelLine of the sample */
    GArray *ranked;        /* CelCandidate */
    GArray *hits;          /* index of the item of each hit */
    CelSpectrum *carrying; /* the sample with its background; NULL when its source took that off */
    gboolean baseline_removed;
    double laser_nm;
    const char *const *exclude;
    double likeness[CEL_ALIKE_DEPTH]; /* of each ranked candidate with the first */
} Sample;

static void sample_clear(Sample *sample)
{
    cel_view_free(sample->view);
    g_clear_pointer(&sample->carrying, cel_spectrum_free);
    g_clear_pointer(&sample->lines, g_array_unref);
    g_clear_pointer(&sample->ranked, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sample, sample_clear)

static const Item *item_at(const Sample *s, guint entry)
{
    return &g_array_index(s->matcher->items, Item, entry);
}

/* Compares the bands of the sample with those of candidate @c. */
static void match_bands(const Sample *s, const CelCandidate *c, CelPeakMatch *out)
{
    const CelView *reference = cel_search_view(s->matcher->search, c->entry);
    const Item *item = item_at(s, c->entry);
    CelOverlap overlap = {s->view->first, s->view->first + s->view->n};
    if (item->lines == NULL)
        cel_view_overlap(s->view, reference, 0, &overlap);
    g_autoptr(GArray) lines = item->lines != NULL ? g_array_ref(item->lines)
                                                  : cel_lines_of_view(reference, REFERENCE_U_CM1);
    const CelPeakMatchInput input = {
        .reference = lines,
        .sample = s->lines,
        .range_cm1 = {overlap.from * CEL_VIEW_STEP_CM1, (overlap.to - 1) * CEL_VIEW_STEP_CM1},
        .shift_cm1 = c->shift_cm1,
        .view = s->view,
    };
    cel_peakmatch(&input, out);
}

static int by_score(gconstpointer a, gconstpointer b)
{
    const CelCandidate *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    return x->slot < y->slot ? -1 : x->slot > y->slot;
}

/* The score of a band table is that of its made-up spectrum times how well the bands fit. */
static void weigh_tables(Sample *s)
{
    const guint n = MIN(s->ranked->len, N_RECONSIDERED);
    for (guint i = 0; i < s->ranked->len; i++) {
        CelCandidate *c = &g_array_index(s->ranked, CelCandidate, i);
        if (item_at(s, c->entry)->reference != NULL)
            continue;
        g_auto(CelPeakMatch) match = {0};
        if (i < n)
            match_bands(s, c, &match);
        c->score *= i < n && match.observable >= MIN_OBSERVABLE
                        ? TABLE_FLOOR + (1 - TABLE_FLOOR) * match.score
                        : 0;
    }
    g_array_sort(s->ranked, by_score);
}

static CelHit *make_hit(const Sample *s, guint i)
{
    const CelCandidate *c = &g_array_index(s->ranked, CelCandidate, i);
    const CelView *reference = cel_search_view(s->matcher->search, c->entry);
    const Item *item = item_at(s, c->entry);
    g_auto(CelPeakMatch) match = {0};
    match_bands(s, c, &match);
    CelOverlap overlap = {0, 0};
    cel_view_overlap(s->view, reference, 0, &overlap);
    CelHit *hit = g_new0(CelHit, 1);
    *hit = (CelHit){
        .rank = i + 1,
        .substance = item->substance,
        .reference = item->reference,
        .grade = item->reference != NULL ? item->reference->grade : CEL_GRADE_D,
        .score = CLAMP(c->score, 0, 1),
        .hqi = cel_view_hqi(s->view, reference),
        .peak_score = match.score,
        .found = match.found,
        .explained = match.explained,
        .closeness = match.closeness,
        .likeness = i < CEL_ALIKE_DEPTH ? s->likeness[i] : 0,
        .shift_applied_cm1 = c->shift_cm1,
        .common_cm1 = {overlap.from * CEL_VIEW_STEP_CM1, (overlap.to - 1) * CEL_VIEW_STEP_CM1},
        .matched = g_array_ref(match.matched),
        .missing = g_array_ref(match.missing),
        .extra = g_array_ref(match.extra),
    };
    hit->resembles = i > 0 && hit->likeness >= s->matcher->alike_limit;
    memcpy(hit->views, c->views, sizeof hit->views);
    return hit;
}

/* For validation: what the library would have said had it lacked these. */
static void leave_out(Sample *s)
{
    for (guint i = s->exclude != NULL ? s->ranked->len : 0; i > 0; i--) {
        const guint entry = g_array_index(s->ranked, CelCandidate, i - 1).entry;
        if (g_strv_contains(s->exclude, item_at(s, entry)->substance->id))
            g_array_remove_index(s->ranked, i - 1);
    }
}

static guint wanted_hits(const Sample *s)
{
    return s->matcher->options.top > 0 ? s->matcher->options.top : DEFAULT_TOP;
}

/* What is decided must not hang on how many hits the caller wants to see: the rule gets at least
 * the usual number, and goes on to the first that is no look-alike, which the margin is measured
 * to. trim_hits() takes off what was not asked for.
 * Returns: whether the list came to its end by itself, not because the ranking was over. */
static gboolean list_hits(Sample *s)
{
    const guint least = MAX(wanted_hits(s), DEFAULT_TOP);
    gboolean has_other = FALSE;
    for (guint i = 0; i < s->ranked->len && (i < least || !has_other); i++) {
        if (g_array_index(s->ranked, CelCandidate, i).score <= 0)
            break;
        CelHit *hit = make_hit(s, i);
        g_ptr_array_add(s->answer->hits, hit);
        const CelHit *first = g_ptr_array_index(s->answer->hits, 0);
        has_other =
            has_other || !(hit->resembles || cel_outcome_alike(first->substance, hit->substance));
    }
    return has_other && s->answer->hits->len >= least;
}

static void trim_hits(const Sample *s)
{
    const guint top = wanted_hits(s);
    if (s->answer->hits->len > top)
        g_ptr_array_set_size(s->answer->hits, (gint)top);
}

/* ---- quality ---- */

static double highest(const double *y, const guint8 *mask, gsize n)
{
    double top = 0;
    for (gsize i = 0; i < n; i++)
        if (mask == NULL || mask[i] == 0)
            top = MAX(top, y[i]);
    return top;
}

/* Median over the processed range of what processing took away, above its own lowest value: the
 * detector's offset is in there and is no light. */
static double background(const CelSpectrum *raw, const CelSpectrum *processed)
{
    const gsize n = cel_spectrum_length(processed), n_raw = cel_spectrum_length(raw);
    const double *x = cel_spectrum_x(processed), *x_raw = cel_spectrum_x(raw);
    g_autofree double *values = g_new(double, n);
    double lowest = G_MAXDOUBLE;
    gsize r = 0;
    for (gsize i = 0; i < n; i++) {
        while (r + 1 < n_raw && x_raw[r] < x[i])
            r++;
        values[i] = cel_spectrum_y(raw)[r] - cel_spectrum_y(processed)[i];
        lowest = MIN(lowest, values[i]);
    }
    double sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += values[i] - lowest;
    return sum / (double)n;
}

static double largest(const double *y, gsize n)
{
    double out = 0;
    for (gsize i = 0; i < n; i++)
        out = MAX(out, fabs(y[i]));
    return out;
}

static void judge_quality(Sample *s)
{
    const CelSpectrum *done = s->answer->processed;
    const guint8 *raw_mask = cel_spectrum_mask(s->raw), *mask = cel_spectrum_mask(done);
    CelQuality *q = &s->answer->quality;
    const double top = highest(cel_spectrum_y(done), mask, cel_spectrum_length(done));
    const gsize n_raw = cel_spectrum_length(s->raw);
    const double least = ROUNDING * largest(cel_spectrum_y(s->raw), n_raw);
    const double noise = MAX(cel_peaks_noise(cel_spectrum_y(s->raw), n_raw), least);
    q->snr = noise > 0 ? MIN(top / noise, 1e6) : top > 0 ? 1e6 : 0;
    q->fluorescence_ratio = top > 0 && !s->baseline_removed ? background(s->raw, done) / top : 0;
    for (gsize i = 0; raw_mask != NULL && i < cel_spectrum_length(s->raw); i++)
        q->saturated += (raw_mask[i] & CEL_MASK_SATURATED) != 0;
    for (gsize i = 0; mask != NULL && i < cel_spectrum_length(done); i++)
        q->cosmic_rays += (mask[i] & CEL_MASK_COSMIC) != 0;
    const char *check = s->state.axis_check;
    q->axis_check = g_strcmp0(check, "ok") == 0        ? "ok"
                    : g_strcmp0(check, "failed") == 0  ? "failed"
                    : g_strcmp0(check, "expired") == 0 ? "expired"
                                                       : "none";
    q->axis_u_cm1 = s->state.axis_u_cm1;
    q->resolution_cm1 = MAX(s->matcher->options.resolution_cm1, 0);
}

/* ---- the whole ---- */

static gboolean process(Sample *s, const CelStepInputs *inputs, CelJob *job, GError **error)
{
    g_autoptr(CelRecipe) recipe = recipe_for(s->matcher, s->laser_nm, s->baseline_removed);
    s->answer->processed = cel_recipe_run(recipe, s->raw, inputs, NULL, job, error);
    if (s->answer->processed == NULL)
        return FALSE;
    if (!s->baseline_removed)
        s->carrying = cel_late_sample(recipe, s->raw, inputs, NULL);
    const CelPeakOptions options = {.noise_factor = 5};
    s->answer->peaks = cel_peaks_find(s->answer->processed, &options);
    s->view = cel_view_of(s->answer->processed);
    return TRUE;
}

/* A table's made-up spectrum has heights of many sources: nothing to fit a measured one with. */
static gboolean fits_jointly(const Sample *s)
{
    const CelCandidate *first = &g_array_index(s->ranked, CelCandidate, 0);
    return s->carrying != NULL && item_at(s, first->entry)->reference != NULL &&
           s->answer->quality.fluorescence_ratio >= CARRIES_BACKGROUND;
}

/* Ranks and lists. @most: candidates to ask the search for, 0: all.
 * Returns: FALSE: candidates that were not asked for might belong into the list. */
static gboolean rank(Sample *s, guint most)
{
    const CelSearchOptions options = {.axis_u_cm1 = s->state.axis_u_cm1,
                                      .without = s->matcher->options.without,
                                      .threads = s->matcher->options.threads,
                                      .most = most};
    g_clear_pointer(&s->ranked, g_array_unref);
    g_ptr_array_set_size(s->answer->hits, 0);
    s->ranked = cel_search_run(s->matcher->search, s->view, &options);
    const guint n = s->ranked->len;
    double least = n > 0 ? g_array_index(s->ranked, CelCandidate, n - 1).score : 0;
    if (n > 0 && fits_jointly(s) &&
        cel_late_score(s->ranked, s->matcher->search, s->carrying, s->matcher->options.without,
                       NULL))
        least = cel_late_floor(least, s->matcher->options.without);
    leave_out(s);
    weigh_tables(s);
    cel_alike_likeness(s->matcher->search, s->ranked, s->matcher->is_measured, s->likeness);
    if (!list_hits(s))
        return most == 0;
    /* whatever is not in the ranking scores less than its last, and weighing adds to no score */
    const CelHit *last = g_ptr_array_index(s->answer->hits, s->answer->hits->len - 1);
    return most == 0 || last->score >= least;
}

/* An axis that is off moves all candidates alike: said of the measurement, not of one hit. */
static void judge_axis(const Sample *s)
{
    CelQuality *q = &s->answer->quality;
    const double u = s->state.axis_u_cm1 > 0 ? s->state.axis_u_cm1 : 1.0;
    q->axis_shift_cm1 = cel_search_axis_shift(s->ranked);
    q->axis_fault = fabs(q->axis_shift_cm1) > CEL_AXIS_LIMIT_U * u;
}

static void search(Sample *s)
{
    s->lines = cel_lines_of_view(s->view, s->state.axis_u_cm1 > 0 ? s->state.axis_u_cm1 : 1.0);
    const gboolean part = s->matcher->hastened && s->exclude == NULL;
    const guint most = MAX(MAX(wanted_hits(s), DEFAULT_TOP) + 2, CEL_LATE_N);
    if (!part || !rank(s, most))
        rank(s, 0);
    judge_axis(s);
}

static void weigh_first(const Sample *s)
{
    if (s->answer->hits->len == 0)
        return;
    CelHit *first = g_ptr_array_index(s->answer->hits, 0);
    for (guint i = 0; i < first->extra->len; i++) {
        const double at = g_array_index(first->extra, double, i);
        for (guint k = 0; k < s->lines->len; k++) {
            const CelLine *line = &g_array_index(s->lines, CelLine, k);
            if (fabs(line->position_cm1 - at) < 1e-9 && line->height > s->answer->extra_height) {
                s->answer->extra_height = line->height;
                s->answer->extra_cm1 = at;
            }
        }
    }
    first->evidence = cel_weigh(s->answer);
}

static gboolean best_is_recalled(const Sample *s)
{
    if (s->answer->hits->len == 0)
        return FALSE;
    const Item *item = item_at(s, g_array_index(s->ranked, CelCandidate, 0).entry);
    return item->reference == NULL && item->choice.recalled;
}

static void decide(const Sample *s)
{
    CelDecisionInput input = {
        .state = s->state,
        .method = METHOD,
        .library_en = s->matcher->library_names,
        .baseline_removed = s->baseline_removed,
        .reader_unvalidated = cel_spectrum_meta(s->raw, CEL_META_UNVALIDATED) != NULL,
        .laser_known = s->laser_nm > 0,
        .recalled = best_is_recalled(s),
        .n_samples = cel_spectrum_length(s->raw),
        .n_lines = s->lines != NULL ? s->lines->len : 0,
        .libraries = s->matcher->options.libraries,
        .n_libraries = s->matcher->options.n_libraries,
    };
    weigh_first(s);
    cel_outcome_decide(s->answer, &input);
}

/* Is this what can be compared with Raman spectra at all? */
static gboolean check_sample(const CelSpectrum *raw, GError **error)
{
    const CelUnit unit = cel_axis_unit(cel_spectrum_axis(raw));
    if (unit != CEL_UNIT_SHIFT_CM1) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_UNIT,
                    _("The spectrum is on an axis of %s, not of Raman shift, so it cannot be "
                      "compared with a library; give the laser wavelength"),
                    cel_unit_name(unit));
        return FALSE;
    }
    if (cel_spectrum_meta(raw, CEL_META_FOREIGN_KIND) == NULL)
        return TRUE;
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("this is no Raman spectrum but \"%s\"; it cannot be compared with Raman spectra"),
                cel_spectrum_meta(raw, CEL_META_FOREIGN_KIND));
    return FALSE;
}

CelIdentification *cel_matcher_identify(const CelMatcher *matcher, const CelSample *sample,
                                        CelJob *job, GError **error)
{
    const gint64 start = g_get_monotonic_time();
    const CelSpectrum *raw = sample->raw;
    if (!check_sample(raw, error))
        return NULL;
    g_autoptr(CelIdentification) answer = cel_identification_new();
    g_auto(Sample) s = {.matcher = matcher,
                        .raw = raw,
                        .state = sample->state,
                        .exclude = sample->exclude,
                        .answer = answer};
    s.baseline_removed = g_strcmp0(cel_spectrum_meta(raw, CEL_META_BASELINE), "removed") == 0;
    cel_spectrum_meta_number(raw, CEL_META_LASER_NM, &s.laser_nm);
    answer->policy = matcher->options.policy;
    answer->simulated = cel_spectrum_is_simulated(raw);
    if (!process(&s, sample->inputs, job, error))
        return NULL;
    judge_quality(&s);
    if (s.view != NULL)
        search(&s);
    decide(&s);
    trim_hits(&s);
    answer->elapsed_us = g_get_monotonic_time() - start;
    return g_steal_pointer(&answer);
}

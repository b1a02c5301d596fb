/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-lint-private.h"

#include "match/cel-alike.h"
#include "match/cel-pairs.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Two measurements of one crystal differ at least by their noise: a pair above COPY_SIMILARITY is
 * no independent witness for any name. */
#define COPY_SIMILARITY 0.999
/* Copies may be cut, which changes a little what is compared at the ends: from COPY_MAYBE on the
 * samples themselves are looked at. What noise is left in both must be the same noise: correlation
 * of the second differences. Over 2,359 minerals copies have 1.000, the nearest pair that is none
 * 0.944. */
#define COPY_MAYBE       0.95
#define COPY_NOISE       0.995
#define SAME_CHANNEL_CM1 0.05
/* What is near and far comes from the library itself: parts of the pairs within a substance. A
 * wrong label: as near to another substance as half of them are to one another, farther from every
 * reference of its own than FAR of them, and the difference is no chance. Short of that it may be a
 * member of a series or a poor spectrum. */
static const double FAR = 0.15, NEAR = 0.5, RATHER_NEAR = 0.35;
static const double WRONG_BY = 0.20, NEARER_BY = 0.10;
/* With fewer pairs than that the library says nothing of the kind: RRUFF's figures, rounded. */
enum { ENOUGH_PAIRS = 100 };
static const double USUAL_FAR = 0.65, USUAL_RATHER_NEAR = 0.80;
/* See look_alike_limit(); nothing less alike is a look-alike in any library. */
#define LOOK_ALIKE_FLOOR 0.85
enum { AXIS_REACH = 3, MAX_THREADS = 16, MAX_CLOSE = 64, NONE = G_MAXUINT };

typedef struct {
    double similarity;
    guint entry; /* NONE: no such entry */
} Nearest;

typedef struct {
    guint a, b;
    double similarity;
} Close;

/** Share: the rows that one thread looks at, and what it found. */
typedef struct {
    const GArray *entries;
    const CelPairs *pairs; /* (nullable) */
    guint first, step;     /* blocks of CEL_PAIRS_BLOCK rows */
    Nearest *own, *other;  /* one an entry */
    GArray *close;         /* Close, in order of rows */
    CelLintSpread within, between;
    gint *done;
    GCancellable *cancel;
} Share;

static const CelLintEntry *entry_at(const GArray *entries, guint i)
{
    return &g_array_index(entries, CelLintEntry, i);
}

static guint bin_of(double similarity)
{
    return (guint)(CLAMP(similarity, 0, 1) * 1000);
}

static void note_spread(CelLintSpread *spread, double similarity)
{
    spread->n++;
    spread->counts[bin_of(similarity)]++;
}

static void note_nearest(Nearest *nearest, double similarity, guint entry)
{
    if (nearest->entry == NONE || similarity > nearest->similarity ||
        (similarity >= nearest->similarity && entry < nearest->entry))
        *nearest = (Nearest){similarity, entry};
}

static void note_pair(Share *share, guint i, guint j, double similarity)
{
    const CelLintEntry *a = entry_at(share->entries, i), *b = entry_at(share->entries, j);
    const gboolean same = a->slot == b->slot;
    if (similarity >= COPY_SIMILARITY && same)
        return;
    if (!same && cel_outcome_alike(a->substance, b->substance))
        return;
    note_spread(same ? &share->within : &share->between, similarity);
    Nearest *list = same ? share->own : share->other;
    note_nearest(&list[i], similarity, j);
    note_nearest(&list[j], similarity, i);
}

static gboolean may_be_nearest(const Nearest *nearest, double high)
{
    return nearest->entry == NONE || high >= nearest->similarity;
}

/* Whether all that would be noted of a pair is its place in the spread, which is known. */
static gboolean only_counts(const Share *share, guint i, guint j, const CelPairsRange *range)
{
    const gboolean same = entry_at(share->entries, i)->slot == entry_at(share->entries, j)->slot;
    const Nearest *list = same ? share->own : share->other;
    return range->high < LOOK_ALIKE_FLOOR && bin_of(range->low) == bin_of(range->high) &&
           !may_be_nearest(&list[i], range->high) && !may_be_nearest(&list[j], range->high);
}

/* @block: (nullable): holds the row */
static void look_at_row(Share *share, const CelPairsBlock *block, guint i)
{
    const CelLintEntry *a = entry_at(share->entries, i);
    guint kept = 0;
    for (guint j = i + 1; a->view != NULL && j < share->entries->len; j++) {
        const CelLintEntry *b = entry_at(share->entries, j);
        if (b->view == NULL)
            continue;
        const CelPairsRange range =
            block != NULL ? cel_pairs_range(block, i, j) : (CelPairsRange){0, 1};
        if (only_counts(share, i, j, &range)) {
            note_pair(share, i, j, range.low);
            continue;
        }
        const double similarity = cel_similar(a->view, b->view, 0);
        note_pair(share, i, j, similarity);
        if (similarity >= LOOK_ALIKE_FLOOR && kept++ < MAX_CLOSE) {
            const Close pair = {i, j, similarity};
            g_array_append_val(share->close, pair);
        }
    }
}

static gpointer look_at_share(gpointer data)
{
    Share *share = data;
    const guint n = share->entries->len;
    g_autoptr(CelPairsBlock) block =
        share->pairs != NULL ? cel_pairs_block_new(share->pairs) : NULL;
    for (guint b = share->first; b * CEL_PAIRS_BLOCK < n; b += share->step) {
        const guint from = b * CEL_PAIRS_BLOCK, to = MIN(from + CEL_PAIRS_BLOCK, n);
        if (share->cancel != NULL && g_cancellable_is_cancelled(share->cancel))
            break;
        if (block != NULL)
            cel_pairs_block_fill(block, from);
        for (guint i = from; i < to; i++)
            look_at_row(share, block, i);
        g_atomic_int_add(share->done, (gint)(to - from));
    }
    return NULL;
}

static Nearest *nearest_new(guint n)
{
    Nearest *list = g_new(Nearest, n);
    for (guint i = 0; i < n; i++)
        list[i] = (Nearest){0, NONE};
    return list;
}

static void merge_spread(CelLintSpread *into, const CelLintSpread *from)
{
    into->n += from->n;
    for (guint k = 0; k < G_N_ELEMENTS(into->counts); k++)
        into->counts[k] += from->counts[k];
}

static void merge(Share *into, const Share *from)
{
    for (guint i = 0; i < into->entries->len; i++) {
        if (from->own[i].entry != NONE)
            note_nearest(&into->own[i], from->own[i].similarity, from->own[i].entry);
        if (from->other[i].entry != NONE)
            note_nearest(&into->other[i], from->other[i].similarity, from->other[i].entry);
    }
    g_array_append_vals(into->close, from->close->data, from->close->len);
    merge_spread(&into->within, &from->within);
    merge_spread(&into->between, &from->between);
}

static void share_clear(Share *share)
{
    g_free(share->own);
    g_free(share->other);
    g_clear_pointer(&share->close, g_array_unref);
}

/* ---- copies ---- */

static double second_difference(const CelReference *r, gsize i)
{
    return (double)r->y[i - 1] - 2 * (double)r->y[i] + (double)r->y[i + 1];
}

/* Where the axis of @r reaches @from_cm1, give or take what rounding does to a printed axis. */
static gsize first_at(const CelReference *r, double from_cm1)
{
    gsize at = 0;
    while (at < r->n && r->x[at] < from_cm1 - SAME_CHANNEL_CM1)
        at++;
    return at;
}

/* Copies have the very samples, perhaps scaled, perhaps cut at either end. Returns: the
 * correlation of their noise over the part of the axis that they share, 0 when that is another axis
 * or short. */
static double noise_correlation(const CelReference *a, const CelReference *b)
{
    const double from = MAX(a->x[0], b->x[0]);
    const gsize i0 = first_at(a, from), j0 = first_at(b, from);
    const gsize n = MIN(a->n - i0, b->n - j0);
    double xy = 0, xx = 0, yy = 0;
    for (gsize k = 1; k + 1 < n; k++) {
        if (fabs(a->x[i0 + k] - b->x[j0 + k]) > SAME_CHANNEL_CM1)
            return 0;
        const double u = second_difference(a, i0 + k), v = second_difference(b, j0 + k);
        xy += u * v;
        xx += u * u;
        yy += v * v;
    }
    return n >= CEL_SIMILAR_MIN && xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : 0;
}

static gint by_entry(gconstpointer a, gconstpointer b)
{
    const Close *x = a, *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static CelLintFinding about(const GArray *entries, guint a, guint b)
{
    const CelLintEntry *one = entry_at(entries, a), *two = entry_at(entries, b);
    return (CelLintFinding){.substance = one->substance,
                            .reference = one->reference,
                            .other = two->substance,
                            .other_reference = two->reference};
}

/* From the middle of the similarities within a substance on, two references may as well be of one.
 * A library with too few pairs of its own takes that of RRUFF. */
static double look_alike_limit(const CelLintSpread *within)
{
    return within->n < CEL_ALIKE_LEAST ? CEL_ALIKE_DEFAULT
                                       : MAX(cel_lint_quantile(within, 0.5), LOOK_ALIKE_FLOOR);
}

static guint64 both_slots(const GArray *entries, const Close *pair)
{
    const guint64 s = entry_at(entries, pair->a)->slot, t = entry_at(entries, pair->b)->slot;
    return MIN(s, t) << 32 | MAX(s, t);
}

/* Two substances are named once, with their nearest pair: the table holds its place + 1. */
static GHashTable *nearest_pairs(const Share *all)
{
    GHashTable *table = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < all->close->len; i++) {
        const Close *pair = &g_array_index(all->close, Close, i);
        const guint64 key = both_slots(all->entries, pair);
        const guint known = GPOINTER_TO_UINT(g_hash_table_lookup(table, &key));
        if (known == 0 || pair->similarity > g_array_index(all->close, Close, known - 1).similarity)
            g_hash_table_replace(table, g_memdup2(&key, sizeof key), GUINT_TO_POINTER(i + 1));
    }
    return table;
}

static gboolean is_copy(CelLintFinding *f, const Close *pair)
{
    const double noise =
        pair->similarity >= COPY_MAYBE ? noise_correlation(f->reference, f->other_reference) : 0;
    f->numbers[0] = (CelLintNumber){"similarity", pair->similarity};
    f->numbers[1] = (CelLintNumber){"noise_correlation", noise};
    f->kind = f->substance == f->other ? CEL_LINT_DUPLICATE : CEL_LINT_DUPLICATE_NAMES;
    return noise >= COPY_NOISE;
}

/* @wrong: entries with a wrong label: what they resemble says nothing about their substance. */
static void find_close(CelLint *lint, const Share *all, const guint8 *wrong)
{
    g_autoptr(GHashTable) nearest = nearest_pairs(all);
    const double limit = look_alike_limit(&lint->within);
    for (guint i = 0; i < all->close->len; i++) {
        const Close *pair = &g_array_index(all->close, Close, i);
        CelLintFinding f = about(all->entries, pair->a, pair->b);
        if (is_copy(&f, pair)) {
            cel_lint_add(lint, &f);
            continue;
        }
        const guint64 key = both_slots(all->entries, pair);
        if (f.substance == f.other || pair->similarity < limit || wrong[pair->a] ||
            wrong[pair->b] || GPOINTER_TO_UINT(g_hash_table_lookup(nearest, &key)) != i + 1 ||
            cel_outcome_alike(f.substance, f.other))
            continue;
        f.kind = CEL_LINT_LOOK_ALIKE;
        f.numbers[1] = (CelLintNumber){"limit", limit};
        cel_lint_add(lint, &f);
    }
}

/* ---- labels ---- */

/* The nearest of the entry's own substance, with its axis let loose a little: an axis that is off
 * is no wrong label. */
static Nearest nearest_own(const GArray *entries, guint i, guint *out_n)
{
    const CelLintEntry *e = entry_at(entries, i);
    Nearest best = {0, NONE};
    *out_n = 0;
    for (guint j = 0; j < entries->len; j++) {
        const CelLintEntry *o = entry_at(entries, j);
        if (j == i || o->slot != e->slot || o->view == NULL ||
            cel_similar(e->view, o->view, 0) >= COPY_SIMILARITY)
            continue;
        note_nearest(&best, cel_similar(e->view, o->view, AXIS_REACH), j);
        ++*out_n;
    }
    return best;
}

/** Limits: of a wrong label, see above. */
typedef struct {
    double far, near, rather_near;
} Limits;

static Limits limits_of(const CelLintSpread *within)
{
    if (within->n < ENOUGH_PAIRS)
        return (Limits){USUAL_FAR, CEL_ALIKE_DEFAULT, USUAL_RATHER_NEAR};
    return (Limits){cel_lint_quantile(within, FAR), cel_lint_quantile(within, NEAR),
                    cel_lint_quantile(within, RATHER_NEAR)};
}

/* Returns: whether the label is wrong. */
static gboolean look_at_label(CelLint *lint, const Share *all, guint i)
{
    const Nearest *own = &all->own[i], *other = &all->other[i];
    const Limits limits = limits_of(&lint->within);
    if (own->entry == NONE || other->entry == NONE || other->similarity < limits.rather_near ||
        other->similarity - own->similarity < NEARER_BY)
        return FALSE;
    guint n_own = 0;
    const Nearest near = nearest_own(all->entries, i, &n_own);
    if (near.entry == NONE || other->similarity - near.similarity < NEARER_BY)
        return FALSE;
    CelLintFinding f = about(all->entries, i, other->entry);
    const gboolean wrong = near.similarity < limits.far && other->similarity >= limits.near &&
                           other->similarity - near.similarity >= WRONG_BY;
    f.kind = wrong ? CEL_LINT_MISLABELLED : CEL_LINT_NEARER_OTHER;
    f.numbers[0] = (CelLintNumber){"nearest_own", near.similarity};
    f.numbers[1] = (CelLintNumber){"nearest_other", other->similarity};
    f.numbers[2] = (CelLintNumber){"own_references", n_own};
    cel_lint_add(lint, &f);
    return wrong;
}

/* ---- the whole ---- */

static gboolean wait_for(GThread **threads, guint n, gint *done, const Share *shares, CelJob *job,
                         GError **error)
{
    gboolean ok = TRUE;
    const guint total = shares[0].entries->len;
    while (ok && (guint)g_atomic_int_get(done) < total) {
        ok = cel_job_step(job, N_("Comparing every pair"), (guint64)g_atomic_int_get(done), total,
                          error);
        g_usleep(G_USEC_PER_SEC / 50);
    }
    for (guint t = 0; t < n; t++)
        g_thread_join(threads[t]);
    return ok;
}

static const CelView **views_of(const GArray *entries)
{
    const CelView **views = g_new(const CelView *, entries->len + 1);
    for (guint i = 0; i < entries->len; i++)
        views[i] = entry_at(entries, i)->view;
    return views;
}

gboolean cel_lint_pairs(CelLint *lint, const GArray *entries, guint threads, CelJob *job,
                        GError **error)
{
    const guint n = CLAMP(threads, 1, MAX_THREADS);
    Share shares[MAX_THREADS] = {{0}};
    GThread *running[MAX_THREADS] = {NULL};
    gint done = 0;
    g_autofree const CelView **views = views_of(entries);
    g_autoptr(CelPairs) pairs = cel_pairs_new(views, entries->len);
    for (guint t = 0; t < n; t++) {
        shares[t] = (Share){.entries = entries,
                            .pairs = pairs,
                            .first = t,
                            .step = n,
                            .own = nearest_new(entries->len),
                            .other = nearest_new(entries->len),
                            .close = g_array_new(FALSE, FALSE, sizeof(Close)),
                            .done = &done,
                            .cancel = job != NULL ? cel_job_cancellable(job) : NULL};
        running[t] = g_thread_new("lint", look_at_share, &shares[t]);
    }
    const gboolean ok = wait_for(running, n, &done, shares, job, error);
    for (guint t = 1; t < n; t++)
        merge(&shares[0], &shares[t]);
    g_array_sort(shares[0].close, by_entry);
    lint->within = shares[0].within;
    lint->between = shares[0].between;
    g_autofree guint8 *wrong = g_new0(guint8, entries->len + 1);
    for (guint i = 0; ok && i < entries->len; i++)
        wrong[i] = look_at_label(lint, &shares[0], i) ? 1 : 0;
    if (ok)
        find_close(lint, &shares[0], wrong);
    for (guint t = 0; t < n; t++)
        share_clear(&shares[t]);
    return ok;
}

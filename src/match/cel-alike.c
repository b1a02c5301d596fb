/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-alike.h"

#include <math.h>
#include <string.h>

enum {
    MIN_COMMON = 125, /* channels, as in the search */
    OF_FIRST = 4,     /* references of the best candidate that others are compared with */
    BEST = 20,        /* different substances whose scores make mean and sd */
    FEW = 10,
};

/* ---- what the tables say ---- */

/* Ids of imports are made from names by various rules: only letters and digits count. */
static gboolean same_name(const char *a, const char *b)
{
    while (TRUE) {
        while (*a != '\0' && !g_ascii_isalnum(*a))
            a++;
        while (*b != '\0' && !g_ascii_isalnum(*b))
            b++;
        if (*a == '\0' || g_ascii_tolower(*a) != g_ascii_tolower(*b))
            return *a == *b;
        a++;
        b++;
    }
}

static gboolean lists(const CelSubstance *a, const char *id)
{
    for (gsize i = 0; a->lookalikes != NULL && a->lookalikes[i] != NULL; i++)
        if (same_name(a->lookalikes[i], id))
            return TRUE;
    return FALSE;
}

gboolean cel_outcome_alike(const CelSubstance *a, const CelSubstance *b)
{
    const gboolean same_group = *a->group_id != '\0' && strcmp(a->group_id, b->group_id) == 0;
    return strcmp(a->id, b->id) == 0 || same_group || lists(a, b->id) || lists(b, a->id);
}

/* ---- what the references show ---- */

double cel_alike_similarity(const CelSearch *search, guint a, guint b)
{
    const CelView *x = cel_search_view(search, a), *y = cel_search_view(search, b);
    CelOverlap overlap;
    double views[CEL_N_VIEWS];
    if (!cel_view_overlap(x, y, 0, &overlap) || overlap.to - overlap.from < MIN_COMMON)
        return 0;
    cel_view_scores(x, y, 0, &overlap, views);
    return CLAMP(cel_views_fuse(views, 0), 0, 1);
}

static int by_value(gconstpointer a, gconstpointer b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Neighbours in the library are neighbours here: the references of a substance stand together. */
double cel_alike_limit(const CelSearch *search, const guint8 *is_measured)
{
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) seen =
        g_array_new(FALSE, FALSE, sizeof(guint)); /* the pairs' first entries */
    const guint n = cel_search_size(search);
    for (guint i = 1; i < n; i++)
        if (is_measured[i] && is_measured[i - 1] &&
            cel_search_slot(search, i) == cel_search_slot(search, i - 1))
            g_array_append_val(seen, i);
    const guint stride = MAX(1, (seen->len + CEL_ALIKE_PAIRS - 1) / CEL_ALIKE_PAIRS);
    for (guint k = 0; k < seen->len; k += stride) {
        const guint i = g_array_index(seen, guint, k);
        const double value = cel_alike_similarity(search, i - 1, i);
        g_array_append_val(pairs, value);
    }
    if (pairs->len < CEL_ALIKE_LEAST)
        return CEL_ALIKE_DEFAULT;
    g_array_sort(pairs, by_value);
    return g_array_index(pairs, double, pairs->len / 2);
}

/* ---- the best candidate among the others ---- */

static guint references_of(const CelSearch *search, const CelCandidate *first, guint *out)
{
    guint n = 0;
    out[n++] = first->entry;
    for (guint i = 0; i < cel_search_size(search) && n < OF_FIRST; i++)
        if (cel_search_slot(search, i) == first->slot && i != first->entry)
            out[n++] = i;
    return n;
}

typedef struct {
    double sample[CEL_ALIKE_DEPTH], reference[CEL_ALIKE_DEPTH];
    guint n;
} Others;

static double correlation(const Others *o)
{
    double a = 0, b = 0, ab = 0, aa = 0, bb = 0;
    for (guint i = 0; i < o->n; i++) {
        a += o->sample[i] / o->n;
        b += o->reference[i] / o->n;
    }
    for (guint i = 0; i < o->n; i++) {
        ab += (o->sample[i] - a) * (o->reference[i] - b);
        aa += (o->sample[i] - a) * (o->sample[i] - a);
        bb += (o->reference[i] - b) * (o->reference[i] - b);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

/* Scores come best first. */
static CelCohort cohort_of(const Others *o)
{
    CelCohort out = {.n = o->n};
    const guint n = MIN(o->n, BEST);
    if (o->n < FEW)
        return out;
    for (guint i = 0; i < o->n; i++)
        out.nearest = MAX(out.nearest, o->reference[i]);
    for (guint i = 0; i < n; i++)
        out.mean += o->sample[i] / n;
    for (guint i = 0; i < n; i++)
        out.sd += (o->sample[i] - out.mean) * (o->sample[i] - out.mean) / n;
    out.sd = MAX(sqrt(out.sd), 0.01);
    out.profile = correlation(o);
    return out;
}

/* The references of the first candidate, looked for when they are needed. */
typedef struct {
    guint entries[OF_FIRST], n;
} First;

static double compared(const CelAlikeInput *in, First *first, guint entry)
{
    double out = 0;
    if (first->n == 0)
        first->n =
            references_of(in->search, &g_array_index(in->ranked, CelCandidate, 0), first->entries);
    for (guint f = 0; f < first->n; f++)
        out = MAX(out, cel_alike_similarity(in->search, first->entries[f], entry));
    return out;
}

GHashTable *cel_alike_known_new(void)
{
    return g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}

/* Of two references: it does not hang on the sample, so a disturbed copy has it as well. */
static double likeness(const CelAlikeInput *in, First *first, guint entry)
{
    const guint of = g_array_index(in->ranked, CelCandidate, 0).entry;
    const gint64 key = (gint64)of << 32 | entry;
    const double *known = in->known != NULL ? g_hash_table_lookup(in->known, &key) : NULL;
    if (known != NULL)
        return *known;
    const double value = compared(in, first, entry);
    if (in->known != NULL)
        g_hash_table_insert(in->known, g_memdup2(&key, sizeof key),
                            g_memdup2(&value, sizeof value));
    return value;
}

CelCohort cel_alike_cohort(const CelAlikeInput *in, double *out_likeness)
{
    First first = {.n = 0};
    Others others = {.n = 0};
    if (in->ranked->len == 0)
        return (CelCohort){0};
    for (guint i = 0; i < MIN(in->ranked->len, CEL_ALIKE_DEPTH); i++) {
        const CelCandidate *c = &g_array_index(in->ranked, CelCandidate, i);
        const gboolean compare =
            i > 0 && in->measured(in->user_data, 0) && in->measured(in->user_data, i);
        out_likeness[i] = compare ? likeness(in, &first, c->entry) : i == 0;
        if (i == 0 || out_likeness[i] >= in->limit || in->stated(in->user_data, i))
            continue;
        others.sample[others.n] = c->score;
        others.reference[others.n++] = out_likeness[i];
    }
    return cohort_of(&others);
}

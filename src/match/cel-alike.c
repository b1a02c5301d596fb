/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-alike.h"

#include <string.h>

enum {
    MIN_COMMON = 125, /* channels, as in the search */
    OF_FIRST = 4,     /* references of the best candidate that others are compared with */
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

static int by_slots(gconstpointer a, gconstpointer b)
{
    const CelAlikePair *x = a, *y = b;
    for (guint i = 0; i < 2; i++)
        if (x->slots[i] != y->slots[i])
            return x->slots[i] < y->slots[i] ? -1 : 1;
    return x->similarity > y->similarity ? -1 : x->similarity < y->similarity;
}

static int by_similarity(gconstpointer a, gconstpointer b)
{
    const CelAlikePair *x = a, *y = b;
    return x->similarity > y->similarity ? -1 : x->similarity < y->similarity ? 1 : by_slots(a, b);
}

/* Of the pairs of one two slots only the first, best one stays. */
static void keep_best(GArray *pairs)
{
    guint n = 0;
    g_array_sort(pairs, by_slots);
    for (guint i = 0; i < pairs->len; i++) {
        const CelAlikePair *p = &g_array_index(pairs, CelAlikePair, i);
        const CelAlikePair *last = n > 0 ? &g_array_index(pairs, CelAlikePair, n - 1) : NULL;
        if (last == NULL || last->slots[0] != p->slots[0] || last->slots[1] != p->slots[1])
            g_array_index(pairs, CelAlikePair, n++) = *p;
    }
    g_array_set_size(pairs, n);
}

GArray *cel_alike_map(const CelSearch *search, const guint8 *is_measured, double limit)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(CelAlikePair));
    for (guint i = 0; i < cel_search_size(search); i++) {
        for (guint k = i + 1; is_measured[i] && k < cel_search_size(search); k++) {
            const guint a = cel_search_slot(search, i), b = cel_search_slot(search, k);
            if (!is_measured[k] || a == b)
                continue;
            const CelAlikePair pair = {{MIN(a, b), MAX(a, b)},
                                       {a < b ? i : k, a < b ? k : i},
                                       cel_alike_similarity(search, i, k)};
            if (pair.similarity >= limit)
                g_array_append_val(pairs, pair);
        }
    }
    keep_best(pairs);
    g_array_sort(pairs, by_similarity);
    return pairs;
}

/* ---- the best candidate and the others ---- */

static guint references_of(const CelSearch *search, const CelCandidate *first, guint *out)
{
    guint n = 0;
    out[n++] = first->entry;
    for (guint i = 0; i < cel_search_size(search) && n < OF_FIRST; i++)
        if (cel_search_slot(search, i) == first->slot && i != first->entry)
            out[n++] = i;
    return n;
}

void cel_alike_likeness(const CelSearch *search, const GArray *ranked, const guint8 *is_measured,
                        double *out)
{
    guint first[OF_FIRST], n_first = 0;
    for (guint i = 0; i < CEL_ALIKE_DEPTH; i++)
        out[i] = 0;
    if (ranked->len > 0)
        n_first = references_of(search, &g_array_index(ranked, CelCandidate, 0), first);
    for (guint i = 0; i < MIN(ranked->len, CEL_ALIKE_DEPTH); i++) {
        const guint entry = g_array_index(ranked, CelCandidate, i).entry;
        out[i] = i == 0;
        for (guint f = 0; i > 0 && f < n_first; f++)
            if (is_measured[first[f]] && is_measured[entry])
                out[i] = MAX(out[i], cel_alike_similarity(search, first[f], entry));
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hoare's selection (1961, Commun. ACM 4, 321). Of noise every comparison is a coin toss, which a
 * processor cannot foresee: so nothing branches on one, each number is written to both ends of the
 * part that is sorted out, and only one of the two ends moves. */
#include "process/cel-select.h"

enum { FEW = 12, ON_STACK = 512 };

static double middle_of(double a, double b, double c)
{
    const double low = MIN(a, b), high = MAX(a, b);
    return c < low ? low : c > high ? high : c;
}

/* Nearly the median of the numbers: the middle of three middles. */
static double pivot_of(const double *v, gsize n)
{
    const gsize step = n / 9;
    double middle[3];
    for (gsize k = 0; k < 3; k++)
        middle[k] = middle_of(v[3 * k * step], v[(3 * k + 1) * step], v[(3 * k + 2) * step]);
    return middle_of(middle[0], middle[1], middle[2]);
}

/* Those below @pivot to the front of @out, all others to its end. Returns: how many are below. */
static gsize part_below(const double *v, gsize n, double pivot, double *out)
{
    gsize low = 0, high = n;
    for (gsize i = 0; i < n; i++) {
        const double value = v[i];
        const gsize below = value < pivot;
        out[low] = value;
        out[high - 1] = value;
        low += below;
        high -= 1 - below;
    }
    return low;
}

/* The same for those that are not above @pivot. */
static gsize part_up_to(const double *v, gsize n, double pivot, double *out)
{
    gsize low = 0, high = n;
    for (gsize i = 0; i < n; i++) {
        const double value = v[i];
        const gsize up_to = !(pivot < value);
        out[low] = value;
        out[high - 1] = value;
        low += up_to;
        high -= 1 - up_to;
    }
    return low;
}

static void sort_few(double *v, gsize n)
{
    for (gsize i = 1; i < n; i++) {
        const double value = v[i];
        gsize k = i;
        for (; k > 0 && value < v[k - 1]; k--)
            v[k] = v[k - 1];
        v[k] = value;
    }
}

static double least(const double *v, gsize n)
{
    double out = v[0];
    for (gsize i = 1; i < n; i++)
        out = MIN(out, v[i]);
    return out;
}

static double greatest(const double *v, gsize n)
{
    double out = v[0];
    for (gsize i = 1; i < n; i++)
        out = MAX(out, v[i]);
    return out;
}

/* The numbers at ranks @low and @high, the same or the next. */
typedef struct {
    gsize low, high;
    double at_low, at_high;
} Wanted;

/* @v and @other: each as long as the numbers, which stand in @v. */
static void select_from(double *v, double *other, gsize n, Wanted *w)
{
    while (n > FEW) {
        const double pivot = pivot_of(v, n);
        gsize below = part_below(v, n, pivot, other);
        const gboolean is_least = below == 0; /* then all that are equal to it stand in front */
        if (is_least)
            below = part_up_to(v, n, pivot, other);
        if (w->low < below && (is_least || w->high >= below)) {
            w->at_low = is_least ? pivot : greatest(other, below);
            w->at_high = w->high < below ? pivot : least(other + below, n - below);
            return;
        }
        const gboolean left = w->low < below;
        double *next = left ? other : other + below;
        other = left ? v : v + below;
        v = next;
        n = left ? below : n - below;
        w->low -= left ? 0 : below;
        w->high -= left ? 0 : below;
    }
    sort_few(v, n);
    w->at_low = v[w->low];
    w->at_high = v[w->high];
}

static void find(double *values, gsize n, Wanted *w)
{
    double stack[ON_STACK];
    g_autofree double *heap = n > ON_STACK ? g_new(double, n) : NULL;
    select_from(values, heap != NULL ? heap : stack, n, w);
}

double cel_select(double *values, gsize n, gsize rank)
{
    g_return_val_if_fail(rank < n, 0.0);
    Wanted w = {.low = rank, .high = rank};
    find(values, n, &w);
    return w.at_low;
}

double cel_median(double *values, gsize n)
{
    g_return_val_if_fail(n > 0, 0.0);
    Wanted w = {.low = (n - 1) / 2, .high = n / 2};
    find(values, n, &w);
    return w.low == w.high ? w.at_low : (w.at_low + w.at_high) / 2.0;
}

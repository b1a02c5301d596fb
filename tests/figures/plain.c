/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plain.h"

#include "match/cel-score.h"

#include <math.h>

enum { HALF = 5, MIN_COMMON = 125 };

static void clear(gpointer data)
{
    Plain *one = data;
    cel_view_free(one->view);
    g_free(one->slope);
    g_free(one->sum);
}

GArray *plain_new(void)
{
    GArray *plain = g_array_new(FALSE, FALSE, sizeof(Plain));
    g_array_set_clear_func(plain, clear);
    return plain;
}

static Plain make(guint slot, CelView *view)
{
    g_autofree double *room = g_new(double, 2 * view->n);
    Plain one = {slot, view, g_new(float, view->n), g_new0(double, view->n + 1)};
    for (guint k = 0; k < view->n; k++)
        room[k] = (double)view->level[k];
    cel_score_slope(room, view->n, HALF, room + view->n);
    for (guint k = 0; k < view->n; k++) {
        one.slope[k] = (float)room[view->n + k];
        one.sum[k + 1] = one.sum[k] + room[view->n + k] * room[view->n + k];
    }
    return one;
}

void plain_add(GArray *plain, guint slot, CelView *view)
{
    const Plain one = make(slot, view);
    g_array_append_val(plain, one);
}

static double cosine(const Plain *a, const Plain *b)
{
    CelOverlap o;
    if (!cel_view_overlap(a->view, b->view, 0, &o) || o.to - o.from < MIN_COMMON)
        return -1;
    const guint n = o.to - o.from, i = o.from - a->view->first, k = o.from - b->view->first;
    const double aa = a->sum[i + n] - a->sum[i], bb = b->sum[k + n] - b->sum[k];
    return aa > 0 && bb > 0 ? cel_score_dot(a->slope + i, b->slope + k, n) / sqrt(aa * bb) : -1;
}

void plain_scores(const GArray *plain, const CelView *sample, double *scores, guint n_slots)
{
    Plain asked = make(0, (CelView *)sample);
    for (guint s = 0; s < n_slots; s++)
        scores[s] = -1;
    for (guint i = 0; i < plain->len; i++) {
        const Plain *one = &g_array_index(plain, Plain, i);
        scores[one->slot] = MAX(scores[one->slot], cosine(&asked, one));
    }
    g_free(asked.slope);
    g_free(asked.sum);
}

guint plain_rank(const double *scores, guint n_slots, guint slot)
{
    guint rank = 0;
    for (guint s = 0; s < n_slots; s++)
        rank += scores[s] > scores[slot];
    return rank;
}

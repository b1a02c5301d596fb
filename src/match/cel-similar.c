/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-similar.h"

static double at_lag(const CelView *a, const CelView *b, int lag)
{
    CelOverlap overlap;
    if (!cel_view_overlap(a, b, lag, &overlap) || overlap.to - overlap.from < CEL_SIMILAR_MIN)
        return 0;
    double scores[CEL_N_VIEWS];
    cel_view_scores(a, b, lag, &overlap, scores);
    return cel_views_fuse(scores, 0);
}

double cel_similar(const CelView *a, const CelView *b, int reach)
{
    double best = 0;
    for (int lag = -reach; lag <= reach; lag++)
        best = MAX(best, at_lag(a, b, lag));
    return MIN(best, 1);
}

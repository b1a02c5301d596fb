/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-weigh.h"

#include "match/cel-alike.h"

#include <math.h>

#define TERM(name, the_id, the_weight) [CEL_TERM_##name] = {.id = the_id, .weight = the_weight},
const CelTermDef cel_terms[CEL_N_TERMS] = {
#include "cel-weights.def"
};
static const double constant = CEL_WEIGHTS_CONSTANT;

/* Band tables only ever give a lead: a rounded logistic fit, see README. */
#define TABLE_MARGIN 1.5
#define TABLE_BANDS  0.75

#define STANDS_AT_MOST 10.0

static const CelHit *hit_at(const GPtrArray *hits, guint i)
{
    return g_ptr_array_index(hits, i);
}

gboolean cel_weigh_alike(const GPtrArray *hits, guint i)
{
    const CelHit *hit = hit_at(hits, i);
    return hit->resembles || cel_outcome_alike(hit_at(hits, 0)->substance, hit->substance);
}

guint cel_weigh_next(const GPtrArray *hits, gboolean alike)
{
    for (guint i = 1; i < hits->len; i++)
        if (cel_weigh_alike(hits, i) == alike)
            return i;
    return 0;
}

double cel_weigh_margin(const GPtrArray *hits, gboolean alike)
{
    if (hits->len == 0)
        return 0;
    const guint next = cel_weigh_next(hits, alike);
    return hit_at(hits, 0)->score - (next > 0 ? hit_at(hits, next)->score : 0);
}

static double worst_view(const CelHit *hit)
{
    double out = 1;
    for (guint v = 0; v < CEL_N_VIEWS; v++)
        if (!isnan(hit->views[v]))
            out = MIN(out, hit->views[v]);
    return out;
}

static double strongest_missing(const CelHit *hit)
{
    double out = 0;
    for (guint i = 0; i < hit->missing->len; i++)
        out = MAX(out, g_array_index(hit->missing, CelPeakPair, i).reference_intensity);
    return out;
}

void cel_weigh_terms(const CelIdentification *answer, double out[CEL_N_TERMS])
{
    for (guint t = 0; t < CEL_N_TERMS; t++)
        out[t] = 0;
    if (answer->hits->len == 0)
        return;
    const CelHit *hit = hit_at(answer->hits, 0);
    const CelCohort *cohort = &answer->cohort;
    const double u = answer->quality.axis_u_cm1 > 0 ? answer->quality.axis_u_cm1 : 1.0;
    out[CEL_TERM_SCORE] = hit->score;
    out[CEL_TERM_MARGIN] = cel_weigh_margin(answer->hits, FALSE);
    if (cohort->sd > 0)
        out[CEL_TERM_STANDS] = MIN((hit->score - cohort->mean) / cohort->sd, STANDS_AT_MOST);
    out[CEL_TERM_PROFILE] = cohort->profile;
    out[CEL_TERM_NEAREST] = cohort->nearest;
    out[CEL_TERM_WORST] = worst_view(hit);
    out[CEL_TERM_FOUND] = hit->found;
    out[CEL_TERM_EXPLAINED] = hit->explained;
    out[CEL_TERM_CLOSENESS] = hit->closeness;
    out[CEL_TERM_BANDS] = log1p(hit->matched->len);
    out[CEL_TERM_MISSING] = strongest_missing(hit);
    out[CEL_TERM_EXTRA] = answer->extra_height;
    out[CEL_TERM_SHIFT] = fabs(hit->shift_applied_cm1) / u;
}

double cel_weigh(const CelIdentification *answer)
{
    if (answer->hits->len == 0)
        return 0;
    const CelHit *first = hit_at(answer->hits, 0);
    if (first->reference == NULL)
        return first->score + TABLE_MARGIN * cel_weigh_margin(answer->hits, FALSE) +
               TABLE_BANDS * first->peak_score;
    double terms[CEL_N_TERMS], sum = constant;
    cel_weigh_terms(answer, terms);
    for (guint t = 0; t < CEL_N_TERMS; t++)
        sum += cel_terms[t].weight * terms[t];
    return sum;
}

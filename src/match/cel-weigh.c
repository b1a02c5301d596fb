/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "match/cel-weigh.h"

#include "match/cel-alike.h"

#define TERM(name, the_id, the_weight) [CEL_TERM_##name] = {.id = the_id, .weight = the_weight},
const CelTermDef cel_terms[CEL_N_TERMS] = {
#include "cel-weights.def"
};
static const double constant = CEL_WEIGHTS_CONSTANT;

/* Beyond, a margin says more about how few substances the library has than about the sample. */
#define MARGIN_AT_MOST 0.30

double cel_weigh_level(void)
{
    return CEL_WEIGHTS_LEVEL;
}

/* Band tables only ever give a lead: a rounded logistic fit, see README. */
#define TABLE_MARGIN 1.5
#define TABLE_BANDS  0.75

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

void cel_weigh_terms(const CelIdentification *answer, double out[CEL_N_TERMS])
{
    for (guint t = 0; t < CEL_N_TERMS; t++)
        out[t] = 0;
    if (answer->hits->len == 0)
        return;
    const CelHit *hit = hit_at(answer->hits, 0);
    out[CEL_TERM_SCORE] = hit->score;
    out[CEL_TERM_MARGIN] = MIN(cel_weigh_margin(answer->hits, FALSE), MARGIN_AT_MOST);
    out[CEL_TERM_FOUND] = hit->found;
    out[CEL_TERM_EXPLAINED] = hit->explained;
    out[CEL_TERM_CLOSENESS] = hit->closeness;
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

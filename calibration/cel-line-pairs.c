/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-line-pairs.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* An axis may be stretched besides being shifted: this far a line may lie from the common offset,
 * but never further than to 0.4 of the way to the next accepted line. */
static const double REACH = 8.0, REACH_SHARE = 0.4;
static const double MIN_FOUND = 0.6, MIN_EXPLAINED = 0.5, MIN_OF_STRONGEST = 0.25, WORTH = 0.1;

void cel_pairs_clear(CelPairs *pairs)
{
    g_clear_pointer(&pairs->line_of, g_free);
}

/* The part of the axis that speaks for or against the standard. One line alone is so easily met by
 * chance that a standard of one line must be alone in the whole spectrum. */
static void window(const CelPairsQuestion *q, double *out_from, double *out_to)
{
    const CelStandard *s = q->standard;
    const gboolean one = s->n_lines == 1;
    *out_from = one ? q->range[0] : s->lines[0].value - q->max_offset;
    *out_to = one ? q->range[1] : s->lines[s->n_lines - 1].value + q->max_offset;
}

/* Whether line @i can be one of the standard's, or disturbs them. */
static gboolean counts(const CelPairsQuestion *q, gsize i)
{
    const CelMeasuredLine *line = &g_array_index(q->lines, CelMeasuredLine, i);
    double from = 0.0, to = 0.0;
    window(q, &from, &to);
    return line->fwhm <= q->max_width && line->position >= from && line->position <= to;
}

static double weight_of(const CelStandardLine *line)
{
    return line->weight > 0.0 ? line->weight : 0.1;
}

static const CelMeasuredLine *measured(const CelPairsQuestion *q, gsize i)
{
    return &g_array_index(q->lines, CelMeasuredLine, i);
}

static double reach(const CelStandard *s, gsize k)
{
    double nearest = INFINITY;
    if (k > 0)
        nearest = s->lines[k].value - s->lines[k - 1].value;
    if (k + 1 < s->n_lines)
        nearest = fmin(nearest, s->lines[k + 1].value - s->lines[k].value);
    return fmin(REACH, REACH_SHARE * nearest);
}

static gssize nearest_line(const CelPairsQuestion *q, double at, double within)
{
    gssize best = CEL_PAIR_NONE;
    double distance = within;
    for (gsize i = 0; i < q->lines->len; i++)
        if (counts(q, i) && fabs(measured(q, i)->position - at) <= distance) {
            distance = fabs(measured(q, i)->position - at);
            best = (gssize)i;
        }
    return best;
}

static double weight_at(const CelPairsQuestion *q, double offset)
{
    double sum = 0.0;
    for (gsize k = 0; k < q->standard->n_lines; k++) {
        const CelStandardLine *line = &q->standard->lines[k];
        const double within = reach(q->standard, k);
        const gssize i = nearest_line(q, line->value + offset, within);
        if (i !=
            CEL_PAIR_NONE) /* the nearer the better, so that the offset settles in the middle */
            sum +=
                weight_of(line) *
                (1.0 - 0.5 * fabs(measured(q, (gsize)i)->position - line->value - offset) / within);
    }
    return sum;
}

static double best_offset(const CelPairsQuestion *q)
{
    double best = 0.0, best_weight = weight_at(q, 0.0);
    for (gsize k = 0; k < q->standard->n_lines; k++)
        for (gsize i = 0; i < q->lines->len; i++) {
            const double offset = measured(q, i)->position - q->standard->lines[k].value;
            if (fabs(offset) > q->max_offset || !counts(q, i))
                continue;
            const double weight = weight_at(q, offset);
            if (weight > best_weight || (weight == best_weight && fabs(offset) < fabs(best))) {
                best_weight = weight;
                best = offset;
            }
        }
    return best;
}

/* Two accepted lines never share a measured one: the nearer keeps it. */
static void pair_up(const CelPairsQuestion *q, CelPairs *pairs)
{
    const CelStandard *s = q->standard;
    for (gsize k = 0; k < s->n_lines; k++) {
        const double at = s->lines[k].value + pairs->offset;
        gssize i = nearest_line(q, at, reach(s, k));
        for (gsize other = 0; i != CEL_PAIR_NONE && other < k; other++) {
            if (pairs->line_of[other] != i)
                continue;
            const double position = measured(q, (gsize)i)->position;
            if (fabs(position - at) < fabs(position - s->lines[other].value - pairs->offset))
                pairs->line_of[other] = CEL_PAIR_NONE;
            else
                i = CEL_PAIR_NONE;
        }
        pairs->line_of[k] = i;
    }
}

/* Whether the spectrum must show line @k whatever the offset. */
static gboolean must_show(const CelPairsQuestion *q, gsize k)
{
    const CelStandardLine *line = &q->standard->lines[k];
    return line->for_check && line->value - q->max_offset >= q->range[0] &&
           line->value + q->max_offset <= q->range[1];
}

static double highest(const CelPairsQuestion *q)
{
    double top = 0.0;
    for (gsize i = 0; i < q->lines->len; i++)
        top = counts(q, i) ? fmax(top, measured(q, i)->height) : top;
    return top;
}

/* Ripple and correlated noise give hundreds of small lines: what is below a tenth of the highest
 * neither proves nor disproves a standard. */
static double explained_share(const CelPairsQuestion *q, const CelPairs *pairs)
{
    const double least = WORTH * highest(q);
    double all = 0.0, explained = 0.0;
    for (gsize i = 0; i < q->lines->len; i++)
        all += counts(q, i) && measured(q, i)->height >= least ? measured(q, i)->height : 0.0;
    for (gsize k = 0; k < q->standard->n_lines; k++) {
        const gssize i = pairs->line_of[k];
        if (i != CEL_PAIR_NONE && measured(q, (gsize)i)->height >= least)
            explained += measured(q, (gsize)i)->height;
    }
    return all > 0.0 ? explained / all : 0.0;
}

static gboolean not_this(const CelPairsQuestion *q, const char *why, GError **error)
{
    g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                _("The spectrum does not look like %s: %s. Check that the named standard was "
                  "measured, in focus, in the dark and without its container"),
                q->standard->name_en, why);
    return FALSE;
}

static gboolean looks_right(const CelPairsQuestion *q, const CelPairs *pairs, GError **error)
{
    double wanted = 0.0, found = 0.0;
    gsize strongest = q->standard->n_lines;
    for (gsize k = 0; k < q->standard->n_lines; k++) {
        const double weight = weight_of(&q->standard->lines[k]);
        if (!must_show(q, k))
            continue;
        wanted += weight;
        found += pairs->line_of[k] != CEL_PAIR_NONE ? weight : 0.0;
        if (strongest == q->standard->n_lines || weight > weight_of(&q->standard->lines[strongest]))
            strongest = k;
    }
    if (strongest == q->standard->n_lines)
        return not_this(q, _("none of its lines lies within the measured range"), error);
    const gssize i = pairs->line_of[strongest];
    if (i == CEL_PAIR_NONE || measured(q, (gsize)i)->height < MIN_OF_STRONGEST * highest(q)) {
        g_autofree char *why = g_strdup_printf(_("its strongest line at %.1f is missing or weak"),
                                               q->standard->lines[strongest].value);
        return not_this(q, why, error);
    }
    if (found < MIN_FOUND * wanted)
        return not_this(q, _("most of its strong lines are missing"), error);
    return pairs->explained >= MIN_EXPLAINED ||
           not_this(q, _("most of what was measured belongs to something else"), error);
}

gboolean cel_pairs_find(const CelPairsQuestion *question, CelPairs *out_pairs, GError **error)
{
    *out_pairs = (CelPairs){.line_of = g_new(gssize, question->standard->n_lines),
                            .offset = best_offset(question)};
    pair_up(question, out_pairs);
    out_pairs->explained = explained_share(question, out_pairs);
    if (looks_right(question, out_pairs, error))
        return TRUE;
    cel_pairs_clear(out_pairs);
    return FALSE;
}

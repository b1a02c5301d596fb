/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-control-chart.h"

#include "base/cel-error.h"

#include <glib/gi18n-lib.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>

static const CelChartRuleDef rules[CEL_CHART_N_RULES] = {
    {CEL_CHART_1_2S, "1-2s", N_("one value outside two standard deviations"), TRUE},
    {CEL_CHART_1_3S, "1-3s", N_("one value outside three standard deviations"), FALSE},
    {CEL_CHART_2_2S, "2-2s", N_("two in a row outside two standard deviations, same side"), FALSE},
    {CEL_CHART_R_4S, "R-4s", N_("two in a row outside two standard deviations, opposite sides"),
     FALSE},
    {CEL_CHART_4_1S, "4-1s", N_("four in a row outside one standard deviation, same side"), FALSE},
    {CEL_CHART_10X, "10x", N_("ten in a row on the same side of the centre"), FALSE},
};

const CelChartRuleDef *cel_chart_rules(void)
{
    return rules;
}

gboolean cel_chart_base(const double *values, gsize n, double resolution, CelChartBase *out_base,
                        GError **error)
{
    gboolean usable = n >= CEL_CHART_MIN_BASE;
    for (gsize i = 0; usable && i < n; i++)
        usable = isfinite(values[i]);
    if (!usable) {
        g_set_error(error, CEL_ERROR, CEL_ERROR_INPUT,
                    _("A control chart needs %d earlier checks to know what is usual; there are "
                      "%zu. The check itself counts all the same"),
                    CEL_CHART_MIN_BASE, n);
        return FALSE;
    }
    *out_base = (CelChartBase){.centre = gsl_stats_mean(values, 1, n),
                               .sd = fmax(gsl_stats_sd(values, 1, n), resolution),
                               .n = n};
    return TRUE;
}

/* Whether the last @count of the @n values all lie more than @limit standard deviations off, on
 * one side. */
static gboolean run(const double *z, gsize n, gsize count, double limit)
{
    gboolean above = n >= count, below = above;
    for (gsize i = n - MIN(n, count); i < n; i++) {
        above = above && z[i] > limit;
        below = below && z[i] < -limit;
    }
    return above || below;
}

guint cel_chart_judge(const CelChartBase *base, const double *values, gsize n)
{
    enum { LONGEST = 10 };
    double z[LONGEST];
    const gsize kept = MIN(n, LONGEST);
    for (gsize i = 0; i < kept; i++) {
        const double value = values[n - kept + i];
        z[i] = isfinite(value) ? (value - base->centre) / base->sd : INFINITY;
    }
    const gboolean opposite = kept >= 2 && fabs(z[kept - 1]) > 2.0 && fabs(z[kept - 2]) > 2.0 &&
                              (z[kept - 1] > 0.0) != (z[kept - 2] > 0.0);
    return (run(z, kept, 1, 2.0) ? CEL_CHART_1_2S : 0U) |
           (run(z, kept, 1, 3.0) ? CEL_CHART_1_3S : 0U) |
           (run(z, kept, 2, 2.0) ? CEL_CHART_2_2S : 0U) | (opposite ? CEL_CHART_R_4S : 0U) |
           (run(z, kept, 4, 1.0) ? CEL_CHART_4_1S : 0U) |
           (run(z, kept, LONGEST, 0.0) ? CEL_CHART_10X : 0U);
}

gboolean cel_chart_rejects(guint broken)
{
    gboolean rejects = FALSE;
    for (gsize i = 0; i < CEL_CHART_N_RULES; i++)
        rejects = rejects || ((broken & rules[i].rule) != 0 && !rules[i].warning_only);
    return rejects;
}

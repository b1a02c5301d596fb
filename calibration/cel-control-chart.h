/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Control charts of one quantity of one instrument (or operator): whether the newest check belongs
 * to the instrument's own past. A check can pass its limits and still warn here: drift shows before
 * it hurts. Rules of Westgard, Barry, Hunt, Groth 1981, Clin. Chem. 27, 493; 10x is theirs too. */

/** CelChartRule: bits of what the newest value breaks. */
typedef enum {
    CEL_CHART_1_2S = 1 << 0, /* outside 2 sd: a warning, alone no more */
    CEL_CHART_1_3S = 1 << 1, /* outside 3 sd */
    CEL_CHART_2_2S = 1 << 2, /* the last two outside 2 sd on the same side */
    CEL_CHART_R_4S = 1 << 3, /* the last two outside 2 sd on different sides */
    CEL_CHART_4_1S = 1 << 4, /* the last four outside 1 sd on the same side */
    CEL_CHART_10X = 1 << 5,  /* the last ten on the same side of the centre */
} CelChartRule;

enum { CEL_CHART_N_RULES = 6, CEL_CHART_MIN_BASE = 10 };

/** CelChartRuleDef: one row of the table of rules. */
typedef struct {
    CelChartRule rule;
    const char *id;    /* "1-2s", ... in records and JSON */
    const char *title; /* N_() */
    gboolean warning_only;
} CelChartRuleDef;

/** cel_chart_rules: Returns: (transfer none): CEL_CHART_N_RULES rows, in the order of the bits. */
const CelChartRuleDef *cel_chart_rules(void);

/** CelChartBase: what "as always" means: from the first checks after a calibration. */
typedef struct {
    double centre, sd; /* mean and sample standard deviation */
    gsize n;           /* values they stand on */
} CelChartBase;

/**
 * cel_chart_base:
 * @values: @n finite values, oldest first
 * @resolution: smallest step of such a value, > 0; a standard deviation below it is raised to it,
 *   so that a run of equal values does not make every later one an alarm
 * Returns: FALSE with CEL_ERROR_INPUT when there are fewer than CEL_CHART_MIN_BASE values or one is
 *   not finite: too few to say what is usual. Thread-safe: yes.
 */
gboolean cel_chart_base(const double *values, gsize n, double resolution, CelChartBase *out_base,
                        GError **error);

/**
 * cel_chart_judge:
 * @values: @n values since the base, oldest first; the last one is judged
 * Returns: the rules it breaks together with those before it, 0: none. A value exactly on a limit
 *   does not break it; a value that is not finite breaks CEL_CHART_1_3S. Thread-safe: yes.
 */
guint cel_chart_judge(const CelChartBase *base, const double *values, gsize n);

/** cel_chart_rejects: Returns: whether @broken holds a rule that is more than a warning. */
gboolean cel_chart_rejects(guint broken);

G_END_DECLS

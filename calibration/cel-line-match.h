/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "cel-standard.h"

G_BEGIN_DECLS

/* Which line is which: measured positions against tables of accepted ones, by the pattern alone. */

enum { CEL_LINE_MATCH_MAX_LINES = 72, CEL_LINE_MATCH_TERMS = 5 };

/** CelMatchLine: one measured line. */
typedef struct {
    double pixel;
    double strength;
    guint lamp;      /* index into .lamps of the problem */
    gboolean coarse; /* saturated: known to about a pixel */
} CelMatchLine;

/** CelMatchProblem: all borrowed. */
typedef struct {
    const CelMatchLine *lines; /* rising pixel, 5..CEL_LINE_MATCH_MAX_LINES */
    guint n_lines;
    const CelStandard *const *lamps;
    guint n_lamps;
    gsize n_pixels; /* of the detector */
    gboolean quick; /* a first look only, to tell one lamp from another */
} CelMatchProblem;

/** CelMatch: the best pattern. */
typedef struct {
    gint *reference;           /* one a line: index into the lamp's lines, -1: none, or not certain:
                                  another solution nearly as good gives it another one */
    double centre_px, half_px; /* t = (pixel - centre) / half */
    double c[CEL_LINE_MATCH_TERMS]; /* nm in air: sum of c[k] t^k */
    guint n_uncertain;
    /* Expected number of patterns as good as this one and the best truly other one, were the lines
     * scattered by chance (a contrario: Moisan & Stival 2004, Int. J. Comput. Vis. 57, 201), in
     * powers of ten; the other is +INFINITY when there is none. */
    double false_alarms_log10, runner_up_log10;
    gboolean
        certain; /* so few false alarms, and the other so far behind, that it may be believed */
} CelMatch;

/** cel_match_free: @match: (nullable) */
void cel_match_free(CelMatch *match);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelMatch, cel_match_free)

/** cel_match_nm: Returns: the match's wavelength (nm in air) at @pixel. */
double cel_match_nm(const CelMatch *match, double pixel);

/**
 * cel_line_match:
 * Every triple of table lines that optics allow is tried for triples of strong measured lines, all
 * lines vote, the best hypotheses are refined. Where all lines of a table decide nothing, its
 * strongest alone are tried. Limits: within 200..1100 nm, 30..900 nm over the detector, rising;
 * dispersion at the ends within +-35 % of the middle's. Certain is what chance gives once in a
 * thousand times or less and a million times more often than any other solution.
 * Returns: (transfer full): the best pattern, certain or not; NULL with CEL_ERROR_NUMERIC when
 *   nothing at all fits, CEL_ERROR_CANCELLED. Thread-safe: yes.
 */
CelMatch *cel_line_match(const CelMatchProblem *problem, CelJob *job, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-line-match.h"

G_BEGIN_DECLS

/* Inside of the matching: curves that lines vote for. For cel-line-match.c only. */

/** CelLineCurve: nm in air over t = -1..1 from the first to the last measured line. */
typedef struct {
    double c[CEL_LINE_MATCH_TERMS];
    double score;
} CelLineCurve;

/** CelLineGrid: of one lamp, for every hundredth of a nm. */
typedef struct {
    gint16 *nearest; /* index into the lamp's lines */
    float *per_nm;   /* lines per nm within +-10 nm */
} CelLineGrid;

/** CelLineAnchor: three measured lines, by rising pixel. */
typedef struct {
    guint low, mid, high;
} CelLineAnchor;

/** CelLineSearch: the state of a search; borrows the problem. */
typedef struct {
    const CelMatchProblem *problem;
    const CelMatchLine *line;
    guint n;
    double centre_px, half_px; /* of the lines, not of the detector */
    double reach;              /* half width of the lines over that of the detector, <= 1 */
    double t[CEL_LINE_MATCH_MAX_LINES];
    guint by_strength[CEL_LINE_MATCH_MAX_LINES];
    CelLineGrid *grid;     /* one a lamp */
    GArray *kept;          /* CelLineCurve, a heap: the worst first */
    CelLineAnchor through; /* lines that every present curve hits by its making */
    guint64 n_tried;       /* curves that optics allow */
    guint n_anchors;       /* triples of measured lines they were put through */
} CelLineSearch;

enum { CEL_LINE_MAX_ANCHORS = 48 };

/** cel_line_search_init, cel_line_search_clear: @search: zeroed before, not usable after. */
void cel_line_search_init(CelLineSearch *search, const CelMatchProblem *problem);
void cel_line_search_clear(CelLineSearch *search);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelLineSearch, cel_line_search_clear)

/** cel_line_anchors: @out: CEL_LINE_MAX_ANCHORS triples of strong lines, wide apart, the best
 * first. Returns: how many. */
guint cel_line_anchors(const CelLineSearch *search, CelLineAnchor *out);

/** cel_line_search: tries all curves through @anchor; the best are in ->kept. */
void cel_line_search(CelLineSearch *search, const CelLineAnchor *anchor);

/** cel_line_curve, cel_line_slope: Returns: nm and nm per unit of @t. */
double cel_line_curve(const double *c, double t);
double cel_line_slope(const double *c, double t);

/** cel_line_nm: Returns: the accepted wavelength of entry @reference for line @i. */
double cel_line_nm(const CelLineSearch *search, guint i, gint reference);

/** cel_line_physical: Returns: whether optics allow the curve. */
gboolean cel_line_physical(const CelLineSearch *search, const double *c);

/** cel_line_assign: nearest table lines within @reach_px (coarse lines: twice that), each given
 * once. @out: one a line, -1: none. Returns: how many. */
guint cel_line_assign(const CelLineSearch *search, const double *c, double reach_px, gint *out);

/** cel_line_fit: least squares over the lines that have a reference, higher orders held by what
 * optics allow. @c: the start gives their scale. Returns: FALSE when singular. */
gboolean cel_line_fit(const CelLineSearch *search, const gint *reference, double sigma_px,
                      double *c);

G_END_DECLS

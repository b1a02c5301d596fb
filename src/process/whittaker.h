/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "process/cel-lanes.h"

G_BEGIN_DECLS

/** CelWhittaker: working memory for penalised least squares over one number of samples. */
typedef struct CelWhittaker CelWhittaker;

/**
 * cel_whittaker_new:
 * @n: samples, @order + 1 or more
 * @order: of the differences that are penalised, 1 or 2
 * Returns: (transfer full): for cel_whittaker_solve(). Thread-safe: one thread a workspace.
 */
CelWhittaker *cel_whittaker_new(gsize n, guint order);

/** cel_whittaker_new_beside: the same for cel_whittaker_solve_beside(). */
CelWhittaker *cel_whittaker_new_beside(gsize n, guint order);

/** cel_whittaker_free: @ws: (nullable) */
void cel_whittaker_free(CelWhittaker *ws);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelWhittaker, cel_whittaker_free)

/**
 * cel_whittaker_solve:
 * @y: the samples (borrowed), as many as the workspace was made for
 * @w: (nullable): their weights, >= 0; NULL: all 1
 * @lambda: > 0: stiffness, in samples (the axis is not looked at)
 * @out: the smooth curve; may be @y itself
 * Solves (W + lambda D'D) z = W y with natural boundaries, D the difference matrix of the order
 * (Eilers 2003, Anal. Chem. 75, 3631), by elimination from both ends to the middle: two independent
 * recurrences fill the processor where one waits for its divisions. Allocates at most once.
 * Returns: FALSE when the weights do not determine the curve (fewer than `order` of them above 0,
 * or lost in rounding beside @lambda); @out is then not usable.
 */
gboolean cel_whittaker_solve(CelWhittaker *ws, const double *y, const double *w, double lambda,
                             double *out);

/**
 * cel_whittaker_solve_beside:
 * @y, @w, @out: as above, of cel_lanes_width() spectra side by side: the values of sample 0 of
 *   each, then of sample 1; aligned as cel_lanes_new() does
 * Each spectrum's curve has the bits that cel_whittaker_solve() gives it. Allocates nothing.
 * Returns: bit k set where spectrum k's weights determine its curve.
 */
guint8 cel_whittaker_solve_beside(CelWhittaker *ws, const double *y, const double *w, double lambda,
                                  double *out);

G_END_DECLS

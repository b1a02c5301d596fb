/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

enum { CEL_TREND_MAX_ORDER = 4, CEL_TREND_MAX_TERMS = CEL_TREND_MAX_ORDER + 2 };

/** CelTrendPoint: a deviation seen at one place of an axis. */
typedef struct {
    double x, y;
    double u; /* standard uncertainty of @y, > 0 */
} CelTrendPoint;

/** CelTrend: a smooth curve of low order through deviations; a plain value. */
typedef struct {
    guint order;         /* of the polynomial, 0..CEL_TREND_MAX_ORDER */
    double x_min, x_max; /* range of the points that carry it */
    double c[CEL_TREND_MAX_TERMS];
    guint u_order; /* of the curve whose covariance this is: one higher where there are points for
                      it, so that what a bend too few hides is covered */
    double covariance[CEL_TREND_MAX_TERMS][CEL_TREND_MAX_TERMS];
    gsize n_used;
    double rms;           /* of the residuals, weighted; unit of y */
    double rms_predicted; /* of each point from all others (cross-validated) */
} CelTrend;

/**
 * cel_trend_fit:
 * @points: @n of them, in any order
 * @max_order: 0..CEL_TREND_MAX_ORDER
 * @out_used: (out caller-allocates): @n flags; FALSE: left out as no part of the smooth curve
 * @out: the curve
 * Weighted least squares. Points that lie further off than four times the common scatter are left
 * out one after the other, at most a quarter of them. The order is the lowest whose cross-validated
 * error, with the points' mean uncertainty in squares, is within 5 % of the best, and leaves at
 * least two points an unknown. The covariance is
 * scaled up when the points scatter by more than their uncertainties (Birge ratio), never down.
 * Returns: FALSE when there is no point. Thread-safe: yes.
 */
gboolean cel_trend_fit(const CelTrendPoint *points, gsize n, guint max_order, gboolean *out_used,
                       CelTrend *out);

/**
 * cel_trend_value:
 * @out_u: (out) (optional): standard uncertainty; outside x_min..x_max it grows with the distance
 *   by the curve's steepest slope and by its own size over half the range
 * Returns: the curve at @x; outside x_min..x_max its value at that end. Thread-safe: yes.
 */
double cel_trend_value(const CelTrend *trend, double x, double *out_u);

G_END_DECLS

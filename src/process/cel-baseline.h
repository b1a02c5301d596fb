/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Backgrounds under bands. Every function here is pure: it reads the data and writes the background
 * (which the steps subtract). All are thread-safe. */

/** CelBaselineData: the samples; all borrowed. */
typedef struct {
    const double *x;    /* strictly increasing; only polynomials and hulls look at it */
    const double *y;    /* finite */
    const guint8 *mask; /* (nullable): samples that are not 0 carry no weight */
    gsize n;
} CelBaselineData;

/** CelBaselineInfo: how an iteration went. */
typedef struct {
    gsize iterations; /* solves or fits made, at most max_iter + 1 */
    double change;    /* the last value that was compared with the tolerance */
    gboolean converged;
} CelBaselineInfo;

/** CelWhittakerOptions: for the methods of penalised least squares. */
typedef struct {
    double lambda;    /* stiffness in samples, > 0 */
    guint order;      /* of the penalised differences, 1 or 2 */
    double asymmetry; /* weight of samples above the background, 0..1; only asLS */
    gsize max_iter;
    double tolerance;
} CelWhittakerOptions;

/** CelBaselineMethod: of penalised least squares; they differ in how a residual is weighed. */
typedef enum {
    CEL_BASELINE_ASLS,   /* asymmetric (Eilers & Boelens 2005) */
    CEL_BASELINE_ARPLS,  /* asymmetrically reweighted (Baek, Park, Ahn, Choo 2015, Analyst 140, 250;
                          * standard deviation of the negative residuals with n - 1) */
    CEL_BASELINE_AIRPLS, /* adaptive iteratively reweighted (Zhang, Chen, Liang 2010, Analyst 135,
                          * 1138; no extra weight at the ends) */
    CEL_BASELINE_IARPLS, /* improved arPLS (Ye et al. 2020, Appl. Opt. 59, 10933) */
    CEL_BASELINE_DRPLS,  /* doubly reweighted (Xu et al. 2019, Appl. Opt. 58, 3913; eta 0.5); order
                          * must be 2 */
} CelBaselineMethod;

/**
 * cel_baseline_whittaker:
 * @out: data->n values: the curve of the last solve
 * @out_info: (optional)
 * Returns: FALSE with CEL_ERROR_NUMERIC when too few samples carry weight.
 */
gboolean cel_baseline_whittaker(CelBaselineMethod method, const CelBaselineData *data,
                                const CelWhittakerOptions *options, double *out,
                                CelBaselineInfo *out_info, GError **error);

/** CelBaselineMany: several spectra of one length; all borrowed. */
typedef struct {
    CelBaselineMethod method; /* any but drPLS */
    const CelWhittakerOptions *options;
    const CelBaselineData *data; /* @count of them, of equal n */
    gsize count;
    double *const *out;         /* @count curves of n values */
    CelBaselineInfo *out_infos; /* (nullable): @count of them */
} CelBaselineMany;

/**
 * cel_baseline_whittaker_many:
 * Eight spectra at a time side by side, for maps and repeated runs: each gets the bits that
 * cel_baseline_whittaker() gives it, in about a third of the time.
 * Returns: FALSE with CEL_ERROR_NUMERIC when too few samples of one of them carry weight.
 */
gboolean cel_baseline_whittaker_many(const CelBaselineMany *many, GError **error);

/** CelPolynomialOptions: for the improved modified polynomial. */
typedef struct {
    gsize order;
    gsize max_iter;
    double tolerance;
    gboolean
        mask_initial_peaks; /* leave what is above the first fit by its deviation out for good */
    gboolean use_original;  /* clip the data each time, not the clipped data further */
} CelPolynomialOptions;

/**
 * cel_baseline_imodpoly:
 * Iterated polynomial fit to data clipped at the fit plus the standard deviation (Zhao, Lui,
 * McLean, Zeng 2007, Appl. Spectrosc. 61, 1225), in a basis that is orthonormal over the samples.
 * Returns: FALSE with CEL_ERROR_NUMERIC when fewer than order + 1 samples carry weight.
 */
gboolean cel_baseline_imodpoly(const CelBaselineData *data, const CelPolynomialOptions *options,
                               double *out, CelBaselineInfo *out_info, GError **error);

/** CelSnipOptions: for the statistics-sensitive peak clipping. */
typedef struct {
    gsize max_half_window;    /* samples, 1 .. (n - 1) / 2 */
    gboolean increasing;      /* windows from 1 up; else from the largest down */
    gsize smooth_half_window; /* 0: none */
    guint order;              /* 2 or 4 */
} CelSnipOptions;

/**
 * cel_baseline_snip:
 * Clipping in windows (Ryan et al. 1988, Nucl. Instrum. Meth. B 34, 396; Morhac et al. 1997, ibid.
 * A 401, 113), both ends extended by straight lines, without the log-log-sqrt transform. Masked
 * samples are bridged by straight lines first.
 * Returns: FALSE with CEL_ERROR_USAGE when the window does not fit into the data, CEL_ERROR_NUMERIC
 *   when every sample is masked.
 */
gboolean cel_baseline_snip(const CelBaselineData *data, const CelSnipOptions *options, double *out,
                           GError **error);

/**
 * cel_baseline_rubberband:
 * @segments: 1 or more: the samples are cut into so many parts, each gets its own hull
 * @smooth_half_window: the hull is that of a moving mean of 2 s + 1 samples; 0: of the data
 * Lower convex hull, straight between its corners. Masked samples are no corners.
 * Returns: FALSE with CEL_ERROR_USAGE when a part has fewer than two samples, CEL_ERROR_NUMERIC
 * when fewer than two samples are not masked.
 */
gboolean cel_baseline_rubberband(const CelBaselineData *data, gsize segments,
                                 gsize smooth_half_window, double *out, GError **error);

G_END_DECLS

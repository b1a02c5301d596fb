/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-views.h"
#include "spectrum/cel-spectrum.h"

G_BEGIN_DECLS

/*
 * The view of a spectrum that the search compares: one grid for all, channel k standing at k times
 * CEL_VIEW_STEP_CM1 cm-1, so that two views align by their channel numbers. Only the measured range
 * is there: nothing is extrapolated.
 */
#define CEL_VIEW_STEP_CM1 2.0
enum {
    CEL_VIEW_FIRST = 75,  /* 150 cm-1: below, Rayleigh light and edge filters rule */
    CEL_VIEW_LAST = 1900, /* 3800 cm-1 */
    CEL_VIEW_MIN = 50,    /* channels: 100 cm-1, less is no spectrum */
};

/** CelView: one curve for each view of the table that is made from the grid. */
typedef struct {
    guint first, n;             /* channels */
    float *level;               /* intensity, clamped at 0, strongest = 1 */
    float *curve[CEL_N_CURVES]; /* n values each */
    double *sum[CEL_N_CURVES];  /* cel_view_sums(), where they are there already; else NULL */
    double *sums;               /* (atomic): the block that holds them; NULL until asked for */
    guint *masked; /* @n_masked channels (from @first) that carry no weight: every curve is 0 */
    guint n_masked;
    gboolean borrowed; /* @level, @curve and @masked belong to somebody else */
} CelView;

/** CelCurve: samples as they come, borrowed: x increasing; either double or float intensities. */
typedef struct {
    const double *x;
    const double *y; /* (nullable): NULL: @y_single */
    const float *y_single;
    const guint8 *mask; /* (nullable): CelMask */
    gsize n;
} CelCurve;

/**
 * cel_view_new:
 * @curve: Raman shift in cm-1; baseline already gone
 * Data finer than the grid are averaged over each channel's width, coarser data are interpolated
 * linearly; negative values count as zero. A channel that a masked sample touches has no weight.
 * Returns: (transfer full): the view, or NULL when fewer than CEL_VIEW_MIN channels are covered or
 *   nothing is above zero. Thread-safe: yes.
 */
CelView *cel_view_new(const CelCurve *curve);

/**
 * cel_view_new_broadened:
 * @by_cm1: full width at half maximum by which the curve is broadened first (cel_broaden()); 0 or
 *   less: not, then as cel_view_new()
 * Returns: (transfer full) (nullable): as cel_view_new(). Thread-safe: yes.
 */
CelView *cel_view_new_broadened(const CelCurve *curve, double by_cm1);

/** cel_view_sum_up: cel_view_sums() of a view whose sums are not there yet: they are made and kept.
 * Thread-safe: yes. */
const double *cel_view_sum_up(const CelView *view, guint v);

/** cel_view_sums: Returns: (transfer none): n + 1 running sums of the squares of curve @v, which
 * the view has. Thread-safe: yes. */
static inline const double *cel_view_sums(const CelView *view, guint v)
{
    return view->sum[v] != NULL ? view->sum[v] : cel_view_sum_up(view, v);
}

/** cel_view_of: the view of @spectrum (on a shift axis). Returns: (transfer full) (nullable). */
CelView *cel_view_of(const CelSpectrum *spectrum);

/** CelViewStored: the numbers of a view that others follow from, borrowed. */
typedef struct {
    guint first, n, n_masked;
    const float *curves; /* CEL_VIEW_STORED times n values: level and every curve */
    const guint *masked;
} CelViewStored;

/* Level and the curves that views make. */
enum { CEL_VIEW_STORED = 1 + (int)CEL_N_CURVES };

/** cel_view_store: Returns: what cel_view_restore() makes the same view of. Borrowed from @view. */
CelViewStored cel_view_store(const CelView *view);

/** cel_view_restore: Returns: (transfer full): the view that @stored came from, to the bit; it
 * borrows the arrays for its life and does not look into them now. */
CelView *cel_view_restore(const CelViewStored *stored);

/** CelGrid: a curve on the grid as it is, neither scaled nor clamped. */
typedef struct {
    guint first, n; /* channels */
    double *y;      /* n values; straight lines over masked channels */
    guint8 *mask;   /* n: 1 where a masked sample touches the channel */
} CelGrid;

/** cel_grid_init: as cel_view_new() resamples. Returns: FALSE, with @grid empty, when fewer than
 * CEL_VIEW_MIN channels are covered. Thread-safe: yes. */
gboolean cel_grid_init(CelGrid *grid, const CelCurve *curve);

/** cel_grid_clear: */
void cel_grid_clear(CelGrid *grid);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelGrid, cel_grid_clear)

/** cel_view_free: @view: (nullable) */
void cel_view_free(CelView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CelView, cel_view_free)

/** CelOverlap: channels @from..@to (exclusive, absolute) in which two views have data, when the
 * sample's channel k is laid over the reference's channel k + @lag. In the sample's channels. */
typedef struct {
    guint from, to;
} CelOverlap;

/**
 * cel_view_overlap:
 * @lag: channels; positive: the reference's bands stand higher
 * Returns: FALSE when nothing is common.
 */
gboolean cel_view_overlap(const CelView *sample, const CelView *reference, int lag,
                          CelOverlap *out_overlap);

/** cel_view_fetch: has the processor read what is compared of @reference with @sample, also when
 * that is @reach channels off. */
void cel_view_fetch(const CelView *sample, const CelView *reference, guint reach);

/** cel_view_score: Returns: what cel_view_scores() gives for @view alone. */
double cel_view_score(const CelView *sample, const CelView *reference, CelViewId view, int lag,
                      const CelOverlap *overlap);

/**
 * cel_view_scores:
 * @out: the cosine of each view's curves over @overlap, -1..1; NAN where the view makes no curve
 * Each is normalised over that overlap only, masked channels left out of both. Thread-safe: yes.
 */
void cel_view_scores(const CelView *sample, const CelView *reference, int lag,
                     const CelOverlap *overlap, double out[CEL_N_VIEWS]);

/** Lags that cel_view_scores_along() takes at a time. */
enum { CEL_VIEW_LAGS_MAX = 16 };

/**
 * cel_view_scores_along:
 * @from: the first of @n lags in a row, at most CEL_VIEW_LAGS_MAX
 * @out: (array length=n): of each lag what cel_view_scores() gives over the whole overlap, to the
 *   bit; 0 where nothing is common. All lags at once take less time. Thread-safe: yes.
 */
void cel_view_scores_along(const CelView *sample, const CelView *reference, int from, guint n,
                           double (*out)[CEL_N_VIEWS]);

/** cel_view_hqi: Returns: the squared Pearson correlation of the intensities over the common range
 * without shift (0 when they are anticorrelated or nothing is common): the field's habit. */
double cel_view_hqi(const CelView *sample, const CelView *reference);

G_END_DECLS

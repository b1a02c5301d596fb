/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * THE table of views: ways of looking at the same spectrum that err differently. Each gives a pair
 * of spectra a score of -1..1; the score that ranks is their weighted mean.
 */

/** CelViewId: row of the table; its order is that of every array over views. */
typedef enum {
    CEL_VIEW_ROOT,
    CEL_VIEW_SLOPE,
    CEL_VIEW_CONTRAST,
    CEL_VIEW_JOINT,
    CEL_N_VIEWS,
} CelViewId;

/** Views that are made from the grid stand first in the table. */
enum { CEL_N_CURVES = CEL_VIEW_JOINT };

/** CelViewStage: when a view is scored. */
typedef enum {
    CEL_STAGE_EARLY, /* against every entry: a dot product over the common range */
    CEL_STAGE_LATE,  /* against the best candidates only, see cel_search_run() */
} CelViewStage;

/** CelViewDef: one view. */
typedef struct {
    const char *id;    /* in files and options: never renamed, never reused */
    const char *zh;    /* the same word in Chinese lines */
    const char *title; /* untranslated, N_() */
    CelViewStage stage;
    double weight; /* in the mean; > 0 */
    /* (nullable): the curve that is compared, from @level (0..1, strongest = 1, @n channels of
     * CEL_VIEW_STEP_CM1); NULL: the view needs more than this grid and scores pairs itself */
    void (*make)(const double *level, gsize n, double *out);
} CelViewDef;

extern const CelViewDef cel_views[CEL_N_VIEWS];

/** CelViewSet: bit (1 << CelViewId) for each view meant. */
typedef guint CelViewSet;

/** cel_views_find: Returns: the row with @id, or CEL_N_VIEWS. */
guint cel_views_find(const char *id);

/**
 * cel_views_fuse:
 * @scores: one a view; NAN: that view was not scored for this pair
 * @without: views that do not count although they were scored (for measuring what each adds)
 * Returns: the weighted mean of the rest, -1..1; 0 when nothing is left. Thread-safe: yes.
 */
double cel_views_fuse(const double scores[CEL_N_VIEWS], CelViewSet without);

G_END_DECLS

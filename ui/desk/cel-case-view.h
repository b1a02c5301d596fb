/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "bench/cel-case.h"
#include "cel-desk.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* What the pages read of cases, as snapshots: made on CEL_LANE_LAB, shown on the main loop. */

/** CelCasePhoto: a picture of the case, small. */
typedef struct {
    char *sha256, *moment, *item_id;
    GdkTexture *small; /* (nullable): then @problem says why */
    char *problem;     /* (nullable): translated */
} CelCasePhoto;

/** CelCaseView: one case. */
typedef struct {
    CelDesk *desk;
    char *what;                       /* asked: "CASE" or "CASE/ITEM" */
    JsonObject *row;                  /* (nullable): of CEL_ROW_CASE */
    GPtrArray *rows[CEL_N_ROW_KINDS]; /* JsonObject; NULL for kinds that are not read */
    GPtrArray *photos;                /* CelCasePhoto */
    GPtrArray *deviations;            /* texts, in the window's language */
} CelCaseView;

/** cel_case_view_new: @what: "CASE" or "CASE/ITEM". Returns: (transfer full) */
CelCaseView *cel_case_view_new(CelDesk *desk, const char *what);
/** cel_case_view_free: @view: (nullable) */
void cel_case_view_free(gpointer view);
/** cel_case_view_read: a CelTaskRun on CEL_LANE_LAB; photos are checked against their digest.
 * Returns: FALSE with the errors of cel_register_rows(), CEL_ERROR_USAGE: no such case. */
gboolean cel_case_view_read(gpointer view, CelJob *job, GError **error);

enum { CEL_CASES_MOST = 500 };

/** CelPersonFigure: how much one person did. */
typedef struct {
    char *name;
    guint n_acts, n_measured, n_sealed, n_reviewed;
} CelPersonFigure;

/** CelFailedCheck: a check that did not pass, and what it puts in doubt. */
typedef struct {
    char *instrument, *kind;
    gint64 at_us;
    guint n_files, n_released; /* results since the last passed check */
} CelFailedCheck;

/** CelCasesView: all cases, and the lab head's figures. */
typedef struct {
    CelDesk *desk;
    GPtrArray
        *cases; /* JsonObject: rows of CEL_ROW_CASE, the newest first, at most CEL_CASES_MOST */
    CelCaseFigures figures;
    GPtrArray *people; /* CelPersonFigure, of the newest events */
    GPtrArray *failed; /* CelFailedCheck, the newest first */
} CelCasesView;

/** cel_cases_view_new: Returns: (transfer full) */
CelCasesView *cel_cases_view_new(CelDesk *desk);
/** cel_cases_view_free: @view: (nullable) */
void cel_cases_view_free(gpointer view);
/** cel_cases_view_read: a CelTaskRun on CEL_LANE_LAB. Returns: FALSE with CEL_ERROR_SYSTEM. */
gboolean cel_cases_view_read(gpointer view, CelJob *job, GError **error);

G_END_DECLS

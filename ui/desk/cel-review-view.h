/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/cel-job.h"
#include "bench/cel-case.h"
#include "cel-desk.h"

G_BEGIN_DECLS

/* What the review page reads, as snapshots. */

/** CelReviewState: where a sealed result stands on its way to a report. */
typedef enum {
    CEL_REVIEW_WAITS,     /* for a blind review by this person */
    CEL_REVIEW_OWN,       /* for one by somebody else: this person measured or sealed it */
    CEL_REVIEW_DISAGREES, /* the reviewer found something else; to be settled */
    CEL_REVIEW_BLOCKED,   /* reviewed, but something else is missing */
    CEL_REVIEW_READY,     /* for its release */
    CEL_N_REVIEW_STATES,
} CelReviewState;

/** cel_review_state_words: Returns: (transfer none): translated. */
const char *cel_review_state_words(CelReviewState state);

/** CelReviewItem: one sealed result without a released report. Neither outcome nor claim stands
 * here. */
typedef struct {
    char *fid, *case_id, *item_id;
    gint64 sealed_us;
    CelReviewState state;
} CelReviewItem;

/** CelReviewList: asked and answered. */
typedef struct {
    CelDesk *desk;
    GPtrArray *items; /* CelReviewItem: those that wait for this person first */
} CelReviewList;

/** cel_review_list_new: Returns: (transfer full) */
CelReviewList *cel_review_list_new(CelDesk *desk);
/** cel_review_list_free: @list: (nullable) */
void cel_review_list_free(gpointer list);
/** cel_review_list_read: a CelTaskRun on CEL_LANE_LAB. Returns: FALSE with CEL_ERROR_SYSTEM. */
gboolean cel_review_list_read(gpointer list, CelJob *job, GError **error);

/** CelClaimChoice: what a reviewer may claim. */
typedef struct {
    char *id, *name;
} CelClaimChoice;

/** CelReviewDetail: one sealed result as a reviewer sees it. */
typedef struct {
    CelDesk *desk;
    char *fid;
    /* read on CEL_LANE_LAB */
    char *case_id, *item_id, *path;
    gboolean reviewed;               /* a verdict is on record: the rest may be shown */
    char *refused;                   /* (nullable): why this person does not review it */
    char *outcome, *claim;           /* the sealed ones; NULL until reviewed */
    char *said_outcome, *said_claim; /* the reviewer's */
    gboolean agrees;
    GPtrArray *blocks; /* (nullable): CelGateBlock; once reviewed */
    char *no_court;    /* (nullable): why no court page could be made after a release */
    /* read on CEL_LANE_COMPUTE */
    GPtrArray *raw, *processed; /* CelPlotTrace */
    GPtrArray *choices;         /* CelClaimChoice by name */
    char *about;                /* instrument and settings, translated */
} CelReviewDetail;

/** cel_review_detail_new: Returns: (transfer full) */
CelReviewDetail *cel_review_detail_new(CelDesk *desk, const char *fid);
/** cel_review_detail_free: @detail: (nullable) */
void cel_review_detail_free(gpointer detail);
/** cel_review_detail_ask: a CelTaskRun on CEL_LANE_LAB: what the register says. Returns: FALSE with
 * CEL_ERROR_USAGE (no such file) or CEL_ERROR_SYSTEM. */
gboolean cel_review_detail_ask(gpointer detail, CelJob *job, GError **error);
/** cel_review_detail_load: a CelTaskRun on CEL_LANE_COMPUTE, after the other: the spectra. Returns:
 * FALSE with the errors of cel_sealed_open(). */
gboolean cel_review_detail_load(gpointer detail, CelJob *job, GError **error);

/** cel_review_claim_name: Returns: (transfer none): the name of the claim with that id, with or
 * without its kind before a colon, else @claim. */
const char *cel_review_claim_name(const CelReviewDetail *detail, const char *claim);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-lab.h"

G_BEGIN_DECLS

/* What is done with a case that is more than one event: photos, codes on bags, blind review,
 * release, figures. Single events go through cel_lab_record(). */

enum { CEL_PHOTO_MAX_BYTES = 64 * 1024 * 1024 };

/** cel_case_find: @typed: what a scanner or a person typed: a code (blanks around it and small
 * letters are forgiven) or "CASE/ITEM". Returns: (transfer full) (nullable): the exhibit's row, or
 * NULL with CEL_ERROR_USAGE when there is none. */
JsonObject *cel_case_find(CelLab *lab, const char *typed, GError **error);

/**
 * cel_case_add_photo:
 * @file: the picture, at most CEL_PHOTO_MAX_BYTES: PNG or JPEG by its first bytes
 * @moment: "package", "item", "seal", "before", "after" or "scene"
 * Hashes it first, keeps it by its digest and adds it to @photos, which is to become "photos" of an
 * event's data. @out_sha256: (optional): 65 characters.
 * Returns: FALSE with CEL_ERROR_USAGE, CEL_ERROR_INPUT or CEL_ERROR_SYSTEM.
 */
gboolean cel_case_add_photo(CelLab *lab, const char *file, const char *moment, JsonArray *photos,
                            char *out_sha256, GError **error);

/** CelReview: a reviewer's own verdict, given before the operator's is shown. */
typedef struct {
    const char *fid;
    const char *outcome; /* "found", "class-only", ... as cel_outcome_name() */
    const char *claim;   /* (nullable): id of the substance, group or class: "pe" */
    const char *why;     /* (nullable) */
} CelReview;

/** CelReviewAnswer: what came of it. */
typedef struct {
    guint64 blind_seq, compared_seq;
    gboolean agrees;
    char outcome[32], claim[128]; /* the operator's, shown only now */
} CelReviewAnswer;

/** cel_case_review: records the verdict as a blind review, then compares it with the sealed answer
 * and records that. Returns: FALSE with the errors of cel_lab_record(). */
gboolean cel_case_review(CelLab *lab, const CelReview *review, CelReviewAnswer *out,
                         GError **error);

/** CelRelease: a report to be released; borrowed. */
typedef struct {
    const char *fid, *report, *form, *replaces, *why;
} CelRelease;

/** cel_case_release: passes the gate and records the release, with the second person's key over
 * the same bytes. As a court page only what can be printed as one is released. Returns: FALSE with
 * CEL_ERROR_POLICY that names what blocks, or what is missing and where it is given. */
gboolean cel_case_release(CelLab *lab, const CelRelease *release, const CelLabPerson *second,
                          CelLedgerPlace *out_place, GError **error);

/** cel_case_file: Returns: (transfer full) (nullable): the row of the sealed file @fid, or NULL
 * with CEL_ERROR_USAGE. */
JsonObject *cel_case_file(CelLab *lab, const char *fid, GError **error);

/** CelCaseFigures: the lab head's figures; times in microseconds, medians, 0: none. */
typedef struct {
    guint64 cases, exhibits, states[CEL_N_EXHIBIT_STATES];
    guint64 acquisitions, set_aside, files, not_completed;
    guint64 checks_passed, checks_failed, nonconforming_open, holds, disagreements;
    guint64 released;
    gint64 turnaround_us; /* from receipt to release */
} CelCaseFigures;

/** cel_case_figures: Returns: FALSE with CEL_ERROR_SYSTEM. */
gboolean cel_case_figures(CelLab *lab, CelCaseFigures *out, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-case.h"
#include "report/cel-report.h"

G_BEGIN_DECLS

/* Papers of a case, from the register and the sealed file alone: nobody types a paper. */

/**
 * cel_case_facts:
 * @fid: of a sealed file of this lab
 * Returns: (transfer full): the facts of report/cel-report-items.h as far as the register knows
 *   them; what is missing is left out, and the court page will name it. NULL with CEL_ERROR_USAGE
 *   or CEL_ERROR_SYSTEM.
 */
JsonObject *cel_case_facts(CelLab *lab, const char *fid, GError **error);

/** CelCasePaper: which paper of which file. */
typedef struct {
    const char *fid;
    CelReportForm form;
    gboolean chinese;
} CelCasePaper;

/** CelCaseCourt: what is asked whether a court page may be made of it; borrowed. */
typedef struct {
    JsonObject *facts;  /* of cel_case_facts() */
    JsonObject *record; /* of cel_sealed_record() */
    gboolean released;  /* else what the release itself gives is not missed */
} CelCaseCourt;

/** cel_case_court_allows: Returns: FALSE with CEL_ERROR_POLICY that names everything that is
 * missing or in the way, and for what is missing where it is given, in window and command line, in
 * the user's language. */
gboolean cel_case_court_allows(const CelCaseCourt *court, GError **error);

/**
 * cel_case_allows_court:
 * Whether cel_case_paper() would make the court page of a file; cel_case_allows_release(): or will
 * once it is released.
 * Returns: FALSE with the errors of cel_case_court_allows(), cel_case_facts() and
 *   cel_sealed_open().
 */
gboolean cel_case_allows_court(CelLab *lab, const char *fid, CelJob *job, GError **error);
gboolean cel_case_allows_release(CelLab *lab, const char *fid, CelJob *job, GError **error);

/**
 * cel_case_paper:
 * Makes the paper, keeps it in papers/ by its digest and puts that on record as an export; a court
 * page needs the release first.
 * Returns: (transfer full): the PDF, or NULL with the errors of cel_report_pdf() and
 *   cel_lab_record(); also CEL_ERROR_POLICY when the file contradicts its seal.
 */
GBytes *cel_case_paper(CelLab *lab, const CelCasePaper *paper, CelJob *job, GError **error);

/** cel_case_label: Returns: (transfer full): the label for the exhibit's bag as PDF, with the code
 * that cel_case_find() reads back; NULL with the errors of cel_form_pdf(). */
GBytes *cel_case_label(CelLab *lab, JsonObject *exhibit, gboolean chinese, GError **error);

G_END_DECLS

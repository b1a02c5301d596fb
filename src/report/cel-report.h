/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-profile.h"
#include "evidence/cel-sealed.h"
#include "evidence/cel-verdict.h"

G_BEGIN_DECLS

/** CelReportForm: which paper. */
typedef enum {
    CEL_REPORT_CARD,   /* one page for the officer: result and next step */
    CEL_REPORT_COURT,  /* the record of the laboratory; needs the facts of cel-report-items.h */
    CEL_REPORT_EXPERT, /* everything a second expert needs; facts where there are any */
} CelReportForm;

/** CelReportRequest: all borrowed. */
typedef struct {
    const CelSealed *sealed;            /* as read and checked */
    const char *file_name;              /* as shown */
    const char *file_sha256, *file_sm3; /* digests of the whole file, hex */
    const GPtrArray *verdict;           /* CelVerdictLine: printed as they are */
    CelReportForm form;
    gboolean chinese;          /* else English */
    JsonObject *facts;         /* (nullable): see cel-report-items.h */
    const CelProfile *profile; /* (nullable), else verified: the laboratory's signed profile. While
                                * it is not there or not signed: default title, no reserved word */
} CelReportRequest;

/**
 * cel_report_pdf:
 * The paper as A4 pages. Who, what, when, with which instrument; the spectrum over the nearest
 * reference with the matched bands marked; result, reasons, deviations, limits, digests. Training
 * records carry their mark across every page. Fonts embedded; the same request gives the same
 * bytes. A card is one page; the others say "page x of y" and end with a mark of their end.
 * Returns: (transfer full): the PDF, or NULL with CEL_ERROR_POLICY (a paper that may not be issued:
 *   a fact that the court page needs is missing, all of them named; a forbidden word in a finding;
 *   a reserved word or mark without a signed profile that allows it), CEL_ERROR_INPUT (the file
 *   lacks what the page shows), CEL_ERROR_SYSTEM (font missing, too long). Thread-safe: no (pango).
 */
GBytes *cel_report_pdf(const CelReportRequest *request, GError **error);

/** cel_report_reserved: @profile: (nullable). Returns: (transfer none) (nullable): the first word
 * or mark of accreditation or of expert opinions in @text that does not stand in a signed @profile.
 */
const char *cel_report_reserved(const char *text, const CelProfile *profile);

/** cel_report_has_font: a missing font would show boxes instead of Chinese. Returns: FALSE with
 * CEL_ERROR_SYSTEM that names the package. */
gboolean cel_report_has_font(GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-seal.h"

G_BEGIN_DECLS

/** CelReportForm: which paper. This version issues the card only. */
typedef enum { CEL_REPORT_CARD, CEL_REPORT_COURT, CEL_REPORT_EXPERT } CelReportForm;

/** CelReportRequest: all borrowed. */
typedef struct {
    const CelSealed *sealed;            /* as read and checked */
    const char *file_name;              /* as shown */
    const char *file_sha256, *file_sm3; /* digests of the whole file, hex */
    const GPtrArray *verdict;           /* CelVerdictLine: printed as they are */
    CelReportForm form;
    gboolean chinese; /* else English */
} CelReportRequest;

/**
 * cel_report_pdf:
 * One page A4 that says who, what, when, with which instrument; the spectrum over the nearest
 * reference with the matched bands marked; result, reasons, deviations, limits, digests. Training
 * records carry their mark across the page. Fonts embedded; the same request gives the same bytes.
 * Returns: (transfer full): the PDF, or NULL with CEL_ERROR_POLICY (a paper that may not be
 * issued),
 *   CEL_ERROR_INPUT (the file lacks what the page shows), CEL_ERROR_SYSTEM (font missing, too
 * long).
 *   Thread-safe: no (pango).
 */
GBytes *cel_report_pdf(const CelReportRequest *request, GError **error);

/** cel_report_has_font: a missing font would show boxes instead of Chinese. Returns: FALSE with
 * CEL_ERROR_SYSTEM that names the package. */
gboolean cel_report_has_font(GError **error);

G_END_DECLS

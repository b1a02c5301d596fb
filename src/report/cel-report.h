/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "evidence/cel-seal.h"

G_BEGIN_DECLS

typedef enum { CEL_REPORT_CARD, CEL_REPORT_COURT, CEL_REPORT_EXPERT } CelReportForm;

/**
 * cel_report_pdf:
 * @sealed: a sealed file, as read and checked
 * @file_name: as shown; @file_sha256, @file_sm3: digests of the whole file, hex
 * @verdict: the lines of the verification, printed as they are
 * @chinese: else English
 * One page A4 that says who, what, when, with which instrument; the spectrum over the reference with
 * matched peaks marked; claim, reasons, limits, digests; training records carry their mark across
 * the page. Fonts embedded; the same input gives the same bytes.
 * Returns: (transfer full): the PDF, or NULL with CEL_ERROR_POLICY (a paper that may not be issued),
 * CEL_ERROR_INPUT, CEL_ERROR_SYSTEM (fonts missing).
 */
GBytes *cel_report_pdf(const CelSealed *sealed, const char *file_name, const char *file_sha256,
                       const char *file_sm3, const GPtrArray *verdict, CelReportForm form,
                       gboolean chinese, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "desk/cel-review-view.h"

G_BEGIN_DECLS

#define CEL_TYPE_REVIEW_PANEL (cel_review_panel_get_type())
/** CelReviewPanel: one sealed result: its spectra, then the verdict's form, or what came of it. */
G_DECLARE_FINAL_TYPE(CelReviewPanel, cel_review_panel, CEL, REVIEW_PANEL, AdwBin)

/** cel_review_panel_new: @page: whose window shows it. Returns: (transfer floating) */
GtkWidget *cel_review_panel_new(CelPage *page);
/** cel_review_panel_show: @fid: (nullable): nothing is chosen. Reads it and shows it. */
void cel_review_panel_show(CelReviewPanel *panel, const char *fid);

G_END_DECLS

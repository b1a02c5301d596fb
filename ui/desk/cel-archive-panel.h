/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_ARCHIVE_PANEL (cel_archive_panel_get_type())
/** CelArchivePanel: one sealed file, verified: separate lines, replay, a look put on record, papers
 * and what the ledger says of it. */
G_DECLARE_FINAL_TYPE(CelArchivePanel, cel_archive_panel, CEL, ARCHIVE_PANEL, AdwBin)

/** cel_archive_panel_new: @page: whose window shows it. Returns: (transfer floating) */
GtkWidget *cel_archive_panel_new(CelPage *page);
/** cel_archive_panel_show: @what: a path, or a file's id in this lab. */
void cel_archive_panel_show(CelArchivePanel *panel, const char *what);

G_END_DECLS

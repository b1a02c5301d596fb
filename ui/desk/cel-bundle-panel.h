/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_BUNDLE_PANEL (cel_bundle_panel_get_type())
/** CelBundlePanel: a case bundle from elsewhere: what it says of itself, its lines, and whether it
 * is kept. */
G_DECLARE_FINAL_TYPE(CelBundlePanel, cel_bundle_panel, CEL, BUNDLE_PANEL, AdwBin)

/** cel_bundle_panel_new: @page: whose window shows it. Returns: (transfer floating) */
GtkWidget *cel_bundle_panel_new(CelPage *page);
/** cel_bundle_panel_show: checks the folder or zip file at @path and shows its lines. */
void cel_bundle_panel_show(CelBundlePanel *panel, const char *path);

/** cel_bundle_export_ask: asks for whom and where, then exports @case_id; told by the page's
 * notice. */
void cel_bundle_export_ask(CelPage *page, const char *case_id);
/** cel_bundle_export_start: exports without asking. @recipient: (nullable) */
void cel_bundle_export_start(CelPage *page, const char *case_id, const char *recipient,
                             const char *path);

G_END_DECLS

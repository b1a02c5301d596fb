/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "work/cel-work-tool.h"

G_BEGIN_DECLS

#define CEL_TYPE_COMPARE_PANEL (cel_compare_panel_get_type())
/** CelComparePanel: many spectra over each other: measured ones, files, references of the
 * libraries. */
G_DECLARE_FINAL_TYPE(CelComparePanel, cel_compare_panel, CEL, COMPARE_PANEL, CelWorkTool)

/** cel_compare_panel_load: reads files in the jail on a worker and puts them on the bench; those
 * that cannot be read are named. @paths: NULL-ended. */
void cel_compare_panel_load(CelComparePanel *panel, const char *const *paths);

/** cel_compare_panel_set_spread: @spread: heights between neighbours, 0..1; @normalised: each
 * brought to the same height, for display only. */
void cel_compare_panel_set_spread(CelComparePanel *panel, double spread, gboolean normalised);

/** cel_compare_panel_search: looks for @text among names and ids of the libraries' substances. */
void cel_compare_panel_search(CelComparePanel *panel, const char *text);

G_END_DECLS

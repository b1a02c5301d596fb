/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_HELP (cel_help_get_type())
/** CelHelp: the help pages with their contents and a search, in a window of their own. */
G_DECLARE_FINAL_TYPE(CelHelp, cel_help, CEL, HELP, AdwWindow)

/** cel_help_new: @parent: (nullable): the window over which it opens. Returns: (transfer floating):
 * on the first page. Main loop only. */
CelHelp *cel_help_new(GtkWindow *parent);

/** cel_help_show_page: @id: of cel-help-pages.def; another one is not followed. */
void cel_help_show_page(CelHelp *help, const char *id);

/** cel_help_page_id: Returns: (transfer none): the page in view. */
const char *cel_help_page_id(CelHelp *help);

/** cel_help_search: as if @query were typed. */
void cel_help_search(CelHelp *help, const char *query);

/** cel_help_n_found: Returns: how many pages the search lists now. */
guint cel_help_n_found(CelHelp *help);

G_END_DECLS

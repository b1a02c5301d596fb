/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "work/cel-work-tool.h"

G_BEGIN_DECLS

#define CEL_TYPE_WORK_PAGE (cel_work_page_get_type())
/** CelWorkPage: the technician's bench: one plot and five tools on it. Opened with a path it puts
 * that file on the bench. */
G_DECLARE_FINAL_TYPE(CelWorkPage, cel_work_page, CEL, WORK_PAGE, CelPage)

/** cel_work_page_tool: @id: "measure", "recipe", "compare", "peaks", "mixture". Returns: (transfer
 * none) (nullable) */
CelWorkTool *cel_work_page_tool(CelWorkPage *page, const char *id);

/** cel_work_page_show_tool: brings it in front. */
void cel_work_page_show_tool(CelWorkPage *page, const char *id);

/** cel_work_page_session: Returns: (transfer none): what lies on the bench. */
CelWorkSession *cel_work_page_session(CelWorkPage *page);

/** cel_work_page_plot: Returns: (transfer none) */
CelPlotView *cel_work_page_plot(CelWorkPage *page);

G_END_DECLS

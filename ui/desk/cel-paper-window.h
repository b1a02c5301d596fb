/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_PAPER_WINDOW (cel_paper_window_get_type())
/** CelPaperWindow: a paper as its pages: turn, enlarge, print, save. Pages are drawn on a worker.
 */
G_DECLARE_FINAL_TYPE(CelPaperWindow, cel_paper_window, CEL, PAPER_WINDOW, AdwWindow)

/** CelPaper: what is shown; borrowed. */
typedef struct {
    GBytes *pdf;
    const char *title; /* translated */
    const char *name;  /* proposed for the file: "R-1.pdf" */
} CelPaper;

/** cel_paper_window_show: Returns: (transfer none): the window, over that of @page. */
CelPaperWindow *cel_paper_window_show(CelPage *page, const CelPaper *paper);

/** cel_paper_window_pages: Returns: how many pages it has; 0 until they are known. */
guint cel_paper_window_pages(CelPaperWindow *window);

G_END_DECLS

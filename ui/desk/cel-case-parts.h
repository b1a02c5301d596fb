/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "desk/cel-case-view.h"

G_BEGIN_DECLS

/* The parts of the case page, each filled anew from a snapshot. */

/** cel_case_parts_*: @box: emptied and filled; @page: shows what a row leads to. */
void cel_case_parts_head(GtkBox *box, const CelCaseView *view);
void cel_case_parts_exhibits(GtkBox *box, const CelCaseView *view, CelPage *page);
void cel_case_parts_history(GtkBox *box, const CelCaseView *view);
void cel_case_parts_photos(GtkBox *box, const CelCaseView *view);
void cel_case_parts_files(GtkBox *box, const CelCaseView *view, CelPage *page);
void cel_case_parts_deviations(GtkBox *box, const CelCaseView *view);

/** cel_head_parts_figures: the lab head's figures into @box, which is emptied first. */
void cel_head_parts_figures(GtkBox *box, const CelCasesView *view);

G_END_DECLS

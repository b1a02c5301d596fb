/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "result/cel-result-facts.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_RESULT_VIEW (cel_result_view_get_type())
/**
 * CelResultView: one result: outcome and claim first, then what to do now, what it rests on,
 * deviations, limits. It scrolls by itself; its buttons stay in view below.
 *
 * Signals: "next": the primary button was pressed; "why": the reasons were asked for.
 */
G_DECLARE_FINAL_TYPE(CelResultView, cel_result_view, CEL, RESULT_VIEW, AdwBin)

/** cel_result_view_new: Returns: (transfer floating): empty. */
GtkWidget *cel_result_view_new(void);

/** cel_result_view_show: @answer: identified; a reference is not kept. */
void cel_result_view_show(CelResultView *view, CelAnswer *answer);

/** cel_result_view_show_facts: @facts: (transfer none): copied into widgets. */
void cel_result_view_show_facts(CelResultView *view, const CelResultFacts *facts);

/** cel_result_view_set_next: @label: (nullable): what the primary button says; NULL: there is none
 * and "Why" is the primary one. */
void cel_result_view_set_next(CelResultView *view, const char *label);

/** cel_result_view_set_why: FALSE: no button for the reasons; TRUE at first. */
void cel_result_view_set_why(CelResultView *view, gboolean shown);

/** cel_result_view_actions: Returns: (transfer none): the box of its buttons, to which another one
 * may be lent. */
GtkBox *cel_result_view_actions(CelResultView *view);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "desk/cel-act-order.h"

G_BEGIN_DECLS

#define CEL_TYPE_ACT_FORM (cel_act_form_get_type())
/** CelActForm: the form of one act, made from the table of acts: what it needs, what it may state,
 * parties, the number on each bag, reason and order. Records it upon one or many exhibits; where
 * the act needs a second person, asks that person's key. */
G_DECLARE_FINAL_TYPE(CelActForm, cel_act_form, CEL, ACT_FORM, AdwWindow)

/** cel_act_form_show: @exhibits: (transfer full) (element-type CelActExhibit): none: the form asks
 * which. What was recorded is told by the page's notice and "lab-changed". Returns: (transfer
 * none): the form. */
CelActForm *cel_act_form_show(CelPage *page, const CelDeskAct *act, GPtrArray *exhibits);

G_END_DECLS

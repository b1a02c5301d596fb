/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_CHECK_GUIDE (cel_check_guide_get_type())
/** CelCheckGuide: the performance check step by step: which standard, what a good scan looks like,
 * measuring, the verdict. What it finds is recorded, passed or not. */
G_DECLARE_FINAL_TYPE(CelCheckGuide, cel_check_guide, CEL, CHECK_GUIDE, AdwWindow)

/** cel_check_guide_new: @page: whose desk is used; @closing: ends a series. Returns: (transfer
 * floating): a dialog over the page's window. */
GtkWidget *cel_check_guide_new(CelPage *page, gboolean closing);

G_END_DECLS

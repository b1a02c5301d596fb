/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

/** cel_label_view_show: makes the label for the exhibit's bag and shows it, to be printed or saved;
 * what goes wrong is shown by @page. */
void cel_label_view_show(CelPage *page, const char *case_id, const char *item_id);

G_END_DECLS

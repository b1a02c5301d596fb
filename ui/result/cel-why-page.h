/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_WHY_PAGE (cel_why_page_get_type())
/** CelWhyPage: why a result is what it is: sample over reference, what is left, bands one by one,
 * the other hits, quality, background, records, recalculation. Of a CelAnswer or a sealed file. */
G_DECLARE_FINAL_TYPE(CelWhyPage, cel_why_page, CEL, WHY_PAGE, CelPage)

/** cel_why_page_choose: lays hit @index of the list over the sample. */
void cel_why_page_choose(CelWhyPage *page, guint index);

G_END_DECLS

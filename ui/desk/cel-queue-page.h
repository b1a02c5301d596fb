/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "desk/cel-exhibit-model.h"

G_BEGIN_DECLS

#define CEL_TYPE_QUEUE_PAGE (cel_queue_page_get_type())
/** CelQueuePage: every exhibit of the lab: search, filters, order, and what can be done with those
 * that are selected. */
G_DECLARE_FINAL_TYPE(CelQueuePage, cel_queue_page, CEL, QUEUE_PAGE, CelPage)

/** cel_queue_page_model: Returns: (transfer none): what the list shows now. */
CelExhibitModel *cel_queue_page_model(CelQueuePage *page);

/** cel_queue_page_show: puts @index in the place of the lab's exhibits, until the lab changes: for
 * figures and tests. */
void cel_queue_page_show(CelQueuePage *page, CelExhibitIndex *index);

G_END_DECLS

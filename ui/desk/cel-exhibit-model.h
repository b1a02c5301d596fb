/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/cel-exhibit-index.h"

G_BEGIN_DECLS

#define CEL_TYPE_EXHIBIT_ITEM (cel_exhibit_item_get_type())
/** CelExhibitItem: one row while it is looked at; made when the list asks for it. */
G_DECLARE_FINAL_TYPE(CelExhibitItem, cel_exhibit_item, CEL, EXHIBIT_ITEM, GObject)

/** cel_exhibit_item_facts: Returns: (transfer none): lives as the item. */
const CelExhibitFacts *cel_exhibit_item_facts(CelExhibitItem *item);

#define CEL_TYPE_EXHIBIT_MODEL (cel_exhibit_model_get_type())
/** CelExhibitModel: a GListModel of CelExhibitItem over a snapshot and the rows of it that are let
 * through; an item exists only while somebody holds it. Main loop only. */
G_DECLARE_FINAL_TYPE(CelExhibitModel, cel_exhibit_model, CEL, EXHIBIT_MODEL, GObject)

/** cel_exhibit_model_new: Returns: (transfer full): empty. */
CelExhibitModel *cel_exhibit_model_new(void);

/** cel_exhibit_model_set: @index: a reference is taken; @view: (transfer full) (element-type
 * guint32): of cel_exhibit_index_view(). */
void cel_exhibit_model_set(CelExhibitModel *model, CelExhibitIndex *index, GArray *view);

/** cel_exhibit_model_facts: @position: below the number of items. Returns: (transfer none): without
 * making an item; valid until the next cel_exhibit_model_set(). */
const CelExhibitFacts *cel_exhibit_model_facts(CelExhibitModel *model, guint position);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "desk/cel-exhibit-index.h"

G_BEGIN_DECLS

#define CEL_TYPE_EXHIBIT_MODEL (cel_exhibit_model_get_type())
/** CelExhibitModel: a GListModel of CelExhibitItem over a snapshot and the rows of it that are let
 * through. Its items are places: another view changes what stands at them, and only places at the
 * end come or go; so a list view keeps its rows, where filling all of them anew would take three
 * frames. Many new places come in steps. Main loop only.
 *
 * Signals: "changed": something else stands at the places. Selections go by place too: whoever sets
 * another view sets the selection anew. */
G_DECLARE_FINAL_TYPE(CelExhibitModel, cel_exhibit_model, CEL, EXHIBIT_MODEL, GObject)

#define CEL_TYPE_EXHIBIT_ITEM (cel_exhibit_item_get_type())
/** CelExhibitItem: one place of the list; made when the list asks for it. */
G_DECLARE_FINAL_TYPE(CelExhibitItem, cel_exhibit_item, CEL, EXHIBIT_ITEM, GObject)

/** cel_exhibit_item_model: Returns: (transfer none): whose place it is. */
CelExhibitModel *cel_exhibit_item_model(CelExhibitItem *item);
/** cel_exhibit_item_facts: Returns: (transfer none) (nullable): what stands there until the next
 * "changed"; NULL: the list has become shorter. */
const CelExhibitFacts *cel_exhibit_item_facts(CelExhibitItem *item);

/** cel_exhibit_model_new: Returns: (transfer full): empty. */
CelExhibitModel *cel_exhibit_model_new(void);

/** cel_exhibit_model_set: @index: a reference is taken; @view: (transfer full) (element-type
 * guint32): of cel_exhibit_index_view(). */
void cel_exhibit_model_set(CelExhibitModel *model, CelExhibitIndex *index, GArray *view);

/** cel_exhibit_model_size: Returns: the length of the view, told of already or not. */
guint cel_exhibit_model_size(CelExhibitModel *model);

/** cel_exhibit_model_facts: @position: below the size. Returns: (transfer none): without making an
 * item; valid until the next cel_exhibit_model_set(). */
const CelExhibitFacts *cel_exhibit_model_facts(CelExhibitModel *model, guint position);

G_END_DECLS

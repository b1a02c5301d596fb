/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "match/cel-library.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CEL_TYPE_SUBSTANCE_ITEM (cel_substance_item_get_type())
/** CelSubstanceItem: one entry of a library, to be listed and searched. */
G_DECLARE_FINAL_TYPE(CelSubstanceItem, cel_substance_item, CEL, SUBSTANCE_ITEM, GObject)

/** cel_substance_item_new: @library: must outlive the item. Returns: (transfer full). */
CelSubstanceItem *cel_substance_item_new(const CelLibrary *library, const CelSubstance *substance);

/** cel_substance_item_substance, _library: Returns: (transfer none). */
const CelSubstance *cel_substance_item_substance(CelSubstanceItem *item);
const CelLibrary *cel_substance_item_library(CelSubstanceItem *item);

/** cel_substance_item_name: Returns: (transfer none): in the window's language, else the other. */
const char *cel_substance_item_name(CelSubstanceItem *item);

/** cel_substance_item_about: Returns: (transfer full): class, library, what there is of it. */
char *cel_substance_item_about(CelSubstanceItem *item);

/** cel_substance_item_fits: @wanted: casefolded. Returns: whether a name, the id, the CAS number or
 * the class holds it. */
gboolean cel_substance_item_fits(CelSubstanceItem *item, const char *wanted);

G_END_DECLS

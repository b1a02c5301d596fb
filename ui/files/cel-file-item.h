/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CEL_TYPE_FILE_ITEM (cel_file_item_get_type())
/** CelFileItem: one file of the list: properties "name", "state" (translated: what is known of it)
 * and "outcome" (translated label, "" before), told of together by a notify of "state". Main loop
 * only. */
G_DECLARE_FINAL_TYPE(CelFileItem, cel_file_item, CEL, FILE_ITEM, GObject)

/** cel_file_item_new: Returns: (transfer full): a file of which nothing is known yet. */
CelFileItem *cel_file_item_new(const char *path);

/** cel_file_item_path: Returns: (transfer none) */
const char *cel_file_item_path(CelFileItem *item);

/** cel_file_item_set: what came of it. @outcome: (nullable): label; @text: claim, or why there is
 * none; @json: (nullable): the line of the command line contract. */
void cel_file_item_set(CelFileItem *item, const char *outcome, const char *text, const char *json);

/** cel_file_item_json: Returns: (transfer none) (nullable): what was handed over. */
const char *cel_file_item_json(CelFileItem *item);

G_END_DECLS

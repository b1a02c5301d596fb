/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-desk.h"

#include <adwaita.h>

G_BEGIN_DECLS

/* Groups of rows that say facts, one a row: title, value. */

/** cel_facts_add: appends a row to @group; nothing when @value is NULL or "". @list: the rows of
 * the group that cel_facts_clear() takes away again. */
void cel_facts_add(AdwPreferencesGroup *group, GPtrArray *list, const char *title,
                   const char *value);

/** cel_facts_clear: removes the rows of @list from @group. */
void cel_facts_clear(AdwPreferencesGroup *group, GPtrArray *list);

/** cel_facts_instrument: adds what an open instrument says of itself. */
void cel_facts_instrument(AdwPreferencesGroup *group, GPtrArray *list,
                          const CelDeviceDescription *description);

G_END_DECLS

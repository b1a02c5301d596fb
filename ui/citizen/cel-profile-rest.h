/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/** CelProfileHas: Returns: whether @path of a profile ("lab.name.zh", "citations") has a place of
 * its own, with all below it. */
typedef gboolean (*CelProfileHas)(const char *path);

/** cel_profile_rest_fill: shows in @box, which is emptied, everything of @draft that has no place
 * of its own, whatever it is: nothing that is signed goes unseen. */
void cel_profile_rest_fill(GtkBox *box, JsonNode *draft, CelProfileHas has);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-session.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CEL_TYPE_SURROUNDINGS (cel_surroundings_get_type())
/** CelSurroundings: a card that asks where the work is done and in what surroundings, with what was
 * said before to choose from. What is typed counts without Return. */
G_DECLARE_FINAL_TYPE(CelSurroundings, cel_surroundings, CEL, SURROUNDINGS, AdwBin)

/** cel_surroundings_new: @session: (transfer none): gets the answers. Returns: (transfer floating).
 */
GtkWidget *cel_surroundings_new(CelPathSession *session);

/** cel_surroundings_show: @view: of the session, as it stands. */
void cel_surroundings_show(CelSurroundings *card, const CelPathView *view);

G_END_DECLS

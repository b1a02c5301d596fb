/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-window.h"

G_BEGIN_DECLS

#define CEL_TYPE_PREFERENCES (cel_preferences_get_type())
/** CelPreferences: what the user may choose; every choice holds at once, but the language. */
G_DECLARE_FINAL_TYPE(CelPreferences, cel_preferences, CEL, PREFERENCES, AdwPreferencesWindow)

/** cel_preferences_new: Returns: (transfer floating): over @window. Main loop only. */
CelPreferences *cel_preferences_new(CelWindow *window);

G_END_DECLS

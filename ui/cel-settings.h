/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The keys of ui/data/org.celadon.Celadon.gschema.xml. */
#define CEL_SETTINGS_ID "org.celadon.Celadon"

/** cel_settings_new: the installed schema, else the one of the build folder in which the program
 * stands. Returns: (transfer full): what the user chose. Main loop only. */
GSettings *cel_settings_new(void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-window.h"

G_BEGIN_DECLS

#define CEL_APPLICATION_ID "org.celadon.Celadon"

#define CEL_TYPE_APPLICATION (cel_application_get_type())
/** CelApplication: one a session of the desktop; a second start shows the window of the first. */
G_DECLARE_FINAL_TYPE(CelApplication, cel_application, CEL, APPLICATION, AdwApplication)

/** cel_application_new: @flags: G_APPLICATION_HANDLES_OPEN, in tests with NON_UNIQUE. Returns:
 * (transfer full). */
CelApplication *cel_application_new(GApplicationFlags flags);

/** cel_application_desk: Returns: (transfer none) (nullable): from startup on. */
CelDesk *cel_application_desk(CelApplication *application);

/** cel_application_window: Returns: (transfer none) (nullable): the window, from activation on. */
CelWindow *cel_application_window(CelApplication *application);

G_END_DECLS

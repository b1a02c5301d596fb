/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-application.h"

G_BEGIN_DECLS

/* What belongs to every good program of a desktop: help, keys, preferences, about, a first tour. */

/** cel_citizen_install: gives @application the actions help, shortcuts, preferences, about and
 * tour. Once, at its start. */
void cel_citizen_install(CelApplication *application);

/** cel_citizen_welcome: @window: just made; from now on the tour begins at the first sign-in to
 * this user's practice lab, and the screen measured where that is needed. */
void cel_citizen_welcome(CelWindow *window);

G_END_DECLS

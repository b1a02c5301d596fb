/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_WELCOME_PAGE (cel_welcome_page_get_type())
/** CelWelcomePage: no lab is open: choose its folder, or practise in a training lab with the
 * simulated instrument. */
G_DECLARE_FINAL_TYPE(CelWelcomePage, cel_welcome_page, CEL, WELCOME_PAGE, CelPage)

/** cel_welcome_practice_folder: Returns: (transfer full): where this user's practice lab is, or
 * would be made. Thread-safe: yes. */
char *cel_welcome_practice_folder(void);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"
#include "path/cel-path-session.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_PAGE (cel_path_page_get_type())
/** CelPathPage: the way of one exhibit, in the field or in the lab: the present step as one screen,
 * where one is, what is missing, what went wrong, and while light can be on a large STOP. */
G_DECLARE_FINAL_TYPE(CelPathPage, cel_path_page, CEL, PATH_PAGE, CelPage)

/** cel_path_page_session: Returns: (transfer none) (nullable): from its first opening on. */
CelPathSession *cel_path_page_session(CelPathPage *page);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_DAYBOOK_PAGE (cel_daybook_page_get_type())
/** CelDaybookPage: the checks of every instrument, their control charts, and for one that did not
 * pass the results that it puts in doubt. */
G_DECLARE_FINAL_TYPE(CelDaybookPage, cel_daybook_page, CEL, DAYBOOK_PAGE, CelPage)

G_END_DECLS

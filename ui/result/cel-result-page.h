/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_RESULT_PAGE (cel_result_page_get_type())
/** CelResultPage: one result: of a CelAnswer, or the record in a sealed file (path or id). */
G_DECLARE_FINAL_TYPE(CelResultPage, cel_result_page, CEL, RESULT_PAGE, CelPage)

G_END_DECLS

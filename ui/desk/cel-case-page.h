/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_CASE_PAGE (cel_case_page_get_type())
/** CelCasePage: the cases of the lab and its figures; opened with "CASE" or "CASE/ITEM": that case
 * with exhibits, custody, photos, files, papers and deviations. */
G_DECLARE_FINAL_TYPE(CelCasePage, cel_case_page, CEL, CASE_PAGE, CelPage)

G_END_DECLS

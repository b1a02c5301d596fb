/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cel-page.h"

G_BEGIN_DECLS

#define CEL_TYPE_REVIEW_PAGE (cel_review_page_get_type())
/** CelReviewPage: sealed results on their way to a report: blind review (the spectrum first, the
 * sealed answer only after the verdict is on record), comparison, what blocks the release, release
 * with two keys. Opened with a file's id: that one. */
G_DECLARE_FINAL_TYPE(CelReviewPage, cel_review_page, CEL, REVIEW_PAGE, CelPage)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/jcamp.h"

G_BEGIN_DECLS

/** cel_jcamp_describe: Returns: (transfer full): what @remark means for the sample and what to do,
 * translated, without file and line. */
char *cel_jcamp_describe(const CelJcampRemark *remark);

G_END_DECLS

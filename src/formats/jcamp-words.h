/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/jcamp.h"

G_BEGIN_DECLS

/** cel_jcamp_describe: @remark: a refusal. Returns: (transfer full): what it means for the sample
 * and what to do, translated, without file and line. */
char *cel_jcamp_describe(const CelJcampRemark *remark);

/** cel_jcamp_describe_warning: the same for something odd that was read all the same. */
char *cel_jcamp_describe_warning(const CelJcampRemark *remark);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "formats/spc.h"

G_BEGIN_DECLS

/** cel_spc_describe: @n_subfiles: of the file. Returns: (transfer full): what @remark means for the
 * sample and what to do, translated, without file and place. */
char *cel_spc_describe(const CelSpcRemark *remark, guint32 n_subfiles);

/** cel_spc_technique: Returns: what the code fexper stands for, as the format names it. */
const char *cel_spc_technique(guint8 code);
/** cel_spc_x_name: Returns: what the code fxtype stands for. */
const char *cel_spc_x_name(guint8 code);
/** cel_spc_y_name: Returns: what the code fytype stands for. */
const char *cel_spc_y_name(guint8 code);

G_END_DECLS

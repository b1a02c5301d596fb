/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_EXAMINE (cel_path_examine_get_type())
/** CelPathExamine: condition, colour, amount, photos, a part. */
G_DECLARE_FINAL_TYPE(CelPathExamine, cel_path_examine, CEL, PATH_EXAMINE, CelPathScreen)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_RESULT (cel_path_result_get_type())
/** CelPathResult: the result and what it does not say. */
G_DECLARE_FINAL_TYPE(CelPathResult, cel_path_result, CEL, PATH_RESULT, CelPathScreen)

G_END_DECLS

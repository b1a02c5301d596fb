/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_BEGIN (cel_path_begin_get_type())
/** CelPathBegin: samples that are still open, or a new one. */
G_DECLARE_FINAL_TYPE(CelPathBegin, cel_path_begin, CEL, PATH_BEGIN, CelPathScreen)

G_END_DECLS

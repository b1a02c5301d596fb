/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_DONE (cel_path_done_get_type())
/** CelPathDone: what was sealed, the card, the next exhibit. */
G_DECLARE_FINAL_TYPE(CelPathDone, cel_path_done, CEL, PATH_DONE, CelPathScreen)

G_END_DECLS

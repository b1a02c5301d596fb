/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_SHOOT (cel_path_shoot_get_type())
/** CelPathShoot: check, blanks, spots, closing check: aim, hold, look. */
G_DECLARE_FINAL_TYPE(CelPathShoot, cel_path_shoot, CEL, PATH_SHOOT, CelPathScreen)

G_END_DECLS

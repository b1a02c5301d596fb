/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_SIGN (cel_path_sign_get_type())
/** CelPathSign: two signatures; then everything is sealed. */
G_DECLARE_FINAL_TYPE(CelPathSign, cel_path_sign, CEL, PATH_SIGN, CelPathScreen)

G_END_DECLS

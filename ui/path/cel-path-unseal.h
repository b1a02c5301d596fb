/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_UNSEAL (cel_path_unseal_get_type())
/** CelPathUnseal: the bag is opened by two persons. */
G_DECLARE_FINAL_TYPE(CelPathUnseal, cel_path_unseal, CEL, PATH_UNSEAL, CelPathScreen)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_PACK (cel_path_pack_get_type())
/** CelPathPack: photo after, the number of the new seal. */
G_DECLARE_FINAL_TYPE(CelPathPack, cel_path_pack, CEL, PATH_PACK, CelPathScreen)

G_END_DECLS

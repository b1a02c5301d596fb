/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_RECEIVE (cel_path_receive_get_type())
/** CelPathReceive: compare the seal with number and photo; accept or refuse. */
G_DECLARE_FINAL_TYPE(CelPathReceive, cel_path_receive, CEL, PATH_RECEIVE, CelPathScreen)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "path/cel-path-screen.h"

G_BEGIN_DECLS

#define CEL_TYPE_PATH_SCAN (cel_path_scan_get_type())
/** CelPathScan: safety, scene, number, photos, witness: one screen. */
G_DECLARE_FINAL_TYPE(CelPathScan, cel_path_scan, CEL, PATH_SCAN, CelPathScreen)

G_END_DECLS

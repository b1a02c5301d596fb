/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bench/cel-path.h"

G_BEGIN_DECLS

/** CelPathSurroundings: where was measured before, and in what surroundings, to be chosen from. */
typedef struct {
    GPtrArray *places;       /* (element-type utf8): the newest first, each once */
    GPtrArray *environments; /* likewise, of the last CEL_PATH_SAME_DAY_H hours alone: the air of
                                another day is nobody's guess */
} CelPathSurroundings;

enum { CEL_PATH_MOST_SURROUNDINGS = 3, CEL_PATH_SAME_DAY_H = 12 };

/** cel_path_surroundings: @out: (out): to be cleared. Returns: FALSE with CEL_ERROR_SYSTEM. */
gboolean cel_path_surroundings(CelLab *lab, CelClock clock, CelPathSurroundings *out,
                               GError **error);

/** cel_path_surroundings_clear: frees what is in it. */
void cel_path_surroundings_clear(CelPathSurroundings *surroundings);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CelPathSurroundings, cel_path_surroundings_clear)

G_END_DECLS

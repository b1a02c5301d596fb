/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui-test.h"

G_BEGIN_DECLS

/* The tables of scenes.def; each ends with a scene without a name. */
#define UI_SCENES(table) extern const UiScene ui_scenes_##table[];
#include "scenes.def"
#undef UI_SCENES

/** ui_scenes_all: Returns: (transfer container) (element-type UiScene): every scene of every table,
 * in the order of scenes.def. */
GPtrArray *ui_scenes_all(void);

G_END_DECLS

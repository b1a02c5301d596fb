/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenes.h"

const UiScene ui_scenes_field[] = {
    {.name = NULL},
};

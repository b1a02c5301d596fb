/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenes.h"

static void add_table(GPtrArray *all, const UiScene *table)
{
    for (const UiScene *scene = table; scene->name != NULL; scene++)
        g_ptr_array_add(all, (gpointer)scene);
}

GPtrArray *ui_scenes_all(void)
{
    GPtrArray *all = g_ptr_array_new();
#define UI_SCENES(table) add_table(all, ui_scenes_##table);
#include "scenes.def"
#undef UI_SCENES
    return all;
}

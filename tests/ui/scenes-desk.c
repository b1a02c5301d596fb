/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-queue-page.h"
#include "ui-test.h"

const UiScene ui_scenes_desk[];

static void show_queue(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_window_show(window, "queue", NULL, NULL);
    ui_pump_idle(window, 200);
}

const UiScene ui_scenes_desk[] = {
    {"desk-queue", show_queue, FALSE},
    {NULL, NULL, FALSE},
};

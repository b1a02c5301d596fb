/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-check-guide.h"
#include "scenes.h"

static void instruments(CelWindow *window, const char *folder)
{
    (void)folder;
    ui_open_instrument(window, "simulated:785", "sample=polystyrene,seed=3");
    cel_window_show(window, "instruments", NULL, NULL);
    ui_pump_idle(window, 100);
}

static void daybook(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_window_show(window, "daybook", NULL, NULL);
    ui_pump_idle(window, 100);
}

static void check_guide(CelWindow *window, const char *folder)
{
    instruments(window, folder);
    gtk_window_present(GTK_WINDOW(cel_check_guide_new(cel_window_page(window, NULL), FALSE)));
    ui_pump_idle(window, 300);
}

const UiScene ui_scenes_inst[] = {
    {"instruments", instruments, FALSE},
    {"daybook", daybook, FALSE},
    {"check-guide", check_guide, FALSE},
    {NULL, NULL, FALSE},
};

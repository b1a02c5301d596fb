/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files/cel-own-entry.h"
#include "scenes.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* A spectrum with a few bands, so that something is to be seen. */
static char *write_spectrum(const char *folder, const char *name, const double *bands, gsize n)
{
    char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GString) text = g_string_new("# Raman shift (cm-1), counts\n");
    for (int x = 200; x <= 1800; x += 2) {
        double y = 100.0 + 300.0 * exp(-x / 900.0);
        for (gsize i = 0; i < n; i++)
            y += 900.0 / ((double)i + 1.0) / (1.0 + pow((x - bands[i]) / 6.0, 2.0));
        g_string_append_printf(text, "%d,%.3f\n", x, y);
    }
    g_file_set_contents(path, text->str, -1, NULL);
    return path;
}

static void files_empty(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_window_show(window, "import", NULL, NULL);
    ui_pump_idle(window, 50);
}

static void files(CelWindow *window, const char *folder)
{
    static const double polystyrene[] = {1001.4, 1602.3, 621.0, 1031.8};
    static const double other[] = {555.0, 888.0, 1333.0};
    g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);
    g_autofree char *first = write_spectrum(folder, "bag-07.csv", polystyrene, 4);
    g_autofree char *second = write_spectrum(folder, "bag-08.csv", other, 3);
    g_autofree char *third = g_build_filename(folder, "notes.txt", NULL);
    g_file_set_contents(third, "Bag 7 and bag 8 came together.\n", -1, NULL);
    gtk_string_list_append(list, first);
    gtk_string_list_append(list, second);
    gtk_string_list_append(list, third);
    cel_window_show(window, "import", NULL, G_OBJECT(list));
    ui_pump_idle(window, 50);
    ui_click(GTK_WIDGET(window), _("Identify all"));
    ui_pump_idle(window, 200);
}

static void own_entry(CelWindow *window, const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "bag-07.csv", NULL);
    files(window, folder);
    gtk_window_present(GTK_WINDOW(cel_own_entry_new(cel_window_page(window, NULL), path, 785.0)));
    ui_pump_idle(window, 200);
}

static void library(CelWindow *window, const char *folder)
{
    (void)folder;
    cel_window_show(window, "library", NULL, NULL);
    ui_pump_idle(window, 200);
}

const UiScene ui_scenes_files[] = {
    {"files-empty", files_empty, FALSE}, {"files", files, FALSE}, {"own-entry", own_entry, FALSE},
    {"library", library, FALSE},         {NULL, NULL, FALSE},
};

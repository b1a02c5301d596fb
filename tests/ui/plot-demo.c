/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with a plot as pages use it, to try and to look at:
 *   plot-demo [--shot FILE.png] [--save FILE] [--size WxH] [--many | --live | --empty] [--zoom]
 * [--day] */
#include "plot-fixture.h"
#include "ui-test.h"

#include <adwaita.h>
#include <stdlib.h>

static char *shot, *size, *save;
static gboolean many, live, empty, zoom, day;

static const GOptionEntry options[] = {
    {"shot", 0, 0, G_OPTION_ARG_FILENAME, &shot, "write a picture and end", "FILE"},
    {"save", 0, 0, G_OPTION_ARG_FILENAME, &save, "export and end", "FILE"},
    {"size", 0, 0, G_OPTION_ARG_STRING, &size, "of the window", "WxH"},
    {"many", 0, 0, G_OPTION_ARG_NONE, &many, "ten spectra", NULL},
    {"live", 0, 0, G_OPTION_ARG_NONE, &live, "ten spectra and a live one", NULL},
    {"empty", 0, 0, G_OPTION_ARG_NONE, &empty, "nothing", NULL},
    {"zoom", 0, 0, G_OPTION_ARG_NONE, &zoom, "zoomed in", NULL},
    {"day", 0, 0, G_OPTION_ARG_NONE, &day, "for the sun", NULL},
    {NULL, 0, 0, 0, NULL, NULL, NULL},
};

static gboolean never(gpointer data)
{
    (void)data;
    return FALSE;
}

static GtkWidget *content(void)
{
    if (!many && !live && !empty)
        return plot_fixture_pair();
    GtkWidget *view = cel_plot_view_new();
    if (!empty)
        plot_fixture_many(CEL_PLOT_VIEW(view));
    if (live) {
        g_autoptr(CelPlotTrace) trace = plot_fixture_live(1, 20.0);
        cel_plot_view_set_live(CEL_PLOT_VIEW(view), trace);
    }
    if (many)
        cel_plot_view_set_spread(CEL_PLOT_VIEW(view), 0.4, TRUE);
    return view;
}

int main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_add_main_entries(context, options, NULL);
    ui_test_init(&argc, &argv);
    plot_fixture_styles();
    if (!g_option_context_parse(context, &argc, &argv, NULL))
        return 2;
    int width = 960, height = 600;
    if (size != NULL) {
        g_auto(GStrv) parts = g_strsplit(size, "x", 2);
        width = (int)g_ascii_strtoll(parts[0], NULL, 10);
        height = (int)g_ascii_strtoll(parts[1], NULL, 10);
    }
    GtkWidget *window = adw_window_new();
    GtkWidget *box = content();
    if (day)
        gtk_widget_add_css_class(window, "day");
    gtk_window_set_default_size(GTK_WINDOW(window), width, height);
    adw_window_set_content(ADW_WINDOW(window), box);
    gtk_window_present(GTK_WINDOW(window));
    ui_pump(never, NULL, 400);
    if (zoom) {
        gtk_widget_activate_action(plot_fixture_view(box), "plot.zoom-in", NULL);
        gtk_widget_activate_action(plot_fixture_view(box), "plot.next-mark", NULL);
    }
    if (save != NULL)
        cel_plot_view_save(CEL_PLOT_VIEW(plot_fixture_view(box)), save);
    if (shot == NULL && save == NULL) {
        ui_pump(never, NULL, G_MAXUINT / 2);
        return 0;
    }
    ui_pump(never, NULL, save != NULL ? 1500 : 300);
    const gboolean done = shot == NULL || ui_shot(window, shot, 1.0);
    gtk_window_destroy(GTK_WINDOW(window));
    return done ? 0 : 1;
}

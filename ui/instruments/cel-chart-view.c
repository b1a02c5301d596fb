/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instruments/cel-chart-view.h"

#include "cel-words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

enum { LEAST_HEIGHT = 240, MARGIN = 6, FONT = 12 };

struct _CelChartView {
    GtkWidget parent;
    CelChartPicture *picture;
};

G_DEFINE_FINAL_TYPE(CelChartView, cel_chart_view, GTK_TYPE_WIDGET)

static CelPaletteId palette_of(GtkWidget *widget)
{
    GtkWidget *root = GTK_WIDGET(gtk_widget_get_root(widget));
    if (root != NULL && gtk_widget_has_css_class(root, "day"))
        return CEL_PALETTE_DAY;
    return adw_style_manager_get_dark(adw_style_manager_get_default()) ? CEL_PALETTE_DARK
                                                                       : CEL_PALETTE_LIGHT;
}

static void snapshot(GtkWidget *widget, GtkSnapshot *shot)
{
    const CelChartView *view = CEL_CHART_VIEW(widget);
    const float width = (float)gtk_widget_get_width(widget);
    const float height = (float)gtk_widget_get_height(widget);
    if (view->picture == NULL)
        return;
    CelPlot plot = *cel_chart_picture_plot(view->picture);
    plot.palette = palette_of(widget);
    plot.ground = TRUE;
    plot.font_size = FONT;
    plot.mark_size = FONT / 3.0;
    plot.language = cel_ui_is_chinese() ? "zh-cn" : "en";
    cairo_t *cr = gtk_snapshot_append_cairo(shot, &GRAPHENE_RECT_INIT(0, 0, width, height));
    cel_draw_plot(cr, &plot, MARGIN, MARGIN, (double)width - 2 * MARGIN,
                  (double)height - 2 * MARGIN);
    cairo_destroy(cr);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *least,
                    int *natural, int *least_baseline, int *natural_baseline)
{
    (void)widget;
    (void)for_size;
    *least = orientation == GTK_ORIENTATION_VERTICAL ? LEAST_HEIGHT : 0;
    *natural = LEAST_HEIGHT;
    *least_baseline = *natural_baseline = -1;
}

static void cel_chart_view_finalize(GObject *object)
{
    cel_chart_picture_free(CEL_CHART_VIEW(object)->picture);
    G_OBJECT_CLASS(cel_chart_view_parent_class)->finalize(object);
}

static void cel_chart_view_class_init(CelChartViewClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = cel_chart_view_finalize;
    widget_class->snapshot = snapshot;
    widget_class->measure = measure;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void cel_chart_view_init(CelChartView *view)
{
    gtk_widget_set_hexpand(GTK_WIDGET(view), TRUE);
    g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                            G_CALLBACK(gtk_widget_queue_draw), view, G_CONNECT_SWAPPED);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Control chart"), -1);
}

GtkWidget *cel_chart_view_new(void)
{
    return g_object_new(CEL_TYPE_CHART_VIEW, NULL);
}

void cel_chart_view_show(CelChartView *view, CelChartPicture *picture, const char *spoken)
{
    cel_chart_picture_free(view->picture);
    view->picture = picture;
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   spoken != NULL ? spoken : "", -1);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

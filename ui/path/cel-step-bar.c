/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-step-bar.h"

#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>

enum { DOT = 16, GAP = 8 };

struct _CelStepBar {
    GtkWidget parent;
    GtkWidget *box, *dots, *words, *item;
    guint index, n;
    gboolean over;
};

G_DEFINE_FINAL_TYPE(CelStepBar, cel_step_bar, GTK_TYPE_WIDGET)

/* Done: filled; present: ring with a filled middle; to come: ring. */
static void draw_dot(cairo_t *cr, double x, double y, int state)
{
    const double radius = DOT / 2.0 - 2.0;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, radius, 0, 2 * G_PI);
    if (state < 0) {
        cairo_fill(cr);
        return;
    }
    cairo_stroke(cr);
    if (state == 0) {
        cairo_arc(cr, x, y, radius * 0.5, 0, 2 * G_PI);
        cairo_fill(cr);
    }
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const CelStepBar *bar = data;
    GdkRGBA colour;
    (void)width;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_set_line_width(cr, 2.0);
    const double y = height / 2.0;
    for (guint i = 0; i < bar->n; i++) {
        const double x = DOT / 2.0 + i * (DOT + GAP);
        const int state = bar->over || i < bar->index ? -1 : i == bar->index ? 0 : 1;
        draw_dot(cr, x, y, state);
        if (i + 1 < bar->n) {
            cairo_move_to(cr, x + DOT / 2.0, y);
            cairo_line_to(cr, x + DOT / 2.0 + GAP, y);
            cairo_stroke(cr);
        }
    }
}

static char *item_text(const CelPathView *view)
{
    if (*view->item_id == '\0')
        return g_strdup(view->case_id);
    return g_strdup_printf("%s / %s", view->case_id,
                           *view->measured_item != '\0' ? view->measured_item : view->item_id);
}

void cel_step_bar_show(CelStepBar *bar, const CelPathView *view)
{
    const char *title = _(cel_path_step_def(view->step)->title);
    g_autofree char *words =
        g_strdup_printf(_("Step %u of %u: %s"), view->index + 1, view->n_steps, title);
    g_autofree char *item = item_text(view);
    bar->index = view->index;
    bar->n = view->n_steps;
    bar->over = view->over;
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(bar->dots),
                                       (int)(bar->n * (DOT + GAP)) - GAP);
    gtk_label_set_text(GTK_LABEL(bar->words), words);
    gtk_label_set_text(GTK_LABEL(bar->item), item);
    gtk_widget_set_visible(bar->item, *item != '\0');
    gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
    gtk_widget_queue_draw(bar->dots);
}

static void cel_step_bar_dispose(GObject *object)
{
    g_clear_pointer(&CEL_STEP_BAR(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(cel_step_bar_parent_class)->dispose(object);
}

static void cel_step_bar_class_init(CelStepBarClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_step_bar_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(klass), "stepbar");
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void cel_step_bar_init(CelStepBar *bar)
{
    bar->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
    gtk_widget_set_parent(bar->box, GTK_WIDGET(bar));
    bar->dots = gtk_drawing_area_new();
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(bar->dots), DOT);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(bar->dots), draw, bar, NULL);
    gtk_widget_set_halign(bar->dots, GTK_ALIGN_START);
    bar->words = cel_part_label("", "heading");
    /* one over the other: beside each other they leave the words no line of their own at 800 px */
    GtkWidget *where = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    gtk_widget_set_hexpand(where, TRUE);
    gtk_widget_set_valign(where, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(where), bar->words);
    gtk_box_append(GTK_BOX(where), bar->dots);
    bar->item = cel_part_label("", "heading");
    gtk_label_set_xalign(GTK_LABEL(bar->item), 1.0F);
    gtk_label_set_wrap(GTK_LABEL(bar->item), FALSE);
    gtk_label_set_ellipsize(GTK_LABEL(bar->item), PANGO_ELLIPSIZE_START);
    gtk_label_set_width_chars(GTK_LABEL(bar->item), 14);
    gtk_box_append(GTK_BOX(bar->box), where);
    gtk_box_append(GTK_BOX(bar->box), bar->item);
}

GtkWidget *cel_step_bar_new(void)
{
    return g_object_new(CEL_TYPE_STEP_BAR, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-card-dialog.h"

#include "citizen/cel-fit.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { WIDTH = 780, HEIGHT = 460, EDGE_PX = 16, LEAP_PX = 10 };
static const double CORNER_MM = 3.18; /* of an ID-1 card */

struct _CelCardDialog {
    AdwWindow parent;
    GSettings *settings;
    GtkWidget *area, *save;
    GtkLabel *told;
    double width_px;
    double drag_from_px;
};

G_DEFINE_FINAL_TYPE(CelCardDialog, cel_card_dialog, ADW_TYPE_WINDOW)

double cel_card_dialog_width(CelCardDialog *dialog)
{
    return dialog->width_px;
}

static void tell(CelCardDialog *dialog)
{
    const CelScreen screen = {.measured_per_mm = cel_card_per_mm(dialog->width_px)};
    g_autofree char *text =
        g_strdup_printf(_("%.0f dots an inch · a target of %.0f mm has %d px"),
                        cel_card_dpi(dialog->width_px), CEL_TOUCH_MM, cel_touch_px(&screen));
    gtk_label_set_text(dialog->told, text);
    gtk_accessible_update_property(GTK_ACCESSIBLE(dialog->area), GTK_ACCESSIBLE_PROPERTY_VALUE_NOW,
                                   dialog->width_px, GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text, -1);
    gtk_widget_queue_draw(dialog->area);
}

void cel_card_dialog_set_width(CelCardDialog *dialog, double width_px)
{
    const int width = gtk_widget_get_width(dialog->area);
    const double room = width > 2 * EDGE_PX ? width - 2.0 * EDGE_PX : (double)G_MAXINT;
    dialog->width_px = cel_card_clamp(width_px, room);
    tell(dialog);
}

/* ---- drawing ---- */

static void draw_card(cairo_t *cr, double width, double height, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, width - radius, radius, radius, -G_PI_2, 0.0);
    cairo_arc(cr, width - radius, height - radius, radius, 0.0, G_PI_2);
    cairo_arc(cr, radius, height - radius, radius, G_PI_2, G_PI);
    cairo_arc(cr, radius, radius, radius, G_PI, 1.5 * G_PI);
    cairo_close_path(cr);
}

static void draw_edge(cairo_t *cr, double x, double height, double width)
{
    cairo_set_line_width(cr, width);
    cairo_move_to(cr, x, 0.0);
    cairo_line_to(cr, x, height);
    cairo_stroke(cr);
}

/* The card from the upper left on; what has no room below is not needed. */
static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const CelCardDialog *dialog = data;
    const double per_mm = cel_card_per_mm(dialog->width_px), card = dialog->width_px;
    GdkRGBA ink;
    (void)width;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &ink);
    cairo_translate(cr, EDGE_PX, 0.0);
    draw_card(cr, card, CEL_CARD_HEIGHT_MM * per_mm, CORNER_MM * per_mm);
    cairo_set_source_rgba(cr, (double)ink.red, (double)ink.green, (double)ink.blue, 0.10);
    cairo_fill(cr);
    gdk_cairo_set_source_rgba(cr, &ink);
    draw_edge(cr, 0.0, height, 2.0);
    draw_edge(cr, card, height, gtk_widget_has_focus(GTK_WIDGET(area)) ? 4.0 : 2.0);
    cairo_arc(cr, card, height / 2.0, EDGE_PX * 0.7, 0.0, 2.0 * G_PI);
    cairo_fill(cr);
}

/* ---- moving the edge ---- */

static void drag_begin(GtkGestureDrag *gesture, double x, double y, CelCardDialog *dialog)
{
    (void)gesture;
    (void)x;
    (void)y;
    gtk_widget_grab_focus(dialog->area);
    dialog->drag_from_px = dialog->width_px;
}

static void drag_update(GtkGestureDrag *gesture, double dx, double dy, CelCardDialog *dialog)
{
    (void)gesture;
    (void)dy;
    cel_card_dialog_set_width(dialog, dialog->drag_from_px + dx);
}

static gboolean key_pressed(GtkEventControllerKey *controller, guint key, guint code,
                            GdkModifierType state, CelCardDialog *dialog)
{
    (void)controller;
    (void)code;
    const double step = (state & GDK_SHIFT_MASK) != 0 ? LEAP_PX : 1.0;
    if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
        cel_card_dialog_set_width(dialog, dialog->width_px - step);
    else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
        cel_card_dialog_set_width(dialog, dialog->width_px + step);
    else
        return FALSE;
    return TRUE;
}

static void act_step(GtkWidget *widget, const char *name, GVariant *target)
{
    CelCardDialog *dialog = CEL_CARD_DIALOG(widget);
    (void)target;
    const double step = g_str_equal(name, "card.wider") ? 1.0 : -1.0;
    cel_card_dialog_set_width(dialog, dialog->width_px + step);
}

static void act_save(GtkWidget *widget, const char *name, GVariant *target)
{
    CelCardDialog *dialog = CEL_CARD_DIALOG(widget);
    (void)name;
    (void)target;
    g_settings_set_double(dialog->settings, "touch-dots-per-mm", cel_card_per_mm(dialog->width_px));
    gtk_window_close(GTK_WINDOW(dialog));
}

/* ---- the widget ---- */

static void cel_card_dialog_dispose(GObject *object)
{
    g_clear_object(&CEL_CARD_DIALOG(object)->settings);
    G_OBJECT_CLASS(cel_card_dialog_parent_class)->dispose(object);
}

static void cel_card_dialog_class_init(CelCardDialogClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_card_dialog_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/citizen/cel-card-dialog.ui");
    gtk_widget_class_bind_template_child(widget_class, CelCardDialog, area);
    gtk_widget_class_bind_template_child(widget_class, CelCardDialog, save);
    gtk_widget_class_bind_template_child(widget_class, CelCardDialog, told);
    gtk_widget_class_install_action(widget_class, "card.narrower", NULL, act_step);
    gtk_widget_class_install_action(widget_class, "card.wider", NULL, act_step);
    gtk_widget_class_install_action(widget_class, "card.save", NULL, act_save);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Return, 0, "card.save", NULL);
}

static void cel_card_dialog_init(CelCardDialog *dialog)
{
    gtk_widget_init_template(GTK_WIDGET(dialog));
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(dialog->area), draw, dialog, NULL);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), dialog);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), dialog);
    gtk_widget_add_controller(dialog->area, GTK_EVENT_CONTROLLER(drag));
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), dialog);
    gtk_widget_add_controller(dialog->area, keys);
    g_signal_connect_object(dialog->area, "notify::has-focus", G_CALLBACK(gtk_widget_queue_draw),
                            dialog->area, G_CONNECT_SWAPPED);
}

CelCardDialog *cel_card_dialog_new(GtkWindow *parent, GSettings *settings)
{
    CelCardDialog *dialog = g_object_new(CEL_TYPE_CARD_DIALOG, "transient-for", parent, NULL);
    cel_citizen_fit(GTK_WINDOW(dialog), parent, WIDTH, HEIGHT);
    dialog->settings = g_object_ref(settings);
    const CelScreen screen =
        cel_touch_screen(GTK_WIDGET(parent), g_settings_get_double(settings, "touch-dots-per-mm"));
    cel_card_dialog_set_width(dialog, cel_card_first_guess(&screen));
    gtk_window_set_focus(GTK_WINDOW(dialog), dialog->area);
    return dialog;
}

gboolean cel_card_ask_once(GtkWindow *parent, GSettings *settings, gboolean is_field)
{
    const CelScreen screen =
        cel_touch_screen(GTK_WIDGET(parent), g_settings_get_double(settings, "touch-dots-per-mm"));
    if (!gtk_widget_get_mapped(GTK_WIDGET(parent)) ||
        !cel_card_must_ask(&screen, g_settings_get_boolean(settings, "screen-asked"), is_field))
        return FALSE;
    g_settings_set_boolean(settings, "screen-asked", TRUE);
    gtk_window_present(GTK_WINDOW(cel_card_dialog_new(parent, settings)));
    return TRUE;
}

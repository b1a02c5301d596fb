/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-hold-button.h"

#include <math.h>

/* A held key repeats after about half a second at the latest. */
enum { RING_PX = 96, KEEP_MS = 700 };
/* Taller than a line of text, whose height GTK rounds in two ways. */
enum { STATEMENT_PX = 22 };

struct _CelHoldButton {
    GtkWidget parent;
    GtkWidget *box, *ring, *label;
    gint64 since_us; /* 0: not pressed */
    gboolean spent;  /* held long enough and not let go of since: a key goes on repeating */
    guint done_id, keep_id, tick_id;
};

G_DEFINE_FINAL_TYPE(CelHoldButton, cel_hold_button, GTK_TYPE_WIDGET)

enum { HELD, N_SIGNALS };
static guint signals[N_SIGNALS];

double cel_hold_button_fraction(CelHoldButton *button)
{
    if (button->since_us == 0)
        return 0.0;
    const double ms = (double)(g_get_monotonic_time() - button->since_us) / 1000.0;
    return CLAMP(ms / CEL_HOLD_MS, 0.0, 1.0);
}

/* ---- pressing ---- */

static void let_go(CelHoldButton *button)
{
    g_clear_handle_id(&button->done_id, g_source_remove);
    if (button->tick_id != 0)
        gtk_widget_remove_tick_callback(GTK_WIDGET(button), button->tick_id);
    button->tick_id = 0;
    button->since_us = 0;
    gtk_widget_unset_state_flags(GTK_WIDGET(button), GTK_STATE_FLAG_ACTIVE);
    gtk_widget_queue_draw(button->ring);
}

static gboolean held(gpointer data)
{
    CelHoldButton *button = data;
    button->done_id = 0;
    let_go(button);
    button->spent = TRUE;
    g_signal_emit(button, signals[HELD], 0);
    return G_SOURCE_REMOVE;
}

static gboolean tick(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    (void)clock;
    (void)data;
    gtk_widget_queue_draw(CEL_HOLD_BUTTON(widget)->ring);
    return G_SOURCE_CONTINUE;
}

void cel_hold_button_press(CelHoldButton *button)
{
    if (button->since_us != 0 || button->spent || !gtk_widget_is_sensitive(GTK_WIDGET(button)))
        return;
    button->since_us = g_get_monotonic_time();
    button->done_id = g_timeout_add(CEL_HOLD_MS, held, button);
    button->tick_id = gtk_widget_add_tick_callback(GTK_WIDGET(button), tick, NULL, NULL);
    gtk_widget_set_state_flags(GTK_WIDGET(button), GTK_STATE_FLAG_ACTIVE, FALSE);
}

void cel_hold_button_release(CelHoldButton *button)
{
    button->spent = FALSE;
    g_clear_handle_id(&button->keep_id, g_source_remove);
    if (button->since_us != 0)
        let_go(button);
}

static gboolean not_kept(gpointer data)
{
    CelHoldButton *button = data;
    button->keep_id = 0;
    cel_hold_button_release(button);
    return G_SOURCE_REMOVE;
}

void cel_hold_button_hold(CelHoldButton *button)
{
    cel_hold_button_press(button);
    g_clear_handle_id(&button->keep_id, g_source_remove);
    if (button->since_us != 0 || button->spent)
        button->keep_id = g_timeout_add(KEEP_MS, not_kept, button);
}

/* ---- fingers and keys ---- */

static void drag_begin(GtkGestureDrag *gesture, double x, double y, CelHoldButton *button)
{
    (void)x;
    (void)y;
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    gtk_widget_grab_focus(GTK_WIDGET(button));
    cel_hold_button_press(button);
}

static void drag_update(GtkGestureDrag *gesture, double dx, double dy, CelHoldButton *button)
{
    double x = 0, y = 0;
    gtk_gesture_drag_get_start_point(gesture, &x, &y);
    if (!gtk_widget_contains(GTK_WIDGET(button), x + dx, y + dy))
        cel_hold_button_release(button);
}

static gboolean is_press_key(guint key)
{
    return key == GDK_KEY_space || key == GDK_KEY_KP_Space || key == GDK_KEY_Return ||
           key == GDK_KEY_KP_Enter || key == GDK_KEY_ISO_Enter;
}

static gboolean key_pressed(GtkEventControllerKey *keys, guint key, guint code,
                            GdkModifierType state, CelHoldButton *button)
{
    (void)keys;
    (void)code;
    (void)state;
    if (!is_press_key(key))
        return GDK_EVENT_PROPAGATE;
    cel_hold_button_press(button);
    return GDK_EVENT_STOP;
}

static void key_released(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                         CelHoldButton *button)
{
    (void)keys;
    (void)code;
    (void)state;
    if (is_press_key(key))
        cel_hold_button_release(button);
}

static void add_controllers(CelHoldButton *button)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_gesture_single_set_exclusive(GTK_GESTURE_SINGLE(drag), TRUE);
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(drag), GDK_BUTTON_PRIMARY);
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), button);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), button);
    g_signal_connect_swapped(drag, "drag-end", G_CALLBACK(cel_hold_button_release), button);
    g_signal_connect_swapped(drag, "cancel", G_CALLBACK(cel_hold_button_release), button);
    gtk_widget_add_controller(GTK_WIDGET(button), GTK_EVENT_CONTROLLER(drag));
    GtkEventController *keys = gtk_event_controller_key_new();
    g_signal_connect(keys, "key-pressed", G_CALLBACK(key_pressed), button);
    g_signal_connect(keys, "key-released", G_CALLBACK(key_released), button);
    gtk_widget_add_controller(GTK_WIDGET(button), keys);
    GtkEventController *focus = gtk_event_controller_focus_new();
    g_signal_connect_swapped(focus, "leave", G_CALLBACK(cel_hold_button_release), button);
    gtk_widget_add_controller(GTK_WIDGET(button), focus);
}

static void act_press(GtkWidget *widget, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    CEL_HOLD_BUTTON(widget)->spent = FALSE;
    cel_hold_button_press(CEL_HOLD_BUTTON(widget));
}

static void act_release(GtkWidget *widget, const char *name, GVariant *target)
{
    (void)name;
    (void)target;
    cel_hold_button_release(CEL_HOLD_BUTTON(widget));
}

/* ---- looks ---- */

static void draw_ring(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    CelHoldButton *button = data;
    GdkRGBA colour;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
    const double radius = MIN(width, height) / 2.0 - 8.0;
    cairo_translate(cr, width / 2.0, height / 2.0);
    cairo_set_line_width(cr, 10.0);
    colour.alpha *= 0.25F;
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_arc(cr, 0, 0, radius, 0, 2 * G_PI);
    cairo_stroke(cr);
    colour.alpha *= 4.0F;
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_arc(cr, 0, 0, radius, -G_PI / 2, -G_PI / 2 + 2 * G_PI * cel_hold_button_fraction(button));
    cairo_stroke(cr);
    cairo_arc(cr, 0, 0, radius * 0.42, 0, 2 * G_PI);
    cairo_fill(cr);
}

static void add_statement(GtkBox *box, const char *text)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *icon = gtk_image_new_from_icon_name("object-select-symbolic");
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_widget_set_size_request(icon, STATEMENT_PX, STATEMENT_PX);
    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(row), icon);
    gtk_box_append(GTK_BOX(row), label);
    gtk_box_append(box, row);
}

static void cel_hold_button_dispose(GObject *object)
{
    CelHoldButton *button = CEL_HOLD_BUTTON(object);
    g_clear_handle_id(&button->done_id, g_source_remove);
    g_clear_handle_id(&button->keep_id, g_source_remove);
    g_clear_pointer(&button->box, gtk_widget_unparent);
    G_OBJECT_CLASS(cel_hold_button_parent_class)->dispose(object);
}

static void unmap(GtkWidget *widget)
{
    cel_hold_button_release(CEL_HOLD_BUTTON(widget));
    GTK_WIDGET_CLASS(cel_hold_button_parent_class)->unmap(widget);
}

static void cel_hold_button_class_init(CelHoldButtonClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_hold_button_dispose;
    widget_class->unmap = unmap;
    signals[HELD] = g_signal_new("held", CEL_TYPE_HOLD_BUTTON, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "holdbutton");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_BUTTON);
    gtk_widget_class_install_action(widget_class, "hold.press", NULL, act_press);
    gtk_widget_class_install_action(widget_class, "hold.release", NULL, act_release);
}

static void cel_hold_button_init(CelHoldButton *button)
{
    gtk_widget_set_focusable(GTK_WIDGET(button), TRUE);
    button->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_set_parent(button->box, GTK_WIDGET(button));
    button->ring = gtk_drawing_area_new();
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(button->ring), RING_PX);
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(button->ring), RING_PX);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(button->ring), draw_ring, button, NULL);
    gtk_widget_set_valign(button->ring, GTK_ALIGN_CENTER);
    gtk_box_append(GTK_BOX(button->box), button->ring);
    add_controllers(button);
}

void cel_hold_button_set_label(CelHoldButton *button, const char *label)
{
    gtk_label_set_text(GTK_LABEL(button->label), label);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   -1);
}

GtkWidget *cel_hold_button_new(const char *label, const char *const *statements)
{
    CelHoldButton *button = g_object_new(CEL_TYPE_HOLD_BUTTON, NULL);
    g_autofree char *said = g_strjoinv("\n", (char **)statements);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    gtk_widget_set_valign(words, GTK_ALIGN_CENTER);
    gtk_widget_set_hexpand(words, TRUE);
    button->label = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(button->label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(button->label), 0.0F);
    gtk_widget_add_css_class(button->label, "title-4");
    gtk_box_append(GTK_BOX(words), button->label);
    for (gsize i = 0; statements[i] != NULL; i++)
        add_statement(GTK_BOX(words), statements[i]);
    gtk_box_append(GTK_BOX(button->box), words);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   said, -1);
    cel_hold_button_set_label(button, label);
    return GTK_WIDGET(button);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, wheel, drag, pinch: all end in the model's few functions. */
#include "plot/cel-plot-view-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static const double WHEEL = 1.2, BUTTON = 1.5, NEAR_PX = 22.0, LEAST_DRAG = 4.0;

void cel_plot_view_zoom_at(CelPlotView *view, double x, double y, double x_factor, double y_factor)
{
    if (!view->framed)
        return;
    const CelPlotRange shown = cel_plot_model_shown(view->model);
    const CelPlotRange whole = cel_plot_model_whole(view->model);
    const CelPlotZoom zoom = {.x = cel_draw_frame_data_x(&view->frame, x),
                              .y = cel_draw_frame_data_y(&view->frame, y),
                              .x_factor = x_factor,
                              .y_factor = y_factor};
    const CelPlotRange next = cel_plot_range_zoom(&shown, &whole, &zoom);
    cel_plot_model_remember(view->model);
    cel_plot_view_show(view, &next);
}

/* ---- actions ---- */

/* Around the cursor where it is in sight, else around the middle; the ground line stays. */
static void zoom_here(CelPlotView *view, double x_factor, double y_factor)
{
    const CelPlotRange shown = cel_plot_model_shown(view->model);
    const CelPlotRange whole = cel_plot_model_whole(view->model);
    double x = NAN, y = NAN;
    if (!cel_plot_model_cursor(view->model, &x, &y) || x < shown.x_min || x > shown.x_max)
        x = 0.5 * (shown.x_min + shown.x_max);
    const CelPlotZoom zoom = {.x = x,
                              .y = CLAMP(0.0, shown.y_min, shown.y_max),
                              .x_factor = x_factor,
                              .y_factor = y_factor};
    const CelPlotRange next = cel_plot_range_zoom(&shown, &whole, &zoom);
    cel_plot_model_remember(view->model);
    cel_plot_view_show(view, &next);
}

static void zoom_in(CelPlotView *view)
{
    zoom_here(view, BUTTON, 1.0);
}

static void zoom_out(CelPlotView *view)
{
    zoom_here(view, 1.0 / BUTTON, 1.0);
}

static void taller(CelPlotView *view)
{
    zoom_here(view, 1.0, BUTTON);
}

static void lower(CelPlotView *view)
{
    zoom_here(view, 1.0, 1.0 / BUTTON);
}

static void fit(CelPlotView *view)
{
    cel_plot_model_fit(view->model);
    if (view->above != NULL)
        cel_plot_model_fit(view->above->model);
    if (view->below != NULL)
        cel_plot_model_fit(view->below->model);
    cel_plot_view_sync(view);
}

static void back(CelPlotView *view)
{
    if (cel_plot_model_back(view->model))
        cel_plot_view_sync(view);
}

static void move_cursor(CelPlotView *view, CelPlotStep step, int direction)
{
    const CelPlotRange before = cel_plot_model_shown(view->model);
    if (!cel_plot_model_move_cursor(view->model, step, direction)) {
        gtk_widget_error_bell(GTK_WIDGET(view));
        return;
    }
    const CelPlotRange after = cel_plot_model_shown(view->model);
    if (!cel_plot_range_equal(&before, &after))
        cel_plot_view_sync(view);
    cel_plot_view_cursor_changed(view);
}

static void cursor_left(CelPlotView *view)
{
    move_cursor(view, CEL_STEP_SAMPLE, -1);
}

static void cursor_right(CelPlotView *view)
{
    move_cursor(view, CEL_STEP_SAMPLE, 1);
}

static void previous_mark(CelPlotView *view)
{
    move_cursor(view, CEL_STEP_PEAK, -1);
}

static void next_mark(CelPlotView *view)
{
    move_cursor(view, CEL_STEP_PEAK, 1);
}

static void cursor_first(CelPlotView *view)
{
    move_cursor(view, CEL_STEP_END, -1);
}

static void cursor_last(CelPlotView *view)
{
    move_cursor(view, CEL_STEP_END, 1);
}

static void drop_cursor(CelPlotView *view)
{
    cel_plot_model_set_cursor(view->model, NAN);
    cel_plot_view_cursor_changed(view);
}

/* The mark within a finger's width of the cursor. */
static void activate_mark(CelPlotView *view)
{
    double x = NAN, y = NAN;
    if (!view->framed || !cel_plot_model_cursor(view->model, &x, &y))
        return;
    const double per_px = (view->frame.x_max - view->frame.x_min) / view->frame.width;
    const int mark = cel_plot_model_mark_near(view->model, x, NEAR_PX * per_px);
    if (mark >= 0)
        cel_plot_view_activate_mark(view, (guint)mark);
}

static GMenuModel *menu_model(void)
{
    static const struct {
        const char *label, *action;
        guint section;
    } items[] = {
        {N_("Show everything"), "plot.fit", 0},       {N_("Previous view"), "plot.back", 0},
        {N_("Zoom in"), "plot.zoom-in", 0},           {N_("Zoom out"), "plot.zoom-out", 0},
        {N_("Stretch upwards"), "plot.taller", 0},    {N_("Press flat"), "plot.lower", 0},
        {N_("Copy picture"), "plot.copy-picture", 1}, {N_("Copy values"), "plot.copy-values", 1},
        {N_("Save to a file…"), "plot.export", 1},
    };
    GMenu *menu = g_menu_new();
    for (guint section = 0; section < 3; section++) {
        g_autoptr(GMenu) part = g_menu_new();
        for (gsize i = 0; i < G_N_ELEMENTS(items); i++)
            if (items[i].section == section)
                g_menu_append(part, _(items[i].label), items[i].action);
        g_menu_append_section(menu, NULL, G_MENU_MODEL(part));
    }
    return G_MENU_MODEL(menu);
}

void cel_plot_view_open_menu(CelPlotView *view, double x, double y)
{
    if (view->menu == NULL) {
        g_autoptr(GMenuModel) model = menu_model();
        view->menu = gtk_popover_menu_new_from_model(model);
        gtk_popover_set_has_arrow(GTK_POPOVER(view->menu), FALSE);
        gtk_widget_set_halign(view->menu, GTK_ALIGN_START);
        gtk_widget_set_parent(view->menu, GTK_WIDGET(view));
    }
    gtk_popover_set_pointing_to(GTK_POPOVER(view->menu), &(GdkRectangle){(int)x, (int)y, 1, 1});
    gtk_popover_popup(GTK_POPOVER(view->menu));
}

/* By key or button it comes up at the cursor, else at the button. */
static void open_menu(CelPlotView *view)
{
    double x = NAN, y = NAN;
    const gboolean cursor = view->framed && cel_plot_model_cursor(view->model, &x, &y) &&
                            gtk_widget_has_focus(GTK_WIDGET(view));
    const double right = gtk_widget_get_width(GTK_WIDGET(view)) - 24.0;
    cel_plot_view_open_menu(view, cursor ? cel_draw_frame_x(&view->frame, x) : right,
                            cursor ? view->frame.top + 24.0 : 24.0);
}

/** Act: an action, what it does, its keys. */
typedef struct {
    const char *name;
    void (*run)(CelPlotView *view);
    struct {
        guint key;
        GdkModifierType mods;
    } keys[3];
} Act;

static const Act acts[] = {
    {"plot.zoom-in", zoom_in, {{GDK_KEY_plus, 0}, {GDK_KEY_equal, 0}, {GDK_KEY_KP_Add, 0}}},
    {"plot.zoom-out", zoom_out, {{GDK_KEY_minus, 0}, {GDK_KEY_KP_Subtract, 0}}},
    {"plot.fit", fit, {{GDK_KEY_0, 0}, {GDK_KEY_KP_0, 0}}},
    {"plot.back", back, {{GDK_KEY_BackSpace, 0}, {GDK_KEY_Left, GDK_ALT_MASK}}},
    {"plot.taller", taller, {{GDK_KEY_Up, 0}, {GDK_KEY_KP_Up, 0}}},
    {"plot.lower", lower, {{GDK_KEY_Down, 0}, {GDK_KEY_KP_Down, 0}}},
    {"plot.cursor-left", cursor_left, {{GDK_KEY_Left, 0}, {GDK_KEY_KP_Left, 0}}},
    {"plot.cursor-right", cursor_right, {{GDK_KEY_Right, 0}, {GDK_KEY_KP_Right, 0}}},
    {"plot.previous-mark", previous_mark, {{GDK_KEY_Left, GDK_SHIFT_MASK}}},
    {"plot.next-mark", next_mark, {{GDK_KEY_Right, GDK_SHIFT_MASK}}},
    {"plot.cursor-first", cursor_first, {{GDK_KEY_Home, 0}, {GDK_KEY_KP_Home, 0}}},
    {"plot.cursor-last", cursor_last, {{GDK_KEY_End, 0}, {GDK_KEY_KP_End, 0}}},
    {"plot.drop-cursor", drop_cursor, {{GDK_KEY_Delete, 0}}},
    {"plot.activate-mark", activate_mark, {{GDK_KEY_Return, 0}, {GDK_KEY_KP_Enter, 0}}},
    {"plot.menu", open_menu, {{GDK_KEY_Menu, 0}, {GDK_KEY_F10, GDK_SHIFT_MASK}}},
    {"plot.copy-picture", cel_plot_view_copy_picture, {{GDK_KEY_c, GDK_CONTROL_MASK}}},
    {"plot.copy-values",
     cel_plot_view_copy_values,
     {{GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK},
      {GDK_KEY_C, GDK_CONTROL_MASK | GDK_SHIFT_MASK}}},
    {"plot.export", cel_plot_view_export, {{GDK_KEY_e, GDK_CONTROL_MASK}}},
};

static void run_act(GtkWidget *widget, const char *name, GVariant *parameter)
{
    (void)parameter;
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++)
        if (strcmp(acts[i].name, name) == 0)
            acts[i].run(CEL_PLOT_VIEW(widget));
}

void cel_plot_view_class_input(GtkWidgetClass *klass)
{
    for (gsize i = 0; i < G_N_ELEMENTS(acts); i++) {
        gtk_widget_class_install_action(klass, acts[i].name, NULL, run_act);
        /* the last one stands in the menu: so the first goes last */
        for (gsize k = G_N_ELEMENTS(acts[i].keys); k-- > 0;)
            if (acts[i].keys[k].key != 0)
                gtk_widget_class_add_binding_action(klass, acts[i].keys[k].key,
                                                    acts[i].keys[k].mods, acts[i].name, NULL);
    }
}

/* ---- pointer and fingers ---- */

static void pointer_moved(CelPlotView *view, double x, double y)
{
    view->pointer[0] = x;
    view->pointer[1] = y;
}

static gboolean wheel(GtkEventControllerScroll *controller, double dx, double dy, CelPlotView *view)
{
    const GdkModifierType mods =
        gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(controller));
    if (!view->framed || !cel_draw_frame_contains(&view->frame, view->pointer[0], view->pointer[1]))
        return FALSE;
    if (dx != 0.0 || (mods & GDK_SHIFT_MASK) != 0) {
        const CelPlotRange shown = cel_plot_model_shown(view->model);
        const CelPlotRange whole = cel_plot_model_whole(view->model);
        const double by = 0.08 * (dx != 0.0 ? dx : dy) * (shown.x_max - shown.x_min);
        const CelPlotRange next = cel_plot_range_pan(&shown, &whole, by, 0.0);
        cel_plot_view_show(view, &next);
        return TRUE;
    }
    const double factor = pow(WHEEL, -dy);
    const gboolean height = (mods & GDK_CONTROL_MASK) != 0;
    cel_plot_view_zoom_at(view, view->pointer[0], view->pointer[1], height ? 1.0 : factor,
                          height ? factor : 1.0);
    return TRUE;
}

static void drag_begin(GtkGestureDrag *gesture, double x, double y, CelPlotView *view)
{
    const GdkModifierType mods =
        gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(gesture));
    view->drag = CEL_PLOT_DRAG_NONE;
    if (!view->framed || !cel_draw_frame_contains(&view->frame, x, y))
        return;
    if (view->selecting)
        view->drag = CEL_PLOT_DRAG_SELECT;
    else if ((mods & GDK_SHIFT_MASK) != 0)
        view->drag = CEL_PLOT_DRAG_ZOOM;
    else if (cel_plot_model_is_zoomed(view->model))
        view->drag = CEL_PLOT_DRAG_MOVE; /* else the page around may scroll */
    view->drag_from[0] = view->drag_to[0] = x;
    view->drag_from[1] = view->drag_to[1] = y;
    view->begin = cel_plot_model_shown(view->model);
    view->begin_frame = view->frame;
}

static void drag_update(GtkGestureDrag *gesture, double dx, double dy, CelPlotView *view)
{
    const CelDrawFrame *f = &view->begin_frame;
    if (view->drag == CEL_PLOT_DRAG_NONE || hypot(dx, dy) < LEAST_DRAG)
        return;
    gtk_gesture_set_state(GTK_GESTURE(gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    if (view->drag == CEL_PLOT_DRAG_MOVE) {
        const CelPlotRange whole = cel_plot_model_whole(view->model);
        const CelPlotRange next =
            cel_plot_range_pan(&view->begin, &whole, -dx / f->width * (f->x_max - f->x_min),
                               dy / f->height * (f->y_max - f->y_min));
        cel_plot_view_show(view, &next);
        return;
    }
    view->drag_to[0] = CLAMP(view->drag_from[0] + dx, f->left, f->left + f->width);
    view->drag_to[1] = CLAMP(view->drag_from[1] + dy, f->top, f->top + f->height);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void zoom_to_rubber(CelPlotView *view)
{
    const CelDrawFrame *f = &view->begin_frame;
    const double *a = view->drag_from, *b = view->drag_to;
    if (fabs(a[0] - b[0]) < 2.0 * LEAST_DRAG || fabs(a[1] - b[1]) < 2.0 * LEAST_DRAG)
        return;
    const CelPlotRange range = {
        .x_min = cel_draw_frame_data_x(f, fmin(a[0], b[0])),
        .x_max = cel_draw_frame_data_x(f, fmax(a[0], b[0])),
        .y_min = cel_draw_frame_data_y(f, fmax(a[1], b[1])),
        .y_max = cel_draw_frame_data_y(f, fmin(a[1], b[1])),
    };
    cel_plot_model_remember(view->model);
    cel_plot_view_show(view, &range);
}

static void drag_end(GtkGestureDrag *gesture, double dx, double dy, CelPlotView *view)
{
    const CelPlotDrag drag = view->drag;
    (void)gesture;
    view->drag = CEL_PLOT_DRAG_NONE;
    if (drag == CEL_PLOT_DRAG_NONE || hypot(dx, dy) < LEAST_DRAG)
        return;
    if (drag == CEL_PLOT_DRAG_ZOOM) {
        zoom_to_rubber(view);
    } else if (drag == CEL_PLOT_DRAG_SELECT) {
        const double from = cel_draw_frame_data_x(&view->begin_frame, view->drag_from[0]);
        const double to = cel_draw_frame_data_x(&view->begin_frame, view->drag_to[0]);
        g_signal_emit_by_name(view, "range-selected", fmin(from, to), fmax(from, to));
    } else {
        const CelPlotRange now = cel_plot_model_shown(view->model);
        cel_plot_model_show(view->model, &view->begin);
        cel_plot_model_remember(view->model);
        cel_plot_view_show(view, &now);
    }
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void pressed(CelPlotView *view, int n, double x, double y)
{
    (void)x;
    (void)y;
    gtk_widget_grab_focus(GTK_WIDGET(view));
    if (n == 2)
        fit(view);
}

/* A touch of a mark, in the row above the curves or near its line, asks for it; any other sets the
 * cursor. */
static void released(CelPlotView *view, int n, double x, double y)
{
    if (n != 1 || !view->framed || x < view->frame.left ||
        x > view->frame.left + view->frame.width || y > view->frame.top + view->frame.height)
        return;
    const double at = cel_draw_frame_data_x(&view->frame, x);
    const double per_px = (view->frame.x_max - view->frame.x_min) / view->frame.width;
    const int mark = cel_plot_model_mark_near(view->model, at, NEAR_PX * per_px);
    cel_plot_model_set_cursor(view->model,
                              mark >= 0 ? cel_plot_model_mark(view->model, (gsize)mark)->x : at);
    cel_plot_view_cursor_changed(view);
    if (mark >= 0)
        cel_plot_view_activate_mark(view, (guint)mark);
}

static void pinch_begin(GtkGesture *gesture, GdkEventSequence *sequence, CelPlotView *view)
{
    double x = 0.0, y = 0.0;
    (void)sequence;
    if (!view->framed || !gtk_gesture_get_bounding_box_center(gesture, &x, &y))
        return;
    view->drag = CEL_PLOT_DRAG_NONE;
    view->begin = cel_plot_model_shown(view->model);
    view->begin_frame = view->frame;
    view->pinch_from[0] = cel_draw_frame_data_x(&view->frame, x);
    view->pinch_from[1] = cel_draw_frame_data_y(&view->frame, y);
    cel_plot_model_remember(view->model);
    gtk_gesture_set_state(gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void pinched(GtkGestureZoom *gesture, double scale, CelPlotView *view)
{
    double x = 0.0, y = 0.0;
    if (!view->framed || !gtk_gesture_get_bounding_box_center(GTK_GESTURE(gesture), &x, &y))
        return;
    const double to[] = {cel_draw_frame_data_x(&view->begin_frame, x),
                         cel_draw_frame_data_y(&view->begin_frame, y)};
    const CelPlotRange whole = cel_plot_model_whole(view->model);
    const CelPlotRange next =
        cel_plot_range_pinch(&view->begin, &whole, scale, view->pinch_from, to);
    cel_plot_view_show(view, &next);
}

static void asked_for_menu(CelPlotView *view, int n, double x, double y)
{
    (void)n;
    cel_plot_view_open_menu(view, x, y);
}

static void long_pressed(CelPlotView *view, double x, double y)
{
    cel_plot_view_open_menu(view, x, y);
}

static void add(CelPlotView *view, gpointer controller)
{
    gtk_widget_add_controller(GTK_WIDGET(view), GTK_EVENT_CONTROLLER(controller));
}

void cel_plot_view_init_input(CelPlotView *view)
{
    GtkEventController *scroll =
        gtk_event_controller_scroll_new(GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);
    g_signal_connect(scroll, "scroll", G_CALLBACK(wheel), view);
    add(view, scroll);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect_swapped(motion, "enter", G_CALLBACK(pointer_moved), view);
    g_signal_connect_swapped(motion, "motion", G_CALLBACK(pointer_moved), view);
    add(view, motion);
    GtkGesture *pinch = gtk_gesture_zoom_new();
    g_signal_connect(pinch, "begin", G_CALLBACK(pinch_begin), view);
    g_signal_connect(pinch, "scale-changed", G_CALLBACK(pinched), view);
    add(view, pinch);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(drag_begin), view);
    g_signal_connect(drag, "drag-update", G_CALLBACK(drag_update), view);
    g_signal_connect(drag, "drag-end", G_CALLBACK(drag_end), view);
    add(view, drag);
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect_swapped(click, "pressed", G_CALLBACK(pressed), view);
    g_signal_connect_swapped(click, "released", G_CALLBACK(released), view);
    add(view, click);
    GtkGesture *right = gtk_gesture_click_new();
    gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(right), GDK_BUTTON_SECONDARY);
    g_signal_connect_swapped(right, "pressed", G_CALLBACK(asked_for_menu), view);
    add(view, right);
    GtkGesture *hold = gtk_gesture_long_press_new();
    gtk_gesture_single_set_touch_only(GTK_GESTURE_SINGLE(hold), TRUE);
    g_signal_connect_swapped(hold, "pressed", G_CALLBACK(long_pressed), view);
    add(view, hold);
}

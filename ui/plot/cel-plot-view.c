/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-view-private.h"
#include "plot/cel-plot-words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

enum { LEAST_WIDTH = 200, LEAST_HEIGHT = 130, GOOD_WIDTH = 560, GOOD_HEIGHT = 320 };

/* After so long what moved has come to rest. */
enum { SETTLE_MS = 200 };

enum { CURSOR_MOVED, MARK_ACTIVATED, RANGE_SELECTED, EXPORTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelPlotView, cel_plot_view, GTK_TYPE_WIDGET)

/* ---- layout ---- */

static void view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                         int *out_minimum, int *out_natural, int *out_minimum_baseline,
                         int *out_natural_baseline)
{
    CelPlotView *view = CEL_PLOT_VIEW(widget);
    const gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
    (void)for_size;
    *out_minimum = across ? LEAST_WIDTH + cel_plot_view_button_width(view) : LEAST_HEIGHT;
    *out_natural = MAX(across ? GOOD_WIDTH : GOOD_HEIGHT, *out_minimum);
    *out_minimum_baseline = *out_natural_baseline = -1;
}

/* As many buttons as there is room for, the menu first: it has all that the others do. */
static void place_buttons(CelPlotView *view, int width, int height)
{
    const int wide = cel_plot_view_button_width(view);
    int y = 0;
    for (guint i = 0; i < CEL_PLOT_N_BUTTONS; i++) {
        int natural = 0;
        gtk_widget_measure(view->buttons[i], GTK_ORIENTATION_VERTICAL, wide, NULL, &natural, NULL,
                           NULL);
        const gboolean fits = view->controls && (i == 0 || y + natural <= height);
        gtk_widget_set_child_visible(view->buttons[i], fits);
        if (!fits)
            continue;
        gtk_widget_size_allocate(view->buttons[i], &(GtkAllocation){width - wide, y, wide, natural},
                                 -1);
        y += natural + CEL_PLOT_GAP;
    }
}

static void view_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    CelPlotView *view = CEL_PLOT_VIEW(widget);
    (void)baseline;
    cel_plot_view_drop_layer(view);
    place_buttons(view, width, height);
    if (view->menu != NULL)
        gtk_popover_present(GTK_POPOVER(view->menu));
}

static void add_buttons(CelPlotView *view)
{
    static const struct {
        const char *icon, *name, *tip, *action;
    } defs[CEL_PLOT_N_BUTTONS] = {
        {"view-more-symbolic", N_("Plot menu"), N_("Plot menu (Menu key)"), "plot.menu"},
        {"zoom-fit-best-symbolic", N_("Show everything"), N_("Show everything (0)"), "plot.fit"},
        {"zoom-in-symbolic", N_("Zoom in"), N_("Zoom in (+)"), "plot.zoom-in"},
        {"zoom-out-symbolic", N_("Zoom out"), N_("Zoom out (-)"), "plot.zoom-out"},
    };
    for (guint i = 0; i < CEL_PLOT_N_BUTTONS; i++) {
        GtkWidget *button = gtk_button_new_from_icon_name(defs[i].icon);
        gtk_widget_add_css_class(button, "flat");
        gtk_widget_add_css_class(button, "plot-button");
        gtk_widget_set_tooltip_text(button, _(defs[i].tip));
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       _(defs[i].name), -1);
        gtk_actionable_set_action_name(GTK_ACTIONABLE(button), defs[i].action);
        gtk_widget_set_parent(button, GTK_WIDGET(view));
        view->buttons[i] = button;
    }
}

/* ---- life ---- */

static void theme_changed(CelPlotView *view)
{
    cel_plot_view_drop_layer(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void view_css_changed(GtkWidget *widget, GtkCssStyleChange *change)
{
    GTK_WIDGET_CLASS(cel_plot_view_parent_class)->css_changed(widget, change);
    cel_plot_view_drop_layer(CEL_PLOT_VIEW(widget));
    gtk_widget_queue_draw(widget);
}

static void set_weak(CelPlotView **where, CelPlotView *view)
{
    g_set_weak_pointer(where, view);
}

static void view_dispose(GObject *object)
{
    CelPlotView *view = CEL_PLOT_VIEW(object);
    if (view->above != NULL)
        set_weak(&view->above->below, NULL);
    if (view->below != NULL)
        set_weak(&view->below->above, NULL);
    set_weak(&view->above, NULL);
    set_weak(&view->below, NULL);
    g_clear_handle_id(&view->settle, g_source_remove);
    for (guint i = 0; i < CEL_PLOT_N_BUTTONS; i++)
        g_clear_pointer(&view->buttons[i], gtk_widget_unparent);
    g_clear_pointer(&view->menu, gtk_widget_unparent);
    cel_plot_view_drop_layer(view);
    g_clear_object(&view->texture);
    g_clear_pointer(&view->images[0], cairo_surface_destroy);
    g_clear_pointer(&view->images[1], cairo_surface_destroy);
    G_OBJECT_CLASS(cel_plot_view_parent_class)->dispose(object);
}

static void view_finalize(GObject *object)
{
    CelPlotView *view = CEL_PLOT_VIEW(object);
    cel_plot_model_free(view->model);
    g_free(view->spoken);
    G_OBJECT_CLASS(cel_plot_view_parent_class)->finalize(object);
}

static void cel_plot_view_class_init(CelPlotViewClass *klass)
{
    GtkWidgetClass *widget = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = view_dispose;
    G_OBJECT_CLASS(klass)->finalize = view_finalize;
    widget->snapshot = cel_plot_view_snapshot;
    widget->measure = view_measure;
    widget->size_allocate = view_size_allocate;
    widget->css_changed = view_css_changed;
    const GType type = G_TYPE_FROM_CLASS(klass);
    signals[CURSOR_MOVED] = g_signal_new("cursor-moved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_DOUBLE);
    signals[MARK_ACTIVATED] = g_signal_new("mark-activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[RANGE_SELECTED] = g_signal_new("range-selected", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                           NULL, G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
    signals[EXPORTED] = g_signal_new("exported", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);
    gtk_widget_class_set_css_name(widget, "plot");
    gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
    cel_plot_view_class_input(widget);
}

static void cel_plot_view_init(CelPlotView *view)
{
    view->model = cel_plot_model_new();
    view->controls = TRUE;
    gtk_widget_set_focusable(GTK_WIDGET(view), TRUE);
    gtk_widget_set_hexpand(GTK_WIDGET(view), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(view), TRUE);
    gtk_widget_set_overflow(GTK_WIDGET(view), GTK_OVERFLOW_HIDDEN);
    add_buttons(view);
    cel_plot_view_init_input(view);
    AdwStyleManager *manager = adw_style_manager_get_default();
    g_signal_connect_object(manager, "notify::dark", G_CALLBACK(theme_changed), view,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(manager, "notify::high-contrast", G_CALLBACK(theme_changed), view,
                            G_CONNECT_SWAPPED);
    cel_plot_view_say(view);
}

GtkWidget *cel_plot_view_new(void)
{
    return g_object_new(CEL_TYPE_PLOT_VIEW, NULL);
}

/* ---- what is shown ---- */

void cel_plot_view_say(CelPlotView *view)
{
    const char *title = cel_plot_model_title(view->model);
    g_autofree char *summary = cel_plot_view_summary(view);
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   title != NULL ? title : _("Spectrum"),
                                   GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, summary, -1);
}

void cel_plot_view_changed(CelPlotView *view)
{
    cel_plot_view_drop_layer(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
    cel_plot_view_say(view);
}

static gboolean settled(gpointer data)
{
    CelPlotView *view = data;
    view->settle = 0;
    cel_plot_view_refine(view);
    return G_SOURCE_REMOVE;
}

static void move_on(CelPlotView *view)
{
    g_clear_handle_id(&view->settle, g_source_remove);
    view->settle = g_timeout_add(SETTLE_MS, settled, view);
}

static void follow(CelPlotView *view, const CelPlotRange *range)
{
    CelPlotRange own = cel_plot_model_shown(view->model);
    own.x_min = range->x_min;
    own.x_max = range->x_max;
    cel_plot_model_show(view->model, &own);
    move_on(view);
    cel_plot_view_changed(view);
}

void cel_plot_view_sync(CelPlotView *view)
{
    const CelPlotRange range = cel_plot_model_shown(view->model);
    if (view->above != NULL)
        follow(view->above, &range);
    if (view->below != NULL)
        follow(view->below, &range);
    cel_plot_view_changed(view);
}

void cel_plot_view_show(CelPlotView *view, const CelPlotRange *range)
{
    cel_plot_model_show(view->model, range);
    move_on(view);
    cel_plot_view_sync(view);
}

static double cursor_of(CelPlotView *view)
{
    double x = NAN, y = NAN;
    return cel_plot_model_cursor(view->model, &x, &y) ? x : NAN;
}

void cel_plot_view_cursor_changed(CelPlotView *view)
{
    const double x = cursor_of(view);
    if (view->above != NULL)
        cel_plot_view_set_cursor(view->above, x);
    if (view->below != NULL)
        cel_plot_view_set_cursor(view->below, x);
    gtk_widget_queue_draw(GTK_WIDGET(view));
    cel_plot_view_say(view);
    g_signal_emit(view, signals[CURSOR_MOVED], 0, x);
}

void cel_plot_view_activate_mark(CelPlotView *view, guint index)
{
    g_signal_emit(view, signals[MARK_ACTIVATED], 0, index);
}

void cel_plot_view_set_traces(CelPlotView *view, GPtrArray *traces)
{
    cel_plot_model_set_traces(view->model, traces);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_live(CelPlotView *view, CelPlotTrace *trace)
{
    const CelPlotRange before = cel_plot_model_shown(view->model);
    const gboolean was = cel_plot_model_live(view->model) != NULL;
    cel_plot_model_set_live(view->model, trace);
    const CelPlotRange after = cel_plot_model_shown(view->model);
    if (was != (trace != NULL) || !cel_plot_range_equal(&before, &after))
        cel_plot_view_changed(view);
    else
        gtk_widget_queue_draw(GTK_WIDGET(view));
}

void cel_plot_view_set_marks(CelPlotView *view, const CelPlotMark *marks, gsize n)
{
    cel_plot_model_set_marks(view->model, marks, n);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_mark_label(CelPlotView *view, CelMarkKind kind, const char *text)
{
    cel_plot_model_set_mark_label(view->model, kind, text);
    cel_plot_view_changed(view);
}

void cel_plot_view_highlight_mark(CelPlotView *view, int index)
{
    cel_plot_model_highlight(view->model, index);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_bands(CelPlotView *view, const CelPlotBand *bands, gsize n)
{
    cel_plot_model_set_bands(view->model, bands, n);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_title(CelPlotView *view, const char *title)
{
    cel_plot_model_set_title(view->model, title);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_axis_titles(CelPlotView *view, const char *x_title, const char *y_title)
{
    cel_plot_model_set_axis_titles(view->model, x_title, y_title);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_y_ticks(CelPlotView *view, gboolean y_ticks)
{
    cel_plot_model_set_y_ticks(view->model, y_ticks);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_spread(CelPlotView *view, double spread, gboolean normalised)
{
    cel_plot_model_set_spread(view->model, spread, normalised);
    cel_plot_view_changed(view);
}

void cel_plot_view_set_spoken(CelPlotView *view, const char *text)
{
    g_free(view->spoken);
    view->spoken = g_strdup(text);
    cel_plot_view_say(view);
}

void cel_plot_view_set_controls(CelPlotView *view, gboolean controls)
{
    view->controls = controls;
    for (guint i = 0; i < CEL_PLOT_N_BUTTONS; i++)
        gtk_widget_set_visible(view->buttons[i], controls);
    gtk_widget_queue_resize(GTK_WIDGET(view));
}

void cel_plot_view_set_selecting(CelPlotView *view, gboolean selecting)
{
    view->selecting = selecting;
    gtk_widget_set_cursor_from_name(GTK_WIDGET(view), selecting ? "col-resize" : NULL);
}

void cel_plot_view_set_cursor(CelPlotView *view, double x)
{
    cel_plot_model_set_cursor(view->model, x);
    gtk_widget_queue_draw(GTK_WIDGET(view));
    cel_plot_view_say(view);
}

void cel_plot_view_link(CelPlotView *view, CelPlotView *below)
{
    g_return_if_fail(view != below);
    set_weak(&view->below, below);
    set_weak(&below->above, view);
    cel_plot_view_changed(below);
    cel_plot_view_sync(view);
}

const CelPlotModel *cel_plot_view_model(CelPlotView *view)
{
    return view->model;
}

gboolean cel_plot_view_frame(CelPlotView *view, CelDrawFrame *out_frame)
{
    *out_frame = view->frame;
    return view->framed;
}

char *cel_plot_view_summary(CelPlotView *view)
{
    return cel_plot_summary(view->model, view->spoken);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/cel-plot-view-private.h"
#include "plot/cel-plot-words.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* RIGHT: half of the last number of the x axis. */
static const double FONT = 12.0, MARK = 4.0, EDGE = 4.0, RIGHT = 18.0;
enum { LEAST_WIDTH = 200, LEAST_HEIGHT = 130, GOOD_WIDTH = 560, GOOD_HEIGHT = 320, GAP = 6 };

enum { CURSOR_MOVED, MARK_ACTIVATED, RANGE_SELECTED, EXPORTED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(CelPlotView, cel_plot_view, GTK_TYPE_WIDGET)

/* ---- painting ---- */

static CelPaletteId palette_of(CelPlotView *view)
{
    AdwStyleManager *manager = adw_style_manager_get_default();
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(view));
    if (root != NULL && gtk_widget_has_css_class(GTK_WIDGET(root), "day"))
        return CEL_PALETTE_DAY;
    if (adw_style_manager_get_dark(manager))
        return CEL_PALETTE_DARK;
    return adw_style_manager_get_high_contrast(manager) ? CEL_PALETTE_DAY : CEL_PALETTE_LIGHT;
}

static int button_width(CelPlotView *view)
{
    int widest = 0;
    for (guint i = 0; view->controls && i < CEL_PLOT_N_BUTTONS; i++) {
        int natural = 0;
        gtk_widget_measure(view->buttons[i], GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL,
                           NULL);
        widest = MAX(widest, natural);
    }
    return widest;
}

static CelDrawRect plot_rect(CelPlotView *view)
{
    /* linked plots end at the same place, though only one has buttons */
    const int above = view->above != NULL ? button_width(view->above) : 0;
    const int buttons = MAX(button_width(view), above);
    const double width = gtk_widget_get_width(GTK_WIDGET(view)) - (buttons > 0 ? buttons + GAP : 0);
    return (CelDrawRect){EDGE, EDGE, fmax(width - EDGE - (buttons > 0 ? EDGE : 0.0) - RIGHT, 1.0),
                         fmax(gtk_widget_get_height(GTK_WIDGET(view)) - 2.0 * EDGE, 1.0)};
}

static void picture_of(CelPlotView *view, CelPlotPicture *picture)
{
    cel_plot_model_picture(view->model, picture);
    picture->plot.palette = view->palette;
    picture->plot.ground = TRUE;
    picture->plot.fast = TRUE;
    picture->plot.font_size = view->palette == CEL_PALETTE_DAY ? FONT + 1.0 : FONT;
    picture->plot.mark_size = MARK;
    if (view->below != NULL)
        picture->plot.x_label = NULL; /* the lower plot has it */
}

/* Linked plots begin at the same place, whatever room their numbers need. */
static void align_left(CelPlotView *view)
{
    CelPlotView *other = view->above != NULL ? view->above : view->below;
    const double own = view->frame.left;
    if (own != view->own_left) {
        view->own_left = own;
        if (other != NULL) {
            g_clear_object(&other->layer);
            gtk_widget_queue_draw(GTK_WIDGET(other));
        }
    }
    if (other == NULL || !other->framed || other->own_left <= own)
        return;
    view->frame.width -= other->own_left - own;
    view->frame.left = other->own_left;
}

static GdkTexture *texture_of(cairo_surface_t *surface)
{
    cairo_surface_flush(surface);
    const int width = cairo_image_surface_get_width(surface);
    const int height = cairo_image_surface_get_height(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(
        cairo_image_surface_get_data(surface), (gsize)height * (gsize)stride,
        (GDestroyNotify)cairo_surface_destroy, surface);
    return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)stride);
}

/* Edges are coarse only while things move. */
static void paint_layer(CelPlotView *view, CelPlotPicture *picture)
{
    picture->plot.fast =
        view->drag != CEL_PLOT_DRAG_NONE || cel_plot_model_live(view->model) != NULL;
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(view));
    const CelDrawRect rect = plot_rect(view);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)(rect.x + rect.width + RIGHT) * scale,
                                   (int)(rect.y + rect.height + EDGE) * scale);
    cairo_surface_set_device_scale(surface, scale, scale);
    cairo_t *cr = cairo_create(surface);
    view->framed = cel_draw_layout(cr, &picture->plot, &rect, &view->frame);
    if (view->framed) {
        align_left(view);
        cel_draw_layers(cr, &picture->plot, &view->frame,
                        CEL_LAYER_GROUND | CEL_LAYER_CURVES | CEL_LAYER_MARKS | CEL_LAYER_LEGEND);
    }
    cairo_destroy(cr);
    view->layer = texture_of(surface);
}

static void paint_rubber(CelPlotView *view, cairo_t *cr)
{
    const CelDrawFrame *f = &view->frame;
    const CelDrawColour *line = &cel_draw_palette(view->palette)->chosen;
    const gboolean band = view->drag == CEL_PLOT_DRAG_SELECT;
    const double top = band ? f->top : fmin(view->drag_from[1], view->drag_to[1]);
    const double high = band ? f->height : fabs(view->drag_from[1] - view->drag_to[1]);
    cairo_rectangle(cr, fmin(view->drag_from[0], view->drag_to[0]), top,
                    fabs(view->drag_from[0] - view->drag_to[0]), high);
    cairo_set_source_rgba(cr, line->red, line->green, line->blue, 0.15);
    cairo_fill_preserve(cr);
    cairo_set_source_rgb(cr, line->red, line->green, line->blue);
    cairo_set_line_width(cr, 1.0);
    cairo_stroke(cr);
}

static void paint_moving(CelPlotView *view, GtkSnapshot *snapshot, const CelPlotPicture *picture)
{
    const CelDrawFrame *f = &view->frame;
    const gboolean rubber = view->drag == CEL_PLOT_DRAG_ZOOM || view->drag == CEL_PLOT_DRAG_SELECT;
    if (cel_plot_model_live(view->model) == NULL && picture->plot.cursor == NULL && !rubber)
        return;
    cairo_t *cr = gtk_snapshot_append_cairo(
        snapshot, &GRAPHENE_RECT_INIT((float)f->left, (float)f->top - 1.0f, (float)f->width + 1.0f,
                                      (float)f->height + 2.0f));
    cel_draw_layers(cr, &picture->plot, f, CEL_LAYER_LIVE | CEL_LAYER_CURSOR);
    if (rubber)
        paint_rubber(view, cr);
    cairo_destroy(cr);
}

static void paint_emptiness(CelPlotView *view, GtkSnapshot *snapshot)
{
    const CelDrawRect rect = plot_rect(view);
    const CelDrawColour *text = &cel_draw_palette(view->palette)->text;
    g_autoptr(PangoLayout) layout =
        gtk_widget_create_pango_layout(GTK_WIDGET(view), _("Nothing to show yet"));
    int width = 0, height = 0;
    pango_layout_get_pixel_size(layout, &width, &height);
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot,
                           &GRAPHENE_POINT_INIT((float)(rect.x + (rect.width - width) / 2.0),
                                                (float)(rect.y + (rect.height - height) / 2.0)));
    gtk_snapshot_append_layout(
        snapshot, layout,
        &(GdkRGBA){(float)text->red, (float)text->green, (float)text->blue, 0.8f});
    gtk_snapshot_restore(snapshot);
}

static void view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    CelPlotView *view = CEL_PLOT_VIEW(widget);
    g_auto(CelPlotPicture) picture = {0};
    const CelPaletteId palette = palette_of(view);
    if (palette != view->palette)
        g_clear_object(&view->layer);
    view->palette = palette;
    picture_of(view, &picture);
    if (view->layer == NULL)
        paint_layer(view, &picture);
    picture.plot.fast = TRUE;
    const CelDrawRect rect = plot_rect(view);
    gtk_snapshot_append_texture(snapshot, view->layer,
                                &GRAPHENE_RECT_INIT(0.0f, 0.0f,
                                                    (float)(int)(rect.x + rect.width + RIGHT),
                                                    (float)(int)(rect.y + rect.height + EDGE)));
    if (view->framed)
        paint_moving(view, snapshot, &picture);
    else
        paint_emptiness(view, snapshot);
    GTK_WIDGET_CLASS(cel_plot_view_parent_class)->snapshot(widget, snapshot);
}

/* ---- layout ---- */

static void view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                         int *out_minimum, int *out_natural, int *out_minimum_baseline,
                         int *out_natural_baseline)
{
    CelPlotView *view = CEL_PLOT_VIEW(widget);
    const gboolean across = orientation == GTK_ORIENTATION_HORIZONTAL;
    (void)for_size;
    *out_minimum = across ? LEAST_WIDTH + button_width(view) : LEAST_HEIGHT;
    *out_natural = MAX(across ? GOOD_WIDTH : GOOD_HEIGHT, *out_minimum);
    *out_minimum_baseline = *out_natural_baseline = -1;
}

/* As many buttons as there is room for, the menu first: it has all that the others do. */
static void place_buttons(CelPlotView *view, int width, int height)
{
    const int wide = button_width(view);
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
        y += natural + GAP;
    }
}

static void view_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    CelPlotView *view = CEL_PLOT_VIEW(widget);
    (void)baseline;
    g_clear_object(&view->layer);
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
    g_clear_object(&view->layer);
    gtk_widget_queue_draw(GTK_WIDGET(view));
}

static void view_css_changed(GtkWidget *widget, GtkCssStyleChange *change)
{
    GTK_WIDGET_CLASS(cel_plot_view_parent_class)->css_changed(widget, change);
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
    for (guint i = 0; i < CEL_PLOT_N_BUTTONS; i++)
        g_clear_pointer(&view->buttons[i], gtk_widget_unparent);
    g_clear_pointer(&view->menu, gtk_widget_unparent);
    g_clear_object(&view->layer);
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
    widget->snapshot = view_snapshot;
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
    g_clear_object(&view->layer);
    gtk_widget_queue_draw(GTK_WIDGET(view));
    cel_plot_view_say(view);
}

static void follow(CelPlotView *view, const CelPlotRange *range)
{
    CelPlotRange own = cel_plot_model_shown(view->model);
    own.x_min = range->x_min;
    own.x_max = range->x_max;
    cel_plot_model_show(view->model, &own);
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

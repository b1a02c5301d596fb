/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changes seldom is kept as an image; a live curve, the cursor and rubber bands go over it. A
 * kept render node would be painted anew with every frame. */
#include "plot/cel-plot-view-private.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* RIGHT: half of the last number of the x axis. */
static const double MARK_SHARE = 0.33, EDGE = 4.0, RIGHT = 18.0;

/* Words of the plot are a little smaller than those around it, and grow with them. */
static const double FONT_SHARE = 0.9, LEAST_FONT = 9.0, MOST_FONT = 40.0, POINTS_PER_INCH = 72.0;

/* So many curves are painted as lines even while they move. */
enum { FEW = 3 };

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

int cel_plot_view_button_width(CelPlotView *view)
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
    const int above = view->above != NULL ? cel_plot_view_button_width(view->above) : 0;
    const int buttons = MAX(cel_plot_view_button_width(view), above);
    const double width =
        gtk_widget_get_width(GTK_WIDGET(view)) - (buttons > 0 ? buttons + CEL_PLOT_GAP : 0);
    return (CelDrawRect){EDGE, EDGE, fmax(width - EDGE - (buttons > 0 ? EDGE : 0.0) - RIGHT, 1.0),
                         fmax(gtk_widget_get_height(GTK_WIDGET(view)) - 2.0 * EDGE, 1.0)};
}

static double font_size(CelPlotView *view)
{
    PangoContext *context = gtk_widget_get_pango_context(GTK_WIDGET(view));
    const PangoFontDescription *font = pango_context_get_font_description(context);
    double size = (double)pango_font_description_get_size(font) / PANGO_SCALE;
    if (!pango_font_description_get_size_is_absolute(font))
        size *= pango_cairo_context_get_resolution(context) / POINTS_PER_INCH;
    return CLAMP(FONT_SHARE * size, LEAST_FONT, MOST_FONT);
}

static void picture_of(CelPlotView *view, CelPlotPicture *picture)
{
    cel_plot_model_picture(view->model, picture);
    picture->plot.palette = view->palette;
    picture->plot.ground = TRUE;
    picture->plot.fast = TRUE;
    picture->plot.font_size = font_size(view);
    if (view->palette == CEL_PALETTE_DAY)
        picture->plot.font_size += 1.0;
    picture->plot.mark_size = MARK_SHARE * picture->plot.font_size;
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
            cel_plot_view_drop_layer(other);
            gtk_widget_queue_draw(GTK_WIDGET(other));
        }
    }
    if (other == NULL || !other->framed || other->own_left <= own)
        return;
    view->frame.width -= other->own_left - own;
    view->frame.left = other->own_left;
}

/* ---- what is kept ---- */

enum { ABOVE_CURVES = CEL_LAYER_MARKS | CEL_LAYER_LEGEND };

/* Images are used in turn: a node that is still on the screen holds the last one, and cairo would
 * copy it before it is painted over. */
static void turn_images(CelPlotView *view)
{
    cairo_surface_t *image = view->images[1];
    view->images[1] = view->images[0];
    view->images[0] = image;
    g_clear_object(&view->texture);
}

/* The image that is not seen, of the right size and clear. */
static cairo_t *paint_anew(CelPlotView *view)
{
    const int scale = gtk_widget_get_scale_factor(GTK_WIDGET(view));
    const CelDrawRect rect = plot_rect(view);
    const int width = (int)(rect.x + rect.width + RIGHT) * scale;
    const int height = (int)(rect.y + rect.height + EDGE) * scale;
    cairo_surface_t *image = view->images[1];
    if (image != NULL && (cairo_image_surface_get_width(image) != width ||
                          cairo_image_surface_get_height(image) != height ||
                          cairo_surface_get_reference_count(image) > 1)) /* a texture's */
        g_clear_pointer(&image, cairo_surface_destroy);
    if (image == NULL)
        image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    view->images[1] = image;
    cairo_surface_set_device_scale(image, scale, scale);
    cairo_t *cr = cairo_create(image);
    cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
    cairo_paint(cr);
    cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
    return cr;
}

/* A part of the plot at its best: what stands below the curves, each curve, what stands above. */
static void paint_part(CelPlotView *view, const CelPlot *plot, guint at)
{
    CelPlot part = *plot;
    cairo_t *cr = at == 0 ? paint_anew(view) : cairo_create(view->images[1]);
    guint layers = at == 0 ? CEL_LAYER_GROUND : ABOVE_CURVES;
    if (at > 0 && at <= plot->n_traces) {
        layers = CEL_LAYER_CURVES;
        part.traces = &plot->traces[at - 1];
        part.n_traces = 1;
        part.n_points = at == plot->n_traces ? plot->n_points : 0;
    }
    cel_draw_layers(cr, &part, &view->frame, layers);
    cairo_destroy(cr);
    cairo_surface_flush(view->images[1]);
}

static gboolean refine(gpointer data)
{
    CelPlotView *view = data;
    g_auto(CelPlotPicture) picture = {0};
    picture_of(view, &picture);
    picture.plot.fast = cel_plot_model_live(view->model) != NULL;
    paint_part(view, &picture.plot, view->n_refined);
    if (view->n_refined++ <= picture.plot.n_traces)
        return G_SOURCE_CONTINUE;
    view->refine = 0;
    view->rough = FALSE;
    turn_images(view);
    gtk_widget_queue_draw(GTK_WIDGET(view));
    return G_SOURCE_REMOVE;
}

void cel_plot_view_refine(CelPlotView *view)
{
    if (!view->painted || !view->framed || !view->rough || view->refine != 0)
        return;
    view->n_refined = 0;
    view->refine = g_idle_add(refine, view);
}

/* Edges are coarse while things move, and at first where there are many curves. */
static void paint_layer(CelPlotView *view, CelPlotPicture *picture)
{
    const CelDrawRect rect = plot_rect(view);
    view->rough = view->settle != 0 || picture->plot.n_traces > 1;
    picture->plot.fast = view->rough || cel_plot_model_live(view->model) != NULL;
    picture->plot.coarse = view->rough && picture->plot.n_traces > FEW;
    cairo_t *cr = paint_anew(view);
    view->framed = cel_draw_layout(cr, &picture->plot, &rect, &view->frame);
    if (view->framed) {
        align_left(view);
        cel_draw_layers(cr, &picture->plot, &view->frame,
                        CEL_LAYER_GROUND | CEL_LAYER_CURVES | ABOVE_CURVES);
    }
    cairo_destroy(cr);
    cairo_surface_flush(view->images[1]);
    turn_images(view);
    view->painted = TRUE;
    if (view->settle == 0)
        cel_plot_view_refine(view);
}

void cel_plot_view_drop_layer(CelPlotView *view)
{
    view->painted = FALSE;
    g_clear_handle_id(&view->refine, g_source_remove);
}

static GdkTexture *texture_of(cairo_surface_t *surface)
{
    const int width = cairo_image_surface_get_width(surface);
    const int height = cairo_image_surface_get_height(surface);
    const int stride = cairo_image_surface_get_stride(surface);
    g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(
        cairo_image_surface_get_data(surface), (gsize)height * (gsize)stride,
        (GDestroyNotify)cairo_surface_destroy, cairo_surface_reference(surface));
    return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, (gsize)stride);
}

/* On a graphics card a texture is sent there once. Without one GTK 4.8 would turn each of its
 * pixels into four floats and back with every frame. */
static void append_layer(CelPlotView *view, GtkSnapshot *snapshot)
{
    const CelDrawRect rect = plot_rect(view);
    const graphene_rect_t place =
        GRAPHENE_RECT_INIT(0.0f, 0.0f, (float)(int)(rect.x + rect.width + RIGHT),
                           (float)(int)(rect.y + rect.height + EDGE));
    if (!GSK_IS_CAIRO_RENDERER(gtk_native_get_renderer(gtk_widget_get_native(GTK_WIDGET(view))))) {
        if (view->texture == NULL)
            view->texture = texture_of(view->images[0]);
        gtk_snapshot_append_texture(snapshot, view->texture, &place);
        return;
    }
    cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &place);
    cairo_set_source_surface(cr, view->images[0], 0.0, 0.0);
    cairo_paint(cr);
    cairo_destroy(cr);
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

void cel_plot_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    CelPlotView *view = CEL_PLOT_VIEW(widget);
    g_auto(CelPlotPicture) picture = {0};
    const CelPaletteId palette = palette_of(view);
    if (palette != view->palette)
        cel_plot_view_drop_layer(view);
    view->palette = palette;
    picture_of(view, &picture);
    if (!view->painted)
        paint_layer(view, &picture);
    picture.plot.fast = TRUE;
    picture.plot.coarse = FALSE;
    append_layer(view, snapshot);
    if (view->framed)
        paint_moving(view, snapshot, &picture);
    else
        paint_emptiness(view, snapshot);
    for (guint i = 0; i < CEL_PLOT_N_BUTTONS; i++)
        gtk_widget_snapshot_child(widget, view->buttons[i], snapshot);
}

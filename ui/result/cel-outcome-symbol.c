/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-outcome-symbol.h"

#include <math.h>

static void ring(cairo_t *cr, double x, double y, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x, y, radius, 0, 2 * G_PI);
    cairo_stroke(cr);
}

static void polygon(cairo_t *cr, guint corners, double turn)
{
    for (guint i = 0; i < corners; i++) {
        const double angle = 2 * G_PI * (i + turn) / corners;
        cairo_line_to(cr, 50 + 42 * cos(angle), 50 + 42 * sin(angle));
    }
    cairo_close_path(cr);
    cairo_stroke(cr);
}

static void line(cairo_t *cr, double x1, double y1, double x2, double y2)
{
    cairo_move_to(cr, x1, y1);
    cairo_line_to(cr, x2, y2);
    cairo_stroke(cr);
}

/* Two curves of the same shape, one over the other. */
static void draw_found(cairo_t *cr)
{
    ring(cr, 50, 50, 42);
    for (int i = 0; i < 2; i++) {
        const double y = 54 + 14 * i;
        cairo_move_to(cr, 24, y);
        cairo_curve_to(cr, 40, y, 42, y - 30, 50, y - 30);
        cairo_curve_to(cr, 58, y - 30, 60, y, 76, y);
        cairo_stroke(cr);
    }
}

static void draw_mixture(cairo_t *cr)
{
    ring(cr, 36, 50, 28);
    ring(cr, 64, 50, 28);
}

/* A frame around several. */
static void draw_class_only(cairo_t *cr)
{
    polygon(cr, 6, 0);
    for (int i = -1; i <= 1; i++) {
        cairo_arc(cr, 50 + 18 * i, 50, 5, 0, 2 * G_PI);
        cairo_fill(cr);
    }
}

/* An open question. */
static void draw_inconclusive(cairo_t *cr)
{
    polygon(cr, 4, 0);
    cairo_new_sub_path(cr);
    cairo_arc(cr, 50, 40, 11, G_PI, 2.3 * G_PI);
    cairo_curve_to(cr, 52, 53, 50, 54, 50, 60);
    cairo_stroke(cr);
    line(cr, 50, 71, 50, 71.1);
}

static void draw_nothing_claimed(cairo_t *cr)
{
    cairo_rectangle(cr, 14, 14, 72, 72);
    cairo_stroke(cr);
    line(cr, 32, 50, 68, 50);
}

static void draw_refused(cairo_t *cr)
{
    const double dashes[] = {10, 7};
    cairo_set_dash(cr, dashes, 2, 0);
    polygon(cr, 8, 0.5);
    cairo_set_dash(cr, NULL, 0, 0);
    line(cr, 30, 50, 70, 50);
}

/* A signpost: it points somewhere. */
static void draw_lead(cairo_t *cr)
{
    cairo_move_to(cr, 12, 28);
    cairo_line_to(cr, 62, 28);
    cairo_line_to(cr, 88, 50);
    cairo_line_to(cr, 62, 72);
    cairo_line_to(cr, 12, 72);
    cairo_close_path(cr);
    cairo_stroke(cr);
    line(cr, 30, 50, 52, 50);
}

static const CelOutcomeLook looks[CEL_N_OUTCOMES] = {
    [CEL_OUTCOME_FOUND] = {"outcome-found", draw_found},
    [CEL_OUTCOME_MIXTURE] = {"outcome-mixture", draw_mixture},
    [CEL_OUTCOME_CLASS_ONLY] = {"outcome-class-only", draw_class_only},
    [CEL_OUTCOME_INCONCLUSIVE] = {"outcome-inconclusive", draw_inconclusive},
    [CEL_OUTCOME_NOTHING_CLAIMED] = {"outcome-nothing-claimed", draw_nothing_claimed},
    [CEL_OUTCOME_REFUSED] = {"outcome-refused", draw_refused},
};
static const CelOutcomeLook lead_look = {"outcome-lead", draw_lead};

const CelOutcomeLook *cel_outcome_look(CelOutcome outcome, gboolean is_lead)
{
    g_return_val_if_fail((guint)outcome < CEL_N_OUTCOMES, NULL);
    return is_lead ? &lead_look : &looks[outcome];
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const CelOutcomeLook *look = data;
    const double size = MIN(width, height);
    GdkRGBA colour;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_translate(cr, (width - size) / 2, (height - size) / 2);
    cairo_scale(cr, size / 100, size / 100);
    cairo_set_line_width(cr, 7);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    look->draw(cr);
}

GtkWidget *cel_outcome_symbol_new(const CelOutcomeLook *look, int px)
{
    GtkWidget *area = g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role",
                                   GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(area), px);
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), px);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, (gpointer)look, NULL);
    gtk_widget_add_css_class(area, "outcome-symbol");
    gtk_widget_add_css_class(area, look->style);
    gtk_widget_set_valign(area, GTK_ALIGN_START);
    return area;
}

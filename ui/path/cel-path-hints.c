/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-path-hints.h"

#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>

/* Pictograms on a square of 100 x 100 units, in the colour of the text. */

enum { PICTURE_PX = 56, HINT_CHARS = 12 };

typedef void (*Drawing)(cairo_t *cr);

static void struck_out(cairo_t *cr)
{
    cairo_set_line_width(cr, 7);
    cairo_new_path(cr);
    cairo_arc(cr, 50, 50, 44, 0, 2 * G_PI);
    cairo_stroke(cr);
    cairo_move_to(cr, 19, 19);
    cairo_line_to(cr, 81, 81);
    cairo_stroke(cr);
}

/* A probe stands on the sample, at a right angle, touching it. */
static void draw_probe(cairo_t *cr)
{
    cairo_set_line_width(cr, 5);
    cairo_rectangle(cr, 36, 8, 28, 46);
    cairo_stroke(cr);
    cairo_move_to(cr, 36, 54);
    cairo_line_to(cr, 44, 72);
    cairo_line_to(cr, 56, 72);
    cairo_line_to(cr, 64, 54);
    cairo_stroke(cr);
    cairo_rectangle(cr, 10, 74, 80, 16);
    cairo_fill(cr);
}

static void draw_eye(cairo_t *cr)
{
    cairo_set_line_width(cr, 5);
    cairo_move_to(cr, 14, 50);
    cairo_curve_to(cr, 34, 22, 66, 22, 86, 50);
    cairo_curve_to(cr, 66, 78, 34, 78, 14, 50);
    cairo_stroke(cr);
    cairo_arc(cr, 50, 50, 12, 0, 2 * G_PI);
    cairo_fill(cr);
    struck_out(cr);
}

/* A hand: palm and four fingers. */
static void draw_hand(cairo_t *cr)
{
    static const double tops[] = {30, 22, 24, 32};
    cairo_set_line_width(cr, 8);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i < 4; i++) {
        cairo_move_to(cr, 36 + i * 10, 52);
        cairo_line_to(cr, 36 + i * 10, tops[i]);
    }
    cairo_move_to(cr, 36, 64);
    cairo_line_to(cr, 24, 50);
    cairo_stroke(cr);
    cairo_rectangle(cr, 34, 50, 34, 28);
    cairo_fill(cr);
    struck_out(cr);
}

/* A bottle with a flame on its label. */
static void draw_bottle(cairo_t *cr)
{
    cairo_set_line_width(cr, 5);
    cairo_rectangle(cr, 43, 18, 14, 14);
    cairo_stroke(cr);
    cairo_move_to(cr, 43, 32);
    cairo_curve_to(cr, 34, 38, 32, 42, 32, 48);
    cairo_line_to(cr, 32, 80);
    cairo_line_to(cr, 68, 80);
    cairo_line_to(cr, 68, 48);
    cairo_curve_to(cr, 68, 42, 66, 38, 57, 32);
    cairo_stroke(cr);
    cairo_move_to(cr, 50, 50);
    cairo_curve_to(cr, 60, 60, 58, 74, 50, 74);
    cairo_curve_to(cr, 42, 74, 40, 62, 50, 50);
    cairo_fill(cr);
    struck_out(cr);
}

/** Hint: a pictogram and its words. */
typedef struct {
    Drawing draw;
    const char *words;
} Hint;

static const Hint hints[] = {
    {draw_probe, N_("Upright, touching the sample")},
    {draw_eye, N_("Never towards eyes")},
    {draw_hand, N_("Never on skin")},
    {draw_bottle, N_("Not at solvent bottles")},
};

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const Hint *hint = data;
    GdkRGBA colour;
    const double scale = MIN(width, height) / 100.0;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
    gdk_cairo_set_source_rgba(cr, &colour);
    cairo_translate(cr, (width - 100 * scale) / 2, (height - 100 * scale) / 2);
    cairo_scale(cr, scale, scale);
    hint->draw(cr);
}

GtkWidget *cel_path_hints_new(void)
{
    GtkWidget *row = cel_part_row();
    gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(row), TRUE);
    gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(row), G_N_ELEMENTS(hints));
    gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(row), 2);
    for (gsize i = 0; i < G_N_ELEMENTS(hints); i++) {
        GtkWidget *box = cel_part_box(4), *area = gtk_drawing_area_new();
        GtkWidget *label = cel_part_label(_(hints[i].words), "caption");
        gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(area), PICTURE_PX);
        gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), PICTURE_PX);
        gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, (gpointer)&hints[i], NULL);
        gtk_label_set_max_width_chars(GTK_LABEL(label), HINT_CHARS);
        gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_INHERIT);
        gtk_label_set_justify(GTK_LABEL(label), GTK_JUSTIFY_CENTER);
        gtk_label_set_xalign(GTK_LABEL(label), 0.5F);
        gtk_box_append(GTK_BOX(box), area);
        gtk_box_append(GTK_BOX(box), label);
        cel_part_row_add(row, box);
    }
    return row;
}

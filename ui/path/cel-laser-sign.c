/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-laser-sign.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum { SIGN_PX = 120 };

struct _CelLaserSign {
    GtkWidget parent;
    GtkWidget *box, *picture, *words, *model;
    gboolean bright; /* light can be there */
};

G_DEFINE_FINAL_TYPE(CelLaserSign, cel_laser_sign, GTK_TYPE_WIDGET)

/* ---- drawing ---- */

static void rounded_triangle(cairo_t *cr, double side, double corner)
{
    const double height = side * sqrt(3.0) / 2.0;
    const double x[] = {0, side / 2, -side / 2};
    const double y[] = {-height * 2 / 3, height / 3, height / 3};
    cairo_new_path(cr);
    for (int i = 0; i < 3; i++) {
        const double inwards = 1.0 - 2.0 * corner / (height * 2 / 3);
        const double angle = -G_PI / 2 + i * 2 * G_PI / 3;
        cairo_arc(cr, x[i] * inwards, y[i] * inwards, corner, angle - G_PI / 3, angle + G_PI / 3);
    }
    cairo_close_path(cr);
}

/* A beam from the left ends in a star of rays. */
static void beam(cairo_t *cr, double size)
{
    enum { RAYS = 16 };
    const double y = size * 0.06;
    cairo_set_line_width(cr, size * 0.022);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    for (int i = 0; i < RAYS; i++) {
        const double angle = i * 2 * G_PI / RAYS;
        const double length = size * (i % 2 == 0 ? 0.20 : 0.13);
        cairo_move_to(cr, cos(angle) * size * 0.05, y + sin(angle) * size * 0.05);
        cairo_line_to(cr, cos(angle) * length, y + sin(angle) * length);
    }
    cairo_move_to(cr, 0, y);
    cairo_line_to(cr, size * 0.33, y);
    cairo_stroke(cr);
    cairo_arc(cr, 0, y, size * 0.055, 0, 2 * G_PI);
    cairo_fill(cr);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    (void)area;
    (void)data;
    const double size = MIN(width, height / 0.9);
    cairo_translate(cr, width / 2.0, height / 2.0 + size * 0.12);
    rounded_triangle(cr, size, size * 0.06);
    cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
    cairo_fill(cr);
    rounded_triangle(cr, size * 0.86, size * 0.035);
    cairo_set_source_rgb(cr, 0.976, 0.784, 0.0); /* signal yellow of ISO 3864 */
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
    beam(cr, size * 0.8);
}

/* ---- words ---- */

static const char *state_words(CelLaserKind kind, CelLaserState state, gboolean simulated)
{
    if (kind == CEL_LASER_NONE)
        return _("No laser in this instrument");
    if (kind == CEL_LASER_EXTERNAL)
        return _("Laser state unknown: it is external and not controlled here");
    switch (state) {
    case CEL_LASER_ON:
        return simulated ? _("LASER ON (simulated, no light)") : _("LASER ON");
    case CEL_LASER_OFF_READ_BACK:
        return _("Laser off (read back)");
    case CEL_LASER_OFF_COMMANDED:
        return _("Laser commanded off (this instrument cannot confirm it)");
    case CEL_LASER_UNKNOWN:
    default:
        return _("Laser state unknown: treat as on");
    }
}

void cel_laser_sign_set_state(CelLaserSign *sign, CelLaserKind kind, CelLaserState state,
                              gboolean simulated)
{
    const char *words = state_words(kind, state, simulated);
    sign->bright = kind != CEL_LASER_NONE && (kind == CEL_LASER_EXTERNAL || state == CEL_LASER_ON ||
                                              state == CEL_LASER_UNKNOWN);
    gtk_label_set_text(GTK_LABEL(sign->words), words);
    gtk_accessible_update_property(GTK_ACCESSIBLE(sign), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
    if (sign->bright)
        gtk_widget_add_css_class(GTK_WIDGET(sign), "bright");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(sign), "bright");
}

const char *cel_laser_sign_words(CelLaserSign *sign)
{
    return gtk_label_get_text(GTK_LABEL(sign->words));
}

static char *model_text(const CelCapabilities *capabilities)
{
    GString *text = g_string_new(NULL);
    if (*capabilities->laser_class != '\0')
        g_string_append_printf(text, _("Class %s"), capabilities->laser_class);
    else
        g_string_append(text, _("Class not stated: treat as 3B"));
    if (capabilities->laser_mw_max > 0.0) {
        g_string_append(text, " · ");
        g_string_append_printf(text, _("at most %.0f mW"), capabilities->laser_mw_max);
    }
    g_string_append_c(text, '\n');
    if (*capabilities->eyewear != '\0')
        g_string_append_printf(text, _("Eyewear: %s"), capabilities->eyewear);
    else
        g_string_append(text, _("Eyewear: as the label of the instrument says"));
    return g_string_free(text, FALSE);
}

void cel_laser_sign_set_model(CelLaserSign *sign, const CelCapabilities *capabilities)
{
    g_autofree char *text = capabilities != NULL ? model_text(capabilities) : NULL;
    gtk_label_set_text(GTK_LABEL(sign->model), text != NULL ? text : _("No instrument is open"));
}

/* ---- the widget ---- */

static void cel_laser_sign_dispose(GObject *object)
{
    g_clear_pointer(&CEL_LASER_SIGN(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(cel_laser_sign_parent_class)->dispose(object);
}

static void cel_laser_sign_class_init(CelLaserSignClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_laser_sign_dispose;
    gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_css_name(widget_class, "lasersign");
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static GtkWidget *wrapped(const char *css_class)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_widget_add_css_class(label, css_class);
    return label;
}

static void cel_laser_sign_init(CelLaserSign *sign)
{
    sign->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    gtk_widget_set_parent(sign->box, GTK_WIDGET(sign));
    sign->picture = gtk_drawing_area_new();
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(sign->picture), SIGN_PX);
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(sign->picture), SIGN_PX * 9 / 10);
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(sign->picture), draw, NULL, NULL);
    gtk_widget_set_valign(sign->picture, GTK_ALIGN_CENTER);
    GtkWidget *column = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    gtk_widget_set_valign(column, GTK_ALIGN_CENTER);
    gtk_widget_set_hexpand(column, TRUE);
    sign->words = wrapped("title-3");
    sign->model = wrapped("caption");
    gtk_box_append(GTK_BOX(column), sign->words);
    gtk_box_append(GTK_BOX(column), sign->model);
    gtk_box_append(GTK_BOX(sign->box), sign->picture);
    gtk_box_append(GTK_BOX(sign->box), column);
    cel_laser_sign_set_model(sign, NULL);
}

GtkWidget *cel_laser_sign_new(void)
{
    CelLaserSign *sign = g_object_new(CEL_TYPE_LASER_SIGN, NULL);
    cel_laser_sign_set_state(sign, CEL_LASER_BUILT_IN, CEL_LASER_UNKNOWN, FALSE);
    return GTK_WIDGET(sign);
}

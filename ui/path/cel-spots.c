/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "path/cel-spots.h"

#include "path/cel-path-parts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { DISC = 44, GAP = 12, MOST = CEL_PATH_MOST_SHOTS };

typedef enum { TO_COME, NEXT, GOOD, BAD } Mark;

struct _CelSpots {
    GtkWidget parent;
    GtkWidget *box, *discs, *words, *why;
    Mark marks[MOST];
    guint n;
};

G_DEFINE_FINAL_TYPE(CelSpots, cel_spots, GTK_TYPE_WIDGET)

/* ---- drawing ---- */

static void draw_mark(cairo_t *cr, Mark mark)
{
    const double r = DISC / 2.0 - 3.0;
    cairo_new_path(cr);
    cairo_arc(cr, 0, 0, r, 0, 2 * G_PI);
    if (mark == GOOD) {
        cairo_fill(cr);
        cairo_set_operator(cr, CAIRO_OPERATOR_CLEAR);
        cairo_move_to(cr, -r * 0.45, 0);
        cairo_line_to(cr, -r * 0.1, r * 0.38);
        cairo_line_to(cr, r * 0.48, -r * 0.35);
        cairo_set_line_width(cr, 4.0);
        cairo_stroke(cr);
        cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
        return;
    }
    cairo_set_line_width(cr, mark == NEXT ? 5.0 : 2.0);
    cairo_stroke(cr);
    if (mark == BAD) {
        cairo_move_to(cr, -r * 0.4, -r * 0.4);
        cairo_line_to(cr, r * 0.4, r * 0.4);
        cairo_move_to(cr, -r * 0.4, r * 0.4);
        cairo_line_to(cr, r * 0.4, -r * 0.4);
        cairo_set_line_width(cr, 4.0);
        cairo_stroke(cr);
    }
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    const CelSpots *spots = data;
    GdkRGBA colour;
    const int per_line = MAX(1, (width + GAP) / (DISC + GAP));
    (void)height;
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
    cairo_push_group(cr);
    for (guint i = 0; i < spots->n; i++) {
        const int column = (int)i % per_line, line = (int)i / per_line;
        cairo_save(cr);
        gdk_cairo_set_source_rgba(cr, &colour);
        cairo_translate(cr, column * (DISC + GAP) + DISC / 2.0, line * (DISC + 4) + DISC / 2.0);
        draw_mark(cr, spots->marks[i]);
        cairo_restore(cr);
    }
    cairo_pop_group_to_source(cr);
    cairo_paint(cr);
}

/* ---- words ---- */

/** StateWords: why a spot does not count. */
typedef struct {
    const char *state, *words;
} StateWords;

static const StateWords states[] = {
    {"saturated", N_("too bright: the detector was saturated")},
    {"altered", N_("the sample changed in the light")},
    {"no-light", N_("no light of the laser was seen")},
    {"failed", N_("the measurement failed")},
};

static const char *state_words(const CelPathShot *shot)
{
    if (shot->set_aside != NULL)
        return shot->set_aside;
    if (shot->problem != NULL && *shot->problem != '\0')
        return shot->problem;
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
        if (strcmp(states[i].state, shot->state) == 0)
            return _(states[i].words);
    return shot->state;
}

static void say(CelSpots *spots, const CelPathView *view)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_append_printf(words, _("%u of %u spots are good"), view->valid, view->planned);
    if (view->valid > 1 && view->agree >= 1) {
        g_string_append(words, " · ");
        if (view->agree == view->valid)
            g_string_append(words, _("all point to the same"));
        else
            g_string_append_printf(words, _("%u of %u point to the same"), view->agree,
                                   view->valid);
    }
    gtk_label_set_text(GTK_LABEL(spots->words), words->str);
    gtk_accessible_update_property(GTK_ACCESSIBLE(spots), GTK_ACCESSIBLE_PROPERTY_LABEL, words->str,
                                   -1);
}

void cel_spots_show(CelSpots *spots, const CelPathView *view)
{
    const CelPathShot *bad = NULL, *last = NULL;
    spots->n = 0;
    for (guint i = 0; i < view->shots->len && spots->n < MOST; i++) {
        const CelPathShot *shot = g_ptr_array_index(view->shots, i);
        if (shot->kind != CEL_PATH_SHOT_SPOT)
            continue;
        last = shot;
        const gboolean good = cel_path_shot_counts(shot);
        spots->marks[spots->n++] = good ? GOOD : BAD;
        if (!good)
            bad = shot;
    }
    for (guint i = view->valid; i < view->planned && spots->n < MOST; i++)
        spots->marks[spots->n++] = i == view->valid ? NEXT : TO_COME;
    g_autofree char *why =
        bad != NULL && bad == last
            ? g_strdup_printf(_("Spot %u does not count: %s"), bad->spot, state_words(bad))
            : NULL;
    gtk_label_set_text(GTK_LABEL(spots->why), why != NULL ? why : "");
    gtk_widget_set_visible(spots->why, why != NULL);
    const guint a_line = MIN(spots->n, 5), lines = (spots->n + 4) / 5;
    gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(spots->discs),
                                       (int)(a_line * (DISC + GAP)));
    gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(spots->discs),
                                        (int)(MAX(lines, 1) * (DISC + 4)));
    gtk_widget_queue_draw(spots->discs);
    say(spots, view);
}

static void cel_spots_dispose(GObject *object)
{
    g_clear_pointer(&CEL_SPOTS(object)->box, gtk_widget_unparent);
    G_OBJECT_CLASS(cel_spots_parent_class)->dispose(object);
}

static void cel_spots_class_init(CelSpotsClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_spots_dispose;
    gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
    gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void cel_spots_init(CelSpots *spots)
{
    spots->box = cel_part_box(6);
    gtk_widget_set_parent(spots->box, GTK_WIDGET(spots));
    spots->discs = gtk_drawing_area_new();
    gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(spots->discs), draw, spots, NULL);
    gtk_widget_set_halign(spots->discs, GTK_ALIGN_START);
    spots->words = cel_part_label("", "heading");
    spots->why = cel_part_label("", NULL);
    gtk_box_append(GTK_BOX(spots->box), spots->discs);
    gtk_box_append(GTK_BOX(spots->box), spots->words);
    gtk_box_append(GTK_BOX(spots->box), spots->why);
}

GtkWidget *cel_spots_new(void)
{
    return g_object_new(CEL_TYPE_SPOTS, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "citizen/cel-tour.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TOUR_KEY "cel-tour"

/** Card: @at: the part of the window's template at which it points; NULL: its middle. */
typedef struct {
    const char *at;
    GtkPositionType side; /* of that part */
    const char *title, *text;
} Card;

static const Card cards[] = {
    {NULL, GTK_POS_BOTTOM, N_("A lab to practise in"),
     N_("This lab and its instrument are simulated. Whatever you do is marked as training and can "
        "never become evidence. So try everything.")},
    {"strip", GTK_POS_TOP, N_("What holds now"),
     N_("The strip below tells the instrument, the state of its laser, the last check, who works, "
        "the clock and the disk. A look at it comes before every measurement.")},
    {"sidebar", GTK_POS_RIGHT, N_("Where the work is"),
     N_("The pages stand on the left. In the field there are none: one step leads to the next, "
        "from "
        "the number on the bag to the two signatures.")},
    {"stack", GTK_POS_BOTTOM, N_("The laser follows your hand"),
     N_("It lights only while you hold the button, after the questions on its safety. Let go, and "
        "it is dark. Every spot, every blank and every photo is asked for in its turn.")},
    {"stack", GTK_POS_BOTTOM, N_("No more than the data allow"),
     N_("A result has one of six forms, each with its own shape and words: what was found, what it "
        "cannot tell apart, and what to do next. “Why” shows the reasons.")},
    {"menu", GTK_POS_BOTTOM, N_("Help is one key away"),
     N_("F1 opens the help for what you see. The tour can be taken again from there.")},
};

struct _CelTour {
    GtkPopover parent;
    CelWindow *window; /* outlives the tour, which is its child */
    GSettings *settings;
    GtkLabel *count, *title, *text;
    GtkWidget *skip, *back, *next;
    guint step;
};

G_DEFINE_FINAL_TYPE(CelTour, cel_tour, GTK_TYPE_POPOVER)

CelTour *cel_tour_of(CelWindow *window)
{
    return g_object_get_data(G_OBJECT(window), TOUR_KEY);
}

guint cel_tour_step(CelTour *tour, guint *out_n)
{
    if (out_n != NULL)
        *out_n = G_N_ELEMENTS(cards);
    return tour->step;
}

/* ---- where a card points ---- */

static gboolean is_part(GtkWidget *widget, const char *name)
{
    if (strcmp(name, "menu") == 0)
        return GTK_IS_MENU_BUTTON(widget) && gtk_menu_button_get_primary(GTK_MENU_BUTTON(widget));
    if (strcmp(name, "strip") == 0)
        return strcmp(G_OBJECT_TYPE_NAME(widget), "CelStatusStrip") == 0;
    const char *id = gtk_buildable_get_buildable_id(GTK_BUILDABLE(widget));
    return id != NULL && strcmp(id, name) == 0;
}

static GtkWidget *find_part(GtkWidget *root, const char *name)
{
    if (is_part(root, name))
        return root;
    for (GtkWidget *child = gtk_widget_get_first_child(root); child != NULL;
         child = gtk_widget_get_next_sibling(child)) {
        GtkWidget *found = find_part(child, name);
        if (found != NULL)
            return found;
    }
    return NULL;
}

/* The part, or the middle of the page when it is not in view. */
static void point_at(CelTour *tour, const Card *card)
{
    GtkWidget *root = GTK_WIDGET(tour->window);
    /* Not the stack itself: AT-SPI takes every child of a stack for a page, and GTK 4.8 then ends.
     */
    GtkWidget *stack = find_part(root, "stack"), *around = gtk_widget_get_parent(stack);
    GtkWidget *part = card->at != NULL ? find_part(root, card->at) : NULL;
    const gboolean is_seen = part != NULL && gtk_widget_get_child_visible(part) &&
                             gtk_widget_get_mapped(part) && part != stack;
    GtkWidget *target = is_seen ? part : around;
    const GdkRectangle middle = {gtk_widget_get_width(target) / 2,
                                 gtk_widget_get_height(target) / 2, 1, 1};
    if (gtk_widget_get_parent(GTK_WIDGET(tour)) != target) {
        gtk_widget_unparent(GTK_WIDGET(tour));
        gtk_widget_set_parent(GTK_WIDGET(tour), target);
    }
    gtk_popover_set_has_arrow(GTK_POPOVER(tour), is_seen);
    gtk_popover_set_position(GTK_POPOVER(tour), card->side);
    gtk_popover_set_pointing_to(GTK_POPOVER(tour), is_seen ? NULL : &middle);
}

static void show_card(CelTour *tour)
{
    const Card *card = &cards[tour->step];
    const gboolean is_last = tour->step + 1 == G_N_ELEMENTS(cards);
    g_autofree char *count =
        g_strdup_printf(_("%u of %u"), tour->step + 1, (guint)G_N_ELEMENTS(cards));
    gtk_label_set_text(tour->count, count);
    gtk_label_set_text(tour->title, _(card->title));
    gtk_label_set_text(tour->text, _(card->text));
    gtk_button_set_label(GTK_BUTTON(tour->next), is_last ? _("Begin") : _("Next"));
    gtk_widget_set_visible(tour->back, tour->step > 0);
    gtk_widget_set_visible(tour->skip, !is_last);
    gtk_accessible_update_property(GTK_ACCESSIBLE(tour), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _(card->title), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                   _(card->text), -1);
    gtk_popover_popdown(GTK_POPOVER(tour));
    point_at(tour, card);
    gtk_popover_popup(GTK_POPOVER(tour));
    gtk_widget_grab_focus(tour->next);
}

/* ---- going on ---- */

static void end(CelTour *tour)
{
    g_settings_set_boolean(tour->settings, "tour-seen", TRUE);
    g_object_set_data(G_OBJECT(tour->window), TOUR_KEY, NULL);
}

/* The window's data holds the only reference that keeps a card that moves from part to part. */
static void release(gpointer data)
{
    CelTour *tour = data;
    gtk_popover_popdown(GTK_POPOVER(tour));
    gtk_widget_unparent(GTK_WIDGET(tour));
    g_object_unref(tour);
}

static void go_back(CelTour *tour)
{
    if (tour->step == 0)
        return;
    tour->step--;
    show_card(tour);
}

static void go_on(CelTour *tour)
{
    if (tour->step + 1 == G_N_ELEMENTS(cards)) {
        end(tour);
        return;
    }
    tour->step++;
    show_card(tour);
}

static void act(GtkWidget *widget, const char *name, GVariant *target)
{
    CelTour *tour = CEL_TOUR(widget);
    (void)target;
    if (strcmp(name, "tour.back") == 0)
        go_back(tour);
    else if (strcmp(name, "tour.next") == 0)
        go_on(tour);
    else
        end(tour);
}

/* ---- the widget ---- */

static void cel_tour_dispose(GObject *object)
{
    g_clear_object(&CEL_TOUR(object)->settings);
    G_OBJECT_CLASS(cel_tour_parent_class)->dispose(object);
}

static void cel_tour_class_init(CelTourClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_tour_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/citizen/cel-tour.ui");
    gtk_widget_class_bind_template_child(widget_class, CelTour, count);
    gtk_widget_class_bind_template_child(widget_class, CelTour, title);
    gtk_widget_class_bind_template_child(widget_class, CelTour, text);
    gtk_widget_class_bind_template_child(widget_class, CelTour, skip);
    gtk_widget_class_bind_template_child(widget_class, CelTour, back);
    gtk_widget_class_bind_template_child(widget_class, CelTour, next);
    gtk_widget_class_install_action(widget_class, "tour.next", NULL, act);
    gtk_widget_class_install_action(widget_class, "tour.back", NULL, act);
    gtk_widget_class_install_action(widget_class, "tour.skip", NULL, act);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "tour.skip", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Right, 0, "tour.next", NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Left, 0, "tour.back", NULL);
}

static void cel_tour_init(CelTour *tour)
{
    gtk_widget_init_template(GTK_WIDGET(tour));
    g_signal_connect_swapped(tour->skip, "clicked", G_CALLBACK(end), tour);
    g_signal_connect_swapped(tour->back, "clicked", G_CALLBACK(go_back), tour);
    g_signal_connect_swapped(tour->next, "clicked", G_CALLBACK(go_on), tour);
}

static void forget(CelWindow *window)
{
    g_object_set_data(G_OBJECT(window), TOUR_KEY, NULL);
}

CelTour *cel_tour_start(CelWindow *window, GSettings *settings)
{
    CelTour *tour = g_object_ref_sink(g_object_new(CEL_TYPE_TOUR, NULL));
    tour->window = window;
    tour->settings = g_object_ref(settings);
    g_object_set_data_full(G_OBJECT(window), TOUR_KEY, tour, release);
    g_signal_connect_object(window, "destroy", G_CALLBACK(forget), tour, 0);
    show_card(tour);
    return tour;
}

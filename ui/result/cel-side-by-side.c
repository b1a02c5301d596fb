/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-side-by-side.h"

struct _CelSideBySide {
    GtkWidget parent;
    GtkWidget *first, *second;
    GtkAdjustment *scroll; /* (nullable) */
    gboolean wide;
    guint tick;
};

G_DEFINE_FINAL_TYPE(CelSideBySide, cel_side_by_side, GTK_TYPE_WIDGET)

enum { WIDE_PX = 940 };

static gboolean is_wide(int width)
{
    return width >= WIDE_PX;
}

/* The first column gets the larger part: it holds the plot. */
static int first_width(int width)
{
    return width * 56 / 100;
}

static void measure_of(GtkWidget *widget, int width, int *min, int *natural)
{
    gtk_widget_measure(widget, GTK_ORIENTATION_VERTICAL, width, min, natural, NULL, NULL);
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *min,
                    int *natural, int *min_baseline, int *natural_baseline)
{
    const CelSideBySide *side = CEL_SIDE_BY_SIDE(widget);
    int a = 0, b = 0, a_natural = 0, b_natural = 0;
    *min_baseline = *natural_baseline = -1;
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        gtk_widget_measure(side->first, orientation, -1, &a, &a_natural, NULL, NULL);
        gtk_widget_measure(side->second, orientation, -1, &b, &b_natural, NULL, NULL);
        *min = MAX(a, b);
        *natural = MAX(*min, WIDE_PX);
    } else if (is_wide(for_size)) {
        measure_of(side->second, for_size - first_width(for_size), &b, &b_natural);
        *min = *natural = b_natural;
    } else {
        measure_of(side->first, for_size, &a, &a_natural);
        measure_of(side->second, for_size, &b, &b_natural);
        *min = *natural = a_natural + b_natural;
    }
}

static void place(GtkWidget *widget, const GtkAllocation *at)
{
    gtk_widget_size_allocate(widget, at, -1);
}

static void allocate_wide(CelSideBySide *side, int width, int height)
{
    int min = 0, natural = 0;
    const int left = first_width(width);
    measure_of(side->first, left, &min, &natural);
    const double page = side->scroll != NULL ? gtk_adjustment_get_page_size(side->scroll) : height;
    const double value = side->scroll != NULL ? gtk_adjustment_get_value(side->scroll) : 0;
    const int tall = CLAMP((int)page, min, MAX(min, height));
    /* One that is taller than the page moves along, so that its end is seen at the end. */
    const double room = MAX(1.0, height - page);
    const int top = CLAMP((int)(value * (height - tall) / room), 0, MAX(0, height - tall));
    place(side->first, &(GtkAllocation){0, top, left, tall});
    place(side->second, &(GtkAllocation){left, 0, width - left, height});
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    CelSideBySide *side = CEL_SIDE_BY_SIDE(widget);
    int min = 0, natural = 0;
    (void)baseline;
    side->wide = is_wide(width);
    if (side->wide) {
        allocate_wide(side, width, height);
        return;
    }
    measure_of(side->first, width, &min, &natural);
    place(side->first, &(GtkAllocation){0, 0, width, natural});
    place(side->second, &(GtkAllocation){0, natural, width, MAX(1, height - natural)});
}

static GtkSizeRequestMode request_mode(GtkWidget *widget)
{
    (void)widget;
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static gboolean place_again(GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
    (void)clock;
    (void)data;
    CEL_SIDE_BY_SIDE(widget)->tick = 0;
    gtk_widget_queue_allocate(widget);
    return G_SOURCE_REMOVE;
}

/* The page may be told of its place while it is being laid out; then it is laid out once more in
 * the next frame, else still in this one. */
static void follow(CelSideBySide *side)
{
    if (side->wide && side->tick == 0)
        side->tick = gtk_widget_add_tick_callback(GTK_WIDGET(side), place_again, NULL, NULL);
}

static void cel_side_by_side_dispose(GObject *object)
{
    CelSideBySide *side = CEL_SIDE_BY_SIDE(object);
    if (side->scroll != NULL)
        g_signal_handlers_disconnect_by_data(side->scroll, side);
    g_clear_object(&side->scroll);
    g_clear_pointer(&side->first, gtk_widget_unparent);
    g_clear_pointer(&side->second, gtk_widget_unparent);
    G_OBJECT_CLASS(cel_side_by_side_parent_class)->dispose(object);
}

static void cel_side_by_side_class_init(CelSideBySideClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_side_by_side_dispose;
    GTK_WIDGET_CLASS(klass)->measure = measure;
    GTK_WIDGET_CLASS(klass)->size_allocate = size_allocate;
    GTK_WIDGET_CLASS(klass)->get_request_mode = request_mode;
}

static void cel_side_by_side_init(CelSideBySide *side)
{
    (void)side;
}

GtkWidget *cel_side_by_side_new(GtkWidget *first, GtkWidget *second)
{
    CelSideBySide *side = g_object_new(CEL_TYPE_SIDE_BY_SIDE, NULL);
    side->first = first;
    side->second = second;
    gtk_widget_set_parent(first, GTK_WIDGET(side));
    gtk_widget_set_parent(second, GTK_WIDGET(side));
    return GTK_WIDGET(side);
}

void cel_side_by_side_put(CelSideBySide *side, GtkScrolledWindow *scrolled)
{
    gtk_scrolled_window_set_child(scrolled, GTK_WIDGET(side));
    g_set_object(&side->scroll, gtk_scrolled_window_get_vadjustment(scrolled));
    g_signal_connect_swapped(side->scroll, "value-changed", G_CALLBACK(follow), side);
    g_signal_connect_swapped(side->scroll, "changed", G_CALLBACK(follow), side);
}

gboolean cel_side_by_side_is_wide(CelSideBySide *side)
{
    return side->wide;
}

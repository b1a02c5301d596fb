/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-sides.h"

enum { GAP = 18 };

struct _CelSides {
    GtkWidget parent;
    GtkWidget *children[2];
    double share;
    int threshold;
};

G_DEFINE_FINAL_TYPE(CelSides, cel_sides, GTK_TYPE_WIDGET)

static gboolean in_view(const CelSides *sides, int i)
{
    return gtk_widget_should_layout(sides->children[i]);
}

static int least_width(const CelSides *sides, int i)
{
    int least = 0;
    if (in_view(sides, i))
        gtk_widget_measure(sides->children[i], GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL,
                           NULL);
    return least;
}

/* How wide each child is in @width; Returns: whether they stand beside each other. */
static gboolean split(const CelSides *sides, int width, int out[2])
{
    const int least[] = {least_width(sides, 0), least_width(sides, 1)};
    out[0] = out[1] = width;
    if (!in_view(sides, 0) || !in_view(sides, 1) || width < sides->threshold ||
        least[0] + least[1] + GAP > width)
        return FALSE;
    out[0] = CLAMP((int)(sides->share * (width - GAP)), least[0], width - GAP - least[1]);
    out[1] = width - GAP - out[0];
    return TRUE;
}

static void heights(const CelSides *sides, const int width[2], int out_least[2], int out_natural[2])
{
    for (int i = 0; i < 2; i++) {
        out_least[i] = out_natural[i] = 0;
        if (in_view(sides, i))
            gtk_widget_measure(sides->children[i], GTK_ORIENTATION_VERTICAL, width[i],
                               &out_least[i], &out_natural[i], NULL, NULL);
    }
}

static void measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                    int *natural, int *minimum_baseline, int *natural_baseline)
{
    const CelSides *sides = CEL_SIDES(widget);
    *minimum_baseline = *natural_baseline = -1;
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        *minimum = MAX(least_width(sides, 0), least_width(sides, 1));
        *natural = MAX(*minimum, sides->threshold);
        return;
    }
    int width[2], least[2], most[2];
    const gboolean beside = split(sides, for_size < 0 ? sides->threshold : for_size, width);
    const int gap = in_view(sides, 0) && in_view(sides, 1) ? GAP : 0;
    heights(sides, width, least, most);
    *minimum = beside ? MAX(least[0], least[1]) : least[0] + least[1] + gap;
    *natural = beside ? MAX(most[0], most[1]) : most[0] + most[1] + gap;
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    CelSides *sides = CEL_SIDES(widget);
    int widths[2], least[2], natural[2];
    const gboolean beside = split(sides, width, widths);
    heights(sides, widths, least, natural);
    int x = 0, y = 0;
    for (int i = 0; i < 2; i++) {
        if (!in_view(sides, i))
            continue;
        const int tall = beside ? height : i == 1 || !in_view(sides, 1) ? height - y : natural[i];
        const GtkAllocation place = {x, y, widths[i], MAX(tall, least[i])};
        gtk_widget_size_allocate(sides->children[i], &place, baseline);
        if (beside)
            x += widths[i] + GAP;
        else
            y += natural[i] + GAP;
    }
}

static GtkSizeRequestMode request_mode(GtkWidget *widget)
{
    (void)widget;
    return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void cel_sides_dispose(GObject *object)
{
    CelSides *sides = CEL_SIDES(object);
    g_clear_pointer(&sides->children[0], gtk_widget_unparent);
    g_clear_pointer(&sides->children[1], gtk_widget_unparent);
    G_OBJECT_CLASS(cel_sides_parent_class)->dispose(object);
}

static void cel_sides_class_init(CelSidesClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_sides_dispose;
    widget_class->measure = measure;
    widget_class->size_allocate = size_allocate;
    widget_class->get_request_mode = request_mode;
}

static void cel_sides_init(CelSides *sides)
{
    gtk_widget_set_hexpand(GTK_WIDGET(sides), TRUE);
}

GtkWidget *cel_sides_new(GtkWidget *first, GtkWidget *second, double share, int threshold)
{
    CelSides *sides = g_object_new(CEL_TYPE_SIDES, NULL);
    sides->children[0] = first;
    sides->children[1] = second;
    sides->share = share;
    sides->threshold = threshold;
    gtk_widget_set_parent(first, GTK_WIDGET(sides));
    gtk_widget_set_parent(second, GTK_WIDGET(sides));
    return GTK_WIDGET(sides);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-queue-row.h"

#include "cel-heard.h"
#include "cel-words.h"
#include "desk/cel-desk-act.h"

#include <glib/gi18n-lib.h>

enum { LEAST_HEIGHT = 44, AIR = 24 };

struct _CelQueueRow {
    GtkWidget parent;
    CelQueueLayout *layout;
    CelExhibitItem *item; /* (nullable) */
    gulong changed;       /* of its model */
    gboolean painted;
};

G_DEFINE_FINAL_TYPE(CelQueueRow, cel_queue_row, GTK_TYPE_WIDGET)

static char *cell_text(const CelExhibitFacts *facts, CelExhibitColumn column)
{
    const char *state = cel_state_words(facts->state);
    switch (column) {
    case CEL_BY_EXHIBIT:
        return g_strjoin("/", facts->case_id, facts->item_id, NULL);
    case CEL_BY_DESCRIPTION:
        return g_strdup(facts->description);
    case CEL_BY_STATE:
        return facts->hold ? g_strdup_printf(_("%s, on hold"), state) : g_strdup(state);
    case CEL_BY_AGE:
        return cel_ui_age(g_get_real_time() - facts->last_us);
    case CEL_BY_DEPARTMENT:
        return g_strdup(facts->department);
    default:
        return g_strdup(facts->holder);
    }
}

static void snapshot_cell(CelQueueRow *row, GtkSnapshot *snapshot, const char *text, int width)
{
    GdkRGBA colour;
    int height = 0;
    g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(row), text);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_single_paragraph_mode(layout, TRUE);
    pango_layout_set_width(layout, MAX(1, width - 2 * CEL_QUEUE_PAD) * PANGO_SCALE);
    pango_layout_get_pixel_size(layout, NULL, &height);
    gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(row)), &colour);
    const float y = (float)(gtk_widget_get_height(GTK_WIDGET(row)) - height) / 2.0f;
    gtk_snapshot_save(snapshot);
    gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)CEL_QUEUE_PAD, y));
    gtk_snapshot_append_layout(snapshot, layout, &colour);
    gtk_snapshot_restore(snapshot);
}

static gboolean is_in_view(GtkWidget *widget)
{
    GtkWidget *list = gtk_widget_get_ancestor(widget, GTK_TYPE_LIST_VIEW);
    graphene_rect_t bounds;
    if (list == NULL || !gtk_widget_compute_bounds(widget, list, &bounds))
        return TRUE;
    return bounds.origin.y < (float)gtk_widget_get_height(list) &&
           bounds.origin.y + bounds.size.height > 0.0f;
}

static void cel_queue_row_snapshot(GtkWidget *widget, GtkSnapshot *snapshot)
{
    CelQueueRow *row = CEL_QUEUE_ROW(widget);
    const CelExhibitFacts *facts = row->item != NULL ? cel_exhibit_item_facts(row->item) : NULL;
    row->painted = facts == NULL || is_in_view(widget);
    if (facts == NULL || !row->painted)
        return;
    gtk_snapshot_save(snapshot);
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++) {
        const int width = row->layout->widths[c];
        g_autofree char *text = width > 0 ? cell_text(facts, c) : NULL;
        if (text == NULL)
            continue;
        snapshot_cell(row, snapshot, text, width);
        gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT((float)width, 0.0f));
    }
    gtk_snapshot_restore(snapshot);
}

/* All rows are of one height, found once. */
static void cel_queue_row_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                  int *minimum, int *natural, int *minimum_baseline,
                                  int *natural_baseline)
{
    CelQueueLayout *layout = CEL_QUEUE_ROW(widget)->layout;
    (void)for_size;
    *minimum_baseline = *natural_baseline = -1;
    if (orientation == GTK_ORIENTATION_HORIZONTAL) {
        *minimum = *natural = 0;
        return;
    }
    if (layout->height == 0) {
        g_autoptr(PangoLayout) text = gtk_widget_create_pango_layout(widget, "Ag国");
        pango_layout_get_pixel_size(text, NULL, &layout->height);
        layout->height = MAX(LEAST_HEIGHT, layout->height + AIR);
    }
    *minimum = *natural = layout->height;
}

static void leave_item(CelQueueRow *row)
{
    if (row->item != NULL)
        g_clear_signal_handler(&row->changed, cel_exhibit_item_model(row->item));
    g_clear_object(&row->item);
}

static void cel_queue_row_dispose(GObject *object)
{
    leave_item(CEL_QUEUE_ROW(object));
    G_OBJECT_CLASS(cel_queue_row_parent_class)->dispose(object);
}

static void cel_queue_row_class_init(CelQueueRowClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_queue_row_dispose;
    widget_class->snapshot = cel_queue_row_snapshot;
    widget_class->measure = cel_queue_row_measure;
    gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void cel_queue_row_init(CelQueueRow *row)
{
    (void)row;
}

GtkWidget *cel_queue_row_new(CelQueueLayout *layout)
{
    CelQueueRow *row = g_object_new(CEL_TYPE_QUEUE_ROW, NULL);
    row->layout = layout;
    return GTK_WIDGET(row);
}

static void say_row(CelQueueRow *row, const CelExhibitFacts *facts)
{
    g_autofree char *state = cell_text(facts, CEL_BY_STATE);
    g_autofree char *text =
        g_strdup_printf("%s/%s, %s, %s", facts->case_id, facts->item_id, facts->description, state);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
    cel_heard_row(GTK_WIDGET(row), text);
}

static void show_facts(CelQueueRow *row)
{
    const CelExhibitFacts *facts = cel_exhibit_item_facts(row->item);
    if (facts != NULL)
        say_row(row, facts);
    gtk_widget_queue_draw(GTK_WIDGET(row));
}

void cel_queue_row_show(CelQueueRow *row, CelExhibitItem *item)
{
    if (row->item == item)
        return;
    leave_item(row);
    if (item == NULL)
        return;
    row->item = g_object_ref(item);
    row->changed = g_signal_connect_swapped(cel_exhibit_item_model(item), "changed",
                                            G_CALLBACK(show_facts), row);
    show_facts(row);
}

void cel_queue_row_scrolled(CelQueueRow *row)
{
    if (!row->painted)
        gtk_widget_queue_draw(GTK_WIDGET(row));
}

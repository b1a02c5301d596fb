/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-queue-list.h"

#include "desk/cel-queue-row.h"

#include <glib/gi18n-lib.h>

enum { NARROW = 760, NARROWEST = 560, LEAST_WIDTH = 330 };
enum { SORT_WANTED, OPENED, CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

struct _CelQueueList {
    GtkWidget parent;
    GtkWidget *box, *titles[CEL_N_EXHIBIT_COLUMNS], *arrows[CEL_N_EXHIBIT_COLUMNS];
    GtkListView *view;
    GtkAdjustment *place; /* of the view */
    GtkMultiSelection *selection;
    GtkBitset *awaited; /* selected, but the model has not told of them yet */
    gboolean setting;   /* what is selected changes by the program */
    CelQueueLayout layout;
    CelExhibitColumn column;
    gboolean descending;
    int width;
};

G_DEFINE_FINAL_TYPE(CelQueueList, cel_queue_list, GTK_TYPE_WIDGET)

/** Column: how one is shown. */
typedef struct {
    const char *title; /* msgid */
    int width;         /* 0: takes what is left */
    int least;         /* of the list, for the column to be shown */
} Column;

static const Column columns[CEL_N_EXHIBIT_COLUMNS] = {
    [CEL_BY_EXHIBIT] = {N_("Exhibit"), 140, 0},
    [CEL_BY_DESCRIPTION] = {N_("Description"), 0, 0},
    [CEL_BY_STATE] = {N_("State"), 160, 0},
    [CEL_BY_AGE] = {N_("Unchanged for"), 165, NARROWEST},
    [CEL_BY_DEPARTMENT] = {N_("Sent by"), 150, NARROW},
    [CEL_BY_HOLDER] = {N_("With"), 130, NARROW},
};

const char *cel_exhibit_column_title(CelExhibitColumn column)
{
    return _(columns[column].title);
}

/* ---- rows ---- */

static void set_up_row(GtkSignalListItemFactory *factory, GtkListItem *item, CelQueueList *list)
{
    (void)factory;
    gtk_list_item_set_child(item, cel_queue_row_new(&list->layout));
}

static void bind_row(GtkSignalListItemFactory *factory, GtkListItem *item)
{
    (void)factory;
    cel_queue_row_show(CEL_QUEUE_ROW(gtk_list_item_get_child(item)), gtk_list_item_get_item(item));
}

static void unbind_row(GtkSignalListItemFactory *factory, GtkListItem *item)
{
    (void)factory;
    cel_queue_row_show(CEL_QUEUE_ROW(gtk_list_item_get_child(item)), NULL);
}

/* GTK keeps what a row has painted while it only moves. */
static void scrolled_to(CelQueueList *list)
{
    for (GtkWidget *item = gtk_widget_get_first_child(GTK_WIDGET(list->view)); item != NULL;
         item = gtk_widget_get_next_sibling(item)) {
        GtkWidget *row = gtk_widget_get_first_child(item);
        if (CEL_IS_QUEUE_ROW(row))
            cel_queue_row_scrolled(CEL_QUEUE_ROW(row));
    }
}

/* ---- titles that sort ---- */

void cel_queue_list_show_sort(CelQueueList *list, CelExhibitColumn column, gboolean descending)
{
    list->column = column;
    list->descending = descending;
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++) {
        gtk_image_set_from_icon_name(GTK_IMAGE(list->arrows[c]),
                                     descending ? "pan-down-symbolic" : "pan-up-symbolic");
        gtk_widget_set_visible(list->arrows[c], c == column);
        gtk_accessible_update_state(
            GTK_ACCESSIBLE(list->titles[c]), GTK_ACCESSIBLE_STATE_PRESSED,
            c == column ? GTK_ACCESSIBLE_TRISTATE_TRUE : GTK_ACCESSIBLE_TRISTATE_FALSE, -1);
    }
}

static void title_clicked(GtkButton *button, CelQueueList *list)
{
    guint column = 0;
    while (column + 1 < CEL_N_EXHIBIT_COLUMNS && list->titles[column] != GTK_WIDGET(button))
        column++;
    const gboolean descending = column == list->column && !list->descending;
    cel_queue_list_show_sort(list, column, descending);
    g_signal_emit(list, signals[SORT_WANTED], 0, column, descending);
}

static GtkWidget *make_titles(CelQueueList *list)
{
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(line, "queue-titles");
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++) {
        GtkWidget *button = gtk_button_new(), *inside = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
        GtkWidget *label = gtk_label_new(cel_exhibit_column_title(c));
        g_autofree char *what = g_strdup_printf(_("Sort by “%s”"), cel_exhibit_column_title(c));
        list->titles[c] = button;
        list->arrows[c] = gtk_image_new();
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
        gtk_box_append(GTK_BOX(inside), label);
        gtk_box_append(GTK_BOX(inside), list->arrows[c]);
        gtk_button_set_child(GTK_BUTTON(button), inside);
        gtk_widget_add_css_class(button, "flat");
        gtk_widget_set_tooltip_text(button, what);
        gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, what,
                                       -1);
        gtk_widget_set_hexpand(button, columns[c].width == 0);
        gtk_widget_set_size_request(button, columns[c].width > 0 ? columns[c].width : 60, -1);
        gtk_box_append(GTK_BOX(line), button);
        g_signal_connect(button, "clicked", G_CALLBACK(title_clicked), list);
    }
    return line;
}

/* ---- selection ---- */

/* The model gives the very set that it keeps. */
GtkBitset *cel_queue_list_selected(CelQueueList *list)
{
    g_autoptr(GtkBitset) kept =
        gtk_selection_model_get_selection(GTK_SELECTION_MODEL(list->selection));
    GtkBitset *all = gtk_bitset_copy(kept);
    gtk_bitset_union(all, list->awaited);
    return all;
}

static void set_selection(CelQueueList *list, GtkBitset *selected, GtkBitset *mask)
{
    list->setting = TRUE;
    gtk_selection_model_set_selection(GTK_SELECTION_MODEL(list->selection), selected, mask);
    list->setting = FALSE;
}

void cel_queue_list_select(CelQueueList *list, GtkBitset *positions)
{
    const guint n = g_list_model_get_n_items(G_LIST_MODEL(list->selection));
    g_autoptr(GtkBitset) all = gtk_bitset_new_range(0, n);
    g_clear_pointer(&list->awaited, gtk_bitset_unref);
    list->awaited = gtk_bitset_copy(positions);
    gtk_bitset_subtract(list->awaited, all);
    set_selection(list, positions, all);
}

static void rows_came(CelQueueList *list, guint position, guint removed, guint added)
{
    (void)removed;
    if (added == 0 || gtk_bitset_is_empty(list->awaited))
        return;
    g_autoptr(GtkBitset) came = gtk_bitset_new_range(position, added);
    gtk_bitset_intersect(came, list->awaited);
    gtk_bitset_subtract(list->awaited, came);
    set_selection(list, came, came);
}

static void activated(GtkListView *view, guint position, CelQueueList *list)
{
    (void)view;
    g_signal_emit(list, signals[OPENED], 0, position);
}

/* Whoever chooses by hand chooses among what is shown. */
static void chosen(CelQueueList *list)
{
    if (!list->setting)
        gtk_bitset_remove_all(list->awaited);
    g_signal_emit(list, signals[CHOSEN], 0);
}

/* ---- the widget ---- */

/* What does not fit is left out, from the end; the description takes what is left. */
static void fit_columns(CelQueueList *list, int width)
{
    int left = width;
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++) {
        list->layout.widths[c] = width >= columns[c].least ? columns[c].width : 0;
        left -= list->layout.widths[c];
    }
    list->layout.widths[CEL_BY_DESCRIPTION] = MAX(1, left);
    list->layout.height = 0;
}

static gboolean fit_titles(gpointer data)
{
    CelQueueList *list = data;
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++)
        gtk_widget_set_visible(list->titles[c], list->layout.widths[c] > 0);
    return G_SOURCE_REMOVE;
}

static void cel_queue_list_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    CelQueueList *list = CEL_QUEUE_LIST(widget);
    if (width != list->width) {
        list->width = width;
        fit_columns(list, width);
        g_idle_add_full(G_PRIORITY_DEFAULT, fit_titles, g_object_ref(list), g_object_unref);
    }
    gtk_widget_allocate(list->box, width, height, baseline, NULL);
}

static void cel_queue_list_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                   int *minimum, int *natural, int *minimum_baseline,
                                   int *natural_baseline)
{
    gtk_widget_measure(CEL_QUEUE_LIST(widget)->box, orientation, for_size, minimum, natural,
                       minimum_baseline, natural_baseline);
    if (orientation == GTK_ORIENTATION_HORIZONTAL)
        *minimum = MIN(*minimum, LEAST_WIDTH); /* titles that do not fit are left out */
}

static void cel_queue_list_dispose(GObject *object)
{
    CelQueueList *list = CEL_QUEUE_LIST(object);
    g_clear_pointer(&list->box, gtk_widget_unparent);
    g_clear_object(&list->selection);
    g_clear_pointer(&list->awaited, gtk_bitset_unref);
    G_OBJECT_CLASS(cel_queue_list_parent_class)->dispose(object);
}

static void cel_queue_list_class_init(CelQueueListClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    const GType type = G_TYPE_FROM_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_queue_list_dispose;
    widget_class->size_allocate = cel_queue_list_size_allocate;
    widget_class->measure = cel_queue_list_measure;
    signals[SORT_WANTED] = g_signal_new("sort-wanted", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
    signals[OPENED] = g_signal_new("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_UINT);
    signals[CHOSEN] =
        g_signal_new("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void cel_queue_list_init(CelQueueList *list)
{
    list->awaited = gtk_bitset_new_empty();
    list->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_overflow(GTK_WIDGET(list), GTK_OVERFLOW_HIDDEN);
    gtk_widget_set_parent(list->box, GTK_WIDGET(list));
    gtk_widget_set_vexpand(GTK_WIDGET(list), TRUE);
}

GtkWidget *cel_queue_list_new(CelExhibitModel *model)
{
    CelQueueList *list = g_object_new(CEL_TYPE_QUEUE_LIST, NULL);
    GtkWidget *scrolled = gtk_scrolled_window_new();
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    list->selection = gtk_multi_selection_new(G_LIST_MODEL(g_object_ref(model)));
    g_signal_connect(factory, "setup", G_CALLBACK(set_up_row), list);
    g_signal_connect(factory, "bind", G_CALLBACK(bind_row), NULL);
    g_signal_connect(factory, "unbind", G_CALLBACK(unbind_row), NULL);
    GtkWidget *view =
        gtk_list_view_new(GTK_SELECTION_MODEL(g_object_ref(list->selection)), factory);
    list->view = GTK_LIST_VIEW(view);
    gtk_widget_add_css_class(view, "queue-list");
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Exhibits"), -1);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scrolled), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), view);
    list->place = gtk_scrolled_window_get_vadjustment(GTK_SCROLLED_WINDOW(scrolled));
    g_signal_connect_object(list->place, "value-changed", G_CALLBACK(scrolled_to), list,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(list->place, "changed", G_CALLBACK(scrolled_to), list,
                            G_CONNECT_SWAPPED);
    gtk_widget_set_vexpand(scrolled, TRUE);
    gtk_box_append(GTK_BOX(list->box), make_titles(list));
    gtk_box_append(GTK_BOX(list->box), scrolled);
    g_signal_connect(view, "activate", G_CALLBACK(activated), list);
    g_signal_connect_object(list->selection, "selection-changed", G_CALLBACK(chosen), list,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(list->selection, "items-changed", G_CALLBACK(rows_came), list,
                            G_CONNECT_SWAPPED);
    return GTK_WIDGET(list);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-queue-list.h"

#include "cel-words.h"
#include "desk/cel-desk-act.h"

#include <glib/gi18n-lib.h>

enum { NARROW = 720, NARROWEST = 520 };
enum { SORT_WANTED, OPENED, CHOSEN, N_SIGNALS };
static guint signals[N_SIGNALS];

struct _CelQueueList {
    GtkWidget parent;
    GtkWidget *scrolled;
    GtkColumnView *view;
    GtkMultiSelection *selection;
    GtkColumnViewColumn *columns[CEL_N_EXHIBIT_COLUMNS];
    CelExhibitItem *probe; /* what the view's sorter is asked with */
    guint asked;           /* the column that was asked first, + 1 */
    gboolean telling;
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
    [CEL_BY_EXHIBIT] = {N_("Exhibit"), 130, 0},
    [CEL_BY_DESCRIPTION] = {N_("Description"), 0, 0},
    [CEL_BY_STATE] = {N_("State"), 150, 0},
    [CEL_BY_AGE] = {N_("Unchanged for"), 140, NARROWEST},
    [CEL_BY_DEPARTMENT] = {N_("Sent by"), 130, NARROW},
    [CEL_BY_HOLDER] = {N_("With"), 120, NARROW},
};

const char *cel_exhibit_column_title(CelExhibitColumn column)
{
    return _(columns[column].title);
}

/* ---- cells ---- */

static char *cell_text(const CelExhibitFacts *facts, CelExhibitColumn column)
{
    switch (column) {
    case CEL_BY_EXHIBIT:
        return g_strjoin("/", facts->case_id, facts->item_id, NULL);
    case CEL_BY_DESCRIPTION:
        return g_strdup(facts->description);
    case CEL_BY_STATE:
        return g_strdup(cel_state_words(facts->state));
    case CEL_BY_AGE:
        return cel_ui_age(g_get_real_time() - facts->last_us);
    case CEL_BY_DEPARTMENT:
        return g_strdup(facts->department);
    default:
        return g_strdup(facts->holder);
    }
}

static void set_up_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    GtkWidget *label = gtk_label_new(NULL);
    (void)factory;
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    if (GPOINTER_TO_UINT(data) != CEL_BY_STATE) {
        gtk_list_item_set_child(item, label);
        return;
    }
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *hold = gtk_image_new_from_icon_name("changes-prevent-symbolic");
    gtk_widget_set_tooltip_text(hold, _("On hold"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(hold), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("On hold"), -1);
    gtk_box_append(GTK_BOX(box), label);
    gtk_box_append(GTK_BOX(box), hold);
    gtk_list_item_set_child(item, box);
}

static void bind_cell(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    const CelExhibitFacts *facts = cel_exhibit_item_facts(gtk_list_item_get_item(item));
    const CelExhibitColumn column = GPOINTER_TO_UINT(data);
    GtkWidget *child = gtk_list_item_get_child(item);
    g_autofree char *text = cell_text(facts, column);
    (void)factory;
    if (GTK_IS_BOX(child)) {
        gtk_widget_set_visible(gtk_widget_get_last_child(child), facts->hold);
        child = gtk_widget_get_first_child(child);
    }
    gtk_label_set_text(GTK_LABEL(child), text);
    gtk_widget_set_tooltip_text(child, column == CEL_BY_DESCRIPTION ? text : NULL);
}

/* ---- titles that sort ---- */

/* The view orders nothing. GTK 4.8 does not say which title was clicked: its sorter asks the sorter
 * of that column first, and turns the answer round when it goes down. */
static int note_column(gconstpointer a, gconstpointer b, gpointer data)
{
    GtkColumnViewColumn *column = data;
    CelQueueList *list = g_object_get_data(G_OBJECT(column), "list");
    (void)a;
    (void)b;
    if (list->asked == 0)
        list->asked = 1 + GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(column), "which"));
    return GTK_ORDERING_SMALLER;
}

static void sort_clicked(CelQueueList *list)
{
    if (list->telling)
        return;
    list->asked = 0;
    const GtkOrdering order =
        gtk_sorter_compare(gtk_column_view_get_sorter(list->view), list->probe, list->probe);
    if (list->asked > 0)
        g_signal_emit(list, signals[SORT_WANTED], 0, list->asked - 1, order == GTK_ORDERING_LARGER);
}

void cel_queue_list_show_sort(CelQueueList *list, CelExhibitColumn column, gboolean descending)
{
    list->telling = TRUE;
    gtk_column_view_sort_by_column(list->view, list->columns[column],
                                   descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    list->telling = FALSE;
}

static void add_column(CelQueueList *list, CelExhibitColumn which)
{
    const Column *def = &columns[which];
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    g_signal_connect(factory, "setup", G_CALLBACK(set_up_cell), GUINT_TO_POINTER(which));
    g_signal_connect(factory, "bind", G_CALLBACK(bind_cell), GUINT_TO_POINTER(which));
    GtkColumnViewColumn *column = gtk_column_view_column_new(_(def->title), factory);
    g_object_set_data(G_OBJECT(column), "list", list);
    g_object_set_data(G_OBJECT(column), "which", GUINT_TO_POINTER(which));
    g_autoptr(GtkCustomSorter) sorter = gtk_custom_sorter_new(note_column, column, NULL);
    gtk_column_view_column_set_sorter(column, GTK_SORTER(sorter));
    gtk_column_view_column_set_resizable(column, TRUE);
    if (def->width > 0)
        gtk_column_view_column_set_fixed_width(column, def->width);
    else
        gtk_column_view_column_set_expand(column, TRUE);
    gtk_column_view_append_column(list->view, column);
    list->columns[which] = column;
}

/* ---- selection ---- */

GtkBitset *cel_queue_list_selected(CelQueueList *list)
{
    return gtk_selection_model_get_selection(GTK_SELECTION_MODEL(list->selection));
}

void cel_queue_list_select(CelQueueList *list, GtkBitset *positions)
{
    const guint n = g_list_model_get_n_items(G_LIST_MODEL(list->selection));
    g_autoptr(GtkBitset) all = gtk_bitset_new_range(0, n);
    gtk_selection_model_set_selection(GTK_SELECTION_MODEL(list->selection), positions, all);
}

static void activated(GtkColumnView *view, guint position, CelQueueList *list)
{
    (void)view;
    g_signal_emit(list, signals[OPENED], 0, position);
}

static void chosen(CelQueueList *list)
{
    g_signal_emit(list, signals[CHOSEN], 0);
}

/* ---- the widget ---- */

/* What does not fit is left out, from the end. */
static gboolean fit_columns(gpointer data)
{
    CelQueueList *list = data;
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++)
        gtk_column_view_column_set_visible(list->columns[c], list->width >= columns[c].least);
    return G_SOURCE_REMOVE;
}

static void cel_queue_list_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    CelQueueList *list = CEL_QUEUE_LIST(widget);
    gtk_widget_allocate(list->scrolled, width, height, baseline, NULL);
    if (width == list->width)
        return;
    list->width = width;
    g_idle_add_full(G_PRIORITY_DEFAULT, fit_columns, g_object_ref(list), g_object_unref);
}

static void cel_queue_list_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                                   int *minimum, int *natural, int *minimum_baseline,
                                   int *natural_baseline)
{
    gtk_widget_measure(CEL_QUEUE_LIST(widget)->scrolled, orientation, for_size, minimum, natural,
                       minimum_baseline, natural_baseline);
}

static void cel_queue_list_dispose(GObject *object)
{
    CelQueueList *list = CEL_QUEUE_LIST(object);
    g_clear_pointer(&list->scrolled, gtk_widget_unparent);
    g_clear_object(&list->selection);
    g_clear_object(&list->probe);
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
    list->probe = g_object_new(CEL_TYPE_EXHIBIT_ITEM, NULL);
    list->scrolled = gtk_scrolled_window_new();
    gtk_widget_set_parent(list->scrolled, GTK_WIDGET(list));
    gtk_widget_set_vexpand(GTK_WIDGET(list), TRUE);
}

GtkWidget *cel_queue_list_new(CelExhibitModel *model)
{
    CelQueueList *list = g_object_new(CEL_TYPE_QUEUE_LIST, NULL);
    list->selection = gtk_multi_selection_new(G_LIST_MODEL(g_object_ref(model)));
    GtkWidget *view = gtk_column_view_new(GTK_SELECTION_MODEL(g_object_ref(list->selection)));
    list->view = GTK_COLUMN_VIEW(view);
    gtk_widget_add_css_class(view, "queue-list");
    gtk_accessible_update_property(GTK_ACCESSIBLE(view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Exhibits"), -1);
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++)
        add_column(list, c);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(list->scrolled), view);
    g_signal_connect(view, "activate", G_CALLBACK(activated), list);
    g_signal_connect_swapped(gtk_column_view_get_sorter(list->view), "changed",
                             G_CALLBACK(sort_clicked), list);
    g_signal_connect_swapped(list->selection, "selection-changed", G_CALLBACK(chosen), list);
    return GTK_WIDGET(list);
}

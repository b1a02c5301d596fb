/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-queue-page.h"

#include "bench/cel-path.h"
#include "cel-heard.h"
#include "desk/cel-act-form.h"
#include "desk/cel-label-view.h"
#include "desk/cel-queue-list.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { SEARCH_DELAY_MS = 60, MOST_LOOKED_AT = 2000, MOST_IN_A_FORM = 500 };
static const gint64 DAY_US = G_GINT64_CONSTANT(86400000000);

#define BIT(state) (1U << CEL_EXHIBIT_##state)

/** Chip: one filter that can be switched on. */
typedef struct {
    const char *title; /* msgid */
    guint states;
    int days;
    gboolean hold;
} Chip;

static const Chip chips[] = {
    {N_("To be received"), BIT(COLLECTED) | BIT(PACKED) | BIT(SUBMITTED), 0, FALSE},
    {N_("In the lab, sealed"), BIT(RECEIVED), 0, FALSE},
    {N_("Seal open"), BIT(OPEN), 0, FALSE},
    {N_("Sealed again"), BIT(CLOSED), 0, FALSE},
    {N_("Gone"), BIT(REFUSED) | BIT(RETURNED) | BIT(DISPOSED), 0, FALSE},
    {N_("Over 7 days"), 0, 7, FALSE},
    {N_("Over 30 days"), 0, 30, FALSE},
    {N_("On hold"), 0, 0, TRUE},
};

struct _CelQueuePage {
    CelPage parent;
    CelExhibitModel *model;
    CelExhibitIndex *index;
    CelQueueList *list;
    GtkWidget *search, *count, *stack, *bar, *bar_text, *sort, *receive;
    GtkBox *acts;
    GtkWidget *chips[G_N_ELEMENTS(chips)];
    CelExhibitColumn column;
    gboolean descending, stale;
    guint asked, answered; /* the newest question; answers to older ones are dropped */
    GMenu *sort_menu;
    CelDesk *desk; /* whose signals are listened to */
};

G_DEFINE_FINAL_TYPE(CelQueuePage, cel_queue_page, CEL_TYPE_PAGE)

CelExhibitModel *cel_queue_page_model(CelQueuePage *page)
{
    return page->model;
}

/* ---- filtering, on a worker ---- */

/** Asking: what is wanted of a snapshot, and what came of it. */
typedef struct {
    CelExhibitIndex *index;
    CelExhibitFilter filter;
    char *text;
    guint number;
    GHashTable *selected; /* rows that are selected now */
    GArray *view;
    GtkBitset *positions;
} Asking;

static void asking_free(gpointer data)
{
    Asking *asking = data;
    cel_exhibit_index_unref(asking->index);
    g_free(asking->text);
    g_hash_table_unref(asking->selected);
    g_clear_pointer(&asking->view, g_array_unref);
    gtk_bitset_unref(asking->positions);
    g_free(asking);
}

static gboolean find_view(gpointer data, CelJob *job, GError **error)
{
    Asking *asking = data;
    (void)job;
    (void)error;
    asking->view = cel_exhibit_index_view(asking->index, &asking->filter);
    if (g_hash_table_size(asking->selected) == 0)
        return TRUE;
    for (guint i = 0; i < asking->view->len; i++) {
        const CelExhibitFacts *facts =
            cel_exhibit_index_get(asking->index, g_array_index(asking->view, guint32, i));
        g_autofree char *name = g_strjoin("/", facts->case_id, facts->item_id, NULL);
        if (g_hash_table_contains(asking->selected, name))
            gtk_bitset_add(asking->positions, i);
    }
    return TRUE;
}

static void refresh_bar(CelQueuePage *page);

static void show_count(CelQueuePage *page)
{
    const guint shown = cel_exhibit_model_size(page->model);
    const guint all = cel_exhibit_index_size(page->index);
    g_autofree char *text =
        shown == all
            ? g_strdup_printf(ngettext("%u exhibit", "%u exhibits", all), all)
            : g_strdup_printf(ngettext("%u of %u exhibit", "%u of %u exhibits", all), shown, all);
    gtk_label_set_text(GTK_LABEL(page->count), text);
    gtk_stack_set_visible_child_name(GTK_STACK(page->stack), all == 0     ? "nothing"
                                                             : shown == 0 ? "no-match"
                                                                          : "list");
}

static void view_found(gpointer owner, gpointer data, const GError *error)
{
    CelQueuePage *page = owner;
    Asking *asking = data;
    g_autoptr(GtkBitset) none = gtk_bitset_new_empty();
    if (error != NULL || asking->number != page->asked)
        return;
    page->answered = asking->number;
    cel_queue_list_select(page->list, none); /* it goes by places, where others will stand */
    cel_exhibit_model_set(page->model, asking->index, g_steal_pointer(&asking->view));
    cel_queue_list_select(page->list, asking->positions);
    show_count(page);
    refresh_bar(page);
}

static void fill_filter(CelQueuePage *page, CelExhibitFilter *filter)
{
    filter->column = page->column;
    filter->descending = page->descending;
    for (gsize i = 0; i < G_N_ELEMENTS(chips); i++) {
        if (!gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(page->chips[i])))
            continue;
        filter->states |= chips[i].states;
        filter->hold = filter->hold || chips[i].hold;
        if (chips[i].days > 0)
            filter->unchanged_since_us = g_get_real_time() - chips[i].days * DAY_US;
    }
}

static void note_selected(CelQueuePage *page, GHashTable *selected)
{
    g_autoptr(GtkBitset) positions = cel_queue_list_selected(page->list);
    GtkBitsetIter iter;
    guint position = 0, n = 0;
    for (gboolean more = gtk_bitset_iter_init_first(&iter, positions, &position);
         more && n < MOST_LOOKED_AT; more = gtk_bitset_iter_next(&iter, &position), n++) {
        const CelExhibitFacts *facts = cel_exhibit_model_facts(page->model, position);
        g_hash_table_add(selected, g_strjoin("/", facts->case_id, facts->item_id, NULL));
    }
}

static void refilter(CelQueuePage *page)
{
    if (page->index == NULL)
        return;
    Asking *asking = g_new0(Asking, 1);
    asking->index = cel_exhibit_index_ref(page->index);
    asking->text = g_strdup(gtk_editable_get_text(GTK_EDITABLE(page->search)));
    asking->filter.text = asking->text;
    asking->number = ++page->asked;
    asking->selected = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    asking->positions = gtk_bitset_new_empty();
    fill_filter(page, &asking->filter);
    note_selected(page, asking->selected);
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .run = find_view,
                                .done = view_found,
                                .data = asking,
                                .free = asking_free};
    cel_page_start(CEL_PAGE(page), &order);
}

void cel_queue_page_show(CelQueuePage *page, CelExhibitIndex *index)
{
    cel_exhibit_index_ref(index);
    cel_exhibit_index_unref(page->index);
    page->index = index;
    refilter(page);
}

/* ---- reading, on the lab's lane ---- */

typedef struct {
    CelDesk *desk;
    CelExhibitIndex *index;
} Reading;

static void reading_free(gpointer data)
{
    Reading *reading = data;
    g_object_unref(reading->desk);
    cel_exhibit_index_unref(reading->index);
    g_free(reading);
}

static gboolean read_index(gpointer data, CelJob *job, GError **error)
{
    Reading *reading = data;
    CelLab *lab = cel_desk_lab(reading->desk);
    (void)job;
    if (lab == NULL) {
        reading->index = cel_exhibit_index_new();
        cel_exhibit_index_finish(reading->index);
        return TRUE;
    }
    reading->index = cel_exhibit_index_read(lab, error);
    return reading->index != NULL;
}

static void index_read(gpointer owner, gpointer data, const GError *error)
{
    CelQueuePage *page = owner;
    Reading *reading = data;
    cel_page_fail(CEL_PAGE(page), error);
    if (reading->index != NULL)
        cel_queue_page_show(page, reading->index);
}

static void reload(CelQueuePage *page)
{
    if (cel_page_desk(CEL_PAGE(page)) == NULL || !gtk_widget_get_mapped(GTK_WIDGET(page))) {
        page->stale = TRUE;
        return;
    }
    page->stale = FALSE;
    Reading *reading = g_new0(Reading, 1);
    reading->desk = g_object_ref(cel_page_desk(CEL_PAGE(page)));
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = read_index,
                                .done = index_read,
                                .data = reading,
                                .free = reading_free};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- order ---- */

static void set_sort(CelQueuePage *page, CelExhibitColumn column, gboolean descending)
{
    page->column = column;
    page->descending = descending;
    refilter(page);
}

static void sort_wanted(CelQueueList *list, guint column, gboolean descending, CelQueuePage *page)
{
    (void)list;
    set_sort(page, column, descending);
}

/* "0-up" */
static void act_sort(GtkWidget *widget, const char *name, GVariant *target)
{
    CelQueuePage *page = CEL_QUEUE_PAGE(widget);
    const char *how = g_variant_get_string(target, NULL);
    const guint column = (guint)(how[0] - '0');
    (void)name;
    if (column >= CEL_N_EXHIBIT_COLUMNS)
        return;
    cel_queue_list_show_sort(page->list, column, strstr(how, "down") != NULL);
    set_sort(page, column, strstr(how, "down") != NULL);
}

static void add_sort_item(GMenu *menu, guint column, const char *label, const char *direction)
{
    g_autofree char *action = g_strdup_printf("queue.sort('%u-%s')", column, direction);
    g_menu_append(menu, label, action);
}

static GMenuModel *make_sort_menu(void)
{
    static const char *const words[CEL_N_EXHIBIT_COLUMNS][2] = {
        [CEL_BY_EXHIBIT] = {N_("Exhibit number, rising"), N_("Exhibit number, falling")},
        [CEL_BY_DESCRIPTION] = {N_("Description, rising"), N_("Description, falling")},
        [CEL_BY_STATE] = {N_("State, from the scene on"), N_("State, from the end back")},
        [CEL_BY_AGE] = {N_("Latest change first"), N_("Longest unchanged first")},
        [CEL_BY_DEPARTMENT] = {N_("Sent by, rising"), N_("Sent by, falling")},
        [CEL_BY_HOLDER] = {N_("With, rising"), N_("With, falling")},
    };
    GMenu *menu = g_menu_new();
    for (guint c = 0; c < CEL_N_EXHIBIT_COLUMNS; c++) {
        add_sort_item(menu, c, _(words[c][0]), "up");
        add_sort_item(menu, c, _(words[c][1]), "down");
    }
    return G_MENU_MODEL(menu);
}

/* ---- what can be done ---- */

static CelRole role_of(CelQueuePage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    return desk != NULL ? cel_desk_facts(desk)->role : CEL_ROLE_NONE;
}

static gboolean fits_all(CelQueuePage *page, const CelDeskAct *act, const GtkBitset *positions)
{
    GtkBitsetIter iter;
    guint position = 0, n = 0;
    const CelRole role = role_of(page);
    for (gboolean more = gtk_bitset_iter_init_first(&iter, positions, &position);
         more && n < MOST_LOOKED_AT; more = gtk_bitset_iter_next(&iter, &position), n++)
        if (!cel_desk_act_fits(act, cel_exhibit_model_facts(page->model, position), role))
            return FALSE;
    return n > 0;
}

static void do_act(GtkButton *button, CelQueuePage *page)
{
    const CelDeskAct *act = g_object_get_data(G_OBJECT(button), "act");
    g_autoptr(GtkBitset) positions = cel_queue_list_selected(page->list);
    GPtrArray *exhibits = g_ptr_array_new_with_free_func(cel_act_exhibit_free);
    GtkBitsetIter iter;
    guint position = 0;
    for (gboolean more = gtk_bitset_iter_init_first(&iter, positions, &position);
         more && exhibits->len < MOST_IN_A_FORM; more = gtk_bitset_iter_next(&iter, &position))
        g_ptr_array_add(exhibits,
                        cel_act_exhibit_new(cel_exhibit_model_facts(page->model, position)));
    cel_act_form_show(CEL_PAGE(page), act, exhibits);
}

static void open_position(CelQueuePage *page, guint position)
{
    const CelExhibitFacts *facts = cel_exhibit_model_facts(page->model, position);
    g_autofree char *name = g_strjoin("/", facts->case_id, facts->item_id, NULL);
    cel_page_show(CEL_PAGE(page), "case", name, NULL);
}

static guint first_selected(CelQueuePage *page)
{
    g_autoptr(GtkBitset) positions = cel_queue_list_selected(page->list);
    return gtk_bitset_is_empty(positions) ? 0 : gtk_bitset_get_minimum(positions);
}

static void open_selected(CelQueuePage *page)
{
    open_position(page, first_selected(page));
}

static void measure(CelQueuePage *page)
{
    const CelExhibitFacts *facts = cel_exhibit_model_facts(page->model, first_selected(page));
    g_autofree char *name = g_strjoin("/", facts->case_id, facts->item_id, NULL);
    cel_page_show(CEL_PAGE(page), "path", name, NULL);
}

static gboolean can_measure(CelQueuePage *page)
{
    const CelExhibitFacts *facts = cel_exhibit_model_facts(page->model, first_selected(page));
    return (cel_right(CEL_ACT_ACQUIRE)->first & (1U << role_of(page))) != 0 &&
           cel_path_takes(CEL_PATH_LAB, facts->state);
}

static void show_label(CelQueuePage *page)
{
    const CelExhibitFacts *facts = cel_exhibit_model_facts(page->model, first_selected(page));
    cel_label_view_show(CEL_PAGE(page), facts->case_id, facts->item_id);
}

static GtkWidget *add_button(CelQueuePage *page, const char *icon, const char *title)
{
    GtkWidget *button = gtk_button_new();
    GtkWidget *content = adw_button_content_new();
    adw_button_content_set_icon_name(ADW_BUTTON_CONTENT(content), icon);
    adw_button_content_set_label(ADW_BUTTON_CONTENT(content), title);
    gtk_button_set_child(GTK_BUTTON(button), content);
    gtk_widget_set_tooltip_text(button, title);
    gtk_box_append(page->acts, button); /* called by the label of its content */
    return button;
}

static void add_acts(CelQueuePage *page, const GtkBitset *positions)
{
    gsize n = 0;
    const CelDeskAct *acts = cel_desk_acts(&n);
    for (gsize i = 0; i < n; i++) {
        if (!fits_all(page, &acts[i], positions))
            continue;
        GtkWidget *button = add_button(page, acts[i].icon, _(acts[i].title));
        g_object_set_data(G_OBJECT(button), "act", (gpointer)&acts[i]);
        g_signal_connect(button, "clicked", G_CALLBACK(do_act), page);
    }
}

static void refresh_bar(CelQueuePage *page)
{
    g_autoptr(GtkBitset) positions = cel_queue_list_selected(page->list);
    const guint n = (guint)gtk_bitset_get_size(positions);
    gtk_widget_set_visible(page->bar, n > 0);
    cel_room_empty(page->acts);
    if (n == 0)
        return;
    g_autofree char *text = g_strdup_printf(ngettext("%u selected", "%u selected", n), n);
    gtk_label_set_text(GTK_LABEL(page->bar_text), text);
    add_acts(page, positions);
    if (n > 1)
        return;
    if (can_measure(page))
        g_signal_connect_swapped(add_button(page, "find-location-symbolic", _("Measure it")),
                                 "clicked", G_CALLBACK(measure), page);
    g_signal_connect_swapped(add_button(page, "folder-open-symbolic", _("Open the case")),
                             "clicked", G_CALLBACK(open_selected), page);
    g_signal_connect_swapped(add_button(page, "printer-symbolic", _("Label")), "clicked",
                             G_CALLBACK(show_label), page);
}

static void receive_new(CelQueuePage *page)
{
    cel_act_form_show(CEL_PAGE(page), cel_desk_act(CEL_ACT_RECEIVE),
                      g_ptr_array_new_with_free_func(cel_act_exhibit_free));
}

/* What was asked for before goes by what was selected before. */
static void chosen(CelQueuePage *page)
{
    refresh_bar(page);
    if (page->asked != page->answered)
        refilter(page);
}

static void opened(CelQueueList *list, guint position, CelQueuePage *page)
{
    (void)list;
    open_position(page, position);
}

/* A scanner types the code and Enter: what stands alone is opened. */
static void search_entered(CelQueuePage *page)
{
    if (cel_exhibit_model_size(page->model) == 1)
        open_position(page, 0);
    else
        gtk_widget_child_focus(GTK_WIDGET(page->list), GTK_DIR_TAB_FORWARD);
}

static void clear_filters(CelQueuePage *page)
{
    for (gsize i = 0; i < G_N_ELEMENTS(chips); i++)
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(page->chips[i]), FALSE);
    gtk_editable_set_text(GTK_EDITABLE(page->search), "");
    refilter(page);
}

/* ---- the page ---- */

static void desk_changed(CelQueuePage *page)
{
    gtk_widget_set_visible(page->receive,
                           cel_desk_act_fits(cel_desk_act(CEL_ACT_RECEIVE), NULL, role_of(page)));
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelQueuePage *page = CEL_QUEUE_PAGE(base);
    (void)thing;
    if (page->desk == NULL) {
        page->desk = g_object_ref(cel_page_desk(base));
        g_signal_connect_object(page->desk, "lab-changed", G_CALLBACK(reload), page,
                                G_CONNECT_SWAPPED);
        g_signal_connect_object(page->desk, "changed", G_CALLBACK(desk_changed), page,
                                G_CONNECT_SWAPPED);
    }
    if (what != NULL)
        gtk_editable_set_text(GTK_EDITABLE(page->search), what);
    desk_changed(page);
    reload(page);
}

static void mapped(CelQueuePage *page)
{
    if (page->stale)
        reload(page);
}

static void take_drop(gpointer owner, GPtrArray *paths)
{
    CelQueuePage *page = owner;
    if (paths->len == 1 && g_str_has_suffix(g_ptr_array_index(paths, 0), ".cel.h5"))
        cel_page_show(CEL_PAGE(page), "archive", g_ptr_array_index(paths, 0), NULL);
    else
        cel_page_say(CEL_PAGE(page), _("Drop sealed files on “Archive”, measurements on “Files”; "
                                       "photos are added in the form of an act."));
}

static void cel_queue_page_dispose(GObject *object)
{
    CelQueuePage *page = CEL_QUEUE_PAGE(object);
    g_clear_object(&page->desk);
    g_clear_object(&page->model);
    g_clear_pointer(&page->index, cel_exhibit_index_unref);
    G_OBJECT_CLASS(cel_queue_page_parent_class)->dispose(object);
}

static void cel_queue_page_class_init(CelQueuePageClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_queue_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
    gtk_widget_class_install_action(GTK_WIDGET_CLASS(klass), "queue.sort", "s", act_sort);
}

static GtkWidget *make_top(CelQueuePage *page)
{
    GtkWidget *top = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    g_autoptr(GMenuModel) menu = make_sort_menu();
    gtk_widget_add_css_class(top, "room-bar");
    page->search = gtk_search_entry_new();
    page->sort = gtk_menu_button_new();
    page->receive = gtk_button_new_with_label(_("Receive an exhibit…"));
    gtk_widget_set_hexpand(page->search, TRUE);
    gtk_search_entry_set_search_delay(GTK_SEARCH_ENTRY(page->search), SEARCH_DELAY_MS);
    g_object_set(page->search, "placeholder-text", _("Number, seal, words or code"), NULL);
    gtk_widget_set_tooltip_text(page->search, _("Number, seal, words or code"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Search exhibits"), -1);
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(page->sort), "view-sort-descending-symbolic");
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(page->sort), menu);
    gtk_widget_set_tooltip_text(page->sort, _("Order"));
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->sort), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Order"), -1);
    gtk_widget_add_css_class(page->receive, "suggested-action");
    gtk_box_append(GTK_BOX(top), page->search);
    gtk_box_append(GTK_BOX(top), page->sort);
    gtk_box_append(GTK_BOX(top), page->receive);
    g_signal_connect_swapped(page->search, "search-changed", G_CALLBACK(refilter), page);
    g_signal_connect_swapped(page->search, "activate", G_CALLBACK(search_entered), page);
    g_signal_connect_swapped(page->receive, "clicked", G_CALLBACK(receive_new), page);
    return top;
}

static GtkWidget *make_chips(CelQueuePage *page)
{
    GtkBox *line = NULL;
    GtkWidget *scrolled = cel_room_line(&line);
    for (gsize i = 0; i < G_N_ELEMENTS(chips); i++) {
        page->chips[i] = gtk_toggle_button_new_with_label(_(chips[i].title));
        gtk_widget_add_css_class(page->chips[i], "chip");
        gtk_box_append(line, page->chips[i]);
        g_signal_connect_swapped(page->chips[i], "toggled", G_CALLBACK(refilter), page);
    }
    return scrolled;
}

static GtkWidget *make_status(const char *icon, const char *title, const char *text)
{
    GtkWidget *status = adw_status_page_new();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), icon);
    adw_status_page_set_title(ADW_STATUS_PAGE(status), title);
    adw_status_page_set_description(ADW_STATUS_PAGE(status), text);
    gtk_widget_add_css_class(status, "compact");
    return status;
}

static GtkWidget *make_stack(CelQueuePage *page)
{
    GtkWidget *spinner = gtk_spinner_new();
    GtkWidget *none = make_status("edit-find-symbolic", _("No exhibit fits"),
                                  _("Search for less, or switch filters off."));
    GtkWidget *all = gtk_button_new_with_label(_("Show all"));
    page->stack = gtk_stack_new();
    cel_heard_stack(GTK_STACK(page->stack));
    page->list = CEL_QUEUE_LIST(cel_queue_list_new(page->model));
    gtk_widget_set_halign(all, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(all, "pill");
    adw_status_page_set_child(ADW_STATUS_PAGE(none), all);
    gtk_spinner_start(GTK_SPINNER(spinner));
    gtk_stack_add_named(GTK_STACK(page->stack), spinner, "reading");
    gtk_stack_add_named(GTK_STACK(page->stack), GTK_WIDGET(page->list), "list");
    gtk_stack_add_named(GTK_STACK(page->stack), none, "no-match");
    gtk_stack_add_named(GTK_STACK(page->stack),
                        make_status("package-x-generic-symbolic", _("No exhibits yet"),
                                    _("What officers hand in, and what you receive, stands here.")),
                        "nothing");
    gtk_widget_set_vexpand(page->stack, TRUE);
    g_signal_connect(page->list, "sort-wanted", G_CALLBACK(sort_wanted), page);
    g_signal_connect(page->list, "opened", G_CALLBACK(opened), page);
    g_signal_connect_swapped(page->list, "chosen", G_CALLBACK(chosen), page);
    g_signal_connect_swapped(all, "clicked", G_CALLBACK(clear_filters), page);
    return page->stack;
}

static GtkWidget *make_bar(CelQueuePage *page)
{
    page->bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    page->bar_text = gtk_label_new(NULL);
    GtkWidget *line = cel_room_line(&page->acts);
    gtk_widget_add_css_class(page->bar, "room-bar");
    gtk_widget_add_css_class(page->bar, "room-acts");
    gtk_widget_add_css_class(page->bar_text, "heading");
    gtk_box_append(GTK_BOX(page->bar), page->bar_text);
    gtk_box_append(GTK_BOX(page->bar), line);
    gtk_widget_set_visible(page->bar, FALSE);
    return page->bar;
}

static void cel_queue_page_init(CelQueuePage *page)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *second = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    page->model = cel_exhibit_model_new();
    page->column = CEL_BY_AGE;
    page->count = gtk_label_new(NULL);
    gtk_widget_add_css_class(page->count, "dim-label");
    gtk_widget_add_css_class(page->count, "numeric");
    gtk_widget_add_css_class(second, "room-bar");
    gtk_widget_add_css_class(second, "room-chips");
    gtk_box_append(GTK_BOX(box), make_top(page));
    gtk_box_append(GTK_BOX(second), make_chips(page));
    gtk_box_append(GTK_BOX(second), page->count);
    gtk_box_append(GTK_BOX(box), second);
    gtk_box_append(GTK_BOX(box), make_stack(page));
    gtk_box_append(GTK_BOX(box), make_bar(page));
    adw_bin_set_child(ADW_BIN(page), box);
    cel_queue_list_show_sort(page->list, page->column, FALSE);
    gtk_search_entry_set_key_capture_widget(GTK_SEARCH_ENTRY(page->search), GTK_WIDGET(page->list));
    g_signal_connect(page, "map", G_CALLBACK(mapped), NULL);
    cel_room_take_drops(GTK_WIDGET(page), take_drop, page);
}

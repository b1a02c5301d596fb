/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-review-page.h"

#include "desk/cel-review-panel.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>

enum { LIST_PX = 280, PANEL_PX = 330 };

struct _CelReviewPage {
    CelPage parent;
    AdwLeaflet *leaflet;
    GtkWidget *list, *none, *panel, *right, *back;
    CelDesk *desk;
    char *wanted; /* file to be shown once the list is read */
};

G_DEFINE_FINAL_TYPE(CelReviewPage, cel_review_page, CEL_TYPE_PAGE)

static GtkWidget *item_row(const CelReviewItem *item)
{
    g_autofree char *title = g_strdup_printf("%s/%s", item->case_id, item->item_id);
    g_autofree char *when = cel_ui_time(item->sealed_us);
    g_autofree char *about =
        g_strdup_printf(_("%s\nsealed %s"), cel_review_state_words(item->state), when);
    static const char *const icons[CEL_N_REVIEW_STATES] = {
        [CEL_REVIEW_WAITS] = "view-reveal-symbolic",
        [CEL_REVIEW_OWN] = "avatar-default-symbolic",
        [CEL_REVIEW_DISAGREES] = "dialog-warning-symbolic",
        [CEL_REVIEW_BLOCKED] = "content-loading-symbolic",
        [CEL_REVIEW_READY] = "object-select-symbolic",
    };
    GtkWidget *row = cel_room_row(title, about);
    adw_action_row_add_prefix(ADW_ACTION_ROW(row),
                              gtk_image_new_from_icon_name(icons[item->state]));
    gtk_widget_set_name(row, item->fid);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    return row;
}

static void show_file(CelReviewPage *page, const char *fid)
{
    cel_review_panel_show(CEL_REVIEW_PANEL(page->panel), fid);
    adw_leaflet_set_visible_child(page->leaflet, page->right);
}

static void row_chosen(GtkListBox *list, GtkListBoxRow *row, CelReviewPage *page)
{
    (void)list;
    show_file(page, gtk_widget_get_name(GTK_WIDGET(row)));
}

static void list_read(gpointer owner, gpointer data, const GError *error)
{
    CelReviewPage *page = owner;
    const CelReviewList *list = data;
    cel_page_fail(CEL_PAGE(page), error);
    if (error != NULL)
        return;
    cel_room_clear(GTK_LIST_BOX(page->list));
    for (guint i = 0; i < list->items->len; i++)
        gtk_list_box_append(GTK_LIST_BOX(page->list), item_row(g_ptr_array_index(list->items, i)));
    gtk_widget_set_visible(page->list, list->items->len > 0);
    gtk_widget_set_visible(page->none, list->items->len == 0);
    if (page->wanted != NULL)
        show_file(page, page->wanted);
    g_clear_pointer(&page->wanted, g_free);
}

static void read_anew(CelReviewPage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    if (desk == NULL || !gtk_widget_get_mapped(GTK_WIDGET(page)))
        return;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Looking for reviews"),
                                .run = cel_review_list_read,
                                .done = list_read,
                                .data = cel_review_list_new(desk),
                                .free = cel_review_list_free};
    cel_page_start(CEL_PAGE(page), &order);
}

static void go_back(CelReviewPage *page)
{
    adw_leaflet_navigate(page->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void folded(CelReviewPage *page)
{
    gtk_widget_set_visible(page->back, adw_leaflet_get_folded(page->leaflet));
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelReviewPage *page = CEL_REVIEW_PAGE(base);
    (void)thing;
    if (page->desk == NULL) {
        page->desk = g_object_ref(cel_page_desk(base));
        g_signal_connect_object(page->desk, "lab-changed", G_CALLBACK(read_anew), page,
                                G_CONNECT_SWAPPED);
    }
    if (what != NULL) {
        g_free(page->wanted);
        page->wanted = g_strdup(what);
    }
    read_anew(page);
}

static void cel_review_page_dispose(GObject *object)
{
    CelReviewPage *page = CEL_REVIEW_PAGE(object);
    g_clear_object(&page->desk);
    g_clear_pointer(&page->wanted, g_free);
    G_OBJECT_CLASS(cel_review_page_parent_class)->dispose(object);
}

static void cel_review_page_class_init(CelReviewPageClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_review_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
}

static GtkWidget *make_list(CelReviewPage *page)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    page->list = cel_room_list(_("Sealed results"));
    page->none = cel_room_note(_("No sealed result waits for its review or its release."));
    gtk_widget_add_css_class(box, "room-page");
    gtk_widget_set_visible(page->none, FALSE);
    gtk_box_append(GTK_BOX(box), cel_room_heading(_("On the way to a report")));
    gtk_box_append(GTK_BOX(box), page->list);
    gtk_box_append(GTK_BOX(box), page->none);
    g_signal_connect(page->list, "row-activated", G_CALLBACK(row_chosen), page);
    GtkWidget *scrolled = cel_room_scrolled(box, 600);
    gtk_widget_set_size_request(scrolled, LIST_PX, -1);
    gtk_widget_set_hexpand(scrolled, FALSE);
    return scrolled;
}

static void cel_review_page_init(CelReviewPage *page)
{
    GtkWidget *leaflet = adw_leaflet_new();
    page->right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    page->leaflet = ADW_LEAFLET(leaflet);
    page->panel = cel_review_panel_new(CEL_PAGE(page));
    page->back = cel_room_back_button(_("All results"));
    gtk_widget_set_size_request(page->right, PANEL_PX, -1);
    gtk_widget_set_hexpand(page->right, TRUE);
    gtk_widget_set_vexpand(page->panel, TRUE);
    gtk_box_append(GTK_BOX(page->right), page->back);
    gtk_box_append(GTK_BOX(page->right), page->panel);
    adw_leaflet_append(page->leaflet, make_list(page));
    adw_leaflet_page_set_navigatable(
        adw_leaflet_append(page->leaflet, gtk_separator_new(GTK_ORIENTATION_VERTICAL)), FALSE);
    adw_leaflet_append(page->leaflet, page->right);
    adw_bin_set_child(ADW_BIN(page), leaflet);
    g_signal_connect_swapped(page->back, "clicked", G_CALLBACK(go_back), page);
    g_signal_connect_swapped(leaflet, "notify::folded", G_CALLBACK(folded), page);
    folded(page);
}

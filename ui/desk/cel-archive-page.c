/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-archive-page.h"

#include "cel-heard.h"
#include "desk/cel-archive-panel.h"
#include "desk/cel-archive-work.h"
#include "desk/cel-bundle-panel.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { LIST_PX = 280, PANEL_PX = 330, MOST_LISTED = 100 };

#define EXPORT_WISH "export:"

struct _CelArchivePage {
    CelPage parent;
    AdwLeaflet *leaflet;
    GtkWidget *search, *list, *note, *right, *back, *panels, *file, *bundle;
    CelSealedList *read; /* (nullable) */
    CelDesk *desk;
};

G_DEFINE_FINAL_TYPE(CelArchivePage, cel_archive_page, CEL_TYPE_PAGE)

/* ---- the list ---- */

static GtkWidget *item_row(const CelSealedItem *item)
{
    g_autofree char *title = *item->case_id != '\0'
                                 ? g_strdup_printf("%s/%s", item->case_id, item->item_id)
                                 : g_strdup(_("A sealed object"));
    g_autofree char *when = cel_ui_time(item->sealed_us);
    g_autofree char *about = g_strdup_printf("%s · %.8s", when, item->fid);
    const gboolean whole = strcmp(item->state, "complete") == 0;
    GtkWidget *row = cel_room_row(title, whole ? about : _("the seal was not completed"));
    gtk_widget_set_name(row, item->fid);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), whole);
    return row;
}

static gboolean item_fits(const CelSealedItem *item, const char *folded)
{
    g_autofree char *all = g_strjoin("/", item->case_id, item->item_id, item->fid, NULL);
    g_autofree char *searched = g_utf8_casefold(all, -1);
    return strstr(searched, folded) != NULL;
}

static void fill_list(CelArchivePage *page)
{
    g_autofree char *folded =
        g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(page->search)), -1);
    const GPtrArray *items = page->read != NULL ? page->read->items : NULL;
    guint n = 0, fitting = 0;
    cel_room_clear(GTK_LIST_BOX(page->list));
    for (guint i = 0; items != NULL && i < items->len; i++) {
        const CelSealedItem *item = g_ptr_array_index(items, i);
        if (!item_fits(item, folded) || ++fitting > MOST_LISTED)
            continue;
        gtk_list_box_append(GTK_LIST_BOX(page->list), item_row(item));
        n++;
    }
    gtk_widget_set_visible(page->list, n > 0);
    gtk_label_set_text(GTK_LABEL(page->note),
                       n == 0        ? _("No sealed file fits.")
                       : fitting > n ? _("Only the newest are listed; search for others.")
                                     : "");
    gtk_widget_set_visible(page->note, n == 0 || fitting > n);
}

static void list_read(gpointer owner, gpointer data, const GError *error)
{
    CelArchivePage *page = owner;
    CelSealedList *list = data;
    cel_page_fail(CEL_PAGE(page), error);
    if (error != NULL)
        return;
    cel_sealed_list_free(page->read);
    page->read = cel_sealed_list_new(list->desk);
    GPtrArray *items = page->read->items;
    page->read->items = list->items;
    list->items = items;
    fill_list(page);
}

static void read_anew(CelArchivePage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    if (desk == NULL || !gtk_widget_get_mapped(GTK_WIDGET(page)))
        return;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = cel_sealed_list_read,
                                .done = list_read,
                                .data = cel_sealed_list_new(desk),
                                .free = cel_sealed_list_free};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- showing ---- */

static void show_file(CelArchivePage *page, const char *what)
{
    gtk_stack_set_visible_child(GTK_STACK(page->panels), page->file);
    cel_archive_panel_show(CEL_ARCHIVE_PANEL(page->file), what);
    adw_leaflet_set_visible_child(page->leaflet, page->right);
}

static void show_bundle(CelArchivePage *page, const char *path)
{
    gtk_stack_set_visible_child(GTK_STACK(page->panels), page->bundle);
    cel_bundle_panel_show(CEL_BUNDLE_PANEL(page->bundle), path);
    adw_leaflet_set_visible_child(page->leaflet, page->right);
}

static void row_chosen(GtkListBox *list, GtkListBoxRow *row, CelArchivePage *page)
{
    (void)list;
    if (gtk_list_box_row_get_activatable(row))
        show_file(page, gtk_widget_get_name(GTK_WIDGET(row)));
}

/* ---- what is dropped ---- */

CelDropKind cel_archive_drop_kind(const GPtrArray *paths)
{
    if (paths->len != 1)
        return paths->len == 0 ? CEL_DROP_NOTHING : CEL_DROP_MANY;
    const char *path = g_ptr_array_index(paths, 0);
    if (g_str_has_suffix(path, ".zip") || g_file_test(path, G_FILE_TEST_IS_DIR))
        return CEL_DROP_BUNDLE;
    return g_str_has_suffix(path, ".h5") || g_str_has_suffix(path, ".cal") ? CEL_DROP_SEALED
                                                                           : CEL_DROP_OTHER;
}

void cel_archive_page_drop(CelArchivePage *page, GPtrArray *paths)
{
    g_autofree char *name =
        paths->len > 0 ? g_path_get_basename(g_ptr_array_index(paths, 0)) : NULL;
    g_autofree char *other = g_strdup_printf(
        _("“%s” is no sealed file. Measurements are opened on “Files”, libraries on “Reference "
          "libraries”."),
        name != NULL ? name : "");
    g_autofree char *many = g_strdup_printf(_("%u files were dropped; here one is looked at at a "
                                              "time. Many measurements go to “Files”; "
                                              "many sealed files to “celadon verify”."),
                                            paths->len);
    switch (cel_archive_drop_kind(paths)) {
    case CEL_DROP_SEALED:
        show_file(page, g_ptr_array_index(paths, 0));
        break;
    case CEL_DROP_BUNDLE:
        show_bundle(page, g_ptr_array_index(paths, 0));
        break;
    case CEL_DROP_MANY:
        cel_page_say(CEL_PAGE(page), many);
        break;
    case CEL_DROP_OTHER:
        cel_page_say(CEL_PAGE(page), other);
        break;
    case CEL_DROP_NOTHING:
        cel_page_say(CEL_PAGE(page), _("What was dropped is no file of this computer."));
        break;
    }
}

static void take_drop(gpointer owner, GPtrArray *paths)
{
    cel_archive_page_drop(owner, paths);
}

/* ---- choosing ---- */

static void file_chosen(gpointer owner, const char *path)
{
    show_file(owner, path);
}

static void bundle_chosen(gpointer owner, const char *path)
{
    show_bundle(owner, path);
}

static void choose_file(CelArchivePage *page)
{
    const CelRoomChoice choice = {.title = _("Open a sealed file"),
                                  .accept = _("Verify"),
                                  .action = GTK_FILE_CHOOSER_ACTION_OPEN,
                                  .chosen = file_chosen};
    cel_room_choose(GTK_WIDGET(page), &choice);
}

static void choose_bundle(CelArchivePage *page, GtkFileChooserAction action)
{
    const CelRoomChoice choice = {.title = _("Import a case bundle"),
                                  .accept = _("Check"),
                                  .action = action,
                                  .chosen = bundle_chosen};
    cel_room_choose(GTK_WIDGET(page), &choice);
}

static void choose_zip(CelArchivePage *page)
{
    choose_bundle(page, GTK_FILE_CHOOSER_ACTION_OPEN);
}

static void choose_folder(CelArchivePage *page)
{
    choose_bundle(page, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER);
}

/* ---- the page ---- */

static void go_back(CelArchivePage *page)
{
    adw_leaflet_navigate(page->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void folded(CelArchivePage *page)
{
    gtk_widget_set_visible(page->back, adw_leaflet_get_folded(page->leaflet));
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelArchivePage *page = CEL_ARCHIVE_PAGE(base);
    (void)thing;
    if (page->desk == NULL) {
        page->desk = g_object_ref(cel_page_desk(base));
        g_signal_connect_object(page->desk, "lab-changed", G_CALLBACK(read_anew), page,
                                G_CONNECT_SWAPPED);
    }
    if (what != NULL && g_str_has_prefix(what, EXPORT_WISH))
        cel_bundle_export_ask(base, what + strlen(EXPORT_WISH));
    else if (what != NULL &&
             (g_str_has_suffix(what, ".zip") || g_file_test(what, G_FILE_TEST_IS_DIR)))
        show_bundle(page, what);
    else if (what != NULL)
        show_file(page, what);
    read_anew(page);
}

static void cel_archive_page_dispose(GObject *object)
{
    CelArchivePage *page = CEL_ARCHIVE_PAGE(object);
    g_clear_object(&page->desk);
    g_clear_pointer(&page->read, cel_sealed_list_free);
    G_OBJECT_CLASS(cel_archive_page_parent_class)->dispose(object);
}

static void cel_archive_page_class_init(CelArchivePageClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_archive_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
}

static void add_button(CelArchivePage *page, GtkWidget *box, const char *label,
                       void (*clicked)(CelArchivePage *))
{
    GtkWidget *button = gtk_button_new_with_label(label);
    gtk_box_append(GTK_BOX(box), button);
    g_signal_connect_swapped(button, "clicked", G_CALLBACK(clicked), page);
}

static GtkWidget *make_list(CelArchivePage *page)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    page->search = gtk_search_entry_new();
    page->list = cel_room_list(_("Sealed files"));
    page->note = cel_room_note("");
    g_object_set(page->search, "placeholder-text", _("Case, exhibit or file"), NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Search sealed files"), -1);
    gtk_widget_add_css_class(box, "room-page");
    gtk_box_append(GTK_BOX(box), page->search);
    gtk_box_append(GTK_BOX(box), page->list);
    gtk_box_append(GTK_BOX(box), page->note);
    add_button(page, box, _("Open a sealed file…"), choose_file);
    add_button(page, box, _("Import a bundle, zip file…"), choose_zip);
    add_button(page, box, _("Import a bundle, folder…"), choose_folder);
    g_signal_connect(page->list, "row-activated", G_CALLBACK(row_chosen), page);
    g_signal_connect_swapped(page->search, "search-changed", G_CALLBACK(fill_list), page);
    GtkWidget *scrolled = cel_room_scrolled(box, 600);
    gtk_widget_set_size_request(scrolled, LIST_PX, -1);
    gtk_widget_set_hexpand(scrolled, FALSE);
    return scrolled;
}

static void cel_archive_page_init(CelArchivePage *page)
{
    GtkWidget *leaflet = adw_leaflet_new();
    page->leaflet = ADW_LEAFLET(leaflet);
    page->right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    page->panels = gtk_stack_new();
    cel_heard_stack(GTK_STACK(page->panels));
    page->file = cel_archive_panel_new(CEL_PAGE(page));
    page->bundle = cel_bundle_panel_new(CEL_PAGE(page));
    page->back = cel_room_back_button(_("All files"));
    gtk_stack_add_child(GTK_STACK(page->panels), page->file);
    gtk_stack_add_child(GTK_STACK(page->panels), page->bundle);
    gtk_widget_set_size_request(page->right, PANEL_PX, -1);
    gtk_widget_set_hexpand(page->right, TRUE);
    gtk_widget_set_vexpand(page->panels, TRUE);
    gtk_box_append(GTK_BOX(page->right), page->back);
    gtk_box_append(GTK_BOX(page->right), page->panels);
    adw_leaflet_append(page->leaflet, make_list(page));
    adw_leaflet_page_set_navigatable(
        adw_leaflet_append(page->leaflet, gtk_separator_new(GTK_ORIENTATION_VERTICAL)), FALSE);
    adw_leaflet_append(page->leaflet, page->right);
    adw_bin_set_child(ADW_BIN(page), leaflet);
    g_signal_connect_swapped(page->back, "clicked", G_CALLBACK(go_back), page);
    g_signal_connect_swapped(leaflet, "notify::folded", G_CALLBACK(folded), page);
    folded(page);
    cel_room_take_drops(GTK_WIDGET(page), take_drop, page);
}

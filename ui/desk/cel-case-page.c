/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-case-page.h"

#include "cel-heard.h"
#include "desk/cel-case-parts.h"
#include "desk/cel-room.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MOST_LISTED = 100, WIDTH = 960 };

/** Part: one tab of a case. */
typedef enum { EXHIBITS, HISTORY, PHOTOS, FILES, DEVIATIONS, N_PARTS } Part;

struct _CelCasePage {
    CelPage parent;
    GtkWidget *stack;                        /* "cases" or "case" */
    GtkWidget *tabs, *search, *cases, *more; /* of all cases */
    GtkBox *figures;
    GtkWidget *case_tabs;
    GtkBox *head, *parts[N_PARTS];
    GPtrArray *rows; /* the cases read last */
    char *what;      /* the case in view, NULL: all */
    CelDesk *desk;
};

G_DEFINE_FINAL_TYPE(CelCasePage, cel_case_page, CEL_TYPE_PAGE)

static void read_anew(CelCasePage *page);

/* ---- all cases ---- */

static GtkWidget *case_row(JsonObject *row)
{
    const char *title = cel_row_text(row, "title");
    g_autofree char *received = cel_ui_time(cel_row_number(row, "received_us"));
    g_autofree char *name = g_strdup_printf("%s  %s", cel_row_text(row, "case_id"), title);
    g_autofree char *sender = g_strstrip(g_strjoin(" ", cel_row_text(row, "customer_dept"),
                                                   cel_row_text(row, "customer_person"), NULL));
    g_autofree char *about = g_strjoin(*sender != '\0' ? " · " : "", sender,
                                       *received != '\0' ? received : _("not received yet"), NULL);
    GtkWidget *made = cel_room_row(name, about);
    gtk_widget_set_name(made, cel_row_text(row, "case_id"));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(made), TRUE);
    adw_action_row_add_suffix(ADW_ACTION_ROW(made),
                              gtk_image_new_from_icon_name("go-next-symbolic"));
    return made;
}

static gboolean case_fits(JsonObject *row, const char *folded)
{
    g_autofree char *all =
        g_strjoin("\n", cel_row_text(row, "case_id"), cel_row_text(row, "title"),
                  cel_row_text(row, "customer_dept"), cel_row_text(row, "customer_person"), NULL);
    g_autofree char *searched = g_utf8_casefold(all, -1);
    return strstr(searched, folded) != NULL;
}

static void list_cases(CelCasePage *page)
{
    g_autofree char *folded =
        g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(page->search)), -1);
    guint n = 0, fitting = 0;
    cel_room_clear(GTK_LIST_BOX(page->cases));
    for (guint i = 0; page->rows != NULL && i < page->rows->len; i++) {
        JsonObject *row = g_ptr_array_index(page->rows, i);
        if (!case_fits(row, folded))
            continue;
        if (++fitting <= MOST_LISTED) {
            gtk_list_box_append(GTK_LIST_BOX(page->cases), case_row(row));
            n++;
        }
    }
    const char *text = n == 0        ? _("No case fits. Type its whole number and press Enter to "
                                                "open any other.")
                       : fitting > n ? _("Only the newest are listed. Search, or type a case "
                                         "number and press Enter.")
                                     : "";
    gtk_widget_set_visible(page->cases, n > 0);
    gtk_label_set_text(GTK_LABEL(page->more), text);
    gtk_widget_set_visible(page->more, *text != '\0');
}

static void show_case(CelCasePage *page, const char *what)
{
    g_free(page->what);
    page->what = g_strdup(what);
    read_anew(page);
}

static void case_chosen(GtkListBox *list, GtkListBoxRow *row, CelCasePage *page)
{
    (void)list;
    show_case(page, gtk_widget_get_name(GTK_WIDGET(row)));
}

static void case_typed(CelCasePage *page)
{
    g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(GTK_EDITABLE(page->search))));
    GtkListBoxRow *first = gtk_list_box_get_row_at_index(GTK_LIST_BOX(page->cases), 0);
    const gboolean one =
        first != NULL && gtk_list_box_get_row_at_index(GTK_LIST_BOX(page->cases), 1) == NULL;
    if (one)
        show_case(page, gtk_widget_get_name(GTK_WIDGET(first)));
    else if (*text != '\0')
        show_case(page, text);
}

static void cases_read(gpointer owner, gpointer data, const GError *error)
{
    CelCasePage *page = owner;
    CelCasesView *view = data;
    cel_page_fail(CEL_PAGE(page), error);
    if (error != NULL)
        return;
    g_clear_pointer(&page->rows, g_ptr_array_unref);
    page->rows = g_steal_pointer(&view->cases);
    cel_head_parts_figures(page->figures, view);
    list_cases(page);
    gtk_stack_set_visible_child_name(GTK_STACK(page->stack), "cases");
}

/* ---- one case ---- */

static void case_read(gpointer owner, gpointer data, const GError *error)
{
    CelCasePage *page = owner;
    const CelCaseView *view = data;
    if (error != NULL) {
        cel_page_fail(CEL_PAGE(page), error);
        g_clear_pointer(&page->what, g_free);
        read_anew(page);
        return;
    }
    cel_case_parts_head(page->head, view);
    cel_case_parts_exhibits(page->parts[EXHIBITS], view, CEL_PAGE(page));
    cel_case_parts_history(page->parts[HISTORY], view);
    cel_case_parts_photos(page->parts[PHOTOS], view);
    cel_case_parts_files(page->parts[FILES], view, CEL_PAGE(page));
    cel_case_parts_deviations(page->parts[DEVIATIONS], view);
    gtk_stack_set_visible_child_name(GTK_STACK(page->stack), "case");
}

static void read_anew(CelCasePage *page)
{
    CelDesk *desk = cel_page_desk(CEL_PAGE(page));
    if (desk == NULL || !gtk_widget_get_mapped(GTK_WIDGET(page)))
        return;
    const CelTaskOrder one = {.lane = CEL_LANE_LAB,
                              .title = _("Reading the case"),
                              .run = cel_case_view_read,
                              .done = case_read,
                              .data =
                                  page->what != NULL ? cel_case_view_new(desk, page->what) : NULL,
                              .free = cel_case_view_free};
    const CelTaskOrder all = {.lane = CEL_LANE_LAB,
                              .run = cel_cases_view_read,
                              .done = cases_read,
                              .data = page->what == NULL ? cel_cases_view_new(desk) : NULL,
                              .free = cel_cases_view_free};
    cel_page_start(CEL_PAGE(page), page->what != NULL ? &one : &all);
}

static void show_all(CelCasePage *page)
{
    g_clear_pointer(&page->what, g_free);
    read_anew(page);
}

static void export_case(CelCasePage *page)
{
    g_auto(GStrv) parts = g_strsplit(page->what != NULL ? page->what : "", "/", 2);
    g_autofree char *wish = g_strconcat("export:", parts[0] != NULL ? parts[0] : "", NULL);
    cel_page_show(CEL_PAGE(page), "archive", wish, NULL);
}

/* ---- the page ---- */

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelCasePage *page = CEL_CASE_PAGE(base);
    (void)thing;
    if (page->desk == NULL) {
        page->desk = g_object_ref(cel_page_desk(base));
        g_signal_connect_object(page->desk, "lab-changed", G_CALLBACK(read_anew), page,
                                G_CONNECT_SWAPPED);
    }
    if (what != NULL) {
        g_free(page->what);
        page->what = g_strdup(what);
    }
    read_anew(page);
}

static void cel_case_page_dispose(GObject *object)
{
    CelCasePage *page = CEL_CASE_PAGE(object);
    g_clear_object(&page->desk);
    g_clear_pointer(&page->rows, g_ptr_array_unref);
    g_clear_pointer(&page->what, g_free);
    G_OBJECT_CLASS(cel_case_page_parent_class)->dispose(object);
}

static void cel_case_page_class_init(CelCasePageClass *klass)
{
    G_OBJECT_CLASS(klass)->dispose = cel_case_page_dispose;
    CEL_PAGE_CLASS(klass)->open = open_page;
}

static GtkBox *part_box(void)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    gtk_widget_add_css_class(box, "room-page");
    return GTK_BOX(box);
}

static GtkWidget *make_switcher(GtkWidget *stack)
{
    GtkWidget *switcher = adw_view_switcher_new();
    adw_view_switcher_set_stack(ADW_VIEW_SWITCHER(switcher), ADW_VIEW_STACK(stack));
    adw_view_switcher_set_policy(ADW_VIEW_SWITCHER(switcher), ADW_VIEW_SWITCHER_POLICY_NARROW);
    gtk_widget_add_css_class(switcher, "room-tabs");
    return switcher;
}

static GtkWidget *make_cases(CelCasePage *page)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkBox *inside = part_box();
    page->tabs = adw_view_stack_new();
    page->figures = part_box();
    page->search = gtk_search_entry_new();
    page->cases = cel_room_list(_("Cases"));
    page->more = cel_room_note("");
    g_object_set(page->search, "placeholder-text", _("Number, title or department"), NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(page->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Search cases"), -1);
    gtk_box_append(inside, page->search);
    gtk_box_append(inside, page->cases);
    gtk_box_append(inside, page->more);
    adw_view_stack_add_titled_with_icon(ADW_VIEW_STACK(page->tabs),
                                        cel_room_scrolled(GTK_WIDGET(inside), WIDTH), "cases",
                                        _("Cases"), "folder-symbolic");
    adw_view_stack_add_titled_with_icon(ADW_VIEW_STACK(page->tabs),
                                        cel_room_scrolled(GTK_WIDGET(page->figures), WIDTH),
                                        "figures", _("Figures"), "x-office-spreadsheet-symbolic");
    gtk_box_append(GTK_BOX(box), make_switcher(page->tabs));
    gtk_box_append(GTK_BOX(box), page->tabs);
    gtk_widget_set_vexpand(page->tabs, TRUE);
    g_signal_connect(page->cases, "row-activated", G_CALLBACK(case_chosen), page);
    g_signal_connect_swapped(page->search, "search-changed", G_CALLBACK(list_cases), page);
    g_signal_connect_swapped(page->search, "activate", G_CALLBACK(case_typed), page);
    return box;
}

static GtkWidget *make_head(CelCasePage *page)
{
    GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *all = cel_room_icon_button("view-list-symbolic", _("All cases"));
    GtkWidget *out = gtk_button_new_with_label(_("Export…"));
    page->head = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 3));
    gtk_widget_set_hexpand(GTK_WIDGET(page->head), TRUE);
    gtk_widget_set_valign(out, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(out, _("Everything of this case, for another lab or a court"));
    gtk_widget_add_css_class(bar, "room-bar");
    gtk_box_append(GTK_BOX(bar), all);
    gtk_box_append(GTK_BOX(bar), GTK_WIDGET(page->head));
    gtk_box_append(GTK_BOX(bar), out);
    g_signal_connect_swapped(all, "clicked", G_CALLBACK(show_all), page);
    g_signal_connect_swapped(out, "clicked", G_CALLBACK(export_case), page);
    return bar;
}

static GtkWidget *make_case(CelCasePage *page)
{
    static const struct {
        const char *title, *icon;
    } parts[N_PARTS] = {
        [EXHIBITS] = {N_("Exhibits"), "package-x-generic-symbolic"},
        [HISTORY] = {N_("Custody"), "document-open-recent-symbolic"},
        [PHOTOS] = {N_("Photos"), "image-x-generic-symbolic"},
        [FILES] = {N_("Files and papers"), "text-x-generic-symbolic"},
        [DEVIATIONS] = {N_("Deviations"), "dialog-warning-symbolic"},
    };
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    page->case_tabs = adw_view_stack_new();
    for (guint i = 0; i < N_PARTS; i++) {
        page->parts[i] = part_box();
        adw_view_stack_add_titled_with_icon(ADW_VIEW_STACK(page->case_tabs),
                                            cel_room_scrolled(GTK_WIDGET(page->parts[i]), WIDTH),
                                            parts[i].icon, _(parts[i].title), parts[i].icon);
    }
    gtk_widget_set_vexpand(page->case_tabs, TRUE);
    gtk_box_append(GTK_BOX(box), make_head(page));
    gtk_box_append(GTK_BOX(box), make_switcher(page->case_tabs));
    gtk_box_append(GTK_BOX(box), page->case_tabs);
    return box;
}

static void cel_case_page_init(CelCasePage *page)
{
    page->stack = gtk_stack_new();
    cel_heard_stack(GTK_STACK(page->stack));
    gtk_stack_set_hhomogeneous(GTK_STACK(page->stack), FALSE);
    gtk_stack_set_vhomogeneous(GTK_STACK(page->stack), FALSE);
    gtk_stack_add_named(GTK_STACK(page->stack), make_cases(page), "cases");
    gtk_stack_add_named(GTK_STACK(page->stack), make_case(page), "case");
    adw_bin_set_child(ADW_BIN(page), page->stack);
}

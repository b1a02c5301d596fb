/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "help/cel-help.h"

#include "cel-words.h"
#include "citizen/cel-fit.h"
#include "help/cel-help-book.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WIDTH = 940, HEIGHT = 680, PICTURE_PX = 1256 };

struct _CelHelp {
    AdwWindow parent;
    AdwLeaflet *leaflet;
    GtkSearchEntry *search;
    GtkListBox *contents;
    AdwWindowTitle *title;
    GtkWidget *contents_side, *page_side, *tour, *back;
    GtkScrolledWindow *scrolled;
    GtkBox *text;
    GPtrArray *book;    /* (element-type CelHelpPage) */
    GPtrArray *history; /* (element-type CelHelpPage), not owned; the present one last */
};

G_DEFINE_FINAL_TYPE(CelHelp, cel_help, ADW_TYPE_WINDOW)

static const CelHelpPage *present(const CelHelp *help)
{
    return g_ptr_array_index(help->history, help->history->len - 1);
}

const char *cel_help_page_id(CelHelp *help)
{
    return present(help)->def->id;
}

static CelHelpPage *find_page(const CelHelp *help, const char *id)
{
    for (guint i = 0; i < help->book->len; i++) {
        CelHelpPage *page = g_ptr_array_index(help->book, i);
        if (strcmp(page->def->id, id) == 0)
            return page;
    }
    return NULL;
}

/* ---- blocks ---- */

static gboolean link_followed(GtkLabel *label, const char *page, CelHelp *help)
{
    (void)label;
    cel_help_show_page(help, page);
    return TRUE;
}

static GtkWidget *text_label(CelHelp *help, const CelHelpBlock *block)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_label_set_markup(GTK_LABEL(label), block->markup);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_widget_set_hexpand(label, TRUE);
    g_signal_connect(label, "activate-link", G_CALLBACK(link_followed), help);
    return label;
}

/* "1." or "•" and the text beside it. */
static GtkWidget *listed(CelHelp *help, const CelHelpBlock *block)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    g_autofree char *number = g_strdup_printf("%u.", block->number);
    GtkWidget *mark = gtk_label_new(block->kind == CEL_HELP_STEP ? number : "•");
    gtk_widget_add_css_class(mark, "help-mark");
    gtk_widget_set_valign(mark, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(row), mark);
    gtk_box_append(GTK_BOX(row), text_label(help, block));
    return row;
}

static GtkWidget *note(CelHelp *help, const CelHelpBlock *block)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
    GtkWidget *icon = gtk_image_new_from_icon_name("dialog-information-symbolic");
    gtk_widget_set_valign(icon, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(row), icon);
    gtk_box_append(GTK_BOX(row), text_label(help, block));
    gtk_widget_add_css_class(row, "help-note");
    return row;
}

/* Drawn at twice its size, so that it is sharp on every screen. */
static GtkWidget *picture(const CelHelpBlock *block)
{
    g_autofree char *path = g_strdup_printf("/org/celadon/Celadon/help/pictures/%s", block->file);
    g_autoptr(GdkPixbuf) pixbuf =
        gdk_pixbuf_new_from_resource_at_scale(path, PICTURE_PX, -1, TRUE, NULL);
    g_autoptr(GdkTexture) texture = pixbuf != NULL ? gdk_texture_new_for_pixbuf(pixbuf) : NULL;
    GtkWidget *shown = gtk_picture_new_for_paintable(GDK_PAINTABLE(texture));
    gtk_picture_set_alternative_text(GTK_PICTURE(shown), block->plain);
    gtk_picture_set_can_shrink(GTK_PICTURE(shown), TRUE);
    gtk_widget_add_css_class(shown, "help-picture");
    return shown;
}

static GtkWidget *heading(CelHelp *help, const CelHelpBlock *block, const char *style)
{
    GtkWidget *label = text_label(help, block);
    gtk_widget_add_css_class(label, style);
    return label;
}

static GtkWidget *block_widget(CelHelp *help, const CelHelpBlock *block)
{
    switch (block->kind) {
    case CEL_HELP_TITLE:
        return heading(help, block, "title-1");
    case CEL_HELP_HEADING:
        return heading(help, block, "title-3");
    case CEL_HELP_ITEM:
    case CEL_HELP_STEP:
        return listed(help, block);
    case CEL_HELP_NOTE:
        return note(help, block);
    case CEL_HELP_PICTURE:
        return picture(block);
    case CEL_HELP_PARAGRAPH:
    default:
        return text_label(help, block);
    }
}

/* ---- the page in view ---- */

static void select_in_contents(CelHelp *help, const CelHelpPage *page)
{
    for (int i = 0;; i++) {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index(help->contents, i);
        if (row == NULL)
            break;
        if (strcmp(gtk_widget_get_name(GTK_WIDGET(row)), page->def->id) == 0)
            gtk_list_box_select_row(help->contents, row);
    }
}

static void put_in_view(CelHelp *help)
{
    const CelHelpPage *page = present(help);
    GtkWidget *child = NULL;
    while ((child = gtk_widget_get_first_child(GTK_WIDGET(help->text))) != NULL)
        gtk_box_remove(help->text, child);
    for (guint i = 0; i < page->blocks->len; i++)
        gtk_box_append(help->text, block_widget(help, g_ptr_array_index(page->blocks, i)));
    adw_window_title_set_title(help->title, page->title);
    gtk_adjustment_set_value(gtk_scrolled_window_get_vadjustment(help->scrolled), 0.0);
    select_in_contents(help, page);
    adw_leaflet_set_visible_child(help->leaflet, help->page_side);
}

void cel_help_show_page(CelHelp *help, const char *id)
{
    CelHelpPage *page = find_page(help, id);
    if (page == NULL)
        return;
    if (help->history->len == 0 || present(help) != page)
        g_ptr_array_add(help->history, page);
    put_in_view(help);
}

/* To the page before; from the first one to the contents, where both do not fit side by side. */
static void act_back(GtkWidget *widget, const char *name, GVariant *target)
{
    CelHelp *help = CEL_HELP(widget);
    (void)name;
    (void)target;
    if (help->history->len > 1) {
        g_ptr_array_set_size(help->history, (int)help->history->len - 1);
        put_in_view(help);
    } else if (adw_leaflet_get_folded(help->leaflet)) {
        adw_leaflet_set_visible_child(help->leaflet, help->contents_side);
    }
}

/* ---- contents and search ---- */

static GtkWidget *line(const char *text, const char *style)
{
    GtkWidget *label = gtk_label_new(text);
    gtk_label_set_xalign(GTK_LABEL(label), 0.0F);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    if (style != NULL)
        gtk_widget_add_css_class(label, style);
    return label;
}

static GtkWidget *contents_row(const CelHelpPage *page, const char *query)
{
    GtkWidget *row = gtk_list_box_row_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    gtk_box_append(GTK_BOX(box), line(page->title, NULL));
    if (*query != '\0') {
        g_autofree char *excerpt = cel_help_page_excerpt(page, query);
        GtkWidget *words = line(excerpt, "caption");
        gtk_widget_add_css_class(words, "dim-label");
        gtk_box_append(GTK_BOX(box), words);
    }
    gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
    gtk_list_box_row_set_child(GTK_LIST_BOX_ROW(row), box);
    gtk_widget_set_name(row, page->def->id);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, page->title,
                                   -1);
    return row;
}

static void fill_contents(CelHelp *help)
{
    const char *query = gtk_editable_get_text(GTK_EDITABLE(help->search));
    GtkListBoxRow *row = NULL;
    while ((row = gtk_list_box_get_row_at_index(help->contents, 0)) != NULL)
        gtk_list_box_remove(help->contents, GTK_WIDGET(row));
    for (guint i = 0; i < help->book->len; i++) {
        const CelHelpPage *page = g_ptr_array_index(help->book, i);
        if (cel_help_text_matches(page->plain, query))
            gtk_list_box_append(help->contents, contents_row(page, query));
    }
    if (help->history->len > 0)
        select_in_contents(help, present(help));
}

void cel_help_search(CelHelp *help, const char *query)
{
    gtk_editable_set_text(GTK_EDITABLE(help->search), query);
    fill_contents(help);
}

guint cel_help_n_found(CelHelp *help)
{
    guint n = 0;
    while (gtk_list_box_get_row_at_index(help->contents, (int)n) != NULL)
        n++;
    return n;
}

static void first_found(CelHelp *help)
{
    GtkListBoxRow *row = gtk_list_box_get_row_at_index(help->contents, 0);
    if (row != NULL)
        cel_help_show_page(help, gtk_widget_get_name(GTK_WIDGET(row)));
}

static void row_activated(GtkListBox *list, GtkListBoxRow *row, CelHelp *help)
{
    (void)list;
    cel_help_show_page(help, gtk_widget_get_name(GTK_WIDGET(row)));
}

/* ---- the widget ---- */

static void act_search(GtkWidget *widget, const char *name, GVariant *target)
{
    CelHelp *help = CEL_HELP(widget);
    (void)name;
    (void)target;
    adw_leaflet_set_visible_child(help->leaflet, help->contents_side);
    gtk_widget_grab_focus(GTK_WIDGET(help->search));
}

static void cel_help_finalize(GObject *object)
{
    CelHelp *help = CEL_HELP(object);
    g_ptr_array_unref(help->history);
    g_ptr_array_unref(help->book);
    G_OBJECT_CLASS(cel_help_parent_class)->finalize(object);
}

static void cel_help_class_init(CelHelpClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = cel_help_finalize;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/help/cel-help.ui");
    gtk_widget_class_bind_template_child(widget_class, CelHelp, leaflet);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, search);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, contents);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, title);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, contents_side);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, page_side);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, tour);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, back);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, scrolled);
    gtk_widget_class_bind_template_child(widget_class, CelHelp, text);
    gtk_widget_class_install_action(widget_class, "help.back", NULL, act_back);
    gtk_widget_class_install_action(widget_class, "help.search", NULL, act_search);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Left, GDK_ALT_MASK, "help.back",
                                        NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "help.search",
                                        NULL);
    gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void cel_help_init(CelHelp *help)
{
    help->book = cel_help_book_read(cel_ui_is_chinese() ? "zh_CN" : "en");
    help->history = g_ptr_array_new();
    gtk_widget_init_template(GTK_WIDGET(help));
    g_signal_connect_swapped(help->search, "search-changed", G_CALLBACK(fill_contents), help);
    g_signal_connect_swapped(help->search, "activate", G_CALLBACK(first_found), help);
    g_signal_connect(help->contents, "row-activated", G_CALLBACK(row_activated), help);
    fill_contents(help);
    cel_help_show_page(help, cel_help_for(NULL)->id);
}

CelHelp *cel_help_new(GtkWindow *parent)
{
    CelHelp *help = g_object_new(CEL_TYPE_HELP, "transient-for", parent, NULL);
    cel_citizen_fit(GTK_WINDOW(help), parent, WIDTH, HEIGHT);
    return help;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-sign-in-page.h"

#include "cel-person-row.h"
#include "cel-settings.h"
#include "cel-window.h"
#include "cel-words.h"
#include "path/cel-sides.h"

#include <glib/gi18n-lib.h>

enum { COLUMN_PX = 520, BESIDE_PX = 900, BOTH_PX = 1040 };

struct _CelSignInPage {
    CelPage parent;
    GtkListBox *people;
    GtkWidget *empty;
    AdwPasswordEntryRow *passphrase;
    GtkWidget *enter, *problem, *column, *who, *proof;
    AdwClamp *clamp;
    char *key_path;
};

G_DEFINE_FINAL_TYPE(CelSignInPage, cel_sign_in_page, CEL_TYPE_PAGE)

/* ---- who there is ---- */

typedef struct {
    CelDesk *desk;
    GPtrArray *people;
} Asking;

static void asking_free(gpointer data)
{
    Asking *asking = data;
    g_object_unref(asking->desk);
    g_clear_pointer(&asking->people, g_ptr_array_unref);
    g_free(asking);
}

static gboolean ask_people(gpointer data, CelJob *job, GError **error)
{
    Asking *asking = data;
    (void)job;
    (void)error;
    asking->people = cel_desk_people(asking->desk);
    return TRUE;
}

static void person_chosen(GtkListBox *list, GtkListBoxRow *row, CelSignInPage *page);

/* Who worked here last is most likely who works here now; the passphrase is asked all the same. */
static void choose_last(CelSignInPage *page)
{
    g_autoptr(GSettings) settings = cel_settings_new();
    g_autofree char *last = g_settings_get_string(settings, "last-person");
    for (int i = 0;; i++) {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index(page->people, i);
        if (row == NULL)
            break;
        if (g_str_equal(gtk_widget_get_name(GTK_WIDGET(row)), last))
            person_chosen(page->people, row, page);
    }
}

static void people_known(gpointer owner, gpointer data, const GError *error)
{
    CelSignInPage *page = owner;
    const Asking *asking = data;
    GtkWidget *row = NULL;
    (void)error;
    while ((row = gtk_widget_get_first_child(GTK_WIDGET(page->people))) != NULL)
        gtk_list_box_remove(page->people, row);
    const guint n = asking->people != NULL ? asking->people->len : 0;
    for (guint i = 0; i < n; i++)
        gtk_list_box_append(page->people, cel_person_row_new(g_ptr_array_index(asking->people, i)));
    gtk_widget_set_visible(GTK_WIDGET(page->people), n > 0);
    gtk_widget_set_visible(page->empty, n == 0);
    choose_last(page);
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelSignInPage *page = CEL_SIGN_IN_PAGE(base);
    (void)what;
    (void)thing;
    gtk_editable_set_text(GTK_EDITABLE(page->passphrase), "");
    gtk_widget_set_visible(page->problem, FALSE);
    adw_clamp_set_maximum_size(page->clamp, cel_page_is_field(base) ? BOTH_PX : COLUMN_PX);
    Asking *asking = g_new0(Asking, 1);
    asking->desk = g_object_ref(cel_page_desk(base));
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .run = ask_people,
                                .done = people_known,
                                .data = asking,
                                .free = asking_free};
    cel_page_start(base, &order);
}

/* ---- signing in ---- */

static void refresh(CelSignInPage *page)
{
    const gboolean typed = *gtk_editable_get_text(GTK_EDITABLE(page->passphrase)) != '\0';
    gtk_widget_set_sensitive(page->enter, typed && page->key_path != NULL);
}

static void person_chosen(GtkListBox *list, GtkListBoxRow *row, CelSignInPage *page)
{
    (void)list;
    g_free(page->key_path);
    page->key_path = g_strdup(gtk_widget_get_name(GTK_WIDGET(row)));
    gtk_list_box_select_row(page->people, row);
    gtk_widget_set_sensitive(GTK_WIDGET(page->passphrase), TRUE);
    gtk_widget_grab_focus(GTK_WIDGET(page->passphrase));
    refresh(page);
}

static void signed_in(gpointer owner, const GError *error)
{
    CelSignInPage *page = owner;
    gtk_editable_set_text(GTK_EDITABLE(page->passphrase), "");
    gtk_editable_set_editable(GTK_EDITABLE(page->passphrase), TRUE);
    gtk_widget_set_visible(page->problem, error != NULL);
    if (error != NULL) {
        gtk_label_set_text(GTK_LABEL(page->problem),
                           cel_ui_without_path(error->message, page->key_path));
        gtk_widget_grab_focus(GTK_WIDGET(page->passphrase));
        return;
    }
    g_autoptr(GSettings) settings = cel_settings_new();
    g_settings_set_string(settings, "last-person", page->key_path);
    cel_window_home(CEL_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))));
}

static void enter(CelSignInPage *page)
{
    if (!gtk_widget_get_sensitive(page->enter))
        return;
    gtk_widget_set_sensitive(page->enter, FALSE);
    /* not insensitive: a text that loses the focus in this way leaves its cursor blinking */
    gtk_editable_set_editable(GTK_EDITABLE(page->passphrase), FALSE);
    cel_desk_sign_in(cel_page_desk(CEL_PAGE(page)), page->key_path,
                     gtk_editable_get_text(GTK_EDITABLE(page->passphrase)), G_OBJECT(page),
                     signed_in);
}

/* ---- the widget ---- */

static void cel_sign_in_page_finalize(GObject *object)
{
    g_free(CEL_SIGN_IN_PAGE(object)->key_path);
    G_OBJECT_CLASS(cel_sign_in_page_parent_class)->finalize(object);
}

static void cel_sign_in_page_class_init(CelSignInPageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->finalize = cel_sign_in_page_finalize;
    CEL_PAGE_CLASS(klass)->open = open_page;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/cel-sign-in-page.ui");
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, people);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, empty);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, passphrase);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, enter);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, problem);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, clamp);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, column);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, who);
    gtk_widget_class_bind_template_child(widget_class, CelSignInPage, proof);
}

/* Where targets are large there is no height for all of it one below the other: then the passphrase
 * stands beside the names. */
static void put_beside(CelSignInPage *page)
{
    g_autoptr(GtkWidget) who = g_object_ref(page->who), proof = g_object_ref(page->proof);
    gtk_box_remove(GTK_BOX(page->column), who);
    gtk_box_remove(GTK_BOX(page->column), proof);
    gtk_box_append(GTK_BOX(page->column), cel_sides_new(who, proof, 0.5, BESIDE_PX));
}

static void cel_sign_in_page_init(CelSignInPage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    put_beside(page);
    g_signal_connect(page->people, "row-activated", G_CALLBACK(person_chosen), page);
    g_signal_connect_swapped(page->passphrase, "changed", G_CALLBACK(refresh), page);
    g_signal_connect_swapped(page->passphrase, "entry-activated", G_CALLBACK(enter), page);
    g_signal_connect_swapped(page->enter, "clicked", G_CALLBACK(enter), page);
}

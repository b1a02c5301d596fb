/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cel-welcome-page.h"

#include "cel-settings.h"
#include "cel-window.h"

#include "bench/cel-practice.h"

#include <glib/gi18n-lib.h>

/* Printed on the page itself: the practice lab is nobody's secret. */
#define PRACTICE_PASSPHRASE "practice"
#define PRACTICE_INSTRUMENT "simulated:785"

struct _CelWelcomePage {
    CelPage parent;
    GtkWidget *choose, *practise;
    GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE(CelWelcomePage, cel_welcome_page, CEL_TYPE_PAGE)

/* ---- opening ---- */

static void opened(gpointer owner, const GError *error)
{
    CelWelcomePage *page = owner;
    gtk_widget_set_sensitive(page->practise, TRUE);
    if (error != NULL) {
        cel_page_fail(CEL_PAGE(page), error);
        return;
    }
    g_autoptr(GSettings) settings = cel_settings_new();
    g_settings_set_string(settings, "lab-folder",
                          cel_desk_facts(cel_page_desk(CEL_PAGE(page)))->lab_folder);
    cel_window_home(CEL_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))));
}

static void open_folder(CelWelcomePage *page, const char *folder)
{
    cel_desk_open_lab(cel_page_desk(CEL_PAGE(page)), folder, G_OBJECT(page), opened);
}

static void chosen(GtkNativeDialog *dialog, int response, CelWelcomePage *page)
{
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *folder = file != NULL ? g_file_get_path(file) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && folder != NULL)
        open_folder(page, folder);
    g_clear_object(&page->chooser);
}

static void choose(CelWelcomePage *page)
{
    page->chooser = gtk_file_chooser_native_new(
        _("Folder of the lab"), GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))),
        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Open"), _("Cancel"));
    g_signal_connect(page->chooser, "response", G_CALLBACK(chosen), page);
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(page->chooser));
}

/* ---- practising ---- */

char *cel_welcome_practice_folder(void)
{
    return g_build_filename(g_get_user_data_dir(), "celadon", "practice-lab", NULL);
}

static gboolean found(gpointer data, CelJob *job, GError **error)
{
    const CelPractice practice = {
        .folder = data, .passphrase = PRACTICE_PASSPHRASE, .clock = cel_clock_system()};
    g_autofree char *ledger = g_build_filename(data, "register.sqlite", NULL);
    return g_file_test(ledger, G_FILE_TEST_EXISTS) || cel_practice_found(&practice, job, error);
}

static void founded(gpointer owner, gpointer data, const GError *error)
{
    CelWelcomePage *page = owner;
    if (error != NULL) {
        gtk_widget_set_sensitive(page->practise, TRUE);
        cel_page_fail(CEL_PAGE(page), error);
        return;
    }
    cel_desk_open_instrument(cel_page_desk(CEL_PAGE(page)), PRACTICE_INSTRUMENT, NULL, NULL, NULL);
    open_folder(page, data);
}

static void practise(CelWelcomePage *page)
{
    gtk_widget_set_sensitive(page->practise, FALSE);
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Making the practice lab"),
                                .run = found,
                                .done = founded,
                                .data = cel_welcome_practice_folder(),
                                .free = g_free};
    cel_page_start(CEL_PAGE(page), &order);
}

/* ---- the widget ---- */

static void cel_welcome_page_dispose(GObject *object)
{
    g_clear_object(&CEL_WELCOME_PAGE(object)->chooser);
    G_OBJECT_CLASS(cel_welcome_page_parent_class)->dispose(object);
}

static void cel_welcome_page_class_init(CelWelcomePageClass *klass)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
    G_OBJECT_CLASS(klass)->dispose = cel_welcome_page_dispose;
    gtk_widget_class_set_template_from_resource(widget_class,
                                                "/org/celadon/Celadon/cel-welcome-page.ui");
    gtk_widget_class_bind_template_child(widget_class, CelWelcomePage, choose);
    gtk_widget_class_bind_template_child(widget_class, CelWelcomePage, practise);
}

static void cel_welcome_page_init(CelWelcomePage *page)
{
    gtk_widget_init_template(GTK_WIDGET(page));
    g_signal_connect_swapped(page->choose, "clicked", G_CALLBACK(choose), page);
    g_signal_connect_swapped(page->practise, "clicked", G_CALLBACK(practise), page);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "result/cel-result-page.h"

#include "cel-heard.h"
#include "cel-answer.h"
#include "result/cel-result-view.h"
#include "result/cel-sealed-fetch.h"

#include <glib/gi18n-lib.h>

struct _CelResultPage {
    CelPage parent;
    GtkStack *stack;
    CelResultView *view;
    CelAnswer *answer; /* (nullable) */
    char *what;        /* (nullable) */
};

G_DEFINE_FINAL_TYPE(CelResultPage, cel_result_page, CEL_TYPE_PAGE)

static void show_view(CelResultPage *page)
{
    gtk_stack_set_visible_child_name(page->stack, "view");
    gtk_widget_grab_focus(GTK_WIDGET(page->view));
}

static gpointer make_facts(const CelSealed *sealed, const char *title, CelJob *job, GError **error)
{
    (void)job;
    return cel_result_facts_of_sealed(sealed, title, error);
}

static void free_facts(gpointer facts)
{
    cel_result_facts_free(facts);
}

static void record_known(CelPage *base, const char *what, gpointer made, const GError *error)
{
    CelResultPage *page = CEL_RESULT_PAGE(base);
    g_autoptr(CelResultFacts) facts = made;
    if (g_strcmp0(what, page->what) != 0)
        return;
    if (facts != NULL) {
        cel_result_view_show_facts(page->view, facts);
        show_view(page);
        return;
    }
    gtk_stack_set_visible_child_name(page->stack, "empty");
    cel_page_fail(base, error);
}

static void open_page(CelPage *base, const char *what, GObject *thing)
{
    CelResultPage *page = CEL_RESULT_PAGE(base);
    if (CEL_IS_ANSWER(thing)) {
        g_set_object(&page->answer, CEL_ANSWER(thing));
        g_clear_pointer(&page->what, g_free);
        cel_result_view_show(page->view, page->answer);
        show_view(page);
    } else if (what != NULL) {
        g_clear_object(&page->answer);
        g_free(page->what);
        page->what = g_strdup(what);
        gtk_stack_set_visible_child_name(page->stack, "busy");
        cel_sealed_fetch(
            base, &(CelSealedOrder){
                      .what = what, .make = make_facts, .done = record_known, .free = free_facts});
    }
}

static void why(CelResultPage *page)
{
    cel_page_show(CEL_PAGE(page), "why", page->what, G_OBJECT(page->answer));
}

static void cel_result_page_finalize(GObject *object)
{
    CelResultPage *page = CEL_RESULT_PAGE(object);
    g_clear_object(&page->answer);
    g_free(page->what);
    G_OBJECT_CLASS(cel_result_page_parent_class)->finalize(object);
}

static void cel_result_page_class_init(CelResultPageClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_result_page_finalize;
    CEL_PAGE_CLASS(klass)->open = open_page;
}

static GtkWidget *empty_new(void)
{
    GtkWidget *status = adw_status_page_new();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(status), "document-open-symbolic");
    adw_status_page_set_title(ADW_STATUS_PAGE(status), _("No result is open"));
    adw_status_page_set_description(ADW_STATUS_PAGE(status),
                                    _("Measure an item, or open a sealed file from the archive."));
    return status;
}

static GtkWidget *busy_new(void)
{
    GtkWidget *spinner = gtk_spinner_new();
    gtk_spinner_set_spinning(GTK_SPINNER(spinner), TRUE);
    gtk_widget_set_size_request(spinner, 48, 48);
    gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(spinner, GTK_ALIGN_CENTER);
    gtk_accessible_update_property(GTK_ACCESSIBLE(spinner), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Working"), -1);
    return spinner;
}

static void cel_result_page_init(CelResultPage *page)
{
    page->stack = GTK_STACK(gtk_stack_new());
    cel_heard_stack(page->stack);
    page->view = CEL_RESULT_VIEW(cel_result_view_new());
    gtk_stack_add_named(page->stack, empty_new(), "empty");
    gtk_stack_add_named(page->stack, busy_new(), "busy");
    gtk_stack_add_named(page->stack, GTK_WIDGET(page->view), "view");
    adw_bin_set_child(ADW_BIN(page), GTK_WIDGET(page->stack));
    g_signal_connect_swapped(page->view, "why", G_CALLBACK(why), page);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-bundle-panel.h"

#include "cel-heard.h"
#include "desk/cel-archive-work.h"
#include "desk/cel-room.h"
#include "desk/cel-verdict-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WIDTH = 900 };

struct _CelBundlePanel {
    AdwBin parent;
    CelPage *page; /* holds this widget */
    CelBundleWork *work;
    char *path, *roots;
    GtkWidget *stack, *title, *about, *problem, *lines, *keep;
};

G_DEFINE_FINAL_TYPE(CelBundlePanel, cel_bundle_panel, ADW_TYPE_BIN)

/* ---- showing ---- */

static void fill(CelBundlePanel *panel)
{
    const CelBundleAbout *about = &panel->work->about;
    const gboolean bad = cel_verdict_any_contradicted(panel->work->lines);
    g_autofree char *title = g_strdup_printf(_("Bundle of case %s"), about->case_id);
    g_autofree char *text =
        g_strdup_printf(_("%s · %u events · %u sealed files · SHA-256 %.16s…"), about->lab,
                        about->n_events, about->n_files, about->digest);
    g_autofree char *marked =
        g_strconcat(about->training ? _("TRAINING: nothing in this bundle is evidence") : "",
                    about->training ? "\n" : "", text, NULL);
    gtk_label_set_text(GTK_LABEL(panel->title), title);
    gtk_label_set_text(GTK_LABEL(panel->about), marked);
    gtk_label_set_text(GTK_LABEL(panel->problem),
                       _("This bundle contradicts itself: the lines marked “contradicted” say "
                         "where. It is not kept. Ask who sent it for another copy, and tell them "
                         "the digest above."));
    gtk_widget_set_visible(panel->problem, bad);
    gtk_widget_set_sensitive(panel->keep, !bad);
    cel_verdict_list_fill(GTK_LIST_BOX(panel->lines), panel->work->lines);
    gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "bundle");
}

static void checked(gpointer owner, gpointer data, const GError *error)
{
    CelBundlePanel *panel = owner;
    CelBundleWork *work = data;
    if (error != NULL) {
        cel_page_fail(panel->page, error);
        gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "failed");
        return;
    }
    CelBundleWork *kept = cel_bundle_work_new(work->desk, NULL);
    const CelBundleWork empty = *kept;
    *kept = *work; /* the task frees what is left in its own */
    *work = empty;
    cel_bundle_work_free(panel->work);
    panel->work = kept;
    fill(panel);
}

static void check(CelBundlePanel *panel)
{
    CelBundleWork *work = cel_bundle_work_new(cel_page_desk(panel->page), panel->path);
    work->roots = g_strdup(panel->roots);
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Checking the bundle"),
                                .run = cel_bundle_work_check,
                                .done = checked,
                                .data = work,
                                .free = cel_bundle_work_free,
                                .owner = panel};
    gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "reading");
    cel_task_start(cel_desk_lanes(work->desk), &order);
}

void cel_bundle_panel_show(CelBundlePanel *panel, const char *path)
{
    g_free(panel->path);
    panel->path = g_strdup(path);
    g_clear_pointer(&panel->roots, g_free);
    check(panel);
}

static void roots_chosen(gpointer owner, const char *path)
{
    CelBundlePanel *panel = owner;
    g_free(panel->roots);
    panel->roots = g_strdup(path);
    check(panel);
}

static void choose_roots(CelBundlePanel *panel)
{
    const CelRoomChoice choice = {.title = _("Root certificate of the other lab"),
                                  .accept = _("Use it"),
                                  .action = GTK_FILE_CHOOSER_ACTION_OPEN,
                                  .chosen = roots_chosen};
    cel_room_choose(GTK_WIDGET(panel), &choice);
}

/* ---- keeping ---- */

static void kept(gpointer owner, gpointer data, const GError *error)
{
    CelBundlePanel *panel = owner;
    CelBundleWork *work = data;
    const CelBundleWork empty = {.desk = g_object_ref(work->desk)};
    panel->work = g_new(CelBundleWork, 1);
    *panel->work = *work;
    *work = empty;
    cel_page_fail(panel->page, error);
    gtk_widget_set_sensitive(panel->keep, error != NULL);
    if (error == NULL) {
        cel_page_say(panel->page, _("The bundle is kept, and that is on record"));
        cel_desk_lab_changed(panel->work->desk);
    }
}

static void keep(CelBundlePanel *panel)
{
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Keeping the bundle"),
                                .run = cel_bundle_work_accept,
                                .done = kept,
                                .data = panel->work,
                                .free = cel_bundle_work_free,
                                .owner = panel};
    gtk_widget_set_sensitive(panel->keep, FALSE);
    CelDesk *desk = panel->work->desk;
    panel->work = NULL; /* the task's, until it ends */
    cel_task_start(cel_desk_lanes(desk), &order);
}

/* ---- export ---- */

static void exported(gpointer owner, gpointer data, const GError *error)
{
    const CelBundleWork *work = data;
    cel_page_fail(owner, error);
    if (error != NULL)
        return;
    g_autofree char *text =
        g_strdup_printf(_("Exported to %s, bundle %.16s…"), work->path, work->digest);
    cel_page_say(owner, text);
    cel_desk_lab_changed(work->desk);
}

void cel_bundle_export_start(CelPage *page, const char *case_id, const char *recipient,
                             const char *path)
{
    CelBundleWork *work = cel_bundle_work_new(cel_page_desk(page), path);
    work->case_id = g_strdup(case_id);
    work->recipient = g_strdup(recipient != NULL && *recipient != '\0' ? recipient : NULL);
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Exporting the case"),
                                .run = cel_bundle_work_export,
                                .done = exported,
                                .data = work,
                                .free = cel_bundle_work_free};
    cel_page_start(page, &order);
}

static void place_chosen(gpointer owner, const char *path)
{
    const char *recipient = g_object_get_data(owner, "export-recipient");
    const char *case_id = g_object_get_data(owner, "export-case");
    cel_bundle_export_start(owner, case_id, recipient, path);
}

static void export_answered(AdwMessageDialog *dialog, const char *response, CelPage *page)
{
    GtkWidget *recipient = g_object_get_data(G_OBJECT(dialog), "recipient");
    const gboolean zip = strcmp(response, "zip") == 0;
    const char *case_id = g_object_get_data(G_OBJECT(page), "export-case");
    if (!zip && strcmp(response, "folder") != 0)
        return;
    g_object_set_data_full(G_OBJECT(page), "export-recipient",
                           g_strdup(gtk_editable_get_text(GTK_EDITABLE(recipient))), g_free);
    g_autofree char *name = g_strconcat(case_id, zip ? ".zip" : "", NULL);
    const CelRoomChoice choice = {.title = _("Where the bundle is written"),
                                  .accept = _("Export"),
                                  .action = GTK_FILE_CHOOSER_ACTION_SAVE,
                                  .name = name,
                                  .chosen = place_chosen};
    cel_room_choose(GTK_WIDGET(page), &choice);
}

void cel_bundle_export_ask(CelPage *page, const char *case_id)
{
    g_autofree char *title = g_strdup_printf(_("Export case %s"), case_id);
    GtkWidget *dialog = adw_message_dialog_new(
        GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(page))), title,
        _("Sealed files, custody with proofs, photos, papers, and how to check all of it without "
          "this program. The export is put on record."));
    GtkWidget *list = cel_room_list(_("Recipient")), *recipient = adw_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(recipient), _("Who gets it"));
    gtk_list_box_append(GTK_LIST_BOX(list), recipient);
    adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), list);
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("Cancel"), "folder",
                                     _("As a folder…"), "zip", _("As a zip file…"), NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "zip",
                                               ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_close_response(ADW_MESSAGE_DIALOG(dialog), "cancel");
    g_object_set_data(G_OBJECT(dialog), "recipient", recipient);
    g_object_set_data_full(G_OBJECT(page), "export-case", g_strdup(case_id), g_free);
    g_signal_connect_object(dialog, "response", G_CALLBACK(export_answered), page, 0);
    cel_heard_dialog(ADW_MESSAGE_DIALOG(dialog));
    gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- the widget ---- */

static void cel_bundle_panel_finalize(GObject *object)
{
    CelBundlePanel *panel = CEL_BUNDLE_PANEL(object);
    cel_bundle_work_free(panel->work);
    g_free(panel->path);
    g_free(panel->roots);
    G_OBJECT_CLASS(cel_bundle_panel_parent_class)->finalize(object);
}

static void cel_bundle_panel_class_init(CelBundlePanelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_bundle_panel_finalize;
}

static GtkWidget *make_bundle(CelBundlePanel *panel)
{
    GtkBox *box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 12));
    GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *roots = gtk_button_new_with_label(_("The other lab's root…"));
    panel->title = cel_room_heading("");
    panel->about = cel_room_note("");
    panel->problem = cel_room_heading("");
    panel->lines = cel_room_list(_("Lines of the check"));
    panel->keep = gtk_button_new_with_label(_("Keep it in this lab"));
    gtk_widget_set_tooltip_text(roots, _("Its root certificate, which came to you another way"));
    gtk_widget_add_css_class(GTK_WIDGET(box), "room-page");
    gtk_widget_add_css_class(panel->title, "title-3");
    gtk_widget_add_css_class(panel->problem, "problem");
    gtk_widget_add_css_class(panel->keep, "suggested-action");
    gtk_box_append(GTK_BOX(buttons), panel->keep);
    gtk_box_append(GTK_BOX(buttons), roots);
    gtk_box_append(box, panel->title);
    gtk_box_append(box, panel->about);
    gtk_box_append(box, panel->problem);
    gtk_box_append(box, buttons);
    gtk_box_append(box, panel->lines);
    g_signal_connect_swapped(panel->keep, "clicked", G_CALLBACK(keep), panel);
    g_signal_connect_swapped(roots, "clicked", G_CALLBACK(choose_roots), panel);
    return cel_room_scrolled(GTK_WIDGET(box), WIDTH);
}

static void cel_bundle_panel_init(CelBundlePanel *panel)
{
    GtkWidget *spinner = gtk_spinner_new(), *failed = adw_status_page_new();
    gtk_spinner_start(GTK_SPINNER(spinner));
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(failed), "dialog-question-symbolic");
    adw_status_page_set_title(ADW_STATUS_PAGE(failed), _("No bundle was read"));
    adw_status_page_set_description(ADW_STATUS_PAGE(failed),
                                    _("A case bundle is a folder or a zip file with bundle.json in "
                                      "it. Choose another one."));
    gtk_widget_add_css_class(failed, "compact");
    panel->stack = gtk_stack_new();
    cel_heard_stack(GTK_STACK(panel->stack));
    gtk_stack_add_named(GTK_STACK(panel->stack), spinner, "reading");
    gtk_stack_add_named(GTK_STACK(panel->stack), failed, "failed");
    gtk_stack_add_named(GTK_STACK(panel->stack), make_bundle(panel), "bundle");
    adw_bin_set_child(ADW_BIN(panel), panel->stack);
}

GtkWidget *cel_bundle_panel_new(CelPage *page)
{
    CelBundlePanel *panel = g_object_new(CEL_TYPE_BUNDLE_PANEL, NULL);
    panel->page = page;
    return GTK_WIDGET(panel);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-archive-panel.h"

#include "cel-heard.h"
#include "desk/cel-archive-work.h"
#include "desk/cel-desk-act.h"
#include "desk/cel-paper-window.h"
#include "desk/cel-room.h"
#include "desk/cel-verdict-list.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { WIDTH = 900 };

struct _CelArchivePanel {
    AdwBin parent;
    CelPage *page; /* holds this widget */
    CelFileCheck *check;
    char *what;
    GtkWidget *stack, *title, *about, *problem, *lines, *replay, *why, *look;
    GtkWidget *to_exhibit, *papers, *court, *court_pages[2], *events, *failed;
};

G_DEFINE_FINAL_TYPE(CelArchivePanel, cel_archive_panel, ADW_TYPE_BIN)

static void start(CelArchivePanel *panel, const CelTaskOrder *order)
{
    CelTaskOrder owned = *order;
    owned.owner = panel;
    cel_task_start(cel_desk_lanes(cel_page_desk(panel->page)), &owned);
}

/* ---- showing ---- */

static void show_court(CelArchivePanel *panel)
{
    const char *why = panel->check->no_court;
    const char *text = why != NULL ? why : _("The record of the laboratory; needs the release");
    adw_action_row_set_subtitle(ADW_ACTION_ROW(panel->court), text);
    for (gsize i = 0; i < G_N_ELEMENTS(panel->court_pages); i++)
        gtk_widget_set_sensitive(panel->court_pages[i], why == NULL);
}

static void show_verdict(CelArchivePanel *panel)
{
    const gboolean bad = cel_verdict_any_contradicted(panel->check->lines);
    const CelVerdictLine *training = cel_verdict_find(panel->check->lines, "training");
    gtk_widget_set_visible(panel->problem, bad);
    gtk_label_set_text(
        GTK_LABEL(panel->problem),
        _("This file is not what was sealed: the lines marked “contradicted” say where. Do not "
          "use it and do not report from it. Look for another copy, in a case bundle or a backup, "
          "and open that one here; put this look on record, and record nonconforming work on the "
          "exhibit."));
    gtk_widget_set_visible(panel->papers, panel->check->of_lab && !bad);
    gtk_widget_set_sensitive(panel->replay, !bad);
    show_court(panel);
    gtk_label_set_text(GTK_LABEL(panel->about),
                       training != NULL
                           ? (cel_ui_is_chinese() ? training->text_zh : training->text_en)
                       : panel->check->of_lab ? _("A file of this lab's archive")
                                              : _("A file from elsewhere"));
    cel_verdict_list_fill(GTK_LIST_BOX(panel->lines), panel->check->lines);
}

static void show_events(CelArchivePanel *panel)
{
    const GPtrArray *events = panel->check->events;
    cel_room_clear(GTK_LIST_BOX(panel->events));
    for (guint i = events != NULL ? events->len : 0; i > 0; i--) {
        JsonObject *event = g_ptr_array_index(events, i - 1);
        g_autofree char *when = cel_ui_time(cel_row_number(event, "t_wall_us"));
        g_autofree char *about = g_strdup_printf(
            "%s · %s · %s", when, cel_row_text(event, "op_name"), cel_row_text(event, "why"));
        gtk_list_box_append(GTK_LIST_BOX(panel->events),
                            cel_room_row(cel_act_words_of(cel_row_text(event, "act")), about));
    }
    if (events == NULL || events->len == 0)
        gtk_list_box_append(GTK_LIST_BOX(panel->events),
                            cel_room_row(_("This lab's ledger does not know the file"), NULL));
}

/* The description is markup. */
static void show_failure(CelArchivePanel *panel, const GError *error)
{
    g_autofree char *escaped = g_markup_escape_text(error->message, -1);
    adw_status_page_set_description(ADW_STATUS_PAGE(panel->failed), escaped);
}

static void checked(gpointer owner, gpointer data, const GError *error)
{
    CelArchivePanel *panel = owner;
    CelFileCheck *check = data;
    if (g_strcmp0(panel->what, check->what) != 0)
        return;
    if (error != NULL) {
        show_failure(panel, error);
        gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "failed");
        return;
    }
    CelFileCheck *kept = cel_file_check_new(check->desk, check->what);
    const CelFileCheck empty = *kept;
    *kept = *check; /* the task frees what is left in its own */
    *check = empty;
    cel_file_check_free(panel->check);
    panel->check = kept;
    g_autofree char *name = g_path_get_basename(kept->path);
    g_autofree char *title = *kept->case_id != '\0' ? g_strdup_printf(_("Exhibit %s of case %s"),
                                                                      kept->item_id, kept->case_id)
                                                    : g_strdup(name);
    gtk_label_set_text(GTK_LABEL(panel->title), title);
    gtk_widget_set_tooltip_text(panel->title, kept->path);
    gtk_widget_set_sensitive(panel->to_exhibit, *kept->case_id != '\0');
    gtk_widget_set_sensitive(panel->replay, TRUE);
    show_verdict(panel);
    show_events(panel);
    gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "file");
}

void cel_archive_panel_show(CelArchivePanel *panel, const char *what)
{
    CelDesk *desk = cel_page_desk(panel->page);
    g_autofree char *asked = g_strdup(what); /* may be our own text */
    g_free(panel->what);
    panel->what = g_steal_pointer(&asked);
    g_clear_pointer(&panel->check, cel_file_check_free);
    gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "reading");
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Verifying"),
                                .run = cel_file_check_run,
                                .done = checked,
                                .data = cel_file_check_new(desk, panel->what),
                                .free = cel_file_check_free};
    start(panel, &order);
}

/* ---- replay ---- */

static void replayed(gpointer owner, gpointer data, const GError *error)
{
    CelArchivePanel *panel = owner;
    const CelFileReplay *replay = data;
    gtk_widget_set_sensitive(panel->replay, TRUE);
    cel_page_fail(panel->page, error);
    if (error != NULL || panel->check == NULL || strcmp(panel->check->path, replay->path) != 0)
        return;
    cel_verdict_list_replace(GTK_LIST_BOX(panel->lines), g_ptr_array_index(replay->lines, 0));
}

static void replay(CelArchivePanel *panel)
{
    const CelTaskOrder order = {.lane = CEL_LANE_COMPUTE,
                                .title = _("Computing the result again"),
                                .run = cel_file_replay_run,
                                .done = replayed,
                                .data = cel_file_replay_new(panel->check->path),
                                .free = cel_file_replay_free};
    gtk_widget_set_sensitive(panel->replay, FALSE);
    start(panel, &order);
}

/* ---- a look on record ---- */

static void looked(gpointer owner, gpointer data, const GError *error)
{
    CelArchivePanel *panel = owner;
    const CelFileAct *act = data;
    cel_page_fail(panel->page, error);
    if (error != NULL)
        return;
    gtk_editable_set_text(GTK_EDITABLE(panel->why), "");
    cel_page_say(panel->page, act->intact ? _("On record: intact") : _("On record: not intact"));
    cel_desk_lab_changed(act->desk);
    cel_archive_panel_show(panel, panel->what);
}

static void look(CelArchivePanel *panel)
{
    CelFileAct *act = cel_file_act_new(cel_page_desk(panel->page), panel->check);
    act->why = g_strdup(gtk_editable_get_text(GTK_EDITABLE(panel->why)));
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Recording the look"),
                                .run = cel_file_act_look,
                                .done = looked,
                                .data = act,
                                .free = cel_file_act_free};
    start(panel, &order);
}

/* ---- papers ---- */

static const char *const form_titles[] = {
    [CEL_REPORT_CARD] = N_("Result card"),
    [CEL_REPORT_COURT] = N_("Court page"),
    [CEL_REPORT_EXPERT] = N_("Expert pages"),
};
static const char *const form_texts[] = {
    [CEL_REPORT_CARD] = N_("One page for the officer: result and next step"),
    [CEL_REPORT_COURT] = N_("The record of the laboratory; needs the release"),
    [CEL_REPORT_EXPERT] = N_("Everything that a second expert needs"),
};

static void paper_made(gpointer owner, gpointer data, const GError *error)
{
    CelArchivePanel *panel = owner;
    const CelFileAct *act = data;
    cel_page_fail(panel->page, error);
    if (error != NULL)
        return;
    g_autofree char *name = g_strdup_printf("%s-%.8s.pdf", _(form_titles[act->form]), act->fid);
    const CelPaper paper = {.pdf = act->pdf, .title = _(form_titles[act->form]), .name = name};
    cel_paper_window_show(panel->page, &paper);
    cel_desk_lab_changed(act->desk);
}

static void make_paper(GtkButton *button, CelArchivePanel *panel)
{
    CelFileAct *act = cel_file_act_new(cel_page_desk(panel->page), panel->check);
    act->form = GPOINTER_TO_UINT(g_object_get_data(G_OBJECT(button), "form"));
    act->chinese = g_object_get_data(G_OBJECT(button), "chinese") != NULL;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Making the paper"),
                                .run = cel_file_act_paper,
                                .done = paper_made,
                                .data = act,
                                .free = cel_file_act_free};
    start(panel, &order);
}

static void add_language(CelArchivePanel *panel, GtkWidget *row, CelReportForm form,
                         gboolean chinese)
{
    const char *language = chinese ? "中文" : "English";
    GtkWidget *button = gtk_button_new_with_label(language);
    g_autofree char *label = g_strdup_printf(_("%s, %s"), _(form_titles[form]), language);
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    g_object_set_data(G_OBJECT(button), "form", GUINT_TO_POINTER(form));
    g_object_set_data(G_OBJECT(button), "chinese", chinese ? panel : NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                   -1);
    g_signal_connect(button, "clicked", G_CALLBACK(make_paper), panel);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), button);
    if (form == CEL_REPORT_COURT) {
        panel->court = row;
        panel->court_pages[chinese ? 0 : 1] = button;
    }
}

static GtkWidget *make_papers(CelArchivePanel *panel)
{
    GtkWidget *group = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Papers"));
    adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(group),
                                          _("Made from the sealed file and the register alone. "
                                            "Each one is kept and put on record."));
    for (guint form = CEL_REPORT_CARD; form <= CEL_REPORT_EXPERT; form++) {
        GtkWidget *row = cel_room_row(_(form_titles[form]), _(form_texts[form]));
        add_language(panel, row, form, TRUE);
        add_language(panel, row, form, FALSE);
        adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), row);
    }
    return group;
}

/* ---- the widget ---- */

static void show_exhibit(CelArchivePanel *panel)
{
    g_autofree char *name = g_strjoin("/", panel->check->case_id, panel->check->item_id, NULL);
    cel_page_show(panel->page, "case", name, NULL);
}

static void cel_archive_panel_finalize(GObject *object)
{
    CelArchivePanel *panel = CEL_ARCHIVE_PANEL(object);
    cel_file_check_free(panel->check);
    g_free(panel->what);
    G_OBJECT_CLASS(cel_archive_panel_parent_class)->finalize(object);
}

static void cel_archive_panel_class_init(CelArchivePanelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_archive_panel_finalize;
}

static GtkWidget *make_buttons(CelArchivePanel *panel)
{
    GtkWidget *flow = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    panel->replay = gtk_button_new_with_label(_("Compute the result again"));
    panel->to_exhibit = gtk_button_new_with_label(_("To the case"));
    gtk_box_append(GTK_BOX(flow), panel->replay);
    gtk_box_append(GTK_BOX(flow), panel->to_exhibit);
    g_signal_connect_swapped(panel->replay, "clicked", G_CALLBACK(replay), panel);
    g_signal_connect_swapped(panel->to_exhibit, "clicked", G_CALLBACK(show_exhibit), panel);
    return flow;
}

static GtkWidget *make_look(CelArchivePanel *panel)
{
    GtkWidget *group = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(group), _("Put this look on record"));
    panel->why = adw_entry_row_new();
    panel->look = gtk_button_new_with_label(_("Record"));
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(panel->why), _("Why the file is looked at"));
    gtk_widget_set_valign(panel->look, GTK_ALIGN_CENTER);
    adw_entry_row_add_suffix(ADW_ENTRY_ROW(panel->why), panel->look);
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(group), panel->why);
    g_signal_connect_swapped(panel->look, "clicked", G_CALLBACK(look), panel);
    return group;
}

static GtkWidget *make_file(CelArchivePanel *panel)
{
    GtkBox *box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 12));
    gtk_widget_add_css_class(GTK_WIDGET(box), "room-page");
    panel->title = cel_room_heading("");
    panel->about = cel_room_note("");
    panel->problem = cel_room_heading("");
    panel->lines = cel_room_list(_("Lines of the verification"));
    panel->events = cel_room_list(_("What the ledger says of this file"));
    panel->papers = make_papers(panel);
    gtk_widget_add_css_class(panel->title, "title-3");
    gtk_widget_add_css_class(panel->problem, "problem");
    gtk_box_append(box, panel->title);
    gtk_box_append(box, panel->about);
    gtk_box_append(box, panel->problem);
    gtk_box_append(box, make_buttons(panel));
    gtk_box_append(box, panel->lines);
    gtk_box_append(box, panel->papers);
    gtk_box_append(box, make_look(panel));
    gtk_box_append(box, cel_room_heading(_("What the ledger says of this file")));
    gtk_box_append(box, panel->events);
    return cel_room_scrolled(GTK_WIDGET(box), WIDTH);
}

/* What is no sealed file, or one that cannot be read any more. */
static GtkWidget *make_failed(void)
{
    GtkWidget *failed = adw_status_page_new();
    GtkWidget *way = cel_room_note(
        _("Nothing is proven by this file. If it should be a sealed file, look for another copy in "
          "the archive, a case bundle or a backup. Measurements are opened on “Files”."));
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(failed), "dialog-question-symbolic");
    adw_status_page_set_title(ADW_STATUS_PAGE(failed), _("This file cannot be verified"));
    gtk_label_set_justify(GTK_LABEL(way), GTK_JUSTIFY_CENTER);
    adw_status_page_set_child(ADW_STATUS_PAGE(failed), way);
    gtk_widget_add_css_class(failed, "compact");
    return failed;
}

static void cel_archive_panel_init(CelArchivePanel *panel)
{
    GtkWidget *nothing = adw_status_page_new(), *spinner = gtk_spinner_new();
    panel->failed = make_failed();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(nothing), "channel-secure-symbolic");
    adw_status_page_set_title(ADW_STATUS_PAGE(nothing), _("Choose a sealed file"));
    adw_status_page_set_description(
        ADW_STATUS_PAGE(nothing),
        _("Or drop one here: whatever file it is, each question about it gets its own line."));
    gtk_widget_add_css_class(nothing, "compact");
    gtk_spinner_start(GTK_SPINNER(spinner));
    panel->stack = gtk_stack_new();
    cel_heard_stack(GTK_STACK(panel->stack));
    gtk_stack_add_named(GTK_STACK(panel->stack), nothing, "nothing");
    gtk_stack_add_named(GTK_STACK(panel->stack), spinner, "reading");
    gtk_stack_add_named(GTK_STACK(panel->stack), make_file(panel), "file");
    gtk_stack_add_named(GTK_STACK(panel->stack), panel->failed, "failed");
    adw_bin_set_child(ADW_BIN(panel), panel->stack);
}

GtkWidget *cel_archive_panel_new(CelPage *page)
{
    CelArchivePanel *panel = g_object_new(CEL_TYPE_ARCHIVE_PANEL, NULL);
    panel->page = page;
    return GTK_WIDGET(panel);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/cel-review-panel.h"

#include "cel-heard.h"
#include "cel-second-person.h"
#include "desk/cel-desk-act.h"
#include "desk/cel-room.h"
#include "plot/cel-plot-view.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { PLOT_PX = 260, WIDTH = 900 };

struct _CelReviewPanel {
    AdwBin parent;
    CelPage *page; /* holds this widget */
    CelReviewDetail *detail;
    char *fid;
    GtkWidget *stack;
    GtkWidget *title, *about, *plot, *raw, *processed;
    GtkBox *below;                                          /* what follows the plot */
    GtkWidget *outcome, *claim, *why, *record;              /* the verdict's form */
    GtkWidget *report, *form, *replaces, *reason, *release; /* the release's */
};

G_DEFINE_FINAL_TYPE(CelReviewPanel, cel_review_panel, ADW_TYPE_BIN)

static GtkWidget *group(CelReviewPanel *panel, const char *title, const char *description)
{
    GtkWidget *made = adw_preferences_group_new();
    adw_preferences_group_set_title(ADW_PREFERENCES_GROUP(made), title);
    adw_preferences_group_set_description(ADW_PREFERENCES_GROUP(made), description);
    gtk_box_append(panel->below, made);
    return made;
}

static void add(GtkWidget *to, GtkWidget *row)
{
    adw_preferences_group_add(ADW_PREFERENCES_GROUP(to), row);
}

static GtkWidget *add_entry(GtkWidget *to, const char *title)
{
    GtkWidget *row = adw_entry_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), title);
    add(to, row);
    return row;
}

static const char *text_of(GtkWidget *row)
{
    const char *text = gtk_editable_get_text(GTK_EDITABLE(row));
    return *text != '\0' ? text : NULL;
}

/* ---- the verdict, before anything is shown ---- */

/** Verdict: what is recorded, and what came of it. */
typedef struct {
    CelDesk *desk;
    char *fid, *claim, *why;
    CelOutcome outcome;
    CelReviewAnswer answer;
} Verdict;

static void verdict_free(gpointer data)
{
    Verdict *verdict = data;
    g_object_unref(verdict->desk);
    g_free(verdict->fid);
    g_free(verdict->claim);
    g_free(verdict->why);
    g_free(verdict);
}

static gboolean record_verdict(gpointer data, CelJob *job, GError **error)
{
    Verdict *verdict = data;
    const CelReview review = {.fid = verdict->fid,
                              .outcome = cel_outcome_name(verdict->outcome),
                              .claim = verdict->claim,
                              .why = verdict->why};
    (void)job;
    return cel_case_review(cel_desk_lab(verdict->desk), &review, &verdict->answer, error);
}

static void verdict_recorded(gpointer owner, gpointer data, const GError *error)
{
    CelReviewPanel *panel = owner;
    const Verdict *verdict = data;
    cel_page_fail(panel->page, error);
    if (error != NULL) {
        gtk_widget_set_sensitive(panel->record, TRUE);
        return;
    }
    cel_desk_lab_changed(verdict->desk);
    cel_page_say(panel->page, verdict->answer.agrees
                                  ? _("Recorded: the sealed result is the same")
                                  : _("Recorded: the sealed result is another one"));
    cel_review_panel_show(panel, verdict->fid);
}

static const char *chosen_claim(CelReviewPanel *panel)
{
    const guint at = gtk_drop_down_get_selected(GTK_DROP_DOWN(panel->claim));
    if (at == 0 || at == GTK_INVALID_LIST_POSITION || at > panel->detail->choices->len)
        return NULL;
    return ((const CelClaimChoice *)g_ptr_array_index(panel->detail->choices, at - 1))->id;
}

static void record(CelReviewPanel *panel)
{
    Verdict *verdict = g_new0(Verdict, 1);
    verdict->desk = g_object_ref(panel->detail->desk);
    verdict->fid = g_strdup(panel->detail->fid);
    verdict->outcome = adw_combo_row_get_selected(ADW_COMBO_ROW(panel->outcome));
    verdict->claim = g_strdup(chosen_claim(panel));
    verdict->why = g_strdup(text_of(panel->why));
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Recording the verdict"),
                                .run = record_verdict,
                                .done = verdict_recorded,
                                .data = verdict,
                                .free = verdict_free,
                                .owner = panel};
    gtk_widget_set_sensitive(panel->record, FALSE);
    cel_task_start(cel_desk_lanes(verdict->desk), &order);
}

/* The list has hundreds of names: whoever opens it types. */
static void search_at_once(GtkWidget *widget)
{
    if (GTK_IS_SEARCH_ENTRY(widget))
        gtk_widget_grab_focus(widget);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child != NULL;
         child = gtk_widget_get_next_sibling(child))
        search_at_once(child);
}

static GtkWidget *claim_row(CelReviewPanel *panel)
{
    g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
    GtkWidget *row = cel_room_row(_("What the spectrum points to"), _("Substance, group or class"));
    gtk_string_list_append(names, _("no claim"));
    for (guint i = 0; i < panel->detail->choices->len; i++)
        gtk_string_list_append(
            names, ((const CelClaimChoice *)g_ptr_array_index(panel->detail->choices, i))->name);
    GtkExpression *text = gtk_property_expression_new(GTK_TYPE_STRING_OBJECT, NULL, "string");
    panel->claim = gtk_drop_down_new(G_LIST_MODEL(g_object_ref(names)), text);
    gtk_drop_down_set_enable_search(GTK_DROP_DOWN(panel->claim), TRUE);
    gtk_widget_set_valign(panel->claim, GTK_ALIGN_CENTER);
    gtk_widget_set_size_request(panel->claim, 180, -1);
    cel_heard_drop_down(panel->claim, _("What the spectrum points to"));
    g_signal_connect_after(gtk_widget_get_last_child(panel->claim), "map",
                           G_CALLBACK(search_at_once), NULL);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), panel->claim);
    return row;
}

static void outcome_chosen(CelReviewPanel *panel)
{
    const guint at = adw_combo_row_get_selected(ADW_COMBO_ROW(panel->outcome));
    gtk_widget_set_sensitive(panel->record, at < CEL_N_OUTCOMES);
}

static void show_verdict_form(CelReviewPanel *panel)
{
    g_autoptr(GtkStringList) outcomes = gtk_string_list_new(NULL);
    if (panel->detail->refused != NULL) {
        GtkWidget *problem = cel_room_heading(panel->detail->refused);
        gtk_widget_remove_css_class(problem, "heading");
        gtk_widget_add_css_class(problem, "problem");
        gtk_box_append(panel->below, problem);
        return;
    }
    GtkWidget *to = group(panel, _("Your own verdict"),
                          _("The sealed result is shown after your verdict is on record. It cannot "
                            "be changed then."));
    for (guint i = 0; i < CEL_N_OUTCOMES; i++)
        gtk_string_list_append(outcomes, cel_outcome_label(i, cel_ui_is_chinese()));
    panel->outcome = adw_combo_row_new();
    panel->record = gtk_button_new_with_label(_("Record my verdict"));
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(panel->outcome), _("Outcome"));
    adw_combo_row_set_model(ADW_COMBO_ROW(panel->outcome), G_LIST_MODEL(outcomes));
    adw_combo_row_set_selected(ADW_COMBO_ROW(panel->outcome), GTK_INVALID_LIST_POSITION);
    add(to, panel->outcome);
    add(to, claim_row(panel));
    panel->why = add_entry(to, _("Reason"));
    gtk_widget_set_halign(panel->record, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(panel->record, "pill");
    gtk_widget_add_css_class(panel->record, "suggested-action");
    gtk_box_append(panel->below, panel->record);
    g_signal_connect_swapped(panel->record, "clicked", G_CALLBACK(record), panel);
    g_signal_connect_swapped(panel->outcome, "notify::selected", G_CALLBACK(outcome_chosen), panel);
    outcome_chosen(panel);
}

/* ---- after the verdict ---- */

static const char *outcome_words(const char *name)
{
    for (guint i = 0; i < CEL_N_OUTCOMES; i++)
        if (g_strcmp0(cel_outcome_name(i), name) == 0)
            return cel_outcome_label(i, cel_ui_is_chinese());
    return name;
}

static void show_comparison(CelReviewPanel *panel)
{
    const CelReviewDetail *detail = panel->detail;
    GtkWidget *to =
        group(panel, detail->agrees ? _("Both found the same") : _("The two verdicts differ"),
              detail->agrees ? NULL
                             : _("The disagreement is on record. Record it as nonconforming work "
                                 "on the exhibit, settle it there with the reason; until then "
                                 "no report is released."));
    const struct {
        const char *who, *outcome, *claim;
    } sides[] = {
        {_("Reviewer"), detail->said_outcome, detail->said_claim},
        {_("Sealed result"), detail->outcome, detail->claim},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(sides); i++) {
        g_autofree char *text = g_strdup_printf("%s · %s", outcome_words(sides[i].outcome),
                                                cel_review_claim_name(detail, sides[i].claim));
        add(to, cel_room_row(sides[i].who, text));
    }
}

static void show_gate(CelReviewPanel *panel)
{
    const GPtrArray *blocks = panel->detail->blocks;
    GtkWidget *to = group(
        panel, blocks->len == 0 ? _("Nothing blocks the release") : _("What blocks the release"),
        NULL);
    for (guint i = 0; i < blocks->len; i++) {
        const CelGateBlock *block = g_ptr_array_index(blocks, i);
        GtkWidget *row = cel_room_row(cel_ui_is_chinese() ? block->zh : block->en, NULL);
        adw_action_row_add_prefix(ADW_ACTION_ROW(row),
                                  gtk_image_new_from_icon_name("dialog-warning-symbolic"));
        add(to, row);
    }
}

/* ---- the release ---- */

static const char *const form_ids[] = {"court", "expert", "card"};

/* A court page that cannot be made is not offered. */
static guint first_form(const CelReviewPanel *panel)
{
    return panel->detail->no_court != NULL ? 1 : 0;
}

/** Releasing: a report with its second key. */
typedef struct {
    CelDesk *desk;
    char *fid, *report, *replaces, *why;
    const char *form;
    CelKey *second;
} Releasing;

static void releasing_free(gpointer data)
{
    Releasing *releasing = data;
    g_object_unref(releasing->desk);
    g_free(releasing->fid);
    g_free(releasing->report);
    g_free(releasing->replaces);
    g_free(releasing->why);
    cel_key_free(releasing->second);
    g_free(releasing);
}

static gboolean release_run(gpointer data, CelJob *job, GError **error)
{
    const Releasing *releasing = data;
    const CelLabPerson second = {.key = releasing->second};
    const CelRelease release = {.fid = releasing->fid,
                                .report = releasing->report,
                                .form = releasing->form,
                                .replaces = releasing->replaces,
                                .why = releasing->why};
    (void)job;
    return cel_case_release(cel_desk_lab(releasing->desk), &release, &second, NULL, error);
}

static void released(gpointer owner, gpointer data, const GError *error)
{
    CelReviewPanel *panel = owner;
    const Releasing *releasing = data;
    cel_page_fail(panel->page, error);
    if (error != NULL)
        return;
    g_autofree char *text = g_strdup_printf(_("Report %s is released"), releasing->report);
    cel_page_say(panel->page, text);
    cel_desk_lab_changed(releasing->desk);
    cel_page_show(panel->page, "archive", releasing->fid, NULL);
}

static void agreed(gpointer owner, CelKey *key, gpointer data)
{
    CelReviewPanel *panel = owner;
    Releasing *releasing = g_new0(Releasing, 1);
    (void)data;
    releasing->desk = g_object_ref(panel->detail->desk);
    releasing->fid = g_strdup(panel->detail->fid);
    releasing->report = g_strdup(text_of(panel->report));
    releasing->replaces = g_strdup(text_of(panel->replaces));
    releasing->why = g_strdup(text_of(panel->reason));
    releasing->form =
        form_ids[first_form(panel) + adw_combo_row_get_selected(ADW_COMBO_ROW(panel->form))];
    releasing->second = key;
    const CelTaskOrder order = {.lane = CEL_LANE_LAB,
                                .title = _("Releasing the report"),
                                .run = release_run,
                                .done = released,
                                .data = releasing,
                                .free = releasing_free,
                                .owner = panel};
    cel_task_start(cel_desk_lanes(releasing->desk), &order);
}

static void ask_release(CelReviewPanel *panel)
{
    g_autofree char *what =
        g_strdup_printf(_("Report %s on exhibit %s of case %s"), text_of(panel->report),
                        panel->detail->item_id, panel->detail->case_id);
    const CelSecondPersonAsk ask = {.parent = GTK_WIDGET(panel),
                                    .desk = panel->detail->desk,
                                    .act = CEL_ACT_RELEASE_REPORT,
                                    .what = what,
                                    .done = agreed,
                                    .owner = panel};
    cel_second_person_ask(&ask);
}

static void report_typed(CelReviewPanel *panel)
{
    gtk_widget_set_sensitive(panel->release,
                             panel->detail->blocks->len == 0 && text_of(panel->report) != NULL);
}

static void show_release_form(CelReviewPanel *panel)
{
    const char *const forms[] = {_("Court page"), _("Expert pages"), _("Result card"), NULL};
    g_autoptr(GtkStringList) list = gtk_string_list_new(forms + first_form(panel));
    const CelRole role = cel_desk_facts(panel->detail->desk)->role;
    if ((cel_right(CEL_ACT_RELEASE_REPORT)->first & (1U << role)) == 0)
        return;
    GtkWidget *to = group(panel, _("Release"), _("Two keys release a report."));
    panel->report = add_entry(to, _("Number of the report"));
    panel->form = adw_combo_row_new();
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(panel->form), _("Which paper"));
    adw_combo_row_set_model(ADW_COMBO_ROW(panel->form), G_LIST_MODEL(list));
    add(to, panel->form);
    if (panel->detail->no_court != NULL)
        add(to, cel_room_row(_("No court page yet"), panel->detail->no_court));
    panel->replaces = add_entry(to, _("Replaces report (if it amends one)"));
    panel->reason = add_entry(to, _("Reason (if there is one)"));
    panel->release = gtk_button_new_with_label(_("Release the report…"));
    gtk_widget_set_halign(panel->release, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(panel->release, "pill");
    gtk_widget_add_css_class(panel->release, "suggested-action");
    gtk_box_append(panel->below, panel->release);
    g_signal_connect_swapped(panel->report, "changed", G_CALLBACK(report_typed), panel);
    g_signal_connect_swapped(panel->release, "clicked", G_CALLBACK(ask_release), panel);
    gtk_widget_set_sensitive(to, panel->detail->blocks->len == 0);
    report_typed(panel);
}

/* ---- showing ---- */

static void show_traces(CelReviewPanel *panel)
{
    const gboolean raw = gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(panel->raw));
    if (panel->detail == NULL || panel->detail->raw == NULL)
        return;
    cel_plot_view_set_traces(CEL_PLOT_VIEW(panel->plot),
                             raw ? panel->detail->raw : panel->detail->processed);
}

static void fill(CelReviewPanel *panel)
{
    const CelReviewDetail *detail = panel->detail;
    g_autofree char *title =
        g_strdup_printf(_("Exhibit %s of case %s"), detail->item_id, detail->case_id);
    gtk_label_set_text(GTK_LABEL(panel->title), title);
    gtk_label_set_text(GTK_LABEL(panel->about), detail->about != NULL ? detail->about : "");
    cel_plot_view_set_title(CEL_PLOT_VIEW(panel->plot), title);
    gtk_widget_set_sensitive(panel->processed, detail->processed->len > 0);
    show_traces(panel);
    cel_room_empty(panel->below);
    if (detail->reviewed) {
        show_comparison(panel);
        show_gate(panel);
        show_release_form(panel);
    } else
        show_verdict_form(panel);
    gtk_stack_set_visible_child_name(GTK_STACK(panel->stack), "result");
}

/** Loading: a detail on its way, dropped when another one was chosen. */
typedef struct {
    CelReviewDetail *detail;
} Loading;

static void loading_free(gpointer data)
{
    cel_review_detail_free(((Loading *)data)->detail);
    g_free(data);
}

static gboolean run_load(gpointer data, CelJob *job, GError **error)
{
    return cel_review_detail_load(((Loading *)data)->detail, job, error);
}

static gboolean run_ask(gpointer data, CelJob *job, GError **error)
{
    return cel_review_detail_ask(((Loading *)data)->detail, job, error);
}

static void loaded(gpointer owner, gpointer data, const GError *error)
{
    CelReviewPanel *panel = owner;
    Loading *loading = data;
    cel_page_fail(panel->page, error);
    if (error != NULL || g_strcmp0(panel->fid, loading->detail->fid) != 0)
        return;
    cel_review_detail_free(panel->detail);
    panel->detail = g_steal_pointer(&loading->detail);
    fill(panel);
}

static void start(CelReviewPanel *panel, CelReviewDetail *detail, gboolean load);

static void asked(gpointer owner, gpointer data, const GError *error)
{
    CelReviewPanel *panel = owner;
    Loading *loading = data;
    cel_page_fail(panel->page, error);
    if (error == NULL && g_strcmp0(panel->fid, loading->detail->fid) == 0)
        start(panel, g_steal_pointer(&loading->detail), TRUE);
}

static void start(CelReviewPanel *panel, CelReviewDetail *detail, gboolean load)
{
    Loading *loading = g_new0(Loading, 1);
    loading->detail = detail;
    const CelTaskOrder order = {.lane = load ? CEL_LANE_COMPUTE : CEL_LANE_LAB,
                                .title = load ? _("Reading spectra") : NULL,
                                .run = load ? run_load : run_ask,
                                .done = load ? loaded : asked,
                                .data = loading,
                                .free = loading_free,
                                .owner = panel};
    cel_task_start(cel_desk_lanes(detail->desk), &order);
}

void cel_review_panel_show(CelReviewPanel *panel, const char *fid)
{
    const gboolean same = g_strcmp0(panel->fid, fid) == 0;
    if (!same) {
        g_free(panel->fid);
        panel->fid = g_strdup(fid);
        gtk_stack_set_visible_child_name(GTK_STACK(panel->stack),
                                         fid != NULL ? "reading" : "nothing");
    }
    if (fid != NULL)
        start(panel, cel_review_detail_new(cel_page_desk(panel->page), fid), FALSE);
}

/* ---- the widget ---- */

static void cel_review_panel_finalize(GObject *object)
{
    CelReviewPanel *panel = CEL_REVIEW_PANEL(object);
    cel_review_detail_free(panel->detail);
    g_free(panel->fid);
    G_OBJECT_CLASS(cel_review_panel_parent_class)->finalize(object);
}

static void cel_review_panel_class_init(CelReviewPanelClass *klass)
{
    G_OBJECT_CLASS(klass)->finalize = cel_review_panel_finalize;
}

static GtkWidget *make_switch(CelReviewPanel *panel)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    panel->processed = gtk_toggle_button_new_with_label(_("Processed"));
    panel->raw = gtk_toggle_button_new_with_label(_("Raw"));
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(panel->raw), GTK_TOGGLE_BUTTON(panel->processed));
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(panel->processed), TRUE);
    gtk_widget_add_css_class(box, "linked");
    gtk_widget_set_halign(box, GTK_ALIGN_START);
    gtk_box_append(GTK_BOX(box), panel->processed);
    gtk_box_append(GTK_BOX(box), panel->raw);
    g_signal_connect_swapped(panel->raw, "toggled", G_CALLBACK(show_traces), panel);
    return box;
}

static GtkWidget *make_result(CelReviewPanel *panel)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
    gtk_widget_add_css_class(box, "room-page");
    panel->title = cel_room_heading("");
    panel->about = cel_room_note("");
    panel->plot = cel_plot_view_new();
    panel->below = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 18));
    gtk_widget_add_css_class(panel->title, "title-3");
    gtk_widget_set_size_request(panel->plot, -1, PLOT_PX);
    cel_plot_view_set_axis_titles(CEL_PLOT_VIEW(panel->plot), NULL, _("Intensity"));
    gtk_box_append(GTK_BOX(box), panel->title);
    gtk_box_append(GTK_BOX(box), panel->about);
    gtk_box_append(GTK_BOX(box), panel->plot);
    gtk_box_append(GTK_BOX(box), make_switch(panel));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(panel->below));
    return cel_room_scrolled(box, WIDTH);
}

static void cel_review_panel_init(CelReviewPanel *panel)
{
    GtkWidget *nothing = adw_status_page_new(), *spinner = gtk_spinner_new();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(nothing), "object-select-symbolic");
    adw_status_page_set_title(ADW_STATUS_PAGE(nothing), _("Choose a sealed result"));
    adw_status_page_set_description(ADW_STATUS_PAGE(nothing),
                                    _("You see its spectrum first and give your own verdict. Only "
                                      "then is the sealed one shown."));
    gtk_widget_add_css_class(nothing, "compact");
    gtk_spinner_start(GTK_SPINNER(spinner));
    panel->stack = gtk_stack_new();
    cel_heard_stack(GTK_STACK(panel->stack));
    gtk_stack_add_named(GTK_STACK(panel->stack), nothing, "nothing");
    gtk_stack_add_named(GTK_STACK(panel->stack), spinner, "reading");
    gtk_stack_add_named(GTK_STACK(panel->stack), make_result(panel), "result");
    adw_bin_set_child(ADW_BIN(panel), panel->stack);
}

GtkWidget *cel_review_panel_new(CelPage *page)
{
    CelReviewPanel *panel = g_object_new(CEL_TYPE_REVIEW_PANEL, NULL);
    panel->page = page;
    return GTK_WIDGET(panel);
}
